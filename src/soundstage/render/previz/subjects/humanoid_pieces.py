"""Parts of a face too fine for a distance field: small coloured grids tied to bones.

Points are rest-pose metres of the body; a grid has rows of columns. Knows no scene and no pose.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.subjects.humanoid_body import MATTER, MATTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.skin import Body

PIECE = -1  #: group number of all pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One grid of a face."""

    name: str
    bone: str
    grid: NDArray[np.float32]  #: (rows, columns, 3)
    colour: NDArray[np.float32]  #: (rows, columns, 3) albedo
    gloss: float = 0.05
    open: NDArray[np.float32] | float = 1.0  #: (rows, columns) how free each point lies
    out: NDArray[np.float32] | None = None  #: (3,) where the outside is from; None: the grid's own winding


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a piece went in the joined body."""

    name: str
    first: int
    rows: int
    columns: int
    flipped: bool


def normals_of(grid: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return unit normals of a grid (rows, columns, 3) by its own winding."""
    along = np.gradient(grid, axis=1)
    down = np.gradient(grid, axis=0)
    normal = np.cross(along, down)
    normal /= np.maximum(np.linalg.norm(normal, axis=2, keepdims=True), 1e-9)
    return normal.astype(np.float32)


def join(
    body: Body, albedo: NDArray[np.float32], gloss: NDArray[np.float32], pieces: Sequence[Piece]
) -> tuple[Body, NDArray[np.float32], NDArray[np.float32], tuple[Placed, ...]]:
    """Return a body with pieces, its colours and gloss, and where each piece lies in it."""
    points, normals, triangles = [body.points], [body.normals], [body.triangles]
    bones, opened, colours, shines = [body.bones], [body.openness], [albedo], [gloss]
    placed: list[Placed] = []
    count = len(body.points)
    for piece in pieces:
        rows, columns, _ = piece.grid.shape
        normal = normals_of(piece.grid)
        flipped = False
        if piece.out is not None:
            flipped = float((normal * (piece.grid - piece.out)).sum()) < 0
            normal = -normal if flipped else normal
        placed.append(Placed(piece.name, count, rows, columns, flipped))
        triangles.append(_triangles(rows, columns, flipped=flipped) + np.int32(count))
        n = rows * columns
        points.append(piece.grid.reshape(n, 3))
        normals.append(normal.reshape(n, 3))
        tied = np.zeros((n, 4), np.int32)
        tied[:, 0] = body.skeleton.index(piece.bone)
        bones.append(tied)
        opened.append(np.broadcast_to(np.float32(piece.open), (rows, columns)).reshape(n).astype(np.float32))
        colours.append(piece.colour.reshape(n, 3))
        shines.append(np.full(n, piece.gloss, np.float32))
        count += n
    added = count - len(body.points)
    weights = np.zeros((added, 4), np.float32)
    weights[:, 0] = 1
    matter = np.zeros((added, len(MATTERS)), np.float32)
    matter[:, MATTER["skin"]] = 1
    joined = replace(
        body,
        points=np.concatenate(points).astype(np.float32),
        normals=np.concatenate(normals).astype(np.float32),
        triangles=np.ascontiguousarray(np.concatenate(triangles), np.int32),
        bones=np.ascontiguousarray(np.concatenate(bones), np.int32),
        weights=np.concatenate([body.weights, weights]),
        matter=np.concatenate([body.matter, matter]),
        openness=np.concatenate(opened),
        group=np.concatenate([body.group, np.full(added, PIECE, np.int32)]),
    )
    return (
        joined,
        np.concatenate(colours).astype(np.float32),
        np.concatenate(shines).astype(np.float32),
        tuple(placed),
    )


def _triangles(rows: int, columns: int, *, flipped: bool) -> NDArray[np.int32]:
    at = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
    a, b, c, d = (part.ravel() for part in (at[:-1, :-1], at[:-1, 1:], at[1:, 1:], at[1:, :-1]))
    found = np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])
    return found[:, ::-1] if flipped else found
