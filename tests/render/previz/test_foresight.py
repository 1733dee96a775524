"""What a shot will show: told before anything is drawn, and true of what is drawn."""

import math
from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import NOTHING_SEEN, Subject
from soundstage.render.engine import Workplace
from soundstage.render.previz.engine import PrevizEngine
from soundstage.render.previz.staging import stage_shot

WALKER = Subject(id="shot-1.woman", noun="woman", kind="woman", action="walk")
DOG = Subject(id="shot-1.dog", noun="dog", kind="dog", action="run")


@pytest.fixture
def engine(tmp_path):
    return PrevizEngine(Workplace(cache_dir=tmp_path, workers=1))


def acted(shot_of, subject, **rest):
    return replace(shot_of(framing="wide", place="open", **rest), subjects=(subject,))


def actors_of(shot, brief):
    return [actor for layer in stage_shot(shot, brief).layers for actor in getattr(layer, "actors", ())]


def test_person_lands_when_told(engine, shot_of, brief_of):
    """At each footfall of a walker the foot that is told is at its touch-down in the drawn pose."""
    shot = acted(shot_of, WALKER)
    falls = engine.foresee(shot, brief_of(frame_count=48)).footfalls
    (actor,) = actors_of(shot, brief_of(frame_count=48))
    acting = actor.acts[0][1]
    assert len(falls) >= 2
    for fall in falls:
        assert (fall.subject, fall.gait, fall.feet) == ("shot-1.woman", "walk", 2)
        phase = acting.phase + acting.stride.hertz * fall.time_s + 0.5 * fall.foot
        assert abs(phase - round(phase)) < 1e-3
        assert abs(fall.across) < 1.0
    gaps = np.diff([fall.time_s for fall in falls])
    assert gaps == pytest.approx(0.5 / acting.stride.hertz, abs=1e-3)


def test_animal_lands_when_told(engine, shot_of, brief_of):
    """The paws of a running dog land as its gait has them, four to a stride."""
    shot = acted(shot_of, DOG)
    falls = engine.foresee(shot, brief_of(frame_count=48)).footfalls
    (actor,) = actors_of(shot, brief_of(frame_count=48))
    told = [(phase - actor.phase) / actor.going.gait.stride_hz for phase, _ in
            actor.going.contacts(actor.stride(0.0), actor.stride(2.0))]  # fmt: skip
    assert [fall.time_s for fall in falls] == pytest.approx(told, abs=1e-3)
    assert {fall.foot for fall in falls} == {0, 1, 2, 3}


def test_pace_of_the_film_counts(engine, shot_of, brief_of):
    """Slow motion spreads footfalls, a frozen shot has none, and who stands has none."""

    def gap(**rest):
        shot = acted(shot_of, WALKER, **rest)
        times = [fall.time_s for fall in engine.foresee(shot, brief_of(frame_count=96)).footfalls]
        return times[1] - times[0] if len(times) > 1 else math.inf

    assert gap(pace="slow_motion") == pytest.approx(gap() / 0.4, rel=1e-2)
    assert gap(pace="freeze") == math.inf
    stands = Subject(id="shot-1.man", noun="man", kind="man", action="stand")
    assert engine.foresee(acted(shot_of, stands), brief_of()) == NOTHING_SEEN


def test_lightning_is_told_as_it_is_drawn(engine, shot_of, brief_of):
    """The flashes of a storm are those of its layer; a clear day and a room have none."""
    brief = brief_of(frame_count=120)
    storm = replace(shot_of(place="open", weather="storm"), seconds=5.0)
    (drawn,) = (layer.flashes for layer in stage_shot(storm, brief).layers if hasattr(layer, "flashes"))
    told = engine.foresee(storm, brief).flashes
    assert [(flash.time_s, flash.strength) for flash in told] == [
        (pytest.approx(float(t), abs=1e-3), pytest.approx(float(s), abs=1e-3)) for t, s in drawn
    ]
    assert told
    assert engine.foresee(replace(storm, weather="clear"), brief).flashes == ()
    assert engine.foresee(replace(storm, place="room"), brief).flashes == ()
