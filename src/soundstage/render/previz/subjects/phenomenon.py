"""What is neither body nor thing: fire, smoke, splashes, worlds, galaxies, lightning. A noun is a line.

`data/phenomena.toml` says which painter shows a noun, how large it is, and whether it stands on the ground,
hangs in the air or belongs to the sky.
"""

from __future__ import annotations

import math
import tomllib
from functools import cache, partial
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.repertoire import HEADINGS, kind_of
from soundstage.render.previz.subjects.phenomenon_cloth import Cloth
from soundstage.render.previz.subjects.phenomenon_fire import explosion_flare
from soundstage.render.previz.subjects.phenomenon_spark import Sparks
from soundstage.render.previz.subjects.phenomenon_vision import Air, Vision
from soundstage.render.previz.subjects.solid_build import build_model
from soundstage.render.previz.subjects.solid_draw import Solid
from soundstage.render.previz.subjects.solid_matter import mix_matters, read_matter
from soundstage.render.previz.subjects.solid_motion import Course

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.film import Subject
    from soundstage.render.previz.scene import Ground, Layer, SetContext

SKY_DEPTH = 8e5  #: behind every ridge and cloud, before the stars
VOID_ALBEDO = 0.02  #: darker ground is none
MOST_COPIES = 5
SIZES = {
    "tiny": 0.45, "small": 0.65, "little": 0.65, "big": 1.35, "large": 1.35, "huge": 1.7, "giant": 1.9,
    "massive": 1.8, "enormous": 1.8, "gigantic": 1.9, "towering": 1.6, "colossal": 1.9, "distant": 0.5,
}  # fmt: skip


