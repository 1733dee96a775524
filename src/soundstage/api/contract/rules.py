"""Rules between fields: one source of the film, and lengths that agree. Knows no type of JSON but text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from soundstage.api.contract.limits import PROMPT_CHARACTERS
from soundstage.api.contract.words import not_one_of, problem, show
from soundstage.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.api.contract.family import Defaults
    from soundstage.api.contract.limits import Limits

#: What a film can be made from; a request names exactly one.
SOURCES = ("prompt", "multi_prompt", "screenplay")


def drop_blank_prompt(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the body without a blank `prompt` that stands beside another source.

    Forms send `"prompt": ""` with their list of shots; nobody means a film of nothing.
    """
    prompt = raw.get("prompt")
    others = any(name in raw for name in SOURCES[1:])
    if others and isinstance(prompt, str) and not prompt.strip() and len(prompt) <= PROMPT_CHARACTERS:
        return {name: value for name, value in raw.items() if name != "prompt"}
    return raw


def check_sources(raw: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the choice of source: none, or more than one."""
    sent = [name for name in SOURCES if name in raw]
    if not sent:
        rule = "is missing: either 'prompt' or 'multi_prompt' must be provided"
        forms = {"prompt": "a text of 1 to 2500 characters", "multi_prompt": "a list of 1 to 6 shots"}
        return [
            Problem(loc=("body", name), msg=f"{name!r} {rule}; send {form}", type="missing")
            for name, form in forms.items()
        ]
    if len(sent) > 1:
        listed = " and ".join(f"'{name}'" for name in sent)
        rule = f"{listed} were both sent, and a film is made from one of them"
        return [problem((name,), "value_error", rule, raw[name], nearest=f"'{name}' alone") for name in sent]
    return []


def check_blank(raw: Mapping[str, Any]) -> list[Problem]:
    """Return a Problem for each prompt that has characters and no word."""
    found: list[Problem] = []
    prompts: list[tuple[tuple[str | int, ...], Any]] = [(("prompt",), raw.get("prompt"))]
    prompts += [(("multi_prompt", i, "prompt"), shot.get("prompt")) for i, shot in _shots(raw)]
    for loc, text in prompts:
        if isinstance(text, str) and text and not text.strip():
            words = f"blank ({len(text)} characters of white space)"
            found.append(
                problem(
                    loc,
                    "value_error",
                    "it needs at least one word",
                    text,
                    value_words=words,
                    nearest="one word",
                )
            )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """What the request says about time, where it could be read."""

    total_seconds: int | None  #: None when some length does not read
    shot_seconds: tuple[int, ...] = ()


def read_lengths(
    raw: Mapping[str, Any], defaults: Defaults, limits: Limits, *, own_seconds: float | None
) -> tuple[Lengths, list[Problem]]:
    """Read `duration` and every shot's, and hold them against each other.

    Args:
        raw: the body, without nulls.
        defaults: the endpoint's.
        limits: of this door.
        own_seconds: the length a screenplay states, when one was sent and reads.
    """
    found: list[Problem] = []
    sent = _read_seconds(("duration",), raw.get("duration"), limits.min_seconds, limits, found)
    shots = [
        _read_seconds(("multi_prompt", i, "duration"), shot.get("duration", str(defaults.shot_seconds)),
                      limits.min_shot_seconds, limits, found)
        for i, shot in _shots(raw)
    ]  # fmt: skip
    if own_seconds is not None:
        found += _check_agreement(raw, sent, own_seconds, "the screenplay lasts")
        return Lengths(total_seconds=None), found
    if not isinstance(raw.get("multi_prompt"), list):
        fallback = None if "duration" in raw else defaults.seconds
        return Lengths(total_seconds=sent if sent is not None else fallback), found
    if not shots or len(shots) != len(raw["multi_prompt"]) or None in shots:
        return Lengths(total_seconds=None), found
    known = cast("list[int]", shots)
    total = sum(known)
    found += _check_sum(known, limits)
    found += _check_agreement(raw, sent, total, f"the shots last {_sum_words(known)}, together")
    return Lengths(total_seconds=total, shot_seconds=tuple(known)), found


def _check_sum(shots: list[int], limits: Limits) -> list[Problem]:
    total, words = sum(shots), f"a list of shots that last {_sum_words(shots)}, together {sum(shots)} seconds"
    loc, low, high = ("multi_prompt",), limits.min_seconds, limits.max_seconds
    rule = f"together they must last {low} to {high} seconds"
    if total < low:
        return [
            problem(
                loc, "greater_than_equal", rule, total, value_words=words, nearest=str(low), ctx={"ge": low}
            )
        ]
    if total > high:
        return [
            problem(
                loc, "less_than_equal", rule, total, value_words=words, nearest=str(high), ctx={"le": high}
            )
        ]
    return []


def _check_agreement(raw: Mapping[str, Any], sent: int | None, total: float, words: str) -> list[Problem]:
    if sent is None or sent == total:
        return []
    rule = f"{words} {total:g} seconds, and a duration that is sent must equal that; leave it out"
    return [problem(("duration",), "value_error", rule, raw["duration"], nearest=f'"{total:g}"')]


def _sum_words(shots: list[int]) -> str:
    return " + ".join(str(seconds) for seconds in shots)


def _read_seconds(
    loc: tuple[str | int, ...], value: Any, lowest: int, limits: Limits, found: list[Problem]
) -> int | None:
    if value is None:
        return None
    if limits.integer_seconds and isinstance(value, int) and not isinstance(value, bool):
        text = show(value)
    else:
        text = value
    legal = _legal_seconds(lowest, limits.max_seconds)
    if isinstance(text, str) and text in legal:
        return int(text)
    rule = f'it must be a string of whole seconds, "{legal[0]}" to "{legal[-1]}"'
    found.append(not_one_of(loc, value, legal, rule=rule))
    return None


@cache
def _legal_seconds(lowest: int, highest: int) -> tuple[str, ...]:
    return tuple(str(seconds) for seconds in range(lowest, highest + 1))


def _shots(raw: Mapping[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Return the elements of `multi_prompt` that are objects, with their places."""
    sent = raw.get("multi_prompt")
    listed = cast("list[Any]", sent) if isinstance(sent, list) else []
    # Beyond the sixth the list itself is refused: thousands of shots need no sentence each.
    return [(i, _without_nulls(shot)) for i, shot in enumerate(listed[:7]) if isinstance(shot, dict)]


def _without_nulls(shot: Any) -> dict[str, Any]:
    return {name: value for name, value in cast("dict[str, Any]", shot).items() if value is not None}
