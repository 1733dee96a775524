"""What is seen and heard at once: mouths that speak and feet that land. Frozen nouns; knows no stage.

They cross between sound and picture: the voices tell the renderer how mouths move, the renderer tells the
sound when feet meet the ground.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Literal

from soundstage.screenplay import Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Footfall:
    """A foot that meets the ground in the picture."""

    time_s: Seconds  #: from the start of the film; from an engine, from the start of the shot
    subject: str  #: the id of whose foot it is: "shot-1.woman"
    gait: str  #: "walk", "run", "trot", "gallop"
    foot: int  #: left, right; or front left, front right, hind left, hind right
    feet: int  #: 2 or 4
    across: float = 0.0  #: where in the frame: -1 its left edge, 1 its right


@dataclass(frozen=True, slots=True, kw_only=True)
class Flash:
    """Lightning in the picture: its thunder comes later."""

    time_s: Seconds  #: from the start of the film; from an engine, from the start of the shot
    strength: float  #: 0..1; a strong one is near


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is seen at a time and must be heard at that time, or because of it."""

    footfalls: tuple[Footfall, ...] = ()
    flashes: tuple[Flash, ...] = ()

    def later(self, by_s: float) -> Seen:
        """Return the same, `by_s` later."""
        return Seen(
            footfalls=tuple(replace(fall, time_s=_tenths_ms(fall.time_s + by_s)) for fall in self.footfalls),
            flashes=tuple(replace(flash, time_s=_tenths_ms(flash.time_s + by_s)) for flash in self.flashes),
        )


NOTHING_SEEN = Seen()

#: What a mouth shows while it speaks. Fixed: engines may rely on these eight.
MouthShape = Literal[
    "rest",  # shut, at ease: a pause
    "closed",  # lips pressed: p, b, m
    "teeth",  # lower lip under the teeth: f, v
    "tongue",  # its tip is seen: th, l
    "narrow",  # teeth near each other: s, t, d, n, k
    "wide",  # corners drawn apart: ee, eh
    "open",  # jaw down: ah
    "round",  # lips forward: oh, oo, w, sh
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viseme:
    """What a mouth does for a moment of a line."""

    start_s: Seconds
    end_s: Seconds
    shape: MouthShape
    openness: float  #: 0 shut .. 1 as wide as speech goes; louder is wider


@dataclass(frozen=True, slots=True, kw_only=True)
class LipTrack:
    """How a speaker's mouth moves through one line that was spoken.

    Times are seconds of the film's clock, not of a scene in slow motion: from the start of the film, or, in
    an engine's brief, from the start of the shot (negative where a line began before the cut).
    """

    speaker: str  #: a name in the cast: the `member` of the subject that speaks
    visemes: tuple[Viseme, ...]  #: in order, at least one; each begins where the one before ends

    @property
    def start_s(self) -> Seconds:
        """When the voice begins."""
        return self.visemes[0].start_s

    @property
    def end_s(self) -> Seconds:
        """When the voice ends."""
        return self.visemes[-1].end_s

    def at(self, time_s: float) -> Viseme | None:
        """Return what the mouth does at a time; None outside the line."""
        if not self.start_s <= time_s < self.end_s:
            return None
        return self.visemes[bisect_right(self.visemes, time_s, key=_start_s) - 1]

    def openness_at(self, time_s: float) -> float:
        """Return how open the mouth is, gliding from the middle of each viseme to the middle of the next."""
        if not self.start_s < time_s < self.end_s:
            return 0.0
        after = bisect_right(self.visemes, time_s, key=_middle_s)
        left = (self.start_s, 0.0) if after == 0 else _knot(self.visemes[after - 1])
        right = (self.end_s, 0.0) if after == len(self.visemes) else _knot(self.visemes[after])
        share = (time_s - left[0]) / max(right[0] - left[0], 1e-6)
        share = share * share * (3.0 - 2.0 * share)
        return left[1] + (right[1] - left[1]) * share

    def later(self, by_s: float) -> LipTrack:
        """Return the same movement, `by_s` later."""
        moved = tuple(
            replace(v, start_s=_tenths_ms(v.start_s + by_s), end_s=_tenths_ms(v.end_s + by_s))
            for v in self.visemes
        )
        return replace(self, visemes=moved)


def _start_s(viseme: Viseme) -> float:
    return viseme.start_s


def _middle_s(viseme: Viseme) -> float:
    return (viseme.start_s + viseme.end_s) / 2.0


def _knot(viseme: Viseme) -> tuple[float, float]:
    return _middle_s(viseme), viseme.openness


def _tenths_ms(time_s: float) -> Seconds:
    # The same line in the same shot must be the same brief, whatever was added and taken away on the way.
    return Seconds(round(time_s, 4))
