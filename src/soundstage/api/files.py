"""GET and HEAD /files/{name}: published files, with Range for players that seek. Knows no order.

What callers bring comes back as it came, but never as a page: on our origin it could call the API.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import Response

from soundstage.api.access import check_access
from soundstage.api.parts import parts_of
from soundstage.api.problems import reply_to
from soundstage.api.waiting import listening_for_hangup
from soundstage.errors import RangeUnsatisfiable
from soundstage.lifecycle import OPEN_TO_ALL

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from soundstage.api.ports import FilePieces, StoredFile

#: A published name never gets other bytes.
CACHE_CONTROL = "public, max-age=31536000, immutable"
#: What a browser may show instead of saving: media and plain text, which hold no script.
_SHOWN = re.compile(
    r"(?:video|audio)/.+|image/(?!svg)[^;]+|text/(?:plain|vtt)|application/(?:json|x-subrip)", re.IGNORECASE
)
#: For all else, should a browser show it yet: no script, no forms, an origin of its own.
SANDBOX = "sandbox; default-src 'none'"
#: What was taken is never given back (`*+`): trying again would cost the square of a header's length.
_RANGE = re.compile(r"bytes=\s*+(\d*+)\s*+-\s*+(\d*+)\s*+")
_MAX_DIGITS = 18  #: beyond that no file reaches, and int() need not be asked


async def serve_file(request: Request) -> Response:
    """Answer with the file that the path names."""
    return await send_file(request, request.path_params["name"])


async def send_file(request: Request, name: str) -> Response:
    """Answer with a file, a part of it, or the news that it has not changed.

    Raises:
        FileUnknown: there is none of this name.
    """
    store = parts_of(request).store
    file = await store.head(name)
    check_access(request, file)
    headers = _headers_of(file, parts_of(request).clock())
    if _is_known(request, file):
        return Response(
            status_code=304, headers={k: headers[k] for k in ("etag", "cache-control", "last-modified")}
        )
    try:
        wanted = _read_range(request, file)
    except RangeUnsatisfiable as exc:
        reply = reply_to(exc)
        reply.headers["content-range"] = f"bytes */{file.bytes}"
        return reply
    start, end = wanted or (0, file.bytes)
    if wanted is not None:
        headers["content-range"] = f"bytes {start}-{end - 1}/{file.bytes}"
    headers["content-length"] = str(end - start)
    body = await store.read(name, start, end) if request.method == "GET" and end > start else None
    return FilePart(body, 200 if wanted is None else 206, headers)


class FilePart(Response):
    """Bytes that stream from the store to the caller, no further than the caller listens."""

    def __init__(self, body: FilePieces | None, status_code: int, headers: dict[str, str]) -> None:
        super().__init__(status_code=status_code, headers=headers)
        self._body = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's shape
        """Send the bytes."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if self._body is not None:
            async with listening_for_hangup(receive) as hangup:
                try:
                    async for piece in self._body:
                        if hangup.done():
                            return
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                finally:
                    await self._body.aclose()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _headers_of(file: StoredFile, now_s: float) -> dict[str, str]:
    is_shown = _SHOWN.fullmatch(file.content_type.partition(";")[0].strip()) is not None
    headers = {
        "content-type": file.content_type,
        "etag": _quoted(file.etag),
        "last-modified": format_datetime(file.modified.astimezone(UTC), usegmt=True),
        "accept-ranges": "bytes",
        "content-disposition": _disposition("inline" if is_shown else "attachment", file.file_name),
        "cache-control": _cache_control(file, now_s),
        "cross-origin-resource-policy": "cross-origin",
        "x-content-type-options": "nosniff",
    }
    if not is_shown:
        headers["content-security-policy"] = SANDBOX
    return headers


def _disposition(kind: str, file_name: str) -> str:
    return f"{kind}; filename*=UTF-8''{quote(file_name, safe='')}"


def _cache_control(file: StoredFile, now_s: float) -> str:
    if file.acl is not OPEN_TO_ALL and file.acl != OPEN_TO_ALL:
        return "private, no-cache"  # a shared cache would show it to everybody
    if file.expires_at is not None:
        return f"public, max-age={max(0, int(file.expires_at.timestamp() - now_s))}"
    return CACHE_CONTROL


def _quoted(etag: str) -> str:
    return etag if etag.endswith('"') else f'"{etag}"'


def _is_known(request: Request, file: StoredFile) -> bool:
    """Tell whether the caller has this very file already."""
    sent = request.headers.get("if-none-match")
    if sent is not None:
        tags = [tag.strip().removeprefix("W/") for tag in sent.split(",")]
        return "*" in tags or _quoted(file.etag).removeprefix("W/") in tags
    since = _read_date(request.headers.get("if-modified-since"))
    return since is not None and file.modified.replace(microsecond=0) <= since


def _read_range(request: Request, file: StoredFile) -> tuple[int, int] | None:
    """Return the bytes that were asked for as start and end; None for the whole file.

    What is no single range of bytes is ignored, as the standard allows.

    Raises:
        RangeUnsatisfiable: it lies outside the file.
    """
    found = _RANGE.fullmatch(request.headers.get("range", ""))
    if request.method != "GET" or found is None or not _still_holds(request, file):
        return None
    first, last = (digits[:_MAX_DIGITS] for digits in found.groups())
    if not first and not last:
        return None
    if first and last and int(last) < int(first):
        return None
    start = int(first) if first else max(0, file.bytes - int(last))
    end = min(file.bytes, int(last) + 1) if first and last else file.bytes
    if start >= end:
        asked = f"{first}-{last}"
        raise RangeUnsatisfiable(
            f"bytes {asked} lie outside the file's {file.bytes}; ask for 0-{file.bytes - 1}"
        )
    return start, end


def _still_holds(request: Request, file: StoredFile) -> bool:
    """Tell whether `If-Range`, when sent, names the file as it is."""
    sent = request.headers.get("if-range")
    if sent is None:
        return True
    if sent.strip().endswith('"'):
        return sent.strip() == _quoted(file.etag) and not sent.startswith("W/")
    return _read_date(sent) == file.modified.astimezone(UTC).replace(microsecond=0)


def _read_date(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the second: digits without end
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
