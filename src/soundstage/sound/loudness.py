"""How loud sound is, by the broadcast standards: integrated loudness and true peak. Changes no sample.

ITU-R BS.1770-4: K-weighting, 400 ms blocks that overlap by three quarters, an absolute gate at -70 LUFS and a
relative one 10 LU under the mean of what passed it. True peak is that of the sound at four times its rate
(its Annex 2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.sound import filters

if TYPE_CHECKING:
    from numpy.typing import NDArray

SILENT_LUFS = -70.0  #: the absolute gate: what is under it has no loudness
_STEP_FRAMES = 4_800  #: 100 ms; a block is four of them
_OFFSET_LU = -0.691  #: makes a 1 kHz sine at 0 dBFS in one channel read -3.01

#: BS.1770-4 tables 1 and 2, at 48 kHz: the head's high shelf, then the low cut.
_HEAD = (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585)
_LOW_CUT = (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621)


def weigh(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the K-weighted power (N,) of sound (C, N), summed over its channels."""
    if not sound.size:
        return np.zeros(0)
    return np.square(filters.run(sound, _HEAD, _LOW_CUT), dtype=np.float64).sum(axis=0)


def measure_lufs(sound: NDArray[np.float32]) -> float:
    """Return the integrated loudness of sound (C, N); sound shorter than a block is taken as one block."""
    power = weigh(sound)
    steps = power.size // _STEP_FRAMES
    if steps < 4:
        blocks = np.array([power.mean() if power.size else 0.0])
    else:
        step = power[: steps * _STEP_FRAMES].reshape(steps, _STEP_FRAMES).mean(axis=1)
        blocks = (step[:-3] + step[1:-2] + step[2:-1] + step[3:]) / 4.0
    loud = blocks[_to_lufs(blocks) > SILENT_LUFS]
    if not loud.size:
        return SILENT_LUFS
    gate = float(_to_lufs(loud.mean())) - 10.0
    return float(_to_lufs(loud[_to_lufs(loud) > gate].mean()))


def measure_burst_lufs(sound: NDArray[np.float32]) -> float:
    """Return the loudness of the loudest 50 ms of sound (C, N): how loud a short event is."""
    power = weigh(sound)
    window = 2_400
    if power.size < window:
        whole = np.float64(power.mean() if power.size else 0.0)
        return max(float(_to_lufs(whole)), SILENT_LUFS)
    steps = power[: power.size // window * window].reshape(-1, window).mean(axis=1)
    return max(float(_to_lufs(steps.max())), SILENT_LUFS)


def true_peak_db(sound: NDArray[np.float32]) -> float:
    """Return the true peak of sound (C, N) in dBTP."""
    peak = float(filters.crests(sound).max()) if sound.size else 0.0
    return 20.0 * float(np.log10(peak + 1e-12))


def _to_lufs(power: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    return _OFFSET_LU + 10.0 * np.log10(power + 1e-20)
