"""An OpenAI-compatible endpoint, asked for JSON within bounds of time and bytes. Knows no film.

The key is sent to the endpoint and stands in no message, note or log.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from soundstage.models.deadline import within
from soundstage.plan.ports import ModelFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

_OK = 200
#: An answer is a few kilobytes; one that goes on is no answer.
_MOST_BYTES = 2_000_000
#: Answers kept: those of the orders that may come back for a second attempt.
_MOST_KEPT = 256


class ChatEndpoint:
    """Asks `/chat/completions` of one model.

    Args:
        url: the base, as http://localhost:11434/v1.
        model: which one to ask.
        key: sent as a bearer token where given.
        timeout_s: all that one question may take, from the name look-up to the last byte.
    """

    def __init__(self, *, url: str, model: str, key: str | None, timeout_s: float) -> None:
        self.model = model
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._key = key
        self._timeout_s = timeout_s
        self._kept: dict[str, Any] = {}

    def ask(self, task: str, asked: Mapping[str, Any], schema: Mapping[str, Any], name: str) -> Any:
        """Return the JSON value the model answers with; the same question is asked once.

        Raises:
            ModelFailed: no answer in time, an HTTP error, too long an answer, or no JSON.
        """
        body = {
            "model": self.model,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": task},
                {"role": "user", "content": json.dumps(asked, ensure_ascii=False)},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": name, "strict": True, "schema": schema},
            },
        }
        question = json.dumps(body, sort_keys=True)
        if question not in self._kept:
            answer = within(self._timeout_s, lambda: _content(self._post(body)))
            if len(self._kept) >= _MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[question] = answer
        return self._kept[question]

    def _post(self, body: Mapping[str, Any]) -> bytes:
        import httpx  # noqa: PLC0415 - only who set an endpoint waits for it

        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        ends = time.monotonic() + self._timeout_s
        received = bytearray()
        try:
            with (
                httpx.Client(timeout=self._timeout_s, follow_redirects=False) as client,
                client.stream("POST", self._url, json=body, headers=headers) as response,
            ):
                if response.status_code != _OK:
                    raise ModelFailed(f"it answered HTTP {response.status_code}")
                for chunk in response.iter_bytes():
                    received += chunk
                    if len(received) > _MOST_BYTES:
                        raise ModelFailed(f"its answer is longer than {_MOST_BYTES:,} bytes")
                    if time.monotonic() > ends:
                        raise ModelFailed(f"no answer in {self._timeout_s:g} s")
        except httpx.TimeoutException as exc:
            raise ModelFailed(f"no answer in {self._timeout_s:g} s") from exc
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            raise ModelFailed(f"it cannot be reached ({type(exc).__name__})") from exc
        return bytes(received)


def _content(received: bytes) -> Any:
    """Return the JSON value inside the first choice's message."""
    try:
        content = json.loads(received)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as exc:
        raise ModelFailed("its answer is no chat completion") from exc
    try:
        return json.loads(content)
    except (ValueError, TypeError, RecursionError) as exc:
        raise ModelFailed("what it wrote is no JSON") from exc
