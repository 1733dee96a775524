"""Fixed filters, resampling and convolution against what they must do to simple signals."""

import numpy as np
import pytest

from soundstage.sound import filters

RATE_HZ = 48_000


def tone(hz, seconds=0.5, rate_hz=RATE_HZ):
    return np.sin(2.0 * np.pi * hz * np.arange(round(seconds * rate_hz)) / rate_hz).astype(np.float32)


def gain_db(section, hz):
    out = filters.run(tone(hz)[None], section)[0]
    rest = slice(RATE_HZ // 4, None)
    return 20.0 * np.log10(out[rest].std() / tone(hz)[rest].std())


@pytest.mark.parametrize(("make", "far_hz"), [(filters.low_pass, 8_000.0), (filters.high_pass, 125.0)])
@pytest.mark.parametrize(("order", "far_db"), [(1, -18.0), (2, -36.0)])
def test_butterworth_is_3_db_down_at_its_cutoff(make, far_hz, order, far_db):
    """At the cutoff 3 dB are gone, three octaves away 6 dB an octave and order, on the other side nothing."""
    section = make(1_000.0, order)
    assert gain_db(section, 1_000.0) == pytest.approx(-3.0, abs=0.05)
    assert gain_db(section, far_hz) == pytest.approx(far_db, abs=2.5)
    assert gain_db(section, 1e6 / far_hz) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize("hz", [100.0, 1_000.0, 8_000.0])
def test_resampled_tone_is_the_tone(hz):
    """A tone at 22.05 kHz becomes the same tone at 48 kHz: in time, in level, without images."""
    out = filters.resample(tone(hz, 1.0, 22_050), 22_050)
    wanted = tone(hz, 1.0)[: out.size]
    inner = slice(2_000, -2_000)
    assert abs(out.size - RATE_HZ) <= 1
    error = (out[: wanted.size] - wanted)[inner]
    assert 20.0 * np.log10(error.std() / wanted[inner].std()) < -55.0


def test_sound_at_48_khz_is_left_alone():
    """Resampling to the same rate changes nothing."""
    sound = tone(440.0)
    assert filters.resample(sound, RATE_HZ) is sound


def test_crests_are_never_under_the_samples():
    """A crest is at least its sample, and at most a little over what lies between for smooth sound."""
    sound = np.stack((tone(997.0), 0.5 * tone(5_003.0)))
    crests = filters.crests(sound)
    assert crests.shape == (sound.shape[1],)
    assert (crests >= np.abs(sound).max(axis=0) - 1e-6).all()
    assert crests.max() == pytest.approx(1.0, abs=0.01)


def test_convolution_is_the_sum_it_stands_for():
    """By FFT or by hand, the same numbers."""
    rng = np.random.default_rng(1)
    sound, response = (
        rng.standard_normal(500).astype(np.float32),
        rng.standard_normal((2, 70)).astype(np.float32),
    )
    by_hand = np.stack([np.convolve(sound, channel) for channel in response])
    assert np.allclose(filters.convolve(sound, response), by_hand, atol=1e-4)


def test_fast_sizes_have_small_factors():
    """Every size is even, at or over what was asked, near it, and has no factor over 5."""
    for frames in (1, 2, 7, 97, 1_025, 252_001, 732_000):
        size = rest = filters.fast_frames(frames)
        assert frames <= size <= max(1.1 * frames, frames + 4)
        assert size % 2 == 0
        for factor in (2, 3, 5):
            while rest % factor == 0:
                rest //= factor
        assert rest == 1


def test_nothing_in_nothing_out():
    """Empty sound passes every filter."""
    empty = np.zeros((2, 0), np.float32)
    assert filters.run(empty, filters.low_pass(100.0)).shape == (2, 0)
    assert filters.crests(empty).shape == (0,)
    assert filters.resample(empty[0], 22_050).shape == (0,)
