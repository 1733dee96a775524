"""Weather: there when asked, absent when not, moving with the wind."""

import time

import numpy as np
import pytest

from soundstage.render.previz import weather
from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.frame import moment_of
from soundstage.render.previz.scene import Ground, Moment
from soundstage.render.previz.staging import stage_context
from soundstage.render.previz.weather_storm import flash_at

WIDE = {"framing": "wide", "lens": (35.0, 4.0), "fireflies": False, "place": "open", "time_of_day": "noon"}
GROUND = Ground(stage_m=4.0, half_width_m=3.0, wetness=0.6)


@pytest.fixture
def layers_of(shot_of, brief_of):
    """Return a shot's context and the layers of its weather."""

    def build(size=(320, 180), seed=7, **shot):
        context = stage_context(shot_of(**(WIDE | shot)), brief_of(size=size, seed=seed))
        return context, weather.build(context, GROUND)

    return build


def drawn(context, layers, t_s=0.4, level=0.1, only=None):
    """Return what layers make of an even grey canvas."""
    canvas = Canvas(context.size.width, context.size.height)
    canvas.clear((level, level, level))
    for layer in layers:
        if only is None or type(layer).__name__ in only:
            layer.draw(canvas, context.start, Moment(index=0, frame_count=25, t_s=t_s, progress=0.0))
    return canvas.planes.copy()


@pytest.mark.parametrize("asked", ["clear", "cloudy", "overcast"])
def test_dry_weather_adds_nothing(layers_of, asked):
    """Nothing falls when nothing was asked to fall."""
    _, layers = layers_of(weather=asked)
    assert len(layers) == 0


@pytest.mark.parametrize("place", ["kitchen", "studio", "cave", "reef"])
def test_no_rain_indoors_or_under_water(layers_of, place):
    """A roof, or the sea, keeps the rain out."""
    _, layers = layers_of(weather="rain", place=place)
    assert len(layers) == 0


@pytest.mark.parametrize("asked", ["fog", "drizzle", "rain", "storm", "snow", "blizzard", "dust"])
def test_each_weather_is_seen(layers_of, asked):
    """Each weather changes the picture, with finite light, and repeats for its seed."""
    context, layers = layers_of(weather=asked)
    picture = drawn(context, layers)
    assert np.isfinite(picture).all()
    assert (np.abs(picture - 0.1) > 0.01).mean() > 0.004
    np.testing.assert_array_equal(picture, drawn(*layers_of(weather=asked)))


def test_more_rain_than_drizzle(layers_of):
    """Rain covers more of the picture than drizzle does, and a storm more than rain."""
    seen = [
        (np.abs(drawn(*layers_of(weather=w), only=("Fall",)) - 0.1) > 0.004).mean()
        for w in ("drizzle", "rain", "storm")
    ]
    assert seen[0] < seen[1] < seen[2]


def test_rain_falls_faster_than_snow(layers_of):
    """Drops are streaks along their fall, flakes are round: rain varies less downwards than across."""

    def upright(asked):
        context, layers = layers_of(weather=asked, size=(640, 360))
        light = drawn(context, layers, only=("Fall",))[1]
        return np.abs(np.diff(light, axis=0)).sum() / np.abs(np.diff(light, axis=1)).sum()

    assert upright("rain") < 0.75
    assert 0.8 < upright("snow") < 1.25


def test_what_falls_moves_on(layers_of):
    """A frame later the drops are elsewhere, and there are about as many."""
    context, layers = layers_of(weather="rain")
    now, later = (drawn(context, layers, t_s=t, only=("Fall",)) for t in (0.4, 0.4 + 1 / 24))
    assert (np.abs(now - later) > 0.004).mean() > 0.002
    assert abs(now.mean() - later.mean()) < 0.25 * abs(now.mean() - 0.1) + 1e-3


def test_splashes_lie_on_the_ground(layers_of):
    """Rings open below the horizon only."""
    context, layers = layers_of(weather="rain", angle="high")
    changed = np.abs(drawn(context, layers, only=("Splashes",)) - 0.1).max(axis=0) > 0.01
    rows = np.flatnonzero(changed.any(axis=1))
    assert len(rows) > 5
    assert rows.min() > context.start.horizon_px() - 4


def test_fog_thickens_toward_the_ground(layers_of):
    """Mist hides the lower half of the picture more than the upper."""
    context, layers = layers_of(weather="fog")
    hidden = np.abs(drawn(context, layers, only=("Mist",)) - 0.1).max(axis=0)
    assert hidden[90:].mean() > 1.5 * hidden[:60].mean()
    assert hidden[90:].mean() > 0.02


def test_lightning_lights_everything_for_an_instant(layers_of):
    """A flash brightens the whole frame, fades within a second, and comes in storms only."""
    context, layers = layers_of(weather="storm")
    flash = next(layer for layer in layers if type(layer).__name__ == "Flash")
    start = float(flash.flashes[0, 0])
    dark, lit = (drawn(context, [flash], t_s=t) for t in (max(start - 0.05, 0.0), start + 0.01))
    assert lit.min() > 1.3 * dark.max()
    assert flash_at(flash.flashes[:1], start + 1.2) < 0.02
    assert not any(type(layer).__name__ == "Flash" for layer in layers_of(weather="rain")[1])


def test_a_bolt_is_seen_and_gone(layers_of):
    """A strong flash has a bolt that burns for less than half a second."""
    for seed in range(20):
        context, layers = layers_of(weather="storm", seed=seed, angle="low")
        bolts = [layer for layer in layers if type(layer).__name__ == "Bolt"]
        if bolts:
            break
    during = drawn(context, bolts[:1], t_s=bolts[0].start_s + 0.01)
    after = drawn(context, bolts[:1], t_s=bolts[0].start_s + 0.5)
    assert during.max() > 1.0
    np.testing.assert_allclose(after, 0.1, atol=1e-6)


@pytest.mark.budget
@pytest.mark.parametrize("asked", ["storm", "blizzard", "fog"])
def test_weather_keeps_its_budget(layers_of, asked):
    """Weather of a 1080p frame stays under three times the 15 cpu-ms it may take."""
    context, layers = layers_of(weather=asked, size=(1920, 1080))
    canvas = Canvas(1920, 1080)
    spent = []
    for index in range(4):
        start = time.process_time()
        for layer in layers:
            layer.draw(canvas, context.start, moment_of(index, frame_count=25, fps=24))
        spent.append(time.process_time() - start)
    assert min(spent[1:]) < 0.045
