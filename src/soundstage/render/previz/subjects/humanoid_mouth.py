"""A mouth that opens, widens and rounds: two lips, teeth and the dark behind them, shaped anew each frame.

The skin behind is hollowed (see `humanoid_sculpt`), so that an open mouth is a hole. Knows no scene.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.rig.sdf import distances
from soundstage.render.previz.subjects.humanoid_body import Build, head_point
from soundstage.render.previz.subjects.humanoid_head import face_flesh
from soundstage.render.previz.subjects.humanoid_pieces import Piece, Placed, normals_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Colour = tuple[float, float, float]
SLIT: tuple[float, float] = (0.0895, -0.0600)  #: x, y of the line between the lips, head axes
HALF_M = 0.0245  #: half the width of a mouth at rest
JAW_DROP_M = 0.0185  #: how far a wide open mouth's lower lip goes down
_ALONG = np.linspace(-1, 1, 21)
_TEETH = (0.52, 0.50, 0.45)
_DARK = (0.030, 0.006, 0.006)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a mouth does: all 0 is at rest."""

    opened: float = 0.0  #: 0..1
    wide: float = 0.0  #: -1 narrow .. 1 spread
    round: float = 0.0  #: 0..1 pursed, as in "oo"
    smile: float = 0.2  #: -1 corners down .. 1 up


def mouth_pieces(build: Build, *, lip: Colour) -> list[Piece]:
    """Return lips, teeth and inside of a closed mouth."""
    grids = shape_mouth(build, Shape())
    soft = np.array(lip, np.float32)
    shade = np.array([0.9, 1.0, 1.0, 1.0, 0.80, 0.40, 0.20], np.float32)[:, None, None] * soft
    upper = np.broadcast_to(0.84 * shade, grids["upper"].shape).astype(np.float32)
    lower = np.broadcast_to(shade, grids["lower"].shape).astype(np.float32)
    teeth = np.broadcast_to(np.array(_TEETH, np.float32), grids["teeth"].shape).copy()
    # Gaps between teeth, and less light toward the corners.
    teeth *= (1 - 0.55 * np.abs(_ALONG) ** 2)[None, :, None].astype(np.float32)
    inside = np.broadcast_to(np.array(_DARK, np.float32), grids["inside"].shape).copy()
    inside[2:4] += np.array((0.12, 0.02, 0.02), np.float32)  # the tongue
    opens = {"upper": 0.9, "lower": 0.95, "teeth": 0.55, "inside": 0.35}
    colours = {"upper": upper, "lower": lower, "teeth": teeth.astype(np.float32), "inside": inside}
    return [
        Piece(name=name, bone="head", grid=grid, colour=colours[name], open=opens[name],
              gloss=0.30 if name in ("upper", "lower") else 0.05,
              out=np.array(head_point(build, 0.0, SLIT[1], 0.0), np.float32))
        for name, grid in grids.items()
    ]  # fmt: skip


