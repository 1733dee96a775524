"""The camera's geometry."""

import math

import numpy as np
import pytest

from soundstage.render.previz.view import View


def a_view(**changed):
    told = {"eye_m": (0.5, 1.0, -2.0), "width_px": 640, "height_px": 360, "focal_px": 500.0, "focus_m": 4.0}
    return View(**(told | {"aperture_px": 8.0} | changed))


def test_axes_point_right_up_and_away():
    """A point to the right lands right, one above lands above, one nearer is larger."""
    view = a_view()
    x, y, px_per_m = view.project(np.array([[0.5, 1, 2], [1.5, 1, 2], [0.5, 2, 2], [0.5, 1, 8]]))
    assert (x[0], y[0]) == pytest.approx(view.centre_px)
    assert x[1] - x[0] == pytest.approx(125)
    assert y[0] - y[2] == pytest.approx(125)
    assert px_per_m[0] > px_per_m[3]


@pytest.mark.parametrize(
    ("turn", "axis", "sign"), [("yaw_rad", 0, -1), ("pitch_rad", 1, 1)], ids=["look right", "look up"]
)
def test_turning_moves_the_picture_the_other_way(turn, axis, sign):
    """Looking right moves things left; looking up moves them down."""
    still, turned = (a_view(**{turn: a}).project(np.array([[0.5, 1, 2]]))[axis][0] for a in (0.0, 0.1))
    assert (turned - still) * sign > 20


def test_behind_the_camera_is_nowhere():
    """A point behind the eye has no size and lies outside the picture."""
    x, _, px_per_m = a_view().project(np.array([[0.5, 1, -3]]))
    assert px_per_m[0] == 0
    assert x[0] < -1e5


def test_blur_is_nil_in_focus_and_bounded_far_away():
    """The circle of confusion is 0 in focus, the aperture's at infinity, and larger close to the lens."""
    view = a_view()
    blur = view.coc_px(np.array([4.0, 1e6, 1.0]))
    assert blur == pytest.approx([0, 8, 24], abs=1e-3)


def test_half_size_view_sees_the_same():
    """The back canvas's view is the full one at half the pixels."""
    view = a_view(yaw_rad=0.2, roll_rad=0.1)
    points = np.random.default_rng(1).uniform((-1, 0, 2), (1, 2, 4), (20, 3))
    full, half = view.project(points), view.scaled(0.5).project(points)
    assert np.abs((full[0] + 0.5) / 2 - (half[0] + 0.5)).max() < 1e-2
    assert half[2] == pytest.approx(full[2] / 2)


@pytest.mark.parametrize("turn", [{}, {"yaw_rad": 0.15}, {"pitch_rad": -0.1, "roll_rad": 0.05}])
def test_card_map_agrees_with_projection(turn):
    """Near where the camera looks, a card's pixels land where its points do."""
    view = a_view(**turn)
    affine = view.plane_affine(6.0, -3.0, 4.0, 100.0)
    ahead = np.add(view.eye_m, np.array([math.tan(view.yaw_rad), math.tan(view.pitch_rad), 1]) * 8)
    points = np.array([[ahead[0] + dx, ahead[1] + dy, 6.0] for dx in (-0.3, 0.3) for dy in (-0.3, 0.3)])
    x, y, _ = view.project(points)
    u, v = (points[:, 0] + 3) * 100, (4 - points[:, 1]) * 100
    mapped = affine @ np.stack([u, v, np.ones(4)])
    assert np.abs(mapped - np.stack([x, y])).max() < 2.0


def test_directions_round_trip():
    """A pixel's direction projects back to the pixel; what lies behind has none."""
    view = a_view(yaw_rad=-0.3, pitch_rad=0.2, roll_rad=0.1)
    assert view.project_direction(view.direction(100, 50)) == pytest.approx((100, 50), abs=1e-2)
    assert view.project_direction(-view.direction(100, 50)) is None


def test_kernels_see_the_same_as_project():
    """The packed view is eye, rotation, focal, centre, focus, aperture."""
    view = a_view(yaw_rad=0.2)
    packed = view.packed()
    assert packed.shape == (17,)
    assert packed.dtype == np.float32
    assert packed[3:12].reshape(3, 3) == pytest.approx(view.rotation)
    assert packed[12:] == pytest.approx([500, *view.centre_px, 4, 8])
