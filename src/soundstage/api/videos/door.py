"""The routes of `/v1/videos`: create, list, look, download, delete. A video is an order like any other."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from soundstage.api.answers import has_ended
from soundstage.api.auth import caller_of
from soundstage.api.files import send_file
from soundstage.api.intake import take_order
from soundstage.api.parts import parts_of
from soundstage.api.replies import JsonReply
from soundstage.api.videos.answers import list_body, video_body
from soundstage.api.videos.form import read_fields
from soundstage.api.videos.problems import VIDEOS, Refusal, in_their_shape, reply_to
from soundstage.api.videos.reading import dialect, read_video
from soundstage.api.waiting import follow
from soundstage.errors import FileUnknown, OrderFinished, OrderRefused, OrderUnknown, Problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from soundstage.api.parts import ApiParts
    from soundstage.api.ports import OrderState

    Handler = Callable[[Request], Awaitable[Response]]

POLL_AFTER_MS = 500  #: the openai package waits this long between two looks, and 1000 without our word
MAX_PAGE, PAGE = 100, 20
STOP_S = 20.0  #: beyond the worker's own patience with a stage that does not stop
#: what a client can ask to download -> the file's role in a film
VARIANTS = {"video": "video", "thumbnail": "poster"}
_NUMBER = re.compile(r"\d{1,4}")


async def create(request: Request) -> Response:
    """POST /v1/videos: take an order, from JSON or a form."""
    parts = parts_of(request)
    sent = await read_fields(request, max_bytes=parts.max_body_bytes, types=dialect()["types"])
    video = read_video(sent)
    try:
        state = await take_order(request, parts, video.endpoint.id, body=_encode(video.fields))
    except OrderRefused as exc:
        return reply_to(exc, video.sent_as)
    return _told(state)


def _encode(fields: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(fields, allow_nan=False).encode()
    except ValueError as exc:
        words = "the body has a number that is beyond what JSON can hold; send a smaller one"
        raise OrderRefused((Problem(loc=("body",), msg=words, type="json_invalid"),)) from exc


async def list_videos(request: Request) -> Response:
    """GET /v1/videos: the caller's own, newest first; an admin's list has everybody's."""
    asked = request.query_params
    limit, order = asked.get("limit", str(PAGE)), asked.get("order", "desc")
    if not _NUMBER.fullmatch(limit) or not 1 <= int(limit) <= MAX_PAGE:
        words = f"'limit' is {limit[:60]!r}: it must be a whole number, 1 to {MAX_PAGE}"
        raise Refusal(words, code="invalid_value", param="limit", status=400)
    if order not in ("asc", "desc"):
        words = f"'order' is {order[:60]!r}: it must be 'asc' or 'desc'"
        raise Refusal(words, code="invalid_value", param="order", status=400)
    found = await _page(request, int(limit) + 1, oldest_first=order == "asc")
    return JsonReply(list_body(found[: int(limit)], has_more=len(found) > int(limit)))


async def retrieve(request: Request) -> Response:
    """GET /v1/videos/{id}: how far it is."""
    return _told(await _find(request))


async def content(request: Request) -> Response:
    """GET /v1/videos/{id}/content: the film, or its picture; parts of it by Range."""
    state = await _find(request)
    variant = request.query_params.get("variant", "video")
    if variant not in VARIANTS:
        words = f"'variant' is {variant[:60]!r}: a film here has {' and '.join(repr(v) for v in VARIANTS)}"
        raise Refusal(words, code="variant_unavailable", param="variant", status=400)
    if state.status != "done":
        name = video_body(state)["status"]
        words = (
            f"video {state.order_id} is {name}; its content is there once GET /v1/videos/ID says completed"
        )
        code = "video_failed" if has_ended(state) else "video_not_ready"
        raise Refusal(words, code=code, status=400)
    assert state.result is not None, f"order {state.order_id} is done and has no film"
    names = {file["role"]: file["name"] for file in state.result["files"]}
    if VARIANTS[variant] not in names:
        raise Refusal(f"video {state.order_id} has no {variant}", code="variant_unavailable", param="variant")
    reply = await send_file(request, names[VARIANTS[variant]])
    reply.headers["cache-control"] = "private, no-cache"  # it can be deleted, and a key may be asked for
    return reply


