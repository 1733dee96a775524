"""People are seen as people: they stand on the ground, walk without sliding, and wear what was said."""

import numpy as np
import pytest

from soundstage.film import Subject
from soundstage.render.previz.repertoire import LETTERS, kind_of
from soundstage.render.previz.rig.skeleton import matrices, placement
from soundstage.render.previz.subjects import humanoid_look as looks
from soundstage.render.previz.subjects.humanoid_pose import act, pose_for
from soundstage.render.previz.subjects.humanoid_props import read_props
from soundstage.render.previz.subjects.humanoid_rig import make_rig
from soundstage.render.previz.subjects.humanoid_stride import read_poses

SMALL = (320, 180)


def a_look(entry="woman", *words, seed=3, fine=1.9, **rest):
    return looks.dress(entry, list(words), np.random.default_rng(seed), fine=fine, **rest)


@pytest.fixture(scope="module")
def walker():
    return make_rig(a_look("man"))


@pytest.mark.parametrize("gait", ["walk", "run"])
def test_a_foot_on_the_ground_does_not_slide(walker, gait):
    """What touches the ground keeps its place on it to a few millimetres between two frames."""
    speed = {"walk": 1.15, "run": 3.0}[gait]
    acting = act(gait, walker, 0.0, gait=gait, speed_m_s=speed, stoop=0.0)
    body = walker.body
    worst, touched = 0.0, 0
    at = [body.vertices_of("ft" + side) for side in "LR"]

    def soles(t):
        root = placement(speed * t, 0.0, 0.0, 0.0, walker.scale)
        placed = matrices(body.skeleton, acting.pose(t), root)
        found = []
        for i, side in zip(at, "LR", strict=True):
            foot = placed[body.skeleton.index("ft" + side)]
            found.append(body.points[i] @ foot[:, :3].T + foot[:, 3])
        return found

    for k in range(24):
        now, then = soles(k / 48), soles((k + 0.25) / 48)
        for a, b in zip(now, then, strict=True):
            low = np.argmin(a[:, 1])
            # A foot that comes down or lifts off is near the ground, but not on it.
            if abs(a[low, 1]) < 0.012 and abs(a[low, 1] - b[low, 1]) < 0.002:
                touched += 1
                worst = max(worst, abs(float(b[low, 0] - a[low, 0])))
    assert touched > 8
    assert worst < 0.012


@pytest.mark.parametrize("name", sorted(read_poses()["poses"]))
def test_nobody_sinks_into_the_ground(walker, name):
    """In every pose but those of water and air the lowest point of the body lies on the ground."""
    row = read_poses()["poses"][name]
    if row.get("rests_on") in ("air", "mount"):
        pytest.skip("floats, or sits on what it rides")
    acting = act(name, walker, 0.2, gait=None, speed_m_s=0.0, stoop=0.0)
    body = walker.body
    placed = matrices(body.skeleton, acting.pose(0.0), np.eye(4))
    at = walker.seatless
    rows = placed[body.bones[at], 1]
    heights = (
        ((rows[..., :3] * body.points[at][:, None]).sum(axis=2) + rows[..., 3]) * body.weights[at]
    ).sum(axis=1)
    assert heights.min() > -0.09
    assert "hop" in row or heights.min() < 0.05


def test_a_said_garment_has_the_said_colour():
    """Saying "red coat" dyes the coat and lets it hang to the knee; the rest is drawn by chance."""
    look = a_look("woman", "red coat")
    assert dict(look.colours)["top"] == pytest.approx(looks.read_table()["colours"]["red"])
    assert look.outfit.hem_m > 0.3


def test_hair_is_as_said():
    """Colour and style of hair are read from attributes."""
    look = a_look("man", "bald")
    assert look.hair == "bald"
    fair = dict(a_look("woman", "blonde hair").colours)["hair"]
    assert fair == pytest.approx(looks.read_table()["hair_colours"]["blonde"])


def test_ages_have_their_proportions():
    """A child is small and has a large head for its height, an old man stoops."""
    child, adult, old = (a_look(e).build for e in ("girl", "woman", "old_man"))
    assert child.height_m < 0.8 * adult.height_m
    assert child.heads < adult.heads
    assert old.stoop > 0.2


def test_every_entry_and_pose_names_what_exists():
    """A stranger's line fails here, not in a user's film: props, outfits, hair and actions are known."""
    table = looks.read_table()
    for entry in table["people"]:
        look = a_look(entry, seed=1)
        assert set(look.extras) <= set(table["extras"]), entry
        assert look.hair in table["hair"], entry
    for row in read_poses()["poses"].values():
        assert set(row.get("props", ())) <= set(table["extras"]) | set(read_props()["props"])
        assert row.get("face", "smile") in read_poses()["faces"]
    assert pose_for("dance") == "dance"
    assert pose_for("no such deed") == "stand"


@pytest.mark.parametrize("kind", ["woman", "old_man", "crowd", "knight", "toddler"])
def test_kinds_of_people_are_built_as_people(kind):
    """No kind of person is shown as letters any more."""
    assert kind_of(Subject(noun=kind, kind=kind)).name != LETTERS


def test_a_person_changes_the_picture_and_repeats_to_the_bit(shot_of, brief_of, draw):
    """A red coat is seen in the frame, and the same order draws the same bytes."""
    woman = Subject(noun="woman", kind="woman", action="walk", attributes=("red coat",))
    told = {"place": "open", "framing": "medium", "time_of_day": "noon", "fireflies": False}
    brief = brief_of(size=SMALL)
    shot = shot_of(**told)
    object.__setattr__(shot, "subjects", (woman,))
    first, again = draw(shot, 3, brief=brief), draw(shot, 3, brief=brief)
    assert np.array_equal(first.video, again.video)
    bgr = first.bgr.astype(int)
    red = (bgr[..., 2] > 90) & (bgr[..., 2] > 2 * bgr[..., 1]) & (bgr[..., 2] > 2 * bgr[..., 0])
    assert red.mean() > 0.02
    assert np.isfinite(first.light).all()


def test_a_close_up_shows_the_face(shot_of, brief_of, draw):
    """Child or adult, the head fills the middle of a close-up: skin is seen there."""
    for kind in ("man", "girl"):
        shot = shot_of(place="open", framing="close_up", time_of_day="noon", fireflies=False)
        object.__setattr__(shot, "subjects", (Subject(noun=kind, kind=kind, action="stand"),))
        empty = shot_of(place="open", framing="close_up", time_of_day="noon", fireflies=False)
        drawn = draw(shot, 3, brief=brief_of(size=SMALL)).luma
        bare = draw(empty, 3, brief=brief_of(size=SMALL)).luma
        middle = (slice(40, 140), slice(90, 230))
        assert (np.abs(drawn[middle] - bare[middle]) > 8).mean() > 0.3
