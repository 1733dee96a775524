"""Round things against plain numpy."""

import numpy as np
import pytest

from soundstage.render.previz.canvas import Canvas


def grid(h, w):
    y, x = np.mgrid[0:h, 0:w].astype(np.float64)
    return x, y


def psnr(a, b):
    return 10 * np.log10(1 / max(float(np.mean((np.asarray(a, np.float64) - b) ** 2)), 1e-12))


def test_ellipse_matches_plain_numpy():
    """A turned soft ellipse is over what was there by 1 - distance, softened at its edge."""
    canvas = Canvas(48, 40)
    canvas.clear((0.2, 0.2, 0.2))
    c, s = np.cos(0.5), np.sin(0.5)
    canvas.ellipses([[20, 18, 12, 6, c, s, 1.0, 0.5, 0.25, 0.8, 0.3, 0]])
    x, y = grid(40, 48)
    u, v = ((x - 20) * c + (y - 18) * s) / 12, (-(x - 20) * s + (y - 18) * c) / 6
    a = np.clip((1 - np.hypot(u, v)) / 0.3 + 0.5, 0, 1) * 0.8
    # The kernel stops one and a half pixels beyond the ellipse's box; softness is faint out there.
    for plane, colour in zip(canvas.planes, (1.0, 0.5, 0.25), strict=True):
        assert psnr(plane, 0.2 * (1 - a) + colour * a) > 45


def test_glow_matches_plain_numpy():
    """A glow is (1 - d^2)^6 of its reach, 3.2 sigma, and is added."""
    canvas = Canvas(64, 48)
    canvas.glows([[30, 20, 5, 0.9, 0.6, 0.3]])
    x, y = grid(48, 64)
    q = np.clip(1 - ((x - 30) ** 2 + (y - 20) ** 2) / 16.0**2, 0, None) ** 6
    for plane, gain in zip(canvas.planes, (0.9, 0.6, 0.3), strict=True):
        assert psnr(plane, gain * q) > 60


def test_disc_in_the_middle_is_round():
    """At the frame's centre the barrel cuts nothing: the disc is round and brighter at its rim."""
    canvas = Canvas(64, 64)
    canvas.bokeh([[32, 32, 14, 1, 1, 1, 0.4]])
    disc = canvas.planes[0]
    x, y = grid(64, 64)
    d = np.hypot(x - 32, y - 32)
    want = np.clip(14 - d + 0.5, 0, 1) * (0.72 + 0.4 * (d / 14) ** 4)
    assert psnr(disc, want) > 40
    assert disc[32, 44] > disc[32, 32] > 0


def test_discs_at_the_side_become_cats_eyes():
    """Towards the frame's side the lens barrel clips the outer edge: narrower across than upright."""
    canvas = Canvas(160, 90)
    canvas.bokeh([[140, 45, 12, 1, 1, 1, 0.0]])
    lit = canvas.planes[0] > 0.2
    assert lit.any(axis=0).sum() <= lit.any(axis=1).sum() - 2


@pytest.mark.parametrize("place", [(-500, 5), (5, -500), (900, 5), (5, 900), (float("nan"), 5)])
def test_round_things_off_the_canvas_do_nothing(place):
    """What lies beyond an edge, or nowhere, leaves no trace."""
    canvas = Canvas(30, 20)
    canvas.ellipses([[*place, 8, 4, 1, 0, 1, 1, 1, 1, 0.2, 0]])
    canvas.bokeh([[*place, 8, 1, 1, 1, 0.3]])
    canvas.glows([[*place, 3, 1, 1, 1]])
    assert not canvas.planes.any()


def test_round_things_across_an_edge_are_cut():
    """What hangs over each edge and corner is drawn up to it."""
    canvas = Canvas(30, 20)
    corners = [(0, 0), (29, 0), (0, 19), (29, 19)]
    canvas.bokeh([[x, y, 6, 1, 1, 1, 0.3] for x, y in corners])
    canvas.glows([[x, y, 3, 1, 1, 1] for x, y in corners])
    canvas.ellipses([[x, y, 6, 3, 1, 0, 1, 1, 1, 1, 0.2, 1] for x, y in corners])
    assert all(canvas.planes[0, y, x] > 0 for x, y in corners)
    assert np.isfinite(canvas.planes).all()