def shape_mouth(build: Build, shape: Shape) -> dict[str, NDArray[np.float32]]:
    """Return the grids (rows, columns, 3) of a mouth on the body, by the pieces' names."""
    t = _ALONG
    arch = np.clip(1 - t * t, 0, 1)
    full = (0.85 + 0.15 * build.lips) if build.lips < 1 else build.lips
    spread = (
        HALF_M * build.jaw**0.5 * (1 + 0.26 * shape.wide + 0.15 * max(shape.smile, 0.0) - 0.42 * shape.round)
    )
    spread *= 1 - 0.10 * shape.opened
    purse = 0.0065 * shape.round
    z = spread * np.sin(t * np.pi / 2) ** 1.0
    smile = 0.0105 * shape.smile * np.abs(t) ** 1.6
    slit_y = SLIT[1] + smile - 0.0012 * arch * max(shape.smile, 0) + 0.0007 * (np.exp(-((t / 0.16) ** 2)))
    # Lips lie on the face's own curve, or the cheeks would swallow their corners.
    x = _skin_ahead(build, slit_y, z) + purse * arch
    gap = shape.opened * arch ** (0.55 + 0.3 * shape.round)
    up = slit_y + 0.0022 * gap
    down = slit_y - JAW_DROP_M * gap
    bow = 1 - 0.20 * np.exp(-((t / 0.13) ** 2)) + 0.10 * np.exp(-(((np.abs(t) - 0.27) / 0.14) ** 2))
    tall_up = 0.0058 * full * bow * arch**0.62 * (1 - 0.15 * shape.wide)
    tall_down = 0.0074 * full * arch**0.66 * (1 - 0.15 * shape.wide) * (1 - 0.10 * shape.opened)
    stand = 0.0037 * full * arch**0.5 + 0.0006

    def lip(edge: NDArray[np.float64], tall: NDArray[np.float64], sign: float) -> NDArray[np.float32]:
        rows: list[NDArray[np.float64]] = []
        for high, out in (
            (1.10, -0.75),
            (0.96, 0.10),
            (0.72, 0.62),
            (0.38, 0.95),
            (0.12, 0.70),
            (0.0, 0.10),
            (0.10, -1.1),
        ):
            # The lower lip stands a little behind the upper.
            push = (
                (0.0 if sign > 0 else -0.42 * JAW_DROP_M) * gap
                + out * stand * (1.0 if sign > 0 else 0.96)
                - (0.0 if sign > 0 else 0.0012)
            )
            back = -0.0045 if high > 1.1 else 0.0
            rows.append(np.stack([x + push + back, edge + sign * high * tall, z], axis=1))
        return _on_body(build, np.stack(rows))

    inner_up, inner_down = up + 0.0004, down - 0.0004
    # Toward the corners the skin is not hollow, and what is inside lies before it.
    aside = np.clip((np.abs(z) - 0.0085) / 0.006, 0, 1)
    deep = x - 0.0052 * (1 - aside) - 0.42 * JAW_DROP_M * gap * 0.3
    teeth_y = slit_y + 0.0012
    low = np.maximum(teeth_y - 0.0062, inner_down - 0.001)
    teeth = [
        np.stack([deep + 0.0012 + b, y, 0.93 * z], axis=1)
        for b, y in ((0.0004, teeth_y + 0.004), (0.0010, teeth_y), (0.0004, low))
    ]
    shares = np.linspace(0, 1, 5)
    inside = [
        np.stack(
            [
                deep - 0.0008 - (0.0008 + 0.0016 * np.sin(np.pi * s)) * (1 - aside) + 0.0012 * aside,
                inner_up + (inner_down - inner_up) * s + 0.0012 * (1 - 2 * s),
                z,
            ],
            axis=1,
        )
        for s in shares
    ]
    return {
        "upper": lip(up, tall_up, 1.0),
        "lower": lip(down, tall_down, -1.0),
        "teeth": _on_body(build, np.stack(teeth)),
        "inside": _on_body(build, np.stack(inside)),
    }


@lru_cache(maxsize=24)
def _relief(build: Build) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return y, z and how far ahead the skin lies there (rows y, columns z), head axes."""
    y, z = np.linspace(-0.076, -0.046, 7), np.linspace(0.0, 0.042, 12)
    cones = face_flesh(build)
    at = np.array([head_point(build, 0.13, b, c) for b in y for c in z], np.float32)
    for _ in range(16):
        at[:, 0] -= 0.9 * distances(cones, at)
    k = build.head_scale
    x = (at[:, 0].astype(np.float64) - head_point(build, 0.0, 0.0)[0]) / k
    return y, z, x.reshape(len(y), len(z))


def _skin_ahead(build: Build, y: NDArray[np.float64], z: NDArray[np.float64]) -> NDArray[np.float64]:
    rows, columns, table = _relief(build)
    v = np.clip((y - rows[0]) / (rows[1] - rows[0]), 0, len(rows) - 1.001)
    u = np.clip((np.abs(z) - columns[0]) / (columns[1] - columns[0]), 0, len(columns) - 1.001)
    j, i = v.astype(int), u.astype(int)
    b, a = v - j, u - i
    low = table[j, i] * (1 - a) + table[j, i + 1] * a
    high = table[j + 1, i] * (1 - a) + table[j + 1, i + 1] * a
    return low * (1 - b) + high * b


def put_mouth(
    points: NDArray[np.float32],
    normals: NDArray[np.float32],
    placed: Sequence[Placed],
    build: Build,
    shape: Shape,
) -> None:
    """Write a mouth's shape over the rest pose of a body, both (n, 3), in place."""
    grids = shape_mouth(build, shape)
    for piece in placed:
        grid = grids.get(piece.name)
        if grid is None:
            continue
        span = slice(piece.first, piece.first + piece.rows * piece.columns)
        normal = normals_of(grid).reshape(-1, 3)
        points[span] = grid.reshape(-1, 3)
        normals[span] = -normal if piece.flipped else normal


def _on_body(build: Build, grid: NDArray[np.float64]) -> NDArray[np.float32]:
    k = build.head_scale
    origin = np.array(head_point(build, 0.0, 0.0, 0.0))
    return (origin + k * grid).astype(np.float32)
