"""Carpentry of a set: painted flats stood up, laid down and joined to boxes, as sharp as the lens sees them.

Everything is given life size; `grow` enlarges a set for large subjects. Knows no place.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from soundstage.render.previz.places.panels import Panel, make_panel
from soundstage.render.previz.places.set_paint import Flat, SetLight

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from soundstage.render.previz.places.panels import Vector
    from soundstage.render.previz.scene import SetContext

    Shine = Callable[[Vector], NDArray[np.float64]]

FLOOR_ORDER = 1000.0  #: what lies on the ground is drawn before all that stands
FILM = 0.55  #: share of a floor that a film of water hides under what it mirrors
MOST_BLUR_PX = 5.0  #: beyond it a picture is made smaller before it is blurred
LEAST_PX = 20  #: a plain face has as many pixels across, or its edges would be soft
FRONT: Vector = (0.0, 0.0, -1.0)
TOP: Vector = (0.0, 1.0, 0.0)
LEFT: Vector = (-1.0, 0.0, 0.0)
RIGHT: Vector = (1.0, 0.0, 0.0)
QUARTER = math.pi / 2


def daylight(light: SetLight, glow: NDArray[np.float64] | None = None) -> Shine:
    """Return the light that falls on a face with a normal, outdoors; `glow`: what lamps all around add."""
    lamps = np.zeros(3) if glow is None else glow

    def shine(normal: Vector) -> NDArray[np.float64]:
        toward = max(float(np.dot(light.sun, normal)), 0.0)
        day = light.fill * (0.72 + 0.38 * normal[1]) + light.key * (0.04 + 0.55 * toward)
        return day + light.glow * 0.05 + lamps * (0.8 + 0.2 * normal[1])

    return shine


def weathered(albedo: Any, light: SetLight, *, level: bool = False) -> NDArray[np.float64]:
    """Return an albedo under the weather: darker when wet, white under snow that lies on what is level."""
    colour = np.asarray(albedo, np.float64) * (1 - 0.35 * light.wet)
    if level:
        colour = colour + (np.array([0.80, 0.83, 0.88]) - colour) * 0.9 * light.white
    return colour


class Carpenter:
    """Joins flats to a set. `pieces` is what has been built."""

    def __init__(
        self,
        ctx: SetContext,
        shine: Shine,
        *,
        grow: float = 1.0,
        origin_m: Vector = (0.0, 0.0, 0.0),
        repeat_m: Vector = (0.0, 0.0, 0.0),
        order: float = 0.0,
    ) -> None:
        self.ctx = ctx
        self.shine = shine
        self.grow = grow
        self.origin_m = origin_m  #: where (0, 0, 0) of the set is; not enlarged
        self.repeat_m = repeat_m
        self.order = order
        self.pieces: list[Panel] = []

    def px_per_m(self, z: float, *, most: float = 90.0, least: float = 6.0) -> float:
        """Return how finely something at this z is worth painting, in pixels a life-size metre."""
        distance = max(self._distance(z), 1.0)
        return float(np.clip(0.55 * self.ctx.camera.focal_px * self.grow / distance, least, most))

    def stand(
        self, image: NDArray[np.float32] | Flat, x: float, z: float, w: float, h: float, *, y: float = 0.0,
        turn: float = 0.0, **rest: Any,
    ) -> None:  # fmt: skip
        """Stand a picture upright, its foot in the middle at (x, y, z).

        Turned by a quarter it is a wall on the left that looks right, by minus a quarter one on the right.
        """
        along = (math.cos(turn), 0.0, math.sin(turn))
        corner = (x - along[0] * w / 2, y + h, z - along[2] * w / 2)
        self._put(image, corner, along, (0.0, -1.0, 0.0), (w, h), self._distance(z), **rest)

    def lay(
        self, image: NDArray[np.float32] | Flat, x0: float, z0: float, w: float, d: float, *,
        y: float = 0.002, order: float = FLOOR_ORDER, **rest: Any,
    ) -> None:  # fmt: skip
        """Lay a picture flat, its lower left corner at (x0, z0), its upper edge farther away."""
        options: dict[str, Any] = {"mirrored": False, "bleed": False, **rest}
        self._put(
            image, (x0, y, z0 + d), RIGHT, FRONT, (w, d), self._distance(z0 + d / 2), order=order, **options
        )

    def box(
        self, x: float, z: float, size: tuple[float, float, float], albedo: Any, *, y: float = 0.0,
        front: NDArray[np.float32] | Flat | None = None, top: Any = None,
        side: NDArray[np.float32] | Flat | None = None, low: float = 0.6, **rest: Any,
    ) -> None:  # fmt: skip
        """Build a box `size` (width, height, depth), its front in the middle at (x, y, z).

        Args:
            x: of its middle.
            z: of its front.
            size: width, height, depth.
            albedo: of its faces.
            y: of its foot.
            front: a picture instead of the plain front.
            top: albedo of its top, when another.
            side: a picture for both sides.
            low: how much darker its faces are at the foot.
            rest: of `make_panel`.
        """
        w, h, d = size
        colour = np.asarray(albedo, np.float64)
        options: dict[str, Any] = {"one_sided": True, "bleed": False, **rest}
        self.stand(self._face(front, w, h, colour, FRONT, low), x, z, w, h, y=y, **options)
        for where, normal, turn in ((x - w / 2, LEFT, -QUARTER), (x + w / 2, RIGHT, QUARTER)):
            self.stand(self._face(side, d, h, colour, normal, low), where, z + d / 2, d, h, y=y, turn=turn,
                       **options)  # fmt: skip
        lid = Flat(w, d, max(LEAST_PX / min(w, d), 8.0)) if w * d > 0 else None
        if lid is not None:
            over = colour if top is None else np.asarray(top, np.float64)
            tone = over * self.shine(TOP)
            lid.ramp(0, 0, w, d, tone * 0.86, tone)
            order = float(options.pop("order", 0.0))
            self.lay(lid, x - w / 2, z, w, d, y=y + h, order=order, **{**options, "one_sided": True})

    def shade(self, x: float, z: float, w: float, d: float, *, dark: float = 0.7, y: float = 0.003) -> None:
        """Lay the soft shadow that joins a thing to the ground; (x, z) is its middle."""
        flat = Flat(1.0, 1.0, 24)
        v, u = np.mgrid[-1:1:24j, -1:1:24j]
        flat.image[..., 3] = dark * np.clip(1.15 - (u**4 + v**4) ** 0.5, 0, 1) ** 0.8
        self.lay(flat, x - w * 0.6, z - d * 0.6, w * 1.2, d * 1.2, y=y, order=FLOOR_ORDER - 20)

    def pool(self, x: float, z: float, reach: float, light: Any, *, y: float = 0.004) -> None:
        """Lay a pool of light on the ground."""
        flat = Flat(1.0, 1.0, 32)
        v, u = np.mgrid[-1:1:32j, -1:1:32j]
        fall = np.maximum(np.exp(-3.6 * (u**2 + v**2)) - math.exp(-3.6), 0)
        flat.image[..., :3] = fall[..., None] * np.asarray(light)
        self.lay(flat, x - reach, z - reach, 2 * reach, 2 * reach, y=y, order=FLOOR_ORDER - 30)

    def _face(
        self, given: NDArray[np.float32] | Flat | None, w: float, h: float, colour: NDArray[np.float64],
        normal: Vector, low: float,
    ) -> NDArray[np.float32] | Flat:  # fmt: skip
        if given is not None:
            return given
        flat = Flat(w, h, float(np.clip(LEAST_PX / min(w, h), 8.0, 400.0)))
        tone = colour * self.shine(normal)
        flat.ramp(0, 0, w, h, tone * low, tone)
        return flat

    def _distance(self, z: float) -> float:
        return z * self.grow + self.origin_m[2] - self.ctx.camera.eye_m[2]

    def _put(
        self, image: NDArray[np.float32] | Flat, corner: Vector, along: Vector, down: Vector,
        size: tuple[float, float], distance: float, *, bleed: bool = True, repeat_m: Vector | None = None,
        order: float = 0.0, **rest: Any,
    ) -> None:  # fmt: skip
        picture = image.image if isinstance(image, Flat) else image
        g = self.grow
        w, h = size
        px = picture.shape[1] / w
        blur = 0.0
        if distance > 0.5:
            blur = float(self.ctx.start.coc_px(distance)) * distance / self.ctx.camera.focal_px / g * px
        if blur > MOST_BLUR_PX:
            share = MOST_BLUR_PX / blur
            small = (max(round(picture.shape[1] * share), 4), max(round(picture.shape[0] * share), 4))
            picture = np.asarray(cv2.resize(picture, small, interpolation=cv2.INTER_AREA), np.float32)
            blur = MOST_BLUR_PX
        if bleed and blur >= 0.7:
            # What is out of focus reaches beyond its own edge.
            pad = math.ceil(blur)
            rows, columns = picture.shape[:2]
            picture = np.asarray(
                cv2.copyMakeBorder(picture, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0)),
                np.float32,
            )
            out_w, out_h = pad * w / columns, pad * h / rows
            corner = (
                corner[0] - along[0] * out_w - down[0] * out_h,
                corner[1] - along[1] * out_w - down[1] * out_h,
                corner[2] - along[2] * out_w - down[2] * out_h,
            )
            w, h = w + 2 * out_w, h + 2 * out_h
        x, y, z = self.origin_m
        self.pieces.append(
            make_panel(
                picture, (corner[0] * g + x, corner[1] * g + y, corner[2] * g + z), along, down,
                (w * g, h * g),
                blur_px=blur, repeat_m=self.repeat_m if repeat_m is None else repeat_m,
                order=order + self.order, **rest,
            )
        )  # fmt: skip
