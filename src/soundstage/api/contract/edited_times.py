"""The times of an edited screenplay, held to each other: shots without gaps, what happens within its shot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from soundstage.api.contract.words import problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soundstage.api.contract.limits import Limits
    from soundstage.errors import Problem
    from soundstage.film import Line, Screenplay, Shot

    Loc = tuple[str | int, ...]

MAX_SHOTS = 60  #: one a second in the longest film
SLACK_S = 0.001  #: times are sums of floats
#: What happens in a shot may miss its edge by half a frame at 24 fps, as two decimals do.
EVENT_SLACK_S = 0.021
_ROOT = ("screenplay",)
_KIND = "value_error"


def check_times(screenplay: Screenplay, limits: Limits) -> Iterator[Problem]:
    """Yield what is wrong with a screenplay's times, each at its place."""
    low, high, total = limits.min_seconds, limits.max_seconds, screenplay.seconds
    shots = screenplay.shots
    if not 1 <= len(shots) <= MAX_SHOTS:
        kind = "sequence_too_long" if shots else "sequence_too_short"
        words = f"a list of {len(shots)} shots"
        yield problem((*_ROOT, "shots"), kind, f"it takes 1 to {MAX_SHOTS} shots", [], value_words=words)
        return
    if not low <= total <= high:
        near = high if total > high else low
        yield problem((*_ROOT, "seconds"), _KIND, f"it must be {low} to {high}", total, nearest=str(near))
        return
    clock_s = 0.0
    for index, shot in enumerate(shots):
        yield from _check_shot(shot, index, clock_s, screenplay.fps)
        clock_s = shot.start + shot.seconds
    if abs(clock_s - total) > SLACK_S:
        rule = f"the shots end at {clock_s:g} seconds, and the film must end with them"
        yield problem((*_ROOT, "seconds"), _KIND, rule, total, nearest=f"{clock_s:g}")


def _check_shot(shot: Shot, index: int, clock_s: float, fps: int) -> Iterator[Problem]:
    loc = (*_ROOT, "shots", index)
    if shot.index != index:
        rule = "shots are counted from 0, in order"
        yield problem((*loc, "index"), _KIND, rule, shot.index, nearest=str(index))
    if abs(shot.start - clock_s) > SLACK_S:
        rule = "a shot starts where the one before it ends"
        yield problem((*loc, "start"), _KIND, rule, shot.start, nearest=f"{clock_s:g}")
    if shot.seconds * fps < 1:
        rule, near = "a shot lasts at least one frame", f"{1 / max(fps, 1):.4f}"
        yield problem((*loc, "seconds"), _KIND, rule, shot.seconds, nearest=near)
        return
    for name in ("dialogue", "effects"):
        for at, event in enumerate(getattr(shot, name)):
            yield from _check_event((*loc, name, at), event, shot)
    for at, change in enumerate(shot.camera.then):
        spot = (*loc, "camera", "then", at, "start")
        yield from _check_within(spot, change.start, shot.start, shot.start + shot.seconds)
    yield from _check_lines(loc, shot.dialogue)


def _check_event(loc: Loc, event: Any, shot: Shot) -> Iterator[Problem]:
    end_s = shot.start + shot.seconds
    yield from _check_within((*loc, "start"), event.start, shot.start, end_s)
    if event.end < event.start:
        rule = f"it begins at {event.start:g} and cannot end before that"
        yield problem((*loc, "end"), _KIND, rule, event.end, nearest=f"{event.start:g}")
    elif shot.start <= event.start <= end_s:
        yield from _check_within((*loc, "end"), event.end, shot.start, end_s)


def _check_within(loc: Loc, at_s: float, start_s: float, end_s: float) -> Iterator[Problem]:
    if not start_s - EVENT_SLACK_S <= at_s <= end_s + EVENT_SLACK_S:
        near = min(max(at_s, start_s), end_s)
        rule = f"its shot lasts from {start_s:g} to {end_s:g} seconds"
        yield problem(loc, _KIND, rule, at_s, nearest=f"{near:g}")


def _check_lines(loc: Loc, lines: tuple[Line, ...]) -> Iterator[Problem]:
    spoken_until_s = -1.0
    for at, line in enumerate(lines):
        spot = (*loc, "dialogue", at)
        for name in ("text", "speaker"):
            value: str = getattr(line, name)
            if not value.strip():
                yield problem((*spot, name), _KIND, "it needs at least one word", value)
        if line.end == line.start:
            rule = "a line lasts; its end lies behind its start"
            yield problem((*spot, "end"), _KIND, rule, line.end)
        if line.start < spoken_until_s - EVENT_SLACK_S:
            rule = f"lines follow each other, and the one before ends at {spoken_until_s:g}"
            yield problem((*spot, "start"), _KIND, rule, line.start, nearest=f"{spoken_until_s:g}")
        spoken_until_s = line.end
