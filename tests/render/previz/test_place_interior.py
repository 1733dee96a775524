"""The furnished rooms, looked at as pictures."""

import numpy as np
import pytest

WIDE = {"framing": "wide", "lens": (35.0, 4.0), "fireflies": False}


@pytest.mark.parametrize("place", ["room", "cafe", "kitchen"])
def test_window_shows_the_hour_and_lamps_carry_the_night(shot_of, draw, brief_of, place):
    """By day the brightest blue is the window's; after dark the room is warmer than by day."""
    noon, night = (
        draw(shot_of(place=place, time_of_day=hour, **WIDE), brief=brief_of(size=(160, 90))).light
        for hour in ("noon", "night")
    )
    assert np.isfinite(noon).all()
    assert np.isfinite(night).all()
    assert noon[2].max() > 3 * np.median(noon[2])
    warmth = [float(light[0].mean() / light[2].mean()) for light in (noon, night)]
    assert warmth[1] > warmth[0]
