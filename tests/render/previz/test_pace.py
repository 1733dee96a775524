"""How fast time passes in a scene: slow motion, time-lapse, a frozen moment."""

from dataclasses import replace

import numpy as np
import pytest


def change(draw, shot, pace):
    """Return how much the picture changes from its first frame to its last."""
    first, last = draw(replace(shot, pace=pace), 0, 12)
    return float(np.abs(first.light - last.light).mean())


def test_pace_decides_how_much_happens(draw, shot_of):
    """Less happens in slow motion than in life, and nothing in a freeze."""
    shot = shot_of(place="beach", time_of_day="sunset", framing="wide", fireflies=False)
    assert change(draw, shot, "freeze") == 0
    assert 0 < change(draw, shot, "slow_motion") < change(draw, shot, "normal")


@pytest.mark.parametrize("pace", ["normal", "slow_motion", "time_lapse"])
def test_every_pace_moves(draw, shot_of, pace):
    """Whatever the pace, a film is no still."""
    assert change(draw, shot_of(place="beach", framing="wide", fireflies=False), pace) > 0
