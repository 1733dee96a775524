"""What stands beside a road, by names of a recipe's `beside`: rails, kerbs, stands, trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.places.road_props import (
    LAMP_LIGHT,
    paint_far_lights,
    paint_kerb,
    paint_lamp_post,
    paint_pole,
    paint_rail,
    paint_shrub,
    paint_stand,
    paint_wires,
)
from soundstage.render.previz.places.set_carpentry import FRONT, QUARTER
from soundstage.render.previz.places.street_props import paint_tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.render.previz.places.set_carpentry import Carpenter
    from soundstage.render.previz.places.set_outdoors import Lot

STRIP_M = 24.0  #: metres after which a road stands again


def row_along(  # noqa: C901, PLR0912 - a line for each thing that may stand there
    yard: Carpenter, rng: np.random.Generator, lot: Lot, names: Sequence[str], x: float, side: float
) -> None:
    """Put what stands beside a road that runs away from the camera, on one side of it."""
    light, z0 = lot.light, lot.eye_z / lot.grow
    turn = QUARTER if side < 0 else -QUARTER
    length = 2 * STRIP_M
    if "rail" in names:
        yard.stand(
            paint_rail(light, yard.shine((-side, 0.0, 0.0)), length),
            x,
            z0 + length / 2,
            length,
            0.85,
            turn=turn,
        )
    if "kerbs" in names:
        yard.stand(
            paint_kerb(yard.shine((0.0, 1.0, 0.0)), length),
            x - side * 0.5,
            z0 + length / 2,
            length,
            0.22,
            turn=turn,
        )
    if "lamps" in names:
        post = paint_lamp_post(light, LAMP_LIGHT).image
        for z in (z0 + 14.0, z0 + 38.0):
            yard.stand(post if side < 0 else post[:, ::-1], x + side * 0.8 - side * 1.5, z, 4.0, 9.4)
            if light.darkness > 0.2:
                yard.pool(x - side * 2.6, z, 6.0, np.array(LAMP_LIGHT) * 0.10 * light.lamp * light.darkness)
    if "poles" in names and side == lot.side:
        for z in (z0 + 12.0, z0 + 36.0):
            yard.stand(paint_pole(light), x + side * 3.0, z, 2.4, 8.6)
        wires = paint_wires(light, STRIP_M)
        for z in (z0 + 24.0, z0 + 48.0):
            yard.stand(wires, x + side * 3.0, z, STRIP_M, 1.6, y=6.6, turn=turn)
    if "stand" in names and side == lot.side:
        yard.stand(paint_stand(rng, light, length), x + side * 5.0, z0 + length / 2, length, 6.5, turn=turn)
    if "trees" in names:
        for z in rng.uniform(8.0, length, 6):
            tall = float(rng.uniform(5.5, 9.5))
            yard.stand(
                paint_tree(rng, light, px_per_m=26),
                x + side * float(rng.uniform(4, 15)),
                z0 + float(z),
                tall * 0.72,
                tall,
            )
    if "shrubs" in names:
        for z in rng.uniform(4.0, length, 12):
            tall = float(rng.uniform(0.4, 1.3))
            yard.stand(
                paint_shrub(rng, light),
                x + side * float(rng.uniform(1.2, 20)),
                z0 + float(z),
                tall * 1.7,
                tall,
            )


def row_across(  # noqa: C901, PLR0912 - as along it
    yard: Carpenter, rng: np.random.Generator, lot: Lot, names: Sequence[str], far: float
) -> None:
    """Put what stands behind a road that runs across the picture."""
    light, length = lot.light, 2 * STRIP_M
    if light.darkness > 0.3:
        yard.stand(paint_far_lights(rng, light, length), 0.0, far + 62.0, length, 6.0)
    if "rail" in names:
        yard.stand(paint_rail(light, yard.shine(FRONT), length), 0.0, far + 0.8, length, 0.85)
    if "kerbs" in names:
        yard.stand(paint_kerb(yard.shine((0.0, 1.0, 0.0)), length), 0.0, far + 0.2, length, 0.22)
    if "lamps" in names:
        for x in (-16.0, 0.0, 16.0):
            yard.stand(paint_lamp_post(light, LAMP_LIGHT), x, far + 1.6, 4.0, 9.4)
            if light.darkness > 0.2:
                yard.pool(x + 1.0, far - 4.0, 8.0, np.array(LAMP_LIGHT) * 0.17 * light.lamp * light.darkness)
    if "poles" in names:
        for x in (-12.0, 12.0):
            yard.stand(paint_pole(light), x, far + 3.0, 2.4, 8.6)
            yard.stand(paint_wires(light, STRIP_M), x + 12.0, far + 3.0, STRIP_M, 1.6, y=6.6)
    if "stand" in names:
        yard.stand(paint_stand(rng, light, length), 0.0, far + 7.0, length, 6.5)
    if "trees" in names:
        for x in rng.uniform(-length / 2, length / 2, 9):
            tall = float(rng.uniform(5.5, 9.5))
            yard.stand(
                paint_tree(rng, light, px_per_m=26),
                float(x),
                far + float(rng.uniform(3, 18)),
                tall * 0.72,
                tall,
            )
    if "shrubs" in names:
        for x in rng.uniform(-length / 2, length / 2, 14):
            tall = float(rng.uniform(0.4, 1.3))
            yard.stand(paint_shrub(rng, light), float(x), far + float(rng.uniform(1.2, 20)), tall * 1.7, tall)
