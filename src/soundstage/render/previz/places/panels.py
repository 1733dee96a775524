"""Panels: flat painted pieces that stand anywhere in the world, as the flats of a stage set.

Painted once, drawn in true perspective; walls, furniture and signs are made of them. Knows no place, no shot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import cv2
import numpy as np

from soundstage.render.previz.canvas import disc_blur
from soundstage.render.previz.kernels.mesh import put_image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.view import View

f32 = np.float32
Vector = tuple[float, float, float]
CLIP_M = 0.12  #: nearer to the lens nothing of a panel is drawn
EDGE_PX = 2  #: of nothing around a picture, so that its edges are smooth
#: How often a picture is halved (along, up) at each level: walls are seen at a slant, so along goes first.
LEVELS = ((0, 0), (1, 0), (2, 1), (3, 1), (4, 2))
BLUR_SCALE = 0.25
SPECK_PX = 2.5  #: what is smaller on the canvas is not drawn
EVEN_HAZE = 0.02  #: where the haze before a piece differs less, one value will do
FARTHEST_M = 400.0  #: haze grows up to here
SCRATCH_BELOW = 0.5  #: a canvas this small will be blurred or mirrored and needs its coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One flat piece. Its picture is premultiplied light; alpha 0 adds light."""

    corner_m: Vector  #: world place of the picture's top left corner
    along: Vector  #: unit vector of its rows
    down: Vector  #: unit vector of its columns
    width_m: float
    height_m: float
    levels: tuple[NDArray[np.float32], ...]  #: as LEVELS, each (h, w, 4) with EDGE_PX around
    repeat_m: Vector = (0.0, 0.0, 0.0)  #: it stands again after this way, on one axis; zeros: once
    flicker: float = 0.0  #: share of its light that goes in a faulty tube
    order: float = 0.0  #: added to its distance when the set is sorted: large is farther
    mirrored: bool = True  #: whether a wet ground shows it
    one_sided: bool = False  #: the face of something solid: nothing is seen of its back

    def corners(self) -> NDArray[np.float64]:
        """Return its four corners (4, 3)."""
        origin = np.array(self.corner_m)
        right, down = np.multiply(self.along, self.width_m), np.multiply(self.down, self.height_m)
        return np.array([origin, origin + right, origin + right + down, origin + down])


def make_panel(
    image: NDArray[np.floating],
    corner_m: Vector,
    along: Vector,
    down: Vector,
    size_m: tuple[float, float],
    *,
    blur_px: float = 0.0,
    repeat_m: Vector = (0.0, 0.0, 0.0),
    flicker: float = 0.0,
    order: float = 0.0,
    mirrored: bool = True,
    one_sided: bool = False,
) -> Panel:
    """Return a panel of a premultiplied picture (h, w, 4), soft by `blur_px` of its own pixels."""
    picture = np.asarray(image, np.float32)
    if blur_px >= 0.7:
        picture = disc_blur(picture, min(blur_px, 7.0))
    levels: list[NDArray[np.float32]] = []
    for across, up in LEVELS:
        width = max(picture.shape[1] >> across, 2)
        height = max(picture.shape[0] >> up, 2)
        small = picture
        if across or up:
            small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
        levels.append(
            np.asarray(
                cv2.copyMakeBorder(
                    small, EDGE_PX, EDGE_PX, EDGE_PX, EDGE_PX, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0)
                ),
                np.float32,
            )
        )
    return Panel(
        corner_m=corner_m, along=along, down=down, width_m=size_m[0], height_m=size_m[1],
        levels=tuple(levels), repeat_m=repeat_m, flicker=flicker, order=order, mirrored=mirrored,
        one_sided=one_sided,
    )  # fmt: skip


