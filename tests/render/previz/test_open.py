"""The open place, looked at as pictures: whatever is asked, it must look meant."""

import time
from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import Span
from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.frame import moment_of
from soundstage.render.previz.places import open as open_place
from soundstage.render.previz.staging import stage_context

WIDE = {"framing": "wide", "lens": (35.0, 4.0), "fireflies": False}
EVERY = sorted(open_place.read_open()["place"])


@pytest.mark.parametrize("place", EVERY)
@pytest.mark.parametrize("hour", ["noon", "sunset", "night"])
def test_every_line_of_the_table_is_a_picture(shot_of, draw, place, hour):
    """Each place gives finite light with tones apart, by day, at dusk and by night."""
    frame = draw(shot_of(**WIDE, place=place, time_of_day=hour), 5)
    assert np.isfinite(frame.light).all()
    assert frame.light.min() >= 0
    assert 16 < frame.luma.mean() < 215
    assert np.percentile(frame.luma, 98) - np.percentile(frame.luma, 2) > 9


def test_an_unknown_place_is_the_open_one(shot_of, draw):
    """A place nobody wrote a line for looks like "open"."""
    known, unknown = (draw(shot_of(**WIDE, place=p, time_of_day="noon")) for p in ("open", "candy_planet"))
    np.testing.assert_array_equal(known.video, unknown.video)


def test_studio_word_brings_a_studio_anywhere(shot_of, draw):
    """Light "studio" makes a studio of any place that nobody said, and of none that somebody did."""
    lit = shot_of(**WIDE, place="mountains", time_of_day="noon", light=("studio",))
    frame = draw(lit)
    said = draw(replace(lit, sources={"place": (Span(start=0, end=3),)}))
    assert (said.video != frame.video).mean() > 0.5
    room = draw(shot_of(**WIDE, place="studio", time_of_day="noon"))
    np.testing.assert_array_equal(frame.video, room.video)


def test_palette_colours_a_studio(shot_of, brief_of, draw):
    """A colour of the palette is a coloured light in a room."""
    shot = shot_of(**WIDE, place="studio", time_of_day="noon")
    plain, blue = (draw(shot, brief=replace(brief_of(), palette=p)).bgr.astype(int) for p in ((), ("blue",)))
    assert (blue[..., 0] - blue[..., 2]).mean() > (plain[..., 0] - plain[..., 2]).mean() + 15


def test_towers_are_lit_after_dark_only(shot_of, brief_of):
    """A city has windows by night and none at noon, and more of them than a mountain."""

    def lights(place, hour):
        context = stage_context(shot_of(**WIDE, place=place, time_of_day=hour), brief_of())
        ridges = [r for r in open_place.build(context).layers if type(r).__name__ == "Ridge"]
        return sum(len(r.lights) for r in ridges)

    assert lights("city_street", "night") > 500
    assert lights("city_street", "noon") == 0
    assert lights("mountains", "night") == 0


def test_peaks_stand_over_hills(shot_of, brief_of):
    """Mountains reach higher into the picture than the open place's hills."""

    def top_row(place):
        context = stage_context(shot_of(**WIDE, place=place, time_of_day="noon"), brief_of(size=(160, 90)))
        canvas = Canvas(160, 90)
        canvas.clear((9.0, 9.0, 9.0))
        for layer in open_place.build(context).layers:
            if type(layer).__name__ == "Ridge":
                layer.draw(canvas, context.start, moment_of(0, frame_count=25, fps=24))
        return int(np.flatnonzero((canvas.planes[0] < 8.9).any(axis=1)).min())

    assert top_row("mountains") + 6 < top_row("open")


@pytest.mark.parametrize("size", [(128, 72), (72, 128), (96, 96)])
@pytest.mark.parametrize("place", ["open", "kitchen", "city_street", "lake"])
def test_open_serves_every_aspect(shot_of, brief_of, draw, size, place):
    """Wide, tall and square frames are painted to the last pixel, under a moving camera."""
    shot = shot_of(**WIDE, place=place, time_of_day="afternoon", move="crane")
    frame = draw(shot, 24, brief=brief_of(size=size))
    assert np.isfinite(frame.light).all()
    assert frame.light.sum(axis=0).min() > 0.004


def test_water_mirrors_and_grass_does_not(shot_of, brief_of):
    """Subjects on a lake are told of a mirror, subjects in a meadow of none."""

    def wetness(place):
        return open_place.build(stage_context(shot_of(**WIDE, place=place), brief_of())).ground.wetness

    assert wetness("lake") > 0.5
    assert wetness("meadow") < 0.15


@pytest.mark.budget
@pytest.mark.parametrize("place", ["open", "city_street", "studio"])
def test_open_keeps_its_budget(shot_of, brief_of, place):
    """A 1080p frame of the place alone stays under three times the 40 cpu-ms it may take."""
    context = stage_context(shot_of(**WIDE, place=place, time_of_day="twilight"), brief_of(size=(1920, 1080)))
    layers = open_place.build(context).layers
    full, back = Canvas(1920, 1080), Canvas(960, 540, scale=0.5)
    spent = []
    for index in range(4):
        start = time.process_time()
        for layer in layers:
            view = context.start.scaled(0.5) if layer.focus == "back" else context.start
            moment = moment_of(index, frame_count=25, fps=24)
            layer.draw(back if layer.focus == "back" else full, view, moment)
        spent.append(time.process_time() - start)
    assert min(spent[1:]) < 0.120
