"""Steps: heard when feet are seen to land, by the gait that is seen, from where they are."""

from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import Effect, Footfall, Seconds, Subject
from soundstage.sound.effects import place_effects
from soundstage.sound.feet import find_landings

RATE_HZ = 48_000


def walking(films, noun="woman", effect="footsteps", said=""):
    subject = Subject(id="shot-1.one", noun=noun)
    steps = Effect(name=effect, said=said, start=Seconds(1.0), end=Seconds(3.5), implied=not said)
    return films.film(4, films.shot(0, 0, 4, place="city_street", subjects=(subject,), effects=(steps,)))


def falls(times, *, gait="walk", feet=2, across=0.0, subject="shot-1.one"):
    return tuple(
        Footfall(time_s=Seconds(t), subject=subject, gait=gait, foot=k % feet, feet=feet, across=across)
        for k, t in enumerate(times)
    )


def onsets(sound, quiet=0.15):
    """Return when the sound rises out of quiet, in seconds."""
    level = np.abs(sound).max(axis=0)
    level = level[: level.size // 240 * 240].reshape(-1, 240).max(axis=1)
    loud = level > quiet * level.max()
    return [
        k * 0.005 for k in np.flatnonzero(loud[1:] & ~loud[:-1]) + 1 if not loud[max(k - 30, 0) : k].any()
    ]


def test_steps_are_heard_when_feet_land(films):
    """Uneven landings are heard at their own times, within half a frame."""
    times = (1.2, 1.71, 2.3, 2.75, 3.31)
    heard = onsets(place_effects(walking(films), 4 * RATE_HZ, falls(times)).sound)
    assert heard == pytest.approx(times, abs=0.02)


def test_only_feet_of_the_shot_and_slot_count(films):
    """Feet of others, and before or after the effect, are not its steps; without any it goes on evenly."""
    film = walking(films)
    (shot,), (effect,) = film.shots, film.shots[0].effects
    seen = (*falls((0.5, 1.5, 3.8)), *falls((2.0,), subject="shot-2.two"))
    assert find_landings("footsteps", effect, shot, seen).times_s == (0.5,)
    assert find_landings("footsteps", effect, shot, falls((0.5,))) is None
    assert len(onsets(place_effects(film, 4 * RATE_HZ).sound)) >= 4


def test_step_is_heard_from_where_it_is(films):
    """A step at the right edge is louder on the right; one in the middle is the same on both sides."""
    right, middle = (
        place_effects(walking(films), 4 * RATE_HZ, falls((1.5, 2.0, 2.5), across=a)).sound for a in (1.0, 0.0)
    )
    balance = [20.0 * np.log10(np.std(s[1]) / np.std(s[0])) for s in (right, middle)]
    assert balance[0] > 5.0
    assert abs(balance[1]) < 1.5


def test_gait_that_is_seen_is_heard(films):
    """Who runs treads harder than who walks, unless the prompt said how; paws and hooves go by their feet."""
    film = walking(films)
    (shot,), (effect,) = film.shots, film.shots[0].effects
    assert find_landings("footsteps", effect, shot, falls((1.5,), gait="run")).words == "run"
    tiptoe = replace(effect, said="she tiptoes: tiptoe steps")
    assert find_landings("footsteps", tiptoe, shot, falls((1.5,), gait="run")).words == ""
    assert find_landings("footsteps", effect, shot, falls((1.5,), gait="trot", feet=4)).words == "trot paws"
    both = (*falls((1.5,), feet=4), *falls((1.7,)))
    assert find_landings("hoofbeats", effect, shot, both).times_s == (0.5,)
    assert find_landings("footsteps", effect, shot, both).times_s == (pytest.approx(0.7),)
