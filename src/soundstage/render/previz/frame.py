"""One frame of a scene, from moment to bytes. Knows no thread and no other frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.scene import NO_LAMPS, LampSource, Moment, Scene
from soundstage.render.previz.styles.style import Tick, style_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.engine import Brief
    from soundstage.render.previz.canvas import CanvasSet


def moment_of(index: int, *, frame_count: int, fps: int, rate: float = 1.0) -> Moment:
    """Return when frame `index` is, without lamps; `rate` is how fast time passes in the scene."""
    # Behind the last frame, where a dissolve goes on, time passes and the camera's move is over.
    progress = min(index / (frame_count - 1), 1.0) if frame_count > 1 else 0.0
    return Moment(index=index, frame_count=frame_count, t_s=index / fps * rate, progress=progress)


def draw_frame(scene: Scene, brief: Brief, index: int, canvases: CanvasSet) -> NDArray[np.uint8]:
    """Draw one frame and develop it.

    Args:
        scene: what is seen; not changed.
        brief: size, frame count, fps, seed and style are read.
        index: 0-based.
        canvases: of the brief's size; whatever they hold is lost.

    Returns:
        I420 bytes (H * 3 / 2, W).
    """
    style = style_of(brief.style)
    index = style.hold(index, brief.fps)
    bare = moment_of(index, frame_count=brief.frame_count, fps=brief.fps, rate=scene.rate)
    lit = [layer.lamps(bare) for layer in scene.layers if isinstance(layer, LampSource)]
    lamps = np.concatenate(lit).astype(np.float32) if lit else NO_LAMPS
    moment = Moment(
        index=index, frame_count=bare.frame_count, t_s=bare.t_s, progress=bare.progress, lamps=lamps
    )
    full_view = scene.camera.view(moment.progress, moment.t_s, hand_s=index / brief.fps)
    back_view = full_view.scaled(0.5)
    canvases.back.clear(scene.light.fog_colour)
    for layer in scene.layers:
        if layer.focus == "back":
            layer.draw(canvases.back, back_view, moment)
    canvases.full.fill_from(canvases.back)
    for layer in scene.layers:
        if layer.focus == "full":
            layer.draw(canvases.full, full_view, moment)
    video = canvases.full.finish(scene.light.grade, seed=brief.seed * 7919 + index * 104729)
    return style.finish(video, Tick(index=index, t_s=index / brief.fps, seed=brief.seed))
