"""Things in people's hands and before them: turned and boxed parts of `data/props.toml`, tied to a bone.

A prop is told on the reference body at rest, arms hanging: a hand is at (0.01, 0.80, -0.20), and what points
forward there points up once the forearm is level. Knows no scene.
"""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.subjects.humanoid_pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.subjects.humanoid_body import Build

Colour = tuple[float, float, float]
_SIDES = 20
_CORNERS = ((-1, -1), (1, -1), (1, 1), (-1, 1))


@cache
def read_props() -> Mapping[str, Any]:
    """Return `data/props.toml`."""
    text = files("soundstage.render.previz").joinpath("data/props.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def prop_pieces(build: Build, names: Sequence[str], palette: Mapping[str, Colour]) -> list[Piece]:
    """Return the parts of all props of a person; names that are no prop are left out."""
    found: list[Piece] = []
    for name in names:
        row = read_props()["props"].get(name)
        if row is None:
            continue
        for part in row["parts"]:
            found += _part(build, name, row, part, palette)
    return found


def _part(
    build: Build, name: str, row: Mapping[str, Any], part: Mapping[str, Any], palette: Mapping[str, Colour]
) -> list[Piece]:
    bone = str(part.get("bone", row["bone"]))
    told = part.get("c", "wood")
    colour = palette.get(told) if isinstance(told, str) else (told[0], told[1], told[2])
    grids = _box(part) if "box" in part else _tube(part) if "tube" in part else _lathe(part)
    shift = np.zeros(3)
    if bone.startswith(("ha", "la", "ua")):
        shift[2] = 0.2 * (build.shoulders - 1) * (1 if bone.endswith("L") else -1)
    return [
        Piece(
            name=f"prop:{name}", bone=bone, grid=(grid + shift).astype(np.float32),
            colour=np.broadcast_to(np.array(colour or (0.3, 0.3, 0.3), np.float32), grid.shape).copy(),
            gloss=float(part.get("gloss", 0.2)), open=0.9, out=(inner + shift).astype(np.float32),
        )
        for grid, inner in grids
    ]  # fmt: skip


def _box(part: Mapping[str, Any]) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return six faces of a box of `box` size about `at`, turned by `turn` degrees about x, y, z."""
    half, at = np.array(part["box"]) / 2, np.array(part["at"])
    turned = _turned(part.get("turn", (0, 0, 0)))
    found: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    for axis in range(3):
        for side in (-1, 1):
            corners = np.zeros((2, 2, 3))
            for i, (u, v) in enumerate(_CORNERS):
                row, column = (0, i) if i < 2 else (1, 3 - i)
                corners[row, column, axis] = side
                corners[row, column, (axis + 1) % 3] = u
                corners[row, column, (axis + 2) % 3] = v
            found.append(((corners * half) @ turned.T + at, at))
    return found


def _lathe(part: Mapping[str, Any]) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return rings of `lathe` [radius, height] about a line through `at`; each step has its own edge."""
    at, turned = np.array(part["at"]), _turned(part.get("turn", (0, 0, 0)))
    around = np.linspace(0, 2 * math.pi, int(part.get("sides", _SIDES)) + 1)
    ring = np.stack([np.cos(around), np.zeros_like(around), np.sin(around)], axis=1)
    found: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    for (r0, h0), (r1, h1) in zip(part["lathe"], part["lathe"][1:], strict=False):
        grid = np.stack([r * ring + np.array([0, h, 0]) for r, h in ((r0, h0), (r1, h1))])
        inner = np.array([0, (h0 + h1) / 2, 0]) - np.array([0, 0.02 * np.sign(h1 - h0 or r0 - r1), 0]) * (
            abs(h1 - h0) < abs(r1 - r0)
        )
        found.append((grid @ turned.T + at, turned @ inner + at))
    return found


def _tube(part: Mapping[str, Any]) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return a pipe through the points `tube`, of radius `r` or [first, last]."""
    path = np.array(part["tube"], np.float64)
    told = part.get("r", 0.01)
    radii = np.linspace(told[0], told[1], len(path)) if isinstance(told, list) else np.full(len(path), told)
    along = np.gradient(path, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    up = np.array([0.31, 0.17, 0.93])
    u = np.cross(along, up)
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    v = np.cross(along, u)
    around = np.linspace(0, 2 * math.pi, 11)
    ring = np.cos(around)[None, :, None] * u[:, None] + np.sin(around)[None, :, None] * v[:, None]
    grid = path[:, None] + radii[:, None, None] * ring
    return [(grid[i : i + 2], (path[i] + path[i + 1]) / 2) for i in range(len(path) - 1)]


def _turned(degrees: Sequence[float]) -> NDArray[np.float64]:
    turned = np.eye(3)
    for axis, angle in enumerate(degrees):
        step = np.eye(3)
        u, v = (axis + 1) % 3, (axis + 2) % 3
        c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        step[u, u], step[u, v], step[v, u], step[v, v] = c, -s, s, c
        turned = step @ turned
    return turned
