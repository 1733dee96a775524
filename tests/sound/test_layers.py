"""Each layer and effect: repeatable, alive, in its own part of the spectrum."""

import numpy as np
import pytest

from soundstage.sound.ambience import seeded
from soundstage.sound.effects import effect_names, known_effect, make_effect
from soundstage.sound.effects_words import effects_table
from soundstage.sound.hearing import ambience_table
from soundstage.sound.layers import BUILDERS
from soundstage.sound.loudness import measure_burst_lufs

RATE_HZ = 48_000


def make(name, seconds=4.0, seed=1):
    entry = ambience_table()["layers"][name]
    known = {"builder", "level_lufs", "continuous", "outdoors"}
    parameters = {k: v for k, v in entry.items() if k not in known}
    return BUILDERS[entry["builder"]](seeded(seed, name), round(seconds * RATE_HZ), **parameters)


@pytest.mark.parametrize("builder", sorted(BUILDERS))
def test_layer_is_repeatable_and_its_own(builder):
    """The same seed gives the same samples, another seed others; shape and type are those of the border."""
    first, again, other = (BUILDERS[builder](seeded(s, builder), RATE_HZ) for s in (5, 5, 6))
    assert first.shape == (2, RATE_HZ)
    assert first.dtype == np.float32
    assert np.isfinite(first).all()
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first.any()


@pytest.mark.parametrize("builder", sorted(BUILDERS))
def test_layer_takes_any_length(builder):
    """A shot of one frame, and one of an odd length, get exactly that."""
    for frames in (1, 4_801):
        assert BUILDERS[builder](seeded(1, builder), frames).shape == (2, frames)


def test_crickets_sing_between_4_and_5_2_khz(ears):
    """Nine tenths of the crickets' power lies in their band, and it comes in pulses."""
    sound = make("crickets")
    assert ears.band_db(sound, 4_000, 5_200) > ears.band_db(sound, 20, 4_000) + 10.0
    assert ears.band_db(sound, 4_000, 5_200) > ears.band_db(sound, 5_200, 20_000) + 10.0
    level = np.abs(sound[0]).reshape(-1, 240).max(axis=1)
    assert np.percentile(level, 95) > 4.0 * np.percentile(level, 5)


def test_surf_is_low_and_heaves(ears):
    """Surf has most of its power under 1 kHz, hiss above it, and swells by more than 6 dB within 20 s."""
    sound = make("surf", 20.0)
    assert ears.band_db(sound, 30, 1_000) > ears.band_db(sound, 1_000, 20_000)
    assert ears.band_db(sound, 3_000, 10_000) > ears.band_db(sound, 30, 1_000) - 35.0
    level = np.sqrt(np.mean(np.square(sound[0].reshape(-1, RATE_HZ // 2)), axis=1))
    assert 20.0 * np.log10(level.max() / level.min()) > 6.0


def test_rain_is_made_of_drops():
    """Rain has single drops that stand over its hiss, as noise has not; more sound when it is heavy."""

    def drops(sound):
        level = np.abs(np.diff(sound[0])[: 4 * RATE_HZ].reshape(-1, 96)).max(axis=1)
        level = level[: level.size // 50 * 50].reshape(-1, 50)  # against the 100 ms around it
        return int((level > 2.0 * np.median(level, axis=1, keepdims=True)).sum())

    smooth = np.random.default_rng(1).standard_normal((2, 4 * RATE_HZ + 1))
    assert drops(np.pad(make("rain"), ((0, 0), (0, 1)))) > 60 + 3 * drops(smooth)
    assert np.median(np.abs(make("rain_heavy"))) > np.median(np.abs(make("rain_light")))


def test_wind_is_dark_and_leaves_are_bright(ears):
    """Wind lies under 800 Hz; leaves have more above it than wind has."""

    def brightness(name):
        sound = make(name, 8.0)
        return ears.band_db(sound, 800, 16_000) - ears.band_db(sound, 20, 800)

    assert brightness("wind") < -6.0
    assert brightness("leaves") > brightness("wind") + 6.0


def test_no_layer_loops():
    """Ten seconds of surf and of rain do not contain themselves again."""
    for name in ("surf", "rain"):
        mono = make(name, 10.0).mean(axis=0).astype(np.float64)
        spectrum = np.abs(np.fft.rfft(mono, 2 * mono.size)) ** 2
        echo = np.fft.irfft(spectrum)[: mono.size // 2]
        assert np.abs(echo[RATE_HZ // 2 :]).max() < 0.12 * echo[0], name


@pytest.mark.parametrize("name", effect_names())
def test_effect_is_heard_at_once_and_ends_softly(name):
    """An effect is at its level, begins within half a second, and does not end in a click."""
    sound = make_effect(name, seeded(2, name), 1.5)
    assert np.isfinite(sound).all()
    level = ambience_level(name)
    assert measure_burst_lufs(sound) == pytest.approx(level, abs=1.5)
    loud = np.flatnonzero(np.abs(sound).max(axis=0) > 0.1 * np.abs(sound).max())
    assert loud[0] < 0.5 * RATE_HZ
    assert np.abs(sound[:, -1]).max() < 1e-3


def ambience_level(name):
    return effects_table()["effects"][name]["level_lufs"]


def test_effects_are_known_by_other_words():
    """The planner's words, plurals and Chinese names find their effect; nonsense finds none."""
    assert known_effect("Footsteps") == "footsteps"
    assert known_effect("heavy door slam") == "door"
    assert known_effect("dog barking") == "bark"
    assert known_effect("雷声") == "thunder"
    assert known_effect("glass clinks") == "glass_clink"
    assert known_effect("glass shattering") == "glass_break"
    assert known_effect("quantum flux") is None
