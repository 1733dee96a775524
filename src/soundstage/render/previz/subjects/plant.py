"""Trees that are what a shot is about: grown branch by branch, painted once, swaying in the wind.

`data/plants.toml` says how a noun grows. Woods and fields are their places' business.
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

from soundstage.render.previz.repertoire import kind_of
from soundstage.render.previz.subjects.phenomenon import SIZES
from soundstage.render.previz.subjects.plant_paint import grow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.film import Subject
    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Ground, Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
TALLEST_PX = 900  #: of a card
POOL_PX = 48
MOST_FOG = 0.16  #: optical depth of the air before it
MOST_COPIES = 9
SEASONS = {
    "autumn": [[0.62, 0.20, 0.020], [0.70, 0.36, 0.030], [0.48, 0.09, 0.020]], "winter": [],
    "spring": [[0.20, 0.34, 0.05], [0.28, 0.40, 0.08]],
}  # fmt: skip
SHADES = {
    "red": [0.55, 0.05, 0.03], "golden": [0.72, 0.42, 0.04], "yellow": [0.74, 0.52, 0.05],
    "orange": [0.70, 0.26, 0.03], "pink": [0.80, 0.38, 0.46], "white": [0.80, 0.76, 0.74],
    "purple": [0.36, 0.12, 0.48], "blue": [0.10, 0.20, 0.60],
}  # fmt: skip


@cache
def read_plants() -> Mapping[str, Any]:
    """Return `data/plants.toml`."""
    text = files("soundstage.render.previz").joinpath("data/plants.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """One plant, an upright card with a shadow."""

    card: NDArray[np.float32]  #: (h, w, 4) premultiplied light
    foot_m: tuple[float, float, float]
    height_m: float
    wind: float
    phase: float
    shade: float  #: how dark its shadow is
    wetness: float
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Put shadow, mirror image and plant."""
        x, y, z = self.foot_m
        if z - view.eye_m[2] < 0.1:
            return
        h, w = self.card.shape[:2]
        per_m = h / self.height_m
        place = view.plane_affine(z, x - w / per_m / 2, y + self.height_m, per_m)
        px, py, size = (float(v[0]) for v in view.project(np.array([self.foot_m])))
        wide, flat = 0.30 * self.height_m * size, max((view.eye_m[1] - y) / (z - view.eye_m[2]), 0.05)
        tall = max(wide * flat, 1.0)
        pool = np.array([[2 * wide / POOL_PX, 0, px - wide], [0, 2 * tall / POOL_PX, py - tall]])
        canvas.over_warped(_pool(), pool, opacity=self.shade)
        if self.wetness > 0.05:
            mirror = view.plane_affine(z, x - w / per_m / 2, y, per_m)
            canvas.over_warped(np.ascontiguousarray(self.card[::-1]), mirror, opacity=0.4 * self.wetness)
        t = moment.t_s
        gust = math.sin(0.9 * t + self.phase) + 0.5 * math.sin(2.3 * t + 2 * self.phase)
        lean = 0.010 * (0.3 + self.wind) * gust
        place[0, 2] += -lean * h * place[1, 1]
        place[0, 1] += lean * place[1, 1]
        canvas.over_warped(self.card, place)


@cache
def _pool() -> NDArray[np.float32]:
    """Return a soft round shadow."""
    y, x = np.mgrid[-1 : 1 : POOL_PX * 1j, -1 : 1 : POOL_PX * 1j]
    card = np.zeros((POOL_PX, POOL_PX, 4), f32)
    card[..., 3] = np.clip(1 - np.hypot(x, y), 0, 1) ** 1.5
    return card


def build(subject: Subject, index: int, ctx: SetContext, ground: Ground) -> Sequence[Layer]:
    """Build a tree, or as many as were said."""
    kind = kind_of(subject)
    said = f" {subject.noun} {' '.join(subject.attributes)} ".lower()
    lines = [line for line in read_plants().values() if line["kind"] == kind.name]
    form = max(lines, key=lambda line: max((len(w) for w in line.get("words", ()) if w in said), default=0))
    leaves = list(form["leaves_albedo"])
    if form.get("sheds") and ctx.shot.season in SEASONS:
        leaves = SEASONS[ctx.shot.season]
    if any(word in said for word in ("bare", "dead", "leafless", "withered")):
        leaves = []
    for word, colour in SHADES.items():
        if f" {word} " in said:
            leaves = [colour, [c * 0.75 for c in colour]]
    if ctx.light.white > 0.5 and form.get("sheds") and leaves is SEASONS["winter"]:
        leaves = []
    scale = math.prod(SIZES.get(word, 1.0) for word in subject.attributes)
    height = float(form["height_m"]) * scale
    count = max(min(subject.count, MOST_COPIES), 1)
    rng = ctx.rng(f"plant {index}")
    slots = max(len(ctx.shot.subjects), 1)
    x, y, z = ground.spot(min(index, slots - 1), slots)
    if index:
        z += 0.55 * height
        x *= 1.6
    view = ctx.start
    layers: list[Layer] = []
    for nth in range(count):
        spot_z = z + 0.62 * height * nth * (0.6 + 0.4 * (nth % 2))
        wide = view.half_width_m(max(spot_z - view.eye_m[2], 0.2))
        spot_x = x if nth == 0 else float(rng.uniform(-0.85, 0.85)) * wide
        away = max(spot_z - view.eye_m[2], 0.2)
        seen_px = height * view.focal_px / away
        card = grow(form, leaves, ctx.light, rng, int(min(max(seen_px, 90), TALLEST_PX)))
        fog = float(ctx.light.fog_at(min(away, MOST_FOG / max(ctx.light.fog_density_per_m, 1e-6))))
        card[..., :3] += (np.array(ctx.light.fog_colour, f32) * card[..., 3:] - card[..., :3]) * f32(fog)
        layers.append(
            Plant(
                card=np.asarray(cv2.GaussianBlur(card, (0, 0), 0.4), f32),
                foot_m=(spot_x, y - 0.01 * height, spot_z),
                height_m=height * (1 - 0.06 * (nth % 3)), wind=ctx.light.wind, phase=float(rng.uniform(0, 6)),
                shade=0.42 * (1 - 0.6 * ctx.light.darkness), wetness=ground.wetness, depth_m=away,
            )
        )  # fmt: skip
    return layers
