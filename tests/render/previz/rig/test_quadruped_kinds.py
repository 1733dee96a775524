"""Hoofed, clawed and trunked animals as rows of the table: markings, grazing, the young."""

import numpy as np
import pytest

from soundstage.render.previz.rig.skeleton import matrices
from soundstage.render.previz.subjects.quadruped_rig import entry_for, gait_for, make_rig


@pytest.mark.parametrize("name", ["horse", "cow", "deer"])
def test_a_grazing_animal_brings_its_mouth_to_the_grass(name):
    """Rule: who eats or drinks has its mouth near the ground."""
    rig = make_rig(name, "", 1.0, 1)
    going = rig.going(gait_for("eat", moving=False))
    placed = matrices(rig.body.skeleton, going.pose(0.2), np.eye(4))
    mouth = placed[rig.body.skeleton.index("head")] @ np.array([*rig.mouth, 1.0])
    assert mouth[1] < 0.25


def test_markings_are_seen():
    """Rule: a zebra is black and white, not grey."""
    lightness = make_rig("zebra", "", 1.0, 1).albedo.mean(axis=1)
    assert (lightness < 0.1).mean() > 0.15
    assert (lightness > 0.5).mean() > 0.15


def test_attributes_and_breeds_find_their_entry():
    """Rule: a breed may be said as a noun or as an attribute; a noun's own row comes before its kind's."""
    assert entry_for("bear", "bear", ("polar",)) == "polar_bear"
    assert entry_for("snow leopard", "tiger") == "snow_leopard"
    assert entry_for("dog", "dog", ("husky",)) == "husky"
    assert entry_for("horse", "horse", ("white",)) == "horse"


def test_a_fawn_has_no_antlers():
    """Rule: the young of horned animals have none yet."""
    young = make_rig("deer", "", 0.55, 1, young=True)
    assert len(young.body.points) < len(make_rig("deer", "", 1.0, 1).body.points)
