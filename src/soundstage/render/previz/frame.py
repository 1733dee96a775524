"""One frame of a scene, from moment to bytes. Knows no thread and no other frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from soundstage.render.previz.canvas import disc_blur
from soundstage.render.previz.scene import NO_LAMPS, LampSource, Moment, Scene
from soundstage.render.previz.styles.style import Tick, style_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.engine import Brief
    from soundstage.render.previz.canvas import Canvas, CanvasSet
    from soundstage.render.previz.view import View

NEARER = 0.8  #: of the lead's distance: what is nearer stands before it, and has a focus of its own
LEAST_SOFT_PX = 1.2
SHARP_SMEAR = 0.008  #: of the frame's height between two frames: less is not seen


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
    # What lies at the lead's plane is drawn sharp: while the focus is elsewhere, the lens makes up for it.
    soft_px = _lead_blur_px(scene, full_view, moment.progress)
    for layer in scene.layers:
        if layer.focus == "full":
            if soft_px and layer.depth_m < NEARER * scene.camera.focus_m:
                _defocus(canvases.full, soft_px)
                soft_px = 0.0
            layer.draw(canvases.full, full_view, moment)
    if soft_px:
        _defocus(canvases.full, soft_px)
    video = canvases.full.finish(scene.light.grade, seed=brief.seed * 7919 + index * 104729)
    before = scene.camera.view(
        max(moment.progress - 1 / max(bare.frame_count - 1, 1), 0.0), moment.t_s, hand_s=index / brief.fps
    )
    _smear(video, before, full_view)
    return style.finish(video, Tick(index=index, t_s=index / brief.fps, seed=brief.seed))


def _lead_blur_px(scene: Scene, view: View, progress: float) -> float:
    """Return the blur of the lead's plane, px of the full canvas; 0 but in a rack focus."""
    if not any("focus" in leg.channels for leg in scene.camera.legs):
        return 0.0
    blur = float(view.coc_px(scene.camera.distance_m(progress)))
    return blur if blur > LEAST_SOFT_PX else 0.0


def _defocus(canvas: Canvas, radius_px: float) -> None:
    """Blur all that is on a canvas, at half size."""
    image = cv2.merge([cv2.resize(p, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for p in canvas.rgb])
    soft = disc_blur(np.asarray(image, np.float32), radius_px / 2)
    for plane, part in zip(canvas.planes, cv2.split(soft), strict=True):
        cv2.resize(part, (canvas.width, canvas.height), dst=plane, interpolation=cv2.INTER_LINEAR)


def _smear(video: NDArray[np.uint8], before: View, now: View) -> None:
    """Smear a frame along a fast pan or tilt, as a shutter does; hands and slow moves stay sharp."""
    rows, width = now.height_px, now.width_px
    across = abs(now.yaw_rad - before.yaw_rad) * now.focal_px / 2
    along = abs(now.pitch_rad - before.pitch_rad) * now.focal_px / 2
    if max(across, along) < SHARP_SMEAR * rows:
        return
    size = (int(min(across, 0.2 * width)) + 1, int(min(along, 0.2 * rows)) + 1)
    video[:rows] = cv2.blur(video[:rows], size)
    chroma = video[rows:].reshape(2, rows // 2, width // 2)
    for plane in chroma:
        plane[:] = cv2.blur(plane, (size[0] // 2 + 1, size[1] // 2 + 1))
