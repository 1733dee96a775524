"""Gaits: periodic, paws on the ground, no sliding, touch-downs where they are told."""

import math
from itertools import pairwise

import numpy as np
import pytest

from soundstage.render.previz.rig import skin
from soundstage.render.previz.rig.leg import LEGS
from soundstage.render.previz.rig.skeleton import matrices
from soundstage.render.previz.subjects.quadruped_rig import gait_for, read_table

GAITS = list(read_table()["gaits"])
MOVING = [name for name, row in read_table()["gaits"].items() if row["sweep"] > 0]


def going(dog, name):
    action = read_table()["gaits"][name]["actions"][0]
    return dog.going(gait_for(action, moving=True))


def posed(dog, one, phase):
    points, _ = skin.deform(dog.body, matrices(dog.body.skeleton, one.pose(phase), np.eye(4)))
    return points


@pytest.mark.parametrize("name", GAITS)
def test_a_stride_ends_where_it_began(dog, name):
    """The pose at phase 1 is the pose at phase 0, and nothing jumps in between."""
    one = going(dog, name)
    np.testing.assert_allclose(posed(dog, one, 1.25), posed(dog, one, 0.25), atol=1e-5)
    steps = [posed(dog, one, k / 96) for k in range(97)]
    most = max(float(np.abs(b - a).max()) for a, b in pairwise(steps))
    assert most < 0.10


@pytest.mark.parametrize("name", GAITS)
def test_the_lowest_paw_touches_the_ground(dog, name):
    """While any foot is down, the lowest point of the paws is within a centimetre of the ground."""
    one = going(dog, name)
    paws = np.concatenate([dog.body.vertices_of(leg.bones[3]) for leg in dog.legs])
    for k in range(48):
        phase = k / 48 + 0.003
        lowest = float(posed(dog, one, phase)[paws, 1].min())
        if any(one.down(leg, phase) for leg in range(4)):
            assert abs(lowest) < 0.01, (phase, lowest)
        else:
            assert -0.01 < lowest < 0.25, (phase, lowest)


def test_a_gallop_stretches_out_in_the_air(dog):
    """In one flight fore paws reach ahead and hind paws trail, well off the ground; in one all gather."""
    one = going(dog, "gallop")
    flight = [
        p for p in np.linspace(0, 1, 96, endpoint=False) if not any(one.down(leg, p) for leg in range(4))
    ]
    paws = {leg.name: dog.body.vertices_of(leg.bones[3]) for leg in dog.legs}
    spread, height = [], []
    for phase in flight:
        points = posed(dog, one, phase)
        x = {name: float(points[at, 0].mean()) for name, at in paws.items()}
        spread.append(min(x["FL"], x["FR"]) - max(x["HL"], x["HR"]))
        height.append(min(float(points[at, 1].min()) for at in paws.values()))
    assert max(spread) > 0.55
    assert min(spread) < 0.15
    assert max(height) > 0.08


def test_a_gallop_leaves_the_ground_and_a_walk_never_does(dog):
    """A gallop has moments with no foot down; a walk always has two or more."""
    gallop, walk = going(dog, "gallop"), going(dog, "walk")
    phases = np.linspace(0, 1, 100, endpoint=False)
    down = [[sum(one.down(leg, p) for leg in range(4)) for p in phases] for one in (gallop, walk)]
    assert min(down[0]) == 0
    assert min(down[1]) >= 2


@pytest.mark.parametrize("name", MOVING)
def test_a_foot_on_the_ground_does_not_slide(dog, name):
    """In the middle of its stance a sole moves back under the body as fast as the body moves on."""
    one = going(dog, name)
    gait = one.gait
    for leg, track in enumerate(one.tracks):
        early, late = (gait.offsets[leg] + gait.duty * u for u in (0.3, 0.7))
        back_m = track.at(early)[0] - track.at(late)[0]
        travelled_m = gait.speed_m_s * (late - early) / gait.stride_hz
        assert back_m == pytest.approx(travelled_m, rel=0.12)


def test_touch_downs_come_in_order_and_are_all_told(dog):
    """Four touch-downs a stride, in order of time, each where its foot begins to be down."""
    one = going(dog, "gallop")
    found = one.contacts(-1.0, 3.0)
    assert len(found) == 16
    assert [p for p, _ in found] == sorted(p for p, _ in found)
    for phase, leg in found:
        assert one.down(leg, phase + 1e-6)
        assert not one.down(leg, phase - 1e-3)
    assert {leg for _, leg in found} == set(range(len(LEGS)))


def test_who_stands_has_no_touch_downs(dog):
    """Standing kicks nothing up."""
    assert going(dog, "stand").contacts(0.0, 10.0) == []


@pytest.mark.parametrize(
    ("action", "moving", "name"),
    [("run", True, "gallop"), ("walk", True, "walk"), ("walk", False, "stand"), (None, False, "stand"),
     ("sit", False, "sit"), ("somersault", True, "trot"), ("somersault", False, "stand")],
)  # fmt: skip
def test_an_action_finds_its_gait(action, moving, name):
    """Known actions have a gait; an unknown one trots or stands; nobody gallops on the spot."""
    assert gait_for(action, moving=moving).name == name


def test_legs_keep_their_length(dog):
    """Bones are turned, never stretched: the distance of two joints is the same at all times."""
    one = going(dog, "gallop")
    skeleton = dog.body.skeleton
    for leg in dog.legs:
        for above, below in pairwise(leg.bones):
            a, b = skeleton.index(above), skeleton.index(below)
            rest = math.dist(skeleton.joints[a], skeleton.joints[b])
            for k in range(12):
                placed = matrices(skeleton, one.pose(k / 12), np.eye(4))
                ends = [placed[i] @ np.append(skeleton.joints[i], 1) for i in (a, b)]
                assert math.dist(*ends) == pytest.approx(rest, abs=1e-4)
