"""What stands about: trees, rocks, huts as painted upright pieces, each in its own haze and blur.

A few variants are painted once; hundreds of places in the world show them. Knows no light and no kind.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import cv2
import numpy as np

from soundstage.render.previz.kernels.mesh import put_image

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.land_light import LandLight
    from soundstage.render.previz.scene import Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
LEVELS = 7
EDGE_PX, LEAST_PX = 2, 2.0  #: of nothing around a picture; what is lower than this is not drawn
MOST_PER_LINE = 480


@dataclass(frozen=True, slots=True, kw_only=True)
class Sprite:
    """One upright picture; its foot is the middle of its lower edge."""

    levels: tuple[NDArray[np.float32], ...]  #: premultiplied (h, w, 4), each half of the one before
    wide: float  #: width as a share of its height, below the foot included
    sink: float  #: share of the picture's height that lies below its foot: the shadow it stands in

    @classmethod
    def of(cls, image: NDArray[np.floating], *, shadow: float = 0.5) -> Sprite:
        """Return a sprite of a premultiplied picture (h, w, 4) on a shadow of its own."""
        picture = _grounded(np.asarray(image, np.float32), shadow)
        tall = picture.shape[0]
        levels: list[NDArray[np.float32]] = []
        for level in range(LEVELS):
            if level:
                h, w = picture.shape[:2]
                if min(h, w) < 4:
                    break
                soft = cv2.GaussianBlur(picture, (0, 0), 0.8)
                picture = np.asarray(
                    cv2.resize(soft, (max(w // 2, 2), max(h // 2, 2)), interpolation=cv2.INTER_AREA),
                    np.float32,
                )
            levels.append(
                np.asarray(
                    cv2.copyMakeBorder(
                        picture, EDGE_PX, EDGE_PX, EDGE_PX, EDGE_PX, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0)
                    ),
                    np.float32,
                )
            )
        return cls(levels=tuple(levels), wide=image.shape[1] / tall, sink=(tall - image.shape[0]) / tall)


def _grounded(image: NDArray[np.float32], shadow: float) -> NDArray[np.float32]:
    """Return a picture with a soft dark pool under its foot, which reaches a little below it."""
    h, w = image.shape[:2]
    cover = image[int(h * 0.90) :, :, 3].max(axis=0)
    stands = np.flatnonzero(cover > 0.3)
    below = max(round(0.05 * h), 3)
    tall = np.zeros((h + below, w, 4), np.float32)
    tall[:h] = image
    if not len(stands) or shadow <= 0:
        return tall
    middle, half = (stands[0] + stands[-1]) / 2, max((stands[-1] - stands[0]) / 2 + 0.03 * w, 0.06 * w)
    yy, xx = np.mgrid[0 : h + below, 0:w].astype(np.float32)
    away = ((xx - middle) / (half * 1.15)) ** 2 + ((yy - (h - 1.0)) / below) ** 2
    pool = np.clip(1 - away, 0, 1) * shadow
    # The foot itself fades into the pool: nothing ends in a cut.
    foot = np.clip((h - 1 - yy[:h, :, None]) / (0.035 * h), 0, 1)
    tall[:h] *= 0.25 + 0.75 * foot
    tall[..., 3] += (1 - tall[..., 3]) * pool
    return tall


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    levels: NDArray[np.intp]  #: (N,) of the sprites
    affines: NDArray[np.float64]  #: (N, 2, 3) from a level's pixels to those of its box
    boxes: list[list[int]]  #: left, top, right, bottom on the canvas


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    """Many standing sprites."""

    sprites: tuple[Sprite, ...]
    which: NDArray[np.intp]  #: (N,)
    foot_m: NDArray[np.float32]  #: (N, 3)
    tall_m: NDArray[np.float32]  #: (N,), negative: mirrored
    phase: NDArray[np.float32]  #: (N,)
    bend: float  #: share of its height by which the wind moves a top
    light: LandLight
    depth_m: float
    least_blur: float = 0.0  #: of the frame's height, for what is before the lens
    period_m: float = 0.0  #: it stands again after this way across, for a lead that travels
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw every one that the frame sees, far to near."""
        foot = self.foot_m
        if self.period_m:
            foot = foot.copy()
            foot[:, 0] += self.period_m * np.round((view.eye_m[0] - foot[:, 0]) / self.period_m)
        x, y, scale = view.project(foot)
        tall = np.abs(self.tall_m) * scale
        # Seen from above, what stands is foreshortened; a flat picture must not vanish.
        lean = max(math.cos(view.pitch_rad), 0.45)
        half = tall * 0.75
        seen = (scale > 0) & (tall > LEAST_PX) & (y > -4) & (y - tall * lean < canvas.height)
        seen &= (x > -half - 4) & (x < canvas.width + half + 4)
        chosen = np.flatnonzero(seen)
        if not len(chosen):
            return
        depth = view.focal_px / scale[chosen]
        way = foot[chosen] - np.asarray(view.eye_m, np.float32)
        away = np.linalg.norm(way, axis=1)
        clear = self.light.clear(away, foot[chosen, 1])
        haze = self.light.haze(way / np.maximum(away, 1e-3)[:, None])
        blur = np.maximum(view.coc_px(depth), f32(self.least_blur * view.height_px))
        gust = 0.5 + 0.5 * np.sin(moment.t_s * 0.9 + foot[chosen, 0] * 0.13 + foot[chosen, 2] * 0.05)
        sway = (
            self.bend
            * (0.25 + self.light.wind)
            * (0.5 * gust + 0.5 * np.sin(moment.t_s * 2.1 + self.phase[chosen]))
        )
        # A near one that is cut by the lens's plane must not fill the frame at once.
        fade = np.clip(depth / (0.6 * np.abs(self.tall_m[chosen])) - 0.25, 0, 1)
        if self.least_blur:
            fade = np.clip(depth * 8 - 0.5, 0, 1)
        plan = self._plan(view, (x[chosen], y[chosen]), tall[chosen] * lean, chosen, sway, blur)
        air = np.concatenate([haze * (1 - clear)[:, None], clear[:, None]], 1).astype(np.float32)
        order = np.argsort(-depth, kind="stable")
        for k in order[fade[order] > 0.02]:
            sprite = self.sprites[self.which[chosen[k]]]
            left, top, right, bottom = plan.boxes[k]
            if right <= left or bottom <= top:
                continue
            tile = cv2.warpAffine(
                sprite.levels[plan.levels[k]], plan.affines[k], (right - left, bottom - top),
                flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(0, 0, 0, 0),
            )  # fmt: skip
            if fade[k] < 1:
                tile *= f32(fade[k])
            rows = np.asarray(tile, np.float32).reshape(tile.shape[0], -1)
            put_image(*canvas.rgb, rows, left, top, air[k])

    def _plan(
        self, view: View, at: tuple[NDArray[np.float32], NDArray[np.float32]], tall: NDArray[np.floating],
        chosen: NDArray[np.intp], sway: NDArray[np.floating], blur_px: NDArray[np.floating],
    ) -> _Plan:  # fmt: skip
        """Return which level of each sprite goes where, by which map: all worked out at once."""
        which = self.which[chosen]
        rows = np.array([s.levels[0].shape[0] - 2 * EDGE_PX for s in self.sprites])[which]
        wide = np.array([s.wide for s in self.sprites])[which]
        sink = np.array([s.sink for s in self.sprites])[which]
        most = np.array([len(s.levels) - 1 for s in self.sprites])[which]
        tall = tall / (1 - sink)
        # Blur is a coarser level, stretched: cheap, and nothing out of focus shows the difference.
        per_px = rows / np.maximum(tall, 1.0)
        coarse = np.maximum(per_px, 1.0 + 0.45 * blur_px * per_px)
        levels = np.clip(np.round(np.log2(np.maximum(coarse, 1.0)) - 0.25), 0, most).astype(int)
        sizes = np.array(
            [self.sprites[n].levels[level].shape[:2] for n, level in zip(which, levels, strict=True)]
        )
        h, w = sizes[:, 0] - 2 * EDGE_PX, sizes[:, 1] - 2 * EDGE_PX
        up = tall / h
        across = tall * wide / w * np.where(self.tall_m[chosen] < 0, -1, 1)
        c, s = math.cos(view.roll_rad), math.sin(view.roll_rad)
        shear = sway * up  # pixels sideways for each row up
        ax, ay = across * c, across * s
        dx, dy = -(up * s) - shear * c, up * c - shear * s
        mid, low = EDGE_PX + w / 2 - 0.5, EDGE_PX + h * (1 - sink) - 0.5
        ox, oy = at[0] - ax * mid - dx * low, at[1] - ay * mid - dy * low
        far_x, far_y = ax * sizes[:, 1], ay * sizes[:, 1]
        down_x, down_y = dx * sizes[:, 0], dy * sizes[:, 0]
        xs = np.stack([ox, ox + far_x, ox + down_x, ox + far_x + down_x])
        ys = np.stack([oy, oy + far_y, oy + down_y, oy + far_y + down_y])
        left = np.clip(np.floor(xs.min(0)) - 1, 0, view.width_px)
        right = np.clip(np.ceil(xs.max(0)) + 1, 0, view.width_px)
        top = np.clip(np.floor(ys.min(0)) - 1, 0, view.height_px)
        bottom = np.clip(np.ceil(ys.max(0)) + 1, 0, view.height_px)
        affines = np.stack([ax, dx, ox - left, ay, dy, oy - top], 1).reshape(-1, 2, 3)
        boxes = np.stack([left, top, right, bottom], 1).astype(int)
        return _Plan(levels=levels, affines=affines, boxes=boxes.tolist())


