"""Which layers a shot hears, and how the bed joins them at the cuts."""

import itertools
import tomllib
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from soundstage.film import Weather
from soundstage.sound.ambience import lay_bed, shot_bounds
from soundstage.sound.hearing import ambience_table, hear
from soundstage.sound.layers import BUILDERS

RATE_HZ = 48_000


def names(hearing):
    return {h.layer for h in hearing.layers}


def test_table_names_only_what_exists():
    """Every alias, blend, place, weather and kin of the table ends at a layer, every layer at a builder."""
    table = ambience_table()
    known = {*table["layers"], *table["blends"], "silence"}
    assert {e["builder"] for e in table["layers"].values()} <= set(BUILDERS)
    assert set(table["aliases"].values()) <= known
    assert {n for b in table["blends"].values() for n in b} <= set(table["layers"])
    assert {n for p in table["places"].values() for n in (*p["day"], *p["night"])} <= known
    assert {n for p in table["places"].values() for n in p.get("hears", {}).values()} <= known
    assert {n for row in table["weather"].values() for n in row} <= known
    assert {n for row in table["kin"].values() for n in row} <= set(table["layers"])


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"place": "forest", "time_of_day": "night"}, {"crickets", "leaves", "owl", "night_air"}),
        ({"place": "forest", "time_of_day": "morning"}, {"birds", "leaves"}),
        ({"place": "beach", "ambience": ("surf", "wind")}, {"surf", "soft_wind"}),
        ({"place": "open"}, {"soft_wind"}),
        ({"place": "no such place"}, {"soft_wind"}),
        ({"place": "room"}, {"room_tone"}),
        ({"place": "desert", "weather": "storm"}, {"wind_strong", "rain_heavy", "thunder"}),
        ({"place": "open", "weather": "rain", "ambience": ("heavy rain",)}, {"rain"}),
        ({"ambience": ("waves crashing",)}, {"surf"}),
        ({"ambience": ("虫鸣",)}, {"crickets"}),
    ],
)
def test_shot_hears_its_place_and_weather(films, fields, expected):
    """Named ambience first, else the place's own by day or night; weather always; the strongest of a kind."""
    film = films.film(5, films.shot(0, 0, 5, **fields))
    assert names(hear(film.shots[0], film)) == expected


def test_sparse_layers_get_air(films):
    """Birds alone would leave holes: some air is added."""
    film = films.film(5, films.shot(0, 0, 5, ambience=("birds",)))
    assert names(hear(film.shots[0], film)) == {"birds", "soft_wind"}


def test_indoors_the_weather_comes_through_the_wall(films):
    """In a room rain is muffled and taps the panes; the air of the room is there as it is."""
    film = films.film(5, films.shot(0, 0, 5, place="room", weather="rain"))
    assert {h.layer: h.muffled for h in hear(film.shots[0], film).layers} == {
        "rain": True,
        "rain_on_glass": False,
        "room_tone": False,
    }


def test_unknown_ambience_is_replaced_and_said(films):
    """A near name stands in, no name at all gives the air of the place; both leave a note."""
    film = films.film(5, films.shot(0, 0, 5, ambience=("cricketz", "zzzq")))
    heard = hear(film.shots[0], film)
    assert names(heard) == {"crickets"}
    assert len(heard.notes) == 2
    nothing = films.film(5, films.shot(0, 0, 5, ambience=("zzzq",)))
    assert names(hear(nothing.shots[0], nothing)) == {"soft_wind"}


def test_what_is_excluded_is_not_heard(films):
    """A layer named among what must not be there is left out at any strength; something still sounds."""
    film = films.film(5, films.shot(0, 0, 5, ambience=("surf", "gulls")), excluded=("no gulls", "blur"))
    assert names(hear(film.shots[0], film)) == {"surf"}
    calm = films.film(5, films.shot(0, 0, 5, ambience=("wind",)), excluded=("wind",))
    assert names(hear(calm.shots[0], calm)) == {"room_tone"}


