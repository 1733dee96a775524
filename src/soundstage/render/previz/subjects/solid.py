"""Things with hard shapes: vehicles, boats, aircraft, buildings, furniture, products, food.

What they look like is data (`data/solids/*.toml`); this chooses the model that suits the words said of a
subject, and puts as many of them as were asked for where they stand. Small things stand on a table.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.render.previz.repertoire import HEADINGS, kind_of
from soundstage.render.previz.subjects.solid_build import build_model, choose_model
from soundstage.render.previz.subjects.solid_draw import Solid
from soundstage.render.previz.subjects.solid_matter import mix_matters
from soundstage.render.previz.subjects.solid_motion import Course

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.film import Subject
    from soundstage.render.previz.scene import Ground, Layer, SetContext
    from soundstage.render.previz.subjects.solid_build import Model

MOST_COPIES = 6
TABLE_M = 0.74  #: height of a table top; the kinds that stand on one have it in their `centre_m`
SIZES = {
    "tiny": 0.55, "miniature": 0.5, "small": 0.8, "little": 0.8, "big": 1.2, "large": 1.2, "huge": 1.4,
    "giant": 1.6, "gigantic": 1.6, "enormous": 1.5, "massive": 1.4, "colossal": 1.6, "tall": 1.15,
}  # fmt: skip
#: Where copies stand beside the first: across and back, in widths. Never a row like a fence.
SPREAD = ((0.0, 0.0), (1.25, 0.55), (-1.30, 0.80), (0.55, 1.90), (-0.75, 2.30), (2.0, 2.0))
WILD = frozenset({
    "forest", "jungle", "beach", "desert", "mountains", "meadow", "river", "lake", "waterfall", "cave", "swamp",  # noqa: E501
    "canyon", "volcano", "snow", "polar_ice", "savanna", "cliff_coast", "pine_forest", "garden",
})  # fmt: skip


def build(subject: Subject, index: int, ctx: SetContext, ground: Ground) -> Sequence[Layer]:
    """Build a subject as solids."""
    kind = kind_of(subject)
    model = build_model(choose_model(kind.name, subject.noun, subject.attributes))
    facts = model.facts
    habitat: str = facts.get("habitat", "table")
    scale = math.prod(SIZES.get(word, 1.0) for word in subject.attributes)
    floor = replace(ground, height_m=TABLE_M, wetness=0.30) if habitat == "table" else ground
    rows = mix_matters(facts, [m[0] for m in model.matters], subject.attributes, ctx.light)
    rng = ctx.rng(f"solid {index}")
    travel = ctx.travel_m_s if index == 0 else _own_travel(subject)
    moving = math.hypot(travel[0], travel[2]) > 0
    yaw = float(facts.get("yaw", 28.0))
    if moving:
        yaw = math.degrees(math.atan2(-travel[2], travel[0])) + (6.0 if travel[0] else 0.0)
    elif subject.heading is not None:
        x, _, z = HEADINGS[subject.heading]
        yaw = math.degrees(math.atan2(-z, x)) + (25.0 if x > 0 else -25.0) if x or z else yaw
    size = float((model.high - model.low).max()) * scale
    wide = _width(model, yaw) * scale
    x, _, z = ground.spot(min(index, len(ctx.shot.subjects) - 1), max(len(ctx.shot.subjects), 1))
    x *= min(1.0, ground.half_width_m / max(wide, 1e-3))
    layers: list[Layer] = []
    copies = max(min(subject.count, MOST_COPIES), 1)
    for nth in range(copies):
        across, back = SPREAD[nth]
        spot = (x + across * wide, floor.height_m, z + back * wide * 0.8)
        lift = float(facts.get("lift", 0.0)) + (
            0.25 * size * math.sin(2.3 * nth) if habitat == "air" else 0.0
        )
        course = Course(
            spot_m=spot, lift_m=lift, travel_m_s=travel, action=subject.action, habitat=habitat, yaw_deg=yaw,
            scale=scale * (1 - 0.06 * (nth % 3)), size_m=size, phase=float(rng.uniform(0, 2 * math.pi)) if nth
            or habitat != "table" else 0.0, seconds=ctx.seconds,
            tilt_deg=float(facts.get("tilt", 0.0)), foot_m=float(facts.get("foot", 0.0)) * scale,
        )  # fmt: skip
        layers.append(
            Solid(
                model=model, course=course, rows=rows, light=ctx.light, ground=floor,
                depth_m=max(spot[2] - ctx.start.eye_m[2], 0.05), shadow=not facts.get("no_shadow", False),
            )
        )  # fmt: skip
    if habitat == "table" and index == 0:
        layers.insert(0, _stand(ctx, floor, kind.extent_m, z))
    return layers


def framed_small(subject: Subject, framing: str) -> tuple[float, float] | None:
    """Return extent and middle, metres, of a small thing as it is modelled; None for one that is none.

    A kind's row in the tables is its first model's: a flask of perfume would be lost in a bottle's frame.
    From very near most of it is still seen, where of a person there would be an eye.
    """
    kind = kind_of(subject)
    if kind.builder != f"{__name__}:build":
        return None
    model = build_model(choose_model(kind.name, subject.noun, subject.attributes))
    if model.facts.get("habitat", "table") != "table":
        return None
    scale = math.prod(SIZES.get(word, 1.0) for word in subject.attributes)
    high, wide = float(model.high[1]) * scale, float((model.high - model.low)[[0, 2]].max()) * scale
    extent_m = 1.15 * max(high, 0.75 * wide) * (1.7 if framing == "extreme_close_up" else 1.0)
    return extent_m, TABLE_M + high / 2


def _width(model: Model, yaw_deg: float) -> float:
    """Return how wide it looks from the camera."""
    span = model.high - model.low
    c, s = abs(math.cos(math.radians(yaw_deg))), abs(math.sin(math.radians(yaw_deg)))
    return float(span[0]) * c + float(span[2]) * s


def _own_travel(subject: Subject) -> tuple[float, float, float]:
    speed = kind_of(subject).speed_m_s.get(subject.action or "", 0.0)
    x, y, z = HEADINGS[subject.heading or "right"]
    return x * speed, y * speed, z * speed


def _stand(ctx: SetContext, floor: Ground, extent_m: float, z_m: float) -> Layer:
    """Return what small things stand on: a table, out of doors a slab of rock."""
    model = build_model("slab" if ctx.shot.place in WILD else "table_top")
    scale = min(max(extent_m / 0.12, 0.30), 6.0)
    course = Course(
        spot_m=(0.0, floor.height_m, z_m), lift_m=0.0, travel_m_s=(0.0, 0.0, 0.0), action=None, habitat="land",  # noqa: E501
        yaw_deg=0.0, scale=scale, size_m=0.5, phase=0.0, seconds=ctx.seconds,
    )  # fmt: skip
    ground = replace(floor, height_m=floor.height_m - 0.6, wetness=0.0)
    return Solid(
        model=model, course=course, rows=mix_matters(model.facts, [m[0] for m in model.matters], (), ctx.light),  # noqa: E501
        light=ctx.light, ground=ground, depth_m=max(z_m - ctx.start.eye_m[2], 0.05) + 0.001, shadow=False,
    )  # fmt: skip
