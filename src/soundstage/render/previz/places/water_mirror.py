"""What level water mirrors: sky and scenery seen from under its surface, the picture turned upside down.

Knows no ripple: whoever asks moves the picture about.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.kernels.sky import PAINT
from soundstage.render.previz.sky import DISC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.scene import Layer, Moment
    from soundstage.render.previz.sky import Sky
    from soundstage.render.previz.view import View

f32 = np.float32


def calm_sky(sky: Sky, rough: float) -> Sky:
    """Return the sky as rough water shows it: its sun spread, as glitter is drawn by itself."""
    paint = sky.paint.copy()
    paint[PAINT["disc"]] = DISC / (1 + 30 * rough)
    paint[PAINT["sun"] : PAINT["sun"] + 3] *= f32(0.55 / (1 + 4 * rough))
    return replace(sky, paint=paint)


def mirrored(view: View) -> View:
    """Return the camera under the surface that sees what the true one sees in it, upside down."""
    x, y, z = view.eye_m
    return replace(view, eye_m=(x, -y, z), pitch_rad=-view.pitch_rad, roll_rad=-view.roll_rad)


def mirror_image(
    layers: Sequence[Layer], view: View, moment: Moment, *, width: int, height: int, sigma_px: float
) -> NDArray[np.float32]:
    """Return what lies above level water as it shows in it: (height, width, 3) under the whole of `view`."""
    small = mirrored(view.scaled(width / view.width_px))
    small = replace(small, width_px=width, height_px=height)
    canvas = Canvas(width, height, scale=0.25)
    for layer in layers:
        layer.draw(canvas, small, moment)
    image = cv2.flip(cv2.merge(list(canvas.planes)), 0)
    if sigma_px > 0.3:
        image = cv2.GaussianBlur(image, (0, 0), max(0.35 * sigma_px, 0.3), sigmaY=sigma_px)
    return np.asarray(image, f32)
