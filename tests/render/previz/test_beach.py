"""The beach, looked at as pictures."""

import time
from dataclasses import replace

import numpy as np
import pytest

from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.frame import moment_of
from soundstage.render.previz.places import beach
from soundstage.render.previz.sky import horizon_rows
from soundstage.render.previz.staging import stage_context

WEATHERS = ["clear", "overcast", "fog", "rain", "storm", "snow"]
WIDE = {"place": "beach", "framing": "wide", "lens": (35.0, 4.0), "fireflies": False}


@pytest.fixture
def layers_of(shot_of, brief_of):
    """Return a beach's context and place."""

    def build(size=(160, 90), **shot):
        context = stage_context(shot_of(**(WIDE | shot)), brief_of(size=size))
        return context, beach.build(context)

    return build


@pytest.mark.parametrize(
    ("time_of_day", "weather"),
    [
        ("noon", "clear"),
        ("golden_hour", "clear"),
        ("sunset", "clear"),
        ("twilight", "clear"),
        ("night", "clear"),
    ]
    + [("afternoon", w) for w in WEATHERS],
)
def test_beach_has_depth_at_every_hour(shot_of, draw, time_of_day, weather):
    """Every hour and weather gives finite light that is neither black, nor white, nor flat."""
    frame = draw(shot_of(**WIDE, time_of_day=time_of_day, weather=weather))
    assert np.isfinite(frame.light).all()
    assert 18 < frame.luma.mean() < 225
    spread = 6 if weather in ("fog", "snow") else 20
    assert np.percentile(frame.luma, 97) - np.percentile(frame.luma, 3) > spread


@pytest.mark.parametrize("size", [(128, 72), (72, 128), (96, 96)])
@pytest.mark.parametrize("angle", ["eye", "low", "high", "top", "dutch"])
def test_beach_serves_every_aspect_and_angle(shot_of, brief_of, draw, size, angle):
    """Wide, tall and square frames from any angle are painted to the last pixel, rolled or not."""
    frame = draw(
        shot_of(**WIDE, angle=angle, time_of_day="noon", move="orbit"), 20, brief=brief_of(size=size)
    )
    assert np.isfinite(frame.light).all()
    assert frame.light.sum(axis=0).min() > 0.02


def test_water_moves_and_dry_sand_does_not(layers_of):
    """Between two moments of a fixed camera the sea changes and the nearest sand stays."""
    context, place = layers_of(time_of_day="noon")
    frames = []
    for t in (0, 20):
        canvas = Canvas(160, 90)
        for layer in place.layers:
            if type(layer).__name__ in ("Shore", "Waves"):
                layer.draw(canvas, context.start, moment_of(t, frame_count=25, fps=24))
        frames.append(canvas.planes.copy())
    moved = np.abs(frames[0] - frames[1]).max(axis=0)
    horizon = int(max(horizon_rows(context.start)))
    assert moved[horizon + 1 : horizon + 12].mean() > 0.01
    assert moved[-12:].max() < 2e-3


def test_waves_stand_above_the_sea(layers_of):
    """Waves change a band at the shore, and nothing of the sky well above the horizon."""
    context, place = layers_of(time_of_day="noon", size=(320, 180))
    waves = next(layer for layer in place.layers if type(layer).__name__ == "Waves")
    canvas = Canvas(320, 180)
    canvas.clear((0.25, 0.25, 0.25))
    waves.draw(canvas, context.start, moment_of(0, frame_count=25, fps=24))
    changed = np.abs(canvas.planes - 0.25).max(axis=0) > 0.01
    rows = np.flatnonzero(changed.any(axis=1))
    horizon = max(horizon_rows(context.start))
    assert changed.mean() > 0.02
    assert rows.min() > horizon - 0.12 * 180
    assert rows.max() < 0.85 * 180


def test_a_breaker_lives_from_outside_to_the_shore(layers_of):
    """A wave rises far out, comes nearer, breaks more the nearer it is, and is gone at the shore line."""
    _, place = layers_of()
    waves = next(layer for layer in place.layers if type(layer).__name__ == "Waves")
    seen = sorted(w for t in np.arange(0, 9, 0.5) for w in waves.standing(float(t)))
    z = np.array([w[0] for w in seen]) - waves.shore_z
    breaking = np.array([w[3] for w in seen])
    assert z.min() > 0
    assert z.max() < 31
    assert breaking[z < 4].mean() > 0.8
    assert breaking[z > 24].mean() < 0.2


