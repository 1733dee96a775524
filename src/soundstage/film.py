"""The nouns that travel between stages, frozen, with units in their names. Knows no stage.

Those of the screenplay stand in `screenplay.py`, and are found here too.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from pathlib import Path  # noqa: TC003 - pydantic reads the annotations
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from soundstage.lifecycle import Lifecycle
from soundstage.screenplay import (
    Angle,
    Camera,
    CameraChange,
    CastMember,
    Deed,
    Effect,
    Entrance,
    FrameSize,
    Framing,
    Heading,
    Lens,
    Line,
    Move,
    Music,
    Note,
    NoteKind,
    Pace,
    Relation,
    Screenplay,
    Season,
    Seconds,
    Shot,
    Span,
    Subject,
    TimeOfDay,
    Weather,
)  # fmt: skip

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "Angle", "Camera", "CameraChange", "CaptionChoice", "CastMember", "Cue", "Deed", "Effect",
    "Entrance", "Facts", "FileRole", "Film", "FilmFile", "FrameSize", "Frames", "Framing",
    "Heading", "Lane", "LaneName", "Lens", "Lifecycle", "Line", "LipTrack", "MouthShape", "Move",
    "Music", "Note", "NoteKind", "Order", "Pace", "Relation", "Report", "Screenplay", "Season",
    "Seconds", "Shot", "ShotRequest", "ShotType", "Soundtrack", "Span", "Subject", "Tell", "TimeOfDay", "Viseme",
    "Waveform", "Weather",
]  # fmt: skip

ShotType = Literal["customize", "intelligent"]
CaptionChoice = Literal["none", "file", "track", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotRequest:
    """One element of `multi_prompt`: what to show, for how long."""

    prompt: str
    seconds: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A validated request with its caller, engine and seed. All that a film depends on."""

    order_id: str  #: a UUID; the wire calls it request_id
    endpoint: str  #: "fal-ai/kling-video/v3/pro/text-to-video"
    prompt: str | None  #: None exactly when `shots` or `screenplay` stand for it
    shots: tuple[ShotRequest, ...]
    seconds: Seconds
    size: FrameSize
    fps: int
    generate_audio: bool
    shot_type: ShotType
    negative_prompt: str
    cfg_scale: float  #: 0..1
    seed: int  #: 0..2^32-1
    engine: str
    captions: CaptionChoice
    screenplay: Screenplay | None = None  #: an edited one; stands instead of prompt and shots
    lifecycle: Lifecycle | None = None  #: what the caller wishes for the film's files


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """A run of consecutive frames. Exactly one of the two arrays is set."""

    first: int  #: index of the first one within its shot
    rgb: NDArray[np.uint8] | None = None  #: (T, H, W, 3) sRGB, top row first
    yuv420: NDArray[np.uint8] | None = None  #: (T, H*3/2, W) I420 planes, BT.709, limited range


@dataclass(frozen=True, slots=True, kw_only=True)
class Waveform:
    """Sound: stereo at 48 kHz."""

    RATE_HZ: ClassVar[int] = 48_000
    samples: NDArray[np.float32]  #: (2, N), full scale is 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A line as it was spoken: the times are the voice's own."""

    speaker: str
    text: str
    language: str
    start_s: Seconds
    end_s: Seconds
    words: tuple[tuple[int, Seconds], ...] = ()  #: where in `text` a word begins, and when it is said


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
            replace(v, start_s=Seconds(round(v.start_s + by_s, 4)), end_s=Seconds(round(v.end_s + by_s, 4)))
            for v in self.visemes
        )
        return replace(self, visemes=moved)


def _start_s(viseme: Viseme) -> float:
    return viseme.start_s


def _middle_s(viseme: Viseme) -> float:
    return (viseme.start_s + viseme.end_s) / 2.0


def _knot(viseme: Viseme) -> tuple[float, float]:
    return _middle_s(viseme), viseme.openness


LaneName = Literal["voices", "effects", "ambience", "music"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One layer of the sound, for pictures of it."""

    POINTS_PER_S: ClassVar[int] = 100
    name: LaneName
    peaks: tuple[
        float, ...
    ]  #: largest magnitude of each hundredth of a second, 0..1, at its level in the mix


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundtrack:
    """All that is heard, and what was said when."""

    waveform: Waveform
    cues: tuple[Cue, ...]
    loudness_lufs: float
    notes: tuple[str, ...] = ()
    lanes: tuple[Lane, ...] = ()  #: voices, effects, ambience, music; empty when nobody measured them


FileRole = Literal["video", "poster", "captions_vtt", "captions_srt", "peaks", "screenplay"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmFile:
    """One file of a film: at `path` while it is a draft, under `name` once it is published."""

    role: FileRole
    name: str  #: a key in the store, or a file's name
    content_type: str
    bytes: int
    path: Path | None = None  #: None when it lives in a store that is no folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is true of a finished film."""

    made_by: str  #: "procedural previz", never more than the truth
    engine: str
    engine_version: str
    seed: int
    size: FrameSize
    fps: int
    frame_count: int
    seconds: Seconds
    has_audio: bool
    loudness_lufs: float | None
    spent_s: dict[str, float] = field(default_factory=dict)  #: where the time went, by stage
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A finished film: its files and what is true of it."""

    files: tuple[FilmFile, ...]
    facts: Facts

    def file(self, role: FileRole) -> FilmFile | None:
        """Return the file with this role, or None when the film has none."""
        return next((f for f in self.files if f.role == role), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How far an order is. `message` is a sentence for the log; None when only the numbers moved."""

    stage: Literal["plan", "render", "sound", "stitch", "store"]
    done: int  #: frames rendered so far, or steps of another stage
    total: int
    shot: int | None = None  #: 0-based
    shots: int | None = None
    message: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)  #: the same for a machine


class Tell(Protocol):
    """Hears reports. Raises `Cancelled` once the caller has withdrawn the order."""

    def __call__(self, report: Report, /) -> None:
        """Hear one report."""
        ...
