"""A posed mesh seen through a view: projection, visibility buffer, tile with depth. Knows no fur."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.mesh import FAR, cover_mesh, project_points, raster_mesh, resolve_mesh

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
    planes: NDArray[np.float32]  #: (4, h, w) premultiplied linear RGB and coverage
    depth: NDArray[np.float32]  #: (h, w) metres from the camera, FAR where nothing is


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
    ahead = screen[screen[:, 2] > 0.05]
    if len(ahead) == 0:
        return None
    # Points at a grazing depth project beyond what an integer holds.
    low = np.clip(ahead[:, :2].min(axis=0) - margin_px, -1e6, 1e6)
    high = np.clip(ahead[:, :2].max(axis=0) + margin_px, -1e6, 1e6)
    left, top = max(int(np.floor(low[0])), 0), max(int(np.floor(low[1])), 0)
    right, bottom = min(int(np.ceil(high[0])) + 1, width_px), min(int(np.ceil(high[1])) + 1, height_px)
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
        samples: per pixel along one side; 1 will do where fur covers the edge.
        mirrored: the points were mirrored, which turns the winding round.
    """
    rows, columns = window.shape
    depth = np.full((rows * samples, columns * samples), FAR, np.float32)
    face = np.full(depth.shape, -1, np.int32)
    # Canvas pixels have their centre on whole numbers, the raster on halves.
    x0, y0 = window.left - 0.5, window.top - 0.5
    raster_mesh(triangles, screen, x0, y0, samples, -1 if mirrored else 1, depth, face)
    planes = np.empty((4, rows, columns), np.float32)
    nearest = np.empty((rows, columns), np.float32)
    resolve_mesh(triangles, screen, colours, x0, y0, samples, depth, face, planes, nearest)
    return Tile(window, planes, nearest)


def cover(triangles: NDArray[np.int32], screen: NDArray[np.float32], window: Window) -> NDArray[np.float32]:
    """Return where the mesh covers pixels of a window: (h, w), 0 or 1."""
    mask = np.zeros(window.shape, np.float32)
    cover_mesh(triangles, screen, float(window.left), float(window.top), mask)
    return mask
