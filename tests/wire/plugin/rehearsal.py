"""The engine `rehearsal`: flat frames at once, and what a prompt commands. A plug-in as a stranger's is.

`[hold NAME]` renders on as long as the file NAME stands in `<cache>/rehearsal/`, `[slow N]` takes N seconds,
`[break]` fails as an engine may, `[bug]` fails as none should, `[crash]` takes the stage down with it.
"""

from __future__ import annotations

import os
import re
import time
from typing import TYPE_CHECKING

from soundstage.errors import EngineBroke
from soundstage.film import Frames, FrameSize, Seconds
from soundstage.render.engine import Engine, EngineSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soundstage.film import Shot
    from soundstage.render.engine import Brief

_COMMAND = re.compile(r"\[(hold|slow|break|bug|crash)(?: +([\w.-]+))?\]")
_BEAT_S = 0.1  #: between two frames of a held shot: each lets the caller's cancel be heard
_LOOK_S = 0.01


class RehearsalEngine(Engine):
    """Grey by the seed; keeps the contract of engines."""

    spec = EngineSpec(
        name="rehearsal",
        version="1",
        made_by="rehearsal",
        max_size=FrameSize(width=3840, height=3840),
        max_seconds=Seconds(60),
        fps=(24, 25, 30, 48, 60),
        repeatable=True,
    )

    def check(self) -> None:
        """It runs everywhere."""

    def open(self) -> None:
        """It loads nothing."""

    def render(self, shot: Shot, brief: Brief) -> Iterator[Frames]:
        """Yield flat frames, one by one, as fast as the prompt allows."""
        import numpy as np

        commands = dict(_COMMAND.findall(shot.text))
        if "break" in commands:
            raise EngineBroke(f"the prompt of shot {shot.index + 1} said [break]")
        if "bug" in commands:
            raise ZeroDivisionError("the prompt said [bug]")
        if "crash" in commands:
            os._exit(23)
        gap_s = float(commands.get("slow") or 0) / brief.frame_count
        flat = np.full((1, brief.size.height * 3 // 2, brief.size.width), 128, np.uint8)
        flat[:, : brief.size.height] = 16 + brief.seed % 200
        for first in range(brief.frame_count):
            if "hold" in commands:
                self._hold(commands["hold"] or "hold", is_last=first == brief.frame_count - 1)
            elif gap_s:
                time.sleep(gap_s)
            yield Frames(first=first, yuv420=flat)

    def _hold(self, name: str, *, is_last: bool) -> None:
        """Return after a beat, or at once when the file is gone; the last frame waits for that."""
        held = self.workplace.cache_dir / "rehearsal" / name
        end = time.monotonic() + _BEAT_S
        while held.exists() and (is_last or time.monotonic() < end):
            time.sleep(_LOOK_S)

    def close(self) -> None:
        """It holds nothing."""
