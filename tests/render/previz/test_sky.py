"""The sky, looked at as a picture and as light."""

import numpy as np
import pytest

from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.frame import moment_of
from soundstage.render.previz.scene import Moment
from soundstage.render.previz.sky import horizon_rows, pixel_rays, sky_layers
from soundstage.render.previz.staging import stage_context

TIMES = ["sunrise", "morning", "noon", "afternoon", "golden_hour", "sunset", "twilight", "night"]
WEATHERS = [
    "clear", "cloudy", "overcast", "fog", "drizzle", "rain", "storm", "snow", "blizzard", "dust",
]  # fmt: skip


@pytest.fixture
def sky_of(shot_of, brief_of):
    """Draw a shot's sky alone: linear light (3, rows above the horizon, width)."""

    def draw(*, t_s=0.0, seed=7, size=(160, 90), **shot):
        told = {"place": "beach", "framing": "wide", "angle": "low", "fireflies": False, "lens": (28.0, 8.0)}
        context = stage_context(shot_of(**(told | shot)), brief_of(size=size, seed=seed))
        _, layers = sky_layers(context)
        canvas = Canvas(*size)
        moment = Moment(index=0, frame_count=25, t_s=t_s, progress=0.0)
        for layer in layers:
            layer.draw(canvas, context.start, moment)
        return canvas.planes[:, : max(int(min(horizon_rows(context.start))) - 1, 2)].copy()

    return draw


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("weather", WEATHERS)
def test_every_hour_and_weather_has_a_sky(sky_of, time, weather):
    """Whatever the hour and the weather, the sky is finite light and nowhere black or negative."""
    light = sky_of(time_of_day=time, weather=weather, size=(64, 36))
    assert np.isfinite(light).all()
    assert light.min() >= 0
    assert light.sum(axis=0).min() > 1e-4


def test_noon_is_bluer_than_sunset_and_night_is_darkest(sky_of):
    """The ramp follows the hour: blue over red at noon, red over blue at sunset, least light at night."""
    light = {t: sky_of(time_of_day=t) for t in TIMES}
    blue_over_red = {t: float(v[2].mean() / v[0].mean()) for t, v in light.items()}
    assert blue_over_red["noon"] > 1.15
    assert blue_over_red["sunset"] < 0.7
    assert min(light, key=lambda t: float(light[t].mean())) == "night"


def test_the_sun_is_where_the_light_says(sky_of, shot_of, brief_of):
    """The brightest spot of a clear sunset lies within two degrees of the light's own sun."""
    shot = shot_of(
        place="beach", framing="wide", time_of_day="sunset", fireflies=False, lens=(28.0, 8.0), angle="low"
    )
    context = stage_context(shot, brief_of(size=(160, 90)))
    light = sky_of(time_of_day="sunset").sum(axis=0)
    row, column = np.unravel_index(int(light.argmax()), light.shape)
    rays = pixel_rays(context.start)
    seen = rays[0] + rays[1] * column + rays[2] * row
    angle = np.degrees(np.arccos(seen @ context.light.sun_direction / np.linalg.norm(seen)))
    assert angle < 2.0


def test_clouds_repeat_for_a_seed_and_differ_for_another(sky_of):
    """The same film has the same clouds; another seed has others."""
    first, again, other = (
        sky_of(time_of_day="noon"),
        sky_of(time_of_day="noon"),
        sky_of(time_of_day="noon", seed=8),
    )
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.05


def test_clouds_drift(sky_of):
    """A minute later the clouds have moved, while the ramp has not changed its mean much."""
    now, later = sky_of(time_of_day="noon"), sky_of(time_of_day="noon", t_s=30.0)
    assert np.abs(now - later).max() > 0.05
    assert abs(now.mean() - later.mean()) < 0.15 * now.mean()


def test_overcast_hides_the_sun(sky_of):
    """A closed ceiling has no spot ten times as bright as its middle; a clear sunset has."""

    def peak(weather):
        light = sky_of(time_of_day="sunset", weather=weather).sum(axis=0)
        return light.max() / np.median(light)

    assert peak("clear") > 6
    assert peak("overcast") < 3


def test_stars_stand_in_a_clear_night_only(sky_of):
    """A clear night has many small bright points, an overcast one has none."""

    def points(weather):
        light = sky_of(time_of_day="night", weather=weather, size=(320, 180)).sum(axis=0)
        around = np.median(
            np.stack([np.roll(light, s, (0, 1)) for s in ((0, 3), (0, -3), (3, 0), (-3, 0))]), axis=0
        )
        return int((light > around * 1.5 + 0.01)[4:-4, 4:-4].sum())

    assert points("clear") > 15
    assert points("overcast") == 0


def test_mirror_shows_the_sky_upside_down(shot_of, brief_of):
    """The light of level wet ground falls from the horizon downwards as the sky's does upwards."""
    context = stage_context(
        shot_of(place="beach", framing="wide", time_of_day="sunset", fireflies=False),
        brief_of(size=(160, 90)),
    )
    sky, _ = sky_layers(context)
    view = context.start
    top = round(view.horizon_px())
    canvas = Canvas(160, 90)
    sky.draw(canvas, view, moment_of(0, frame_count=25, fps=24))
    mirror = sky.mirror(view, top, 0.0, rough=0.3)
    rows = min(mirror.shape[1], top) - 8
    above = canvas.planes[:, top - rows - 2 : top - 2][:, ::-1].mean(axis=2)
    below = mirror[:, 2 : 2 + rows].mean(axis=2)
    assert np.corrcoef(above.ravel(), below.ravel())[0, 1] > 0.95