def test_wet_sand_reflects_the_sky(layers_of):
    """Doubling the sky's light brightens wet sand at the water much more than dry sand at the lens."""
    context, place = layers_of(time_of_day="noon", size=(160, 90))
    shore = next(layer for layer in place.layers if type(layer).__name__ == "Shore")
    bright = replace(shore, sky=replace(shore.sky, paint=shore.sky.paint * np.float32(2)))
    pictures = []
    for layer in (shore, bright):
        canvas = Canvas(160, 90)
        layer.draw(canvas, context.start, moment_of(0, frame_count=25, fps=24))
        pictures.append(canvas.planes.copy())
    gain = (pictures[1] / np.maximum(pictures[0], 1e-5)).mean(axis=(0, 2))
    horizon = int(max(horizon_rows(context.start)))
    wet = gain[horizon + 14 : horizon + 22].max()
    assert wet > 1.25
    assert wet > gain[-4:].mean() + 0.1


def test_rain_and_swash_make_ground_wet(layers_of):
    """Subjects are told of a wet shore on a clear day already, and of a wetter one in rain."""
    _, dry = layers_of(weather="clear")
    _, wet = layers_of(weather="rain")
    assert 0.3 < dry.ground.wetness < wet.ground.wetness <= 1


def test_a_tracking_camera_sees_streaks_not_grain(layers_of):
    """When the camera runs along, sand keeps its contrast downwards and loses what is fine across."""
    context, _ = layers_of(size=(640, 360), time_of_day="noon")

    def fine_across(speed_m_s):
        place = beach.build(replace(context, travel_m_s=(speed_m_s, 0.0, 0.0)))
        shore = next(layer for layer in place.layers if type(layer).__name__ == "Shore")
        canvas = Canvas(640, 360)
        shore.draw(canvas, context.start, moment_of(0, frame_count=25, fps=24))
        sand = canvas.planes[1, 300:]
        return np.abs(np.diff(sand, axis=1)).mean() / np.abs(np.diff(sand, axis=0)).mean()

    assert fine_across(6.0) < 0.7 * fine_across(0.0)


def test_the_sea_stays_behind_a_runner(layers_of):
    """A lead that runs toward the water does not reach it within the shot."""
    context, _ = layers_of()
    place = beach.build(replace(context, travel_m_s=(0.0, 0.0, 4.0)))
    waves = next(layer for layer in place.layers if type(layer).__name__ == "Waves")
    assert waves.shore_z > place.ground.stage_m + 4.0 * context.seconds


def test_same_shot_same_pixels(shot_of, draw):
    """The beach is repeatable, and a frame does not depend on the one drawn before it."""
    shot = shot_of(**WIDE, time_of_day="sunset")
    alone = draw(shot, 9)
    _, after = draw(shot, 3, 9)
    np.testing.assert_array_equal(alone.video, after.video)


def test_the_shore_lies_where_the_view_says(layers_of):
    """A shore that is wider by half a frame on either side shows the same between: columns stay in place."""
    context, place = layers_of(size=(320, 180), time_of_day="noon")
    shore = next(layer for layer in place.layers if isinstance(layer, beach.Shore))
    planes = []
    for width in (320, 640):
        canvas = Canvas(width, 180)
        shore.draw(canvas, replace(context.start, width_px=width), moment_of(3, frame_count=25, fps=24))
        planes.append(canvas.planes)
    single, double = planes
    # The middle of the wider frame sees what the narrower one sees.
    part = double[:, :, 160:480]
    lit = single.sum(axis=0) > 0
    assert lit.sum() > 0.3 * lit.size
    assert np.abs(part - single)[:, lit].mean() < 0.02 * single[:, lit].mean()


@pytest.mark.budget
def test_beach_keeps_its_budget(layers_of):
    """Sky, sea, sand and breakers of a 1080p frame stay under three times what they were measured at."""
    context, place = layers_of(size=(1920, 1080), time_of_day="sunset")
    full, back = Canvas(1920, 1080), Canvas(960, 540, scale=0.5)

    def draw_all(index):
        moment = moment_of(index, frame_count=25, fps=24)
        for layer in place.layers:
            view = context.start.scaled(0.5) if layer.focus == "back" else context.start
            layer.draw(back if layer.focus == "back" else full, view, moment)

    draw_all(0)
    spent = []
    for index in range(1, 4):
        start = time.process_time()
        draw_all(index)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.095
