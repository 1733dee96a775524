"""Layers of a set that are no flats: ground far below, wet floors that end, what moves, lamps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from soundstage.render.previz.places.panels import Panels, clip_near

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.panels import Vector
    from soundstage.render.previz.places.wet_street import WetStreet
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.view import View

f32 = np.float32
GROUND_DEPTH_M, SET_DEPTH_M, MOVING_DEPTH_M = 130.0, 120.0, 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sunk:
    """A ground that lies lower than where the subject stands."""

    ground: WetStreet
    drop_m: float
    depth_m: float = GROUND_DEPTH_M
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Paint the ground from as much higher."""
        x, y, z = view.eye_m
        self.ground.draw(canvas, replace(view, eye_m=(x, y + self.drop_m, z)), moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slab:
    """A wet floor that ends: a roof, a deck, a platform. It mirrors as ground does, inside a rectangle."""

    ground: WetStreet
    corners_m: NDArray[np.float64]  #: (4, 3), at y = 0
    repeats: bool  #: it has no end along x: the set goes on with a lead
    depth_m: float = GROUND_DEPTH_M - 1
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Paint the whole ground and keep what lies on the floor."""
        corners = self.corners_m + (np.array([view.eye_m[0], 0, 0]) if self.repeats else 0)
        seen = clip_near((corners - np.array(view.eye_m)) @ view.rotation.astype(np.float64).T)
        if len(seen) < 3:
            return
        cx, cy = view.centre_px
        outline = seen[:, :2] * [1, -1] / seen[:, 2:] * view.focal_px + [cx, cy]
        mask = np.zeros((canvas.height, canvas.width), np.uint8)
        points = np.clip(np.round(outline * 16), -(2**24), 2**24).astype(np.int32)
        cv2.fillConvexPoly(mask, points, 255, cv2.LINE_AA, 4)
        rows = np.flatnonzero(mask.any(1))
        if not len(rows):
            return
        kept = canvas.planes[:, rows[0] : rows[-1] + 1].copy()
        above = canvas.planes[:, : rows[0]].copy()
        self.ground.draw(canvas, view, moment)
        canvas.planes[:, : rows[0]] = above
        part = canvas.planes[:, rows[0] : rows[-1] + 1]
        part -= kept
        part *= mask[rows[0] : rows[-1] + 1] * f32(1 / 255)
        part += kept


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLamps:
    """Lamps that light the subjects; they go with a lead: such are all along its way."""

    rows: NDArray[np.float32]  #: (M, 7) as `scene.LAMP_COLUMNS`
    travel_m_s: Vector = (0.0, 0.0, 0.0)
    depth_m: float = SET_DEPTH_M
    focus: Literal["back", "full"] = "back"

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return the lamps about the subjects."""
        rows = self.rows.copy()
        rows[:, :3] += np.multiply(self.travel_m_s, moment.t_s).astype(np.float32)
        return rows

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw nothing: what burns is a flat of the set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """Flats that move all together: traffic of a lane, a train."""

    flats: Panels
    velocity_m_s: Vector
    depth_m: float = MOVING_DEPTH_M
    focus: Literal["back", "full"] = "back"
    stops_s: float = 0.0  #: when set: it comes to rest after so long, where it was built

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw them where they are by now: as from an eye that moves the other way."""
        gone = moment.t_s
        if self.stops_s:
            left = max(1 - moment.t_s / self.stops_s, 0.0)
            gone = -0.5 * self.stops_s * left * left
        eye = tuple(e - v * gone for e, v in zip(view.eye_m, self.velocity_m_s, strict=True))
        assert len(eye) == 3, eye
        self.flats.draw(canvas, replace(view, eye_m=eye), moment)
