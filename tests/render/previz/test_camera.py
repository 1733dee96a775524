"""Camera moves: they really move, the way their name says, and hands shake repeatably."""

from dataclasses import replace
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest

from soundstage.film import CameraChange, FrameSize, Framing, Move
from soundstage.render.previz.camera import plan_path


def a_path(shot, size=(640, 360), **rest):
    return plan_path(shot, size=FrameSize(width=size[0], height=size[1]), seed=rest.pop("seed", 1), **rest)


def seen(path, progress, point):
    x, y, px_per_m = path.view(progress, progress * 2).project(np.array([point], float))
    return float(x[0]), float(y[0]), float(px_per_m[0])


def lead(path):
    """The point in the middle of the stage, a little beside the axis."""
    return (0.1 * path.focus_m, path.eye_m[1], path.eye_m[2] + path.focus_m)


@pytest.mark.parametrize("move", get_args(Move))
def test_every_move_is_finite_and_keeps_above_the_ground(shot_of, move):
    """Each move of the vocabulary makes views for the whole shot."""
    path = a_path(shot_of(move=move, amplitude=1.0))
    for progress in np.linspace(0, 1, 9):
        view = path.view(float(progress), float(progress) * 5)
        assert np.isfinite(view.packed()).all()
        assert view.eye_m[1] > 0
        assert view.focal_px > 0
        assert view.focus_m > 0


def test_static_does_not_move(shot_of):
    """A static camera shows the same view at every moment."""
    path = a_path(shot_of(move="static"))
    assert path.view(0, 0) == path.view(0.4, 2.0) == path.view(1, 5.0)


@pytest.mark.parametrize(("move", "larger"), [("dolly_in", True), ("dolly_out", False), ("zoom", True)])
def test_dolly_and_zoom_change_size(shot_of, move, larger):
    """A dolly in or a zoom makes the lead larger, a dolly out smaller."""
    path = a_path(shot_of(move=move))
    before, after = seen(path, 0, lead(path))[2], seen(path, 1, lead(path))[2]
    assert (after > before * 1.15) if larger else (after < before * 0.87)


def test_dolly_zoom_keeps_the_lead_and_bends_the_room(shot_of):
    """In a dolly zoom the lead keeps its size while what lies behind changes."""
    path = a_path(shot_of(move="dolly_zoom"))
    far = (0.0, path.eye_m[1], path.eye_m[2] + path.focus_m * 6)
    assert seen(path, 1, lead(path))[2] == pytest.approx(seen(path, 0, lead(path))[2], rel=0.02)
    assert seen(path, 1, far)[2] < seen(path, 0, far)[2] * 0.85


@pytest.mark.parametrize(
    ("move", "axis", "first"), [("pan", 0, "right"), ("truck", 0, "right"), ("tilt", 1, "up")]
)
def test_heading_mirrors_a_move(shot_of, move, axis, first):
    """A pan or truck to the right moves the picture left, a tilt up moves it down, and vice versa."""
    other = {"right": "left", "up": "down"}[first]
    shift = {}
    for heading in (first, other):
        path = a_path(shot_of(move=move, heading=heading))
        shift[heading] = seen(path, 1, lead(path))[axis] - seen(path, 0, lead(path))[axis]
    assert shift[first] * (-1 if axis == 0 else 1) > 30
    assert shift[first] * shift[other] < 0


def test_orbit_keeps_the_lead_in_the_middle(shot_of):
    """An orbit circles the lead: it stays in the middle and in focus while the ground behind it slides."""
    path = a_path(shot_of(move="orbit"))
    middle = (0.0, path.eye_m[1], path.eye_m[2] + path.focus_m)
    behind = (0.0, path.eye_m[1], path.eye_m[2] + 3 * path.focus_m)
    for progress in (0.0, 0.3, 1.0):
        assert abs(seen(path, progress, middle)[0] - 319.5) < 8
        assert path.view(progress, 0).focus_m == pytest.approx(path.focus_m, rel=0.05)
    assert abs(seen(path, 0, behind)[0] - seen(path, 1, behind)[0]) > 100


