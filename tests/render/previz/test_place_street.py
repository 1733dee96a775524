"""The two streets, looked at as pictures."""

from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import Subject
from soundstage.render.previz.places.panels import Panels, make_panel
from soundstage.render.previz.scene import Moment
from soundstage.render.previz.view import View

WIDE = {"framing": "wide", "lens": (35.0, 4.0), "fireflies": False}


def test_neon_colours_the_night_and_the_ground_gives_it_back(shot_of, draw, brief_of):
    """At night the neon street is more colourful than the city street, also in the lower third."""
    low = {}
    for place in ("neon_street", "city_street"):
        light = draw(shot_of(place=place, time_of_day="night", **WIDE), brief=brief_of(size=(320, 180))).light
        ground = light[:, 125:]
        low[place] = float((ground.max(0) - ground.min(0)).mean())
        assert np.isfinite(light).all()
    assert low["neon_street"] > 1.5 * low["city_street"]


def test_lead_that_crosses_the_picture_never_runs_out_of_street(shot_of, draw, brief_of):
    """Behind a lead that runs sideways there are houses at the first frame and at the last."""
    runner = Subject(noun="dog", kind="dog", action="run", heading="right")
    shot = replace(shot_of(place="city_street", time_of_day="afternoon", **WIDE), subjects=(runner,))
    first, last = draw(shot, 0, 119, brief=brief_of(size=(160, 90), frame_count=120))
    for frame in (first, last):
        assert frame.luma[:50].std() > 8
    assert np.abs(first.luma - last.luma).mean() > 4


@pytest.mark.parametrize("framing", ["close_up", "medium", "aerial"])
def test_street_has_depth_in_every_framing(shot_of, draw, framing):
    """Near, middle and far are there: no framing leaves a third of the frame without detail."""
    frame = draw(shot_of(place="city_street", time_of_day="noon", framing=framing, fireflies=False))
    for third in np.array_split(frame.luma, 3, axis=1):
        assert third.std() > 4


def test_a_panel_lands_where_the_view_projects_its_corners():
    """The picture of a panel fills the quadrangle of its projected corners and nothing else."""
    from soundstage.render.previz.canvas import Canvas

    white = np.ones((20, 40, 4), np.float32)
    panel = make_panel(white, (-1.0, 1.0, 4.0), (1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (2.0, 1.0))
    canvas = Canvas(160, 90)
    view = View(
        eye_m=(0.0, 0.5, 0.0), width_px=160, height_px=90, focal_px=150.0, focus_m=4.0, aperture_px=0.0
    )
    Panels.of([panel], 9.0).draw(canvas, view, Moment(index=0, frame_count=1, t_s=0.0, progress=0.0))
    lit = np.argwhere(canvas.planes[0] > 0.5)
    x, y, _ = view.project(panel.corners())
    np.testing.assert_allclose(lit.min(0), [y.min(), x.min()], atol=1.0)
    np.testing.assert_allclose(lit.max(0), [y.max(), x.max()], atol=1.0)
