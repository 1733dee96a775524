"""Loudness and true peak against the standards' own test signals."""

import numpy as np
import pytest

from soundstage.sound.loudness import SILENT_LUFS, measure_burst_lufs, measure_lufs, true_peak_db

RATE_HZ = 48_000


def tone(level_db, seconds, hz=1_000.0):
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return np.tile(10.0 ** (level_db / 20.0) * np.sin(2.0 * np.pi * hz * t), (2, 1)).astype(np.float32)


#: EBU Tech 3341 (2016) table 1: levels in dBFS and seconds of each part, the loudness to be shown.
EBU_3341 = {
    1: ([(-23.0, 20.0)], -23.0),
    2: ([(-33.0, 20.0)], -33.0),
    3: ([(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)], -23.0),
    4: ([(-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)], -23.0),
    5: ([(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)], -23.0),
}


@pytest.mark.parametrize("case", EBU_3341)
def test_ebu_3341_cases_read_within_a_tenth(case):
    """Integrated loudness of EBU Tech 3341 cases 1 to 5 is within 0.1 LU."""
    parts, expected = EBU_3341[case]
    sound = np.concatenate([tone(level, seconds) for level, seconds in parts], axis=1)
    assert measure_lufs(sound) == pytest.approx(expected, abs=0.1)


def test_loudness_agrees_with_another_meter(ears):
    """Our meter and FFmpeg's agree on noise that swells and rests."""
    rng = np.random.default_rng(3)
    sound = (0.1 * rng.standard_normal((2, 6 * RATE_HZ)) * np.linspace(0.0, 1.0, 6 * RATE_HZ) ** 2).astype(
        np.float32
    )
    assert measure_lufs(sound) == pytest.approx(ears.loudness(sound)[0], abs=0.15)


def test_silence_and_nothing_have_no_loudness():
    """Silence reads as the absolute gate, and no sound at all is no error."""
    assert measure_lufs(np.zeros((2, RATE_HZ), np.float32)) == SILENT_LUFS
    assert measure_lufs(np.zeros((2, 0), np.float32)) == SILENT_LUFS
    assert measure_burst_lufs(np.zeros((2, 10), np.float32)) == SILENT_LUFS


def test_short_sound_is_measured_whole():
    """A sound shorter than a block of 400 ms has the loudness of its mean, not none."""
    assert measure_lufs(tone(-20.0, 0.2)) == pytest.approx(-20.0, abs=0.5)


def test_true_peak_sees_between_the_samples():
    """A sine at a quarter of the rate, sampled off its crests, has its crest as true peak."""
    t = np.arange(RATE_HZ)
    sound = np.tile(0.5 * np.sin(np.pi / 2.0 * t + np.pi / 4.0), (2, 1)).astype(np.float32)
    assert np.abs(sound).max() < 0.36
    assert true_peak_db(sound[:, 1_000:-1_000]) == pytest.approx(-6.02, abs=0.4)
