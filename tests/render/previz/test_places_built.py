"""Places that people built: roofs, roads, halls, stations, temples, lanes, studios, rooms; as pictures."""

import time
from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import Subject
from soundstage.render.previz.canvas import CanvasSet
from soundstage.render.previz.frame import moment_of
from soundstage.render.previz.repertoire import read_places
from soundstage.render.previz.staging import stage_shot

BUILT = (
    "rooftop", "highway", "bridge", "train_station", "old_town", "castle_hall", "temple", "office", "studio"
)  # fmt: skip
#: A prompt's own words for a place: the set they ask for must look unlike the place's first.
SAID = (
    ("highway", "a desert highway"), ("bridge", "a rope bridge"), ("train_station", "the subway"),
    ("castle_hall", "a cathedral"), ("temple", "a greek temple"), ("studio", "a concert stage"),
    ("office", "a classroom"), ("room", "a cozy bedroom"), ("cafe", "a supermarket"),
)  # fmt: skip
WIDE = {"framing": "wide", "lens": (35.0, 4.0), "fireflies": False}


def light_of(draw, shot, brief):
    return draw(shot, brief=brief).light


@pytest.mark.parametrize("place", BUILT)
def test_place_has_a_builder_and_answers_to_the_hour(shot_of, draw, brief_of, place):
    """No built place falls back to the open one; its night is not its day, and neither is flat."""
    assert place in read_places()
    noon, night = (
        light_of(draw, shot_of(place=place, time_of_day=hour, **WIDE), brief_of(size=(96, 54)))
        for hour in ("noon", "night")
    )
    for light in (noon, night):
        assert np.isfinite(light).all()
        assert light.std() > 0.1 * light.mean()
    if place != "studio":  # its lamps are its own
        assert np.abs(noon - night).mean() > 0.1 * noon.mean()


@pytest.mark.parametrize(("place", "setting"), SAID)
def test_words_of_the_prompt_choose_the_set(shot_of, draw, brief_of, place, setting):
    """What the prompt calls a place decides which of its sets is built."""
    plain, said = (
        light_of(draw, shot_of(place=place, setting=words, **WIDE), brief_of(size=(96, 54)))
        for words in ("", setting)
    )
    assert np.abs(plain - said).mean() > 0.12 * plain.mean()


@pytest.mark.parametrize("place", ["highway", "old_town", "castle_hall", "studio"])
def test_set_goes_on_with_a_lead_that_runs_across(shot_of, brief_of, place, draw):
    """A set does not end: at the end of a run there is still one behind the runner."""
    runner = Subject(noun="fox", kind="dog", action="run", heading="right")
    shot = replace(shot_of(place=place, **WIDE), subjects=(runner,))
    shots = draw(shot, 0, 24, brief=brief_of(size=(96, 54)))
    first, last = (drawn.light.mean() for drawn in shots)
    assert 0.4 < last / first < 2.5


@pytest.mark.parametrize(
    ("place", "size"), [("rooftop", (54, 96)), ("temple", (72, 72)), ("office", (54, 96))]
)
def test_every_aspect_shows_the_set(shot_of, draw, brief_of, place, size):
    """Tall and square frames have depth too: no third of them is one flat tone."""
    light = light_of(draw, shot_of(place=place, **WIDE), brief_of(size=size))
    thirds = np.array_split(light.mean(0), 3, axis=0)
    assert all(third.std() > 0.02 * third.mean() for third in thirds)


def test_rain_makes_a_roof_mirror(shot_of, brief_of):
    """In the rain a roof's floor becomes a layer of its own that mirrors; dry there is none."""
    names = [
        {
            type(layer).__name__
            for layer in stage_shot(shot_of(place="rooftop", weather=w, **WIDE), brief_of()).layers
        }
        for w in ("clear", "rain")
    ]
    assert "Slab" not in names[0]
    assert "Slab" in names[1]


def test_train_comes_to_rest(shot_of, draw, brief_of):
    """The train that comes in stands still before the shot is over."""
    shot = shot_of(place="train_station", time_of_day="noon", **WIDE)
    early, late, end = (f.light for f in draw(shot, 2, 22, 24, brief=brief_of(size=(96, 54))))
    assert np.abs(early - end).mean() > 4 * np.abs(late - end).mean()


def test_close_up_softens_the_background(shot_of, draw, brief_of):
    """Behind a close-up the set is out of focus: fewer sharp edges than in a wide frame."""

    def edges(**rest):
        light = light_of(
            draw, shot_of(place="castle_hall", fireflies=False, **rest), brief_of(size=(160, 90))
        ).mean(0)
        return np.abs(np.diff(light, axis=1)).mean() / light.mean()

    assert edges(framing="close_up", lens=(85.0, 1.8)) < edges(framing="wide", lens=(35.0, 8.0))


@pytest.mark.budget
@pytest.mark.parametrize("place", ["rooftop", "castle_hall", "old_town", "train_station"])
def test_set_stays_in_its_budget(shot_of, brief_of, place):
    """A set costs no more than 60 cpu-ms a 1080p frame; twice that is allowed for a noisy machine."""
    brief = brief_of(size=(1920, 1080))
    scene = stage_shot(shot_of(place=place, **WIDE), brief)
    desk = CanvasSet.make(1920, 1080)
    best = 1e9
    for index in (0, 8, 16):
        moment = moment_of(index, frame_count=25, fps=24)
        view = scene.camera.view(moment.progress, moment.t_s)
        start = time.process_time()
        for layer in scene.layers:
            back = layer.focus == "back"
            layer.draw(desk.back if back else desk.full, view.scaled(0.5) if back else view, moment)
        best = min(best, time.process_time() - start)
    assert best < 0.120, f"{place}: {best * 1000:.0f} cpu-ms"