def test_rack_focus_pulls_focus_to_the_lead(shot_of):
    """A rack focus begins near and ends on the lead."""
    path = a_path(shot_of(move="rack_focus"))
    assert path.view(0, 0).focus_m < 0.6 * path.focus_m
    assert path.view(1, 0).focus_m == pytest.approx(path.focus_m)


def test_moves_ease_in_and_out(shot_of):
    """A move starts and ends gently: its middle is faster than its ends."""
    path = a_path(shot_of(move="truck"))
    x = [path.view(p, 0).eye_m[0] for p in (0, 0.05, 0.475, 0.525, 0.95, 1)]
    assert x[1] - x[0] < 0.4 * (x[3] - x[2])
    assert x[5] - x[4] < 0.4 * (x[3] - x[2])


def test_hands_shake_repeatably(shot_of):
    """Handheld differs from moment to moment and from seed to seed, and repeats itself."""
    one, same, other = (a_path(shot_of(move="handheld"), seed=s) for s in (1, 1, 2))
    assert one.view(0.5, 1.0) == same.view(0.5, 1.0)
    assert one.view(0.5, 1.0).yaw_rad != other.view(0.5, 1.0).yaw_rad
    yaws = [one.view(0.5, t / 24).yaw_rad for t in range(48)]
    assert np.ptp(yaws) > 1e-3
    assert np.abs(np.diff(yaws)).max() < 0.01


def test_travelling_lead_is_followed(shot_of):
    """When the lead travels, the camera goes with it: it stays where it was in the picture."""
    path = a_path(shot_of(), travel_m_s=(3.0, 0.0, 0.0))
    x, y, z = lead(path)
    start = path.view(0, 0).project(np.array([[x, y, z]]))[0]
    later = path.view(1, 5.0).project(np.array([[x + 15.0, y, z]]))[0]
    assert start == pytest.approx(later, abs=0.1)


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (480, 480)])
def test_framing_decides_how_large_the_lead_is(shot_of, size):
    """From aerial to extreme close-up the lead grows; in a tall frame it still fits across."""
    order = ["aerial", "extreme_wide", "wide", "medium", "close_up", "extreme_close_up"]
    assert sorted(order) == sorted(get_args(Framing))
    paths = [a_path(shot_of(framing=f), size=size, extent_m=1.0, centre_m=0.5) for f in order]
    share = [p.focal_px / p.focus_m / size[1] for p in paths]
    assert all(b > a for a, b in pairwise(share))
    assert paths[2].focal_px / paths[2].focus_m < size[0]


@pytest.mark.parametrize("angle", ["low", "high", "top", "dutch"])
def test_angles_look_at_the_lead(shot_of, angle):
    """From every angle the lead's middle is in the middle of the frame."""
    path = a_path(shot_of(angle=angle, framing="wide"), extent_m=1.0, centre_m=0.5)
    height = path.view(0, 0).eye_m[1]
    assert {"low": height < 0.4, "high": height > 0.9, "top": height > 1.5, "dutch": True}[angle]
    middle = (0.0, 0.5, path.eye_m[2] + path.focus_m)
    assert seen(path, 0, middle)[:2] == pytest.approx((319.5, 179.5), abs=12)


def test_aperture_and_lens_decide_the_blur(shot_of):
    """A long fast lens blurs the background more than a short slow one; deep focus blurs next to nothing."""
    from dataclasses import replace

    shot = shot_of(framing="medium")
    fast, slow = (
        a_path(replace(shot, lens=replace(shot.lens, focal_length_mm=f, f_number=n)), extent_m=1.7).view(0, 0)
        for f, n in ((85, 1.8), (24, 8.0))
    )
    deep = a_path(replace(shot, lens=replace(shot.lens, focus="deep"))).view(0, 0)
    assert fast.aperture_px > 2 * slow.aperture_px > 2 * deep.aperture_px
    assert deep.aperture_px < 0.5


