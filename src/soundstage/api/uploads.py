"""Files that callers bring, whole: the token, the direct upload, and the upload by a signed URL.

`fal_client` asks for a token and posts the bytes with it, or falls back to a signed URL; `@fal-ai/client`
always takes a signed URL, to which it sends no key. Uploads in parts are in `upload_parts.py`.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from soundstage.api.auth import NO_KEY_WORDS, STRANGER, caller_of, known_name
from soundstage.api.intake import read_body
from soundstage.api.lifecycle import read_lifecycle
from soundstage.api.parts import parts_of
from soundstage.api.queue import links_of
from soundstage.api.replies import JsonReply
from soundstage.api.seals import seal, unseal
from soundstage.caller_errors import KeyRefused
from soundstage.errors import FileUnknown, OrderRefused, Problem
from soundstage.file_errors import FileForbidden
from soundstage.lifecycle import KEPT_FOR_ALL, FileNote
from soundstage.plain import from_json, to_json

if TYPE_CHECKING:
    from starlette.requests import Request

TOKEN_S = 3600.0  #: clients keep a token until it expires, and ask for the next one then
UPLOAD_URL_S = 3600.0  #: until the upload must have begun
MOST_JSON_BYTES = 100_000
UNTOLD_TYPE = "application/octet-stream"
#: What curl sends when it is not told: it says nothing of the bytes.
_NO_TYPES = ("", "application/x-www-form-urlencoded")
_TYPE = re.compile(
    # A plain value ends at the semicolon: were that part of it too, a type could be read in 2^50 ways.
    r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+( *; *[A-Za-z0-9_.-]+=(\"[ -!#-~]*\"|[!#-:<-~]+))*"
)
_MOST_TYPE_CHARACTERS = 200


async def give_token(request: Request) -> JsonReply:
    """POST /storage/auth/token: what opens `/files/upload` for an hour."""
    parts = parts_of(request)
    expires_at_s = parts.clock() + TOKEN_S
    token = seal(parts.secret, "upload-token", {"owner": owner_of(request)}, expires_at_s=expires_at_s)
    return JsonReply(
        {
            "token": token,
            "token_type": "Bearer",
            "base_url": links_of(request).base,
            # With an offset and never "Z": Python up to 3.10 does not read that.
            "expires_at": datetime.fromtimestamp(expires_at_s, UTC).isoformat(),
        }
    )


async def upload(request: Request) -> JsonReply:
    """POST /files/upload: keep the body, and answer with its URL."""
    parts = parts_of(request)
    note, content_type = note_of(request, owner_of(request)), read_type(request)
    name, shown = parts.store.name_upload(file_name_of(request), content_type)
    stored = await parts.store.receive(
        name,
        content_type or parts.store.type_of(name),
        request.stream(),
        max_bytes=parts.upload_max_bytes,
        expected_bytes=read_length(request),
        note=replace(note, shown_name=shown),
    )
    return JsonReply({"access_url": links_of(request).file(stored.name)})


async def initiate(request: Request) -> JsonReply:
    """POST /storage/upload/initiate: where to PUT the bytes, and where they will be read."""
    parts, links = parts_of(request), links_of(request)
    name, content_type, note = await read_plan(request)
    ticket = {"name": name, "content_type": content_type, "note": to_json(note)}
    sealed = seal(parts.secret, "upload-url", ticket, expires_at_s=parts.clock() + UPLOAD_URL_S)
    upload_url = f"{links.base}/storage/upload/signed/{name}?ticket={sealed}"
    return JsonReply({"upload_url": upload_url, "file_url": links.file(name)})


async def put_signed(request: Request) -> JsonReply:
    """PUT /storage/upload/signed/{name}?ticket=: keep the body; the ticket says as what."""
    parts = parts_of(request)
    ticket = unseal(parts.secret, "upload-url", request.query_params.get("ticket", ""), now_s=parts.clock())
    if ticket["name"] != request.path_params["name"]:
        raise FileForbidden("this upload-url was made for another file; ask for a new one")
    note = from_json(FileNote, ticket["note"])
    with suppress(FileUnknown):  # sent again: who may read it can have been changed meanwhile
        kept = await parts.store.head(ticket["name"])
        note = replace(note, lifecycle=replace(note.lifecycle, acl=kept.acl))
    stored = await parts.store.receive(
        ticket["name"],
        ticket["content_type"],
        request.stream(),
        max_bytes=parts.upload_max_bytes,
        expected_bytes=read_length(request),
        note=note,
    )
    return JsonReply({"access_url": links_of(request).file(stored.name)})


async def give_no_realtime_token(request: Request) -> JsonReply:  # noqa: ARG001 - a handler's shape
    """POST /tokens: fal's clients ask for these before a realtime connection, which nothing here offers."""
    words = "No tokens are given here: no endpoint is realtime. Use subscribe, or submit and poll the queue"
    return JsonReply({"detail": words}, 404)


