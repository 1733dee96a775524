"""Fur: rooted on the body, drawn far to near, thinned with size, behind what hides it."""

import time

import numpy as np
import pytest

from soundstage.render.previz.kernels.flesh import light_skin
from soundstage.render.previz.kernels.fur import find_visible, sort_far_to_near
from soundstage.render.previz.rig import raster, strands
from soundstage.render.previz.rig.decals import draw_decals
from soundstage.render.previz.rig.skeleton import matrices
from soundstage.render.previz.rig.strands import Posed, draw_coat, strand_breadth, strand_count


def drawn(dog, view, light, px_per_m=128.0, before=None):
    """Return the rest pose's tile with its fur, and how many strands that took."""
    body = dog.body
    row = raster.view_row(view)
    screen = raster.project(body.points, row)
    received, colours = np.empty((len(body.points), 4), np.float32), np.empty_like(body.points)
    light_skin(body.points, body.normals, dog.albedo, dog.gloss, body.openness, light, received, colours)
    window = raster.window_of(screen, 14, view.width_px, view.height_px)
    assert window is not None
    tile = raster.draw_mesh(body.triangles, screen, colours, window, samples=2)
    bare = tile.image.copy()
    rest = matrices(body.skeleton, {}, np.eye(4))
    behind = body.points if before is None else before
    posed = Posed(body.points, behind, body.normals, rest, received, dog.albedo, 1.0)
    count = draw_coat(dog.coat, body, posed, tile, light, row, px_per_m)
    return tile, bare, count


def test_fur_covers_the_body_and_softens_its_outline(dog, view, sun_light):
    """Strands change most of the body's pixels, reach beyond its outline, and stay finite and below one."""
    tile, bare, count = drawn(dog, view, sun_light)
    assert count > 500
    changed = np.abs(tile.image - bare)[..., :3].max(axis=2) > 1e-4
    assert changed[bare[..., 3] > 0.9].mean() > 0.6
    assert ((tile.image[..., 3] > 0.05) & (bare[..., 3] == 0)).sum() > 100
    assert np.isfinite(tile.image).all()
    assert tile.image.min() >= 0
    assert tile.image[..., 3].max() <= 1 + 1e-4


def test_the_same_again_gives_the_same_pixels(dog, view, sun_light):
    """Drawing has no memory and no chance."""
    first, _, _ = drawn(dog, view, sun_light)
    second, _, _ = drawn(dog, view, sun_light)
    np.testing.assert_array_equal(first.image, second.image)


def test_fewer_and_wider_strands_are_drawn_when_small(dog):
    """The count grows with size between its bounds; fewer strands are wider, so that they cover the same."""
    sizes = [20.0, 120.0, 300.0, 620.0, 1500.0, 9000.0]
    counts = [strand_count(dog.coat, s) for s in sizes]
    assert counts == sorted(counts)
    assert counts[0] == strands.FEWEST
    assert counts[3] == strands.REFERENCE_STRANDS
    assert strand_count(dog.coat, 9000.0, 0.1) == len(dog.coat.roots)
    assert counts[-1] < 2.2 * counts[3]
    assert counts[1] < counts[3] / 5
    breadths = [strand_breadth(c, s) for c, s in zip(counts, sizes, strict=True)]
    assert breadths[1] > breadths[3] >= 0.75


def test_a_small_dog_draws_fewer_strands(dog, view, sun_light):
    """The level of detail is in force in drawing, not only in counting."""
    _, _, few = drawn(dog, view, sun_light, px_per_m=60.0)
    _, _, many = drawn(dog, view, sun_light, px_per_m=400.0)
    assert few < many / 4


def test_strands_are_sorted_far_to_near():
    """Buckets keep the order to a thousandth of the range, leave hidden ones out and lose none."""
    depth = np.random.default_rng(2).uniform(2, 4, 5000).astype(np.float32)
    depth[::7] = -1
    order = np.empty(5000, np.int32)
    visible = sort_far_to_near(depth, 5000, np.empty(4097, np.int32), order)
    assert visible == (depth > 0).sum()
    assert set(order[:visible]) == set(np.flatnonzero(depth > 0))
    assert (np.diff(depth[order[:visible]]) < 0.002).all()


