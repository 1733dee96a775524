"""The name of a finished shot: what must be equal for a clip to be used again. Knows no encoder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soundstage.film import FrameSize

_PLAIN = re.compile(r"[A-Za-z0-9]{1,64}")  # it becomes part of a file's name


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipKey:
    """One shot as pixels: where it stands in the film and all that its pixels depend on."""

    index: int  #: 0-based
    fingerprint: str  #: hash of shot, brief and engine version: letters and digits
    size: FrameSize
    fps: int
    frame_count: int

    def __post_init__(self) -> None:
        assert self.index >= 0, self
        assert _PLAIN.fullmatch(self.fingerprint), self
        assert self.size.width % 2 == 0, self
        assert self.size.height % 2 == 0, self
        assert self.fps > 0, self
        assert self.frame_count > 0, self
