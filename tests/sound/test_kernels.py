"""The compiled loops against what they must do to simple signals."""

import time

import numpy as np
import pytest

from soundstage.sound import kernels
from soundstage.sound.loudness import true_peak_db
from soundstage.sound.mixdown import limit

RATE_HZ = 48_000


def sine(hz, seconds=0.5):
    return np.sin(2.0 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ).astype(np.float32)[None]


@pytest.mark.parametrize(("hz", "expected_db"), [(100.0, 0.0), (1_000.0, -3.0), (8_000.0, -37.0)])
def test_filter_passes_lows_and_takes_12_db_an_octave(hz, expected_db):
    """A Butterworth low-pass at 1 kHz: flat below, -3 dB there, two poles above."""
    cutoff = np.full(RATE_HZ // 2, 1_000.0, np.float32)
    out = kernels.sweep_filter(sine(hz), cutoff, 2.0**-0.5, 0)
    rest = slice(RATE_HZ // 4, None)
    got_db = 20.0 * np.log10(out[0, rest].std() / sine(hz)[0, rest].std())
    assert got_db == pytest.approx(expected_db, abs=1.5)


def test_filter_stays_finite_whatever_its_cutoff():
    """Cutoffs of zero, below zero and over half the rate are held within bounds."""
    cutoff = np.resize(np.array([0.0, -5.0, 1e6, 20.0], np.float32), 4_800)
    out = kernels.sweep_filter(sine(440.0, 0.1), cutoff, 20.0, 1)
    assert np.isfinite(out).all()


def test_grains_and_calls_outside_the_sound_are_left_out():
    """Grains that start before the first frame or end after the last write only what lies within."""
    out = np.zeros((2, 1_000), np.float32)
    grain = [0.0, 400.0, 0.01, 1.0, 0.5, 0.0, 0.5]
    table = np.array([[start, *grain[1:]] for start in (-5_000.0, -100.0, 990.0, 1_000.0, 9_000.0)])
    kernels.add_grains(out, table, np.ones(7, np.float32))
    call = np.array(
        [[start, 0.01, 400.0, 500.0, 400.0, 1.0, 0.5, 0.9, 0.5] for start in (-100.0, 990.0, 5_000.0)]
    )
    kernels.add_calls(out, call)
    assert np.isfinite(out).all()
    assert out.any()


def test_long_tone_keeps_one_line_in_the_spectrum():
    """A 4.8 kHz call of 10 s has no sidebands: phase does not lose digits with time."""
    out = np.zeros((2, 10 * RATE_HZ), np.float32)
    kernels.add_calls(out, np.array([[0.0, 10.0, 4_800.0, 4_800.0, 4_800.0, 1.0, 0.5, 0.0, 0.0]]))
    power = np.abs(np.fft.rfft(out[0] * np.hanning(out.shape[1]))) ** 2
    peak = int(power.argmax())
    beside = np.concatenate((power[peak - 2_000 : peak - 20], power[peak + 20 : peak + 2_000]))
    assert 10.0 * np.log10(beside.max() / power[peak]) < -90.0


def test_limiter_holds_its_ceiling_and_leaves_quiet_alone():
    """True peak ends at or under the ceiling; sound that never reaches it comes back as it was."""
    rng = np.random.default_rng(1)
    loud = (rng.standard_normal((2, RATE_HZ)) * np.where(np.arange(RATE_HZ) % 9_000 < 900, 1.2, 0.1)).astype(
        np.float32
    )
    assert true_peak_db(loud) > 6.0
    assert true_peak_db(limit(loud)) <= -1.4
    quiet = (0.05 * loud).astype(np.float32)
    assert limit(quiet) is quiet


def test_limiter_gain_never_exceeds_what_is_needed():
    """At every frame the gain times the peak is under the ceiling, and the gain has no jump."""
    peak = np.full(20_000, 0.2, np.float32)
    peak[7_000] = 4.0
    gain = kernels.limiter_gain(peak, 0.5, 192, 0.08)
    assert (gain * peak <= 0.5 + 1e-6).all()
    assert np.abs(np.diff(gain)).max() < 0.01
    assert gain[6_000] == pytest.approx(1.0)


def test_glide_falls_fast_and_rises_slowly():
    """After one attack time 63 % of the way down is done; the way up takes the release time."""
    target = np.zeros(RATE_HZ * 2, np.float32)
    target[1_000:RATE_HZ] = -10.0
    got = kernels.glide(target, 0.060, 0.350)
    assert got[1_000 + round(0.060 * RATE_HZ)] == pytest.approx(-6.3, abs=0.1)
    assert got[RATE_HZ + round(0.350 * RATE_HZ)] == pytest.approx(-3.7, abs=0.1)


def test_walk_meets_its_knots():
    """The slow curve goes through every knot and never beyond its neighbours."""
    knots = np.array([0.0, 1.0, 0.25, 0.75, 0.5])
    got = kernels.smooth_walk(knots, 400, 0.01, 0.0)
    assert got[[0, 100, 200, 300]] == pytest.approx(knots[:4])
    assert 0.0 <= got.min() <= got.max() <= 1.0


@pytest.mark.budget
def test_kernels_are_fast_enough():
    """A second of stereo through the moving filter takes under 150 ms of CPU (measured: 5)."""
    sound, cutoff = np.ones((2, RATE_HZ), np.float32), np.full(RATE_HZ, 900.0, np.float32)
    kernels.sweep_filter(sound, cutoff, 0.7, 0)
    began = time.process_time()
    kernels.sweep_filter(sound, cutoff, 0.7, 0)
    assert time.process_time() - began < 0.15
