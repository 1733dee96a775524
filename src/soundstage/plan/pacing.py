"""Stage 1 of 5, part: how long each shot and each line lasts, in whole frames. Knows no word's meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.film import Seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.beats import Beat
    from soundstage.plan.dialogue import Speech

#: Words of English, and characters of Chinese, Japanese or Korean, a calm voice speaks in a second.
_WORDS_PER_S = 2.5
_CHARACTERS_PER_S = 4.5
#: A line shorter than this is over before it is heard.
_LEAST_LINE_S = 0.6
#: Silence between two lines, and before the first, when there is room: the deed comes before the word.
_GAP_S = 0.25
_LEAD_IN_S = 0.4
#: Shots shorter than this are no shots.
_LEAST_SHOT_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A stretch of whole frames."""

    first_frame: int
    frame_count: int
    fps: int

    @property
    def start_s(self) -> Seconds:
        """When it starts, in seconds from the start of the film."""
        return Seconds(self.first_frame / self.fps)

    @property
    def seconds(self) -> Seconds:
        """How long it lasts."""
        return Seconds(self.frame_count / self.fps)


def to_slots(lengths_s: Sequence[float], fps: int, total_frames: int) -> tuple[Slot, ...]:
    """Return slots that follow each other and fill `total_frames` exactly.

    Edges are rounded, not lengths, so no error adds up; each slot has a frame at least.
    """
    whole = sum(lengths_s)
    edges, passed = [0], 0.0
    for at, length in enumerate(lengths_s):
        passed += length
        left = len(lengths_s) - at - 1
        wanted = round(passed * total_frames / whole) if whole > 0 else 0
        edges.append(min(max(wanted, edges[-1] + 1), total_frames - left))
    return tuple(
        Slot(first_frame=first, frame_count=last - first, fps=fps)
        for first, last in zip(edges[:-1], [*edges[1:-1], total_frames], strict=True)
    )


def spread_beats(
    beats: Sequence[Beat], speech_s: Sequence[float], seconds: float, least_s: float
) -> tuple[list[float], str]:
    """Return each beat's length in seconds and a note where the prompt's own times had to give way.

    Args:
        beats: the shots' texts with the times the prompt gives.
        speech_s: how long each beat's lines take to say.
        seconds: of the film.
        least_s: a beat without a time of its own gets no less, when there is room.
    """
    timed = _from_starts(beats, seconds)
    given = [timed[at] if timed else beat.seconds for at, beat in enumerate(beats)]
    said = sum(length for length in given if length is not None)
    open_beats = [at for at, length in enumerate(given) if length is None]
    rest = seconds - said
    if open_beats and rest >= _LEAST_SHOT_S * len(open_beats):
        shares = _share(
            rest, [beats[at].weight for at in open_beats], [speech_s[at] for at in open_beats], least_s
        )
        for at, share in zip(open_beats, shares, strict=True):
            given[at] = share
        return [length or _LEAST_SHOT_S for length in given], ""
    average = said / max(1, len(beats) - len(open_beats)) if said else 1.0
    lengths = [average if length is None else length for length in given]
    if abs(sum(lengths) - seconds) < 1e-6:
        return lengths, ""
    scale = seconds / sum(lengths)
    return [length * scale for length in lengths], (
        f"the prompt's shot times add up to {sum(lengths):g} s and the film lasts {seconds:g} s: scaled"
    )


def _from_starts(beats: Sequence[Beat], seconds: float) -> list[float] | None:
    """Return lengths from start times: a shot lasts until the next starts, gaps included."""
    starts = [beat.start_s for beat in beats]
    if starts[0] is None:
        starts[0] = 0.0
    known = [start for start in starts if start is not None]
    if len(known) != len(beats) or len(beats) < 2 or known != sorted(set(known)):
        return None
    ends = [*known[1:], known[-1] + beats[-1].seconds if beats[-1].seconds else seconds]
    lengths = [end - start for start, end in zip([0.0, *known[1:]], ends, strict=True)]
    return lengths if min(lengths) > 0 else None


def _share(
    seconds: float, weights: Sequence[float], speech_s: Sequence[float], least_s: float
) -> list[float]:
    least_s = min(least_s, seconds / len(weights))
    floors = [max(least_s, need + _LEAD_IN_S) if need else least_s for need in speech_s]
    if sum(floors) > seconds:
        floors = [least_s] * len(weights)
        weights = [max(need, least_s) for need in speech_s]
    spare = seconds - sum(floors)
    return [floor + spare * weight / sum(weights) for floor, weight in zip(floors, weights, strict=True)]


def speaking_s(text: str, language: str) -> float:
    """Return how long a calm voice takes to say a line."""
    if language in ("zh", "ja", "ko"):
        count = sum(char.isalnum() for char in text) / _CHARACTERS_PER_S
    else:
        count = len(text.split()) / _WORDS_PER_S
    return max(_LEAST_LINE_S, count)


def place_lines(speeches: Sequence[Speech], slot: Slot) -> tuple[list[tuple[Seconds, Seconds]], str]:
    """Return start and slot of each line, in order and never overlapping, and a note when they cannot fit.

    Lines that need more than the shot has share it in proportion, to be spoken faster.
    """
    if not speeches:
        return [], ""
    needs = [speaking_s(speech.text, speech.language) for speech in speeches]
    room = slot.seconds - sum(needs)
    gaps = len(needs)
    note = ""
    if room < 0:
        note = f"the lines take {sum(needs):.1f} s to say and have {slot.seconds:.1f} s: to be spoken faster"
        needs = [need * slot.seconds / sum(needs) for need in needs]
        room = 0.0
    lead_in = min(_LEAD_IN_S, room / (gaps + 1))
    gap = min(_GAP_S, (room - lead_in) / gaps)
    placed: list[tuple[Seconds, Seconds]] = []
    at = slot.start_s + lead_in
    for need in needs:
        placed.append((Seconds(round(at, 3)), Seconds(round(max(0.001, need - 0.001), 3))))
        at += need + gap
    return placed, note
