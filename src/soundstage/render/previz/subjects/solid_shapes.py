"""Shapes that solids are made of: lathe, rounded box, prism, loft, plank, tube, ball, sheet. Knows no matter.

Each returns a closed mesh about its own origin, x forward, y up, z to the far side, in the model's metres.
Vertices are not shared across hard edges, so that light breaks there.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.rig.sdf import Cone, Group, sample
from soundstage.render.previz.rig.surface import extract
from soundstage.render.previz.subjects.solid_mesh import Shape, grid, join, surface, unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    F64 = NDArray[np.float64]

HARD_EDGE = math.cos(math.radians(38))


def smooth_path(points: F64, steps: int) -> F64:
    """Return a Catmull-Rom curve through points, `steps` to each piece."""
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(padded[:-3], padded[1:-2], padded[2:-1], padded[3:], strict=True)
    ]
    return np.concatenate([*pieces, points[-1:]])


def _edge_normals(outline: F64, *, closed: bool) -> tuple[F64, F64]:
    """Return the normals at both ends of each segment of an outline (n, 2): blended where it is smooth."""
    ends = np.roll(outline, -1, axis=0) if closed else outline[1:]
    steps = unit(ends - outline[: len(ends)])
    own = np.stack([steps[:, 1], -steps[:, 0]], 1)
    before, after = np.roll(own, 1, axis=0), np.roll(own, -1, axis=0)
    if not closed:
        before[0], after[-1] = own[0], own[-1]

    def blend(other: F64) -> F64:
        soft = (own * other).sum(axis=1, keepdims=True) > HARD_EDGE
        return unit(np.where(soft, own + other, own))

    return blend(before), blend(after)


def lathe(profile: F64, *, sides: int = 36, ribs: int = 0, rib: float = 0.0) -> Shape:
    """Turn a profile (n, 2) of radius and height about y. `ribs` waves of depth `rib` run round it."""
    first, last = _edge_normals(profile, closed=False)
    angle = np.linspace(0, 2 * math.pi, sides + 1)
    wave = 1 + rib * np.abs(np.sin(angle * ribs / 2)) if ribs else np.ones_like(angle)
    c, s = np.cos(angle), np.sin(angle)
    strips: list[Shape] = []
    for k in range(len(profile) - 1):
        ring = np.stack([profile[k], profile[k + 1]])
        turn = np.stack([first[k], last[k]])
        points = np.stack(
            [ring[:, :1] * c * wave, np.repeat(ring[:, 1:], len(angle), 1), ring[:, :1] * s * wave], -1
        )
        normals = np.stack([turn[:, :1] * c, np.repeat(turn[:, 1:], len(angle), 1), turn[:, :1] * s], -1)
        strips.append(grid(points, normals))
    return join(strips)


def box(
    size: F64, *, bevel: float, taper: tuple[float, float] = (1.0, 1.0), cells: Sequence[int] = (3, 3, 3)
) -> Shape:
    """Return a box with rounded edges about its middle; `taper` scales x and z of its top."""
    half = size / 2
    bevel = min(bevel, 0.98 * float(half.min()))
    faces: list[Shape] = []
    lines = [_box_lines(float(h), bevel, n) for h, n in zip(half, cells, strict=True)]
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        face = np.zeros((len(lines[u]), len(lines[v]), 3))
        face[..., u], face[..., v] = np.meshgrid(lines[u], lines[v], indexing="ij")
        for side in (-1, 1):
            face[..., axis] = side * half[axis]
            inner = np.clip(face, bevel - half, half - bevel)
            normals = unit(face - inner)
            faces.append(grid(inner + bevel * normals, normals))
    shape = join(faces)
    rise = (shape.points[:, 1] / size[1] + 0.5)[:, None]
    scale = 1 + rise * (np.array([taper[0], 1, taper[1]]) - 1)
    normals = shape.normals.copy()
    normals[:, 1] += (np.abs(normals[:, ::2]) * half[::2] * (1 - np.array(taper))).sum(axis=1) / size[1]
    return Shape(shape.points * scale, unit(normals), shape.triangles)


def _box_lines(half: float, bevel: float, cells: int) -> F64:
    """Return where the grid of a face runs; a plain box spends nothing on its edges."""
    inner = np.linspace(-half + bevel, half - bevel, cells + 1)
    soft = [half - 0.3 * bevel] if cells > 1 else []
    return np.array([-half, *(-v for v in soft), *inner, *soft, half])


def _ears(outline: F64) -> list[tuple[int, int, int]]:
    """Return the triangles of a simple polygon (n, 2), ear by ear."""
    turn = np.roll(outline, -1, axis=0)
    area = float((outline[:, 0] * turn[:, 1] - outline[:, 1] * turn[:, 0]).sum())
    left = list(range(len(outline)))
    if area < 0:
        left.reverse()
    found: list[tuple[int, int, int]] = []

    def cross(o: int, p: int, q: int) -> float:
        d, e = outline[p] - outline[o], outline[q] - outline[o]
        return float(d[0] * e[1] - d[1] * e[0])

    while len(left) > 3:
        for k in range(len(left)):
            a, b, c = left[k - 1], left[k], left[(k + 1) % len(left)]
            if cross(a, b, c) <= 1e-12:
                continue
            if any(
                cross(a, b, p) > -1e-12 and cross(b, c, p) > -1e-12 and cross(c, a, p) > -1e-12
                for p in left
                if p not in (a, b, c)
            ):
                continue
            found.append((a, b, c))
            left.pop(k)
            break
        else:
            left.pop()  # a polygon that touches itself: lose a corner, keep the rest
    return [*found, (left[0], left[1], left[2])]


def prism(
    outline: F64, depth: float, *, bevel: float, taper: tuple[float, float, float] | None = None
) -> Shape:
    """Extrude an outline (n, 2) of x, y along z about z = 0; `taper` = (y0, y1, scale of z at y1)."""
    area = outline[:, 0] * np.roll(outline[:, 1], -1) - outline[:, 1] * np.roll(outline[:, 0], -1)
    if float(area.sum()) < 0:
        outline = outline[::-1]
    first, last = _edge_normals(outline, closed=True)
    ahead = np.roll(outline, -1, axis=0)
    corner = unit(first + np.roll(last, 1, axis=0))
    inset = outline - corner * bevel
    inset_ahead = np.roll(inset, -1, axis=0)
    half = depth / 2
    strips: list[Shape] = []
    levels = [(-half, 1.0), (-half + bevel, 0.0), (half - bevel, 0.0), (half, 1.0)]
    triangles = np.array(_ears(inset), np.int32)
    flat = np.concatenate([inset, np.zeros((len(inset), 1))], 1)
    for (z0, in0), (z1, in1) in pairwise(levels):
        sides = np.stack(
            [
                np.stack([np.column_stack([inset if k else outline, np.full(len(outline), z)]),
                          np.column_stack([inset_ahead if k else ahead, np.full(len(outline), z)])], 1)
                for z, k in ((z0, in0), (z1, in1))
            ], 2,
        )  # fmt: skip
        lean0, lean1 = (math.copysign(0.7, z) if k else 0.0 for z, k in ((z0, in0), (z1, in1)))
        normals = np.zeros_like(sides)
        for n, lean in enumerate((lean0, lean1)):
            normals[:, 0, n, :2], normals[:, 1, n, :2] = first, last
            normals[:, :, n, 2] = lean
        strips += [grid(p, q) for p, q in zip(sides, normals, strict=True)]
    for side in (-1, 1):
        strips.append(
            Shape(
                flat + np.array([0, 0, side * half]),
                np.tile([0.0, 0, side], (len(flat), 1)),
                triangles[:, ::-side],
            )
        )
    shape = join(strips)
    if taper is None:
        return shape
    y0, y1, top = taper
    points, normals = shape.points.copy(), shape.normals.copy()
    points[:, 2] *= 1 + (top - 1) * np.clip((points[:, 1] - y0) / (y1 - y0), 0, 1)
    normals[:, 1] += np.abs(normals[:, 2]) * half * (1 - top) / (y1 - y0)
    return Shape(points, unit(normals), shape.triangles)


def _capped(rings: F64) -> Shape:
    """Return rings (u, v, 3), each with its first point again at its end, as a tube with flat ends."""
    parts = [surface(rings, closed=True)]
    for end, inner in ((0, 1), (-1, -2)):
        ring = rings[end]
        middle = ring[:-1].mean(axis=0)
        away = unit((middle - rings[inner][:-1].mean(axis=0))[None])
        fan = np.stack([ring, np.tile(middle, (len(ring), 1))])
        parts.append(grid(fan, np.broadcast_to(away, fan.shape)))
    return join(parts)


def loft(sections: F64, *, smooth: bool = True, half: bool = False, sides: int = 32, steps: int = 5) -> Shape:
    """Lay a skin over sections (n, 5) along x: x, half width, lowest y, highest y, squareness (2: round).

    `half` keeps the lower half of each and closes it with a flat deck, as a hull.
    """
    rows = smooth_path(sections, steps) if smooth else _linear(sections, steps)
    rows[:, 1] = np.maximum(rows[:, 1], 1e-3)
    angle = np.linspace(math.pi, 2 * math.pi, sides + 1) if half else np.linspace(0, 2 * math.pi, sides + 1)
    power = 2 / np.maximum(rows[:, 4:5], 1.0)
    c, s = np.cos(angle), np.sin(angle)
    z = rows[:, 1:2] * np.sign(c) * np.abs(c) ** power
    rise = np.sign(s) * np.abs(s) ** power
    if half:
        y = rows[:, 3:4] + rise * (rows[:, 3:4] - rows[:, 2:3])
    else:
        y = (rows[:, 2:3] + rows[:, 3:4]) / 2 + rise * (rows[:, 3:4] - rows[:, 2:3]) / 2
    rings = np.stack([np.repeat(rows[:, :1], len(angle), 1), y, z], -1)
    if not half:
        return _capped(rings)
    deck = np.stack([rings[:, 0], rings[:, -1]], 1)
    up = np.broadcast_to(np.array([0.0, 1, 0]), deck.shape)
    forward = float(np.sign(rows[-1, 0] - rows[0, 0]))
    ends = [_end(rings[0], -forward), _end(rings[-1], forward)]
    return join([surface(rings, closed=False), grid(deck, up), *ends])


def _end(ring: F64, way: float) -> Shape:
    fan = np.stack([ring, np.tile(ring.mean(axis=0), (len(ring), 1))])
    return grid(fan, np.tile(np.array([way, 0, 0]), (2, len(ring), 1)))


def _linear(rows: F64, steps: int) -> F64:
    t = np.linspace(0, len(rows) - 1, (len(rows) - 1) * steps + 1)
    return np.stack([np.interp(t, np.arange(len(rows)), column) for column in rows.T], 1)


def plank(sections: F64, *, sides: int = 14) -> Shape:
    """Lay a thin skin over sections (n, 5): middle x, y, z, chord along x, thickness.

    A wing, fin or blade.
    """
    angle = np.linspace(0, 2 * math.pi, sides + 1)
    run = np.gradient(sections[:, :3], axis=0)
    thick = unit(np.cross(run, np.array([1.0, 0, 0])))
    chord = sections[:, 3:4, None] / 2 * np.cos(angle)[None, :, None] * np.array([1.0, 0, 0])
    lift = sections[:, 4:5, None] / 2 * np.sin(angle)[None, :, None] * thick[:, None]
    return _capped(sections[:, None, :3] + chord + lift)


def tube(path: F64, radius: Sequence[float], *, sides: int = 10) -> Shape:
    """Sweep a circle along a path (n, 3); its radius goes from the first to the last of `radius`."""
    run = unit(np.gradient(path, axis=0))
    # One reference for all rings, across the path, so that the tube does not twist.
    flat: F64 = np.zeros(3)
    if len(path) > 2:
        flat = np.array(np.linalg.svd(path - path.mean(axis=0))[2][2].real, np.float64)
    side: F64 = (
        np.cross(run, flat) if len(path) > 2 and np.abs(run @ flat).max() < 0.9 else np.zeros_like(run)
    )
    if np.linalg.norm(side, axis=1).min() < 0.1:
        side = np.asarray(np.cross(run, np.eye(3)[int(np.abs(run.mean(axis=0)).argmin())]), np.float64)
    side = unit(np.asarray(side, np.float64))
    other = np.asarray(np.cross(run, side), np.float64)
    angle = np.linspace(0, 2 * math.pi, sides + 1)
    r = np.interp(np.linspace(0, 1, len(path)), np.linspace(0, 1, len(radius)), radius)[:, None, None]
    ring = side[:, None] * np.cos(angle)[None, :, None] + other[:, None] * np.sin(angle)[None, :, None]
    return _capped(path[:, None] + ring * r)


def ball(size: F64, *, sides: int = 24) -> Shape:
    """Return an ellipsoid of this size about its middle."""
    angle = np.linspace(-math.pi / 2, math.pi / 2, sides // 2 + 1)
    shape = lathe(np.stack([np.cos(angle), np.sin(angle)], 1) / 2, sides=sides)
    return Shape(shape.points * size, unit(shape.points / np.maximum(size, 1e-6)), shape.triangles)


def sheet(corners: F64, bulge: F64, *, thick: float = 0.01, cells: int = 10) -> Shape:
    """Return cloth between four corners (4, 3) that bellies by `bulge` in its middle."""
    u, v = np.meshgrid(np.linspace(0, 1, cells + 1), np.linspace(0, 1, cells + 1), indexing="ij")
    u, v = u[..., None], v[..., None]
    a, b, c, d = corners
    points = (a * (1 - u) + b * u) * (1 - v) + (d * (1 - u) + c * u) * v
    points += bulge * np.sin(math.pi * np.clip(u, 0.0, 1)) * np.sin(math.pi * np.clip(v * 0.9 + 0.1, 0, 1))
    front = surface(points, closed=False)
    back = front.points - front.normals * thick
    return join([front, Shape(back, -front.normals, front.triangles[:, ::-1])])


def melt(cones: F64, *, blend: float, cell: float) -> Shape:
    """Melt round cones (n, 8), start xyz, end xyz, two radii, into one skin."""
    group = tuple(
        Cone(
            bone="", start=(r[0], r[1], r[2]), end=(r[3], r[4], r[5]),
            start_radius=r[6], end_radius=r[7], blend=blend,
        )
        for r in cones.tolist()
    )  # fmt: skip
    surface = extract(sample(Group(cones=group, cell=cell)), group)
    return Shape(surface.points.astype(float), surface.normals.astype(float), surface.triangles)
