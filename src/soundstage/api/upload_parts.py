"""Files that callers bring in parts: many at once, in any order, some of them twice.

Both clients come here: `fal_client` over 100 MiB, `@fal-ai/client` over 90 MiB. An upload's id cannot be
guessed, and whoever knows it may send its parts: JavaScript sends them without a key.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from soundstage.api.parts import parts_of
from soundstage.api.queue import links_of
from soundstage.api.replies import JsonReply
from soundstage.api.uploads import (
    file_name_of,
    note_of,
    owner_of,
    read_json,
    read_length,
    read_plan,
    read_type,
    refuse,
)

if TYPE_CHECKING:
    from starlette.requests import Request

MOST_LIST_BYTES = 2_000_000  #: 10,000 parts with their tags


async def begin(request: Request) -> JsonReply:
    """POST /files/upload/multipart: as `fal_client` begins, with headers and no body."""
    parts = parts_of(request)
    note, content_type = note_of(request, owner_of(request)), read_type(request)
    name, shown = parts.store.name_upload(file_name_of(request), content_type)
    kept_as = content_type or parts.store.type_of(name)
    upload_id = await parts.store.begin_upload(name, kept_as, note=replace(note, shown_name=shown))
    return JsonReply({"access_url": links_of(request).file(name), "uploadId": upload_id})


async def initiate(request: Request) -> JsonReply:
    """POST /storage/upload/initiate-multipart: as `@fal-ai/client` begins."""
    parts, links = parts_of(request), links_of(request)
    name, content_type, note = await read_plan(request)
    upload_id = await parts.store.begin_upload(name, content_type, note=note)
    file_url = links.file(name)
    return JsonReply({"upload_url": f"{file_url}/multipart/{upload_id}", "file_url": file_url})


async def put_part(request: Request) -> JsonReply:
    """PUT /files/{name}/multipart/{upload_id}/{number}: keep one part.

    Python reads its tag in the header, JavaScript in the body.
    """
    parts, path = parts_of(request), request.path_params
    part = await parts.store.receive_part(
        path["name"],
        path["upload_id"],
        path["number"],
        request.stream(),
        max_bytes=parts.upload_max_bytes,
        expected_bytes=read_length(request),
    )
    return JsonReply({"partNumber": part.number, "etag": part.etag}, headers={"etag": part.etag})


async def complete(request: Request) -> JsonReply:
    """POST /files/{name}/multipart/{upload_id}/complete: join the parts, named in any order."""
    parts, path = parts_of(request), request.path_params
    body = await read_json(request, MOST_LIST_BYTES)
    listed = body.get("parts")
    if not isinstance(listed, list):
        raise refuse(("body", "parts"), None, 'it must be a list, as [{"partNumber": 1, "etag": "…"}]')
    named = [_read_part(part, n) for n, part in enumerate(cast("list[Any]", listed))]
    stored = await parts.store.complete_upload(
        path["name"], path["upload_id"], named, max_bytes=parts.upload_max_bytes
    )
    return JsonReply({"access_url": links_of(request).file(stored.name), "etag": stored.etag})


def _read_part(value: Any, place: int) -> tuple[int, str]:
    part = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    number, etag = part.get("partNumber"), part.get("etag")
    if not isinstance(number, int) or isinstance(number, bool) or not isinstance(etag, str):
        rule = 'it must be {"partNumber": the number that was sent, "etag": what was answered}'
        raise refuse(("body", "parts", place), None, rule)
    return number, etag
