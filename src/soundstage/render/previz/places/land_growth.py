"""What grows where the subject stands: blades, straw and stems one by one, swayed by the wind.

Everything repeats sideways, so that a lead that runs never leaves the meadow.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.kernels.plants import AIR_LENGTH
from soundstage.render.previz.places.land_light import WHITE, LandLight
from soundstage.render.previz.places.plants import Blades
from soundstage.render.previz.places.undergrowth import Thicket

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.scene import Layer, SetContext

WIDTH = 1.35  #: half frames that growth reaches to each side
#: near, far (stage distances), share of the blades, half widths left open in the middle, share of the
#: height, soft, share of the light
BANDS = (
    (1.35, 2.7, 0.40, 0.0, 1.0, False, 1.0),
    (0.90, 1.35, 0.30, 0.40, 1.0, False, 1.0),
    (0.55, 0.92, 0.24, 0.0, 0.32, False, 0.9),
    (0.34, 0.56, 0.05, 0.55, 1.0, True, 0.55),
)


def grow(
    ctx: SetContext, line: Mapping[str, Any], light: LandLight, tint: NDArray[np.float64]
) -> list[Layer]:
    """Grow a recipe's `growth`: count, tall_m, colour, tip, maybe heads { share, colours, size_m, ears }."""
    if ctx.start.pitch_rad < -0.6 or ctx.shot.framing == "aerial":
        return []
    view, stage = ctx.start, ctx.camera.focus_m
    rng = ctx.rng("growth")
    layers: list[Layer] = []
    for near, far, share, gap, part, soft, gain in BANDS:
        # Before the lead only what stands on ground that is seen, or is soft: no blade may cross a face.
        seen_m = view.eye_m[1] + (math.tan(view.pitch_rad) - 1.1 * view.half_height_m(1.0)) * near * stage
        if near < 0.85 and not soft and seen_m > 0:
            continue
        count = max(int(line["count"] * share), 8)
        z = rng.uniform(near, far, count) * stage
        across = rng.uniform(-WIDTH, WIDTH, count)
        aside = np.sign(across) * (gap + rng.random(count) * (WIDTH - gap))
        x = np.where(np.abs(across) < gap, aside, across) * z * view.half_width_m(1.0) + view.eye_m[0]
        # What stands before the lens may reach into the frame's lower third, never across the lead's face.
        lens = view.eye_m[1] + math.tan(view.pitch_rad) * z - 0.42 * z * view.half_height_m(1.0)
        low = view.eye_m[1] + math.tan(view.pitch_rad) * z - 1.15 * z * view.half_height_m(1.0)
        tall = rng.uniform(line["tall_m"][0], line["tall_m"][1], count) * part
        if soft:
            lens = lens + 0.9 * z * view.half_height_m(1.0) * np.clip(
                np.abs(x) / (z * view.half_width_m(1.0)) - 0.55, 0, 1
            )
            tall = np.maximum(tall, (lens - low) * rng.uniform(0.5, 1.0, count))
        root = np.maximum(low, 0.0)
        top = np.minimum(np.maximum(tall, root + 0.3 * tall), np.maximum(lens, 0.05)) if near < 0.85 else tall
        blades = _stems(
            rng, line, (x, root, z + view.eye_m[2]), np.maximum(top - root, 0.02), light.white, tint
        )
        layers.append(
            Thicket(
                depth_m=view.eye_m[2] + stage * (near + far) / 2,
                blades=blades,
                air=_air(light, gain),
                wind=light.wind,
                period_m=2 * WIDTH * view.half_width_m(stage * far),
                focus="back" if near > 1.3 else "full",
                soft=soft,
            )
        )
    return layers


def _stems(
    rng: np.random.Generator, line: Mapping[str, Any], foot: tuple[NDArray[Any], NDArray[Any], NDArray[Any]],
    tall: NDArray[np.floating], white: float, tint: NDArray[np.float64],
) -> Blades:  # fmt: skip
    x, root, z = foot
    count = len(x)
    season = tint if line.get("alive", True) else np.ones(3)
    bend = rng.normal(0.10, 0.17, count) * tall * float(line.get("bent", 1.0))
    tilt = rng.normal(0, 0.06, count) * tall
    tip_x, tip_y, tip_z = x + bend, root + tall - 0.2 * np.abs(bend), z + tilt
    points = np.stack(
        [x, root, z, x + bend * 0.28, root + tall * 0.62, z + tilt * 0.4, tip_x, tip_y, tip_z], 1
    )
    flex = np.stack([np.zeros(count), tall * 0.03, tall * 0.10], 1)
    wide = rng.uniform(0.7, 1.5, count) * float(line.get("wide_m", 0.003)) * (0.85 + tall)
    tone = rng.uniform(0.55, 1.35, (count, 1))
    low = np.array(line["colour"]) * season * tone
    tip = np.array(line.get("tip", line["colour"])) * season * tone
    snow = 0.75 * white
    tip = tip * (1 - snow) + np.array(WHITE) * 0.8 * snow
    phase = rng.uniform(0, math.tau, count)
    parts = [_blades(points, flex, phase, np.stack([wide, wide * 0.2], 1), low * 0.85, tip)]
    heads = line.get("heads")
    if heads:
        some = np.flatnonzero(rng.random(count) < float(heads["share"]))
        colours = np.array(heads["colours"])[rng.integers(0, len(heads["colours"]), len(some))]
        colours = colours * rng.uniform(0.75, 1.2, (len(some), 1))
        size = rng.uniform(0.7, 1.25, len(some)) * float(heads["size_m"])
        top = np.stack([tip_x, tip_y, tip_z], 1)[some]
        ways = (
            [(0.25, 1.0)]
            if heads.get("ears")
            else [(math.cos(a), 0.45 * math.sin(a)) for a in np.linspace(0.3, 5.9, 6)]
        )
        for dx, dy in ways:
            reach = size * (2.4 if heads.get("ears") else 1.0)
            end = top + np.stack([dx * reach, dy * reach, np.zeros_like(reach)], 1)
            rows = np.concatenate([top, (top + end) / 2, end], 1)
            give = np.repeat(flex[some, 2:], 3, axis=1)
            width = np.stack([size * (0.30 if heads.get("ears") else 0.75), size * 0.25], 1)
            parts.append(
                _blades(
                    rows, give, phase[some], width, colours * (2.6 if heads.get("ears") else 3.4), colours
                )
            )
    return Blades.joined(parts)


def _blades(
    points: NDArray[Any], flex: NDArray[Any], phase: NDArray[Any], width: NDArray[Any],
    low: NDArray[Any], tip: NDArray[Any],
) -> Blades:  # fmt: skip
    return Blades(
        points=points.astype(np.float32),
        flex=flex.astype(np.float32),
        phase=phase.astype(np.float32),
        width=width.astype(np.float32),
        albedo=np.concatenate([low, tip], 1).astype(np.float32),
    )


def _air(light: LandLight, gain: float) -> NDArray[np.float32]:
    """Return `kernels.plants.AIR`: grass before a low sun is lit from behind and glows."""
    back = max(float(light.sun[2]), 0.0) * (1 - max(float(light.sun[1]), 0.0))
    sun = light.key * np.float32((0.30 + 0.55 * back) * light.open_sky * gain)
    haze = light.haze(np.array([[0.0, 0.0, 1.0]]))[0]
    numbers = [*(light.fill * gain), *sun, *haze, light.per_m, 0.10, 0.30, 0.00018, 0.00055]
    assert len(numbers) == AIR_LENGTH
    return np.array(numbers, np.float32)
