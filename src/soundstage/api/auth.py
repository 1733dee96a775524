"""Who calls. Knows no route and no database: it is handed the keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever sent a request."""

    name: str  #: the id of the key, or "anonymous"
    is_admin: bool  #: may read the history of all and flush the queue


#: Where no key is asked for, everybody is this one, and the machine is theirs.
ANYBODY = Caller(name="anonymous", is_admin=True)


def caller_of(request: HTTPConnection) -> Caller:
    """Return who sent this request."""
    return cast("Caller", request.scope["caller"])