def scatter(
    ctx: SetContext,
    number: int,
    line: Mapping[str, Any],
    sprites: Sequence[Sprite],
    light: LandLight,
    height_at: Callable[[NDArray[np.floating], NDArray[np.floating]], NDArray[np.float32]],
    *,
    stage_z_m: float,
    near_m: float,
) -> Scatter | None:
    """Put sprites about as a line of a recipe's `scatter` says.

    The line: count, near_m, far_m (from the stage), tall_m [least, most], clear_m (half width of a lane left
    open toward the background; none in a flight, where `near_m` is negative: there before the stage too),
    slope (steepest ground), height [lowest, highest], crowd 0..1 (in groups), gather (over 1: nearer), bend.
    """
    rng = ctx.rng(f"scatter {number}")
    view = ctx.start
    near = max(float(line["near_m"]), near_m) if near_m > 0 else near_m
    far = max(float(line["far_m"]), near * 1.5, 1.5 * ctx.camera.focus_m * (near_m < 0))
    count = min(int(line["count"]) * (2 if near_m < 0 else 1), MOST_PER_LINE)
    spread = rng.random(count) ** float(line.get("gather", 1.4))
    away = near + (far - near) * spread
    travel = abs(ctx.travel_m_s[0]) * ctx.seconds
    eye_z = stage_z_m - ctx.camera.focus_m
    half_w = (away + ctx.camera.focus_m) * view.width_px / (2 * view.focal_px) * 1.35 + 0.8 * travel
    half_w = half_w + float(line["tall_m"][1])
    x = rng.uniform(-1, 1, count) * half_w + math.tan(view.yaw_rad) * away
    crowd = float(line.get("crowd", 0.0))
    if crowd:
        heads = rng.integers(0, max(count // 9, 1), count)
        pull = crowd * rng.random(count) ** 0.5
        x = x + (x[heads] - x) * pull
        away = away + (away[heads] - away) * pull
    z = stage_z_m + away
    lane = float(line.get("clear_m", 0.0)) if near_m > 0 else 0.0
    keep = np.abs(x) > np.where(away < float(line.get("clear_far_m", 1e9)), lane, 0.0)
    y = height_at(x, z)
    step = min(2.0, 0.2 * abs(near_m) + 0.05)
    slope = np.hypot(height_at(x + step, z) - y, height_at(x, z + step) - y) / step
    keep &= slope < float(line.get("slope", 0.6))
    low, high = line.get("height", (-1e9, 1e9))
    keep &= (y >= low) & (y <= high)
    tall = rng.uniform(line["tall_m"][0], line["tall_m"][1], count) * (0.8 + 0.4 * rng.random(count))
    eye = np.array([view.eye_m[0], view.eye_m[1], eye_z])
    for share in (0.3, 0.5, 0.65, 0.8, 0.9, 0.96):
        px, pz = eye[0] + (x - eye[0]) * share, eye[2] + (z - eye[2]) * share
        keep &= height_at(px, pz) < eye[1] + (y + 0.75 * tall - eye[1]) * share + 0.02 * away
    chosen = np.flatnonzero(keep)
    if not len(chosen):
        return None
    foot = np.stack([x, y, z], 1)[chosen]
    mirrored = np.where(rng.random(len(chosen)) < 0.5, -1.0, 1.0)
    return Scatter(
        sprites=tuple(sprites),
        which=rng.integers(0, len(sprites), len(chosen)),
        foot_m=foot.astype(np.float32),
        tall_m=(tall[chosen] * mirrored).astype(np.float32),
        phase=rng.uniform(0, math.tau, len(chosen)).astype(np.float32),
        bend=float(line.get("bend", 0.015)),
        light=light,
        depth_m=3000.0 - 10.0 * number,
    )


def frame_edges(
    ctx: SetContext, line: Mapping[str, Any], sprites: Sequence[Sprite], light: LandLight
) -> Scatter:
    """Put sprites before the lens, at both edges of the frame, out of focus: what makes near near.

    The line: tall [least, most] in frame heights, and maybe out: how far aside, in half frames.
    """
    rng = ctx.rng("frame edges")
    view = ctx.start
    travel = abs(ctx.travel_m_s[0]) > 0.3
    feet, tall = [], []
    for side in (-1.0, 1.0, -1.0, 1.0):
        depth = ctx.camera.focus_m * float(rng.uniform(0.30, 0.44))
        half_w, half_h = view.half_width_m(depth), view.half_height_m(depth)
        middle = view.eye_m[1] + math.tan(view.pitch_rad) * depth
        # In a tall frame they stay at its edges: by its width, not by its height.
        height = float(rng.uniform(*line["tall"])) * min(2 * half_h, 2.3 * half_w)
        aside = float(line.get("out", 1.0)) * float(rng.uniform(0.86, 1.12)) + (0.12 if len(feet) > 1 else 0)
        x = view.eye_m[0] + math.tan(view.yaw_rad) * depth + side * half_w * aside
        feet.append((x, middle - half_h * 1.12, view.eye_m[2] + depth))
        tall.append(height * (1.0 if len(feet) % 2 else 0.7) * side)
    return Scatter(
        sprites=tuple(sprites),
        which=np.arange(4) % len(sprites),
        foot_m=np.array(feet, np.float32),
        tall_m=np.array(tall, np.float32),
        phase=rng.uniform(0, math.tau, 4).astype(np.float32),
        bend=float(line.get("bend", 0.02)),
        light=light,
        depth_m=ctx.camera.focus_m * 0.4,
        least_blur=0.016,
        period_m=6.5 * view.half_width_m(ctx.camera.focus_m * 0.4) if travel else 0.0,
        focus="full",
    )
