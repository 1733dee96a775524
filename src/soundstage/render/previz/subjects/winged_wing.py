"""Wings at one moment: feathers or sheets on an arm that beats, bends and folds. Knows no bird, no scene.

A wing is a list of vertices told by where they hang on the arm (`s`, 0 shoulder .. 1 tip), how far along
their feather they lie (`r`) and how far aside (`w`). One formula serves quills, membranes and a butterfly's
sails: a sheet is a single feather as broad as the wing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.sdf import Point

_QUILL = np.linspace(0.0, 1.0, 6)
_VANE = np.array([0.55, 0.85, 1.0, 0.95, 0.72, 0.10])  #: breadth of a feather along its length
SHEET_S, SHEET_R = 26, 9


@dataclass(frozen=True, slots=True)
class Wing:
    """The left wing; the right is its mirror image. Vertices come twice: once for each side."""

    s: NDArray[np.float32]  #: (n,)
    r: NDArray[np.float32]
    w: NDArray[np.float32]  #: metres aside
    length: NDArray[np.float32]  #: metres of the feather a vertex belongs to
    splay: NDArray[np.float32]  #: radians from straight back towards the tip
    layer: NDArray[np.float32]  #: metres above the wing's plane
    triangles: NDArray[np.int32]
    albedo: NDArray[np.float32]  #: (n, 3)
    span: float  #: metres of one wing
    elbow: float  #: share of the span that belongs to the inner arm
    sweep: float  #: radians the arm leans back when spread
    camber: float
    root: Point  #: against the shoulder
    delay: float  #: strides it beats behind the first pair
    amplitude: float


@dataclass(frozen=True, slots=True)
class Beat:
    """How an arm is held."""

    inner: float  #: radians over the level
    outer: float
    sweep: float = 0.0  #: radians further back
    folded: float = 0.0  #: 1: laid along the flank
    twist: float = 0.0  #: radians the trailing edge is raised


def make_wing(row: Mapping[str, Any], colours: Mapping[str, tuple[float, float, float]]) -> Wing:
    """Make a wing from a row of the table; `colours` by "covert", "flight", "tip", "mark"."""
    rows: list[tuple[NDArray[np.float64], NDArray[np.int64]]] = []
    if row.get("kind", "feather") == "feather":
        count = int(row.get("quills", 20))
        for layer, (share, shorter) in enumerate(((1.0, 1.0), (0.96, 0.55), (0.90, 0.30))):
            for i in range(count):
                s = (i + 0.5) / count * share
                rows.append(_feather(row, s, shorter, layer, i))
    else:
        rows.append(_sheet(row))
    vertices, triangles, base = [], [], 0
    for points, faces in rows:
        vertices.append(points)
        triangles.append(faces + base)
        base += len(points)
    v = np.concatenate(vertices).astype(np.float32)
    t = np.concatenate(triangles).astype(np.int32)
    return Wing(
        s=v[:, 0], r=v[:, 1], w=v[:, 2], length=v[:, 3], splay=v[:, 4], layer=v[:, 5],
        triangles=t, albedo=_paint(row, v, colours), span=row["span"], elbow=row.get("elbow", 0.42),
        sweep=row.get("sweep", 0.0), camber=row.get("camber", 0.10), root=_point(row.get("root")),
        delay=row.get("delay", 0.0), amplitude=row.get("amplitude", 1.0),
    )  # fmt: skip


def _point(told: list[float] | None) -> Point:
    return (told[0], told[1], told[2]) if told else (0.0, 0.0, 0.0)


def _feather(
    row: Mapping[str, Any], s: float, shorter: float, layer: int, index: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    chord = float(np.interp(s, np.linspace(0, 1, len(row["chord"])), row["chord"]))
    splay = row.get("splay", 1.25) * max(s - 0.35, 0.0) ** 1.3 / 0.65**1.3
    wide = 0.95 * row["span"] / row.get("quills", 20) * (1.0 + 0.25 * layer)
    n = len(_QUILL)
    v = np.zeros((2 * n, 6))
    v[:, 0] = s
    v[:, 1] = np.repeat(_QUILL, 2)
    v[:, 2] = np.repeat(_VANE, 2) * np.tile([-wide, wide], n)
    v[:, 3] = chord * shorter
    v[:, 4] = splay
    # Each feather overlaps the next one out, coverts lie over the quills.
    v[:, 5] = 0.0022 * layer + 0.0016 * np.tile([1.0, 0.0], n) + 0.0003 * (index % 3)
    faces = [(2 * i, 2 * i + 1, 2 * i + 3) for i in range(n - 1)] + [
        (2 * i, 2 * i + 3, 2 * i + 2) for i in range(n - 1)
    ]
    return v, np.array(faces)


def _sheet(row: Mapping[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    s, r = np.meshgrid(np.linspace(0, 1, SHEET_S), np.linspace(0, 1, SHEET_R), indexing="ij")
    chord = np.interp(s, np.linspace(0, 1, len(row["chord"])), row["chord"])
    fingers = row.get("fingers", 0)
    if fingers:  # a membrane hangs in arcs between the fingers
        chord = chord * (1 - 0.22 * np.abs(np.sin(math.pi * fingers * s)))
    v = np.zeros((SHEET_S * SHEET_R, 6))
    v[:, 0], v[:, 1], v[:, 3] = s.ravel(), r.ravel(), chord.ravel()
    v[:, 4] = (row.get("splay", 0.0) * s**1.2).ravel()
    if fingers:
        v[:, 5] = (-0.03 * row["span"] * np.abs(np.sin(math.pi * fingers * s)) * np.sin(math.pi * r)).ravel()
    k = (np.arange(SHEET_S - 1)[:, None] * SHEET_R + np.arange(SHEET_R - 1)).ravel()
    faces = np.concatenate(
        [np.stack([k, k + SHEET_R, k + SHEET_R + 1], 1), np.stack([k, k + SHEET_R + 1, k + 1], 1)]
    )
    return v, faces


def _paint(
    row: Mapping[str, Any], v: NDArray[np.float32], colours: Mapping[str, tuple[float, float, float]]
) -> NDArray[np.float32]:
    covert, flight, tip = (np.array(colours[k], np.float32) for k in ("covert", "flight", "tip"))
    s, r, layer = v[:, 0:1], v[:, 1:2], v[:, 5:6]
    edge = np.abs(v[:, 2:3]) > 1e-6
    if row.get("kind", "feather") == "feather":
        colour = np.where(layer > 0.0021, covert, flight)
        bar = np.float32(row.get("bars", 0.0)) * (np.sin(r * 26 + s * 3) > 0.3)
        colour = colour * (1 - 0.45 * bar)
        far = np.clip((s - row.get("tip_from", 0.80)) / 0.10, 0, 1)
        colour = colour + far * (tip - colour)
        # A quill is darker on one side, so that single feathers are seen.
        return np.asarray(colour * np.where(edge & (v[:, 2:3] < 0), 0.80, 1.06), np.float32)
    veins = np.abs(np.sin(math.pi * row.get("veins", 7) * (s + 0.22 * r)))
    rim = np.clip((np.maximum(r, s) - row.get("rim_from", 0.86)) / 0.05, 0, 1)
    rim = np.maximum(rim, np.clip((0.05 - r) / 0.03, 0, 1))
    line = np.clip((0.16 - veins) / 0.06, 0, 1) * row.get("vein_strength", 1.0)
    colour = flight + (covert - flight) * np.clip(1 - 1.6 * np.hypot(s, r), 0, 1)
    colour = colour + np.maximum(rim, line) * (tip - colour)
    if "mark" in colours:
        spot = np.clip((0.075 - np.hypot(s - 0.93, (r - 0.35) * 0.8)) / 0.03, 0, 1)
        spot = np.maximum(spot, np.clip((0.028 - np.abs(r - 0.945)) / 0.01, 0, 1) * (np.sin(s * 46) > 0.2))
        colour = colour + spot * (np.array(colours["mark"], np.float32) - colour)
    return np.asarray(colour, np.float32)


def spread(
    wing: Wing, shoulder: Point, beat: Beat, side: float, lean: float = 0.0
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return points and upper normals (n, 3) of a wing, in the axes of the body; `side` is 1 left, -1 right.

    `lean` is by how many radians the trunk is raised, which the wings follow.
    """
    fold = beat.folded
    out1 = _arm(beat.inner, wing.sweep * 0.2 - 0.35 * beat.sweep + fold * 1.25)
    out2 = _arm(beat.outer, wing.sweep + beat.sweep + fold * 1.45)
    s = wing.s[:, None]
    inner = np.minimum(s, wing.elbow) * wing.span * (1 - 0.72 * fold)
    beyond = np.maximum(s - wing.elbow, 0) * wing.span * (1 - 0.72 * fold)
    at = inner * out1 + beyond * out2
    mix = np.clip((s - wing.elbow + 0.12) / 0.24, 0, 1)
    out = out1 + (out2 - out1) * mix
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    back = np.array([-math.cos(beat.twist), math.sin(beat.twist), 0.0])
    back = back - out * (out @ back)[:, None]
    back /= np.maximum(np.linalg.norm(back, axis=1, keepdims=True), 1e-6)
    flank = np.array([-0.985, -0.17, 0.0])
    back = back * (1 - fold) + fold * flank
    out = out * (1 - fold) + fold * np.array([0.0, -1.0, 0.04])
    up = np.cross(back, out)
    up /= np.maximum(np.linalg.norm(up, axis=1, keepdims=True), 1e-6)
    splay = wing.splay[:, None] * (1 - fold) * (1 - 0.35 * beat.sweep)
    along = np.cos(splay) * back + np.sin(splay) * out
    across = -np.sin(splay) * back + np.cos(splay) * out
    r, length = wing.r[:, None], wing.length[:, None]
    bow = wing.camber * length * (r - 1.15 * r * r) * (1 - fold)
    points = at + along * r * length + across * wing.w[:, None] + up * (wing.layer[:, None] + bow)
    raised = np.array([[math.cos(lean), math.sin(lean), 0], [-math.sin(lean), math.cos(lean), 0], [0, 0, 1]])
    points = (points + np.array(wing.root)) @ raised + np.array(shoulder)
    normals = up - along * (0.5 * wing.camber) * (1 - 2.3 * r)
    normals = normals + across * np.sign(wing.w[:, None]) * 0.22
    normals = normals @ raised / np.linalg.norm(normals, axis=1, keepdims=True)
    mirror = np.array([1.0, 1.0, side])
    return (points * mirror).astype(np.float32), (normals * mirror).astype(np.float32)


def _arm(raised: float, back: float) -> NDArray[np.float64]:
    return np.array([-math.sin(back), math.cos(back) * math.sin(raised), math.cos(back) * math.cos(raised)])
