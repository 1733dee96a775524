"""Solids: every model of the tables stands, and what was said of a thing is seen."""

from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import Subject
from soundstage.render.previz.repertoire import read_kinds
from soundstage.render.previz.subjects.solid_build import build_model, choose_model, read_models

SOLID = "soundstage.render.previz.subjects.solid:build"


@pytest.mark.parametrize("name", sorted(read_models()))
def test_model_is_whole(name):
    """A model is finite, lit outward, and light enough to draw."""
    model = build_model(name)
    assert np.isfinite(model.points).all()
    assert np.allclose(np.linalg.norm(model.normals, axis=1), 1, atol=1e-3)
    assert 0 < len(model.triangles) < 80_000
    a, b, c = (model.points[model.triangles[:, k]].astype(float) for k in range(3))
    way = (np.cross(b - a, c - a) * model.normals[model.triangles].sum(axis=1)).sum(axis=1)
    assert (way > 0).mean() > 0.97


def test_every_kind_of_solid_has_a_model():
    """A kind that the table gives to the solids has a model of its name."""
    kinds = [name for name, kind in read_kinds().items() if kind.builder == SOLID]
    assert kinds
    assert set(kinds) <= set(read_models())


def test_words_choose_the_model():
    """A taxi is not a sedan, and a pirate ship has sails."""
    assert choose_model("car", "taxi", ()) == "taxi"
    assert choose_model("car", "car", ("vintage",)) == "vintage_car"
    assert choose_model("ship", "pirate ship", ()) == "sailing_ship"
    assert choose_model("car", "automobile", ()) == "car"


def test_colour_that_was_said_is_seen(draw, shot_of, brief_of):
    """A red car is redder than a blue one."""
    frames = {}
    for colour in ("red", "blue"):
        shot = shot_of(place="open", framing="medium", time_of_day="noon", fireflies=False)
        subject = Subject(noun="car", kind="car", attributes=(colour,))
        frames[colour] = draw(replace(shot, subjects=(subject,)), brief=brief_of(size=(160, 90))).bgr
    middle = slice(30, 70), slice(40, 120)
    warm = {k: f[middle][..., 2].mean() - f[middle][..., 0].mean() for k, f in frames.items()}
    assert warm["red"] > warm["blue"] + 15


def test_repeats_are_identical(draw, shot_of, brief_of):
    """The same shot twice is the same picture, lamps and wheels included."""
    shot = shot_of(place="open", framing="medium", time_of_day="night", fireflies=False)
    shot = replace(shot, subjects=(Subject(noun="car", kind="car", action="drive"),))
    first, second = (draw(shot, 5, brief=brief_of()).video for _ in range(2))
    assert np.array_equal(first, second)
