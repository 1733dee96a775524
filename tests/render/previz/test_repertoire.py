"""The tables name builders that exist, and everything they name can be drawn."""

from importlib import import_module

import numpy as np
import pytest

from soundstage.film import Subject
from soundstage.render.previz.repertoire import (
    LETTERS,
    OPEN,
    kind_of,
    players,
    read_extras,
    read_kinds,
    read_places,
    read_shown,
    stand_ins,
    travel_of,
)

BUILDERS = {
    **{f"place {k}": v for k, v in read_places().items()},
    **{f"extra {k}": v for k, v in read_extras().items()},
    **{f"kind {k}": v.builder for k, v in read_kinds().items()},
}


@pytest.mark.parametrize("name", BUILDERS)
def test_every_builder_loads(name):
    """Each line of the tables names a function that is there."""
    module, _, function = BUILDERS[name].partition(":")
    assert callable(getattr(import_module(module), function))


def test_the_stand_ins_are_there():
    """An unknown place and an unknown kind have somebody to stand in."""
    assert OPEN in read_places()
    assert LETTERS in read_kinds()
    assert kind_of(Subject(noun="unicorn", kind="unicorn")).name == LETTERS
    assert kind_of(Subject(noun="fireflies", kind="firefly")).name == "firefly"


@pytest.mark.parametrize("place", read_places())
@pytest.mark.parametrize("time", ["noon", "sunset", "night"])
def test_every_place_has_a_picture_at_every_time(shot_of, draw, place, time):
    """No place is black, flat or broken at any time of day."""
    frame = draw(shot_of(place=place, time_of_day=time, framing="wide", lens=(35.0, 4.0), fireflies=False))
    assert np.isfinite(frame.light).all()
    assert 20 < frame.luma.mean() < 225
    assert frame.luma.std() > 4


def test_lead_travels_by_its_action_manner_and_heading(shot_of):
    """Speed comes from the kind's table by action; heading turns it; slowly slows it; others stay."""
    runner = next(k for k in read_kinds().values() if "run" in k.speed_m_s)

    def going(**rest):
        from dataclasses import replace

        return travel_of(replace(shot_of(), subjects=(Subject(noun="x", kind=runner.name, **rest),)))

    right, left, slow = (
        going(action="run"),
        going(action="run", heading="left"),
        going(action="run", manner=("slowly",)),
    )
    assert right == (runner.speed_m_s["run"], 0, 0)
    assert left[0] == -right[0]
    assert 0 < slow[0] < right[0]
    assert going(action="sleep") == (0, 0, 0)


def test_what_a_set_shows_is_not_put_on_it_again(shot_of):
    """Waves on a beach are the beach's own: no letters, no word of a stand-in; elsewhere they stand in."""
    from dataclasses import replace

    waves = Subject(noun="waves", kind="wave", count=3)
    dog = Subject(noun="dog", kind="dog")
    beach = replace(shot_of(place="beach"), subjects=(waves, dog))
    assert players(beach) == (dog,)
    assert stand_ins(beach) == ()
    assert [s.noun for s in players(replace(beach, place="open"))] == ["waves", "dog"]
    assert any("waves" in sentence for sentence in stand_ins(replace(beach, place="open")))
    assert set(read_shown()) <= set(read_places())
