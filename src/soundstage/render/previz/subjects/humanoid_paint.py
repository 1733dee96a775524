"""Finish of a person's skin: folds in cloth, a sculpted face, colours and gloss. Knows no scene."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.subjects import humanoid_clothes as clothes
from soundstage.render.previz.subjects.humanoid_body import MATTER, MATTERS
from soundstage.render.previz.subjects.humanoid_sculpt import carve, jaw_share, relief, tint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.rig.skin import Body
    from soundstage.render.previz.subjects.humanoid_body import Build
    from soundstage.render.previz.subjects.humanoid_clothes import Outfit
    from soundstage.render.previz.subjects.humanoid_rig import Look

_GLOSS = {
    "shoe": 0.25,
    "metal": 0.85,
    "glass": 1.0,
    "lip": 0.25,
    "skin": 0.10,
    "prop": 0.35,
    "hat": 0.06,
    "accent": 0.05,
}


def drape(body: Body, outfit: Outfit, hung: NDArray[np.float32], *, plated: bool) -> Body:
    """Return the body with folds in its cloth: moved along the normals, which are turned to match."""
    cloth = clothes.cloth_share(body.matter)
    hem = min(clothes.hem_of(outfit), 0.9)

    def height(points: NDArray[np.float32]) -> NDArray[np.float32]:
        return clothes.plates(points, cloth) if plated else clothes.folds(points, cloth, hung, hem)

    step = np.float32(0.002)
    here = height(body.points)
    slope = (
        np.stack(
            [height((body.points + step * axis).astype(np.float32)) - here for axis in np.eye(3)], axis=1
        )
        / step
    )
    slope -= (slope * body.normals).sum(axis=1, keepdims=True) * body.normals
    normals = body.normals - slope
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    points = body.points + here[:, None] * body.normals
    if outfit.hem_m:
        # The field ends in balls: a hem is cut straight, a little wavy.
        level = outfit.hem_m + 0.012 * np.sin(9 * np.arctan2(points[:, 2], points[:, 0] + 0.02))
        cut = (hung > 0) & (points[:, 1] < level) & (body.matter[:, MATTER["accent"]] < 0.5)
        points[cut, 1] = level[cut]
        normals[cut] = 0.5 * normals[cut] + np.array([0, -0.4, 0], np.float32)
        normals[cut] /= np.maximum(np.linalg.norm(normals[cut], axis=1, keepdims=True), 1e-6)
    valley = np.clip(1 + 45 * np.minimum(here, 0), 0.55, 1)
    return replace(
        body, points=points.astype(np.float32), normals=normals.astype(np.float32),
        openness=(body.openness * valley).astype(np.float32),
    )  # fmt: skip


def sculpt(body: Body, build: Build, head: NDArray[np.bool_], jawed: NDArray[np.bool_]) -> Body:
    """Return the body with hollows, folds and wrinkles in its face, and a chin that goes with the jaw."""
    at = np.flatnonzero(head)
    if not len(at):
        return body
    smooth = body.points[at]
    carved = carve(build, smooth)
    step = np.float32(0.0008 * build.head_scale)
    here = relief(build, carved)
    slope = (
        np.stack(
            [
                relief(build, (carved + step * axis).astype(np.float32)) - here
                for axis in np.eye(3, dtype=np.float32)
            ],
            axis=1,
        )
        / step
    )
    normals = body.normals[at].copy()
    slope -= (slope * normals).sum(axis=1, keepdims=True) * normals
    lifted = carved + here[:, None] * normals
    normals = normals - slope
    points = body.points.copy()
    points[at] = lifted
    # Where the skin was pushed in, only the triangles know how it lies.
    pushed = np.linalg.norm(carved - smooth, axis=1) > 0.0004
    corners = body.triangles[head[body.triangles[:, 0]]]
    a, b, c = (points[corners[:, i]] for i in range(3))
    face = np.cross(b - a, c - a)
    summed = np.zeros_like(points)
    for i in range(3):
        for axis in range(3):
            summed[:, axis] += np.bincount(corners[:, i], face[:, axis], len(points)).astype(np.float32)
    turned = summed[at] * np.sign((summed[at] * normals).sum(axis=1).mean())
    normals[pushed] = turned[pushed] / np.maximum(np.linalg.norm(turned[pushed], axis=1, keepdims=True), 1e-9)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    every = body.normals.copy()
    every[at] = normals
    bones, weights = body.bones.copy(), body.weights.copy()
    chin = np.flatnonzero(jawed)
    share = jaw_share(build, points[chin])
    weights[chin, :3] *= (1 - share)[:, None] / np.maximum(weights[chin, :3].sum(axis=1, keepdims=True), 1e-6)
    weights[chin, 3] = share
    bones[chin, 3] = body.skeleton.index("jaw")
    return replace(
        body, points=points.astype(np.float32), normals=every.astype(np.float32), bones=bones,
        weights=weights.astype(np.float32),
    )  # fmt: skip


def paint(body: Body, look: Look, head: NDArray[np.bool_]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return local colours (n, 3) and gloss (n,)."""
    told = dict(look.colours)
    palette = np.array([told.get(name, (0.3, 0.3, 0.3)) for name in MATTERS], np.float32)
    # Where two cloths meet there is a seam, not a gradient.
    share = body.matter**8
    share /= share.sum(axis=1, keepdims=True)
    albedo = share @ palette
    gloss = share @ np.array([_GLOSS.get(name, 0.02) for name in MATTERS], np.float32)
    gloss += look.shine * share[:, MATTER["top"]]
    p = body.points
    x, y, z = p[:, 0], p[:, 1], p[:, 2]
    weave = 1 + 0.06 * np.sin(310 * y + 3 * np.sin(90 * z)) * np.sin(290 * z + 2 * np.sin(120 * x))
    worn = 1 + 0.10 * np.sin(5 * y + 7 * z + 2) * np.sin(6 * x - 4 * y)
    cloth = clothes.cloth_share(body.matter)
    albedo *= (1 + cloth * (weave * worn - 1))[:, None]
    _front(albedo, body, look.outfit, told)
    bare = share[:, MATTER["skin"]]
    at = np.flatnonzero(head & (bare > 0.02))
    if len(at):
        tone = tint(look.build, p[at], blush=look.blush, stubble=look.stubble)
        albedo[at] *= 1 - bare[at, None] * (1 - tone)
        gloss[at] += 0.10 * bare[at] * np.clip((p[at, 0] - look.build.head_scale * 0.05) / 0.05, 0, 1)
    return np.clip(albedo, 0, 0.95).astype(np.float32), np.clip(gloss, 0, 1).astype(np.float32)


