"""Where each spoken line begins. Times only: knows no voice and no sample.

A line starts when the screenplay says. One that runs over its slot is never cut: it pushes the next one
later, and what would pass the end of the film moves earlier, as far as there is room.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP_S = 0.12  #: between two speakers: the shortest pause that does not sound like an interruption
_TAIL_S = 0.06  #: kept free at the end of the film, or a last consonant meets the fade-out


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A line as it was asked for, and how long it takes."""

    start_s: float
    slot_s: float
    spoken_s: float


def place_spans(spans: Sequence[Span], film_s: float) -> list[float]:
    """Return the start of each line in seconds; `spans` must be in order of their starts.

    Lines whose slots overlap in the screenplay were meant to, and still do.
    """
    starts: list[float] = []
    for index, span in enumerate(spans):
        start_s = max(span.start_s, 0.0)
        if index:
            before = spans[index - 1]
            if span.start_s >= before.start_s + before.slot_s - 1e-6:  # they were to follow each other
                start_s = max(start_s, starts[-1] + before.spoken_s + min(_GAP_S, _pause_s(before, span)))
        starts.append(start_s)
    limit_s = film_s - _TAIL_S
    for index in reversed(range(len(spans))):
        latest_s = limit_s - spans[index].spoken_s
        if latest_s < 0.0:
            return _squeeze(spans, film_s - _TAIL_S)
        if starts[index] <= latest_s:
            break  # whoever comes before is clear of this one already
        starts[index] = latest_s
        limit_s = latest_s - _GAP_S
        if index and spans[index].start_s < spans[index - 1].start_s + spans[index - 1].slot_s - 1e-6:
            limit_s = film_s - _TAIL_S
    return starts


def _pause_s(before: Span, after: Span) -> float:
    """Return the pause the screenplay left between two lines."""
    return max(after.start_s - before.start_s - before.slot_s, 0.04)


def _squeeze(spans: Sequence[Span], film_s: float) -> list[float]:
    """Return starts for lines that have no room one after the other: they talk across each other, evenly."""
    starts = [0.0]
    for span in spans[:-1]:
        starts.append(starts[-1] + span.spoken_s)
    last_s = max(film_s - spans[-1].spoken_s, 0.0)
    factor = min(last_s / starts[-1], 1.0) if starts[-1] > 0.0 else 0.0
    return [
        max(min(start_s * factor, film_s - span.spoken_s), 0.0)
        for start_s, span in zip(starts, spans, strict=True)
    ]
