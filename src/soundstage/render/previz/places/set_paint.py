"""Painting a flat in metres: boxes, lines, discs, letters, grain in linear light, and the hour's light on it.

A flat is painted once per shot. Local colours come from the place's data; all light from the colour script.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from soundstage.render.previz.scene import SetContext

f32 = np.float32
Mask = NDArray[Any]
SUBPIXEL_BITS = 4
_TURN = np.linspace(0, math.tau, 28, endpoint=False)
CIRCLE = np.column_stack([np.cos(_TURN), np.sin(_TURN)])


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLight:
    """The hour's light as a set painter needs it: arrays (3,) of linear light."""

    key: NDArray[np.float64]
    fill: NDArray[np.float64]
    sky_low: NDArray[np.float64]
    sky_high: NDArray[np.float64]
    glow: NDArray[np.float64]
    darkness: float
    lamp: float  #: how bright a lamp must burn to look lit at this hour's exposure
    sun: NDArray[np.float32]
    wet: float
    white: float

    @classmethod
    def of(cls, ctx: SetContext) -> SetLight:
        """Return what this shot's light is."""
        light = ctx.light
        fog = np.array(light.fog_colour)
        veil = min(light.clouds, 1.0) * 0.4
        return cls(
            key=np.array(light.sun_colour),
            fill=np.array(light.ambient_up),
            sky_low=np.array(light.sky_horizon) * (1 - veil) + fog * veil,
            sky_high=np.array(light.sky_zenith) * (1 - veil) + np.array(light.ambient_up) * veil,
            glow=np.array(light.sky_glow),
            darkness=light.darkness,
            lamp=1.0 / max(light.grade.exposure, 0.5) ** 0.8,
            sun=light.sun_direction,
            wet=light.wet,
            white=light.white,
        )


