"""What sways on the seabed: kelp with its leaves, sea grass, anemones, drawn as every plant is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.kernels.plants import AIR_LENGTH
from soundstage.render.previz.places.plants import Blades
from soundstage.render.previz.places.undergrowth import LAMP_ROOT, LAMP_TIP, Thicket
from soundstage.render.previz.places.water_banks import focus_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.scene import Layer, SetContext

f32 = np.float32


def growth(
    ctx: SetContext,
    row: Mapping[str, Any],
    *,
    fog: NDArray[np.float64],
    per_m: float,
    light: NDArray[np.float64],
) -> list[Layer]:
    """Grow a row of `[[growth]]`: kind, count, high_m, albedo, `near` to `far` in stage distances."""
    rng, view, stage = ctx.rng(f"growth {row['kind']} {row['near']}"), ctx.start, ctx.camera.focus_m
    count = int(row["count"])
    away = rng.uniform(float(row["near"]), float(row["far"]), count) * stage
    across = rng.uniform(-1.3, 1.3, count)
    gap = float(row.get("gap", 0.0))
    across = np.where(np.abs(across) < gap, np.sign(across) * (gap + (1.3 - gap) * rng.random(count)), across)
    x = view.eye_m[0] + across * away * view.half_width_m(1.0)
    z = view.eye_m[2] + away
    tall = float(row["high_m"]) * rng.uniform(0.55, 1.0, count)
    local = np.array(row["albedo"])
    plants: list[Blades] = []
    for n in range(count):
        tone = local * rng.uniform(0.7, 1.25)
        if row["kind"] == "kelp":
            plants.append(_kelp(rng, float(x[n]), float(z[n]), float(tall[n]), tone))
        elif row["kind"] == "anemone":
            plants.append(
                _tuft(
                    rng,
                    float(x[n]),
                    float(z[n]),
                    float(tall[n]),
                    tone,
                    blades=60,
                    spread=1.1,
                    wide=0.075,
                    tip=2.2,
                )
            )
        else:
            plants.append(
                _tuft(
                    rng,
                    float(x[n]),
                    float(z[n]),
                    float(tall[n]),
                    tone,
                    blades=13,
                    spread=0.30,
                    wide=0.028,
                    tip=1.4,
                )
            )
    air = np.zeros(AIR_LENGTH, f32)
    share = float(row.get("light", 1.0))
    air[0:3] = light * 0.75 * share
    air[3:6] = light * 0.55 * share
    air[6:9], air[9] = fog, per_m
    air[10], air[11] = 0.02, 0.5
    air[12], air[13] = LAMP_ROOT, LAMP_TIP
    near = float(row["far"]) < 0.8
    goes = math.hypot(*ctx.travel_m_s) > 0
    period_m = 2.9 * float(row["far"]) * stage * view.half_width_m(1.0) if goes else 0.0
    return [
        Thicket(
            depth_m=float(np.mean(z)), blades=Blades.joined(plants), air=air, wind=0.35,
            focus="full" if near else focus_of(ctx), soft=near,
            period_m=period_m,
        )
    ]  # fmt: skip


def _kelp(rng: np.random.Generator, x: float, z: float, tall: float, local: NDArray[np.float64]) -> Blades:
    leaves = 26
    lean, phase = rng.normal(0, 0.12) * tall, rng.uniform(0, math.tau)
    u = np.linspace(0.08, 1.0, leaves)
    side = np.where(np.arange(leaves) % 2 == 0, 1.0, -1.0)
    px, py = x + lean * u**2, tall * u
    reach = tall * 0.15 * np.sin(math.pi * (0.25 + 0.7 * u)) * rng.uniform(0.8, 1.2, leaves)
    zs = np.full(leaves, z)
    points = np.stack([
        px, py, zs, px + side * reach * 0.55, py + reach * 0.32, zs + rng.normal(0, 0.05, leaves) * reach,
        px + side * reach, py + reach * rng.uniform(-0.25, 0.35, leaves), zs,
    ], 1)  # fmt: skip
    give = tall * 0.14
    flex = np.stack([u**2, u**2 + 0.04, u**2 + 0.13], 1) * give
    width = (
        np.stack([np.full(leaves, 0.030 * tall), np.full(leaves, 0.006 * tall)], 1)
        * (0.5 + 0.7 * np.sin(math.pi * u))[:, None]
    )
    steps = 5
    v = np.linspace(0, 1, steps + 1)
    stem = np.stack([
        x + lean * v[:-1] ** 2, tall * v[:-1], np.full(steps, z), x + lean * ((v[:-1] + v[1:]) / 2) ** 2,
        tall * (v[:-1] + v[1:]) / 2,
        np.full(steps, z), x + lean * v[1:] ** 2, tall * v[1:], np.full(steps, z),
    ], 1)  # fmt: skip
    stem_flex = np.stack([v[:-1] ** 2, ((v[:-1] + v[1:]) / 2) ** 2, v[1:] ** 2], 1) * give
    tone = np.tile(local, (leaves, 1)) * rng.uniform(0.8, 1.25, (leaves, 1))
    albedo = np.concatenate(
        [
            np.concatenate([tone * 0.8, tone * 1.25], 1),
            np.tile(np.concatenate([local * 0.6, local * 0.8]), (steps, 1)),
        ]
    )
    return Blades(
        points=np.concatenate([points, stem]).astype(f32), flex=np.concatenate([flex, stem_flex]).astype(f32),
        phase=np.full(leaves + steps, phase, f32),
        width=np.concatenate([width, np.full((steps, 2), 0.011 * tall)]).astype(f32),
        albedo=albedo.astype(f32),
    )  # fmt: skip


def _tuft(
    rng: np.random.Generator,
    x: float,
    z: float,
    tall: float,
    local: NDArray[np.float64],
    *,
    blades: int,
    spread: float,
    wide: float,
    tip: float,
) -> Blades:
    lean = rng.normal(0, spread, blades)
    long = tall * rng.uniform(0.6, 1.0, blades)
    foot = x + rng.normal(0, 0.10, blades) * tall
    rise = long * np.cos(np.clip(lean, -1.25, 1.25))
    zs = z + rng.normal(0, 0.08, blades) * tall
    points = np.stack([
        foot, np.zeros(blades), zs, foot + 0.35 * np.sin(lean) * long, 0.62 * rise, zs,
        foot + np.sin(lean) * long, rise, zs,
    ], 1)  # fmt: skip
    flex = np.stack([np.zeros(blades), 0.05 * long, 0.17 * long], 1)
    tone = local * rng.uniform(0.75, 1.25, (blades, 1))
    return Blades(
        points=points.astype(f32), flex=flex.astype(f32), phase=(rng.uniform(0, math.tau) + rng.normal(0,
        0.5, blades)).astype(f32),
        width=np.stack([np.full(blades, wide * tall), np.full(blades,
        wide * tall * (0.6 if tip > 2 else 0.25))], 1).astype(f32),
        albedo=np.concatenate([tone * 0.6, np.minimum(tone * tip, 0.9)], 1).astype(f32),
    )  # fmt: skip
