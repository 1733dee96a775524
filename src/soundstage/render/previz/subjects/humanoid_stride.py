"""Feet that travel: a foot pivots on its heel, lies flat, then rolls over its ball.

It moves back as fast as the body moves on. Hips ride as high as both legs allow. Knows no pose.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.rig.curve import through_knots

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_TABLE = 120
HIP_Y = 0.90
_ANKLE_Y = 0.080
_HEEL_X, _BALL_X = -0.045, 0.125  #: of the sole, from the ankle


@cache
def read_poses() -> Mapping[str, Any]:
    """Return `data/poses.toml`."""
    text = files("soundstage.render.previz").joinpath("data/poses.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True)
class Stride:
    """A gait's legs over one stride, left foot touching down at phase 0."""

    table: NDArray[np.float64]  #: (_TABLE + 1, 3): ankle x, ankle y, turn of the foot
    hips: NDArray[np.float64]  #: (_TABLE + 1,) how much the hips sink or fly
    hertz: float
    arms: float
    elbows: float

    def foot(self, phase: float) -> NDArray[np.float64]:
        """Return a foot's row at its own phase."""
        return _row(self.table, phase)

    def hip(self, phase: float) -> float:
        """Return the shift of the hips at a phase of the left foot."""
        return float(_row(self.hips[:, None], phase)[0])


@lru_cache(maxsize=32)
def stride_of(gait: str, speed_m_s: float, scale: float) -> Stride:
    """Return the stride of a gait at a speed, for a body `scale` times the reference."""
    row = read_poses()["gaits"][gait]
    duty, sweep = row["duty"], row["sweep_m"]
    pace = speed_m_s / scale
    hertz = pace * duty / sweep
    # Slow walkers take shorter steps, not only fewer.
    least = 0.78 if gait == "walk" else 1.25
    if hertz < least:
        hertz = max(least * (hertz / least) ** 0.5, 0.2)
        sweep = pace * duty / hertz
    strike, toe_off = (
        math.radians(row["strike_deg"]),
        math.radians(row["toe_off_deg"]) * min(sweep / 0.6, 1.0),
    )
    phases = np.arange(_TABLE + 1) / _TABLE
    table = np.empty((_TABLE + 1, 3))
    down = phases <= duty
    table[down] = [_planted(p / duty, sweep, strike, toe_off) for p in phases[down]]
    last, first = _planted(1.0, sweep, strike, toe_off), _planted(0.0, sweep, strike, toe_off)
    knots = np.array([duty, duty + 0.30 * (1 - duty), duty + 0.68 * (1 - duty), 1.0])
    lift = row["lift_m"]
    mids = np.array([
        last,
        (last[0] + 0.28 * (first[0] - last[0]), last[1] + 0.55 * lift, -1.05 * toe_off),
        (last[0] + 0.80 * (first[0] - last[0]), _ANKLE_Y + 0.85 * lift, 0.2 * strike),
        first,
    ])  # fmt: skip
    table[~down] = through_knots(knots, mids, phases[~down])
    return Stride(
        table, _hips(table, row, duty), hertz, math.radians(row["arms_deg"]), math.radians(row["elbows_deg"])
    )


def _planted(s: float, sweep: float, strike: float, toe_off: float) -> tuple[float, float, float]:
    """Return ankle x, y and foot turn at a share of the time a foot is down."""
    rest = sweep * (0.5 - s) + 0.02
    if s < 0.16:
        turn, pivot = strike * (1 - s / 0.16) ** 2, _HEEL_X
    elif s > 0.55:
        turn, pivot = -toe_off * ((s - 0.55) / 0.45) ** 1.7, _BALL_X
    else:
        turn, pivot = 0.0, 0.0
    c, k = math.cos(turn), math.sin(turn)
    return rest + pivot - (c * pivot + k * _ANKLE_Y), -k * pivot + c * _ANKLE_Y, turn


def _hips(table: NDArray[np.float64], row: Mapping[str, Any], duty: float) -> NDArray[np.float64]:
    length = (math.hypot(0.010, 0.41) + math.hypot(0.022, 0.41)) * row["slack"]
    n = _TABLE
    allowed = np.full(n, np.inf)
    for offset in (0, n // 2):
        for i in range(n):
            j = (i + offset) % n
            if j / n <= duty:
                x, y = table[j, 0], table[j, 1]
                reach = y + math.sqrt(max(length**2 - x**2, 0.3**2))
                allowed[i] = min(allowed[i], reach)
    flying = np.isinf(allowed)
    allowed[flying] = allowed[~flying].mean()
    window = n // 14
    wrapped = np.concatenate([allowed[-window:], allowed, allowed[:window]])
    low = np.array([wrapped[i : i + 2 * window + 1].min() for i in range(n)])
    kernel = np.hanning(2 * window + 1)
    kernel /= kernel.sum()
    smooth = np.convolve(np.concatenate([low[-window:], low, low[:window]]), kernel, mode="valid")
    if row["hop_m"]:
        # Highest in the middle of the flight, lowest in the middle of a stance.
        middle = (duty + 0.5) / 2
        smooth = smooth + row["hop_m"] * np.cos(4 * np.pi * (np.arange(n) / n - middle))
    shift = np.minimum(smooth - HIP_Y, 0.0 if not row["hop_m"] else 1.0)
    return np.append(shift, shift[0])


def _row(table: NDArray[np.float64], phase: float) -> NDArray[np.float64]:
    at = (phase % 1.0) * _TABLE
    low = min(int(at), _TABLE - 1)
    share = at - low
    return table[low] * (1 - share) + table[low + 1] * share
