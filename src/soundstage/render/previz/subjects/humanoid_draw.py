"""One frame of one person: pose, light, mesh, face, hair, traces on the ground. Knows no shot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from soundstage.render.previz.rig import raster, strands
from soundstage.render.previz.rig.decals import Decal, draw_decals
from soundstage.render.previz.rig.hair import draw_hair
from soundstage.render.previz.rig.traces import Caster, draw_mirror, draw_shadow
from soundstage.render.previz.subjects.humanoid_body import SIDES
from soundstage.render.previz.subjects.humanoid_eyes import ball_m, eye_point

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.subjects.humanoid_actor import Actor, Standing
    from soundstage.render.previz.subjects.humanoid_rig import Colour, Rig
    from soundstage.render.previz.view import View

_HAIR_MARGIN_M = 0.12
_BLUR_PX = 1.2  #: circle of confusion from which a person is blurred as a whole
_FACE_PX_PER_M = 90.0  #: smaller than this, eyes are not drawn
_FINE_PX_PER_M = 700.0  #: from this scale on only faces are drawn at more than one sample a pixel


def draw_traces(canvas: Canvas, view: View, actor: Actor, standing: Standing) -> None:
    """Draw the shadow on the ground and, where it is wet, the mirror image."""
    if abs(actor.sink_m) > 0.02:
        return
    body = actor.rig.body
    caster = Caster(
        triangles=body.triangles, points=standing.points, colours=standing.colours,
        ground_m=actor.ground_m, near_m=0.22 * actor.rig.scale,
    )  # fmt: skip
    strength = min(0.80, 0.30 + 0.35 * float(max(actor.light.sun_colour))) * (1 - 0.45 * actor.wetness)
    draw_shadow(canvas, view, caster, standing.light[0:3], strength)
    if actor.wetness > 0.05:
        depth = max(float(view.to_camera(np.array([actor.start]))[0, 2]), 0.3)
        draw_mirror(canvas, view, caster, actor.wetness, view.focal_px / depth * actor.rig.scale)


def draw_actor(canvas: Canvas, view: View, actor: Actor, standing: Standing) -> None:
    """Draw body, face and hair."""
    row = raster.view_row(view)
    screen = raster.project(standing.points, row)
    rig = actor.rig
    extent = raster.extent_of(screen)
    if extent is None or extent.depth_m < 0.1:
        return
    px_per_m = view.focal_px / extent.depth_m * rig.scale
    window = raster.window_around(extent, _HAIR_MARGIN_M * px_per_m, canvas.width, canvas.height)
    if window is None:
        return
    samples = 2 if px_per_m < _FINE_PX_PER_M else 1
    tile = raster.draw_mesh(rig.body.triangles, screen, standing.colours, window, samples=samples)
    if samples == 1:
        _smoothed(tile.image)
        _refine_face(rig, screen, standing.colours, tile)
    if px_per_m > _FACE_PX_PER_M:
        _draw_glints(actor, standing, tile, row)
    if rig.coat is not None:
        posed = strands.Posed(
            standing.points, standing.before, standing.normals, standing.matrices,
            standing.received, rig.strands, rig.scale,
        )  # fmt: skip
        draw_hair(rig.coat, rig.body, posed, tile, standing.light, row, px_per_m, rig.longest_m)
    image = tile.image
    blur = float(view.coc_px(extent.depth_m))
    if blur > _BLUR_PX:
        image = cv2.GaussianBlur(image, (0, 0), 0.6 * blur, borderType=cv2.BORDER_REPLICATE)
    raster.put(
        np.asarray(image, np.float32), canvas, window.left, window.top,
        fog=float(actor.light.fog_at(extent.depth_m)), fog_colour=actor.light.fog_colour,
    )  # fmt: skip


def _smoothed(image: NDArray[np.float32]) -> None:
    """Soften the outline of a large tile by a pixel, in place, since nothing covers the edge of skin."""
    rows, columns, _ = image.shape
    covered = (image[..., 3] > np.float32(0.5)).astype(np.uint8)
    cross = np.ones((3, 3), np.uint8)
    edge = cv2.dilate(covered, cross) - cv2.erode(covered, cross)
    edge[0], edge[-1], edge[:, 0], edge[:, -1] = 0, 0, 0, 0
    # Few pixels lie on the outline: a blur of all would cost more than the rest of the face.
    if not cv2.countNonZero(edge):
        return
    found = np.asarray(cv2.findNonZero(edge)).reshape(-1, 2)
    at = found[:, 1].astype(np.intp) * columns + found[:, 0]
    flat = image.reshape(rows * columns, 4)
    around = [dy * columns + dx for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    soft = sum((flat[at + step] for step in around[1:]), flat[at + around[0]])
    flat[at] = soft / np.float32(9)


def _refine_face(
    rig: Rig, screen: NDArray[np.float32], colours: NDArray[np.float32], tile: raster.Tile
) -> None:
    """Draw eyes, brows and mouth again with more samples: lids and lashes are finer than a pixel."""
    if rig.face.stop == rig.face.start:
        return
    extent = raster.extent_of(screen[rig.face])
    if extent is None:
        return
    outer = tile.window
    part = raster.window_around(extent, 2.0, outer.right, outer.bottom)
    if part is None or part.left < outer.left or part.top < outer.top:
        return
    fine = raster.draw_mesh(rig.body.triangles, screen, colours, part, samples=2)
    at = (
        slice(part.top - outer.top, part.bottom - outer.top),
        slice(part.left - outer.left, part.right - outer.left),
    )
    tile.image[at] = fine.image
    tile.depth[at] = fine.depth


def _draw_glints(actor: Actor, standing: Standing, tile: raster.Tile, row: NDArray[np.float32]) -> None:
    """Draw the lamp's image in each eye; a robot's eyes shine themselves."""
    rig, mien = actor.rig, standing.mien
    if rig.glow is None and mien.eyes_open < 0.45:
        return
    head = standing.matrices[rig.body.skeleton.index("head")].astype(np.float64)
    turn, scale = head[:, :3], float(np.linalg.norm(head[:, 0]))
    key = standing.light[3:6]
    # What the skin around an eye sends back, freed from its own colour, is the light on that eye.
    light = [
        standing.colours[near].mean(axis=0) / np.maximum(rig.albedo[near].mean(axis=0), 0.02)
        for near in rig.cheeks
    ]
    r = ball_m(rig.build)
    decals: list[Decal] = []
    for _, z in SIDES:
        ball = np.array(eye_point(rig.build, z))
        to_eye = row[9:12] - (turn @ ball + head[:, 3])
        ahead = (turn.T @ to_eye) / max(scale * float(np.linalg.norm(to_eye)), 1e-9)
        if rig.glow is not None:
            decals.append(_spot(ball + np.array([1.6 * r, 0, 0]), (1.0, 0.0, 0.0), 1.1 * r, 0.9, rig.glow))
            continue
        gaze = 0.3 * np.array([0.0, mien.gaze[1], mien.gaze[0]])
        for up, aside, size, power in ((0.30, -0.24, 0.150, 1.0), (-0.08, 0.17, 0.075, 0.25)):
            # Both lamps hang in the world: their images stay while the eye turns under them.
            aim = ahead * 0.92 + np.array([0.25, up, aside]) + gaze
            aim[0], aim[2] = max(aim[0], 0.75), min(max(aim[2], -0.62), 0.62)
            aim /= np.linalg.norm(aim)
            white = (power, 0.98 * power, 0.94 * power)
            decals.append(
                _spot(
                    ball + 1.06 * r * aim,
                    (float(aim[0]), float(aim[1]), float(aim[2])),
                    size * r,
                    0.45,
                    white,
                )
            )
    both = (light[0] + light[1]) / 2
    glint = np.ones(3, np.float32) if rig.glow is not None else 0.9 * both + 0.35 * key
    draw_decals(decals, tile, rig.body.skeleton, standing.matrices, row, _rgb(both), _rgb(glint))


def _spot(at: NDArray[np.float64], normal: Colour, size_m: float, softness: float, colour: Colour) -> Decal:
    return Decal(
        bone="head", at=(float(at[0]), float(at[1]), float(at[2])), normal=normal,
        along=(-normal[2], 0.0, normal[0]),
        half_length=size_m, half_width=size_m, colour=colour, shines=True, softness=softness,
    )  # fmt: skip


def _rgb(light: NDArray[np.floating]) -> tuple[float, float, float]:
    return float(light[0]), float(light[1]), float(light[2])
