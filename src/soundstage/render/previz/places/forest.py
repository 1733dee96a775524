"""The forest: trees on cards in luminous air, a floor, grass and ferns around where the subject stands.

Laid out in frame widths, so that a close-up of an insect and a wide shot of a person both stand among trees
of true thickness. Colours come from the light; this file knows only bark, leaf, litter and moss.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from soundstage.render.previz.card import Card, CardPainter
from soundstage.render.previz.kernels.floor import FLOOR_LOOK_LENGTH, draw_floor
from soundstage.render.previz.places.foliage import Air
from soundstage.render.previz.places.trunks import paint_trunks
from soundstage.render.previz.places.undergrowth import grow_undergrowth
from soundstage.render.previz.scene import Ground, Layer, Place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.light import Light
    from soundstage.render.previz.scene import Moment, SetContext
    from soundstage.render.previz.view import View

LITTER = (0.100, 0.066, 0.038)
MOSS = (0.062, 0.086, 0.034)
USUAL_AIR_PER_M = 0.036  #: the script's density at which the farthest trees keep a seventh of their colour
FAR_HAZE = 1.9
CARD_COUNT = 5
CARD_STEP = 1.5  #: each card stands this many times as far as the one before it


def build(context: SetContext) -> Place:
    """Build the forest for a shot."""
    view = context.start
    stage_m = context.camera.focus_m
    half_m = view.half_width_m(stage_m)
    # The nearest trees: two metres of forest across, or well behind a larger subject.
    first = min(max(0.98 / half_m, 1.3), 4.4)
    depths = [view.eye_m[2] + stage_m * first * CARD_STEP**k for k in range(CARD_COUNT)]
    air = _air_under_trees(context.light, view, depths[-1])
    closeness = min(max((1.2 - half_m) / 0.9, 0.0), 1.0)  # 1 when an insect fills the frame
    leaves = 1.0 - 0.75 * context.light.white
    layers: list[Layer] = [_paint_background(context, view, air, depths[-1] * 2.2)]
    layers.append(_Floor(depth_m=depths[-1] * 1.9, look=_floor_look(context.light, air)))
    for number, z_m in enumerate(depths):
        layers.append(
            paint_trunks(
                context.rng(f"trunks {number}"),
                view,
                air,
                z_m=z_m,
                spacing_m=1.0 * closeness + 1.9 * (1 - closeness),
                leaves=leaves,
                clear_half_m=0.0 if number else 0.35 * half_m,
            )
        )
    layers.append(_paint_glow(context, view, air, depths[2] * 0.97))
    for number in (1, 3):
        between = math.sqrt(depths[number] * depths[number - 1])
        layers.append(_paint_mist(context, view, air, between, way=1 if number == 1 else -1))
    layers.append(_paint_shafts(context, view, air, stage_m * 1.25 + view.eye_m[2]))
    layers += grow_undergrowth(context, view, air, closeness=closeness)
    ground = Ground(
        height_m=0.0,
        wetness=0.35 * context.light.wet,
        albedo=LITTER,
        stage_m=view.eye_m[2] + stage_m,
        half_width_m=half_m,
    )
    return Place(layers=tuple(layers), ground=ground)


def _air_under_trees(light: Light, view: View, farthest_m: float) -> Air:
    """Return the light as leaves filter it: by day greener and darker, at night hardly changed."""
    night = min(light.darkness / 0.75, 1.0)
    bare = max(night, light.white)
    tint = np.array([0.50, 0.62, 0.40]) * (1 - bare) + np.array([1.0, 1.0, 1.0]) * bare
    haze = FAR_HAZE * (light.fog_density_per_m / USUAL_AIR_PER_M) ** 0.55
    tangent = math.tan(math.radians(max(min(light.sun_azimuth_deg, 60.0), -60.0)))
    pool_x = tangent * 2 * view.focal_px / view.width_px
    return Air(
        fog=np.asarray(np.array(light.fog_colour) * tint, np.float32),
        fog_per_m=haze / (farthest_m - view.eye_m[2]),
        ambient=np.asarray(np.array(light.ambient_up) * (tint * 0.85 + 0.15 * bare), np.float32),
        sun=np.asarray(np.array(light.sun_colour) * (0.55 if not light.is_moon else 0.8), np.float32),
        rim=np.asarray(light.rim_colour, np.float32),
        pool_x=max(min(pool_x, 0.55), -0.55),
        white=light.white,
        wind=light.wind,
    )


def _paint_background(context: SetContext, view: View, air: Air, z_m: float) -> Card:
    """Paint the air behind the last trees, with the pool of light and gaps between leaves out of focus."""
    light = context.light
    distance = z_m - view.eye_m[2]
    half_w, half_h = view.half_width_m(distance), view.half_height_m(distance)
    painter = CardPainter(
        z_m=z_m,
        left_m=view.eye_m[0] - half_w * 1.7,
        top_m=view.eye_m[1] + half_h * 2.6,
        width_m=half_w * 3.4,
        height_m=half_h * 5.2,
        px_per_m=view.focal_px / distance * 0.25,
    )
    h, w = painter.canvas.alpha.shape
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    u = (x / painter.px_per_m + painter.left_m - view.eye_m[0]) / half_w - air.pool_x
    v = (painter.top_m - y / painter.px_per_m - view.eye_m[1]) / half_w
    # The far copy of the pool must meet itself at the card's ends.
    u = (u + 1.7) % 3.4 - 1.7
    distance_2 = (u / 1.15) ** 2 + ((v - 0.10) / 0.62) ** 2
    up = np.clip(v * 0.62 + 0.5, 0, 1)[..., None]
    colour = air.fog * (0.56 - 0.42 * up) + np.asarray(light.sky_zenith, np.float32) * up * 0.55
    colour = colour + np.exp(-distance_2)[..., None] * air.fog * 0.75
    glow = np.asarray(light.sky_glow, np.float32) * (0.42 + 0.25 * light.sun_disc)
    colour = colour + np.exp(-distance_2 * 2.2)[..., None] * glow * 0.62
    painter.canvas.planes[:] = colour.transpose(2, 0, 1)
    painter.canvas.alpha[:] = 1
    painter.canvas.bokeh(_leaf_gaps(context, view, air, painter))
    return painter.finish(blur_px=0.0)


def _leaf_gaps(context: SetContext, view: View, air: Air, painter: CardPainter) -> NDArray[np.float32]:
    rng = context.rng("leaf gaps")
    count = 260
    half_h = painter.canvas.height / 5.2 / 2
    gaps = np.zeros((count, 7), np.float32)
    gaps[:, 0] = rng.uniform(0, painter.width, count)
    above = np.abs(rng.normal(0, 0.75, count))
    gaps[:, 1] = (painter.top_m - view.eye_m[1]) * painter.px_per_m + (0.35 - above) * half_h
    blur = min(max(float(view.coc_px(1e3)), 0.006 * view.height_px), 0.03 * view.height_px) * 0.25
    gaps[:, 2] = np.maximum(rng.uniform(0.35, 0.95, count) * blur, 0.8)
    u = (gaps[:, 0] / painter.width - 0.5) * 3.4 - air.pool_x
    bright = rng.uniform(0.15, 1.0, count) ** 2 * (0.25 + np.exp(-(u**2) / 0.8))
    sky = np.asarray(context.light.sky_horizon) * 0.30 + np.asarray(context.light.sky_glow) * 0.12
    gaps[:, 3:6] = bright[:, None] * sky * (1 - 0.5 * context.light.white)
    gaps[:, 6] = 0.35
    return gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class _Floor:
    """The ground between the trees."""

    depth_m: float
    look: NDArray[np.float32]
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:  # noqa: ARG002 - the floor is still
        draw_floor(*canvas.rgb, view.packed(), self.look)


def _floor_look(light: Light, air: Air) -> NDArray[np.float32]:
    dapple = 0.08 if light.clouds > 0.85 else 0.72
    look = [
        *LITTER, *MOSS, *(air.ambient * 0.85), *(air.sun * dapple), *air.fog,
        air.fog_per_m, light.white, light.wet, 0.9,
    ]  # fmt: skip
    assert len(look) == FLOOR_LOOK_LENGTH
    return np.array(look, np.float32)


def _paint_mist(context: SetContext, view: View, air: Air, z_m: float, *, way: int) -> Card:
    """Paint a bank of mist that drifts between two rows of trees."""
    rng = context.rng(f"mist {way}")
    distance = z_m - view.eye_m[2]
    half_w, half_h = view.half_width_m(distance), view.half_height_m(distance)
    h, w = 96, 256
    noise = np.zeros((h, w))
    for weight, cycles in ((0.5, 3), (0.3, 7), (0.2, 15)):
        noise += weight * _wrapping_noise(rng, h, w, cycles)
    y = np.linspace(1.1, -1.1, h)[:, None]  # half heights from the eye
    band = np.exp(-(((y + 0.28) / 0.45) ** 2))
    density = 0.30 * min(0.6 + context.light.fog_density_per_m / USUAL_AIR_PER_M * 0.4, 2.2)
    alpha = np.clip((noise - 0.36) * 2.1, 0, 1) * band * density
    image = np.concatenate([alpha[..., None] * air.fog * 1.12, alpha[..., None]], axis=2)
    padded = np.concatenate([image[:, -2:], image, image[:, :2]], axis=1)
    return Card(
        depth_m=z_m,
        left_m=view.eye_m[0] - half_w * 1.8,
        top_m=view.eye_m[1] + half_h * 1.1,
        # Stretched to the frame: mist has no detail to lose.
        px_per_m=w / (half_w * 3.6),
        image=np.ascontiguousarray(_fit_rows(padded, half_h * 2.2 * w / (half_w * 3.6)), np.float32),
        drift_m_s=way * half_w * (0.012 + 0.05 * air.wind),
        breath=0.10,
    )


def _fit_rows(image: NDArray[np.floating], rows: float) -> NDArray[np.float32]:
    """Resample an image's rows so that its pixels are square on the card."""
    count = max(round(rows), 4)
    at = np.linspace(0, image.shape[0] - 1, count)
    low = np.clip(np.floor(at).astype(int), 0, image.shape[0] - 2)
    t = (at - low)[:, None, None]
    return np.asarray(image[low] * (1 - t) + image[low + 1] * t, np.float32)


