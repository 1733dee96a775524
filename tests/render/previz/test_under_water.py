"""Places under water and under ground: light from above is lost with depth, a cave opens to the day."""

from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import Subject
from soundstage.render.previz.light import light_shot
from soundstage.render.previz.staging import stage_shot

WIDE = {"framing": "wide", "lens": (35.0, 4.0), "fireflies": False}
BRIEF = {"size": (256, 144)}


@pytest.mark.parametrize("place", ["reef", "deep_sea", "cave"])
def test_they_are_drawn_in_every_aspect_and_the_same_twice(shot_of, brief_of, draw, place):
    """Rule: finite, repeatable, with tones apart, whatever the frame."""
    for size, framing in (((160, 90), "aerial"), ((90, 160), "medium")):
        shot = shot_of(**(WIDE | {"framing": framing}), place=place, time_of_day="noon")
        first, second = draw(shot, 12, 12, brief=brief_of(size=size))
        assert np.isfinite(first.light).all()
        assert np.array_equal(first.video, second.video)
        assert np.percentile(first.luma, 99) - np.percentile(first.luma, 2) > 12


def test_a_reef_is_blue_and_bright_above_and_the_deep_sea_nearly_black(shot_of, brief_of, draw):
    """Rule: water takes the red away; light comes from over the frame; the deep has hardly any."""
    reef, deep = (
        draw(shot_of(**WIDE, place=place, time_of_day="noon"), 5, brief=brief_of(**BRIEF))
        for place in ("reef", "deep_sea")
    )
    top = reef.bgr[:40].astype(float).mean(axis=(0, 1))
    assert top[0] > 1.4 * top[2]
    assert deep.luma.mean() < 0.55 * reef.luma.mean()


def test_the_colour_script_lights_the_cast_under_water(shot_of):
    """Rule: whoever swims gets the water's light, so that nobody is lit as if in air."""
    reef, air = (light_shot(shot_of(**WIDE, place=place, time_of_day="noon")) for place in ("reef", "open"))
    assert reef.ambient_up[0] / reef.ambient_up[2] < air.ambient_up[0] / air.ambient_up[2]
    assert reef.rain == reef.stars == 0
    storm = light_shot(shot_of(**WIDE, place="deep_sea", time_of_day="noon", weather="storm"))
    assert storm.lightning == 0


def test_light_plays_on_the_seabed(shot_of, brief_of, draw):
    """Rule: the net of light on the sand moves from frame to frame."""
    one, two = draw(shot_of(**WIDE, place="reef", time_of_day="noon"), 0, 10, brief=brief_of(**BRIEF))
    assert np.abs(one.luma - two.luma)[110:].mean() > 1.5


def test_a_cave_is_darker_than_its_mouth(shot_of, brief_of, draw):
    """Rule: by day the opening is the brightest thing and the corners are the darkest."""
    luma = draw(shot_of(**WIDE, place="cave", time_of_day="noon"), 5, brief=brief_of(**BRIEF)).luma
    assert luma[40:80, 105:150].max() > 4 * luma[:40, :40].mean()


def test_a_crystal_cave_has_lamps_of_its_own(shot_of, brief_of):
    """Rule: a word of the prompt changes the rock; crystals shine on what is near."""
    plain = shot_of(**WIDE, place="cave", time_of_day="night")
    names = [
        [type(layer).__name__ for layer in stage_shot(shot, brief_of()).layers]
        for shot in (plain, replace(plain, text="a crystal cave"))
    ]
    assert "Crystals" not in names[0]
    assert "Crystals" in names[1]


def test_a_walk_through_a_cave_does_not_end_in_the_rock(shot_of, brief_of, draw):
    """Rule: the camera that goes along with a lead keeps seeing out."""
    walker = Subject(noun="man", kind="man", action="walk")
    shot = replace(shot_of(**WIDE, place="cave", time_of_day="noon"), subjects=(walker,))
    _, last = draw(shot, 0, 100, brief=brief_of(frame_count=101, **BRIEF))
    assert last.luma.max() > 150
