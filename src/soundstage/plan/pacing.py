"""Stage 1 of 5, part: how long each shot and each line lasts, in whole frames. Knows no word's meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.film import Seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.beats import Beat
    from soundstage.plan.dialogue import Speech
    from soundstage.plan.times import Timing

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

    A shot lasts until the next starts, so that gaps ("0-4s, 5-9s") are closed; what has no time of its own
    shares what is left, by how much there is to show and to say.

    Args:
        beats: the shots' texts with the times the prompt gives.
        speech_s: how long each beat's lines take to say.
        seconds: of the film.
        least_s: a beat without a time of its own gets no less, when there is room.
    """
    starts, end_s = _anchors([beat.timing for beat in beats], seconds)
    lengths: list[float] = []
    given = [beat.timing.seconds for beat in beats]
    at = 0
    while at < len(beats):
        until = next((n for n in range(at + 1, len(beats)) if starts[n] is not None), len(beats))
        stop_s = starts[until] if until < len(beats) else end_s
        start_s = starts[at]
        assert start_s is not None, starts
        room_s = (stop_s if stop_s is not None else seconds) - start_s
        lengths += _fill(beats[at:until], given[at:until], speech_s[at:until], room_s, least_s)
        at = until
    told_s = sum(lengths)
    if abs(told_s - seconds) < 1e-6:
        return lengths, ""
    scale = seconds / told_s
    return [length * scale for length in lengths], (
        f"the prompt's shot times add up to {told_s:g} s and the film lasts {seconds:g} s: scaled"
    )


def _anchors(timings: Sequence[Timing], seconds: float) -> tuple[list[float | None], float | None]:
    """Return when each shot starts, where the prompt says so (the first always does), and when the last ends.

    Starts that do not rise, or lie behind the film's end while lengths are told, are no anchors.
    """
    starts: list[float | None] = [timing.start_s for timing in timings]
    starts = [
        start if t.last_s is None else seconds - t.last_s for start, t in zip(starts, timings, strict=True)
    ]
    for before, timing in pairwise_indices(timings):
        end_s = timings[before].end_s
        if starts[timing] is None and end_s is not None:
            starts[timing] = end_s
    starts = _from_zero(starts, timings)
    known = [start for start in starts if start is not None]
    if known != sorted(set(known)) or known[0] < 0:
        return [0.0, *[None] * (len(timings) - 1)], None
    end_s = timings[-1].end_s
    if end_s is None and timings[-1].seconds is not None and starts[-1] is not None:
        end_s = starts[-1] + timings[-1].seconds
    if end_s is None and known[-1] >= seconds:
        # Only starts are told, and the film is shorter: the last lasts as long as the others on average.
        end_s = known[-1] + known[-1] / max(1, len(known) - 1)
    if end_s is not None and _counts_inclusive(timings) and abs(end_s + 1 - seconds) < 1e-6:
        end_s = seconds
    return starts, end_s


def pairwise_indices(timings: Sequence[Timing]) -> zip[tuple[int, int]]:
    """Return the indices of each two neighbours."""
    return zip(range(len(timings) - 1), range(1, len(timings)), strict=True)


def _from_zero(starts: list[float | None], timings: Sequence[Timing]) -> list[float | None]:
    """Return starts counted from 0: "1-3, 4-6" counts its seconds from 1."""
    first = starts[0]
    if first == 1.0 and _counts_inclusive(timings):
        return [None if start is None else start - 1 for start in starts]
    return [0.0, *starts[1:]]


def _counts_inclusive(timings: Sequence[Timing]) -> bool:
    """Tell whether a range names its last second rather than its end: "0-4, 5-9"."""
    gaps = [
        (timings[after].start_s or 0.0) - (timings[before].end_s or 0.0)
        for before, after in pairwise_indices(timings)
    ]
    return bool(gaps) and all(abs(gap - 1.0) < 1e-6 for gap in gaps)


def _fill(
    beats: Sequence[Beat],
    given: Sequence[float | None],
    speech_s: Sequence[float],
    room_s: float,
    least_s: float,
) -> list[float]:
    """Return the lengths of shots between two anchors, told ones kept when they leave room for the others."""
    if len(beats) == 1 and given[0] is None:
        return [room_s]
    open_beats = [at for at, length in enumerate(given) if length is None]
    told_s = sum(length for length in given if length is not None)
    lengths = list(given)
    if open_beats and room_s - told_s >= _LEAST_SHOT_S * len(open_beats):
        shares = _share(
            room_s - told_s,
            [beats[at].weight for at in open_beats],
            [speech_s[at] for at in open_beats],
            least_s,
        )
    else:
        average_s = told_s / max(1, len(beats) - len(open_beats)) or room_s / len(beats)
        shares = [average_s] * len(open_beats)
    for at, share in zip(open_beats, shares, strict=True):
        lengths[at] = share
    return [length or _LEAST_SHOT_S for length in lengths]


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
    end_s = slot.start_s + slot.seconds
    at = slot.start_s + lead_in
    for index, (speech, need) in enumerate(zip(speeches, needs, strict=True)):
        if index:
            at += gap if speech.gap_s is None else speech.gap_s
        wanted = _asked(speech, slot)
        at = at if wanted is None else max(wanted, at if index else slot.start_s)
        at = max(slot.start_s, min(at, end_s - sum(needs[index:])))  # what follows must still be said
        placed.append((Seconds(round(at, 3)), Seconds(round(max(0.001, need - 0.001), 3))))
        at += need
    return placed, note


def _asked(speech: Speech, slot: Slot) -> float | None:
    """Return when the prompt wants a line, in seconds of the film; too early a time counts from the shot."""
    if speech.at_s is None:
        return None
    if speech.at_s >= slot.start_s:
        return speech.at_s if speech.at_s < slot.start_s + slot.seconds else None
    return slot.start_s + speech.at_s if speech.at_s < slot.seconds else None