def _wrapping_noise(rng: np.random.Generator, h: int, w: int, cycles: int) -> NDArray[np.float64]:
    """Return smooth noise in 0..1 of which the right edge meets the left."""
    rows = max(round(cycles * h / w), 1) + 2
    lattice = rng.random((rows, cycles))
    x = np.linspace(0, cycles, w, endpoint=False)
    y = np.linspace(0, rows - 1.001, h)
    ix, iy = np.floor(x).astype(int), np.floor(y).astype(int)
    u, v = x - ix, (y - iy)[:, None]
    u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
    left, right = ix % cycles, (ix + 1) % cycles
    upper = lattice[iy][:, left] * (1 - u) + lattice[iy][:, right] * u
    lower = lattice[iy + 1][:, left] * (1 - u) + lattice[iy + 1][:, right] * u
    return upper * (1 - v) + lower * v


def _paint_glow(context: SetContext, view: View, air: Air, z_m: float) -> Card:
    """Paint the light that the air itself sends back, before the far trees: without it they look cut out."""
    distance = z_m - view.eye_m[2]
    half_w, half_h = view.half_width_m(distance), view.half_height_m(distance)
    painter = CardPainter(
        z_m=z_m,
        left_m=view.eye_m[0] - half_w * 2.0,
        top_m=view.eye_m[1] + half_h * 2.2,
        width_m=half_w * 4.0,
        height_m=half_h * 4.4,
        px_per_m=view.focal_px / distance / 12,
    )
    x, y = painter.px(view.eye_m[0] + air.pool_x * half_w, view.eye_m[1] + 0.10 * half_w)
    wide = half_w * painter.px_per_m
    glow = np.asarray(context.light.sky_glow) * (0.15 + 0.13 * context.light.sun_disc)
    haze = air.fog * 0.16
    painter.canvas.glows([[x, y, wide * 0.34, *glow], [x, y, wide * 0.62, *haze]])
    painter.canvas.alpha[:] = 0
    return painter.finish(blur_px=0.0, breath=0.06)


