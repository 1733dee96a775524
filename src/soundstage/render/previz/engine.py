"""The door of the previz engine: procedural films on any CPU. Light to import: `open` loads what is heavy."""

from __future__ import annotations

import os
import platform
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from soundstage.errors import EngineBroke, EngineError, EngineUnavailable
from soundstage.film import Frames, FrameSize, Seconds
from soundstage.render.engine import Engine, EngineSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from soundstage.film import Seen, Shot
    from soundstage.render.engine import Brief

SMALLEST_PX = 32
_64_BIT = ("x86_64", "amd64", "aarch64", "arm64")


class PrevizEngine(Engine):
    """Draws shots as layered 2.5D scenes: cards, strokes, meshes and particles in linear HDR light."""

    spec: ClassVar[EngineSpec] = EngineSpec(
        name="previz",
        version="1",
        made_by="procedural previz",
        max_size=FrameSize(width=3840, height=3840),
        max_seconds=Seconds(60.0),
        fps=(24, 25, 30, 48, 60),
        repeatable=True,
    )

    def check(self) -> None:
        """Return if this engine can run here.

        Raises:
            EngineUnavailable: the processor has no compiled kernels.
        """
        machine = platform.machine().lower()
        if machine not in _64_BIT:
            raise EngineUnavailable(
                f"previz compiles its kernels for x86-64 and arm64, this machine is {machine!r}; "
                "choose another engine"
            )

    def open(self) -> None:
        """Load OpenCV, numba and the parts that draw.

        Raises:
            EngineUnavailable: they do not load.
        """
        try:
            _choose_cache(self.workplace.cache_dir)
            import cv2  # noqa: PLC0415 - the list of engines must not wait for it

            for part in ("frame", "staging"):
                import_module(f"soundstage.render.previz.{part}")
        except (ImportError, RuntimeError, OSError) as exc:
            # RuntimeError: numba found no folder to keep compiled kernels in.
            raise EngineUnavailable(f"previz does not load: {exc}") from exc
        # Frames run in parallel; OpenCV's own threads would fight them.
        cv2.setNumThreads(1)

    def render(self, shot: Shot, brief: Brief) -> Iterator[Frames]:
        """Yield the shot's frames in order, one at a time, as I420 planes.

        Raises:
            EngineBroke: the brief is beyond `spec`, or a part failed; the message says which.
        """
        from soundstage.render.previz.canvas import CanvasSet  # noqa: PLC0415 - see `open`
        from soundstage.render.previz.scheduler import run_frames  # noqa: PLC0415
        from soundstage.render.previz.staging import stage_shot  # noqa: PLC0415
        from soundstage.render.previz.transitions import plan_joins  # noqa: PLC0415

        self._refuse_unfit(brief)
        try:
            scene, joins = stage_shot(shot, brief), plan_joins(shot, brief)
            frames = run_frames(
                lambda index, canvases: joins.draw(scene, brief, index, canvases),
                frame_count=brief.frame_count,
                workers=self.workplace.workers,
                make_desk=lambda: CanvasSet.make(brief.size.width, brief.size.height),
            )
            try:
                for index, video in enumerate(frames):
                    yield Frames(first=index, yuv420=video[None])
            finally:
                frames.close()
        except EngineError:
            raise
        except Exception as exc:
            # Whatever breaks in a layer is this engine's fault; the order must fail with a name.
            raise EngineBroke(f"previz broke on shot {shot.index} ({shot.place}): {exc!r}") from exc

    def stand_ins(self, shot: Shot) -> tuple[str, ...]:
        """Return a sentence for each thing that stands in for what was asked."""
        from soundstage.render.previz.repertoire import stand_ins  # noqa: PLC0415 - see `open`

        return stand_ins(shot)

    def foresee(self, shot: Shot, brief: Brief) -> Seen:
        """Return when feet meet the ground and lightning flashes, without a set.

        Raises:
            EngineBroke: a part failed.
        """
        from soundstage.render.previz.foresight import foresee  # noqa: PLC0415 - see `open`

        try:
            return foresee(shot, brief)
        except EngineError:
            raise
        except Exception as exc:
            raise EngineBroke(f"previz broke foreseeing shot {shot.index}: {exc!r}") from exc

    def warm(self, tell: Callable[[str], None]) -> None:
        """Compile every kernel by drawing tiny frames; `tell` hears what is being done.

        Raises:
            EngineUnavailable: what is heavy does not load.
            EngineBroke: a part failed.
        """
        self.open()
        from soundstage.render.previz.warming import warm_kernels  # noqa: PLC0415 - see `open`

        warm_kernels(self, tell)

    def close(self) -> None:
        """Do nothing: a render lets go of its canvases itself."""

    def _refuse_unfit(self, brief: Brief) -> None:
        size, most = brief.size, self.spec.max_size
        if size.width > most.width or size.height > most.height:
            raise EngineBroke(
                f"{size.width}x{size.height} is over {most.width}x{most.height}, the most previz draws; "
                "lower the resolution"
            )
        if size.width % 2 or size.height % 2 or min(size.width, size.height) < SMALLEST_PX:
            raise EngineBroke(
                f"{size.width}x{size.height} does not suit previz: sides must be even, {SMALLEST_PX} at least"
            )


def _choose_cache(cache_dir: Path) -> None:
    """Have numba keep compiled kernels in `cache_dir` when nobody said where and the package is read-only."""
    if os.environ.get("NUMBA_CACHE_DIR") or os.access(Path(__file__).parent, os.W_OK):
        return
    from numba.core import config  # noqa: PLC0415 - the list of engines must not wait for it

    config.CACHE_DIR = str(cache_dir)  # pyright: ignore[reportAttributeAccessIssue] - set by name at its import
