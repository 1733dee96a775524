"""The shapes of a scene: what a layer, a place and a subject builder are, and what they are told.

A shot becomes a Scene: layers sorted far to near, a light, a camera path. Layers are built once and drawn
once per frame, from several threads at a time: `draw` must not change the layer, nor anything but the canvas.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

import numpy as np

from soundstage.render.previz.repertoire import Kind, kind_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.film import FrameSize, LipTrack, Shot, Subject
    from soundstage.render.previz.camera import CameraPath
    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.light import Light
    from soundstage.render.previz.view import View

LAMP_COLUMNS = 7  #: x y z (m) · r g b · intensity
NO_LAMPS: NDArray[np.float32] = np.zeros((0, LAMP_COLUMNS), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One frame's place in the shot."""

    index: int  #: 0-based
    frame_count: int
    t_s: float  #: of the scene: index / fps, slower in slow motion
    progress: float  #: 0 at the first frame, 1 at the last
    lamps: NDArray[np.float32] = field(default_factory=lambda: NO_LAMPS)
    #: (M, LAMP_COLUMNS): every small light of the scene at this moment, so that any layer can be lit by it


class Layer(Protocol):
    """Something drawn into the picture. Immutable once built."""

    @property
    def depth_m(self) -> float:
        """How far away it stands at the start; farther layers are drawn first."""
        ...

    @property
    def focus(self) -> Literal["back", "full"]:
        """Into which canvas it goes.

        "back": the half-resolution one, for all that is out of focus; it lies under every full layer.
        "full": the full-resolution one. A blurred foreground is "full" too, through `canvas.scratch`.
        """
        ...

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw one frame. `view` is in the pixels of `canvas`."""
        ...


@runtime_checkable
class LampSource(Protocol):
    """A layer that also lights others. Its lamps are asked for once per frame, before anything is drawn."""

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return (M, LAMP_COLUMNS)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What subjects stand on."""

    height_m: float = 0.0
    wetness: float = 0.0  #: 0 dry, 1 a mirror
    albedo: tuple[float, float, float] = (0.2, 0.2, 0.2)
    stage_m: float  #: z of the plane the subjects stand in at the shot's start; the camera focuses there
    half_width_m: float  #: half of what the frame sees across in that plane

    def spot(self, index: int, count: int) -> tuple[float, float, float]:
        """Return where subject `index` of `count` stands when the shot starts: x, y, z under its middle.

        A lead that travels is at this point plus `SetContext.travel_m_s` times t.
        One alone stands a little off the middle, two on the thirds, more are spread, every other one farther.
        """
        assert 0 <= index < count, (index, count)
        if count == 1:
            return (-0.10 * self.half_width_m, self.height_m, self.stage_m)
        across = -1.0 / 3 + (2.0 / 3) * index / (count - 1)
        step_back = 0.12 * self.stage_m * (index % 2)
        return (
            across * self.half_width_m * (1 + 0.12 * (index % 2)),
            self.height_m,
            self.stage_m + step_back,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SetContext:
    """All that a builder is told."""

    shot: Shot
    size: FrameSize
    fps: int
    frame_count: int
    seed: int
    light: Light
    camera: CameraPath
    style: str = "cinematic"
    palette: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    travel_m_s: tuple[float, float, float] = (0.0, 0.0, 0.0)
    #: velocity of the lead subject; the camera goes with it, so a place must not end
    lips: tuple[LipTrack, ...] = ()
    #: how mouths move, at `moment.index / fps`: speech does not slow down with the scene

    @property
    def seconds(self) -> float:
        """Return how long the shot lasts."""
        return self.frame_count / self.fps

    @property
    def start(self) -> View:
        """Return the camera at the first frame, in full-resolution pixels."""
        return self.camera.view(0.0, 0.0)

    def rng(self, name: str) -> np.random.Generator:
        """Return a generator of the film's seed and this name alone, so layers are independent."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    def kind_of(self, subject: Subject) -> Kind:
        """Return the kind that builds a subject, with its parameters."""
        return kind_of(subject)

    def wants(self, *words: str) -> bool:
        """Return whether the shot's light, mood or subjects' attributes have any of these words."""
        said = {*self.shot.light, *self.shot.mood, *(a for s in self.shot.subjects for a in s.attributes)}
        return not said.isdisjoint(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a place builder returns."""

    layers: tuple[Layer, ...]
    ground: Ground


PlaceBuilder = Callable[[SetContext], Place]  #: as "module:function" in places.toml
SubjectBuilder = Callable[["Subject", int, SetContext, Ground], Sequence[Layer]]
#: (subject, its index in the shot, context, ground), as "module:function" in kinds.toml
ExtraBuilder = Callable[[SetContext, Ground], Sequence[Layer]]
#: weather, drifting light: asked in every shot, may return nothing; [[extras]] in places.toml


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A shot, ready to draw."""

    layers: tuple[Layer, ...]  #: back ones first, then full ones, each far to near
    light: Light
    camera: CameraPath
    rate: float = 1.0  #: seconds that pass in the scene in one second of film
    notes: tuple[str, ...] = ()  #: what stands in for what
