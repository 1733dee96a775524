"""The nouns that travel between stages, frozen, with units in their names. Knows no stage.

Those of the screenplay stand in `screenplay.py`, those that tie sound to picture in `performance.py`; they
are found here too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - pydantic reads the annotations
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from soundstage.lifecycle import Lifecycle
from soundstage.performance import NOTHING_SEEN, Flash, Footfall, LipTrack, MouthShape, Seen, Viseme
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
    "NOTHING_SEEN", "Angle", "Camera", "CameraChange", "CaptionChoice", "CastMember", "Cue", "Deed", "Effect",
    "Entrance", "Facts", "FileRole", "Film", "FilmFile", "Flash", "Footfall", "FrameSize",
    "Frames", "Framing", "Heading", "Lane", "LaneName", "Lens", "Lifecycle", "Line", "LipTrack", "MouthShape",
    "Move", "Music", "Note", "NoteKind", "Order", "Pace", "Relation", "Report", "Screenplay", "Season",
    "Seconds", "Seen", "Shot", "ShotRequest", "ShotType", "Soundtrack", "Span", "Subject", "Tell",
    "TimeOfDay", "Viseme", "Waveform", "Weather",
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
