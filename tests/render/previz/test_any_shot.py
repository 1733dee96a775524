"""Whatever a screenplay may hold is drawn: places, kinds, deeds, framings, moves, styles by chance."""

import random
import tomllib
from importlib import resources
from typing import get_args

import pytest

from soundstage import screenplay
from soundstage.film import Camera, FrameSize, Seconds, Shot, Subject
from soundstage.render.engine import Brief
from soundstage.render.previz.canvas import CanvasSet
from soundstage.render.previz.frame import draw_frame
from soundstage.render.previz.repertoire import read_kinds
from soundstage.render.previz.staging import stage_shot

SIZES = [(160, 90), (90, 160), (120, 120)]
FRAMES = 48


def _names(table):
    text = resources.files("soundstage.plan.data").joinpath(f"{table}.toml").read_text(encoding="utf-8")
    return sorted(tomllib.loads(text))


def any_shot(draw):
    """Return a shot that a prompt may ask for, its brief's style and its size."""
    kinds = sorted(read_kinds())
    subjects = [
        Subject(noun=kind, kind=kind, count=draw.choice([1, 1, 2, 7]), action=draw.choice(_names("verbs")))
        for kind in draw.choices(kinds, k=draw.choice([0, 1, 1, 2, 3]))
    ]
    camera = Camera(
        move=draw.choice(get_args(screenplay.Move)),
        heading=draw.choice([None, *get_args(screenplay.Heading)]),
        amplitude=draw.random(),
        speed=draw.random(),
    )
    shot = Shot(
        index=0, start=Seconds(0), seconds=Seconds(2), camera=camera, subjects=tuple(subjects),
        framing=draw.choice(get_args(screenplay.Framing)),
        angle=draw.choice(get_args(screenplay.Angle)),
        place=draw.choice(_names("places")),
        time_of_day=draw.choice(get_args(screenplay.TimeOfDay)),
        weather=draw.choice(get_args(screenplay.Weather)),
        pace=draw.choice(get_args(screenplay.Pace)),
    )  # fmt: skip
    return shot, draw.choice(_names("styles")), draw.choice(SIZES)


@pytest.mark.parametrize("seed", range(16))
def test_any_shot_is_drawn(seed):
    """No mix of what the tables name breaks the engine, or gives a frame with nothing to see."""
    shot, style, (width, height) = any_shot(random.Random(seed))
    brief = Brief(
        size=FrameSize(width=width, height=height), fps=24, frame_count=FRAMES, seed=seed, style=style
    )
    scene = stage_shot(shot, brief)
    canvases = CanvasSet.make(width, height)
    for index in (0, FRAMES - 1):
        luma = draw_frame(scene, brief, index, canvases)[:height]
        assert luma.std() > 1.5, (shot, style)  # fog at night has 3, a frame of one colour 0