class Flat:
    """A picture (h, w, 4) that is painted in metres: u to the right, y up from its lower edge."""

    def __init__(self, width_m: float, height_m: float, px_per_m: float) -> None:
        self.px_per_m = px_per_m
        self.width_m = width_m
        self.height_m = height_m
        rows, columns = max(round(height_m * px_per_m), 4), max(round(width_m * px_per_m), 4)
        self.image: NDArray[np.float32] = np.zeros((rows, columns, 4), np.float32)

    def px(self, u_m: float, y_m: float) -> tuple[int, int]:
        """Return a place in sixteenths of a pixel, as cv2 draws with a shift."""
        scale = self.px_per_m * (1 << SUBPIXEL_BITS)
        half = 1 << (SUBPIXEL_BITS - 1)
        return round(u_m * scale) - half, round((self.height_m - y_m) * scale) - half

    def part(self, u0: float, y0: float, u1: float, y1: float) -> NDArray[np.float32]:
        """Return the pixels of a box, to change."""
        s = self.px_per_m
        top, bottom = round((self.height_m - y1) * s), round((self.height_m - y0) * s)
        return self.image[
            max(top, 0) : max(bottom, top + 1, 1), max(round(u0 * s), 0) : max(round(u1 * s), 1)
        ]

    def fill(self, colour: Any) -> None:
        """Make all of it opaque, of one colour."""
        self.image[..., :3] = np.asarray(colour, np.float32)
        self.image[..., 3] = 1

    def box(self, u0: float, y0: float, u1: float, y1: float, colour: Any, *, alpha: float = 1.0) -> None:
        """Lay a box over what is there, at least a pixel."""
        part = self.part(u0, y0, u1, y1)
        part[:] = part * f32(1 - alpha) + np.array([*(np.asarray(colour) * alpha), alpha], np.float32)

    def ramp(self, u0: float, y0: float, u1: float, y1: float, low: Any, high: Any) -> None:
        """Lay an opaque box that goes from one colour below to another above."""
        part = self.part(u0, y0, u1, y1)
        if not part.size:
            return
        v = np.linspace(1, 0, part.shape[0])[:, None]
        rows = np.asarray(low) * (1 - v) + np.asarray(high) * v
        part[..., :3] = rows[:, None, :]
        part[..., 3] = 1

    def shade(self, u0: float, y0: float, u1: float, y1: float, gain: float) -> None:
        """Multiply the light of a box: a shadow or a lit edge."""
        self.part(u0, y0, u1, y1)[..., :3] *= f32(gain)

    def shape(self, points: Sequence[tuple[float, float]], colour: Any, *, alpha: float = 1.0) -> None:
        """Fill a polygon, smooth at its edges."""
        outline = self._pixels(np.asarray(points, np.float64))

        def draw(mask: Mask, corner: Mask) -> None:
            cv2.fillPoly(mask, [outline - corner], 255, cv2.LINE_AA, SUBPIXEL_BITS)

        self._through(draw, outline, 1, colour, alpha)

    def line(
        self, points: Sequence[tuple[float, float]], thick_m: float, colour: Any, *, alpha: float = 1.0
    ) -> None:
        """Draw a line through points."""
        way = self._pixels(np.asarray(points, np.float64))
        thick = max(round(thick_m * self.px_per_m), 1)

        def draw(mask: Mask, corner: Mask) -> None:
            cv2.polylines(
                mask,
                [way - corner],
                isClosed=False,
                color=255,
                thickness=thick,
                lineType=cv2.LINE_AA,
                shift=SUBPIXEL_BITS,
            )

        self._through(draw, way, thick, colour, alpha)

    def disc(
        self, u: float, y: float, radius_m: float, colour: Any, *, alpha: float = 1.0, tall: float = 1.0
    ) -> None:
        """Fill a disc, or an ellipse `tall` times as high."""
        outline = self._pixels(CIRCLE * [radius_m, tall * radius_m] + [u, y])

        def draw(mask: Mask, corner: Mask) -> None:
            cv2.fillPoly(mask, [outline - corner], 255, cv2.LINE_AA, SUBPIXEL_BITS)

        self._through(draw, outline, 1, colour, alpha)

    def glow(self, u: float, y: float, reach_m: float, light: Any, *, tall: float = 1.0) -> None:
        """Add a soft round light to what is painted; it takes the picture's own colours."""
        grid_y, grid_x = np.mgrid[: self.image.shape[0], : self.image.shape[1]].astype(np.float32)
        du = (grid_x / self.px_per_m - u) / reach_m
        dy = (self.height_m - grid_y / self.px_per_m - y) / (reach_m * tall)
        pool = np.exp(-(du * du + dy * dy))[..., None]
        self.image[..., :3] += pool * np.asarray(light, np.float32) * self.image[..., 3:]

    def halo(self, u: float, y: float, reach_m: float, light: Any, *, tall: float = 1.0) -> None:
        """Add a soft round light in the air, over whatever is behind the picture too."""
        s = self.px_per_m
        part = self.part(
            u - 2.2 * reach_m, y - 2.2 * reach_m * tall, u + 2.2 * reach_m, y + 2.2 * reach_m * tall
        )
        left = max(round((u - 2.2 * reach_m) * s), 0)
        top = max(round((self.height_m - y - 2.2 * reach_m * tall) * s), 0)
        grid_y, grid_x = np.mgrid[: part.shape[0], : part.shape[1]].astype(np.float32)
        du = ((grid_x + left + 0.5) / s - u) / reach_m
        dy = (self.height_m - (grid_y + top + 0.5) / s - y) / (reach_m * tall)
        pool = np.maximum(np.exp(-(du * du + dy * dy)) - math.exp(-4.0), 0)[..., None]
        part[..., :3] += pool * np.asarray(light, np.float32)

    def grain(self, rng: np.random.Generator, amount: float, size_m: float = 0.5) -> None:
        """Multiply by stains of several sizes, as weather leaves on a wall."""
        rows, columns = self.image.shape[:2]
        total = np.zeros((rows, columns), np.float32)
        for k, weight in ((1.0, 0.5), (0.35, 0.3), (0.1, 0.2)):
            shape = (
                max(math.ceil(columns / self.px_per_m / (size_m * k)), 2),
                max(math.ceil(rows / self.px_per_m / (size_m * k * 1.8)), 2),
            )
            spots = rng.uniform(-1, 1, (min(shape[1], rows), min(shape[0], columns))).astype(np.float32)
            total += f32(weight) * cv2.resize(spots, (columns, rows), interpolation=cv2.INTER_CUBIC)
        self.image[..., :3] *= np.clip(1 + f32(amount) * total, 0.2, 2.0)[..., None]

    def letters(
        self, text: str, u: float, y: float, tall_m: float, colour: Any, *, bold: float = 0.14
    ) -> None:
        """Write a word from (u, y), its lower left corner."""
        scale = tall_m * self.px_per_m / 22
        thick = max(round(bold * tall_m * self.px_per_m), 1)
        x, row = round(u * self.px_per_m), round((self.height_m - y) * self.px_per_m)

        def draw(mask: Mask, corner: Mask) -> None:
            left, top = (int(v) >> SUBPIXEL_BITS for v in corner)
            cv2.putText(
                mask, text, (x - left, row - top), cv2.FONT_HERSHEY_DUPLEX, scale, 255, thick, cv2.LINE_AA
            )

        # No letter of this face is wider than its height, and a tail goes down a third of it.
        reach = np.array(
            [
                [x, row - 1.3 * tall_m * self.px_per_m],
                [x + len(text) * tall_m * self.px_per_m * 1.2, row + 0.5 * tall_m * self.px_per_m],
            ]
        )
        self._through(draw, (reach * (1 << SUBPIXEL_BITS)).astype(np.int32), thick, colour, 1.0)

    def glyph(self, rng: np.random.Generator, u: float, y: float, side_m: float, colour: Any) -> None:
        """Write something like a character of the east in a square: read as script, never as a word."""
        thick = 0.11 * side_m
        for level in np.linspace(0.12, 0.9, int(rng.integers(3, 5))):
            a, b = rng.uniform(0.0, 0.25), rng.uniform(0.75, 1.0)
            self.line(
                [(u + a * side_m, y + level * side_m), (u + b * side_m, y + level * side_m)], thick, colour
            )
        for across in rng.choice([0.2, 0.5, 0.8], int(rng.integers(1, 3)), replace=False):
            a, b = rng.uniform(0.0, 0.3), rng.uniform(0.7, 1.0)
            lean = rng.uniform(-0.12, 0.12)
            self.line(
                [(u + across * side_m, y + b * side_m), (u + (across + lean) * side_m, y + a * side_m)],
                thick, colour,
            )  # fmt: skip

    def _pixels(self, points: NDArray[np.float64]) -> NDArray[np.int32]:
        """Return places (N, 2) in metres in sixteenths of a pixel, as `px`."""
        scale = self.px_per_m * (1 << SUBPIXEL_BITS)
        half = 1 << (SUBPIXEL_BITS - 1)
        up = points * [scale, -scale] + [0.0, self.height_m * scale]
        return (np.rint(up) - half).astype(np.int32)

    def _through(
        self,
        draw: Callable[[Mask, Mask], object],
        points: NDArray[np.int32],
        thick: int,
        colour: Any,
        alpha: float,
    ) -> None:
        """Paint through the mask that `draw` fills; it lies within `thick` pixels of the points."""
        rows, columns = self.image.shape[:2]
        pad = thick + 2
        left, top = (max((int(v) >> SUBPIXEL_BITS) - pad, 0) for v in points.min(0))
        right = min((int(points[:, 0].max()) >> SUBPIXEL_BITS) + pad + 1, columns)
        bottom = min((int(points[:, 1].max()) >> SUBPIXEL_BITS) + pad + 1, rows)
        if left >= right or top >= bottom:
            return
        mask = np.zeros((bottom - top, right - left), np.uint8)
        draw(mask, np.array([left, top], np.int32) << SUBPIXEL_BITS)
        cover = mask[..., None] * f32(alpha / 255)
        paint = np.array([*np.asarray(colour, np.float64), 1.0], np.float32)
        part = self.image[top:bottom, left:right]
        part += (paint - part) * cover
