"""HTTP/1.1 on one connection: uvicorn's, with our answer to what is no HTTP, and with echoes."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from uvicorn.protocols.http import httptools_impl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from soundstage.api.echoes import Echo
from soundstage.api.replies import encode

if TYPE_CHECKING:
    import asyncio

    from soundstage.api.echoes import Echoes

#: Until a head must be whole, from the connection's or its own beginning. Clients need less than a second;
#: who needs for ever would hold one of the few connections that a process can have.
HEAD_S = 60.0
BODY_PIECE_S = 60.0  #: without a byte of a body that is not whole: nobody sends it any more
STATUS_499 = b"HTTP/1.1 499 Client Closed Request\r\n"
LONGEST_POLL_BYTES = 4096  #: a request that is longer is no poll
LONGEST_HEAD_BYTES = 65_536  #: some ten times the longest legal one; the parser itself takes any
#: Headers after which a request's bytes are not all that was asked, or not the last word on it.
_UNREPEATABLE = frozenset(
    {b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"range", b"if-none-match"}
)
_UPGRADE = re.compile(rb"^upgrade(?=[ \t]*:)", re.IGNORECASE | re.MULTILINE)


class WireProtocol(httptools_impl.HttpToolsProtocol):
    """uvicorn's protocol; `echoing` makes the class for a server with echoes."""

    echoes: Echoes

    #: The bytes that came last, while they may be one whole request; the connection's two ends.
    _came: bytes | None = None
    _ends: bytes = b""
    _inside = False  #: a request has begun and not ended
    _in_body = False  #: its head is read
    _held: bytes = b""  #: the last bytes of a piece that ended within a header's name
    _head_timer: asyncio.TimerHandle | None = None
    _body_timer: asyncio.TimerHandle | None = None
    _body_moved = False  #: a piece of the body came since the timer was set
    _idle_bytes = 0  #: that came since the last end of a head, or piece of a body

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - uvicorn's own
        """Note who talks to whom."""
        super().connection_made(transport)
        caller = self.client[0] if self.client else None
        self._ends = repr((self.scheme, self.server, caller)).encode()
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._have_head()
        self._have_body()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Answer a poll that was answered before, or take the bytes in."""
        if self._held:
            data, self._held = self._held + data, b""
        self._came = None
        if not self._inside and self.is_idle() and not self.flow.write_paused:
            asked = self._ends + data
            answer = self.echoes.find(asked)
            if answer is not None:
                self._tell_again(*answer)
                return
            if len(data) < LONGEST_POLL_BYTES and data.startswith(b"GET ") and _is_one_head(data):
                self._came = asked
        if self._in_body:
            self._feed(data)
            return
        if b"pgrade" in data or b"PGRADE" in data:
            data = _without_upgrade(data)
        begun = _begun_upgrade(data)
        self._feed(data.removesuffix(begun))
        if begun:
            if self._inside and not self._in_body:
                self._held = begun  # a header's name, cut in two: the rest of it comes
            else:
                self._feed(begun)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header in; what comes after the body is none, though the parser has one word for both."""
        if not self._in_body:
            super().on_header(name, value)

    def on_message_begin(self) -> None:
        """Note that a request has begun."""
        self._inside = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Let the app know that this request's answer may be kept."""
        parser = self.parser
        assert parser is not None, "it is what calls this"
        if parser.should_upgrade():
            # Behind a pipelined request, or CONNECT: its body would be taken for the next request.
            raise ValueError("an upgrade is offered where it cannot be overlooked")
        self._have_head()
        self._in_body, self._idle_bytes = True, 0
        if (
            self._came is not None
            and parser.should_keep_alive()
            and parser.get_http_version() == "1.1"
            and not any(name in _UNREPEATABLE for name, _ in self.headers)
        ):
            self.scope["echo"] = Echo(self._came)  # pyright: ignore[reportGeneralTypeIssues] - our own key in ASGI's scope
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that the request has ended."""
        self._inside = self._in_body = False
        self._idle_bytes = 0
        self._have_body()
        super().on_message_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body in."""
        self._idle_bytes, self._body_moved = 0, True
        super().on_body(body)

    def is_idle(self) -> bool:
        """Tell whether nothing is asked, answered or still on its way out."""
        return self._is_answered() and not self.transport.get_write_buffer_size()

    def _is_answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete  # pyright: ignore[reportUnnecessaryComparison] - None until the first request

    def send_400_response(self, msg: str) -> None:
        """Answer bytes that are no HTTP, and close."""
        self._refuse(STATUS_LINE[400], msg)

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_S, self._give_up)

    def _have_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _await_body(self) -> None:
        self._body_moved = False
        self._body_timer = self.loop.call_later(BODY_PIECE_S, self._judge_body)

    def _have_body(self) -> None:
        if self._body_timer is not None:
            self._body_timer.cancel()
            self._body_timer = None

    def _judge_body(self) -> None:
        """Hang up on who sends no more of a body, unless it is us who do not read."""
        self._body_timer = None
        if not self._body_moved and not self.flow.read_paused:
            self.transport.close()
        else:
            self._await_body()

    def _give_up(self) -> None:
        self._head_timer = None
        if self._is_answered():
            self.transport.close()
        else:  # half a request waits behind one that is being answered
            self._await_head()

    def _feed(self, data: bytes) -> None:
        self._idle_bytes += len(data)
        super().data_received(data)
        if self._in_body:
            if self._body_timer is None:
                self._await_body()
        elif self._inside or self._is_answered():
            self._await_head()
        if self._idle_bytes > LONGEST_HEAD_BYTES and not self.transport.is_closing():
            # A head without end, or such trailers: all of it would be kept until the end comes.
            self._refuse(STATUS_LINE[431], f"a request's head has at most {LONGEST_HEAD_BYTES} bytes here")

    def _refuse(self, status_line: bytes, words: str) -> None:
        body = encode({"detail": words})
        head = (
            status_line + b"content-type: application/json\r\n"
            b"access-control-allow-origin: *\r\nx-fal-request-id: " + str(uuid.uuid4()).encode() + b"\r\n"
            b"connection: close\r\ncontent-length: " + str(len(body)).encode("ascii") + b"\r\n\r\n"
        )
        self.transport.write(head + body)
        self.transport.close()

    def _tell_again(self, status_line: bytes, rest: bytes) -> None:
        if self.transport.is_closing():
            return
        self._have_head()
        own = b"".join(b"%b: %b\r\n" % (name, value) for name, value in self.server_state.default_headers)
        self.transport.write(status_line + own + rest)
        # As after any other answer: the connection may now be idle for so long.
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )


def echoing(echoes: Echoes) -> type[WireProtocol]:
    """Return the protocol of a server that keeps these echoes: uvicorn takes a class and nothing beside."""
    return type("EchoingProtocol", (WireProtocol,), {"echoes": echoes})


def _is_one_head(data: bytes) -> bool:
    return data.find(b"\r\n\r\n") == len(data) - 4


def _begun_upgrade(data: bytes) -> bytes:
    """Return the end of a piece of a head that may be the beginning of the header "Upgrade"."""
    last = data[data.rfind(b"\n") + 1 :]
    return last if b"upgrade".startswith(last.lower()) else b""


def _without_upgrade(data: bytes) -> bytes:
    """Take the offer of another protocol out of a head; a server may ignore it, and we speak one only.

    The parser would skip the body of such a request, and Java's client sends one (`Upgrade: h2c`) by default.
    """
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(b"x-upgrade", head) + end + rest
