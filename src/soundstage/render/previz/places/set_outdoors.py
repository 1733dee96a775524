"""The lot that outdoor sets are built on: sky, far ridges, ground that mirrors them, lamps, what moves.

A place surveys its lot, has its flats built, and gets a Place from `raise_set`. Knows no place by name.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.kernels.sand import SAND
from soundstage.render.previz.kernels.water import SEA
from soundstage.render.previz.places.beach import mix_sand, mix_sea
from soundstage.render.previz.places.open import FAR_Z, read_open
from soundstage.render.previz.places.open_ridges import ridge
from soundstage.render.previz.places.panels import Panels
from soundstage.render.previz.places.set_carpentry import Carpenter, daylight
from soundstage.render.previz.places.set_layers import GROUND_DEPTH_M, SET_DEPTH_M, Slab, StageLamps, Sunk
from soundstage.render.previz.places.set_paint import SetLight
from soundstage.render.previz.places.wet_street import WetStreet
from soundstage.render.previz.scene import Ground, Place
from soundstage.render.previz.sky import sky_layers
from soundstage.render.previz.sky_stars import Stars

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.places.panels import Panel, Vector
    from soundstage.render.previz.scene import Layer, SetContext
    from soundstage.render.previz.sky import Sky

LEAST_WET = 0.05  #: a floor that is drier mirrors nothing
CROSSING_M_S = 0.3  #: a lead that moves sideways faster than this takes the set with it


@cache
def read_place(name: str) -> Mapping[str, Any]:
    """Return `data/places/<name>.toml`."""
    text = files("soundstage.render.previz").joinpath(f"data/places/{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def variant(table: Mapping[str, Any], setting: str, default: str) -> Mapping[str, Any]:
    """Return the line of a table whose words are in the prompt's own name of the place, or the default."""
    said = f" {setting.lower()} "
    for line in table.values():
        if any(f" {word} " in said or f" {word}s " in said for word in line.get("words", ())):
            return line
    return table[default]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Where a set may stand, and in which light."""

    ctx: SetContext
    light: SetLight
    stage_z: float
    eye_z: float  #: of the camera where it is farthest back
    half_w: float  #: of the frame at the stage
    grow: float  #: how much larger than life the set is built
    across: bool  #: the lead crosses the picture, and the set goes on with it
    away: bool  #: the lead goes into the picture or out of it
    side: float  #: -1 or 1, by the seed: where what is free to choose stands
    glow: NDArray[np.float64]  #: light that lamps all around throw on everything after dark

    @classmethod
    def survey(
        cls, ctx: SetContext, *, roomy_m: float = 11.0, lamp: Sequence[float] = (0, 0, 0), lit: float = 0.0
    ) -> Lot:
        """Return the lot of a shot.

        Args:
            ctx: the shot.
            roomy_m: a frame wider than this to either side has the set grow.
            lamp: colour of the lamps that burn there.
            lit: how much of their light falls on everything after dark.
        """
        light = SetLight.of(ctx)
        stage = ctx.camera.focus_m
        eyes = [ctx.camera.view(u, u * ctx.seconds).eye_m[2] for u in (0.0, 0.25, 0.5, 0.75, 1.0)]
        half_w = ctx.start.half_width_m(stage)
        return cls(
            ctx=ctx, light=light, stage_z=ctx.camera.eye_m[2] + stage, eye_z=min(eyes),
            half_w=half_w, grow=float(np.clip(half_w / roomy_m, 1.0, 5.0)),
            across=abs(ctx.travel_m_s[0]) > CROSSING_M_S, away=abs(ctx.travel_m_s[2]) > CROSSING_M_S,
            side=1.0 if ctx.rng("side").random() < 0.5 else -1.0,
            glow=np.array(lamp) * lit * light.lamp * light.darkness,
        )  # fmt: skip

    @property
    def stage(self) -> float:
        """Return z of the stage, life size, in a set whose origin is the world's."""
        return self.stage_z / self.grow

    @property
    def gone(self) -> float:
        """Return how far into the picture the lead goes in the shot, life size: a set ends beyond."""
        return max(self.ctx.travel_m_s[2], 0.0) * self.ctx.seconds / self.grow

    def carpenter(
        self, *, origin_m: Vector = (0.0, 0.0, 0.0), repeat_m: Vector = (0.0, 0.0, 0.0), order: float = 0.0
    ) -> Carpenter:  # fmt: skip
        """Return a carpenter who builds in the day's light. Repeats are life size."""
        g = self.grow
        return Carpenter(
            self.ctx, daylight(self.light, self.glow), grow=g, origin_m=origin_m,
            repeat_m=(repeat_m[0] * g, 0.0, repeat_m[2] * g), order=order,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Air:
    """Sky and haze of a lot."""

    sky: Sky
    parts: tuple[Layer, ...]
    sea: NDArray[np.float32]
    haze: NDArray[np.float32]
    per_m: float

    @classmethod
    def over(cls, ctx: SetContext, *, clouds: str | None = None) -> Air:
        """Return the shot's air; `clouds`: of another weather. Stars lie under the set, not over it."""
        sky, parts = sky_layers(ctx, weather=clouds)
        sea = mix_sea(ctx, sky, FAR_Z)
        return cls(
            sky=sky, sea=sea, haze=sea[SEA["haze"] : SEA["haze"] + 3], per_m=float(sea[SEA["haze_per_m"]]),
            parts=tuple(replace(p, focus="back") if isinstance(p, Stars) else p for p in parts),
        )  # fmt: skip

    def fogged(self, pieces: Sequence[Panel], *, warm: Any = (0, 0, 0), **rest: Any) -> Panels:
        """Return these flats as a layer in this air; `warm` is light that lamps leave in it."""
        fog = self.haze + np.asarray(warm, np.float32) * np.float32(0.05)
        options: dict[str, Any] = {"fog": fog, "fog_per_m": min(self.per_m * 0.9 + 0.0015, 0.05), **rest}
        depth = float(options.pop("depth_m", SET_DEPTH_M))
        return Panels.of(pieces, depth, **options)


def stage_lamps(
    lot: Lot, rows: Sequence[tuple[float, float, float, Any, float]], *, least: float = 0.0
) -> NDArray[np.float32]:
    """Return lamps (M, 7) about the stage: each x, y, z in stage half widths, its colour, its power.

    They matter after dark; `least` is what of them is seen by day too.
    """
    away = 1.6 * lot.grow + 0.5 * lot.half_w
    burn = lot.light.lamp * max(lot.light.darkness, least)
    if burn < 0.02:
        return np.zeros((0, 7), np.float32)
    return np.array(
        [
            [x * away, y * 2.0 * lot.grow, lot.stage_z + z * away, *(np.asarray(c) * p * burn), 1.1 * away**2]
            for x, y, z, c, p in rows
        ],
        np.float32,
    ).reshape(-1, 7)


def _flats(pieces: Sequence[Panel]) -> dict[str, Any]:
    return {"pieces": tuple(pieces), "corners_m": np.array([p.corners() for p in pieces]).reshape(-1, 4, 3)}


def raise_set(
    lot: Lot, air: Air, *, sets: Panels, albedo: Sequence[float], wet: float, ripples: float = 0.1,
    ridges: Sequence[str] = (), extra: Sequence[Layer] = (), lamps: NDArray[np.float32] | None = None,
    lamp: Any = (0.0, 0.0, 0.0), drop_m: float = 0.0, mirrors: bool = True, water: float = 0.0,
    stage_albedo: Sequence[float] | None = None, behind: Sequence[Panel] = (),
    floor: tuple[float, float, float, float] | None = None, floor_wet: float = 0.0,
) -> Place:  # fmt: skip
    """Return the place: sky, ridges, ground, the set and what moves in it.

    Args:
        lot: where it stands.
        air: what it stands in.
        sets: the flats.
        albedo: of the ground.
        wet: how much the ground mirrors, dry.
        ripples: of the ground.
        ridges: lines of [ridge] in open.toml, far to near.
        extra: more layers.
        lamps: what lights the subjects after dark, (M, 7).
        lamp: light that lamps leave on the ground everywhere.
        drop_m: how far below the stage the ground lies.
        mirrors: whether the ground shows the set.
        water: above 0 the ground is water, so rough: 1 an open sea, 0.3 a lake's.
        stage_albedo: of what the subject stands on, where that is not the ground.
        behind: flats that the floor hides.
        floor: x0, z0, x1, z1 (m) of a floor at y = 0 over the ground; what is wet there mirrors.
        floor_wet: how much it mirrors, dry.
    """
    ctx = lot.ctx
    sea = air.sea
    if water:
        sea = mix_sea(ctx, air.sky, -FAR_Z)
        sea[SEA["wind"]] *= water
    sand = mix_sand(
        ctx, air.sky, FAR_Z, sea[SEA["shallow"] : SEA["shallow"] + 3],
        {"albedo": albedo, "ripples": ripples, "wet": max(wet, ctx.light.wet)},
    )  # fmt: skip
    sand[SAND["sky"] : SAND["sky"] + 3] += np.asarray(lamp, np.float32)
    wetness = float(max(floor_wet if floor else wet, 0.9 * ctx.light.wet))
    table = read_open()["ridge"]
    layers: list[Layer] = list(air.parts)
    layers += [ridge(ctx, name, table[name], air.haze, air.per_m, wetness)[0] for name in ridges]
    no_lamp = np.zeros((0, 7), np.float32)
    ground = WetStreet(
        sky=air.sky, sea=sea, sand=sand, sets=sets if mirrors and not floor else None, gain=1.15,
        depth_m=GROUND_DEPTH_M, lamp=no_lamp,
    )  # fmt: skip
    layers.append(Sunk(ground=ground, drop_m=drop_m) if drop_m else ground)
    if behind:
        layers.append(replace(sets, **_flats(behind), depth_m=GROUND_DEPTH_M - 0.5))
    if floor is not None and wetness > LEAST_WET:
        x0, z0, x1, z1 = floor
        deck = mix_sand(
            ctx, air.sky, FAR_Z, air.sea[SEA["shallow"] : SEA["shallow"] + 3],
            {"albedo": stage_albedo or albedo, "ripples": 0.05, "wet": wetness},
        )  # fmt: skip
        deck[SAND["sky"] : SAND["sky"] + 3] += np.asarray(lamp, np.float32)
        mirrored = replace(sets, **_flats([*behind, *sets.pieces]))
        layers.append(
            Slab(
                ground=replace(ground, sea=air.sea, sand=deck, sets=mirrored),
                corners_m=np.array([[x0, 0, z1], [x1, 0, z1], [x1, 0, z0], [x0, 0, z0]], np.float64),
                repeats=lot.across,
            )
        )
    layers += [sets, *extra]
    if lamps is not None and len(lamps):
        layers.append(StageLamps(rows=lamps, travel_m_s=ctx.travel_m_s))
    on = albedo if stage_albedo is None else stage_albedo
    return Place(
        layers=tuple(layers),
        ground=Ground(
            wetness=wetness * 0.8, albedo=(float(on[0]), float(on[1]), float(on[2])),
            stage_m=lot.stage_z, half_width_m=lot.half_w,
        ),
    )  # fmt: skip
