"""The forest's floor: litter, moss and dapple on the plane y = 0, shaded row by row under any camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.compile import kernel
from soundstage.render.previz.kernels.inline import exp_minus, smooth_step, value_noise

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
#: order of the numbers in `look`, each colour three of them
FLOOR_LOOK = ("litter", "moss", "ambient", "sun", "fog", "fog_density_per_m", "white", "wet", "dapple_m")
FLOOR_LOOK_LENGTH = 19


@kernel
def floor_row(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    ray: NDArray[np.float32],
    step: NDArray[np.float32],
    eye: NDArray[np.float32],
    per_focal: np.float32,
    look: NDArray[np.float32],
) -> None:
    """Shade one row; pixels whose ray does not go down keep what they have.

    `ray` (3,) is the world direction of pixel 0, one unit deep; `step` (3,) goes on to the next pixel.
    """
    # Scalars before the loop: a plane might overlap `look`, and then nothing could be kept in a register.
    ray_x, ray_y, ray_z = ray[0], ray[1], ray[2]
    step_x, step_y, step_z = step[0], step[1], step[2]
    eye_x, eye_y, eye_z = eye[0], eye[1], eye[2]
    l0, l1, l2, m0, m1, m2 = look[0], look[1], look[2], look[3], look[4], look[5]
    a0, a1, a2, s0, s1, s2 = look[6], look[7], look[8], look[9], look[10], look[11]
    f0, f1, f2, density, white_level, wetness = look[12], look[13], look[14], look[15], look[16], look[17]
    dapple = look[18]
    for i in range(R.shape[0]):
        dx = ray_x + step_x * f32(np.int32(i))
        dy = ray_y + step_y * f32(np.int32(i))
        dz = ray_z + step_z * f32(np.int32(i))
        down = max(-dy, f32(1e-4))
        depth = min(eye_y / down, f32(4000))
        x = eye_x + dx * depth
        z = eye_z + dz * depth
        # A pixel covers this much ground; noise finer than it would strobe.
        cover = depth * per_focal * f32(2.0)
        fine = max(f32(1) - cover * f32(9.0), f32(0))
        middle = max(f32(1) - cover * f32(2.2), f32(0))
        broad = value_noise(x * f32(0.55), z * f32(0.8))
        patch = value_noise(x * f32(2.3) + f32(5), z * f32(3.1)) - f32(0.5)
        litter = value_noise(x * f32(11.0), z * f32(17.0) + f32(3)) - f32(0.5)
        grit = value_noise(x * f32(34.0) + f32(9), z * f32(47.0)) - f32(0.5)
        moss = smooth_step(f32(0.35), f32(0.75), broad + patch * middle * f32(0.5))
        rough = f32(1) + patch * middle * f32(0.8) + litter * fine * f32(1.1) + grit * fine * f32(0.9)
        rough = max(rough, f32(0.15))
        spots = value_noise(x / dapple + f32(31), z / (dapple * f32(1.6)))
        sunlit = smooth_step(f32(0.52), f32(0.72), spots + patch * middle * f32(0.35))
        white = white_level * smooth_step(f32(0.15), f32(0.5), f32(0.75) * broad + f32(0.3))
        wet = f32(1) - f32(0.45) * wetness
        ar = (l0 + (m0 - l0) * moss) * rough * wet
        ag = (l1 + (m1 - l1) * moss) * rough * wet
        ab = (l2 + (m2 - l2) * moss) * rough * wet
        ar += (f32(0.78) - ar) * white
        ag += (f32(0.80) - ag) * white
        ab += (f32(0.84) - ab) * white
        # Wet ground mirrors the pale air at a shallow angle.
        shine = wetness * exp_minus(min(down * f32(5.0), f32(12))) * f32(0.6)
        fog = f32(1) - exp_minus(min(density * depth, f32(15.9)))
        r = ar * (a0 + s0 * sunlit) + f0 * shine
        g = ag * (a1 + s1 * sunlit) + f1 * shine
        b = ab * (a2 + s2 * sunlit) + f2 * shine
        r += (f0 - r) * fog
        g += (f1 - g) * fog
        b += (f2 - b) * fog
        # Blend over the last degree below the horizon, so that no line is drawn there.
        k = min(max(-dy * f32(60.0), f32(0)), f32(1))
        R[i] += (r - R[i]) * k
        G[i] += (g - G[i]) * k
        B[i] += (b - B[i]) * k


@kernel
def draw_floor(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    view: NDArray[np.float32],
    look: NDArray[np.float32],
) -> None:
    """Shade all that looks down on the plane y = 0.

    Args:
        R: red, (H, W), changed in place.
        G: green.
        B: blue.
        view: (17,) as `View.packed`; the eye's height is over the floor.
        look: (FLOOR_LOOK_LENGTH,) as FLOOR_LOOK.
    """
    H, W = R.shape
    ray = np.empty(3, f32)
    step = np.empty(3, f32)
    eye = view[0:3]
    per_focal = f32(1) / view[12]
    for j in range(H):
        v = (view[14] - f32(j)) * per_focal
        u = -view[13] * per_focal
        for k in range(3):
            ray[k] = view[3 + k] * u + view[6 + k] * v + view[9 + k]
            step[k] = view[3 + k] * per_focal
        if ray[1] < f32(0) or ray[1] + step[1] * f32(W - 1) < f32(0):
            floor_row(R[j], G[j], B[j], ray, step, eye, per_focal, look)
