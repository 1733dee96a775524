"""Strands over a tile: like strokes, but behind what is nearer, and the same lying as standing."""

import numpy as np
import pytest

from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.kernels.strands import draw_strands

FAR = np.float32(1e9)


def strand(points, widths=(3.0, 1.0), depths=(2.0, 2.0)):
    colours = (0.9, 0.5, 0.2, 0.8, 0.3, 0.6, 0.9, 0.6)
    return np.array([[*np.ravel(points), *widths, *colours, *depths]], np.float32)


def drawn(row, depth=None, size=(60, 80), bias=0.0):
    image = np.zeros((*size, 4), np.float32)
    draw_strands(row, image, np.full(size, FAR, np.float32) if depth is None else depth, np.float32(bias))
    return image


@pytest.mark.parametrize("middle", [(40, 22), (36, 30), (32, 20)])
def test_a_strand_looks_like_a_stroke(middle):
    """Its parabola stays close to the stroke's own curve: mass and place agree, colour nearly."""
    row = strand([(10, 12), middle, (66, 40)])
    canvas = Canvas(80, 60)
    canvas.strokes(row)
    image = drawn(row)
    assert image[..., 3].sum() == pytest.approx(canvas.alpha.sum(), rel=0.06)
    np.testing.assert_allclose(image[..., 0].sum(), canvas.planes[0].sum(), rtol=0.12)
    y, x = np.mgrid[0:60, 0:80]
    for axis in (x, y):
        own = (image[..., 3] * axis).sum() / image[..., 3].sum()
        assert abs(own - (canvas.alpha * axis).sum() / canvas.alpha.sum()) < 1.0


def test_lying_and_standing_strands_are_alike():
    """Turned over the diagonal, a strand covers the same pixels turned over the diagonal."""
    points = np.array([(10, 12), (30, 20), (50, 22)], np.float32)
    lying = drawn(strand(points), size=(60, 60))
    standing = drawn(strand(points[:, ::-1]), size=(60, 60))
    np.testing.assert_allclose(lying, standing.transpose(1, 0, 2), atol=1e-5)


def test_what_is_nearer_hides_a_strand():
    """A strand shows before what is farther and, by `bias`, a little behind what is nearer."""
    row = strand([(10, 30), (40, 30), (70, 30.5)])
    near, far = np.full((60, 80), 1.9, np.float32), np.full((60, 80), 2.1, np.float32)
    assert drawn(row, near)[..., 3].sum() == 0
    assert drawn(row, near, bias=0.2)[..., 3].sum() > 50
    assert drawn(row, far)[..., 3].sum() > 50


def test_a_strand_is_hidden_where_something_stands_before_it():
    """Half of it behind a wall, the other half is drawn whole."""
    row = strand([(10, 30), (40, 30), (70, 30.5)])
    wall = np.full((60, 80), FAR, np.float32)
    wall[:, :40] = 1.0
    image, free = drawn(row, wall), drawn(row)
    assert image[:, :40].sum() == 0
    np.testing.assert_array_equal(image[:, 40:], free[:, 40:])


@pytest.mark.parametrize("shift", [(-1e7, 0), (1e7, 1e7), (np.nan, 0), (0, np.inf), (-60, -20), (70, 50)])
def test_strands_beyond_the_tile_do_no_harm(shift):
    """Strands that are far out, partly out or no number leave finite pixels."""
    points = np.array([(10, 12), (30, 20), (50, 22)], np.float32) + np.array(shift, np.float32)
    image = drawn(strand(points))
    assert np.isfinite(image).all()
    assert image.min() >= 0
