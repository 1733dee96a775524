"""A canvas: planes of linear HDR light that layers draw into, and the film that comes out of them.

One canvas belongs to one frame in flight; nothing here is shared between threads. Knows no layer and no shot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from soundstage.render.previz.kernels.composite import (
    add_light,
    darken_by,
    draw_over,
    draw_tile_over,
    shrink_bright,
)
from soundstage.render.previz.kernels.discs import add_bokeh, add_glows, draw_ellipses
from soundstage.render.previz.kernels.grade import grade
from soundstage.render.previz.kernels.stretch import draw_stretched
from soundstage.render.previz.kernels.strokes import draw_strokes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.light import Grade

f32 = np.float32
NO_DEPTH = np.zeros((1, 1), np.float32)
BLOOM_SIGMA = (0.0011, 0.0083, 0.028)  #: of the frame's longer side: lamp, halo, veil
BLOOM_GAIN = (0.5, 0.6, 0.5)
MOST_TILT_PX = 0.1  #: a card that leans no more than this over its length is drawn upright
SHARP_BLUR_PX = 7.0  #: a disc kernel beyond this radius is worked at lower resolution


@cache
def disc_kernel(radius_px: float) -> NDArray[np.float32]:
    """Return a normalised anti-aliased disc, the shape of an open aperture."""
    n = math.ceil(radius_px)
    y, x = np.mgrid[-n : n + 1, -n : n + 1]
    disc = np.clip(radius_px + 0.5 - np.hypot(x, y), 0, 1)
    return (disc / disc.sum()).astype(np.float32)


def disc_blur(image: NDArray[np.float32], radius_px: float) -> NDArray[np.float32]:
    """Blur a premultiplied (H, W, C) image with a true disc, as a lens does.

    A large radius is worked at lower resolution, and **the result stays at that resolution**: the
    caller reads its scale from the shape.
    """
    if radius_px < 0.7:
        return image
    shrink = 1
    while radius_px / shrink > SHARP_BLUR_PX:
        shrink *= 2
    h, w = image.shape[:2]
    small = image
    if shrink > 1:
        small = cv2.resize(image, (max(w // shrink, 8), max(h // shrink, 8)), interpolation=cv2.INTER_AREA)
    kernel = disc_kernel(round(radius_px / shrink, 2))
    return np.ascontiguousarray(cv2.filter2D(small, -1, kernel, borderType=cv2.BORDER_REPLICATE), np.float32)


def _rows(numbers: Sequence[Sequence[float]] | NDArray[np.floating]) -> NDArray[np.float32]:
    return np.ascontiguousarray(numbers, np.float32)


class Canvas:
    """Planes (3, H, W) of linear light and their coverage (H, W), float32; light is unbounded above.

    Attributes:
        planes: red, green, blue.
        alpha: coverage that strokes and ellipses leave; of use on a scratch or a card, not on the frame.
        scale: size relative to the frame: 1 full, 0.5 the back canvas, 0.25 a scratch for blurred things.
    """

    def __init__(self, width: int, height: int, *, scale: float = 1.0) -> None:
        self.width = width
        self.height = height
        self.scale = scale
        self.planes: NDArray[np.float32] = np.zeros((3, height, width), np.float32)
        self.alpha: NDArray[np.float32] = np.zeros((height, width), np.float32)
        self._scratches: dict[float, Canvas] = {}

    @property
    def rgb(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Return the three planes (H, W), as kernels take them."""
        return self.planes[0], self.planes[1], self.planes[2]

    def clear(self, colour: tuple[float, float, float] | None = None) -> None:
        """Fill with a colour (opaque), or with nothing."""
        self.planes[:] = 0 if colour is None else np.asarray(colour, np.float32)[:, None, None]
        self.alpha[:] = 0 if colour is None else 1

    def strokes(
        self,
        strokes: Sequence[Sequence[float]] | NDArray[np.floating],
        *,
        depth: NDArray[np.float32] | None = None,
        bias: float = 0.0,
    ) -> None:
        """Draw tapered strokes (N, STROKE_COLUMNS) in order; with `depth` (H, W), what is farther hides."""
        if len(strokes):
            has_depth = depth is not None
            draw_strokes(
                _rows(strokes), *self.rgb, self.alpha, depth if has_depth else NO_DEPTH, has_depth, f32(bias)
            )

    def ellipses(self, ellipses: Sequence[Sequence[float]] | NDArray[np.floating]) -> None:
        """Draw soft ellipses and leaves (N, ELLIPSE_COLUMNS) in order."""
        if len(ellipses):
            draw_ellipses(_rows(ellipses), *self.rgb, self.alpha)

    def bokeh(self, discs: Sequence[Sequence[float]] | NDArray[np.floating]) -> None:
        """Add out-of-focus lights (N, BOKEH_COLUMNS)."""
        if len(discs):
            add_bokeh(_rows(discs), *self.rgb)

    def glows(self, glows: Sequence[Sequence[float]] | NDArray[np.floating]) -> None:
        """Add soft round glows (N, GLOW_COLUMNS); wide ones belong on a scratch of 1/8, see `add`."""
        if len(glows):
            add_glows(_rows(glows), *self.rgb)

    def over(self, card: NDArray[np.float32], *, opacity: float = 1.0) -> None:
        """Put a premultiplied RGBA card (H, W, 4) of the canvas's size over what is there."""
        flat = np.ascontiguousarray(card, np.float32).reshape(self.height, self.width * 4)
        draw_over(*self.rgb, flat, f32(opacity))

    def over_warped(
        self,
        card: NDArray[np.float32],
        affine: NDArray[np.float64],
        *,
        opacity: float = 1.0,
        border: int = cv2.BORDER_CONSTANT,
    ) -> None:
        """Put a premultiplied RGBA card (h, w, 4) over what is there, through a 2 x 3 map card -> canvas px.

        `border` is what lies beyond the card's edge: nothing, BORDER_REPLICATE or BORDER_WRAP.
        """
        tilt_px = abs(affine[0, 1]) * card.shape[0] + abs(affine[1, 0]) * card.shape[1]
        if tilt_px < MOST_TILT_PX and border == cv2.BORDER_CONSTANT:
            left, top = -affine[0, 2] / affine[0, 0], -affine[1, 2] / affine[1, 1]
            self._stretch(card, left, top, 1 / affine[0, 0], 1 / affine[1, 1], opacity)
            return
        warped = cv2.warpAffine(
            card, affine, (self.width, self.height), flags=cv2.INTER_LINEAR, borderMode=border
        )
        self.over(np.asarray(warped, np.float32), opacity=opacity)

    def over_tile(self, tile: NDArray[np.float32], x_px: int, y_px: int, *, opacity: float = 1.0) -> None:
        """Put a planar premultiplied tile (4, h, w) with its top left corner at (x, y); clipped."""
        draw_tile_over(*self.rgb, np.ascontiguousarray(tile, np.float32), int(x_px), int(y_px), f32(opacity))

    def add(self, light: NDArray[np.float32], gain: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> None:
        """Add light (h, w, 3) of any size, stretched over the canvas."""
        if light.shape[:2] != (self.height, self.width):
            light = np.asarray(
                cv2.resize(light, (self.width, self.height), interpolation=cv2.INTER_LINEAR), np.float32
            )
        flat = np.ascontiguousarray(light, np.float32).reshape(self.height, self.width * 3)
        add_light(*self.rgb, flat, f32(gain[0]), f32(gain[1]), f32(gain[2]))

    def darken(self, mask: NDArray[np.float32], colour: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> None:
        """Multiply toward a colour where the mask (h, w), 0..1, of any size is set: shadows."""
        if mask.shape != (self.height, self.width):
            mask = np.asarray(
                cv2.resize(mask, (self.width, self.height), interpolation=cv2.INTER_LINEAR), np.float32
            )
        mask = np.ascontiguousarray(mask, np.float32)
        darken_by(*self.rgb, mask, f32(colour[0]), f32(colour[1]), f32(colour[2]))

    def scratch(self, scale: float) -> Canvas:
        """Return an empty canvas `scale` times as large, for what will be blurred (see `over_scratch`).

        There is one per scale: finish with it before asking for the same scale again. Its view is
        `view.scaled(scale)`.
        """
        if scale not in self._scratches:
            self._scratches[scale] = Canvas(
                math.ceil(self.width * scale), math.ceil(self.height * scale), scale=self.scale * scale
            )
        scratch = self._scratches[scale]
        scratch.clear()
        return scratch

    def over_scratch(self, scratch: Canvas, *, blur_px: float = 0.0, opacity: float = 1.0) -> None:
        """Blur a scratch with a disc (radius in the scratch's pixels) and put it over what is there."""
        card = scratch.image()
        if blur_px >= 0.7:
            card = disc_blur(card, min(blur_px, SHARP_BLUR_PX))
        self._stretch_over(card, opacity)

    def add_scratch(self, scratch: Canvas, gain: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> None:
        """Add a scratch's light, stretched over the canvas."""
        light = np.zeros((scratch.height, scratch.width, 4), np.float32)
        np.multiply(scratch.planes.transpose(1, 2, 0), np.asarray(gain, np.float32), out=light[..., :3])
        self._stretch_over(light, 1.0)

    def _stretch_over(self, card: NDArray[np.float32], opacity: float) -> None:
        """Put a premultiplied RGBA card of any size over the whole canvas."""
        step_x, step_y = card.shape[1] / self.width, card.shape[0] / self.height
        self._stretch(card, step_x / 2 - 0.5, step_y / 2 - 0.5, step_x, step_y, opacity, endless=True)

    def _stretch(
        self,
        card: NDArray[np.float32],
        left: float,
        top: float,
        step_x: float,
        step_y: float,
        opacity: float,
        *,
        endless: bool = False,
    ) -> None:
        flat = np.ascontiguousarray(card, np.float32).reshape(card.shape[0], card.shape[1] * 4)
        draw_stretched(*self.rgb, flat, f32(left), f32(top), f32(step_x), f32(step_y), f32(opacity), endless)

    def image(self) -> NDArray[np.float32]:
        """Return a copy as a premultiplied RGBA image (H, W, 4)."""
        return np.asarray(cv2.merge([*self.rgb, self.alpha]), np.float32)

    def fill_from(self, smaller: Canvas) -> None:
        """Replace the light by another canvas's, stretched: the back canvas under the full one."""
        for mine, theirs in zip(self.planes, smaller.planes, strict=True):
            cv2.resize(theirs, (self.width, self.height), dst=mine, interpolation=cv2.INTER_LINEAR)

    def finish(self, grade_: Grade, *, seed: int) -> NDArray[np.uint8]:
        """Develop the frame: bloom, exposure, lens, film curve, grain. Returns I420 (H * 3 / 2, W) bytes.

        Args:
            grade_: how to develop it.
            seed: of the grain; another one for each frame.
        """
        h, w = self.height, self.width
        assert h % 2 == 0, f"4:2:0 needs an even height, not {h}"
        assert w % 2 == 0, f"4:2:0 needs an even width, not {w}"
        video = np.empty((h * 3 // 2, w), np.uint8)
        chroma = video[h:].reshape(2, h // 2, w // 2)
        look = np.array(
            [
                grade_.exposure, grade_.vignette, grade_.grain, grade_.bloom,
                grade_.red_gain, grade_.blue_gain, grade_.saturation, grade_.contrast,
            ],
            np.float32,
        )  # fmt: skip
        bloom = self._bloom(grade_.bloom_threshold)
        grade(*self.rgb, bloom, video[:h], chroma[0], chroma[1], look, np.uint32(seed & 0xFFFFFFFF))
        return video

    def _bloom(self, threshold: float) -> NDArray[np.float32]:
        """Return the light that spreads from bright things, (3, ceil(H/4), ceil(W/4))."""
        h, w = math.ceil(self.height / 4), math.ceil(self.width / 4)
        bright = np.empty((h, w, 3), np.float32)
        shrink_bright(*self.rgb, bright.reshape(h, w * 3), f32(threshold))
        side = max(self.width, self.height)
        near = cv2.GaussianBlur(bright, (0, 0), max(BLOOM_SIGMA[0] * side / 4, 0.3))
        small = cv2.resize(bright, (max(w // 4, 2), max(h // 4, 2)), interpolation=cv2.INTER_AREA)
        halo = cv2.GaussianBlur(small, (0, 0), max(BLOOM_SIGMA[1] * side / 16, 0.3))
        veil = cv2.GaussianBlur(small, (0, 0), max(BLOOM_SIGMA[2] * side / 16, 0.3))
        wide = halo * f32(BLOOM_GAIN[1]) + veil * f32(BLOOM_GAIN[2])
        light = near * f32(BLOOM_GAIN[0]) + cv2.resize(wide, (w, h), interpolation=cv2.INTER_LINEAR)
        return np.ascontiguousarray(light.transpose(2, 0, 1), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasSet:
    """What one frame in flight draws on."""

    full: Canvas
    back: Canvas  #: half resolution

    @classmethod
    def make(cls, width: int, height: int) -> CanvasSet:
        """Return canvases for an even frame size."""
        return cls(full=Canvas(width, height), back=Canvas(width // 2, height // 2, scale=0.5))