async def delete(request: Request) -> Response:
    """DELETE /v1/videos/{id}: stop it if it is not made yet; then remove its files and forget it."""
    parts, state, caller = parts_of(request), await _find(request), caller_of(request)
    if not caller.is_admin and caller.name != state.caller:
        words = f"video {state.order_id} was ordered with another key; delete it with that one, or an admin's"
        raise Refusal(words, code="forbidden", param="video_id", status=403)
    if not has_ended(state):
        state = await _stop(parts, state.order_id)
    # Files first: were the order forgotten first and we stopped here, nobody would know their names.
    for file in (state.result or {}).get("files", ()):
        with suppress(FileUnknown):
            await parts.store.delete(file["name"])
    await parts.book.forget(state.order_id)
    told = {"id": state.order_id, "object": "video.deleted", "deleted": True}
    return JsonReply(told, order_id=state.order_id)


async def not_offered(request: Request) -> Response:
    """Whatever else OpenAI has below /v1/videos: say what to do instead."""
    _refuse_what_is_not_offered(request)
    asked = str(request.scope["path"]).removeprefix(f"{VIDEOS}/")
    raise Refusal(f"there is nothing at /v1/videos/{asked[:200]}", code="not_found")


def _refuse_what_is_not_offered(request: Request) -> None:
    asked = str(request.scope["path"]).removeprefix(f"{VIDEOS}/")
    for row in dialect()["not_offered"]:
        if fnmatchcase(asked, row["path"]):
            raise Refusal(f"/v1/videos/{asked} is not offered: {row['words']}", code="not_offered")


async def _page(request: Request, limit: int, *, oldest_first: bool) -> Sequence[OrderState]:
    caller, after = caller_of(request), request.query_params.get("after") or None
    try:
        return await parts_of(request).book.recent(
            limit,
            after=after,
            oldest_first=oldest_first,
            caller=None if caller.is_admin else caller.name,
            with_forgotten=False,
        )
    except OrderUnknown as exc:
        words = f"'after' is {(after or '')[:80]!r}, and no video has this id"
        raise Refusal(words, code="invalid_value", param="after", status=400) from exc


async def _stop(parts: ApiParts, order_id: str) -> OrderState:
    """Withdraw an order and wait for its end, which may be a film that was just finished."""
    with suppress(OrderFinished):
        await parts.book.cancel(order_id)
    try:
        async with asyncio.timeout(STOP_S):
            async for _ in follow(parts, order_id):
                pass
    except TimeoutError as exc:
        words = f"video {order_id} was told to stop and has not yet; delete it again in a moment"
        raise Refusal(words, code="still_stopping", status=503) from exc
    return await parts.book.find(order_id)


async def _find(request: Request) -> OrderState:
    """Return the order of the path's id.

    Raises:
        Refusal: there is none, or it was deleted.
    """
    video_id: str = request.path_params["video_id"]
    try:
        state = await parts_of(request).book.find(video_id)
    except OrderUnknown as exc:
        raise Refusal(f"no video has the id {video_id[:80]!r}", code="not_found", param="video_id") from exc
    if state.forgotten_at is not None:
        words = f"video {video_id} was deleted, or its time is over"
        raise Refusal(words, code="not_found", param="video_id")
    return state


def _told(state: OrderState) -> JsonReply:
    headers = {"x-request-id": state.order_id}
    if not has_ended(state):
        headers["openai-poll-after-ms"] = str(POLL_AFTER_MS)
    return JsonReply(video_body(state), headers=headers, order_id=state.order_id)


def _by_method(handlers: Mapping[str, Handler]) -> Handler:
    async def handler(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        chosen = handlers.get(method)
        if chosen is None:
            _refuse_what_is_not_offered(request)  # "edits" stands where an id would
            allowed = [*handlers, "HEAD"] if "GET" in handlers else [*handlers]
            asked = request.scope["door"].asked
            words = f"{request.method} is not allowed on {asked}; it takes {', '.join(allowed)}"
            raise HTTPException(405, words, headers={"allow": ", ".join([*allowed, "OPTIONS"])})
        return await chosen(request)

    return in_their_shape(handler)


#: path -> handler of every method; the order counts
VIDEO_ROUTES: tuple[tuple[str, Handler], ...] = (
    (VIDEOS, _by_method({"GET": list_videos, "POST": create})),
    (f"{VIDEOS}/{{video_id}}/content", _by_method({"GET": content})),
    (f"{VIDEOS}/{{video_id}}", _by_method({"GET": retrieve, "DELETE": delete})),
    (f"{VIDEOS}/{{rest:path}}", in_their_shape(not_offered)),
)