def test_silence_is_kept_when_asked(films):
    """Silence as an ambience, or "no sound" among the exclusions, gives an empty bed."""
    for word in ("silence", "silent"):
        shot = films.shot(0, 0, 5, place="beach", ambience=(word,))
        assert not hear(shot, films.film(5, shot)).layers
    beach = films.shot(0, 0, 5, place="beach")
    assert not hear(beach, films.film(5, beach, excluded=("no sound",))).layers


def test_close_shots_hear_less_of_the_bed(films):
    """The bed of a close-up is quieter than that of a wide shot."""
    near, far = (films.shot(0, 0, 5, place="beach", framing=f) for f in ("close_up", "wide"))
    assert (
        hear(near, films.film(5, near)).layers[0].level_db < hear(far, films.film(5, far)).layers[0].level_db
    )


def test_layer_goes_on_over_a_cut(films):
    """Two shots on one beach have the samples of one shot; another seed has others."""
    one = films.film(4, films.shot(0, 0, 4, place="beach"))
    cut = films.film(4, films.shot(0, 0, 2, place="beach"), films.shot(1, 2, 2, place="beach"))
    frames = 4 * RATE_HZ
    assert np.allclose(lay_bed(one, frames).sound, lay_bed(cut, frames).sound, atol=1e-6)
    other = films.film(4, *one.shots, seed=8)
    assert not np.allclose(lay_bed(one, frames).sound, lay_bed(other, frames).sound, atol=1e-3)


def test_cut_between_places_is_joined_without_hole_or_click(films):
    """At a cut from rain to a city the level neither drops by 6 dB nor jumps within a frame."""
    film = films.film(4, films.shot(0, 0, 2, ambience=("rain",)), films.shot(1, 2, 2, ambience=("stream",)))
    bed = lay_bed(film, 4 * RATE_HZ).sound
    level = np.sqrt(np.mean(np.square(bed[0].reshape(-1, RATE_HZ // 50)), axis=1))
    around = level[95:105]
    assert around.min() > 0.5 * min(np.median(level[:90]), np.median(level[110:]))
    step = np.abs(np.diff(bed[0]))
    cut = 2 * RATE_HZ
    assert step[cut - 4_000 : cut + 4_000].max() <= 1.5 * step.max()
    assert np.median(step[cut - 200 : cut + 200]) < 3.0 * np.median(step)


def test_each_shot_sounds_like_itself(films, ears):
    """Surf is gone once the shot is a night meadow, and the crickets were not there before."""
    film = films.film(
        6,
        films.shot(0, 0, 3, place="beach", ambience=("surf",)),
        films.shot(1, 3, 3, place="meadow", time_of_day="night"),
    )
    bed = lay_bed(film, 6 * RATE_HZ).sound
    sea, meadow = bed[:, : 3 * RATE_HZ - 4_000], bed[:, 3 * RATE_HZ + 4_000 :]
    assert ears.band_db(sea, 60, 400) > ears.band_db(meadow, 60, 400) + 15.0
    assert ears.band_db(meadow, 4_100, 5_100) > ears.band_db(sea, 4_100, 5_100) + 6.0


def test_shots_with_odd_times_still_cover_the_film(films):
    """Bounds follow each other without gap, start at the first frame and end with the last."""
    film = films.film(3, films.shot(0, 0.1, 1), films.shot(1, 1.2, 0.5), films.shot(2, 9.0, 1))
    assert shot_bounds(film, 3 * RATE_HZ) == [(0, 57_600), (57_600, 144_000), (144_000, 144_000)]
    assert lay_bed(film, 3 * RATE_HZ).sound.shape == (2, 144_000)


def test_every_place_sounds_in_every_weather(films):
    """All places the planner knows have a sound, day and night, in all weathers, without a note."""
    planned = Path(__file__).parents[2] / "src/soundstage/plan/data/places.toml"
    places = set(tomllib.loads(planned.read_text("utf-8")))
    assert places == set(ambience_table()["places"])
    layers = ambience_table()["layers"]
    for place, weather, hour in itertools.product(sorted(places), get_args(Weather), ("noon", "night")):
        film = films.film(3, films.shot(0, 0, 3, place=place, weather=weather, time_of_day=hour))
        heard = hear(film.shots[0], film)
        assert heard.notes == (), (place, weather)
        assert any(layers[h.layer].get("continuous", True) for h in heard.layers), (place, weather)
