"""How a shot comes out of the one before it and how it ends: dissolves, wipes, fades. Draws no scene itself.

The frames of a dissolve belong to the later shot: it draws the end of the shot before it once more, going on
where that stopped, so that every shot stays a clip of its own. A cut and a match cut have no such frames.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from soundstage.render.previz.frame import draw_frame
from soundstage.render.previz.staging import stage_shot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.film import Entrance, Shot
    from soundstage.render.engine import Brief
    from soundstage.render.previz.canvas import CanvasSet
    from soundstage.render.previz.scene import Scene

#: Seconds that each takes; a cut and a match cut take none.
LASTS_S: Mapping[Entrance, float] = {"dissolve": 0.8, "wipe": 0.6, "fade": 0.9}
EXIT_S = 0.9  #: of a fade to black
MOST_SHARE = 0.4  #: of a shot
SOFT_EDGE = 0.12  #: of a wipe, in frame widths
BLACK = (16, 128)  #: luma and chroma of no light


@dataclass(frozen=True, slots=True, kw_only=True)
class Joins:
    """What happens at both ends of a shot."""

    entrance: Entrance = "cut"
    come_frames: int = 0  #: at the start
    go_frames: int = 0  #: at the end, to black
    frame_count: int
    before: Scene | None = None  #: the shot before
    before_brief: Brief | None = None

    def draw(self, scene: Scene, brief: Brief, index: int, canvases: CanvasSet) -> NDArray[np.uint8]:
        """Draw a frame of a shot, with what its ends make of it."""
        video = draw_frame(scene, brief, index, canvases)
        if index < self.come_frames:
            u = (index + 1) / (self.come_frames + 1)
            if self.before is None or self.before_brief is None:
                video = darken(video, _ease(u))
            else:
                after = self.before_brief.frame_count + index
                old = draw_frame(self.before, self.before_brief, after, canvases)
                video = blend(self.entrance, u, old, video)
        left = self.frame_count - 1 - index
        if left < self.go_frames:
            video = darken(video, _ease(left / self.go_frames))
        return video


def plan_joins(shot: Shot, brief: Brief) -> Joins:
    """Return what happens at both ends of a shot; stages the one before where its frames are needed."""
    most = int(brief.frame_count * MOST_SHARE)
    come = min(round(LASTS_S.get(shot.entrance, 0.0) * brief.fps), most)
    go = min(round(EXIT_S * brief.fps), most) if shot.exit == "fade" else 0
    before = brief.before if come else None
    if come and before is None and shot.entrance != "fade":
        come = 0
    old = None
    if before is not None:
        first, end = (round(float(s) * brief.fps) for s in (before.start, before.start + before.seconds))
        old = replace(brief, frame_count=max(end - first, 1), before=None, lips=())
    return Joins(
        entrance=shot.entrance,
        come_frames=come,
        go_frames=go,
        frame_count=brief.frame_count,
        before=stage_shot(before, old) if before is not None and old is not None else None,
        before_brief=old,
    )


def _ease(u: float) -> float:
    return u * u * (3 - 2 * u)


def darken(video: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """Return a frame, I420, at a share of its light; 0 is black."""
    rows = video.shape[0] * 2 // 3
    out = np.empty_like(video)
    for part, zero in ((slice(0, rows), BLACK[0]), (slice(rows, None), BLACK[1])):
        cv2.convertScaleAbs(video[part], dst=out[part], alpha=share, beta=zero * (1 - share))
    return out


def blend(entrance: Entrance, u: float, old: NDArray[np.uint8], new: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a frame, I420, at 0..1 of the way from the old shot to the new one."""
    if entrance == "fade":
        return darken(old, _ease(1 - 2 * u)) if u < 0.5 else darken(new, _ease(2 * u - 1))
    if entrance == "wipe":
        return _wipe(u, old, new)
    return np.asarray(cv2.addWeighted(old, 1 - _ease(u), new, _ease(u), 0), np.uint8)


def _wipe(u: float, old: NDArray[np.uint8], new: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, width = old.shape[0] * 2 // 3, old.shape[1]
    x = (np.arange(width) + 0.5) / width
    edge = _ease(u) * (1 + SOFT_EDGE)
    line = np.clip((edge - x) / SOFT_EDGE, 0, 1).astype(np.float32)
    # Chroma rows of I420 hold two half rows side by side.
    half = np.concatenate([line[::2], line[::2]])[:width]
    share = np.empty(old.shape, np.float32)
    share[:rows], share[rows:] = line, half
    return (old + (new.astype(np.float32) - old) * share + 0.5).astype(np.uint8)
