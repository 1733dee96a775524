"""The sky of a shot: ramp, sun or moon, painted clouds, stars; and its image in whatever is wet below.

Built once per shot from the light and the camera path, then drawn per frame. Reads colours from the light
only; what hangs in the air is `data/clouds.toml`. Knows no ground.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import cv2
import numpy as np

from soundstage.render.previz.kernels import sky as kernels
from soundstage.render.previz.kernels.composite import draw_over
from soundstage.render.previz.sky_stars import stars_layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.light import Light
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
SKY_DEPTH_M = 1e6
CARD_MOST_PX = 1400  #: longer side of the cloud card; painting it is most of a sky's build time
DRIFT_PER_S = 0.0035  #: of the direction plane, at full wind
DISC = 9000.0  #: tightness of the sun's disc: half its light within 0.4 degrees


@cache
def read_clouds() -> Mapping[str, Any]:
    """Return `data/clouds.toml`."""
    text = files("soundstage.render.previz").joinpath("data/clouds.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def pixel_rays(view: View) -> NDArray[np.float32]:
    """Return (3, 3): world direction of pixel (0, 0) at depth 1, its change per column and per row."""
    turn = view.rotation
    cx, cy = view.centre_px
    right, up = turn[0] / f32(view.focal_px), turn[1] / f32(view.focal_px)
    return np.stack([turn[2] - right * f32(cx) + up * f32(cy), right, -up]).astype(np.float32)


def horizon_rows(view: View) -> tuple[float, float]:
    """Return the rows where the horizon meets the first and the last column."""
    rays = pixel_rays(view)
    down = min(float(rays[2, 1]), -1e-9)
    last = rays[0, 1] + rays[1, 1] * (view.width_px - 1)
    return float(-rays[0, 1] / down), float(-last / down)


def paint_of(light: Light, veil: float) -> NDArray[np.float32]:
    """Return the numbers (PAINT_SIZE,) that `kernels.sky` paints a sky with."""
    zenith, horizon = np.array(light.sky_zenith), np.array(light.sky_horizon)
    ambient, glow, fog = np.array(light.ambient_up), np.array(light.sky_glow), np.array(light.fog_colour)
    mid = 0.30 * horizon + 0.38 * zenith + 0.42 * ambient
    # Fog and dust are lit air: they take the sky's place, thickest at the horizon, and keep a part of the
    # glow.
    zenith = zenith + (0.75 * fog + 0.25 * ambient - zenith) * veil * 0.85
    mid = mid + (fog - mid) * veil * 0.95
    horizon = horizon + (fog - horizon) * veil
    disc = np.zeros(3) if light.is_moon else np.array(light.sun_colour) * 3.2 * light.sun_disc
    paint = np.zeros(kernels.PAINT_SIZE, np.float32)
    for name, colour in (
        ("zenith", zenith),
        ("mid", mid),
        ("horizon", horizon),
        ("glow", glow),
        ("sun", disc),
    ):
        paint[kernels.PAINT[name] : kernels.PAINT[name] + 3] = colour
    paint[kernels.PAINT["mid_fall"]] = 3.0 - 1.4 * veil
    paint[kernels.PAINT["horizon_fall"]] = 9.5 - 5.0 * veil
    paint[kernels.PAINT["disc"]] = DISC
    return paint


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudCard:
    """Clouds painted on the plane one unit ahead of a yaw, warped exactly as the camera turns."""

    image: NDArray[np.float32]  #: (h, w, 4)
    yaw_rad: float
    x0: float  #: plane coordinate of column 0
    y0: float  #: of row 0
    dx: float
    dy: float  #: negative: rows go down
    drift_per_s: float

    def warped(self, rays: NDArray[np.float32], width: int, height: int, t_s: float) -> NDArray[np.float32]:
        """Return the card as pixels with these rays see it, (height, width, 4)."""
        c, s = math.cos(self.yaw_rad), math.sin(self.yaw_rad)
        plane = np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]]) @ rays.T[:, [1, 2, 0]].astype(np.float64)
        shift = self.x0 + self.drift_per_s * t_s
        to_card = np.array(
            [[1 / self.dx, 0, -shift / self.dx], [0, 1 / self.dy, -self.y0 / self.dy], [0, 0, 1]]
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(
            cv2.warpPerspective(self.image, to_card @ plane, (width, height), flags=flags), np.float32
        )

    def opacity_at(self, directions: NDArray[np.float32], t_s: float) -> NDArray[np.float32]:
        """Return how much of what stands in these directions (N, 3) the clouds hide, (N,)."""
        c, s = math.cos(self.yaw_rad), math.sin(self.yaw_rad)
        ahead = np.maximum(directions[:, 2] * c + directions[:, 0] * s, 1e-3)
        x = (directions[:, 0] * c - directions[:, 2] * s) / ahead
        y = directions[:, 1] / ahead
        h, w = self.image.shape[:2]
        i = np.clip((x - self.x0 - self.drift_per_s * t_s) / self.dx, 0, w - 1).astype(int)
        j = np.clip((y - self.y0) / self.dy, 0, h - 1).astype(int)
        return self.image[j, i, 3]


def _seen_plane(ctx: SetContext) -> tuple[float, float, float, float]:
    """Return (middle yaw, left, right, top) of what is seen of the direction plane, mirrored below too."""
    views = [ctx.camera.view(u, u * ctx.seconds) for u in (0.0, 0.25, 0.5, 0.75, 1.0)]
    yaw = sum(v.yaw_rad for v in views) / len(views)
    c, s = math.cos(yaw), math.sin(yaw)
    xs: list[float] = []
    ys: list[float] = []
    for view in views:
        rays = pixel_rays(view).astype(np.float64)
        for u, v in ((0, 0), (1, 0), (0, 1), (1, 1)):
            d = rays[0] + rays[1] * u * (view.width_px - 1) + rays[2] * v * (view.height_px - 1)
            ahead = max(d[2] * c + d[0] * s, 0.25)
            xs.append((d[0] * c - d[2] * s) / ahead)
            ys.append(abs(d[1]) / ahead)
    margin = 0.04 + DRIFT_PER_S * ctx.seconds
    return yaw, max(min(xs) - margin, -4.0), min(max(xs) + margin, 4.0), min(max(ys) + 0.05, 2.5)


def paint_clouds(ctx: SetContext, weather: Mapping[str, float]) -> CloudCard:
    """Paint the shot's clouds, once."""
    light = ctx.light
    yaw, left, right, top = _seen_plane(ctx)
    wide = right - left
    # Half the film's resolution is enough: clouds have no edge sharper than two pixels.
    width = int(
        min(CARD_MOST_PX, max(wide, top) * ctx.start.focal_px * 0.5 + 64) * min(1.0, wide / max(wide, top))
    )
    width = max(width, 96)
    height = max(int(width * top / wide), 64)
    dx, dy = wide / width, -(top + 0.02) / height
    density = np.zeros((height, width), np.float32)
    cover = weather["cover"] * (0.55 + 0.45 * min(light.clouds / 0.45, 1.35))
    shape = np.array(
        [cover, weather["cirrus"], weather["bank"], weather["softness"], weather["deck"], weather["scale"]],
        np.float32,
    )
    place = (f32(left), f32(top), f32(dx), f32(dy))
    kernels.cloud_density(density, *place, shape, f32(ctx.rng("clouds").uniform(0, 60)))
    sun = light.sun_direction
    c, s = math.cos(yaw), math.sin(yaw)
    ahead = float(sun[2] * c + sun[0] * s)
    sun_x = float(np.clip((sun[0] * c - sun[2] * s) / max(ahead, 0.15), -3, 3))
    sun_y = float(np.clip(sun[1] / max(ahead, 0.15), 0.02, 3))
    front = max(0.0, min(1.0, ahead * 1.25 - 0.25))
    key, glow = np.array(light.sun_colour), np.array(light.sky_glow)
    lit = (key * (0.30 + 0.14 * front) + glow * 0.35).astype(np.float32)
    horizon, zenith = np.array(light.sky_horizon), np.array(light.sky_zenith)
    shade = (np.array(light.ambient_up) * 0.78 + horizon * 0.12 + zenith * 0.14).astype(np.float32)
    veil = weather["veil"]
    shade += (np.array(light.fog_colour, np.float32) - shade) * f32(veil)
    image = np.zeros((height, width, 4), np.float32)
    kernels.light_clouds(
        image, density, *place, f32(sun_x), f32(sun_y), lit * f32(1 - veil), shade,
        f32(weather["opacity"] * (1 - 0.6 * veil)), f32(front), f32(weather["relief"]),
    )  # fmt: skip
    return CloudCard(
        image=image, yaw_rad=yaw, x0=left, y0=top, dx=dx, dy=dy, drift_per_s=DRIFT_PER_S * (0.25 + light.wind)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """A shot's sky. A layer of the back canvas; grounds ask it for its mirror image."""

    paint: NDArray[np.float32]  #: (PAINT_SIZE,)
    sun: NDArray[np.float32]  #: (3,) unit
    clouds: CloudCard
    depth_m: float = SKY_DEPTH_M
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Paint every row that may see sky."""
        rows = min(max(math.ceil(max(horizon_rows(view))) + 2, 0), canvas.height)
        if rows == 0:
            return
        self._paint(canvas.planes[:, :rows], pixel_rays(view), self.paint, moment.t_s)

    def mirror(
        self, view: View, top: int, t_s: float, *, rough: float = 1.0, columns: int | None = None
    ) -> NDArray[np.float32]:
        """Return what a level mirror shows of the sky in rows [top, height) of `view`: (3, rows, columns).

        `rough` 0..2 blurs it upright, as water and wet sand do, and widens the sun to a pillar. `columns`
        spread over the view's width; without a number they are its own.
        """
        rows = view.height_px - top
        quarter = view.scaled(0.25)
        h, w = max(math.ceil(rows / 4), 2), quarter.width_px
        rays = pixel_rays(quarter)
        rays[0] = rays[0] + rays[2] * f32(top / 4)
        rays[:, 1] *= -1
        paint = self.paint.copy()
        paint[kernels.PAINT["disc"]] = DISC / (1 + 5 * rough)
        paint[kernels.PAINT["sun"] : kernels.PAINT["sun"] + 3] *= 0.4
        small = np.empty((3, h, w), np.float32)
        self._paint(small, rays, paint, t_s)
        columns = view.width_px if columns is None else columns
        image = np.empty((3, rows, columns), np.float32)
        sigma = max(0.0045 * view.height_px * rough, 0.4)
        for plane, out in zip(small, image, strict=True):
            soft = cv2.GaussianBlur(plane, (0, 0), max(sigma * 0.3, 0.3), sigmaY=sigma)
            cv2.resize(soft, (columns, rows), dst=out, interpolation=cv2.INTER_LINEAR)
        return image

    def _paint(
        self, planes: NDArray[np.float32], rays: NDArray[np.float32], paint: NDArray[np.float32], t_s: float
    ) -> None:
        _, h, w = planes.shape
        kernels.paint_sky(planes[0], planes[1], planes[2], rays, self.sun, paint)
        card = self.clouds.warped(rays, w, h, t_s).reshape(h, w * 4)
        draw_over(planes[0], planes[1], planes[2], card, f32(1))


def sky_layers(ctx: SetContext, *, weather: str | None = None) -> tuple[Sky, tuple[Layer, ...]]:
    """Return the shot's sky, and the layers that draw it (the sky itself among them).

    `weather` hangs another weather's clouds than the shot's.
    """
    light = ctx.light
    air = read_clouds()[weather or ctx.shot.weather]
    sky = Sky(paint=paint_of(light, air["veil"]), sun=light.sun_direction, clouds=paint_clouds(ctx, air))
    stars = stars_layer(ctx, sky.clouds, clear=1 - air["veil"])
    return sky, (sky, *stars)
