"""Who calls, and whether they may. Knows no route and no database: it is handed the keys.

Asked before a path is looked up, so a stranger learns nothing of what is served, and what exists.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from soundstage.caller_errors import AdminOnly, KeyRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import HTTPConnection

    from soundstage.api.doors import Door
    from soundstage.api.ports.keys import KeyTable
    from soundstage.api.visitors import VisitorRule

log = logging.getLogger(__name__)

#: First segments that anybody may read: films by their unguessable names, and what says how to call us.
PUBLIC_ROOTS = frozenset(
    {".well-known", "api", "files", "health", "llms-full.txt", "llms.txt", "models", "openapi.json", ""}
)
#: Where a token or a signature in the URL counts instead of a key: these routes look for themselves.
SELF_CHECKED = re.compile(
    r"/files/upload(/multipart)?|/files/.+/multipart/[^/]+/[^/]+|/storage/upload/signed/.+"
)
NO_KEY_WORDS = "Authentication is required: send the header 'Authorization: Key <key_id>:<key_secret>'."
#: fal's words for the other two.
NO_FORMAT_WORDS = "Invalid Key Authorization header format. Expected '<key_id>:<key_secret>'."
NO_USER_WORDS = "No user found for Key ID and Secret"
STRANGER_WORDS = "The server cannot do its part now; it tells why to who sends a key"
QUIET_S = 10.0  #: between two lines in the log about refused callers, or one of them could fill the disk
_NOBODY = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever sent a request."""

    name: str  #: the id of the key, or "anonymous"
    is_admin: bool  #: may read the history of all and flush the queue


#: Where no key is asked for, everybody is this one, and the machine is theirs.
ANYBODY = Caller(name="anonymous", is_admin=True)
#: Whoever brought no key to a place that asks for none, on a server that does.
STRANGER = Caller(name="anonymous", is_admin=False)


def caller_of(request: HTTPConnection) -> Caller:
    """Return who sent this request."""
    return cast("Caller", request.scope["caller"])


def known_name(request: HTTPConnection) -> str | None:
    """Return the id of the key a request came with; None where none is asked for."""
    caller = caller_of(request)
    return None if caller in (ANYBODY, STRANGER) else caller.name


def require_admin(request: HTTPConnection, what: str) -> None:
    """Return if the caller may do `what`, as "read the history".

    Raises:
        AdminOnly: the key may not.
    """
    if not caller_of(request).is_admin:
        raise AdminOnly(
            f"To {what}, a key of scope admin is needed: `soundstage keys add --admin` makes one."
        )


class Gate:
    """Lets in who has a key; where none is asked for, whoever is at home on this machine."""

    def __init__(
        self,
        *,
        keys: KeyTable | None = None,
        visitors: VisitorRule | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Set the rules; without either, everybody may come in.

        Args:
            keys: asked for on every route but the public ones.
            visitors: the rule for a server without keys.
            clock: seconds, for the log's quiet.
        """
        self._keys = keys
        self._visitors = visitors
        self._clock = clock
        self._refused, self._told_at = 0, float("-inf")

    def admit(self, door: Door, method: str, facts: Facts) -> Caller:
        """Return who calls.

        Raises:
            KeyRefused: a key is needed, and none came or it opens nothing.
            CallerForeign: no key is needed, and a stranger's web page asks.
        """
        if self._keys is None:
            is_public = door.root == "files" and method in ("GET", "HEAD")
            if self._visitors is not None:
                self._visitors.check(facts.host, None if is_public else facts.origin, bound=facts.bound)
            return ANYBODY
        try:
            return self._check(facts.authorization, self._keys)
        except KeyRefused:
            if door.kind == "site" and (
                SELF_CHECKED.fullmatch(door.path) or (method in ("GET", "HEAD") and door.root in PUBLIC_ROOTS)
            ):
                return STRANGER
            self._note(door, facts)
            raise

    def knows(self, key_id: str) -> bool:
        """Tell whether a key of this id opens anything now."""
        return self._keys is not None and self._keys.find(key_id) is not None

    def welcomes(self, origin: str) -> bool:
        """Tell whether a page of this origin may reach into this machine's network for us."""
        return self._visitors is None or self._visitors.allows(origin)

    def _check(self, header: bytes | None, keys: KeyTable) -> Caller:
        if not header:
            raise KeyRefused(NO_KEY_WORDS)
        scheme, _, sent = header.partition(b" ")
        name, colon, secret = sent.strip().partition(b":")
        if scheme.lower() not in (b"key", b"bearer") or not colon:
            raise KeyRefused(NO_FORMAT_WORDS)
        key_id = name.decode("latin-1")
        key = keys.find(key_id)
        expected = _NOBODY if key is None else key.secret_hash
        # Compared for unknown ids too, or the time of the answer would tell which ids there are.
        if not hmac.compare_digest(hashlib.sha256(secret).digest(), expected) or key is None:
            raise KeyRefused(NO_USER_WORDS)
        return Caller(name=key_id, is_admin=key.is_admin)

    def _note(self, door: Door, facts: Facts) -> None:
        self._refused += 1
        now = self._clock()
        if now - self._told_at >= QUIET_S:
            told = {"times": self._refused, "path": door.asked[:200], "client": facts.client}
            log.warning("callers without a valid key were refused", extra=told)
            self._refused, self._told_at = 0, now


@dataclass(slots=True, kw_only=True)
class Facts:
    """What of a request's head decides who is let in; filled by the edge in one pass."""

    host: str | None = None
    origin: str | None = None
    authorization: bytes | None = None
    target: str | None = None  #: of a proxied request
    bound: str | None = None  #: the address that the connection came in on
    client: str | None = None
