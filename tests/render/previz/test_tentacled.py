"""Jellyfish, octopuses and squids: every entry builds, the body beats, arms come after it."""

from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import Subject
from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.frame import moment_of
from soundstage.render.previz.scene import Ground
from soundstage.render.previz.staging import stage_context
from soundstage.render.previz.subjects import tentacled_shape as shape
from soundstage.render.previz.subjects.tentacled import Swarm, build

ENTRIES = sorted(shape.read_table()["animals"])


def a_swarm(shot_of, brief_of, place="reef", **told):
    """Return the layer of one subject with tentacles, and the context it was built in."""
    subject = Subject(**({"noun": "jellyfish", "kind": "jellyfish", "action": "swim"} | told))
    shot = replace(
        shot_of(fireflies=False, place=place, time_of_day="noon", framing="wide"), subjects=(subject,)
    )
    context = stage_context(shot, brief_of(size=(256, 144)))
    ground = Ground(stage_m=context.camera.eye_m[2] + context.camera.focus_m, half_width_m=1.0)
    (layer,) = build(subject, 0, context, ground)
    assert isinstance(layer, Swarm)
    return layer, context


@pytest.mark.parametrize("name", ENTRIES)
def test_every_entry_is_a_body_with_arms(name):
    """Rule: a row of the table is enough; normals point outwards, the bell is smaller when it is shut."""
    row = shape.read_table()["animals"][name]
    open_, normals, _ = shape.bell(row, 0.0)
    shut, _, _ = shape.bell(row, 1.0)
    assert np.isfinite(open_).all()
    middle = open_.mean(axis=1, keepdims=True)
    outward = ((open_ - middle) * normals).sum(axis=2)[4:16]
    assert (outward > -1e-6).mean() > 0.95
    rim = shape.RINGS * 2 // 3
    assert (
        np.hypot(shut[rim, :, 0], shut[rim, :, 2]).mean()
        < np.hypot(open_[rim, :, 0], open_[rim, :, 2]).mean()
    )
    for arm in row["arms"]:
        paths = shape.arm_paths(arm, 1.0, 0.2, 0.5, drag=(0.0, 0.0, 0.0), floor=None, seed=1)
        assert paths.shape == (arm["count"], shape.STEPS, 3)
        long = np.linalg.norm(np.diff(paths, axis=1), axis=2).sum(axis=1)
        np.testing.assert_allclose(long, arm["length"], rtol=0.2)


def test_a_bell_shuts_faster_than_it_opens():
    """Rule: motion is never linear: a beat is a kick and a glide."""
    row = shape.read_table()["animals"]["jellyfish"]
    beat = [shape.pulse_at(row, t, 0.0) for t in np.linspace(0, 1 / row["pulse_hz"], 100, endpoint=False)]
    assert np.argmax(beat) < 40
    assert min(beat) < 0.05
    assert max(beat) > 0.95


def test_arms_lie_on_the_bed_of_one_that_crawls(shot_of, brief_of):
    """Rule: an octopus that walks is on the ground, one that swims is not; no arm goes through the bed."""
    crawls, _ = a_swarm(shot_of, brief_of, noun="octopus", kind="octopus", action="crawl")
    swims, _ = a_swarm(shot_of, brief_of, noun="octopus", kind="octopus", action="swim")
    assert crawls.animals[0].way == "crawl"
    assert swims.animals[0].place(0)[1] > crawls.animals[0].place(0)[1]
    arm = crawls.animals[0].row["arms"][0]
    paths = shape.arm_paths(arm, 2.0, 0.1, 0.2, drag=(0.0, 0.0, 0.0), floor=-0.36, seed=2)
    assert paths[..., 1].min() >= -0.36


def test_nouns_colours_and_counts_are_seen(shot_of, brief_of):
    """Rule: a squid is no octopus, a blue one is blue, five are five, a swarm is many, a giant is larger."""
    assert shape.entry_for("giant squid", "octopus") == "squid"
    assert shape.entry_for("kraken", "octopus") == "octopus"
    assert shape.entry_for("moon jelly", None) == "jellyfish"
    blue, _ = a_swarm(shot_of, brief_of, attributes=("blue",), count=5)
    assert len(blue.animals) == 5
    assert blue.animals[0].row["body"][2] > blue.animals[0].row["body"][0]
    assert len(a_swarm(shot_of, brief_of, noun="swarm of jellyfish")[0].animals) >= 7
    small, giant = (
        a_swarm(shot_of, brief_of, attributes=words)[0].animals[0].scale for words in ((), ("giant",))
    )
    assert giant > 1.8 * small


def test_a_jellyfish_lights_the_deep(shot_of, brief_of):
    """Rule: in the dark a jellyfish is a lamp, at noon on a reef it is none to speak of."""
    moment = moment_of(0, frame_count=2, fps=24)
    deep, reef = (a_swarm(shot_of, brief_of, place)[0].lamps(moment) for place in ("deep_sea", "reef"))
    assert len(deep) == 1
    assert deep[0, 6] > 0.2
    assert len(reef) == 0 or reef[0, 6] < deep[0, 6]


@pytest.mark.parametrize("noun", ["jellyfish", "octopus", "squid"])
def test_it_is_drawn_and_moves(shot_of, brief_of, noun):
    """Rule: finite light, the same twice, another picture half a second later."""
    swarm, context = a_swarm(shot_of, brief_of, noun=noun, kind=None)
    pictures = []
    for index in (2, 2, 14):
        canvas = Canvas(256, 144)
        swarm.draw(canvas, context.start, moment_of(index, frame_count=25, fps=24))
        pictures.append(canvas.planes.copy())
    assert np.isfinite(pictures[0]).all()
    assert pictures[0].max() > 0.05
    assert np.array_equal(pictures[0], pictures[1])
    assert np.abs(pictures[0] - pictures[2]).max() > 0.05
