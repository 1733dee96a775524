"""The animal on a set: built from a subject, drawn from several threads, where it should be in the frame."""

import math
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest

from soundstage.film import Camera, FrameSize, Seconds, Shot, Subject
from soundstage.render.engine import Brief
from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.frame import moment_of
from soundstage.render.previz.scene import Ground
from soundstage.render.previz.staging import stage_context
from soundstage.render.previz.subjects.quadruped import build
from soundstage.render.previz.subjects.quadruped_rig import colour_word, entry_for, make_rig

SIZE = FrameSize(width=320, height=180)


def subject(**changes):
    told = {"noun": "golden retriever", "kind": "dog", "action": "run"} | changes
    return Subject(**told)


def stage(who, *, framing="wide", wetness=0.8, time_of_day="sunset", seed=3, fps=24):
    shot = Shot(
        index=0, start=Seconds(0.0), seconds=Seconds(2.0), text="", framing=framing, subjects=(who,),
        camera=Camera(move="track"), time_of_day=time_of_day,
    )  # fmt: skip
    brief = Brief(size=SIZE, fps=fps, frame_count=2 * fps, seed=seed, style="cinematic")
    ctx = stage_context(shot, brief)
    depth = ctx.camera.focus_m
    ground = Ground(
        wetness=wetness, albedo=(0.3, 0.2, 0.1), stage_m=depth, half_width_m=ctx.start.half_width_m(depth)
    )
    return ctx, build(who, 0, ctx, ground)


def draw(ctx, layers, index):
    canvas = Canvas(SIZE.width, SIZE.height)
    canvas.clear((0.3, 0.3, 0.3))
    moment = moment_of(index, frame_count=ctx.frame_count, fps=ctx.fps)
    for layer in layers:
        layer.draw(canvas, ctx.camera.view(moment.progress, moment.t_s), moment)
    return canvas.planes.copy()


def touched(planes):
    return np.abs(planes - 0.3).max(axis=0) > 0.02


def test_a_runner_stays_in_the_frame_and_leaves_room_ahead():
    """Through the whole shot the dog's mass is in the frame, behind its middle, and of the framing's size."""
    ctx, layers = stage(subject())
    for index in (0, 23, 47):
        # Above the belly, where no splash flies and no shadow falls.
        where = np.argwhere(touched(draw(ctx, layers, index))[:100])
        assert len(where) > 800
        left, right = np.percentile(where[:, 1], (1, 99))
        assert left > 8
        assert right < SIZE.width - 8
        assert (left + right) / 2 < SIZE.width / 2


def test_the_runner_moves_and_pictures_are_finite():
    """Two frames differ, all light is finite and not negative."""
    ctx, layers = stage(subject())
    first, second = draw(ctx, layers, 4), draw(ctx, layers, 7)
    assert np.abs(first - second).max() > 0.05
    for planes in (first, second):
        assert np.isfinite(planes).all()
        assert planes.min() >= 0


