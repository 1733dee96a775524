"""The colour script: whole, ordered, and deaf to words it does not know."""

from dataclasses import replace
from itertools import product
from typing import get_args

import numpy as np
import pytest

from soundstage.film import TimeOfDay, Weather
from soundstage.render.previz.light import light_shot, read_script


@pytest.mark.parametrize(("time", "weather"), list(product(get_args(TimeOfDay), get_args(Weather))))
def test_every_time_and_weather_has_a_light(shot_of, time, weather):
    """Each time of day in each weather gives a light of sane numbers."""
    light = light_shot(shot_of(time_of_day=time, weather=weather))
    for name in ("sky_zenith", "sky_horizon", "sky_glow", "sun_colour", "ambient_up", "fog_colour"):
        colour = getattr(light, name)
        assert len(colour) == 3
        assert all(0 <= v < 10 for v in colour), (name, colour)
    for name in ("stars", "clouds", "wind", "rain", "snow", "white", "wet", "dust", "sun_disc"):
        assert 0 <= getattr(light, name) <= 1, name
    assert np.linalg.norm(light.sun_direction) == pytest.approx(1, abs=1e-5)
    assert 0 <= light.darkness <= 1
    assert light.fog_density_per_m > 0


def test_night_is_dark_and_its_sun_is_a_moon(shot_of):
    """Darkness grows from noon to night, and the disc at night is the moon's."""
    noon, sunset, twilight, night = (
        light_shot(shot_of(time_of_day=t)) for t in ("noon", "sunset", "twilight", "night")
    )
    assert noon.darkness < sunset.darkness < twilight.darkness < night.darkness
    assert night.is_moon
    assert not noon.is_moon
    assert sunset.sun_elevation_deg < 10 < noon.sun_elevation_deg


def test_weather_brings_what_it_says(shot_of):
    """Rain rains and wets, snow lies, fog thickens, dust blows."""
    told = {w: light_shot(shot_of(weather=w)) for w in get_args(Weather)}
    assert told["rain"].rain > told["drizzle"].rain > 0 == told["clear"].rain
    assert told["rain"].wet > 0.5
    assert told["snow"].snow > 0
    assert told["snow"].white > 0.5
    assert told["fog"].fog_density_per_m > 2 * told["clear"].fog_density_per_m
    assert told["dust"].dust > 0
    assert told["storm"].lightning > 0


def test_unknown_words_change_nothing(shot_of):
    """A word that is not in the script is passed over; one that is, is heard."""
    shot = shot_of()
    plain = light_shot(shot)
    assert light_shot(replace(shot, mood=("flabbergasted",), light=("zzz",)), palette=("octarine",)) == plain
    assert light_shot(replace(shot, mood=("melancholic",))).grade.saturation < plain.grade.saturation
    assert light_shot(shot, style="noir").grade.saturation == 0
    assert light_shot(shot, palette=("blue",)).grade.blue_gain > plain.grade.blue_gain


def test_script_names_only_fields_of_the_light(shot_of):
    """Every change in the script names a field that each time of day has, by a verb that is read."""
    script = read_script()
    known = {"is_moon", "wind", "rain", "snow", "white", "wet", "dust", "lightning", "grain"}
    fields = known | set(script["time"]["noon"])
    for time in get_args(TimeOfDay):
        assert set(script["time"][time]) | known == fields
    for table in ("weather", "light", "mood", "palette", "style"):
        for word, changes in script[table].items():
            for name, change in changes.items():
                assert name in fields, (table, word, name)
                assert set(change) <= {"set", "grey", "toward", "by", "times", "add"}, (table, word, change)


def test_air_hides_what_is_far(shot_of):
    """Through enough air everything is fog; through none it keeps its colour."""
    light = light_shot(shot_of(weather="fog"))
    red = np.array([[1.0, 0, 0], [1.0, 0, 0]])
    near, far = light.in_air(red, np.array([0.0, 1e4]))
    assert near == pytest.approx([1, 0, 0])
    assert far == pytest.approx(light.fog_colour, rel=1e-3)
