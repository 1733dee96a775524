"""Fish, sharks, dolphins, whales and turtles: every entry builds, its spine waves."""

from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import Subject
from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.staging import stage_context, stage_shot
from soundstage.render.previz.subjects.swimmer import School
from soundstage.render.previz.subjects.swimmer_rig import entry_for, make_rig, read_table
from soundstage.render.previz.subjects.swimmer_splash import BREAKS_AT, draw_splash


def a_school(shot_of, brief_of, place, **told):
    """Return the layer of one swimming subject."""
    subject = Subject(**({"noun": "fish", "kind": "fish", "action": "swim"} | told))
    shot = replace(
        shot_of(fireflies=False, place=place, time_of_day="noon", framing="wide"), subjects=(subject,)
    )
    return next(layer for layer in stage_shot(shot, brief_of()).layers if isinstance(layer, School)), shot


@pytest.mark.parametrize("name", sorted(read_table()["animals"]))
def test_every_entry_builds(name):
    """Rule: a line of the table is enough for an animal."""
    rig = make_rig(name, "", 1.0, 1)
    assert 500 < len(rig.body.points) < 40_000
    assert np.isfinite(rig.albedo).all()


def test_a_school_swims_in_the_frame_under_water(shot_of, brief_of):
    """Rule: a school is many, and its fish bend from side to side."""
    layer, _ = a_school(shot_of, brief_of, "reef", noun="school of fish")
    assert len(layer.actors) >= 12
    assert {actor.way for actor in layer.actors} == {"swim"}
    bends = [layer.actors[0].pose(t)["spine4"].y for t in np.arange(12) / 12]
    assert min(bends) < 0 < max(bends)


def test_a_dolphin_leaps_out_of_the_water_and_falls_back(shot_of, brief_of):
    """Rule: who leaps at the surface is above it for a while and under it for a while."""
    layer, _ = a_school(shot_of, brief_of, "beach", noun="dolphin", kind="dolphin", action="jump")
    heights = [layer.actors[0].place(t)[1] for t in np.arange(60) / 12]
    assert min(heights) < layer.actors[0].ground_m < max(heights)


def test_nouns_find_their_entry():
    """Rule: a noun finds its own entry before its kind's."""
    assert entry_for("orca", "whale") == "orca"
    assert entry_for("koi fish", "fish") == "koi"
    assert entry_for("hammerhead", "shark") == "shark"


def test_a_shark_is_drawn_the_same_twice(shot_of, brief_of, draw):
    """Rule: one seed, one film."""
    _, shot = a_school(shot_of, brief_of, "beach", noun="shark", kind="shark")
    first, second = (draw(shot, 6, brief=brief_of(size=(256, 144))) for _ in range(2))
    assert np.array_equal(first.video, second.video)
    assert np.isfinite(first.light).all()


def test_a_leap_breaks_the_surface_with_a_splash(shot_of, brief_of):
    """Rule: there is white water in the air just after an animal breaks out, where it broke out."""
    layer, shot = a_school(shot_of, brief_of, "ocean", noun="dolphin", kind="dolphin", action="jump")
    actor = replace(layer.actors[0], velocity=(0.0, 0.0, 0.0))
    view = stage_context(shot, brief_of(size=(256, 144))).start
    out_s = ((1 - BREAKS_AT) / 2 - actor.phase) % 1.0 * actor.leap_s
    canvas = Canvas(256, 144)
    draw_splash(canvas, view, actor, out_s + 0.25)
    x, y, _ = view.project(np.array([actor.place(out_s)]))
    assert canvas.planes[:, : int(y[0])].max() > 0.1
    column = int(np.argmax(canvas.planes.sum(axis=(0, 1))))
    assert abs(column - x[0]) < 60
