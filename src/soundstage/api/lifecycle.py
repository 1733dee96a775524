"""`X-Fal-Object-Lifecycle` and `-Preference`: what a caller wishes for files. Knows no store and no order."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast

from pydantic_core import from_json as parse_json

from soundstage.errors import OrderRefused, Problem
from soundstage.lifecycle import OPEN_TO_ALL, Acl, AclRule, Decision, Lifecycle

if TYPE_CHECKING:
    from collections.abc import Mapping

#: fal's older and newer name; the clients send one or both, with the same JSON.
HEADERS = ("x-fal-object-lifecycle-preference", "x-fal-object-lifecycle")
DECISIONS: tuple[Decision, ...] = ("allow", "forbid", "hide")
LONGEST_S = 100 * 366 * 86_400.0
MOST_RULES = 100
#: Ids of keys are 16 hex digits. So many of these, and a long name, still go into a signed upload URL.
_USER = re.compile(r"[!#-\[\]-~]{1,64}")


def read_lifecycle(headers: Mapping[str, str], *, owner: str | None = None) -> Lifecycle | None:
    """Return what the headers wish for a request's files; None where they are silent and no key is known.

    Args:
        headers: of the request; their names in lower case.
        owner: the id of the caller's key.

    Raises:
        OrderRefused: a header does not read; names it, its value and the rule.
    """
    for name in HEADERS:
        text = headers.get(name)
        if text is not None:
            return _read(name, text, owner)
    return None if owner is None else Lifecycle(owner=owner)  # or any key could hide the file from its owner


def read_acl(body: Any, loc: tuple[str | int, ...]) -> Acl:
    """Return `{"default", "rules": [{"user", "decision"}]}` as an ACL.

    Raises:
        OrderRefused: it does not read.
    """
    if not isinstance(body, dict):
        raise _refuse(loc, body, 'it must be an object, as {"default": "forbid", "rules": []}')
    told = cast("dict[str, Any]", body)
    default, rules = told.get("default"), told.get("rules")
    default = OPEN_TO_ALL.default if default is None else _decision(default, (*loc, "default"))
    rules = [] if rules is None else rules
    if not isinstance(rules, list) or len(cast("list[Any]", rules)) > MOST_RULES:
        raise _refuse((*loc, "rules"), rules, f"it must be a list of at most {MOST_RULES} rules")
    read = tuple(_rule(rule, (*loc, "rules", n)) for n, rule in enumerate(cast("list[Any]", rules)))
    return Acl(default=default, rules=read)


def acl_body(acl: Acl) -> dict[str, Any]:
    """Return an ACL as the wire has it."""
    rules = [{"user": rule.user, "decision": rule.decision} for rule in acl.rules]
    return {"default": acl.default, "rules": rules}


def _read(name: str, text: str, owner: str | None) -> Lifecycle:
    loc = ("header", name)
    try:
        body = parse_json(text)  # stops at a depth that all that follows can bear
    except ValueError as exc:
        raise _refuse(loc, text, f"it does not read as JSON ({exc})") from exc
    if body is None:
        return Lifecycle(owner=owner)
    if not isinstance(body, dict):
        raise _refuse(loc, text, 'it must be an object, as {"expiration_duration_seconds": 3600}')
    told = cast("dict[str, Any]", body)
    acl = told.get("initial_acl")
    return Lifecycle(
        expires_s=_seconds(told.get("expiration_duration_seconds"), (*loc, "expiration_duration_seconds")),
        acl=OPEN_TO_ALL if acl is None else read_acl(acl, (*loc, "initial_acl")),
        owner=owner,
    )


def _seconds(value: Any, loc: tuple[str | int, ...]) -> float | None:
    if value is None or value == 0:  # fal's clients know that 0 means no expiry, as null does
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 < value <= LONGEST_S:  # also what is no number or has no end
        raise _refuse(loc, value, f"it must be a number of seconds up to {LONGEST_S:.0f}; null is for ever")
    return float(value)


def _rule(value: Any, loc: tuple[str | int, ...]) -> AclRule:
    rule = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    user = rule.get("user")
    if not isinstance(user, str) or not _USER.fullmatch(user):
        raise _refuse(loc, value, 'it must be {"user": the id of a key, "decision": …}')
    return AclRule(user=user, decision=_decision(rule.get("decision"), (*loc, "decision")))


def _decision(value: Any, loc: tuple[str | int, ...]) -> Decision:
    if value not in DECISIONS:
        raise _refuse(loc, value, f"it must be one of {', '.join(DECISIONS)}")
    return value


def _refuse(loc: tuple[str | int, ...], value: Any, rule: str) -> OrderRefused:
    shown = (
        value if isinstance(value, str | int | None) else json.dumps(value)
    )  # NaN must not go back as JSON
    if isinstance(shown, str):
        shown = shown[:200]
    named = ".".join(str(part) for part in loc[1:])
    return OrderRefused(
        (Problem(loc=loc, msg=f"{named!r} is {shown!r}: {rule}", type="value_error", input=shown),)
    )
