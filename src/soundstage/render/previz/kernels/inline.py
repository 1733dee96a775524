"""Small functions that must melt into their caller: a call inside a row loop keeps the loop from vectorising.

LLVM alone inlines a noise once or twice per kernel and then stops: a sea of four octaves ran five times
slower. These are compiled again into each kernel that uses them, so they are not cached by themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba
import numpy as np

from soundstage.render.previz.kernels import noise

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., Any]")
f32 = np.float32


def inline(function: Function) -> Function:
    """Compile a function into the kernels that call it. Its arguments must be scalars."""
    plain = getattr(function, "py_func", function)
    compiled = numba.njit(fastmath=True, nogil=True, error_model="numpy", forceinline=True)(plain)
    return cast("Function", compiled)


hash_unit = inline(noise.hash_unit)
floor_of = inline(noise.floor_of)
value_noise = inline(noise.value_noise)
smooth_step = inline(noise.smooth_step)
exp_minus = inline(noise.exp_minus)


@inline
def line_noise(x: np.float32, line: int) -> np.float32:
    """Return smooth noise in [0, 1) along one axis; `line` chooses which."""
    floor_x = floor_of(x)
    ix = np.int32(floor_x)
    u = x - floor_x
    u = u * u * (f32(3) - f32(2) * u)
    a = hash_unit(ix, np.int32(line))
    b = hash_unit(np.int32(ix + 1), np.int32(line))
    return a + (b - a) * u


@inline
def noise_slope(x: np.float32, y: np.float32) -> tuple[np.float32, np.float32, np.float32]:
    """Return value noise and its two derivatives."""
    floor_x = floor_of(x)
    floor_y = floor_of(y)
    ix = np.int32(floor_x)
    iy = np.int32(floor_y)
    p = x - floor_x
    q = y - floor_y
    u = p * p * (f32(3) - f32(2) * p)
    v = q * q * (f32(3) - f32(2) * q)
    du = f32(6) * p * (f32(1) - p)
    dv = f32(6) * q * (f32(1) - q)
    a = hash_unit(ix, iy)
    b = hash_unit(np.int32(ix + 1), iy)
    c = hash_unit(ix, np.int32(iy + 1))
    d = hash_unit(np.int32(ix + 1), np.int32(iy + 1))
    k = a - b - c + d
    return a + (b - a) * u + (c - a) * v + k * u * v, (b - a + k * v) * du, (c - a + k * u) * dv
