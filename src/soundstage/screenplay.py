"""The screenplay: the film on paper, shot by shot, for any engine. Frozen nouns; knows no stage.

Times are seconds from the start of the film unless a name says otherwise. It is JSON both ways (`plain.py`),
so that a person may edit it and send it back; its JSON Schema stands in docs/02-screenplay.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, NewType

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
Season = Literal["spring", "summer", "autumn", "winter"]
Pace = Literal["normal", "slow_motion", "time_lapse", "freeze"]
Entrance = Literal["cut", "dissolve", "match_cut", "fade", "wipe"]
Exit = Literal["cut", "fade"]
NoteKind = Literal["assumed", "invented", "conflict", "not_understood", "removed", "timing", "language"]

_FORBID: dict[str, Any] = {"extra": "forbid"}  # a misspelt key in an edited screenplay must not pass unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSize:
    """Pixels of a frame; both even, as 4:2:0 chroma needs."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where it was said: characters `start` to `end` (behind the last) of `prompts[prompt]`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    start: int
    end: int
    prompt: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the planner decided, for a person to read."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    kind: NoteKind
    text: str
    shot: str | None = None  #: the id of the shot it is about
    spans: tuple[Span, ...] = ()

    def __str__(self) -> str:
        """Return it as a line of a log: "shot 2: unsaid and assumed: weather clear"."""
        return f"shot {self.shot.removeprefix('shot-')}: {self.text}" if self.shot else self.text


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
    pov: bool = False  #: seen through somebody's eyes
    then: tuple[CameraChange, ...] = ()  #: what it does later in the shot, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraChange:
    """What the camera changes to inside a shot."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    start: Seconds  #: from the start of the film
    move: Move
    heading: Heading | None = None
    amplitude: float = 0.5
    speed: float = 0.5
    framing: Framing | None = None  #: where it ends, when said: "then pulls back to a wide shot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What a subject does after its first action."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    action: str
    verb: str  #: as the prompt says it, in its base form
    manner: tuple[str, ...] = ()
    heading: Heading | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How a subject stands to another: "holding" a cup, "behind" the bar."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    kind: str  #: "holding", "behind", "on", "wearing": a preposition or a verb's -ing form
    target: str  #: the other's id in this shot, else its noun as said


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who or what is seen."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    id: str = ""  #: "shot-1.woman"; the same for the same input
    noun: str  #: as the prompt says it: "golden retriever"
    kind: str | None = (
        None  #: its entry in the planner's lexicon, "dog", or the nearest; None: nothing is near
    )
    count: int = 1
    attributes: tuple[str, ...] = ()  #: "glowing", "red", "old"
    action: str | None = None  #: a name of verbs.toml: "run", "dance"
    verb: str | None = None  #: the action as the prompt says it, in its base form: "sprint"
    manner: tuple[str, ...] = ()  #: "slowly"
    heading: Heading | None = None
    then: tuple[Deed, ...] = ()  #: what it does after, in order
    relations: tuple[Relation, ...] = ()
    member: str | None = None  #: its name in the cast, when it has one
    invented: bool = False  #: set dressing nobody asked for
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something said."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    id: str = ""  #: "shot-1.line-1"
    speaker: str  #: a name in the cast
    text: str  #: as captions show it
    spoken: str | None = None  #: as a voice reads it, where that differs: "F B I agents"
    language: str = ""  #: "en", "zh", else a BCP 47 tag; told from the text where an edit leaves it out
    manner: tuple[str, ...] = ()  #: "whispers", "angrily"
    start: Seconds
    end: Seconds  #: of the slot it must fit, not of the voice
    off_screen: bool = False
    translated: bool | None = None  #: None: no need; False: no translator, it stays in its own language
    original: str | None = None  #: before it was translated
    spans: tuple[Span, ...] = ()

    @property
    def seconds(self) -> Seconds:
        """How long its slot is."""
        return Seconds(self.end - self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A sound that happens."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    id: str = ""  #: "shot-1.effect-1"
    name: str  #: an entry of effects.toml, or the words of the prompt: "footsteps", "thunder"
    said: str = ""  #: the words it was read from: "footsteps on wet gravel"
    start: Seconds
    end: Seconds
    implied: bool = False  #: nobody said it; an action or a place brings it along
    spans: tuple[Span, ...] = ()

    @property
    def seconds(self) -> Seconds:
        """How long it lasts."""
        return Seconds(self.end - self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Music:
    """Music as it was wished for."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    said: str  #: the words it was read from
    genre: str | None = None  #: "lo-fi", "orchestral"
    mood: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    tempo: Literal["slow", "medium", "fast"] | None = None
    in_scene: bool = False  #: heard by the characters: a radio, a band
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CastMember:
    """A character, the same in every shot."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    name: str
    id: str = ""  #: "cast.anna"
    description: str = ""
    gender: Literal["female", "male", "unknown"] = "unknown"
    age: Literal["child", "young", "adult", "old", "unknown"] = "unknown"
    language: str | None = None  #: the one they speak, when the prompt says so
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """What one camera sees and hears without a cut."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _FORBID
    id: str = ""  #: "shot-1", counted from 1
    index: int  #: 0-based
    start: Seconds
    seconds: Seconds
    text: str = ""  #: the words it was read from
    entrance: Entrance = "cut"  #: how it follows the shot before
    exit: Exit = "cut"  #: how it ends: "fade" is to black
    framing: Framing = "wide"
    angle: Angle = "eye"
    lens: Lens = Lens()
    camera: Camera = Camera()
    pace: Pace = "normal"
    place: str = "open"  #: "forest", "beach"; "open" follows light, weather and mood alone
    setting: str = ""  #: the place as the prompt says it: "a redwood grove"
    season: Season | None = None
    era: str | None = None  #: "1920s", "medieval"
    time_of_day: TimeOfDay = "afternoon"
    weather: Weather = "clear"
    light: tuple[str, ...] = ()  #: "bioluminescent", "backlit", "neon"
    mood: tuple[str, ...] = ()  #: "magical", "tense"
    subjects: tuple[Subject, ...] = ()
    dialogue: tuple[Line, ...] = ()
    effects: tuple[Effect, ...] = ()
    ambience: tuple[str, ...] = ()  #: "crickets", "surf", "rain", "wind"
    music: Music | None = None
    on_screen_text: tuple[str, ...] = ()
    continues: bool = False  #: same place and cast as the shot before
    #: Where each field was said ("place", "move", "time_of_day"); one that is missing was not said.
    sources: dict[str, tuple[Span, ...]] = field(default_factory=dict[str, tuple[Span, ...]])
    spans: tuple[Span, ...] = ()


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
    language: str = "en"  #: of the prompt
    prompts: tuple[str, ...] = ()  #: what was asked, as it was sent; spans point into it
    style: str = "cinematic"  #: an entry of styles.toml
    look: tuple[str, ...] = ()  #: style and medium in the prompt's words: "film grain", "claymation"
    palette: tuple[str, ...] = ()  #: colour words
    cast: tuple[CastMember, ...] = ()
    shots: tuple[Shot, ...]
    excluded: tuple[str, ...] = ()  #: what must not be there, from the negative prompt
    adherence: float = 0.5  #: 0..1, from cfg_scale
    notes: tuple[Note, ...] = ()
    planner: str = "grammar"  #: "grammar", or the model that wrote it
    version: int = 1
