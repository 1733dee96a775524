"""Brows: two fringes of short hairs that lie on the skin and rise, sink and slant with what one feels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.rig.sdf import distances
from soundstage.render.previz.subjects.humanoid_body import SIDES, Build, head_point
from soundstage.render.previz.subjects.humanoid_head import face_flesh
from soundstage.render.previz.subjects.humanoid_pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.sdf import Cone
    from soundstage.render.previz.subjects.humanoid_pieces import Placed

Colour = tuple[float, float, float]
_HAIRS = 46
_ARC = np.array([(0.0, 0.0252, 0.0125), (0.3, 0.0283, 0.0240), (0.65, 0.0302, 0.0390), (1.0, 0.0258, 0.0510)])
_INNER = (1.0, 0.7, 0.1, 0.0)  #: how far each knot of the arc goes with the inner end
_OUTER = (0.1, 0.4, 1.0, 0.8)


@dataclass(frozen=True, slots=True)
class Brows:
    """The brows of one build, ready to be moved."""

    grids: tuple[NDArray[np.float32], NDArray[np.float32]]  #: (rows, columns, 3) left, right
    inner: NDArray[np.float32]  #: (columns,)
    outer: NDArray[np.float32]
    scale: float


def brow_pieces(build: Build, *, colour: Colour) -> tuple[list[Piece], Brows]:
    """Return two brows on the skin of a face."""
    t = np.linspace(0, 1, _HAIRS)
    y = _smooth(t, _ARC[:, 1]) + 0.0006 * build.brow * (t - 0.6)
    z = _smooth(t, _ARC[:, 2])
    thick = (
        (0.0024 + 0.0014 * build.brow)
        * np.clip(0.55 + 2.2 * t, 0, 1)
        * np.clip((1.03 - t) / 0.45, 0.08, 1) ** 0.8
    )
    jag = np.where(np.arange(_HAIRS) % 2, 1.08, 0.82) * (1 + 0.16 * np.sin(5.1 * np.arange(_HAIRS)))
    hair = np.array(colour, np.float32)
    found: list[Piece] = []
    grids: list[NDArray[np.float32]] = []
    cones = face_flesh(build)
    for side, sign in SIDES:
        rows: list[NDArray[np.float64]] = []
        # Hairs slant outward: the top of a column lies farther out than its root.
        for high, lean, out in (
            (-1.0, -0.0012, -0.0008),
            (-0.55, 0.0, 0.0010),
            (0.1, 0.0016, 0.0016),
            (0.75, 0.0034, 0.0011),
            (1.25, 0.0050, -0.0008),
        ):
            up = y + high * thick * (jag if high in (-1.0, 1.25) else 1.0)
            across = (z + lean * (0.4 + 0.6 * t)) * sign
            rows.append(_on_skin(build, cones, up, across, out))
        grid = np.stack(rows).astype(np.float32)
        tone = np.broadcast_to(hair, grid.shape) * np.where(np.arange(_HAIRS) % 2, 1.12, 0.78)[None, :, None]
        grids.append(grid)
        found.append(
            Piece(name="brow" + side, bone="head", grid=grid, colour=tone.astype(np.float32),
                  gloss=0.0, open=0.9,
                  out=np.array(head_point(build, 0.0, 0.02, 0.03 * sign), np.float32))
        )  # fmt: skip
    return found, Brows(
        (grids[0], grids[1]),
        _smooth(t, np.array(_INNER)).astype(np.float32),
        _smooth(t, np.array(_OUTER)).astype(np.float32),
        build.head_scale,
    )


def put_brows(
    points: NDArray[np.float32], placed: Sequence[Placed], brows: Brows, inner: float, outer: float
) -> None:
    """Move brows over the rest pose of a body (n, 3), in place: 1 is as high as they go, -1 as low."""
    lift = 0.0052 * (inner * brows.inner + outer * brows.outer) * brows.scale
    for piece in placed:
        if not piece.name.startswith("brow"):
            continue
        grid = brows.grids[0 if piece.name == "browL" else 1].copy()
        grid[..., 1] += lift
        grid[..., 0] -= np.float32(0.35) * np.maximum(lift, 0)  # the forehead falls back
        points[piece.first : piece.first + piece.rows * piece.columns] = grid.reshape(-1, 3)


def _smooth(t: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.polyval(np.polyfit(_ARC[:, 0], values, 3), t), np.float64)


def _on_skin(
    build: Build, cones: Sequence[Cone], y: NDArray[np.float64], z: NDArray[np.float64], out: float
) -> NDArray[np.float64]:
    at = np.array([head_point(build, 0.12, b, c) for b, c in zip(y, z, strict=True)], np.float32)
    for _ in range(14):
        at[:, 0] -= 0.9 * distances(cones, at)
    at[:, 0] += np.float32(out * build.head_scale)
    return at.astype(np.float64)
