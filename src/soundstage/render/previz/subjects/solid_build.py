"""A model of `data/solids/*.toml` as one mesh: parts placed, repeated, sorted by what they are made of.

Knows no light and no scene. A part is a table with one shape (`lathe`, `box`, `prism`, `loft`, `plank`,
`tube`, `ball`, `sheet`, `cones`), `m` its matter, and where it goes: `at`, `turn` (degrees about x, y, z),
`mirror` (once more at -z), `repeat` ([n, dx, dy, dz], or several), `ring` (n times about y), `moves`.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.subjects import solid_shapes as shapes
from soundstage.render.previz.subjects.solid_mesh import Shape, join, outward

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

f32 = np.float32


@dataclass(frozen=True, slots=True)
class Mover:
    """Points of a model that turn about an axis of their own."""

    first: int
    last: int
    pivot: tuple[float, float, float]
    axis: int  #: 0 x, 1 y, 2 z
    turns_hz: float  #: 0: it rolls on the ground
    radius_m: float


@dataclass(frozen=True, slots=True)
class Model:
    """A solid, ready to be posed. Its origin is on the ground under its middle; it faces +x."""

    points: NDArray[np.float32]  #: (n, 3) metres
    normals: NDArray[np.float32]  #: (n, 3)
    triangles: NDArray[np.int32]  #: (m, 3) wound outward
    shade: NDArray[np.float32]  #: (n, 1) its own darkness in creases, wear, or how brightly a window is lit
    matters: tuple[tuple[str, int, int], ...]  #: matter, first and last point
    movers: tuple[Mover, ...]
    facts: Mapping[str, Any]

    @property
    def low(self) -> NDArray[np.float32]:
        """Return the least corner of what it fills."""
        return self.points.min(axis=0)

    @property
    def high(self) -> NDArray[np.float32]:
        """Return the greatest corner."""
        return self.points.max(axis=0)


@cache
def read_models() -> Mapping[str, Any]:
    """Return every model by its name, from all tables of `data/solids`."""
    folder = files("soundstage.render.previz").joinpath("data/solids")
    found: dict[str, Any] = {}
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml") and entry.name != "matter.toml":
            found |= tomllib.loads(entry.read_text(encoding="utf-8"))
    return found


def choose_model(kind: str, noun: str, attributes: Sequence[str]) -> str:
    """Return the model of a kind that suits what was said: the one with most of its words, else the first."""
    said = f" {noun} {' '.join(attributes)} ".lower().replace("_", " ")
    best, most = kind, 0
    for name, line in read_models().items():
        if line.get("kind", name) != kind:
            continue
        score = max((len(word) for word in line.get("words", ()) if f" {word} " in said), default=0)
        if score > most:
            best, most = name, score
    return best


def _shape(part: Mapping[str, Any]) -> Shape:  # noqa: C901, PLR0911 - one line a shape
    """Return the shape that a part names."""

    def rows(name: str) -> Any:
        return np.array(part[name], float)

    if "lathe" in part:
        profile = rows("lathe")
        if part.get("smooth"):
            profile = shapes.smooth_path(profile, 5)
            profile[:, 0] = np.maximum(profile[:, 0], 0)
        return shapes.lathe(
            profile, sides=part.get("sides", 36), ribs=part.get("ribs", 0), rib=part.get("rib", 0.0)
        )
    if "box" in part:
        size = rows("box")
        taper = part.get("taper", (1.0, 1.0))
        bevel = part.get("bevel", 0.06 * float(size.min()))
        return shapes.box(size, bevel=bevel, taper=(taper[0], taper[1]), cells=_cells(part))
    if "prism" in part:
        outline = rows("prism")
        if part.get("smooth"):
            outline = shapes.smooth_path(np.concatenate([outline, outline[:1]]), 4)[:-1]
        taper = part.get("lean")
        depth = float(part["z"])
        lean = None if taper is None else (float(taper[0]), float(taper[1]), float(taper[2]))
        return shapes.prism(outline, depth, bevel=part.get("bevel", 0.04 * depth), taper=lean)
    if "loft" in part:
        return shapes.loft(
            rows("loft"), smooth=part.get("smooth", True), half=part.get("half", False),
            sides=part.get("sides", 32), steps=part.get("steps", 5),
        )  # fmt: skip
    if "plank" in part:
        return shapes.plank(rows("plank"))
    if "tube" in part:
        path = rows("tube")
        if part.get("smooth"):
            path = shapes.smooth_path(path, 6)
        radius = part["r"]
        return shapes.tube(
            path, radius if isinstance(radius, list) else [radius], sides=part.get("sides", 10)
        )
    if "ball" in part:
        return shapes.ball(rows("ball"), sides=part.get("sides", 24))
    if "sheet" in part:
        return shapes.sheet(
            rows("sheet"), rows("bulge") if "bulge" in part else np.zeros(3), thick=part.get("thick", 0.01)
        )
    return shapes.melt(rows("cones"), blend=part.get("blend", 0.05), cell=part.get("cell", 0.03))


def _cells(part: Mapping[str, Any]) -> tuple[int, int, int]:
    cells = part.get("cells", 2)
    return (cells, cells, cells) if isinstance(cells, int) else (cells[0], cells[1], cells[2])


def _turn(degrees: Sequence[float]) -> NDArray[np.float64]:
    """Return the matrix, for rows, that turns about x, then y, then z."""
    total = np.eye(3)
    for axis, angle in enumerate(degrees):
        c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        step = np.eye(3)
        u, v = (axis + 1) % 3, (axis + 2) % 3
        step[u, u], step[u, v], step[v, u], step[v, v] = c, s, -s, c
        total = total @ step
    return total


def _places(part: Mapping[str, Any]) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64], bool]]:
    """Yield (offset, matrix, mirrored) of each copy of a part."""
    offsets = [np.array(part.get("at", (0, 0, 0)), float)]
    repeat: list[Any] = part.get("repeat", [])
    for count, *step in [repeat] if repeat and not isinstance(repeat[0], list) else repeat:
        middle = (int(count) - 1) / 2
        offsets = [o + np.array(step, float) * (k - middle) for o in offsets for k in range(int(count))]
    matrix = _turn(part.get("turn", (0, 0, 0)))
    rounds = int(part.get("ring", 1))
    for nth in range(rounds):
        around = _turn((0, 360 * nth / rounds, 0))
        for offset in offsets:
            yield offset @ around, matrix @ around, False
            if part.get("mirror"):
                yield offset @ around, matrix @ around, True


def _wear(
    points: NDArray[np.float64], normals: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return how dark a part is in itself: a little toward its foot, under its edges, and unevenly."""
    low, high = points[:, 1].min(), points[:, 1].max()
    rise = (points[:, 1] - low) / max(float(high - low), 1e-6)
    under = np.clip(-normals[:, 1], 0, 1)
    spots = np.sin(points @ rng.normal(0, 7, (3, 3)) + rng.uniform(0, 6, 3)).mean(axis=1)
    return (0.86 + 0.14 * rise) * (1 - 0.35 * under) * (1 + 0.035 * spots)


