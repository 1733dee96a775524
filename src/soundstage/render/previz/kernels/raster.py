"""Kernels that draw a mesh: faces set up, what each sample sees settled, pixels coloured. Knows no scene.

Which triangle is seen is settled first, in bands of rows that stay in the second cache; only then is colour
worked out, once for a pixel that one triangle fills.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.compile import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
FAR = 1e9  #: depth of a pixel that nothing covers
FACE_COLUMNS = 27
BAND_ROWS = 8  #: rows of pixels worked at a time
SHORT_SPAN = 24  #: samples


@kernel
def set_up_faces(
    triangles: NDArray[np.int32],
    screen: NDArray[np.float32],
    colours: NDArray[np.float32],
    x0: np.float32,
    y0: np.float32,
    samples: int,
    cull: int,
    size: tuple[int, int],
    faces: NDArray[np.float32],
    spans: NDArray[np.int32],
) -> int:
    """Write what `raster_mesh` must know of each triangle that covers a sample; return how many do.

    Args:
        triangles: (m, 3) vertex indices.
        screen: (n, 3).
        colours: (n, 3).
        x0: the tile's left edge in screen pixels.
        y0: its top edge.
        samples: per pixel along one side.
        cull: as for `raster_mesh`.
        size: sample rows and columns of the tile.
        faces: (m, FACE_COLUMNS) out: top corner x y, slopes of the long edge, the upper and the lower one,
            middle corner x y; then of depth, red, green and blue each: at the top corner, per x, per y,
            least, greatest.
        spans: (m, 2) out: first and last row.
    """
    height, width = size
    k = f32(samples)
    kept = 0
    for n in range(triangles.shape[0]):
        a = np.uint32(triangles[n, 0])
        b = np.uint32(triangles[n, 1])
        c = np.uint32(triangles[n, 2])
        if min(screen[a, 2], screen[b, 2], screen[c, 2]) <= f32(0.01):
            continue
        area = (screen[b, 0] - screen[a, 0]) * (screen[c, 1] - screen[a, 1])
        area -= (screen[b, 1] - screen[a, 1]) * (screen[c, 0] - screen[a, 0])
        if area * f32(cull) < f32(0) or abs(area) < f32(1e-6):
            continue
        if screen[b, 1] < screen[a, 1]:
            a, b = b, a
        if screen[c, 1] < screen[b, 1]:
            b, c = c, b
            if screen[b, 1] < screen[a, 1]:
                a, b = b, a
        ax, ay = (screen[a, 0] - x0) * k, (screen[a, 1] - y0) * k
        bx, by = (screen[b, 0] - x0) * k, (screen[b, 1] - y0) * k
        cx, cy = (screen[c, 0] - x0) * k, (screen[c, 1] - y0) * k
        # Clamp as floats first: a vertex at a grazing depth may lie beyond what an integer holds.
        i0 = math.ceil(min(max(min(ax, bx, cx), f32(0)), f32(width)) - f32(0.5))
        i1 = math.ceil(min(max(ax, bx, cx, f32(-1)), f32(width)) - f32(0.5)) - 1
        j0 = math.ceil(min(max(ay, f32(0)), f32(height)) - f32(0.5))
        j1 = math.ceil(min(max(cy, f32(-1)), f32(height)) - f32(0.5)) - 1
        if i0 > i1 or j0 > j1:
            continue
        face = faces[kept]
        spans[kept, 0] = max(j0, 0)
        spans[kept, 1] = j1
        kept += 1
        face[0], face[1] = ax, ay
        face[2] = (cx - ax) / max(cy - ay, f32(1e-6))
        face[3] = (bx - ax) / max(by - ay, f32(1e-6))
        face[4] = (cx - bx) / max(cy - by, f32(1e-6))
        face[5], face[6] = bx, by
        ux, uy, vx, vy = bx - ax, by - ay, cx - ax, cy - ay
        inv = f32(1) / (ux * vy - uy * vx)
        for q in range(4):
            p = screen[a, 2] if q == 0 else colours[a, q - 1]
            r = screen[b, 2] if q == 0 else colours[b, q - 1]
            s = screen[c, 2] if q == 0 else colours[c, q - 1]
            o = 7 + 5 * q
            face[o] = p
            face[o + 1] = ((r - p) * vy - (s - p) * uy) * inv
            face[o + 2] = ((s - p) * ux - (r - p) * vx) * inv
            # A sliver's slopes are so steep that rounding alone would leave the range of its corners.
            face[o + 3] = min(p, r, s)
            face[o + 4] = max(p, r, s)
    return kept


@kernel
def nearest_span(
    near: NDArray[np.float32],
    seen: NDArray[np.int32],
    z: np.float32,
    step: np.float32,
    least: np.float32,
    most: np.float32,
    face: int,
) -> None:
    """Note a face in the samples of a row (n,) where it is nearer than what is there."""
    for i in range(near.shape[0]):
        here = min(max(z + step * f32(np.int32(i)), least), most)
        seen[i] = face if here < near[i] else seen[i]
        near[i] = min(near[i], here)


@kernel
def resolve_row(
    faces: NDArray[np.float32],
    upper: NDArray[np.int32],
    lower: NDArray[np.int32],
    near_upper: NDArray[np.float32],
    near_lower: NDArray[np.float32],
    samples: int,
    y: np.float32,
    depth: NDArray[np.float32],
    image: NDArray[np.float32],
) -> None:
    """Write depth (n,) and colour (n, 4) of a row of pixels from the faces seen in its samples."""
    columns = depth.shape[0]
    last = np.uint32(samples - 1)
    k = np.uint32(samples)
    half = f32(samples) * f32(0.5)
    for i in range(np.uint32(columns)):
        p = i * k
        depth[i] = min(near_upper[p], near_upper[p + last], near_lower[p], near_lower[p + last])
    at = 0
    while at < columns:
        i = np.uint32(at)
        left, right = i * k, i * k + last
        a, b, c, d = upper[left], upper[right], lower[left], lower[right]
        if a == b and b == c and c == d:
            end = at + 1
            while end < columns:
                p = np.uint32(end) * k
                if upper[p] != a or upper[p + last] != a or lower[p] != a or lower[p + last] != a:
                    break
                end += 1
            if a >= 0:
                n = np.uint32(a)
                dx = f32(left) + half - faces[n, 0]
                dy = y + half - faces[n, 1]
                for q in range(3):
                    o = np.uint32(12 + 5 * q)
                    v = faces[n, o] + faces[n, o + 1] * dx + faces[n, o + 2] * dy
                    step, least, most = faces[n, o + 1] * f32(samples), faces[n, o + 3], faces[n, o + 4]
                    for e in range(np.uint32(end - at)):
                        image[i + e, q] = min(max(v + step * f32(np.int32(e)), least), most)
                for e in range(i, np.uint32(end)):
                    image[e, 3] = f32(1)
            at = end
            continue
        for q in range(4):
            p = right if q & 1 else left
            seen = lower[p] if q & 2 else upper[p]
            if seen >= 0:
                n = np.uint32(seen)
                dx = f32(p) + f32(0.5) - faces[n, 0]
                dy = y + (f32(last) if q & 2 else f32(0)) + f32(0.5) - faces[n, 1]
                for h in range(3):
                    o = np.uint32(12 + 5 * h)
                    v = faces[n, o] + faces[n, o + 1] * dx + faces[n, o + 2] * dy
                    image[i, h] += f32(0.25) * min(max(v, faces[n, o + 3]), faces[n, o + 4])
                image[i, 3] += f32(0.25)
        at += 1


@kernel
def raster_mesh(
    triangles: NDArray[np.int32],
    screen: NDArray[np.float32],
    colours: NDArray[np.float32],
    x0: np.float32,
    y0: np.float32,
    samples: int,
    cull: int,
    depth: NDArray[np.float32],
    image: NDArray[np.float32],
) -> None:
    """Draw the nearest triangle at each sample, its corners' colours blended.

    Args:
        triangles: (m, 3) vertex indices.
        screen: (n, 3) x, y in pixels (y down) and camera depth in metres; depth <= 0 is behind the camera.
        colours: (n, 3) linear RGB.
        x0: the tile's left edge in screen pixels.
        y0: its top edge.
        samples: samples per pixel along one side, 1 or 2.
        cull: 1 drops triangles that face away, -1 those that face the camera (a mirrored mesh), 0 none.
        depth: (h, w) out: the nearest sample, FAR where nothing is.
        image: (h, w, 4) linear RGB and coverage, prefilled with 0.
    """
    rows, columns = depth.shape
    width = columns * samples
    faces = np.empty((triangles.shape[0], FACE_COLUMNS), np.float32)
    spans = np.empty((triangles.shape[0], 2), np.int32)
    kept = set_up_faces(
        triangles, screen, colours, x0, y0, samples, cull, (rows * samples, width), faces, spans
    )
    tall = BAND_ROWS * samples
    bands = (rows + BAND_ROWS - 1) // BAND_ROWS
    ends = np.zeros(bands + 1, np.int32)
    for n in range(kept):
        for band in range(spans[n, 0] // tall, spans[n, 1] // tall + 1):
            ends[band + 1] += 1
    for band in range(bands):
        ends[band + 1] += ends[band]
    turns = np.empty(ends[bands], np.int32)
    place = ends.copy()
    for n in range(kept):
        for band in range(spans[n, 0] // tall, spans[n, 1] // tall + 1):
            turns[place[band]] = n
            place[band] += 1
    near = np.empty((tall, width), np.float32)
    seen = np.empty((tall, width), np.int32)
    for band in range(bands):
        top = band * tall
        near[:] = f32(FAR)
        seen[:] = -1
        for turn in range(ends[band], ends[band + 1]):
            n = np.uint32(turns[turn])
            ax, ay, bx, by = faces[n, 0], faces[n, 1], faces[n, 5], faces[n, 6]
            along, upper, lower = faces[n, 2], faces[n, 3], faces[n, 4]
            zx, zy, least, most = faces[n, 8], faces[n, 9], faces[n, 10], faces[n, 11]
            z0 = faces[n, 7] + (f32(0.5) - ax) * zx
            for j in range(max(spans[n, 0], top), min(spans[n, 1], top + tall - 1) + 1):
                y = f32(j) + f32(0.5)
                long = ax + (y - ay) * along
                short = ax + (y - ay) * upper if y < by else bx + (y - by) * lower
                i0 = math.ceil(min(max(min(long, short), f32(0)), f32(width)) - f32(0.5))
                i1 = math.ceil(min(max(long, short, f32(0)), f32(width)) - f32(0.5))
                zr = z0 + (y - ay) * zy
                row = np.uint32(j - top)
                # A slice costs more than a short span.
                if i1 - i0 > SHORT_SPAN:
                    nearest_span(
                        near[row, np.uint32(i0) : np.uint32(i1)], seen[row, np.uint32(i0) : np.uint32(i1)],
                        zr + zx * f32(i0), zx, least, most, int(n),
                    )  # fmt: skip
                    continue
                for i in range(np.uint32(i0), np.uint32(max(i0, i1))):
                    z = min(max(zr + zx * f32(np.int32(i)), least), most)
                    if z < near[row, i]:
                        near[row, i] = z
                        seen[row, i] = n
        for j in range(min(BAND_ROWS, rows - band * BAND_ROWS)):
            up, low = j * samples, j * samples + samples - 1
            line = band * BAND_ROWS + j
            resolve_row(
                faces, seen[up], seen[low], near[up], near[low],
                samples, f32(top + up), depth[line], image[line],
            )  # fmt: skip
