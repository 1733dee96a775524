"""Is this process alive, and can it take orders? For supervisors and load balancers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from soundstage.api.auth import STRANGER, STRANGER_WORDS, caller_of
from soundstage.api.parts import parts_of
from soundstage.api.replies import JsonReply
from soundstage.errors import SoundstageError

if TYPE_CHECKING:
    from starlette.requests import Request

    from soundstage.api.parts import ApiParts

_SMALL_FILE = Path(__file__)  # any small file that is surely there


async def live(request: Request) -> JsonReply:  # noqa: ARG001 - a route takes its request
    """GET /health/live: 200 as long as this process answers."""
    return JsonReply({"status": "live"})


async def ready(request: Request) -> JsonReply:
    """GET /health/ready: 200 when every part behind the door answers, else 503 with the reasons."""
    parts, is_stranger = parts_of(request), caller_of(request) == STRANGER
    told: dict[str, str] = {}
    unfit = False
    checks = {"database": parts.book.ping, "storage": lambda: _write_and_forget(parts), **parts.checks}
    for name, check in checks.items():
        try:
            await check()
        except SoundstageError as exc:
            told[name], unfit = STRANGER_WORDS if is_stranger else str(exc), True
        else:
            told[name] = "ok"
    return JsonReply({"status": "unready" if unfit else "ready", "checks": told}, 503 if unfit else 200)


async def _write_and_forget(parts: ApiParts) -> None:
    """Raise if the store takes no file: a full disk is found here, before a film is rendered for nothing."""
    name = f"{parts.new_id()}/ready.txt"
    await parts.store.put(_SMALL_FILE, name, "text/plain")
    await parts.store.delete(name)


async def greeting(request: Request) -> JsonReply:  # noqa: ARG001 - a route takes its request
    """GET /: says what this is to whoever opens it in a browser."""
    return JsonReply(
        {
            "name": "soundstage",
            "what": "Turns a text prompt into a film with sound, behind fal's API.",
            "queue": "/queue/{endpoint}",
            "run": "/run/{endpoint}",
            "health": "/health/ready",
            "clients": "run `soundstage serve --print-env` for the variables that point fal_client here",
            "docs": "docs/04-wire.md",
        }
    )
