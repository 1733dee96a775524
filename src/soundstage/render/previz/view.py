"""The camera at one moment: where points land, how large, how sharp. Knows no shot and no canvas.

World: metres; x right, y up, z forward, away from the camera at the shot's start; the ground is y = 0 unless
the place says otherwise. Left-handed. Pixels: x right, y down, (0, 0) is the centre of the top left pixel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAR_M = 0.02  #: points nearer than this are treated as lying here, so that nothing divides by zero


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A pinhole with an aperture. All pixels are those of the canvas it is made for (see `scaled`)."""

    eye_m: tuple[float, float, float]
    yaw_rad: float = 0.0  #: positive looks right
    pitch_rad: float = 0.0  #: positive looks up
    roll_rad: float = 0.0  #: positive turns the picture clockwise
    width_px: int
    height_px: int
    focal_px: float
    focus_m: float  #: what lies at this depth is sharp
    aperture_px: float  #: radius of the blur at infinity

    @property
    def centre_px(self) -> tuple[float, float]:
        """Return where the optical axis meets the picture."""
        return (self.width_px - 1) / 2, (self.height_px - 1) / 2

    @property
    def rotation(self) -> NDArray[np.float32]:
        """Return R (3, 3): camera coordinates (x right, y up, z depth) = (point - eye) @ R.T."""
        cy, sy = math.cos(self.yaw_rad), math.sin(self.yaw_rad)
        cp, sp = math.cos(self.pitch_rad), math.sin(self.pitch_rad)
        cr, sr = math.cos(self.roll_rad), math.sin(self.roll_rad)
        yaw = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
        pitch = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
        roll = np.array([[cr, sr, 0], [-sr, cr, 0], [0, 0, 1]])
        return np.asarray(roll @ pitch @ yaw, np.float32)

    def packed(self) -> NDArray[np.float32]:
        """Return what a kernel needs, (17,): eye 3, rotation 9 by rows, focal, centre 2, focus, aperture."""
        cx, cy = self.centre_px
        tail = [self.focal_px, cx, cy, self.focus_m, self.aperture_px]
        return np.concatenate([self.eye_m, self.rotation.ravel(), tail]).astype(np.float32)

    def scaled(self, scale: float) -> View:
        """Return the same view for a canvas `scale` times as large (0.5: half resolution)."""
        return replace(
            self,
            width_px=math.ceil(self.width_px * scale),
            height_px=math.ceil(self.height_px * scale),
            focal_px=self.focal_px * scale,
            aperture_px=self.aperture_px * scale,
        )

    def to_camera(self, points_m: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return camera coordinates (N, 3) of world points (N, 3): x right, y up, z depth, metres."""
        offset = np.asarray(points_m, np.float32) - np.asarray(self.eye_m, np.float32)
        return np.asarray(offset @ self.rotation.T, np.float32)

    def project(
        self, points_m: NDArray[np.floating]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Return x_px, y_px and px_per_m, each (N,), of world points (N, 3).

        Points behind the camera get px_per_m = 0 and lie far outside the picture.
        """
        seen = self.to_camera(points_m)
        depth = seen[:, 2]
        px_per_m = np.asarray(self.focal_px / np.maximum(depth, NEAR_M), np.float32)
        cx, cy = self.centre_px
        x = np.asarray(cx + seen[:, 0] * px_per_m, np.float32)
        y = np.asarray(cy - seen[:, 1] * px_per_m, np.float32)
        behind = depth < NEAR_M
        if behind.any():
            x[behind] = np.float32(-1e6)
            px_per_m[behind] = 0
        return x, y, px_per_m

    def coc_px(self, depth_m: NDArray[np.floating] | float) -> NDArray[np.float32]:
        """Return the radius of the circle of confusion at depths from the camera (thin lens)."""
        depth = np.maximum(np.asarray(depth_m, np.float32), np.float32(NEAR_M))
        return np.asarray(self.aperture_px * np.abs(depth - self.focus_m) / depth, np.float32)

    def half_width_m(self, depth_m: float) -> float:
        """Return half of what the frame sees across at this depth."""
        return depth_m * self.width_px / (2 * self.focal_px)

    def half_height_m(self, depth_m: float) -> float:
        """Return half of what the frame sees upright at this depth."""
        return depth_m * self.height_px / (2 * self.focal_px)

    def direction(self, x_px: float, y_px: float) -> NDArray[np.float32]:
        """Return the unit world vector (3,) that a pixel looks along."""
        cx, cy = self.centre_px
        ray = np.array([x_px - cx, cy - y_px, self.focal_px], np.float32) @ self.rotation
        return (ray / np.linalg.norm(ray)).astype(np.float32)

    def project_direction(self, direction: NDArray[np.floating]) -> tuple[float, float] | None:
        """Return the pixel a world direction lands on, as for sun or moon; None when it lies behind."""
        x, y, z = (float(v) for v in self.rotation @ np.asarray(direction, np.float32))
        if z < 1e-3:
            return None
        cx, cy = self.centre_px
        return cx + x / z * self.focal_px, cy - y / z * self.focal_px

    def horizon_px(self) -> float:
        """Return the picture row of the horizon in the middle column (roll aside)."""
        return self.centre_px[1] + math.tan(self.pitch_rad) * self.focal_px

    def plane_affine(self, z_m: float, x_m: float, y_m: float, px_per_m: float) -> NDArray[np.float64]:
        """Return the 2 x 3 map from a card's pixels to the picture's, for an upright card facing the start.

        The true map is a homography; where the camera looks is hit exactly, the rest to first order, so a
        card must not be used for what stands at a steep angle.

        Args:
            z_m: where the card stands.
            x_m: world x of the card's pixel (0, 0).
            y_m: world y of the card's pixel (0, 0).
            px_per_m: resolution of the card.
        """
        depth = max(z_m - self.eye_m[2], NEAR_M)
        anchor_x = self.eye_m[0] + math.tan(self.yaw_rad) * depth
        anchor_y = self.eye_m[1] + math.tan(self.pitch_rad) / math.cos(self.yaw_rad) * depth
        step = 0.05 * depth
        corners = np.array(
            [[anchor_x, anchor_y, z_m], [anchor_x + step, anchor_y, z_m], [anchor_x, anchor_y - step, z_m]]
        )
        px, py, _ = (v.astype(np.float64) for v in self.project(corners))
        along = np.array([px[1] - px[0], py[1] - py[0]]) / (step * px_per_m)
        down = np.array([px[2] - px[0], py[2] - py[0]]) / (step * px_per_m)
        u = (anchor_x - x_m) * px_per_m
        v = (y_m - anchor_y) * px_per_m
        return np.array(
            [
                [along[0], down[0], px[0] - along[0] * u - down[0] * v],
                [along[1], down[1], py[0] - along[1] * u - down[1] * v],
            ]
        )
