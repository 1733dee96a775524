"""A screenplay that a person edited or wrote: does it read, and can it be filmed? Knows no planner.

Its times are held to each other in `edited_times.py`; what it may leave out is filled in by `blanks.py`.
"""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from soundstage.api.contract.blanks import fill_blanks
from soundstage.api.contract.edited_times import check_times
from soundstage.api.contract.limits import MAX_SEED
from soundstage.api.contract.words import problem, translate
from soundstage.film import Screenplay, Span
from soundstage.plain import from_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic_core import ErrorDetails

    from soundstage.api.contract.limits import Limits
    from soundstage.errors import Problem

    Loc = tuple[str | int, ...]

MAX_VALUES = 20_000  #: of every kind; a megabyte of empty shots took eleven seconds to find fault with
MOST_PROBLEMS = 100  #: told at once
MAX_TEXTS = 2000  #: strings in all; a prompt of the longest kind reads into some hundred
MAX_TEXT_CHARACTERS = 4000
MAX_COUNT = 1000  #: of one subject
FPS = (24, 25, 30, 48, 60)
#: noun, field -> lowest, highest
BOUNDS: dict[tuple[str, str], tuple[float, float]] = {
    ("FrameSize", "width"): (64, 4096),
    ("FrameSize", "height"): (64, 4096),
    ("Screenplay", "seed"): (0, MAX_SEED),
    ("Screenplay", "adherence"): (0, 1),
    ("Screenplay", "version"): (1, 1),
    ("Camera", "amplitude"): (0, 1),
    ("Camera", "speed"): (0, 1),
    ("Camera", "handheld"): (0, 1),
    ("Lens", "focal_length_mm"): (4, 1200),
    ("Lens", "f_number"): (0.5, 64),
    ("CameraChange", "amplitude"): (0, 1),
    ("CameraChange", "speed"): (0, 1),
    ("Subject", "count"): (1, MAX_COUNT),
    ("Span", "start"): (0, math.inf),
    ("Span", "end"): (0, math.inf),
    ("Span", "prompt"): (0, math.inf),
}
_ROOT = ("screenplay",)


def read_screenplay(
    data: dict[str, Any], limits: Limits, absent: Mapping[str, Any]
) -> tuple[Screenplay | None, list[Problem]]:
    """Return the screenplay, or the reasons why it cannot be filmed: all, but never more than a hundred.

    Args:
        data: as it was sent.
        limits: how long a film may be at this door.
        absent: what size, fps, seed, sound and adherence are where the screenplay does not say.
    """
    if _has_too_many_values(data):
        words, rule = f"of more than {MAX_VALUES} values", f"it takes at most {MAX_VALUES} in all"
        return None, [problem(_ROOT, "value_error", rule, {}, value_words=words)]
    try:
        screenplay = from_json(Screenplay, fill_blanks(data, absent))
    except ValidationError as exc:
        errors = exc.errors(include_url=False)[:MOST_PROBLEMS]
        return None, [
            translate({**e, "loc": (*_ROOT, *e["loc"]), "input": _as_sent(e, data)}) for e in errors
        ]
    reasons = chain(
        _check_values(screenplay), _check_frame(screenplay), _check_spans(screenplay),
        _check_names(screenplay), check_times(screenplay, limits),
    )  # fmt: skip
    found = list(islice(reasons, MOST_PROBLEMS))
    return (None, found) if found else (screenplay, [])


def _as_sent(error: ErrorDetails, data: Any) -> Any:
    """Return what an error echoes: an object that lacks a field is shown without what was filled in."""
    if error["type"] != "missing":
        return error["input"]
    for step in error["loc"][:-1]:
        data = data[step]
    return data


def _has_too_many_values(data: dict[str, Any]) -> bool:
    waiting, seen = cast("list[Any]", [data]), 0
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            held = cast("dict[str, Any] | list[Any]", value)
            seen += len(held)
            if seen > MAX_VALUES:
                return True
            waiting += held.values() if isinstance(held, dict) else held
    return False


