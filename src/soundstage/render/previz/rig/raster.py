"""A posed mesh seen through a view: projection, tile with depth. Knows no fur."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.mesh import project_points, put_image, screen_extent
from soundstage.render.previz.kernels.raster import raster_mesh

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.view import View


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of whole pixels of a canvas; `right` and `bottom` lie just outside it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def shape(self) -> tuple[int, int]:
        """Return rows and columns."""
        return self.bottom - self.top, self.right - self.left


@dataclass(frozen=True, slots=True)
class Tile:
    """What was drawn in a window."""

    window: Window
    image: NDArray[np.float32]  #: (h, w, 4) premultiplied linear RGB and coverage
    depth: NDArray[np.float32]  #: (h, w) metres from the camera, FAR where nothing is


@dataclass(frozen=True, slots=True)
class Extent:
    """Where projected points lie that are ahead of the camera."""

    low: tuple[float, float]  #: px
    high: tuple[float, float]
    depth_m: float  #: mean


def extent_of(screen: NDArray[np.float32]) -> Extent | None:
    """Return where projected points (n, 3) lie; None when all are behind the camera."""
    out = np.empty(5, np.float32)
    if screen_extent(screen, out) == 0:
        return None
    low_x, low_y, high_x, high_y, depth = out.tolist()
    return Extent((low_x, low_y), (high_x, high_y), depth)


def view_row(view: View) -> NDArray[np.float32]:
    """Return a view as kernels take it (15,): right, up, forward, eye, focal px, centre x, centre y."""
    return np.array(
        [*view.rotation.ravel(), *view.eye_m, view.focal_px, *view.centre_px],
        np.float32,
    )


def project(points: NDArray[np.float32], view: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return x px, y px, depth m (n, 3) of world points (n, 3) through a view row."""
    screen = np.empty_like(points)
    project_points(points, view, screen)
    return screen


def window_of(screen: NDArray[np.float32], margin_px: float, width_px: int, height_px: int) -> Window | None:
    """Return the part of the canvas that projected points may touch; None when it is empty."""
    extent = extent_of(screen)
    return None if extent is None else window_around(extent, margin_px, width_px, height_px)


def window_around(extent: Extent, margin_px: float, width_px: int, height_px: int) -> Window | None:
    """Return the part of the canvas that an extent and a margin cover; None when it is empty."""
    # Points at a grazing depth project beyond what an integer holds.
    low_x, low_y = (max(v - margin_px, -1e6) for v in extent.low)
    high_x, high_y = (min(v + margin_px, 1e6) for v in extent.high)
    left, top = max(math.floor(low_x), 0), max(math.floor(low_y), 0)
    right, bottom = min(math.ceil(high_x) + 1, width_px), min(math.ceil(high_y) + 1, height_px)
    return Window(left, top, right, bottom) if right > left and bottom > top else None


def draw_mesh(
    triangles: NDArray[np.int32],
    screen: NDArray[np.float32],
    colours: NDArray[np.float32],
    window: Window,
    *,
    samples: int = 1,
    mirrored: bool = False,
) -> Tile:
    """Return the mesh as a tile.

    Args:
        triangles: (m, 3) wound outward.
        screen: (n, 3) from `project`.
        colours: (n, 3) linear, as lit.
        window: where to draw.
        samples: per pixel along one side, 1 or 2; 1 will do where fur covers the edge.
        mirrored: the points were mirrored, which turns the winding round.
    """
    return _raster(triangles, screen, colours, window, samples, -1 if mirrored else 1)


def _raster(
    triangles: NDArray[np.int32],
    screen: NDArray[np.float32],
    colours: NDArray[np.float32],
    window: Window,
    samples: int,
    cull: int,
) -> Tile:
    depth = np.empty(window.shape, np.float32)
    image = np.zeros((*window.shape, 4), np.float32)
    # Canvas pixels have their centre on whole numbers, the raster on halves.
    x0, y0 = np.float32(window.left - 0.5), np.float32(window.top - 0.5)
    # Another layout in memory would compile the kernel a second time.
    faces = np.ascontiguousarray(triangles, np.int32)
    raster_mesh(faces, screen, colours, x0, y0, samples, cull, depth, image)
    return Tile(window, image, depth)


def put(
    image: NDArray[np.float32],
    canvas: Canvas,
    x_px: int,
    y_px: int,
    *,
    fog: float = 0.0,
    fog_colour: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> None:
    """Put a premultiplied RGBA image (h, w, 4) over a canvas with its top left corner at (x, y); clipped.

    `fog` is the share of its light that the air before it replaces by its own.
    """
    rows, columns, _ = image.shape
    air = np.array([*(c * fog for c in fog_colour), 1 - fog], np.float32)
    flat = np.ascontiguousarray(image, np.float32).reshape(rows, columns * 4)
    put_image(*canvas.rgb, flat, x_px, y_px, air)


def cover(triangles: NDArray[np.int32], screen: NDArray[np.float32], window: Window) -> NDArray[np.float32]:
    """Return where the mesh covers pixels of a window: (h, w), 0 or 1."""
    return _raster(triangles, screen, screen, window, 1, 0).image[..., 3]
