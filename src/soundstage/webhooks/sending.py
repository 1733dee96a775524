"""One attempt of a delivery: a signed POST, and what its receiver made of it. Knows no order and no plan."""

from __future__ import annotations

import asyncio
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Literal

import httpx

from soundstage.webhooks.pinned import CONNECT_S, RESOLVERS, AddressForbidden, PinnedTransport
from soundstage.webhooks.signature import sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from soundstage.webhooks.schedule import Schedule

log = logging.getLogger(__name__)

MOST_ANSWER_BYTES = 65_536  #: read and thrown away, so that a receiver's server sees its answer taken
ANSWER_S = 2.0  #: for that; the status has said all we need

Verdict = Literal["delivered", "again", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of an attempt."""

    verdict: Verdict
    code: int | None = None  #: the receiver's status, if it gave one
    error: str | None = None  #: why this was no delivery, for the operator


class Sender:
    """Sends webhooks."""

    def __init__(self, *, schedule: Schedule, private: bool, clock: Callable[[], float]) -> None:
        """Keep what every attempt needs.

        Args:
            schedule: how long a receiver has.
            private: receivers on this machine and on private networks may be called.
            clock: gives Unix time in seconds.
        """
        self._schedule, self._private, self._clock = schedule, private, clock
        # Made once: reading the roots takes longer than an attempt. Honours SSL_CERT_FILE.
        self._tls = httpx.create_ssl_context()
        self._threads = ThreadPoolExecutor(RESOLVERS, thread_name_prefix="resolve")
        self._agent = f"soundstage/{metadata.version('soundstage')} (webhook)"

    async def send(
        self, *, url: str, body: bytes, request_id: str, user_id: str, private_key: bytes, attempt: int
    ) -> Answer:
        """Send once; an attempt has an answer, whatever happens to it."""
        headers = sign(
            private_key, request_id=request_id, user_id=user_id, timestamp=int(self._clock()), body=body
        )
        headers |= {"Content-Type": "application/json", "User-Agent": self._agent}
        timeout_s = self._schedule.timeout_s(attempt)
        try:
            code = await self._post(url, body, headers, timeout_s)
        except TimeoutError:
            return Answer(verdict="again", error=f"no answer within {timeout_s:g} s")
        except AddressForbidden as exc:
            return Answer(verdict="never", error=str(exc))
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as exc:
            return Answer(verdict="never", error=f"the URL cannot be called: {exc}")
        except socket.gaierror as exc:
            return Answer(verdict="again", error=f"the host has no address: {exc.strerror}")
        except (httpx.HTTPError, OSError) as exc:
            return Answer(verdict="again", error=f"no answer: {str(exc) or type(exc).__name__}")
        return _judge(code)

    async def _post(self, url: str, body: bytes, headers: dict[str, str], timeout_s: float) -> int:
        # A client for each attempt: no connection, cookie or credential of one receiver meets another's.
        wire = PinnedTransport(private=self._private, tls=self._tls, threads=self._threads)
        timeout = httpx.Timeout(None, connect=CONNECT_S)
        async with httpx.AsyncClient(
            transport=wire, timeout=timeout, trust_env=False, follow_redirects=False
        ) as client:
            async with asyncio.timeout(timeout_s):
                request = client.build_request("POST", url, content=body, headers=headers)
                response = await client.send(request, stream=True)
            try:
                await _discard(response)
            finally:
                await response.aclose()
            return response.status_code


async def _discard(response: httpx.Response) -> None:
    """Take the answer's body, within bounds; the status was the answer, and a broken body changes nothing."""
    taken = 0
    with suppress(httpx.HTTPError, TimeoutError):
        async with asyncio.timeout(ANSWER_S):
            async for piece in response.aiter_raw():
                taken += len(piece)
                if taken > MOST_ANSWER_BYTES:
                    return


def _judge(code: int) -> Answer:
    if 200 <= code < 300:
        return Answer(verdict="delivered", code=code)
    if 300 <= code < 400:
        error = f"answered {code}: redirects are not followed; give the URL it leads to"
        return Answer(verdict="never", code=code, error=error)
    return Answer(verdict="again", code=code, error=f"answered {code}")