def _check_values(screenplay: Screenplay) -> Iterator[Problem]:
    texts = 0
    for loc, noun, name, value in _walk(screenplay, _ROOT):
        if isinstance(value, str):
            texts += 1
            yield from _check_text(loc, value)
        elif isinstance(value, int | float):
            low, high = BOUNDS.get((noun, name), (-math.inf, math.inf))
            if not math.isfinite(value) or not low <= value <= high:
                near = low if not value > high else high
                span = f"at least {low:g}" if math.isinf(high) else f"{low:g} to {high:g}"
                yield problem(loc, "value_error", f"it must be {span}", value, nearest=f"{near:g}")
    if texts > MAX_TEXTS:
        yield problem(
            _ROOT, "value_error", f"it takes at most {MAX_TEXTS} texts in all", texts, nearest=str(MAX_TEXTS)
        )


def _walk(noun: Any, loc: Loc) -> Iterator[tuple[Loc, str, str, Any]]:
    """Yield every plain value below a noun, with its place, the noun's class and the field's name."""
    for spot, owner, name, item in _items(noun, loc):
        if is_dataclass(item):
            yield from _walk(item, spot)
        elif item is not None and not isinstance(item, bool):
            yield spot, owner, name, item


def _items(noun: Any, loc: Loc) -> Iterator[tuple[Loc, str, str, Any]]:
    """Yield what a noun's fields hold, one by one, with the place of each."""
    for field in fields(noun):
        held: list[tuple[Loc, Any]] = [((*loc, field.name), getattr(noun, field.name))]
        while held:
            spot, value = held.pop()
            if isinstance(value, tuple):
                items = cast("tuple[Any, ...]", value)
                held += [((*spot, i), item) for i, item in enumerate(items)][::-1]
            elif isinstance(value, dict):
                named = cast("dict[str, Any]", value)
                held += [((*spot, name), item) for name, item in named.items()][::-1]
            else:
                yield spot, type(noun).__name__, field.name, value


def _check_text(loc: Loc, text: str) -> Iterator[Problem]:
    if "\0" in text:
        yield problem(loc, "value_error", "it must not contain the NUL character", text)
    if len(text) > MAX_TEXT_CHARACTERS:
        yield problem(
            loc, "string_too_long", f"it takes at most {MAX_TEXT_CHARACTERS} characters", text,
            value_words=f"{len(text)} characters long", nearest=f"its first {MAX_TEXT_CHARACTERS} characters",
            ctx={"max_length": MAX_TEXT_CHARACTERS},
        )  # fmt: skip


def _check_frame(screenplay: Screenplay) -> Iterator[Problem]:
    for name in ("width", "height"):
        side: int = getattr(screenplay.size, name)
        if side % 2:
            yield problem(
                (*_ROOT, "size", name), "multiple_of", "it must be even", side,
                nearest=str(side + 1), ctx={"multiple_of": 2},
            )  # fmt: skip
    if screenplay.fps not in FPS:
        near = min(FPS, key=lambda fps: abs(fps - screenplay.fps))
        rule = f"it must be one of {', '.join(map(str, FPS))}"
        yield problem(
            (*_ROOT, "fps"), "one_of", rule, screenplay.fps, nearest=str(near), ctx={"expected": list(FPS)}
        )


def _check_spans(screenplay: Screenplay) -> Iterator[Problem]:
    """Yield the spans that point at nothing; an edit may leave them out, or leave them as they are."""
    for loc, span in _spans(screenplay, _ROOT):
        if not 0 <= span.prompt < len(screenplay.prompts):
            rule = f"there are {len(screenplay.prompts)} prompts, counted from 0; leave the span out"
            yield problem((*loc, "prompt"), "value_error", rule, span.prompt)
            continue
        length = len(screenplay.prompts[span.prompt])
        if not 0 <= span.start <= span.end <= length:
            rule = f"it must be {max(0, span.start)} to {length}, the prompt's end; or leave the span out"
            yield problem((*loc, "end"), "value_error", rule, span.end)


def _spans(noun: Any, loc: Loc) -> Iterator[tuple[Loc, Span]]:
    for spot, _, _, item in _items(noun, loc):
        if isinstance(item, Span):
            yield spot, item
        elif is_dataclass(item):
            yield from _spans(item, spot)


def _check_names(screenplay: Screenplay) -> Iterator[Problem]:
    """Yield names that stand twice: who speaks must be clear. Ids are the planner's to mend."""
    names: set[str] = set()
    for i, member in enumerate(screenplay.cast):
        if not member.name.strip() or member.name in names:
            rule = "every member of the cast needs a name of its own"
            yield problem((*_ROOT, "cast", i, "name"), "value_error", rule, member.name)
        names.add(member.name)
