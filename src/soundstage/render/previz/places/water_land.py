"""Land beside water, pixel by pixel: grass, pebbles, rock, mud, quay; wet where the water reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.places.water_noise import look_up

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """What the land is made of and the light on it."""

    albedo: NDArray[np.float32]  #: (3,)
    other: NDArray[np.float32]  #: (3,) patches of something else: moss, earth, snow
    sun: NDArray[np.float32]  #: (3,) on level ground
    sky: NDArray[np.float32]  #: (3,)
    grain_m: float  #: size of a pebble or a tuft
    rough: float  #: how much grains shade each other
    wet_m: float  #: width of the wet strip along the water
    wet: float  #: of all of it, as after rain
    slabs_m: float  #: length of paving slabs; 0: none
    tile: NDArray[np.float32]  #: (n, n, 3): patches, grains, light on a grain
    patches: NDArray[np.float32]  #: (n, n) the first of them, for where they are seen from far above


def paint_land(
    land: Land, x: NDArray[np.float32], z: NDArray[np.float32], shore: NDArray[np.float32],
    foot: NDArray[np.float32],
    mirror: NDArray[np.float32] | None,
) -> NDArray[np.float32]:  # fmt: skip
    """Return light (h, w, 3) of land at world points; `shore` is below zero on it, `mirror` is water's."""
    far = look_up(land.tile, x, z, 1 / (22 * land.grain_m), 0.0, 0.0)
    # A second, turned and far longer, so that no pattern is seen to repeat from above.
    wide = look_up(
        land.patches, x * f32(0.80) + z * f32(0.60), z * f32(0.80) - x * f32(0.60), 1 / (131 * land.grain_m),
        0.23, 0.71,
    )  # fmt: skip
    near = look_up(land.tile, x, z, 1 / (7 * land.grain_m), 0.37, 0.11)
    fine = 1 / (1 + (foot * f32(0.5 / land.grain_m)) ** 2)
    patch = np.clip(
        (far[..., 0] * f32(0.45) + wide * f32(0.75) - f32(0.57)) * f32(5)
        + (near[..., 1] - f32(0.5)) * fine * f32(1.2),
        0,
        1,
    )
    grain = (near[..., 1] - f32(0.5)) * fine + (far[..., 1] - f32(0.5)) * f32(0.6)
    shade = np.clip(1 + grain * f32(1.3 * land.rough), f32(0.2), f32(2.0))
    lit = np.clip(f32(0.75) + (near[..., 2] - f32(0.5)) * fine * f32(1.8 * land.rough), 0, 2)
    if land.slabs_m > 0:
        u, v = x / f32(land.slabs_m), z / f32(land.slabs_m * 0.6)
        u = u + np.floor(v) * f32(0.5)
        edge = np.minimum(np.abs(u - np.round(u)), np.abs(v - np.round(v)) * f32(0.6)) * f32(land.slabs_m)
        joint = np.clip(1 - edge / (f32(0.035) + foot), 0, 1) / (1 + foot * f32(2))
        shade = shade * (1 - f32(0.55) * joint)
    wet = np.clip(1 + shore / f32(max(land.wet_m, 0.01)) + (far[..., 1] - f32(0.5)) * f32(0.7), 0, 1) * f32(
        0.85
    )
    wet = wet + (1 - wet) * f32(land.wet * 0.8)
    dark = shade * (1 - f32(0.5) * wet)
    shine = wet * f32(0.16) * np.clip(lit, 0, 1)
    out = np.empty((*x.shape, 3), f32)
    for c in range(3):
        local = land.albedo[c] + (land.other[c] - land.albedo[c]) * patch
        value = local * dark * (land.sky[c] + land.sun[c] * lit)
        out[..., c] = value if mirror is None else value + (mirror[..., c] - value) * shine
    return out