def _paint_shafts(context: SetContext, view: View, air: Air, z_m: float) -> Card:
    """Paint beams that fall between the trees from where the light stands; they only add light."""
    rng = context.rng("shafts")
    light = context.light
    distance = z_m - view.eye_m[2]
    half_w, half_h = view.half_width_m(distance), view.half_height_m(distance)
    painter = CardPainter(
        z_m=z_m,
        left_m=view.eye_m[0] - half_w * 2.0,
        top_m=view.eye_m[1] + half_h * 1.9,
        width_m=half_w * 4.0,
        height_m=half_h * 3.6,
        px_per_m=view.focal_px / distance / 8,
    )
    k = painter.px_per_m
    open_sky = 1.0 - 0.8 * max(light.clouds - 0.35, 0.0)
    gain = (0.034 + 0.020 * light.sun_disc) * open_sky * (1 - 0.4 * light.darkness)
    colour = np.asarray(light.rim_colour) * gain + air.fog * 0.10 * open_sky
    lean = -air.pool_x * 0.9 - (0.25 if air.pool_x >= 0 else -0.25)
    strokes: list[list[float]] = []
    for _ in range(9):
        x = view.eye_m[0] + half_w * (air.pool_x + float(rng.normal(0.05, 0.32)))
        slant = lean * half_w * float(rng.uniform(0.75, 1.15))
        top, bottom = (
            painter.px(x, view.eye_m[1] + half_h * 1.8),
            painter.px(x + slant, view.eye_m[1] - half_h * 0.9),
        )
        mid = ((top[0] + bottom[0]) / 2, (top[1] + bottom[1]) / 2)
        width = half_w * float(rng.uniform(0.03, 0.11)) * k
        beam = colour * float(rng.uniform(0.35, 1.0))
        strokes.append([*top, *mid, *bottom, width, width * 2.4, *beam, 1.0, *(beam * 0.0), 0.55, 0.0, 0.0])
    # Each beam is added, not laid over the others: paint them one by one.
    total = np.zeros_like(painter.canvas.planes)
    for stroke in strokes:
        painter.canvas.clear()
        painter.strokes([stroke])
        total += painter.canvas.planes
    painter.canvas.planes[:] = total
    painter.canvas.alpha[:] = 0
    return painter.finish(blur_px=max(0.012 * view.height_px / 8, 1.0) * 2.2, breath=0.14)