def _front(
    albedo: NDArray[np.float32], body: Body, outfit: Outfit, told: dict[str, tuple[float, float, float]]
) -> None:
    """Paint what is seen down the chest, in place: buttons, lapels over a shirt and a tie, a sash."""
    if not outfit.front and not outfit.sash:
        return
    x, y, z = body.points[:, 0], body.points[:, 1], body.points[:, 2]
    top = _soft(body.matter[:, MATTER["top"]] - 0.5, 0.2)
    ahead = top * _soft(x - 0.02, 0.01) * _soft(1.47 - y, 0.01)
    aside = np.abs(z)

    def dye(where: NDArray[np.float32], colour: tuple[float, float, float], share: float) -> None:
        albedo[:] += (np.float32(share) * where)[:, None] * (np.array(colour, np.float32) - albedo)

    if outfit.front in ("buttons", "zip"):
        dye(ahead * _soft(0.006 - np.abs(z - 0.010), 0.006), (0.0, 0.0, 0.0), 0.6)
        if outfit.front == "buttons":
            row = _soft(0.010 - np.abs((y - 0.62) % 0.105 - 0.05), 0.006)
            dye(ahead * row * _soft(0.010 - np.abs(z + 0.012), 0.006), (0.34, 0.28, 0.20), 0.9)
    if outfit.front == "wrap":
        # Cloth laid left over right, its edge from the shoulder to the waist.
        edge = _soft(0.011 - np.abs(z - 0.42 * (y - 1.20)), 0.006)
        dye(ahead * _soft(y - 1.31, 0.01) * _soft(0.42 * (y - 1.28) - aside, 0.006), (0.62, 0.60, 0.56), 0.95)
        dye(ahead * edge * _soft(y - 1.02, 0.01), told.get("accent", (0.2, 0.2, 0.2)), 0.85)
    if outfit.front == "suit":
        deep, wide = 1.10, 0.235 * (y - 1.10)
        inside = ahead * _soft(y - deep, 0.006) * _soft(wide - aside, 0.005)
        dye(inside, (0.66, 0.65, 0.62), 0.97)
        tie = np.where(y > 1.37, 0.017, 0.014 + 0.05 * (1.37 - y))
        dye(inside * _soft(tie - aside, 0.005), (0.10, 0.012, 0.02), 0.97)
        dye(
            ahead * _soft(y - deep, 0.01) * _soft(0.006 - np.abs(aside - wide - 0.006), 0.005),
            (0.0, 0.0, 0.0),
            0.6,
        )
        dye(
            ahead * _soft(deep - y, 0.01) * _soft(y - 0.86, 0.01) * _soft(0.005 - aside, 0.005),
            (0.0, 0.0, 0.0),
            0.6,
        )
    if outfit.front == "bib":
        blue = told.get("bottom", (0.03, 0.06, 0.15))
        dye(ahead * _soft(1.29 - y, 0.006) * _soft(0.105 - aside, 0.006), blue, 1.0)
        dye(ahead * _soft(0.018 - np.abs(aside - 0.075), 0.006), blue, 1.0)
    if outfit.sash:
        cloth = top * _soft(y - 0.9, 0.02)
        away = np.abs(z - 0.75 * (y - 1.20))
        dye(cloth * _soft(0.085 - away, 0.008), told.get("bottom", (0.3, 0.05, 0.1)), 0.35)
        dye(cloth * _soft(0.012 - np.abs(away - 0.085), 0.008), told.get("accent", (0.5, 0.33, 0.06)), 0.9)


def _soft(inside: NDArray[np.floating], edge: float) -> NDArray[np.float32]:
    """Return 1 where a distance lies inside by `edge` and more, 0 outside by as much."""
    return np.clip(0.5 + 0.5 * inside / edge, 0, 1).astype(np.float32)
