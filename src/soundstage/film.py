"""The nouns that travel between stages, frozen, with units in their names. Knows no stage.

Times within a Screenplay are seconds from the start of the film unless a name says otherwise.
A Screenplay is JSON both ways (`plain.py`) so that a person may edit it and send it back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - pydantic reads the annotations
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NewType, Protocol

from soundstage.lifecycle import Lifecycle  # noqa: TC001 - pydantic reads the annotations

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Seconds = NewType("Seconds", float)

Framing = Literal["extreme_close_up", "close_up", "medium", "wide", "extreme_wide", "aerial"]
Angle = Literal["eye", "low", "high", "top", "dutch"]
Move = Literal[
    "static", "handheld", "pan", "tilt", "dolly_in", "dolly_out", "truck", "track", "follow", "lead",
    "orbit", "crane", "fly_over", "zoom", "dolly_zoom", "rack_focus",
]  # fmt: skip
Heading = Literal["left", "right", "up", "down", "toward", "away"]
TimeOfDay = Literal["sunrise", "morning", "noon", "afternoon", "golden_hour", "sunset", "twilight", "night"]
Weather = Literal[
    "clear", "cloudy", "overcast", "fog", "drizzle", "rain", "storm", "snow", "blizzard", "dust",
]  # fmt: skip
ShotType = Literal["customize", "intelligent"]
CaptionChoice = Literal["none", "file", "track", "both"]

_FORBID: dict[str, Any] = {"extra": "forbid"}  # a misspelt key in an edited screenplay must not pass unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSize:
    """Pixels of a frame; both even, as 4:2:0 chroma needs."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    width: int
    height: int


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
class Lens:
    """What the camera looks through."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    focal_length_mm: float = 35.0  #: as on a 36 mm wide sensor
    f_number: float = 4.0  #: small is shallow focus
    focus: Literal["subject", "near", "far", "deep"] = "subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """How the camera moves during the shot."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    move: Move = "static"
    heading: Heading | None = None  #: of a pan, tilt, truck, orbit, crane
    amplitude: float = 0.5  #: 0..1 of what the move can do
    speed: float = 0.5  #: 0..1; 0.5 takes the whole shot
    handheld: float = 0.0  #: 0..1, added to any move


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who or what is seen."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    noun: str  #: as the prompt says it: "golden retriever"
    kind: str | None  #: its entry in the planner's lexicon, "dog"; None when the noun is not known
    count: int = 1
    attributes: tuple[str, ...] = ()  #: "glowing", "red", "old"
    action: str | None = None  #: a verb's stem: "run", "dance"
    manner: tuple[str, ...] = ()  #: "slowly"
    heading: Heading | None = None
    member: str | None = None  #: its name in the cast, when it has one


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something said."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    speaker: str  #: a name in the cast
    text: str
    language: str  #: "en", "zh", else a BCP 47 tag
    manner: tuple[str, ...] = ()  #: "whispers", "angrily"
    start_s: Seconds
    seconds: Seconds  #: the slot it must fit, not its spoken length
    off_screen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A sound that happens."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    name: str  #: "footsteps", "thunder"
    start_s: Seconds
    seconds: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class CastMember:
    """A character, the same in every shot."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    name: str
    description: str = ""
    gender: Literal["female", "male", "unknown"] = "unknown"
    age: Literal["child", "young", "adult", "old", "unknown"] = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """What one camera sees and hears without a cut."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    index: int  #: 0-based
    start_s: Seconds
    seconds: Seconds
    text: str  #: the words it was read from
    framing: Framing = "wide"
    angle: Angle = "eye"
    lens: Lens = Lens()
    camera: Camera = Camera()
    place: str = "open"  #: "forest", "beach"; "open" follows light, weather and mood alone
    time_of_day: TimeOfDay = "afternoon"
    weather: Weather = "clear"
    light: tuple[str, ...] = ()  #: "bioluminescent", "backlit", "neon"
    mood: tuple[str, ...] = ()  #: "magical", "tense"
    subjects: tuple[Subject, ...] = ()
    dialogue: tuple[Line, ...] = ()
    effects: tuple[Effect, ...] = ()
    ambience: tuple[str, ...] = ()  #: "crickets", "surf", "rain", "wind"
    music: str | None = None
    on_screen_text: tuple[str, ...] = ()
    continues: bool = False  #: same place and cast as the shot before


@dataclass(frozen=True, slots=True, kw_only=True)
class Screenplay:
    """The film on paper: what is seen, said and heard, shot by shot, for any engine."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    title: str
    seconds: Seconds
    size: FrameSize
    fps: int
    seed: int
    sound: bool  #: False: no audio stream at all
    style: str = "cinematic"
    palette: tuple[str, ...] = ()  #: colour words
    cast: tuple[CastMember, ...] = ()
    shots: tuple[Shot, ...]
    excluded: tuple[str, ...] = ()  #: what must not be there, from the negative prompt
    adherence: float = 0.5  #: 0..1, from cfg_scale
    notes: tuple[str, ...] = ()  #: what the planner decided, for a person to read
    version: int = 1


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundtrack:
    """All that is heard, and what was said when."""

    waveform: Waveform
    cues: tuple[Cue, ...]
    loudness_lufs: float
    notes: tuple[str, ...] = ()


FileRole = Literal["video", "poster", "captions_vtt", "captions_srt", "screenplay"]


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
