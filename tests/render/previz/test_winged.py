"""Birds and other winged animals: every entry builds, flies with moving wings, stands on the ground."""

from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import Subject
from soundstage.render.previz.repertoire import kind_of
from soundstage.render.previz.staging import stage_shot
from soundstage.render.previz.subjects.winged import Flock
from soundstage.render.previz.subjects.winged_rig import entry_for, make_rig
from soundstage.render.previz.subjects.winged_wing import Beat, spread


def a_flock(shot_of, brief_of, **told):
    """Return the layer of one winged subject on a beach, and its scene."""
    subject = Subject(**({"noun": "gull", "kind": "gull", "action": "fly"} | told))
    shot = shot_of(fireflies=False, place="beach", time_of_day="noon", framing="wide")
    scene = stage_shot(replace(shot, subjects=(subject,)), brief_of())
    return (
        next(layer for layer in scene.layers if isinstance(layer, Flock)),
        scene,
        replace(shot, subjects=(subject,)),
    )


@pytest.mark.parametrize(
    "name",
    [
        "gull",
        "eagle",
        "songbird",
        "owl",
        "penguin",
        "flamingo",
        "peacock",
        "bat",
        "butterfly",
        "bee",
        "dragonfly",
        "dragon",
        "duckling",
    ],
)
def test_every_entry_builds_a_finite_body_with_outward_triangles(name):
    """Rule: a line of the table is enough for an animal."""
    rig = make_rig(name, "", 1.0, 1)
    assert 800 < len(rig.body.points) < 30_000
    assert np.isfinite(rig.all_albedo).all()
    assert rig.all_albedo.min() >= 0
    assert rig.triangles.max() < len(rig.all_albedo) == len(rig.all_gloss) == len(rig.all_open)


def test_wings_move_while_it_flies_and_lie_still_when_it_sits(shot_of, brief_of):
    """Rule: flying is seen in the wings, and a perched bird folds them."""
    flying, _, _ = a_flock(shot_of, brief_of)
    sitting, _, _ = a_flock(shot_of, brief_of, action="sit")
    a, b = (flying.actors[0].beat(t, 0.0, 1.0).inner for t in (0.0, 0.15))
    assert abs(a - b) > 0.02
    assert sitting.actors[0].way == "stand"
    assert sitting.actors[0].beat(0.3, 0.0, 1.0).folded == 1.0


def test_the_down_stroke_is_faster_than_the_way_up(shot_of, brief_of):
    """Rule: motion is never linear; a wing drives down and recovers slowly."""
    flock, _, _ = a_flock(shot_of, brief_of, noun="bat", kind="bat")
    actor = replace(flock.actors[0], phase=0.0)
    height = np.array([actor.beat(t, 0.0, 1.0).inner for t in np.arange(200) / 1000])
    steps = np.diff(height)
    assert -steps.min() > steps.max()


def test_a_folded_wing_lies_within_the_length_of_the_body():
    """Rule: a perched bird does not hold its wings out."""
    rig = make_rig("eagle", "", 1.0, 1)
    points, normals = spread(rig.wings[0], rig.plan.shoulder, Beat(0.0, 0.0, 0.0, 1.0), 1.0)
    assert points[:, 2].max() < 0.20
    assert np.allclose(np.linalg.norm(normals, axis=1), 1, atol=1e-3)


def test_a_count_becomes_a_flock_and_a_colour_is_seen(shot_of, brief_of):
    """Rule: what the prompt says of number and colour is seen."""
    flock, _, _ = a_flock(shot_of, brief_of, count=5)
    assert len(flock.actors) == 5
    red, blue = (make_rig("butterfly", c, 1.0, 1).all_albedo.mean(axis=0) for c in ("red", "blue"))
    assert red[0] > red[2]
    assert blue[2] > blue[0]


def test_breeds_and_nouns_find_their_entry():
    """Rule: a noun of the lexicon finds its own entry before its kind's."""
    assert entry_for("bald eagle", "eagle") == "eagle"
    assert entry_for("raven", "eagle") == "crow"
    assert entry_for("swan", "flamingo") == "swan"
    assert kind_of(Subject(noun="bird", kind="songbird")).name == "songbird"


def test_a_flying_gull_is_drawn_the_same_twice(shot_of, brief_of, draw):
    """Rule: one seed, one film, and nothing in a frame is not a number."""
    _, _, shot = a_flock(shot_of, brief_of)
    first, second = (draw(shot, 6, brief=brief_of(size=(256, 144))) for _ in range(2))
    assert np.array_equal(first.video, second.video)
    assert np.isfinite(first.light).all()