def test_threads_draw_what_one_draws():
    """A layer is not changed by drawing: frames drawn at once are those drawn one by one."""
    ctx, layers = stage(subject(count=2))
    alone = [draw(ctx, layers, k) for k in range(6)]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda k: draw(ctx, layers, k), range(6)))
    for a, b in zip(alone, together, strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_same_seed_builds_the_same_film():
    """Built twice it is the same to the bit; another seed gives other fur."""
    pictures = [draw(*stage(subject(), seed=s), 9) for s in (3, 3, 4)]
    np.testing.assert_array_equal(pictures[0], pictures[1])
    assert np.abs(pictures[0] - pictures[2]).max() > 0.01


@pytest.mark.parametrize("heading", ["left", "right", "toward", "away", None])
def test_it_faces_where_it_goes(heading):
    """The yaw and the velocity of the one agree to within the turn towards the camera."""
    _, (pack,) = stage(subject(heading=heading))
    actor = pack.actors[0]
    going = math.atan2(actor.velocity[2], actor.velocity[0])
    off = (actor.yaw - going + math.pi) % (2 * math.pi) - math.pi
    assert abs(off) < 0.5


def test_the_stride_covers_the_ground_it_runs_over():
    """Stride length times strides a second is the speed at which the camera goes."""
    for action in ("run", "walk", "move"):
        ctx, (pack,) = stage(subject(action=action))
        actor = pack.actors[0]
        gait = actor.going.gait
        assert gait.speed_m_s * actor.rig.scale == pytest.approx(abs(ctx.travel_m_s[0]), rel=1e-3)


@pytest.mark.parametrize("action", ["run", "walk", "move", "stand", "sit", "sing", None])
def test_every_action_can_be_drawn(action):
    """Known or not, an action gives a picture with a body in it."""
    ctx, layers = stage(subject(action=action))
    assert touched(draw(ctx, layers, 5)).mean() > 0.02


def test_wet_ground_mirrors_and_dry_ground_does_not():
    """Below the feet the wet picture holds more of the dog than the dry one."""
    pictures = [draw(*stage(subject(), wetness=w, time_of_day="noon"), 5) for w in (0.0, 1.0)]
    rows = np.flatnonzero(touched(pictures[1]).any(axis=1))
    assert rows[-1] > np.flatnonzero(touched(pictures[0]).any(axis=1))[-1]


def test_a_close_up_holds_the_head():
    """In a close-up the eye is in the middle half of the frame."""
    ctx, (pack,) = stage(subject(action="stand"), framing="close_up")
    actor = pack.actors[0]
    moment = moment_of(0, frame_count=ctx.frame_count, fps=ctx.fps)
    view = ctx.camera.view(0.0, 0.0)
    matrix = actor.at(moment, view).matrices[actor.rig.body.skeleton.index("head")]
    eyes = np.array([matrix @ np.append(d.at, 1) for d in actor.rig.decals if d.lid])
    x, y, _ = view.project(eyes)
    assert 0.15 * SIZE.width < x.min()
    assert x.max() < 0.85 * SIZE.width
    assert 0.15 * SIZE.height < y.min()
    assert y.max() < 0.7 * SIZE.height


def test_a_pack_has_as_many_as_are_asked_up_to_four():
    """Count is kept up to four; they stand apart."""
    for asked, got in ((1, 1), (3, 3), (9, 4)):
        _, (pack,) = stage(subject(count=asked))
        assert len(pack.actors) == got
        xs = sorted(a.start[0] for a in pack.actors)
        assert all(b - a > 0.1 for a, b in pairwise(xs))


def test_colour_words_dye_the_coat():
    """A black dog is dark, a white one light, and a red one redder than it is blue."""
    black, white, red = (
        np.median(make_rig("dog", c, 1.0, 3).albedo, axis=0) for c in ("black", "white", "red")
    )
    assert black.max() < 0.06
    assert white.min() > 0.4
    assert red[0] > 3 * red[2]


def test_nouns_find_their_entry():
    """A breed has its own entry, any other dog is the default, a kind stands for itself."""
    assert entry_for("husky", "dog") == "husky"
    assert entry_for("golden retriever", "dog") == "dog"
    assert entry_for("vixen", "fox") == "fox"
    assert entry_for("thing", None) == "dog"
    assert colour_word(("happy", "brown")) == "brown"
    assert colour_word(("happy",)) == ""


def test_a_puppy_is_small():
    """The young are smaller, with a larger head against the body."""
    _, (grown,) = stage(subject(noun="dog"))
    _, (young,) = stage(subject(noun="puppy"))
    assert young.actors[0].rig.scale < 0.7 * grown.actors[0].rig.scale


def test_a_rig_is_built_once():
    """The same character in another shot costs nothing."""
    assert make_rig("dog", "brown", 1.0, 5) is make_rig("dog", "brown", 1.0, 5)


@pytest.mark.budget
def test_building_and_drawing_cost_what_they_may():
    """A warm build takes under a second of CPU (budget 0.5 s), a small frame under 150 ms (budget 10 ms)."""
    ctx, layers = stage(subject(), seed=101)
    draw(ctx, layers, 0)
    start = time.process_time()
    ctx, layers = stage(subject(), seed=102)
    assert time.process_time() - start < 1.0
    start = time.process_time()
    draw(ctx, layers, 1)
    assert time.process_time() - start < 0.15