def test_nothing_visible_is_no_error():
    """A coat seen from nowhere sorts to nothing."""
    depth = np.full(10, -1, np.float32)
    assert sort_far_to_near(depth, 10, np.empty(17, np.int32), np.empty(10, np.int32)) == 0


def test_the_far_side_grows_nothing(dog, view):
    """Roots whose skin faces well away from the camera are left out; those that face it are in."""
    body, coat = dog.body, dog.coat
    depth = np.empty(len(coat.roots), np.float32)
    bounds = np.array([0, 0, view.width_px, view.height_px], np.float32)
    row = raster.view_row(view)
    find_visible(
        body.triangles, coat.roots, coat.strands, body.points, body.normals, row, bounds, len(depth), depth
    )
    facing = -body.normals[body.triangles[coat.roots, 0], 2]
    assert (depth[facing > 0.3] > 0).mean() > 0.99
    assert (depth[facing < -0.6] > 0).mean() < 0.01


def test_fur_lags_behind_its_roots(dog, view, sun_light):
    """A body that came from the left leaves its fur to the left: the picture's mass shifts."""
    came_from_left = dog.body.points - np.array([0.08, 0, 0], np.float32)
    still, _, _ = drawn(dog, view, sun_light)
    moved, _, _ = drawn(dog, view, sun_light, before=came_from_left)
    columns = np.arange(still.image.shape[1])
    middle = [
        float((t.image[..., 3].sum(axis=0) * columns).sum() / t.image[..., 3].sum()) for t in (still, moved)
    ]
    assert middle[1] < middle[0] - 0.05


def test_hair_is_long_where_it_should_be(dog):
    """The tail's feathering is longer than the muzzle's, and no hair grows on eyes, nose and tongue."""
    body, coat = dog.body, dog.coat
    corner = body.triangles[coat.roots, 0]
    on_tail = body.bones[corner, 0] == body.skeleton.index("tail2")
    on_jaw = body.bones[corner, 0] == body.skeleton.index("jaw")
    assert coat.strands[on_tail, 2].mean() > 4 * coat.strands[on_jaw, 2].mean()
    assert dog.gloss[corner].max() < 0.75


@pytest.mark.parametrize(("side", "eyes"), [(-1.0, 1), (1.0, 1)])
def test_one_eye_is_seen_in_profile(dog, view, side, eyes):
    """From either flank the near eye's four decals are drawn, the far eye's are not."""
    from dataclasses import replace

    seen_from = replace(view, eye_m=(0.45, 0.75, 3.0 * side), yaw_rad=0.0 if side < 0 else np.pi)
    body = dog.body
    row = raster.view_row(seen_from)
    screen = raster.project(body.points, row)
    window = raster.window_of(screen, 8, seen_from.width_px, seen_from.height_px)
    assert window is not None
    tile = raster.draw_mesh(body.triangles, screen, dog.albedo, window)
    rest = matrices(body.skeleton, {}, np.eye(4))
    lids = tuple(d for d in dog.decals if d.lid)
    count = draw_decals(lids, tile, body.skeleton, rest, row, (1, 1, 1), (1, 1, 1))
    assert count == 3 * eyes


@pytest.mark.budget
def test_fur_costs_what_it_may(dog, view, sun_light):
    """A dog of 600 pixels a metre takes under a fifth of a second of CPU with all its fur (budget: 30 ms)."""
    from dataclasses import replace

    large = replace(view, width_px=1280, height_px=720, focal_px=3000.0)
    drawn(dog, large, sun_light, px_per_m=600.0)
    start = time.process_time()
    drawn(dog, large, sun_light, px_per_m=600.0)
    assert time.process_time() - start < 0.2
