"""Effects as the planner names them: each is there at its time, changed by the words it was asked with."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from soundstage.film import Effect, Seconds
from soundstage.sound.ambience import lay_bed, seeded
from soundstage.sound.effects import make_effect, place_effects
from soundstage.sound.effects_words import effects_table, entry_of, family_of, known_effect

RATE_HZ = 48_000
PLANNED = Path(__file__).parents[2] / "src/soundstage/plan/data/effects.toml"
NAMES = [name for name in tomllib.loads(PLANNED.read_text("utf-8")) if name != "beds"]


def said(name, words, start_s=1.0, seconds=1.5):
    return Effect(name=name, said=words, start=Seconds(start_s), end=Seconds(start_s + seconds))


@pytest.fixture(scope="module")
def meadow(films):
    """The bed of a meadow by day: what an effect has to stand out from."""
    return lay_bed(films.film(2, films.shot(0, 0, 2, place="meadow")), 2 * RATE_HZ).sound


@pytest.mark.parametrize("name", NAMES)
def test_planned_effect_stands_out_at_its_time(films, ears, meadow, name):
    """Each effect the planner names exists; within 250 ms its octave is 6 dB over the frame before it."""
    shot = films.shot(0, 0, 2, place="meadow", effects=(films.effect(name, 1.0, 0.8),))
    placed = place_effects(films.film(2, shot), 2 * RATE_HZ)
    assert placed.notes == ()
    assert not placed.sound[:, :RATE_HZ].any()
    bands = [(low, 2.0 * low) for low in (31, 62, 125, 250, 500, 1_000, 2_000, 4_000, 8_000)]
    sound = placed.sound + meadow
    frame = RATE_HZ // 24

    def loudness(first):
        return [ears.band_db(sound[:, first : first + frame], *band) for band in bands]

    before = loudness(RATE_HZ - frame)
    after = np.max([loudness(RATE_HZ + k * frame) for k in range(6)], axis=0)
    assert max(after - before) > 6.0


@pytest.mark.parametrize("name", sorted(effects_table()["variants"]))
def test_variant_is_sound(name):
    """Every word that changes an effect leads to finite sound, and so does all of them together."""
    for words in (*effects_table()["variants"][name], " ".join(effects_table()["variants"][name])):
        made = make_effect(name, seeded(3, name), 0.3, said=words)
        assert np.isfinite(made).all(), words
        assert made.any(), words


@pytest.mark.parametrize("name", NAMES)
def test_effect_is_the_same_bit_for_bit(name):
    """The same seed makes the same samples."""
    first, again = (make_effect(name, seeded(3, name), 0.3) for _ in range(2))
    assert np.array_equal(first, again)


def test_ground_changes_a_step(ears):
    """Snow is duller than gravel, metal rings longer than carpet, water adds splashes."""

    def steps(words):
        return make_effect("footsteps", seeded(5, "steps"), 2.0, said=words)

    def brightness(sound):
        return ears.band_db(sound, 3_500, 12_000) - ears.band_db(sound, 400, 3_500)

    assert brightness(steps("footsteps on gravel")) > brightness(steps("footsteps crunch in snow")) + 3.0
    assert ears.band_db(steps("steps on metal stairs"), 600, 2_500) > ears.band_db(
        steps("steps on carpet"), 600, 2_500
    )
    assert not np.array_equal(steps("footsteps on wet gravel"), steps("footsteps on gravel"))


def test_runner_steps_faster_than_a_walker():
    """A gait has its own period."""
    assert entry_of("footsteps", "running footsteps")["period_s"] < 0.4
    assert entry_of("footsteps", "slow footsteps")["period_s"] > 0.7


def test_place_and_weather_lie_under_the_foot_unless_said(films):
    """A beach is sand, rain makes it wet, a room keeps dry; what was said counts before the place."""
    sand = effects_table()["variants"]["footsteps"]["sand"]
    beach = films.shot(0, 0, 4, place="beach", weather="rain")
    entry = entry_of("footsteps", "footsteps", beach)
    assert entry["grit_s"] == sand["grit_s"]
    assert entry["wet"] > 0.0
    assert "wet" not in entry_of("footsteps", "footsteps", films.shot(0, 0, 4, place="room", weather="rain"))
    wood = entry_of("footsteps", "footsteps on wooden planks", beach)
    assert wood["thump_hz"] == effects_table()["variants"]["footsteps"]["wood"]["thump_hz"]
    assert wood.get("grit_s") != sand["grit_s"]


def test_beast_has_its_own_call():
    """A cow is low, an eagle high."""
    low, high = (make_effect("animal_call", seeded(1, "x"), 1.0, said=w) for w in ("cow moos", "eagle cry"))

    def centre(sound):
        power = np.abs(np.fft.rfft(sound.mean(axis=0))) ** 2
        return float((power * np.fft.rfftfreq(sound.shape[1], 1 / RATE_HZ)).sum() / power.sum())

    assert centre(high) > 3.0 * centre(low)


def test_unknown_effect_maps_to_its_family_and_the_log_says_so(films):
    """A word of a family finds its effect; a note names both. What means nothing is left out, with a note."""
    assert known_effect("cutlery on plates") == "clatter"
    assert known_effect("chainsaw") == "buzz"
    assert family_of("quantum flux") is None
    shot = films.shot(
        0, 0, 4, effects=(said("earthquake", "earthquake"), said("zorb", "cloth zorb"), said("zorb", "zorb"))
    )
    placed = place_effects(films.film(4, shot), 4 * RATE_HZ)
    assert placed.sound.any()
    assert "'rumble' stands for it" in placed.notes[0]
    assert "'rustle' stands for it" in placed.notes[1]
    assert "not heard" in placed.notes[2]
