"""What a screenplay written by hand may leave out, filled in before it is read. Knows no rule and no error.

Only what follows from the rest: counts and times from the order of things, size and frame rate from the
request. A value that is there is never touched, right or wrong; null counts as there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    Json = dict[str, Any]

#: noun -> its fields that are filled in here
FILLED: dict[str, tuple[str, ...]] = {
    "Screenplay": ("title", "seconds", "size", "fps", "seed", "sound"),
    "Shot": ("index", "start"),
    "Line": ("start", "end"),
    "Effect": ("start", "end"),
}
UNTITLED = "Untitled"


def fill_blanks(data: Json, absent: Mapping[str, Any]) -> Json:
    """Return a screenplay with its blanks filled.

    Args:
        data: as it was sent.
        absent: what size, fps, seed, sound and adherence are where the screenplay does not say.
    """
    shots, clock_s = data.get("shots"), 0.0
    if not isinstance(shots, list):
        return {"title": UNTITLED, **absent, "seconds": 0, **data}
    filled: list[Any] = []
    for index, shot in enumerate(cast("list[Any]", shots)):
        if not isinstance(shot, dict):
            filled.append(shot)
            continue
        told: Json = {"index": index, "start": round(clock_s, 6), **cast("Json", shot)}
        start_s, length_s = _seconds(told.get("start")), _seconds(told.get("seconds"))
        clock_s = start_s + length_s
        for name, placed in (("dialogue", _place_lines), ("effects", _place_effects)):
            if isinstance(told.get(name), list):
                told[name] = placed(told[name], start_s, clock_s)
        filled.append(told)
    return {"title": UNTITLED, **absent, "seconds": round(clock_s, 6), **data, "shots": filled}


def _place_lines(lines: list[Any], start_s: float, end_s: float) -> list[Any]:
    """Return lines with times: those that lack them share, by their length, what is left of the shot."""
    told = [dict(cast("Json", line)) if isinstance(line, dict) else {} for line in lines]
    stops_s, weights, stop_s, weight = [0.0] * len(told), [0] * len(told), end_s, 0
    for at in reversed(range(len(told))):
        weight += _weight(told[at])
        stops_s[at], weights[at] = stop_s, weight
        if "start" in told[at]:
            stop_s, weight = _seconds(told[at]["start"]), 0
    at_s = start_s
    for at, line in enumerate(told):
        at_s = _seconds(line.setdefault("start", round(at_s, 3)))
        share = _weight(line) / weights[at]
        at_s = _seconds(line.setdefault("end", round(at_s + max(0.0, stops_s[at] - at_s) * share, 3)))
    return [line if isinstance(sent, dict) else sent for line, sent in zip(told, lines, strict=True)]


def _place_effects(effects: list[Any], start_s: float, end_s: float) -> list[Any]:
    """Return effects with times: one that lacks them is heard from the shot's start to its end."""
    return [
        {"start": start_s, "end": round(end_s, 6), **cast("Json", effect)}
        if isinstance(effect, dict)
        else effect
        for effect in effects
    ]


def _weight(line: Json) -> int:
    text = line.get("text")
    return 1 + len(text) if isinstance(text, str) else 1


def _seconds(value: Any) -> float:
    """Return a time as it was sent; 0 for what is none, which is then refused where it stands."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6
    return float(value) if is_number else 0.0
