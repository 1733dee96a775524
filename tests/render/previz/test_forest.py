"""The forest and its fireflies, looked at as pictures."""

from dataclasses import replace
from itertools import product

import cv2
import numpy as np
import pytest

TIMES = ["sunrise", "noon", "golden_hour", "sunset", "twilight", "night"]


@pytest.mark.parametrize(
    ("time", "weather"),
    [*product(TIMES, ["clear"]), ("noon", "fog"), ("twilight", "rain"), ("morning", "snow")],
)
def test_forest_is_neither_black_nor_flat(shot_of, draw, time, weather):
    """At every time and in every weather the forest has depth: finite light, dark and bright places."""
    frame = draw(
        shot_of(time_of_day=time, weather=weather, framing="wide", lens=(35.0, 4.0), fireflies=False)
    )
    assert np.isfinite(frame.light).all()
    assert 24 < frame.luma.mean() < 215
    assert np.percentile(frame.luma, 97) - np.percentile(frame.luma, 3) > 25
    assert cv2.resize(frame.luma, (16, 9), interpolation=cv2.INTER_AREA).std() > 5


def test_times_of_day_are_told_apart(shot_of, draw):
    """Noon is brighter than night; sunset is warm where twilight is cool."""
    frames = {t: draw(shot_of(time_of_day=t, fireflies=False, framing="wide")) for t in TIMES}
    assert frames["noon"].luma.mean() > frames["night"].luma.mean() + 30
    warmth = {t: float(f.bgr[..., 2].mean()) - float(f.bgr[..., 0].mean()) for t, f in frames.items()}
    assert warmth["sunset"] > 20
    assert warmth["twilight"] < 0


def test_snow_whitens_the_floor(shot_of, draw):
    """Lying snow makes the lower third of a wide shot paler and less colourful."""
    bare, white = (
        draw(shot_of(time_of_day="morning", weather=w, framing="wide", fireflies=False)).bgr[48:].astype(int)
        for w in ("overcast", "snow")
    )
    assert white.mean() > bare.mean() + 25
    assert np.ptp(white, axis=2).mean() < np.ptp(bare, axis=2).mean()


def test_fireflies_only_when_asked(shot_of, draw):
    """A forest without fireflies has no lamps in it; with them it has bright warm points."""
    without, with_them = draw(shot_of(fireflies=False)), draw(shot_of())
    assert without.luma.max() < 170
    assert with_them.luma.max() > 220
    assert (with_them.luma > 150).mean() > 4 * (without.luma > 150).mean()


def test_fireflies_light_the_grass(shot_of, brief_of):
    """Grass near a lamp is brighter than the same grass without it."""
    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.frame import moment_of
    from soundstage.render.previz.places.undergrowth import Thicket
    from soundstage.render.previz.staging import stage_shot

    brief = brief_of((320, 180))
    scene = stage_shot(shot_of(), brief)
    thicket = next(la for la in scene.layers if isinstance(la, Thicket) and not la.soft)
    view = scene.camera.view(0, 0)
    dark = moment_of(0, frame_count=25, fps=24)
    lamp = np.array(
        [[0.0, view.eye_m[1] - 0.05, view.eye_m[2] + scene.camera.focus_m, 1, 0.8, 0.2, 1]], np.float32
    )
    light = []
    for moment in (dark, replace(dark, lamps=lamp)):
        canvas = Canvas(320, 180)
        thicket.draw(canvas, view, moment)
        x, y, _ = (int(v[0]) for v in view.project(lamp[:, :3]))
        light.append(canvas.planes[:, y - 12 : y + 12, x - 12 : x + 12].sum())
    assert light[1] > 1.5 * light[0]


def test_same_seed_same_bytes_other_seed_other_bytes(shot_of, brief_of, draw):
    """A film repeats itself to the byte; another seed grows another forest, not just other grain."""
    one, same = (draw(shot_of(), 7, brief=brief_of(seed=5)) for _ in range(2))
    assert one.video.tobytes() == same.video.tobytes()
    other = draw(shot_of(), 7, brief=brief_of(seed=6))
    assert np.abs(one.luma - other.luma).mean() > 6


def test_a_frame_does_not_depend_on_those_before_it(shot_of, draw):
    """Drawn after another or alone on a fresh canvas, a frame is the same."""
    _, after = draw(shot_of(), 3, 20)
    assert after.video.tobytes() == draw(shot_of(), 20).video.tobytes()


