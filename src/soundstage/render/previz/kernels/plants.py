"""From blades and leaflets in the world to strokes on the canvas: swayed, seen, lit, blurred in one pass."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.compile import kernel
from soundstage.render.previz.kernels.noise import exp_minus

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
#: order of the numbers in `air`, each colour three of them
AIR = ("ambient", "sun", "fog", "fog_density_per_m", "gloss", "root_light", "lamp_root", "lamp_tip")
AIR_LENGTH = 14


@kernel
def lamp_light(
    lamps: NDArray[np.float32], x: np.float32, y: np.float32, z: np.float32
) -> tuple[np.float32, np.float32, np.float32]:
    """Return the sum of colour * intensity / (d^2 + 4 cm^2) over all lamps at a point."""
    r = f32(0)
    g = f32(0)
    b = f32(0)
    for m in range(lamps.shape[0]):
        dx = x - lamps[m, 0]
        dy = y - lamps[m, 1]
        dz = z - lamps[m, 2]
        k = lamps[m, 6] / (dx * dx + dy * dy + dz * dz + f32(0.0016))
        r += lamps[m, 3] * k
        g += lamps[m, 4] * k
        b += lamps[m, 5] * k
    return r, g, b


@kernel
def grow_strokes(
    points: NDArray[np.float32],
    flex: NDArray[np.float32],
    phase: NDArray[np.float32],
    width: NDArray[np.float32],
    albedo: NDArray[np.float32],
    view: NDArray[np.float32],
    air: NDArray[np.float32],
    lamps: NDArray[np.float32],
    t_s: np.float32,
    wind: np.float32,
    blur: np.float32,
    out: NDArray[np.float32],
) -> None:
    """Fill one stroke for each blade.

    Args:
        points: (N, 9) root, middle, tip in world metres.
        flex: (N, 3) how far the wind moves each of them, m.
        phase: (N,) of the sway, rad.
        width: (N, 2) at root and tip, m.
        albedo: (N, 6) at root and tip.
        view: (17,) as `View.packed`.
        air: (AIR_LENGTH,) as AIR.
        lamps: (M, 7) as `scene.LAMP_COLUMNS`.
        t_s: time.
        wind: 0..1.
        blur: share of the circle of confusion drawn into the stroke; 0 when the canvas is blurred as a whole.
        out: (N, STROKE_COLUMNS), overwritten; blades behind the camera get zero width, far outside.
    """
    push = f32(0.45) + f32(1.8) * wind
    for n in range(points.shape[0]):
        p = points[n]
        o = out[n]
        a = f32(math.sin(t_s * f32(1.1) + phase[n] + p[0] * f32(2.6)))
        b = f32(math.sin(t_s * f32(2.3) + phase[n] * f32(3.1)))
        sway = (a * f32(0.66) + b * f32(0.30) + wind * f32(0.5)) * push
        near = f32(0)
        scale0 = f32(0)
        scale1 = f32(0)
        blur0 = f32(0)
        blur1 = f32(0)
        depth = f32(1)
        for k in range(3):
            x = p[3 * k] + flex[n, k] * sway - view[0]
            y = p[3 * k + 1] - flex[n, k] * sway * sway * f32(0.15) - view[1]
            z = p[3 * k + 2] - view[2]
            cx = view[3] * x + view[4] * y + view[5] * z
            cy = view[6] * x + view[7] * y + view[8] * z
            cz = view[9] * x + view[10] * y + view[11] * z
            if cz < f32(0.04):
                near = f32(1)
                cz = f32(0.04)
            s = view[12] / cz
            o[2 * k] = view[13] + cx * s
            o[2 * k + 1] = view[14] - cy * s
            c = view[16] * abs(cz - view[15]) / cz * blur
            if k == 0:
                scale0 = s
                blur0 = c
                depth = cz
            scale1 = s
            blur1 = c
        if near > f32(0):
            for k in range(18):
                o[k] = f32(-1e4) if k < 6 else f32(0)
            continue
        w0 = width[n, 0] * scale0
        w1 = width[n, 1] * scale1
        o[6] = w0 + blur0 * f32(1.2)
        # Tips stay fine: a blurred point is faint, not blunt.
        o[7] = max(w1, f32(0.5)) + blur1 * f32(0.7)
        o[11] = min(max(w0 / max(o[6], f32(1e-3)), f32(0.12)), f32(1))
        o[15] = min(max((w0 * f32(0.6) + w1 * f32(0.4)) / max(o[7], f32(1e-3)), f32(0.12)), f32(1)) * f32(
            0.95
        )
        fog = f32(1) - exp_minus(air[9] * depth)
        mr, mg, mb = lamp_light(lamps, p[3], p[4], p[5])
        tr, tg, tb = lamp_light(lamps, p[6], p[7], p[8])
        r = albedo[n, 0] * (air[0] * air[11] + mr * air[12])
        g = albedo[n, 1] * (air[1] * air[11] + mg * air[12])
        b = albedo[n, 2] * (air[2] * air[11] + mb * air[12])
        o[8] = r + (air[6] - r) * fog
        o[9] = g + (air[7] - g) * fog
        o[10] = b + (air[8] - b) * fog
        r = albedo[n, 3] * (air[0] + air[3] + tr * air[13]) + air[0] * air[10]
        g = albedo[n, 4] * (air[1] + air[4] + tg * air[13]) + air[1] * air[10]
        b = albedo[n, 5] * (air[2] + air[5] + tb * air[13]) + air[2] * air[10]
        o[12] = r + (air[6] - r) * fog
        o[13] = g + (air[7] - g) * fog
        o[14] = b + (air[8] - b) * fog
        o[16] = depth
        o[17] = depth
