"""Stage 2 of 5, the contract: Shot in, Frames out. Knows no queue, no file, no encoder.

An engine is one class, found through the entry-point group `soundstage.engines`. Its module must import
in a few milliseconds: what is heavy loads in `open`. It must pass `soundstage.testing.EngineContract`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from soundstage.film import NOTHING_SEEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from soundstage.film import CastMember, Frames, FrameSize, LipTrack, Seconds, Seen, Shot


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSpec:
    """What an engine is and can do."""

    name: str  #: as in `engine: "previz"`
    version: str  #: changes whenever the same shot and seed give other pixels
    made_by: str  #: goes into every film: "procedural previz"
    max_size: FrameSize  #: longest sides it can render
    max_seconds: Seconds  #: longest shot
    fps: tuple[int, ...]
    repeatable: bool  #: same shot, brief and seed give the same pixels on one machine
    sound: Literal["none", "own"] = "none"
    languages: tuple[str, ...] = ()  #: languages its own voices speak


#: entrances whose frames show the shot before, too
JOINED = frozenset({"dissolve", "wipe", "fade"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What an engine must know beside the shot."""

    size: FrameSize
    fps: int
    frame_count: int  #: exactly this many frames must come
    seed: int  #: of the film; two shots of one character must agree, so it is not per shot
    style: str
    palette: tuple[str, ...] = ()
    cast: tuple[CastMember, ...] = ()
    excluded: tuple[str, ...] = ()
    adherence: float = 0.5
    #: the shot before, where this one comes out of it by a dissolve, a wipe or a fade; None behind a cut
    before: Shot | None = None
    #: how mouths move in this shot, seconds from its start; empty where nobody is heard to speak
    lips: tuple[LipTrack, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """What the composition root hands to an engine."""

    cache_dir: Path  #: compiled kernels and the like; may be wiped at any time
    workers: int  #: threads it may keep busy


class Engine(ABC):
    """Renders shots. Subclasses must set `spec` and write `check`, `open`, `render` and `close`."""

    spec: ClassVar[EngineSpec]

    def __init__(self, workplace: Workplace) -> None:
        self.workplace = workplace

    @abstractmethod
    def check(self) -> None:
        """Return if this engine can run here; must be quick.

        Raises:
            EngineUnavailable: it cannot; the message says why and what to do.
        """

    @abstractmethod
    def open(self) -> None:
        """Load what is heavy. Called once before the first `render`."""

    @abstractmethod
    def render(self, shot: Shot, brief: Brief) -> Iterator[Frames]:
        """Yield the shot's frames in order, a few at a time, `brief.frame_count` in all.

        The caller may stop early by closing the iterator; work in flight must end then.

        Raises:
            EngineBroke: it cannot go on; the message says why.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of what `open` took. Must be safe to call twice."""

    def stand_ins(self, shot: Shot) -> tuple[str, ...]:  # noqa: ARG002 - most engines draw what is asked
        """Return a sentence for each thing that stands in for what was asked; may be overridden."""
        return ()

    def foresee(self, shot: Shot, brief: Brief) -> Seen:  # noqa: ARG002 - most engines cannot tell
        """Return what will be seen and must be heard with it, in seconds from the shot's start.

        Called after `open`, before `render`, and must be quick; may be overridden. Where nothing is told,
        steps are heard at a plain pace and thunder at random.
        """
        return NOTHING_SEEN