def test_the_picture_lives(shot_of, draw):
    """Even a static shot moves: flies, mist and grass; from one frame to the next it does not jump."""
    first, second, last = draw(shot_of(), 0, 1, 24)
    assert np.abs(cv2.GaussianBlur(first.luma - last.luma, (0, 0), 2)).mean() > 1.0
    assert np.abs(first.luma - second.luma).mean() < 6


def matched(before, after):
    """Return the shift (x, y) of the best match of the middle of `before` within `after`."""
    h, w = before.shape
    piece = before[h // 4 : 3 * h // 4, w // 4 : 3 * w // 4]
    found = cv2.matchTemplate(after, piece, cv2.TM_CCOEFF_NORMED)
    _, score, _, (x, y) = cv2.minMaxLoc(found)
    return x - w // 4, y - h // 4, score


def test_a_pan_shifts_the_picture(shot_of, brief_of, draw):
    """Halfway between two moments of a pan to the right, what was seen has moved left."""
    brief = brief_of((256, 144))
    shot = shot_of(move="pan", heading="right", fireflies=False, framing="wide", amplitude=0.3)
    first, later = draw(shot, 11, 13, brief=brief)
    dx, dy, score = matched(first.luma, later.luma)
    assert score > 0.6
    assert dx < -2
    assert abs(dy) <= 1


def test_a_dolly_in_enlarges(shot_of, brief_of, draw):
    """After a dolly in, the picture fits the old one enlarged better than the old one as it was."""
    brief = brief_of((256, 144))
    first, last = draw(
        shot_of(move="dolly_in", fireflies=False, framing="wide", time_of_day="noon"), 6, 14, brief=brief
    )
    scores = {}
    for scale in (0.87, 1.0, 1.05, 1.1, 1.15, 1.2, 1.3):
        wide = cv2.resize(first.luma, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        h, w = wide.shape
        piece = wide[h // 2 - 32 : h // 2 + 32, w // 2 - 56 : w // 2 + 56]
        scores[scale] = cv2.matchTemplate(last.luma, piece, cv2.TM_CCOEFF_NORMED).max()
    assert max(scores, key=scores.get) > 1.0, scores


@pytest.mark.parametrize("size", [(64, 36), (72, 128), (96, 96), (130, 74), (320, 136)])
def test_every_shape_of_frame_is_filled(shot_of, brief_of, draw, size):
    """Wide, tall and square frames are composed for their shape: no black edge, and the flies are inside."""
    frame = draw(shot_of(), 12, brief=brief_of(size))
    assert np.isfinite(frame.light).all()
    border = np.concatenate([frame.luma[0], frame.luma[:, 0], frame.luma[:, -1]])
    assert border.mean() > 20
    assert (frame.luma > 150).any()


def test_small_frames_look_like_large_ones_made_smaller(shot_of, brief_of, draw):
    """All sizes scale with the frame: 180p is 540p made smaller, but for fine detail and grain."""
    large = draw(shot_of(), 12, brief=brief_of((960, 540))).luma
    small = draw(shot_of(), 12, brief=brief_of((320, 180))).luma
    shrunk = cv2.resize(large, (320, 180), interpolation=cv2.INTER_AREA)
    soft = [cv2.GaussianBlur(v, (0, 0), 3) for v in (shrunk, small)]
    assert np.corrcoef(soft[0].ravel(), soft[1].ravel())[0, 1] > 0.93
    assert abs(shrunk.mean() - small.mean()) < 6


def test_motes_float_only_when_the_words_ask(shot_of, brief_of, draw):
    """Bioluminescent particles are seen when the light says so, and not otherwise."""
    plain = shot_of(fireflies=False)
    bare, motes = (
        draw(s, brief=brief_of((320, 180))).luma for s in (plain, replace(plain, light=("particles",)))
    )
    assert (motes - bare > 12).sum() > 60


def test_a_travelling_camera_never_leaves_the_forest(shot_of, brief_of):
    """After a hundred metres beside a running lead there are still trees: cards repeat sideways."""
    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.card import Card
    from soundstage.render.previz.frame import moment_of
    from soundstage.render.previz.staging import stage_shot

    scene = stage_shot(shot_of(fireflies=False, framing="wide"), brief_of())
    card = [la for la in scene.layers if isinstance(la, Card) and la.drift_m_s == 0][2]
    far = replace(scene.camera, travel_m_s=(20.0, 0.0, 0.0)).view(0.0, 5.0).scaled(0.5)
    canvas = Canvas(64, 36)
    card.draw(canvas, far, moment_of(0, frame_count=25, fps=24))
    assert canvas.planes[0].max(axis=0).min() >= 0
    assert (canvas.planes.sum(axis=(0, 1)) > 0).mean() > 0.5
