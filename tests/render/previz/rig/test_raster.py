"""The mesh raster against a plain numpy one, its culling, its coverage, its windows."""

import numpy as np

from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.rig import raster


def reference(triangles, screen, columns, rows):
    """Return depth and triangle of each pixel centre, one triangle after the other."""
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float64)
    depth, face = np.full((rows, columns), np.inf), np.full((rows, columns), -1)
    for n, (a, b, c) in enumerate(screen[triangles].astype(np.float64)):
        area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        if area <= 0:
            continue
        w0 = ((b[0] - x) * (c[1] - y) - (b[1] - y) * (c[0] - x)) / area
        w1 = ((c[0] - x) * (a[1] - y) - (c[1] - y) * (a[0] - x)) / area
        w2 = 1 - w0 - w1
        z = w0 * a[2] + w1 * b[2] + w2 * c[2]
        wins = (w0 >= 0) & (w1 >= 0) & (w2 >= 0) & (z < depth)
        depth[wins], face[wins] = z[wins], n
    return depth, face


def soup():
    chance = np.random.default_rng(5)
    screen = np.empty((60, 3), np.float32)
    screen[:, 0], screen[:, 1] = chance.uniform(-8, 48, 60), chance.uniform(-8, 40, 60)
    screen[:, 2] = chance.uniform(1, 4, 60)
    return np.arange(60, dtype=np.int32).reshape(-1, 3), screen


def test_the_raster_agrees_with_numpy():
    """Nearest triangle wins at each pixel centre, and its flat colour is what is seen there."""
    triangles, screen = soup()
    colours = np.repeat(np.random.default_rng(6).random((20, 3)), 3, axis=0).astype(np.float32)
    tile = raster.draw_mesh(triangles, screen, colours, raster.Window(0, 0, 40, 32))
    depth, face = reference(triangles, screen, 40, 32)
    seen = face >= 0
    # A centre on an edge may fall to either side in float32.
    assert (np.isfinite(depth) == (tile.image[..., 3] > 0)).mean() > 0.998
    both = seen & (tile.image[..., 3] > 0)
    assert (np.abs(tile.depth - depth)[both] < 1e-3).mean() > 0.995
    expected = colours[3 * face[both]]
    assert (np.abs(tile.image[both][:, :3] - expected).max(axis=1) < 1e-3).mean() > 0.995


def test_triangles_that_face_away_are_dropped():
    """Turned winding is not seen, unless the mesh is mirrored."""
    screen = np.array([[2, 2, 1], [18, 2, 1], [2, 18, 1]], np.float32)
    colours = np.ones((3, 3), np.float32)
    window = raster.Window(0, 0, 20, 20)
    front, back = np.array([[0, 1, 2]], np.int32), np.array([[0, 2, 1]], np.int32)
    assert raster.draw_mesh(front, screen, colours, window).image[..., 3].sum() > 100
    assert raster.draw_mesh(back, screen, colours, window).image[..., 3].sum() == 0
    assert raster.draw_mesh(back, screen, colours, window, mirrored=True).image[..., 3].sum() > 100


def test_more_samples_give_soft_edges():
    """Coverage is the share of samples: whole inside, part at the edge, and the sum is the area."""
    screen = np.array([[2.3, 2.1, 1], [17.7, 3.4, 1], [4.2, 18.3, 1]], np.float32)
    tile = raster.draw_mesh(
        np.array([[0, 1, 2]], np.int32),
        screen,
        np.ones((3, 3), np.float32),
        raster.Window(0, 0, 20, 20),
        samples=3,
    )
    cover = tile.image[..., 3]
    assert ((cover > 0.05) & (cover < 0.95)).any()
    a, b, c = screen[:, :2].astype(float)
    area = 0.5 * ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))
    assert abs(float(cover.sum()) - area) < 0.03 * area


def test_the_near_side_of_a_body_is_seen(dog, view):
    """What the tile holds in the middle of the trunk is its near side, not its inside."""
    body = dog.body
    screen = raster.project(body.points, raster.view_row(view))
    window = raster.window_of(screen, 4, view.width_px, view.height_px)
    assert window is not None
    tile = raster.draw_mesh(body.triangles, screen, np.abs(body.normals), window)
    x, y, _ = view.project(np.array([[0.0, 0.5, 0.0]]))
    depth = tile.depth[round(float(y[0])) - window.top, round(float(x[0])) - window.left]
    assert 4.8 < depth < 4.97


def test_projection_is_the_views_own(dog, view):
    """Points land where the view says."""
    screen = raster.project(dog.body.points, raster.view_row(view))
    x, y, _ = view.project(dog.body.points)
    np.testing.assert_allclose(screen[:, 0], x, atol=2e-2)
    np.testing.assert_allclose(screen[:, 1], y, atol=2e-2)


def test_a_window_is_clipped_and_may_be_empty():
    """Points off the canvas or behind the camera give no window; points partly on it give the part."""
    inside = np.array([[-5, -5, 1], [10, 12, 1]], np.float32)
    assert raster.window_of(inside, 1, 100, 50) == raster.Window(0, 0, 12, 14)
    assert raster.window_of(inside - np.array([500, 0, 0], np.float32), 1, 100, 50) is None
    assert raster.window_of(inside * np.array([1, 1, -1], np.float32), 1, 100, 50) is None


def test_a_shadows_mask_covers_both_windings():
    """A shadow has no front: either winding fills the same pixels."""
    screen = np.array([[2, 2, 1], [18, 2, 1], [2, 18, 1]], np.float32)
    window = raster.Window(0, 0, 20, 20)
    masks = [raster.cover(np.array([t], np.int32), screen, window) for t in ((0, 1, 2), (0, 2, 1))]
    assert masks[0].sum() > 100
    np.testing.assert_array_equal(masks[0], masks[1])


def test_an_image_is_put_over_and_clipped():
    """It covers by its coverage, fog takes its share of the light, what lies beyond the edge is lost."""
    canvas = Canvas(20, 10)
    canvas.clear((0.4, 0.4, 0.4))
    image = np.zeros((6, 6, 4), np.float32)
    image[:, :3] = (0.5, 0.25, 0.0, 0.5)
    raster.put(image, canvas, 17, -2)
    np.testing.assert_allclose(canvas.planes[:, 3, 18], (0.7, 0.45, 0.2), atol=1e-6)
    assert (canvas.planes[:, 4:] == np.float32(0.4)).all()
    assert (canvas.planes[:, :, :17] == np.float32(0.4)).all()
    canvas.clear((0.4, 0.4, 0.4))
    raster.put(image, canvas, 0, 0, fog=0.6, fog_colour=(1.0, 1.0, 1.0))
    np.testing.assert_allclose(canvas.planes[:, 0, 0], (0.7, 0.6, 0.5), atol=1e-6)