def test_a_second_move_goes_on_where_the_first_stopped(shot_of):
    """A shot that pushes in and then pans does both, one after the other, without a jump."""
    change = CameraChange(start=1.0, move="pan", heading="right")
    shot = shot_of(move="dolly_in")
    path = a_path(replace(shot, camera=replace(shot.camera, then=(change,))))
    size = [seen(path, u, lead(path))[2] for u in (0, 0.5, 1)]
    assert size[1] > size[0] * 1.15
    assert size[2] == pytest.approx(size[1], rel=0.05)
    yaw = [path.view(u, u * 2).yaw_rad for u in np.linspace(0, 1, 101)]
    assert abs(yaw[50] - yaw[0]) < 0.02 < abs(yaw[100] - yaw[50])
    assert max(abs(b - a) for a, b in pairwise(yaw)) < 0.05


@pytest.mark.parametrize(("first", "framing"), [("wide", "close_up"), ("close_up", "wide")])
def test_a_change_ends_in_the_framing_it_names(shot_of, first, framing):
    """A shot that "starts wide, then pushes into a close-up" ends as close as a close-up is."""
    change = CameraChange(start=0.6, move="dolly_in", framing=framing)
    shot = shot_of(framing=first, move="static")
    path = a_path(replace(shot, camera=replace(shot.camera, then=(change,))))
    wanted = a_path(shot_of(framing=framing, move="static"))
    assert seen(path, 0, lead(path))[2] != pytest.approx(seen(wanted, 0, lead(wanted))[2], rel=0.3)
    assert seen(path, 1, lead(path))[2] == pytest.approx(seen(wanted, 0, lead(wanted))[2], rel=0.1)


def test_hands_know_no_slow_motion(shot_of):
    """Where the scene stands still the operator's hands do not."""
    path = a_path(shot_of(move="handheld"))
    assert path.view(0.5, 0.0, hand_s=1.0) != path.view(0.5, 0.0, hand_s=0.0)
    assert path.view(0.5, 0.0, hand_s=1.0) == path.view(0.5, 0.0, hand_s=1.0)


def test_a_zoom_away_is_a_zoom_out(shot_of):
    """A zoom told to go away ends smaller than it began."""
    path = a_path(shot_of(move="zoom", heading="away"))
    assert seen(path, 1, lead(path))[2] < seen(path, 0, lead(path))[2] * 0.8


def test_a_whip_lands_on_the_lead(shot_of):
    """A whip pan waits, flies in a fraction of the shot, and ends with the lead in the middle."""
    shot = shot_of(move="pan", heading="right", amplitude=0.9)
    path = a_path(replace(shot, camera=replace(shot.camera, speed=1.0)))
    yaw = [path.view(u, 0).yaw_rad for u in (0.0, 0.1, 0.3, 1.0)]
    assert yaw[0] == yaw[1]
    assert yaw[2] == pytest.approx(yaw[3], abs=1e-6)
    assert yaw[3] == pytest.approx(0, abs=1e-6)
    assert abs(yaw[0]) > 0.2


def test_coming_closer_goes_for_the_face(shot_of):
    """A camera that comes closer turns up to what it goes for; one that stands still does not."""
    paths = [a_path(shot_of(move=m), aim_m=0.4) for m in ("dolly_in", "zoom", "static")]
    turned = [p.view(1, 0).pitch_rad - p.view(0, 0).pitch_rad for p in paths]
    assert turned[0] > 0.02
    assert turned[1] > 0.02
    assert turned[2] == 0


def test_a_crane_comes_down_the_way_it_went_up(shot_of):
    """A crane down starts high and ends at eye level; it does not dig."""
    path = a_path(shot_of(move="crane", heading="down"))
    assert path.view(0, 0).eye_m[1] > path.view(1, 0).eye_m[1] > 0.3 * path.eye_m[1]
