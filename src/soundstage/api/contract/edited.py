"""A screenplay that a person edited: does it read, and can it be filmed? Knows no planner."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from soundstage.api.contract.fields import MAX_SEED
from soundstage.api.contract.words import problem, translate
from soundstage.film import Screenplay
from soundstage.plain import from_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soundstage.api.contract.limits import Limits
    from soundstage.errors import Problem
    from soundstage.film import Shot

    Loc = tuple[str | int, ...]

MAX_SHOTS = 60  #: one a second in the longest film
MAX_VALUES = 20_000  #: of every kind; a megabyte of empty shots took eleven seconds to find fault with
MOST_PROBLEMS = 100  #: told at once
MAX_TEXTS = 2000  #: strings in all; a prompt of the longest kind reads into some hundred
MAX_TEXT_CHARACTERS = 4000
MAX_COUNT = 1000  #: of one subject
SLACK_S = 0.001  #: times are sums of floats
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
    ("Subject", "count"): (0, MAX_COUNT),
}
_ROOT = ("screenplay",)


def read_screenplay(data: dict[str, Any], limits: Limits) -> tuple[Screenplay | None, list[Problem]]:
    """Return the screenplay, or the reasons why it cannot be filmed: all, but never more than a hundred."""
    if _has_too_many_values(data):
        words, rule = f"of more than {MAX_VALUES} values", f"it takes at most {MAX_VALUES} in all"
        return None, [problem(_ROOT, "value_error", rule, {}, value_words=words)]
    try:
        screenplay = from_json(Screenplay, data)
    except ValidationError as exc:
        errors = exc.errors(include_url=False)[:MOST_PROBLEMS]
        return None, [translate({**e, "loc": (*_ROOT, *e["loc"])}) for e in errors]
    reasons = chain(_check_values(screenplay), _check_frame(screenplay), _check_times(screenplay, limits))
    found = list(islice(reasons, MOST_PROBLEMS))
    return (None, found) if found else (screenplay, [])


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
                yield problem(
                    loc, "value_error", f"it must be {low:g} to {high:g}", value, nearest=f"{near:g}"
                )
    if texts > MAX_TEXTS:
        yield problem(
            _ROOT, "value_error", f"it takes at most {MAX_TEXTS} texts in all", texts, nearest=str(MAX_TEXTS)
        )


def _walk(noun: Any, loc: Loc) -> Iterator[tuple[Loc, str, str, Any]]:
    """Yield every plain value below a noun, with its place, the noun's class and the field's name."""
    for field in fields(noun):
        value: Any = getattr(noun, field.name)
        place = (*loc, field.name)
        for i, item in (
            enumerate(cast("tuple[Any, ...]", value)) if isinstance(value, tuple) else [(-1, value)]
        ):
            spot = place if i < 0 else (*place, i)
            if is_dataclass(item):
                yield from _walk(item, spot)
            elif item is not None and not isinstance(item, bool):
                yield spot, type(noun).__name__, field.name, item


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


def _check_times(screenplay: Screenplay, limits: Limits) -> Iterator[Problem]:
    low, high, total = limits.min_seconds, limits.max_seconds, screenplay.seconds
    if not low <= total <= high:
        near = high if total > high else low
        yield problem(
            (*_ROOT, "seconds"), "value_error", f"it must be {low} to {high}", total, nearest=str(near)
        )
        return
    shots = screenplay.shots
    if not 1 <= len(shots) <= MAX_SHOTS:
        kind = "sequence_too_long" if shots else "sequence_too_short"
        words = f"a list of {len(shots)} shots"
        yield problem((*_ROOT, "shots"), kind, f"it takes 1 to {MAX_SHOTS} shots", [], value_words=words)
        return
    clock_s = 0.0
    for i, shot in enumerate(shots):
        yield from _check_shot(shot, i, clock_s, screenplay)
        clock_s = shot.start + shot.seconds
    if abs(clock_s - total) > SLACK_S:
        rule = f"the shots end at {clock_s:g} seconds, and the film must end with them"
        yield problem((*_ROOT, "seconds"), "value_error", rule, total, nearest=f"{clock_s:g}")


def _check_shot(shot: Shot, index: int, clock_s: float, screenplay: Screenplay) -> Iterator[Problem]:
    loc, kind = (*_ROOT, "shots", index), "value_error"
    if shot.index != index:
        rule = "shots are counted from 0, in order"
        yield problem((*loc, "index"), kind, rule, shot.index, nearest=str(index))
    if abs(shot.start - clock_s) > SLACK_S:
        rule = "a shot starts where the one before it ends"
        yield problem((*loc, "start"), kind, rule, shot.start, nearest=f"{clock_s:g}")
    if shot.seconds * screenplay.fps < 1:
        frame_s = 1 / screenplay.fps
        yield problem(
            (*loc, "seconds"), kind, "a shot lasts at least one frame", shot.seconds, nearest=f"{frame_s:.4f}"
        )
    for name, sounds in (("dialogue", shot.dialogue), ("effects", shot.effects)):
        for j, sound in enumerate(sounds):
            if not 0 <= sound.start <= screenplay.seconds or sound.seconds < 0:
                rule = (
                    f"it must begin within the film's {screenplay.seconds:g} seconds and not end before that"
                )
                yield problem((*loc, name, j, "start"), kind, rule, sound.start)