def clip_near(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a polygon in camera coordinates without what lies before the lens's near plane."""
    kept: list[NDArray[np.float64]] = []
    for k in range(len(points)):
        here, there = points[k], points[(k + 1) % len(points)]
        if here[2] >= CLIP_M:
            kept.append(here)
        if (here[2] >= CLIP_M) != (there[2] >= CLIP_M):
            u = (CLIP_M - here[2]) / (there[2] - here[2])
            kept.append(here + (there - here) * u)
    return np.array(kept).reshape(-1, 3)


def _inverse_depths(
    normals: NDArray[np.float64], corner: NDArray[np.float64], view: View
) -> NDArray[np.float64]:
    """Return 1 / distance of each piece's plane by the pixel: per x, per y, at pixel (0, 0), (N, 3)."""
    whole = (normals * corner).sum(1) + 1e-12
    cx, cy = view.centre_px
    per_x, per_y = normals[:, 0] / view.focal_px / whole, -normals[:, 1] / view.focal_px / whole
    return np.stack([per_x, per_y, normals[:, 2] / whole - per_x * cx - per_y * cy], 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panels:
    """All flats of a set that are equally out of focus, drawn far to near."""

    pieces: tuple[Panel, ...]
    corners_m: NDArray[np.float64]  #: (N, 4, 3) of the pieces
    depth_m: float
    fog: NDArray[np.float32] = field(default_factory=lambda: np.zeros(3, np.float32))
    fog_per_m: float = 0.0
    soft: bool = False  #: a blurred foreground, worked small
    reach_m: float = 80.0  #: repeats are drawn up to here
    focus: Literal["back", "full"] = "back"

    @classmethod
    def of(cls, pieces: Sequence[Panel], depth_m: float, **rest: Any) -> Panels:
        """Return the layer of these pieces."""
        corners = np.array([piece.corners() for piece in pieces]).reshape(-1, 4, 3)
        return cls(pieces=tuple(pieces), corners_m=corners, depth_m=depth_m, **rest)

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw every piece the frame sees."""
        if not self.soft:
            self.draw_pieces(canvas, view, moment)
            return
        scratch = canvas.scratch(BLUR_SCALE)
        small = view.scaled(BLUR_SCALE)
        self.draw_pieces(scratch, small, moment)
        blur_px = float(small.coc_px(max(self.depth_m - view.eye_m[2], 0.1)))
        canvas.over_scratch(scratch, blur_px=max(blur_px, 0.011 * small.height_px))

    def draw_pieces(self, canvas: Canvas, view: View, moment: Moment, *, mirror: bool = False) -> None:
        """Draw the pieces upright, or head down as a level mirror at y = 0 shows them."""
        which, corners = self._standing(np.array(view.eye_m), mirror=mirror)
        if not len(which):
            return
        if mirror:
            corners = corners * np.array([1.0, -1.0, 1.0])
        seen = (corners - np.array(view.eye_m)) @ view.rotation.astype(np.float64).T
        depth = seen[..., 2]
        cx, cy = view.centre_px
        safe = np.maximum(depth, CLIP_M)[..., None]
        pixels = np.stack([seen[..., 0], -seen[..., 1]], -1) / safe * view.focal_px + [cx, cy]
        low, high = pixels.min(1), pixels.max(1)
        whole = depth.min(1) >= CLIP_M
        size = np.array([canvas.width, canvas.height])
        outside = ((high < 0) | (low > size - 1)).any(1) | (
            (high - low).max(1) < SPECK_PX * (2 if mirror else 1)
        )
        shown = (depth.max(1) > CLIP_M) & ~(whole & outside)
        along, down = seen[:, 1] - seen[:, 0], seen[:, 3] - seen[:, 0]
        faces = np.cross(along, down)
        one_sided = np.array([self.pieces[k].one_sided for k in which])
        shown &= ~one_sided | (((faces * seen[:, 0]).sum(1) > 0) == mirror)
        order = depth.mean(1) + np.array([self.pieces[k].order for k in which])
        # Maps from a picture's own width and height to the canvas, all pieces at once.
        lens = np.array([[view.focal_px, 0, cx], [0, -view.focal_px, cy], [0, 0, 1.0]])
        maps = lens @ np.stack([along, down, seen[:, 0]], -1)
        planes = _inverse_depths(faces, seen[:, 0], view).tolist()
        boxes = np.concatenate([low, high], 1).tolist()
        for k in np.argsort(-order, kind="stable").tolist():
            if not shown[k]:
                continue
            box = boxes[k]
            if not whole[k]:
                outline = clip_near(seen[k])
                if len(outline) < 3:
                    continue
                flat = outline[:, :2] * [1, -1] / outline[:, 2:] * view.focal_px + [cx, cy]
                box = [*flat.min(0).tolist(), *flat.max(0).tolist()]
            self._draw_one(canvas, moment, self.pieces[which[k]], maps[k], planes[k], box)

    def _standing(
        self, eye: NDArray[np.float64], *, mirror: bool
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return which pieces stand within reach, (N,), and where their corners are, (N, 4, 3)."""
        which: list[int] = []
        shifts: list[Vector] = []
        for index, piece in enumerate(self.pieces):
            if mirror and not piece.mirrored:
                continue
            for shift in self._shifts(piece, eye):
                which.append(index)
                shifts.append(shift)
        chosen = np.array(which, np.intp)
        if not which:
            return chosen, np.zeros((0, 4, 3))
        return chosen, self.corners_m[chosen] + np.array(shifts)[:, None, :]

    def _shifts(self, piece: Panel, eye: NDArray[np.float64]) -> list[Vector]:
        axis = 2 if piece.repeat_m[2] else 0
        period = abs(piece.repeat_m[axis])
        if not period:
            return [(0.0, 0.0, 0.0)]
        half = max(piece.width_m, piece.height_m)
        middle = (
            piece.corner_m[axis] + (piece.along[axis] * piece.width_m + piece.down[axis] * piece.height_m) / 2
        )
        # Along the line of sight only what lies ahead is seen; across it, both sides.
        least = eye[axis] - (half if axis == 2 else self.reach_m)
        first, last = (
            math.ceil((least - middle) / period),
            math.floor((eye[axis] + self.reach_m - middle) / period),
        )
        if axis == 2:
            return [(0.0, 0.0, k * period) for k in range(first, last + 1)]
        return [(k * period, 0.0, 0.0) for k in range(first, last + 1)]

    def _draw_one(
        self,
        canvas: Canvas,
        moment: Moment,
        piece: Panel,
        place: NDArray[np.float64],
        inverse_depth: Sequence[float],
        box: Sequence[float],
    ) -> None:
        left, right = max(math.floor(box[0]) - 1, 0), min(math.ceil(box[2]) + 2, canvas.width)
        top, bottom = max(math.floor(box[1]) - 1, 0), min(math.ceil(box[3]) + 2, canvas.height)
        if right <= left or bottom <= top:
            return
        # How many of the picture's pixels fall on one of the canvas tells which level to take.
        span = max(box[2] - box[0], (box[3] - box[1]) * abs(piece.along[1]), 1.0)
        texels = piece.levels[0].shape[1] - 2 * EDGE_PX
        level = min(max(round(math.log2(max(texels / span, 1e-3)) - 0.2), 0), len(LEVELS) - 1)
        image = piece.levels[level]
        u, v = 1 / (image.shape[1] - 2 * EDGE_PX), 1 / (image.shape[0] - 2 * EDGE_PX)
        texel = np.array([[u, 0, u * (0.5 - EDGE_PX)], [0, v, v * (0.5 - EDGE_PX)], [0, 0, 1.0]])
        shift = np.array([[1.0, 0, -left], [0, 1.0, -top], [0, 0, 1.0]])
        warped = cv2.warpPerspective(
            image, shift @ place @ texel, (right - left, bottom - top),
            flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(0, 0, 0, 0),
        )  # fmt: skip
        tile = np.asarray(warped, np.float32)
        air = self._haze(tile, inverse_depth, (left, top), piece, moment)
        put_image(*canvas.rgb, tile.reshape(bottom - top, -1), left, top, air)
        if canvas.scale < SCRATCH_BELOW:
            part = canvas.alpha[top:bottom, left:right]
            part += (1 - part) * tile[..., 3]

    def _haze(
        self,
        tile: NDArray[np.float32],
        inverse_depth: Sequence[float],
        corner: tuple[int, int],
        piece: Panel,
        moment: Moment,
    ) -> NDArray[np.float32]:
        """Return the air before a tile as `put_image` takes it; where it varies, change the tile itself."""
        gain = 1.0
        if piece.flicker:
            beat = math.sin(moment.t_s * 31.0 + piece.corner_m[2]) * math.sin(moment.t_s * 4.3)
            gain -= piece.flicker * (0.5 + 0.5 * beat) ** 6
        height, width = tile.shape[:2]
        per_x, per_y, rest = inverse_depth
        rest += per_x * (corner[0] + (width - 1) / 2) + per_y * (corner[1] + (height - 1) / 2)
        by_row = abs(per_y) * height > abs(per_x) * width
        count, step = (height, per_y) if by_row else (width, per_x)
        first, middle, last = (self._share(rest + k * step * (count - 1)) for k in (-0.5, 0.0, 0.5))
        if abs(last - first) < EVEN_HAZE:
            return np.array([*(middle * c for c in self.fog.tolist()), (1 - middle) * gain], np.float32)
        # One haze for a whole floor would end in a line where the floor is laid anew.
        inverse = np.clip(rest + (np.arange(count) - (count - 1) / 2) * step, 1 / FARTHEST_M, 1 / CLIP_M)
        haze = (1 - np.exp(-self.fog_per_m / inverse)).astype(np.float32)
        haze = haze[:, None] if by_row else haze.repeat(4)[None]
        # What the piece would be if all of it were air; its coverage stays.
        mixed = np.zeros((4, 4), np.float32)
        mixed[:, 3] = [*self.fog.tolist(), 1.0]
        change = np.asarray(cv2.transform(tile, mixed), np.float32)
        change -= tile
        tile += (change.reshape(height, -1) * haze).reshape(tile.shape)
        return np.array([0, 0, 0, gain], np.float32)

    def _share(self, inverse_depth: float) -> float:
        """Return the share of light that the air takes at a distance."""
        return 1 - math.exp(-self.fog_per_m / min(max(inverse_depth, 1 / FARTHEST_M), 1 / CLIP_M))
