"""What every engine must keep: subclass it and name your class."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any, ClassVar

from soundstage.film import FrameSize, Seconds, Shot, Subject
from soundstage.render.engine import Brief, Engine, EngineSpec, Workplace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


class EngineContract:
    """What every engine must keep. Set `engine_class`; override `sizes` if small frames are refused."""

    engine_class: ClassVar[type[Engine]]
    sizes: ClassVar[tuple[FrameSize, ...]] = (
        FrameSize(width=128, height=72),
        FrameSize(width=72, height=128),
        FrameSize(width=96, height=96),
    )
    frame_count: ClassVar[int] = 5

    def shot(self) -> Shot:
        """Return the shot that the suite renders."""
        firefly = Subject(noun="firefly", kind="firefly", count=3)
        return Shot(
            index=0,
            start=Seconds(0),
            seconds=Seconds(1),
            text="fireflies in a forest",
            place="forest",
            time_of_day="twilight",
            subjects=(firefly,),
        )

    def brief(self, size: FrameSize, seed: int = 7) -> Brief:
        """Return the brief that the suite renders with."""
        return Brief(size=size, fps=24, frame_count=self.frame_count, seed=seed, style="cinematic")

    def opened(self, folder: Path) -> Engine:
        """Return the engine, opened."""
        engine = self.engine_class(Workplace(cache_dir=folder, workers=2))
        engine.check()
        engine.open()
        return engine

    def test_spec_is_whole(self) -> None:
        """An engine says its name, version, limits and what its work may be called."""
        spec = self.engine_class.spec
        assert isinstance(spec, EngineSpec)
        assert spec.name, spec
        assert spec.version, spec
        assert spec.made_by, spec
        assert spec.fps, spec
        assert spec.max_seconds > 0, spec

    def test_module_imports_light(self) -> None:
        """Listing engines must not load what renders."""
        module = self.engine_class.__module__
        heavy = {"numba", "cv2", "torch", "diffusers", "av", "scipy"}
        code = f"import sys, {module}; print(sorted({heavy!r} & set(sys.modules)))"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert told.stdout.strip() == "[]", f"importing {module} loads {told.stdout.strip()}"

    def test_frames_are_complete_and_in_order(self, tmp_path: Path) -> None:
        """Exactly `frame_count` frames come, numbered from 0, in the size that was asked."""
        engine = self.opened(tmp_path)
        try:
            for size in self.sizes:
                frames = _frames(engine.render(self.shot(), self.brief(size)), size)
                assert len(frames) == self.frame_count, (size, len(frames))
        finally:
            engine.close()

    def test_same_seed_same_pixels(self, tmp_path: Path) -> None:
        """An engine that calls itself repeatable repeats itself, also in a fresh instance."""
        if not self.engine_class.spec.repeatable:
            return
        told: list[bytes] = []
        for _ in range(2):
            engine = self.opened(tmp_path)
            try:
                frames = _frames(engine.render(self.shot(), self.brief(self.sizes[0])), self.sizes[0])
            finally:
                engine.close()
            told.append(b"".join(frame.tobytes() for frame in frames))
        assert told[0] == told[1]

    def test_stops_when_asked(self, tmp_path: Path) -> None:
        """Closing the iterator early ends the work, and the engine renders again afterwards."""
        engine = self.opened(tmp_path)
        try:
            frames: Any = engine.render(self.shot(), self.brief(self.sizes[0]))
            next(frames)
            frames.close()
            again = _frames(engine.render(self.shot(), self.brief(self.sizes[0])), self.sizes[0])
            assert len(again) == self.frame_count
        finally:
            engine.close()

    def test_close_is_safe_twice(self, tmp_path: Path) -> None:
        """An engine may be closed twice, and closed without having rendered."""
        engine = self.opened(tmp_path)
        engine.close()
        engine.close()


def _frames(runs: Iterator[Any], size: FrameSize) -> list[NDArray[np.uint8]]:
    """Return single frames, having checked number, shape and type."""
    frames: list[NDArray[np.uint8]] = []
    for run in runs:
        assert run.first == len(frames), f"run starts at {run.first}, expected {len(frames)}"
        assert (run.rgb is None) != (run.yuv420 is None), "set exactly one of rgb and yuv420"
        array = run.yuv420 if run.rgb is None else run.rgb
        shape = (size.height * 3 // 2, size.width) if run.rgb is None else (size.height, size.width, 3)
        assert array.shape[1:] == shape, f"{array.shape[1:]} is not {shape}"
        assert str(array.dtype) == "uint8", array.dtype
        frames.extend(array)
    return frames