@cache
def build_model(name: str) -> Model:
    """Build a model from its lines."""
    line = read_models()[name]
    rng = np.random.default_rng(len(name) * 7919 + sum(map(ord, name)))
    pieces: list[tuple[str, Shape, NDArray[np.float64], tuple[Any, ...] | None]] = []
    parts: list[Any] = [*line["parts"]]
    for base in line.get("with", ()):
        parts += read_models()[base]["parts"]
    for part in parts:
        shape = _shape(part)
        matter = part.get("m", "main")
        for offset, matrix, mirrored in _places(part):
            points, normals = shape.points @ matrix + offset, shape.normals @ matrix
            pivot = offset.copy()
            if mirrored:
                points, normals, pivot = points * [1, 1, -1], normals * [1, 1, -1], pivot * [1, 1, -1]
            wear = _wear(points, normals, rng)
            if matter == "window":
                wear = np.full(
                    len(points), float(rng.choice([0.06, 0.35, 0.8, 1.25], p=[0.42, 0.16, 0.22, 0.20]))
                )
            elif part.get("vary"):
                wear = wear * float(rng.uniform(1 - part["vary"], 1 + part["vary"] * 0.6))
            mover = part.get("moves")
            turning = None if mover is None else (pivot, mover)
            placed = outward(Shape(points, normals, shape.triangles))
            pieces.append((matter, placed, wear * part.get("shade", 1.0), turning))
    pieces.sort(key=lambda piece: piece[0])
    return _assemble(pieces, line)


def _assemble(
    pieces: Sequence[tuple[str, Shape, NDArray[np.float64], tuple[Any, ...] | None]],
    line: Mapping[str, Any],
) -> Model:
    matters: list[tuple[str, int, int]] = []
    movers: list[Mover] = []
    first = 0
    for matter, shape, _, turning in pieces:
        last = first + len(shape.points)
        if matters and matters[-1][0] == matter:
            matters[-1] = (matter, matters[-1][1], last)
        else:
            matters.append((matter, first, last))
        if turning is not None:
            pivot, how = turning
            axis = {"x": 0, "y": 1, "z": 2}[how.get("axis", "z")]
            centre = how.get("pivot", pivot.tolist())
            # What rolls stands on the ground, so its radius is the height of its axle.
            movers.append(
                Mover(first, last, (centre[0], centre[1], centre[2]), axis, how.get("hz", 0.0), centre[1])
            )
        first = last
    whole = join([piece[1] for piece in pieces])
    return Model(
        points=whole.points.astype(f32),
        normals=whole.normals.astype(f32),
        triangles=np.ascontiguousarray(whole.triangles, np.int32),
        shade=np.concatenate([piece[2] for piece in pieces])[:, None].astype(f32),
        matters=tuple(matters),
        movers=tuple(movers),
        facts=line,
    )