def owner_of(request: Request) -> str | None:
    """Return the id of the key an upload comes with, itself or by its token; None where none is asked for.

    Raises:
        KeyRefused: a key is asked for, and neither came.
    """
    if caller_of(request) != STRANGER:
        return known_name(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise KeyRefused(NO_KEY_WORDS)
    parts = parts_of(request)
    try:
        owner = unseal(parts.secret, "upload-token", token.strip(), now_s=parts.clock())["owner"]
    except FileForbidden as exc:
        raise KeyRefused(str(exc)) from exc
    if owner is None or not parts.gate.knows(owner):  # a revoked key takes its tokens with it
        raise KeyRefused("the key that this upload-token was made with opens nothing any more")
    return owner


def note_of(request: Request, owner: str | None) -> FileNote:
    """Return what to keep beside an upload: what the headers wish, and whose it is."""
    life = read_lifecycle(request.headers, owner=owner) or KEPT_FOR_ALL
    return FileNote(use="input", lifecycle=life)


def read_type(request: Request) -> str | None:
    """Return the type that the body came with; None where the sender did not say.

    Raises:
        OrderRefused: it is a form, which is no file, or no type at all.
    """
    return check_type(request.headers.get("content-type", ""), ("header", "content-type"))


def check_type(sent: str, loc: tuple[str | int, ...]) -> str | None:
    """Return a content type that a header can bear; None for one that says nothing.

    Raises:
        OrderRefused: it is a form, which is no file, or no type at all.
    """
    sent = sent.strip()
    if sent.partition(";")[0].lower() in _NO_TYPES:
        return None
    if sent.lower().startswith("multipart/form-data"):
        rule = "a form is no file; send the bytes themselves, as with curl --data-binary @film.mp4"
        raise refuse(loc, sent, rule)
    if len(sent) > _MOST_TYPE_CHARACTERS or not _TYPE.fullmatch(sent):
        raise refuse(loc, sent, "it must be a content type, as image/png")
    return sent


async def read_plan(request: Request) -> tuple[str, str, FileNote]:
    """Return name, content type and note of a file that is announced as `{"file_name", "content_type"}`.

    Raises:
        OrderRefused: the body or a header does not read.
    """
    store = parts_of(request).store
    owner = owner_of(request)
    body = await read_json(request, MOST_JSON_BYTES)
    told = {key: body.get(key) or "" for key in ("file_name", "content_type")}
    for key, value in told.items():
        if not isinstance(value, str):
            raise refuse(("body", key), value, "it must be text")
    content_type = check_type(told["content_type"], ("body", "content_type"))
    name, shown = store.name_upload(told["file_name"] or None, content_type)
    note = replace(note_of(request, owner), shown_name=shown)
    return name, content_type or store.type_of(name), note


async def read_json(request: Request, limit: int) -> dict[str, Any]:
    """Return a body that is a JSON object; none at all is an empty one.

    Raises:
        OrderRefused: it does not read, or is over `limit` bytes.
    """
    text = await read_body(request, limit)
    try:
        body = json.loads(text or b"{}")
    except (ValueError, RecursionError) as exc:
        raise refuse(("body",), text[:60].decode("utf-8", "replace"), f"it is no JSON ({exc})") from exc
    if not isinstance(body, dict):
        raise refuse(("body",), text[:60].decode("utf-8", "replace"), "it must be a JSON object")
    return cast("dict[str, Any]", body)


def read_length(request: Request) -> int | None:
    """Return how long the body will be, where the caller said so."""
    sent = request.headers.get("content-length", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else None


def refuse(loc: tuple[str | int, ...], value: object, rule: str) -> OrderRefused:
    """Return the error of a value that breaks a rule."""
    shown = value[:200] if isinstance(value, str) else None
    msg = f"{str(loc[-1])!r} is {shown!r}: {rule}"
    return OrderRefused((Problem(loc=loc, msg=msg, type="value_error", input=shown),))


def file_name_of(request: Request) -> str | None:
    """Return the name that a direct upload came with."""
    sent = request.headers.get("x-fal-file-name")
    if sent is None:
        return None
    try:
        return sent.encode("latin-1").decode("utf-8")  # what clients other than fal's put on the wire
    except UnicodeDecodeError:
        return sent
