"""A card: an upright picture in the world that the camera moves past. Painted once, drawn by one affine map.

Its picture repeats sideways, so a camera that travels never runs out of forest. Depth of field is baked in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from soundstage.render.previz.canvas import SHARP_BLUR_PX, Canvas, disc_blur

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.view import View

PAD_PX = 2  #: columns repeated beyond each end, so that a seam between two copies has no hole


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A layer that is one picture at one depth."""

    depth_m: float  #: its world z
    left_m: float  #: world x of the first column after the pad
    top_m: float  #: world y of the first row
    px_per_m: float
    image: NDArray[np.float32]  #: (h, PAD_PX + w + PAD_PX, 4) premultiplied; alpha 0 adds light
    focus: Literal["back", "full"] = "back"
    drift_m_s: float = 0.0  #: sideways, as mist does
    breath: float = 0.0  #: share by which its opacity swells and falls over eight seconds

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw as many copies side by side as the frame sees."""
        if self.depth_m - view.eye_m[2] < 0.1:
            return
        period_m = (self.image.shape[1] - 2 * PAD_PX) / self.px_per_m
        left = self.left_m + self.drift_m_s * moment.t_s
        first = view.plane_affine(self.depth_m, left, self.top_m, self.px_per_m)
        pace = float(math.hypot(first[0, 0], first[1, 0])) * self.px_per_m * period_m
        opacity = 1 + self.breath * math.sin(moment.t_s * 0.8 + self.depth_m)
        # Which copies reach into the frame: where its first column lands, in periods.
        slack = canvas.height * abs(math.sin(view.roll_rad))
        start = float(first[0, 2])
        low = math.floor((-slack - start) / pace)
        high = math.floor((canvas.width + slack - start) / pace)
        for copy in range(low, high + 1):
            x_m = left + copy * period_m - PAD_PX / self.px_per_m
            affine = view.plane_affine(self.depth_m, x_m, self.top_m, self.px_per_m)
            canvas.over_warped(self.image, affine, opacity=opacity)


class CardPainter:
    """Paints a card in metres: strokes and ellipses that cross an end come back at the other."""

    def __init__(
        self, *, z_m: float, left_m: float, top_m: float, width_m: float, height_m: float, px_per_m: float
    ) -> None:
        self.z_m = z_m
        self.left_m = left_m
        self.top_m = top_m
        self.width = max(round(width_m * px_per_m), 8)
        # The period must be whole pixels.
        self.px_per_m = self.width / width_m
        self.canvas = Canvas(self.width, max(math.ceil(height_m * self.px_per_m), 8))

    def px(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Return the pixel of a world point in the card's plane."""
        return (x_m - self.left_m) * self.px_per_m, (self.top_m - y_m) * self.px_per_m

    def strokes(self, strokes: Sequence[Sequence[float]] | NDArray[np.floating]) -> None:
        """Draw strokes, wrapped sideways. Their pixels are those of `px`."""
        self._wrapped(np.asarray(strokes, np.float32), (0, 2, 4), self.canvas.strokes)

    def ellipses(self, ellipses: Sequence[Sequence[float]] | NDArray[np.floating]) -> None:
        """Draw soft ellipses and leaves, wrapped sideways."""
        self._wrapped(np.asarray(ellipses, np.float32), (0,), self.canvas.ellipses)

    def _wrapped(self, rows: NDArray[np.float32], columns: tuple[int, ...], draw: object) -> None:
        if not len(rows):
            return
        copies = np.repeat(rows, 3, axis=0)  # beside each other, so that the order of drawing is kept
        shift = np.tile(np.array([-self.width, 0, self.width], np.float32), len(rows))
        for column in columns:
            copies[:, column] += shift
        assert callable(draw)
        draw(copies)

    def finish(self, *, blur_px: float, drift_m_s: float = 0.0, breath: float = 0.0) -> Card:
        """Blur by a disc (radius in this card's pixels), wrapped sideways, and return the card."""
        margin = min(math.ceil(blur_px) + 8, self.width)
        wide = cv2.copyMakeBorder(self.canvas.image(), 0, 0, margin, margin, cv2.BORDER_WRAP)
        blurred = disc_blur(np.asarray(wide, np.float32), min(blur_px, SHARP_BLUR_PX))
        body = blurred[:, margin - PAD_PX : margin + self.width + PAD_PX]
        return Card(
            depth_m=self.z_m,
            left_m=self.left_m,
            top_m=self.top_m,
            px_per_m=self.px_per_m,
            image=body,
            drift_m_s=drift_m_s,
            breath=breath,
        )