@cache
def read_phenomena() -> Mapping[str, Any]:
    """Return `data/phenomena.toml`."""
    text = files("soundstage.render.previz").joinpath("data/phenomena.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def choose_form(kind: str, noun: str, attributes: Sequence[str]) -> Mapping[str, Any]:
    """Return the line that shows a noun: the one with the longest of its words, else the kind's first."""
    said = f" {noun} {' '.join(attributes)} ".lower().replace("_", " ").replace("-", " ")
    lines = [line for line in read_phenomena().values() if line["kind"] == kind]
    best, most = lines[0], 0
    for line in lines:
        score = max(
            (
                len(w)
                for w in line.get("words", ())
                if f" {w} " in said or f" {w}s " in said or (not w.isascii() and w in said)
            ),
            default=0,
        )
        if score > most:
            best, most = line, score
    return best


def _colours(attributes: Sequence[str], palette: Sequence[str]) -> tuple[tuple[float, float, float], ...]:
    """Return the colours said of it, else of the film."""
    table = read_matter()["colour"]
    words = [w for a in attributes for w in a.lower().replace("-", " ").replace("_", " ").split()]
    said = [w for w in words if w in table] or [w for w in palette if w in table]
    found = [table[w]["albedo"] for w in dict.fromkeys(said) if "albedo" in table[w]]
    return tuple((float(c[0]), float(c[1]), float(c[2])) for c in found)


def build(subject: Subject, index: int, ctx: SetContext, ground: Ground) -> Sequence[Layer]:
    """Build a phenomenon."""
    kind = kind_of(subject)
    form = choose_form(kind.name, subject.noun, subject.attributes)
    scale = math.prod(SIZES.get(word, 1.0) for word in subject.attributes)
    colours = _colours(subject.attributes, () if form.get("own_colour") else ctx.palette)
    if form.get("own_colour") and not _colours(subject.attributes, ()):
        colours = ()
    air = Air(
        rng=ctx.rng(f"phenomenon {index}"), light=ctx.light, colours=colours, told=form, seconds=ctx.seconds
    )
    count = 1 if form.get("one") else max(min(subject.count, MOST_COPIES), 1)
    if form.get("sky"):
        return _in_sky(form, air, index, ctx, ground, scale)
    size = (float(form["fill"]) * kind.extent_m if index == 0 else float(form["size_m"])) * scale
    layers: list[Layer] = []
    slots = max(len(ctx.shot.subjects), 1)
    x, y, z = ground.spot(min(index, slots - 1), slots)
    if slots == 1:
        x = 0.0
    away = 1.0 if index == 0 else float(form.get("behind", 0.0))
    if index and away:
        z += away * size
        x *= 1 + away * size / max(ground.stage_m, 1e-3)
    for nth in range(count):
        across = 0.0 if nth == 0 else (0.75 + 0.45 * ((nth + 1) // 2 - 1)) * (1 if nth % 2 else -1)
        spot = (x + across * size * 1.1, y + float(form.get("lift", 0.0)) * size, z + 0.25 * nth * size)
        layers += _one(form, air, spot, size * (1 - 0.07 * nth), subject, index, ctx, ground)
    return layers


def _one(
    form: Mapping[str, Any], air: Air, spot: tuple[float, float, float], size: float, subject: Subject,
    index: int, ctx: SetContext, ground: Ground,
) -> list[Layer]:  # fmt: skip
    depth = max(spot[2] - ctx.start.eye_m[2], 0.05)
    layers: list[Layer] = []
    if "paint" in form:
        glow = np.array(form.get("glow", (0.0, 0.0, 0.0)))
        if air.colours and glow.any():
            hue = np.array(air.colours[0])
            glow = hue / max(float(hue.max()), 1e-3) * float(glow.max())
        glow = glow * air.white * (0.35 + 0.65 * ctx.light.darkness)
        flare = (
            partial(explosion_flare, float(form.get("begins_s", 0.25)))
            if form.get("flare") == "burst"
            else _flicker
        )
        travel = ctx.travel_m_s if index == 0 else (0.0, 0.0, 0.0)
        if index and subject.heading is not None:
            speed = kind_of(subject).speed_m_s.get(subject.action or "", 0.0)
            hx, hy, hz = HEADINGS[subject.heading]
            travel = (hx * speed, hy * speed, hz * speed)
        layers.append(
            Vision(
                paint=_painter(form["paint"])(air), at_m=spot, size_m=size, foot=float(form.get("foot", 0.0)),
                glow=(float(glow[0]), float(glow[1]), float(glow[2])), flare=flare, travel_m_s=travel,
                ground_m=ground.height_m, wetness=0.0 if form.get("foot") else ground.wetness, depth_m=depth,
            )
        )  # fmt: skip
    if form.get("logs"):
        model = build_model("campfire_logs")
        course = Course(
            spot_m=spot, lift_m=0.0, travel_m_s=(0.0, 0.0, 0.0), action=None, habitat="land", yaw_deg=0.0,
            scale=size / 1.5, size_m=0.4, phase=0.0, seconds=ctx.seconds,
        )  # fmt: skip
        rows = mix_matters(model.facts, [m[0] for m in model.matters], (), ctx.light)
        layers.append(
            Solid(model=model, course=course, rows=rows, light=ctx.light, ground=ground, depth_m=depth + 0.02)
        )
    if "cloth" in form:
        layers.append(
            Cloth(
                hang=form["cloth"], at_m=spot, size_m=size,
                albedo=air.colours[0] if air.colours else tuple(form["albedo"]),
                light=ctx.light, ground=ground, phase=float(air.rng.uniform(0, 6)), depth_m=depth,
            )
        )  # fmt: skip
    if "sparks" in form:
        layers.append(
            Sparks(
                rule=form["sparks"], at_m=spot, size_m=size * float(form.get("sparks_size", 1.0)), air=air,
                told=form, seed=ctx.seed, depth_m=max(depth - 0.01, 0.02),
            )
        )  # fmt: skip
    return layers


def _flicker(t: float) -> float:
    return 0.86 + 0.08 * math.sin(11.3 * t) + 0.06 * math.sin(17.9 * t + 1.3)


def _in_sky(
    form: Mapping[str, Any], air: Air, index: int, ctx: SetContext, ground: Ground, scale: float
) -> list[Layer]:
    """Put it above the horizon, as large in the frame as its line says; in space, in the middle."""
    view = ctx.start
    space = ctx.shot.place == "space" and max(ground.albedo) < VOID_ALBEDO  # a world's surface is a land
    if "sparks" in form:
        return [
            Sparks(
                rule=form["sparks"], at_m=(0.0, 0.0, 0.0), size_m=1.0, air=air, told=form, seed=ctx.seed,
                depth_m=SKY_DEPTH, focus="back",
            )
        ]  # fmt: skip
    lead = index == 0
    fill = float(form["fill"]) * (1.0 if lead else 0.55) * scale
    if lead:
        fill *= {
            "extreme_close_up": 1.8,
            "close_up": 1.4,
            "wide": 0.85,
            "extreme_wide": 0.6,
            "aerial": 0.7,
        }.get(ctx.shot.framing, 1.0)
    if not lead and not space:
        fill *= 0.6
    w, h = view.width_px, view.height_px
    side = min(h, w * 1.05 / float(form.get("wide", 1.0)))
    column = 0.5 if lead else (0.70 if index % 2 else 0.28)
    row = float(form.get("row", 0.36)) if not space or "row" in form else 0.48
    if not space and float(form.get("foot", 0.5)):
        # Above the horizon, as far as it goes there.
        fill = min(fill, 0.62) if "row" not in form else fill
        row = max(min(row, view.horizon_px() / h - 0.52 * fill * side / h), 0.24)
    if not lead:
        row = min(row, 0.30)
    ray = view.direction(column * w, row * h)
    size_px = fill * side
    # Its distance is measured along the axis: what stands aside must not look larger for it.
    ahead = float(ray @ view.direction(w / 2, h / 2))
    size_m = size_px / view.focal_px * 3e4 * ahead
    return [
        Vision(
            paint=_painter(form["paint"])(air), at_m=(0.0, 0.0, 0.0), size_m=size_m,
            foot=float(form.get("foot", 0.5)), direction=(float(ray[0]), float(ray[1]), float(ray[2])),
            depth_m=SKY_DEPTH,
            focus="full" if space else "back",
        )
    ]  # fmt: skip


def _painter(name: str) -> Any:
    module, _, function = name.partition(":")
    return getattr(import_module(f"soundstage.render.previz.subjects.phenomenon_{module}"), function)
