"""The published keys that webhooks' signatures are checked with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.api.parts import parts_of
from soundstage.api.replies import JsonReply

if TYPE_CHECKING:
    from starlette.requests import Request

#: fal lets receivers keep the set for a day; caches between us and them must not add to that.
CACHE = {"cache-control": "public, max-age=300"}


async def jwks(request: Request) -> JsonReply:
    """GET /.well-known/jwks.json: the keys as a JWKS (RFC 7517), on every host that leads here."""
    return JsonReply(await parts_of(request).key_set(), headers=CACHE)
