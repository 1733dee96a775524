"""Putting pictures together, against plain numpy."""

import cv2
import numpy as np
import pytest

from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.kernels.composite import shrink_bright


@pytest.fixture
def rng():
    return np.random.default_rng(3)


@pytest.fixture
def canvas(rng):
    made = Canvas(22, 14)
    made.planes[:] = rng.random(made.planes.shape)
    return made


def test_over_is_premultiplied(canvas, rng):
    """A card lies over what is there: light * (1 - alpha * opacity) + card * opacity."""
    card = rng.random((14, 22, 4)).astype(np.float32)
    want = canvas.planes * (1 - card[..., 3] * 0.7) + card[..., :3].transpose(2, 0, 1) * 0.7
    canvas.over(card, opacity=0.7)
    assert np.allclose(canvas.planes, want, atol=1e-5)


@pytest.mark.parametrize("corner", [(3, 2), (-4, -3), (18, 10), (-40, 0), (0, 90), (21, 13)])
def test_tile_is_clipped_at_every_edge(canvas, rng, corner):
    """A tile that hangs over an edge is cut there; one that misses the canvas changes nothing."""
    tile = rng.random((4, 8, 9)).astype(np.float32)
    want = canvas.planes.copy()
    x, y = corner
    for j in range(8):
        for i in range(9):
            if 0 <= y + j < 14 and 0 <= x + i < 22:
                here = want[:, y + j, x + i]
                want[:, y + j, x + i] = here * (1 - tile[3, j, i]) + tile[:3, j, i]
    canvas.over_tile(tile, x, y)
    assert np.allclose(canvas.planes, want, atol=1e-5)


def test_add_and_darken(canvas, rng):
    """Light is added times a colour; a shadow multiplies towards one."""
    light = rng.random((14, 22, 3)).astype(np.float32)
    mask = rng.random((14, 22)).astype(np.float32)
    want = canvas.planes + light.transpose(2, 0, 1) * np.array([1, 0.5, 0.25])[:, None, None]
    canvas.add(light, (1, 0.5, 0.25))
    assert np.allclose(canvas.planes, want, atol=1e-5)
    want = want * (1 - mask * (1 - np.array([0.1, 0.2, 0.3])[:, None, None]))
    canvas.darken(mask, (0.1, 0.2, 0.3))
    assert np.allclose(canvas.planes, want, atol=1e-5)


@pytest.mark.parametrize("size", [(16, 12), (18, 14), (22, 10)])
def test_bright_pass_keeps_hue_and_only_what_exceeds(size):
    """Cells average 4 x 4 pixels; dark ones give nothing, bright ones keep their ratio of colours."""
    w, h = size
    planes = np.zeros((3, h, w), np.float32)
    planes[:, :, : w // 2] = np.array([2.0, 1.0, 0.5])[:, None, None]
    planes[:, :, w // 2 :] = 0.1
    out = np.full((-(-h // 4), -(-w // 4), 3), -1, np.float32)
    shrink_bright(planes[0], planes[1], planes[2], out.reshape(len(out), -1), np.float32(0.5))
    assert out[0, 0] == pytest.approx([1.5, 0.75, 0.375], rel=1e-3)
    assert not out[:, -1].any()


def test_scratch_comes_back_blurred(canvas):
    """What is painted on a scratch lands on the canvas in the same place, softened, and leaves no residue."""
    big = Canvas(80, 60)
    scratch = big.scratch(0.25)
    scratch.strokes([[10, -2, 10, 7, 10, 20, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]])
    big.over_scratch(scratch, blur_px=2)
    column = big.planes[0, 30]
    assert 38 <= np.average(np.arange(80), weights=column) <= 43
    assert 0.05 < column.max() < 1
    assert not big.scratch(0.25).planes.any()


@pytest.mark.parametrize("shift", [(3.3, 2.2), (-20.5, -7.25), (50.0, -30.0), (-500.0, 0.0)])
@pytest.mark.parametrize("scale", [0.7, 2.003, 6.5])
def test_upright_card_is_drawn_as_a_warped_one(rng, shift, scale):
    """A card that is only scaled and moved looks as the general map draws it; beyond it lies nothing."""
    card = rng.random((24, 30, 4)).astype(np.float32) * 0.6
    card[8:12] = 0
    card[:, :5] = 0
    affine = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    upright, warped = Canvas(90, 64), Canvas(90, 64)
    upright.clear((0.2, 0.3, 0.4))
    warped.clear((0.2, 0.3, 0.4))
    upright.over_warped(card, affine, opacity=0.8)
    warped.over(cv2.warpAffine(card, affine, (90, 64), flags=cv2.INTER_LINEAR), opacity=0.8)
    # OpenCV may round positions to 1/32 px.
    assert np.abs(upright.planes - warped.planes).max() < 0.04


@pytest.mark.parametrize("scale", [0.5, 0.25, 0.0625])
def test_scratch_is_stretched_edge_to_edge(rng, scale):
    """A scratch's light fills the canvas as a resized picture does, its last pixels repeated to the edge."""
    canvas = Canvas(90, 64)
    scratch = canvas.scratch(scale)
    scratch.planes[:] = rng.random(scratch.planes.shape)
    want = cv2.resize(scratch.planes.transpose(1, 2, 0), (90, 64), interpolation=cv2.INTER_LINEAR)
    canvas.add_scratch(scratch, (1, 0.5, 0.25))
    assert np.allclose(canvas.planes.transpose(1, 2, 0), want * np.array([1, 0.5, 0.25]), atol=1e-4)
