"""Who may read a file: its ACL, and links that are signed for a while. Knows how to ask, not how to serve."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from soundstage.api.auth import ANYBODY, STRANGER, caller_of
from soundstage.api.lifecycle import acl_body, read_acl
from soundstage.api.parts import parts_of
from soundstage.api.platform import platform_route, refuse_query
from soundstage.api.queue import links_of
from soundstage.api.replies import JsonReply
from soundstage.api.seals import seal, unseal
from soundstage.api.uploads import MOST_JSON_BYTES, read_json, refuse
from soundstage.errors import FileUnknown
from soundstage.file_errors import FileForbidden
from soundstage.lifecycle import OPEN_TO_ALL

if TYPE_CHECKING:
    from starlette.requests import Request

    from soundstage.api.ports import StoredFile

IDENTITY = "identity"  #: the query parameter of a signed link, as fal calls it
LONGEST_LINK_S = 604_800


def check_access(request: Request, file: StoredFile) -> None:
    """Return if whoever asks may read a file.

    Where no keys are asked for, nobody is known, so a file that is not for all needs a signed link.

    Raises:
        FileForbidden: they may not.
        FileUnknown: they may not, and are not to know that there is such a file.
    """
    if file.acl == OPEN_TO_ALL:
        return
    caller = caller_of(request)
    if caller not in (ANYBODY, STRANGER) and (caller.is_admin or caller.name == file.owner):
        return
    why = f"the file {file.name!r} is not for all: send its owner's key, or ask for a signed link"
    sealed = request.query_params.get(IDENTITY)
    if sealed is not None:
        parts = parts_of(request)
        try:
            if unseal(parts.secret, "file-url", sealed, now_s=parts.clock())["name"] == file.name:
                return
        except FileForbidden as exc:
            why = str(exc)
    decision = file.acl.decide(caller.name)
    if decision == "hide":
        raise FileUnknown(f"no file is called {file.name!r}")
    if decision == "forbid":
        raise FileForbidden(why)


async def sign(request: Request) -> JsonReply:
    """POST /v1/storage/files/sign?url=: a link that opens the file for so many seconds, whatever its ACL."""
    parts = parts_of(request)
    file = await _find(request, "sign links to")
    body = await read_json(request, MOST_JSON_BYTES)
    seconds = body.get("expiration_seconds")
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 1 <= seconds <= LONGEST_LINK_S:
        rule = f"it must be a whole number of seconds, 1 to {LONGEST_LINK_S}"
        raise refuse(("body", "expiration_seconds"), str(seconds), rule)
    sealed = seal(parts.secret, "file-url", {"name": file.name}, expires_at_s=parts.clock() + seconds)
    return JsonReply({"signed_url": f"{links_of(request).file(file.name)}?{IDENTITY}={sealed}"})


async def show_acl(request: Request) -> JsonReply:
    """GET /v1/storage/files/acl?url=: who may read a file."""
    return JsonReply(acl_body((await _find(request, "read the ACL of")).acl))


async def put_acl(request: Request) -> JsonReply:
    """PUT /v1/storage/files/acl?url=: change who may read a file, all rules at once."""
    file = await _find(request, "change the ACL of")
    acl = read_acl(await read_json(request, MOST_JSON_BYTES), ("body",))
    return JsonReply(acl_body((await parts_of(request).store.set_acl(file.name, acl)).acl))


async def _find(request: Request, what: str) -> StoredFile:
    """Return the file that `?url=` names, if the caller may decide over it."""
    url = request.query_params.get("url", "")
    try:
        _, found, name = urlsplit(url).path.partition("/files/")
    except ValueError:
        found, name = "", ""
    if not found:
        raise refuse_query(
            "url", url, "it must be the URL of a file here, as https://…/files/3f2c…/output.mp4"
        )
    file = await parts_of(request).store.head(unquote(name))
    caller = caller_of(request)
    if not caller.is_admin and file.owner not in (None, caller.name):
        if file.acl.decide(caller.name) == "hide":
            raise FileUnknown(f"no file is called {file.name!r}")
        raise FileForbidden(f"to {what} {file.name!r}, the key it came with is needed, or one of scope admin")
    return file


#: Beside fal's platform API, and with its errors.
ACCESS_ROUTES = (
    platform_route("/v1/storage/files/sign", {"POST": sign}),
    platform_route("/v1/storage/files/acl", {"GET": show_acl, "PUT": put_acl}),
)
