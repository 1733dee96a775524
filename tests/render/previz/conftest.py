"""Shots made short, and frames drawn without an engine around them."""

from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from soundstage.film import Camera, FrameSize, Lens, Seconds, Shot, Subject
from soundstage.render.engine import Brief
from soundstage.render.previz.canvas import CanvasSet
from soundstage.render.previz.frame import draw_frame
from soundstage.render.previz.staging import stage_shot

FIREFLIES = Subject(noun="fireflies", kind="firefly", count=12, action="dance")


@dataclass(frozen=True)
class Drawn:
    """A frame as video bytes, and the linear light it was developed from."""

    video: np.ndarray
    light: np.ndarray
    height: int

    @property
    def luma(self):
        return self.video[: self.height].astype(np.float32)

    @property
    def bgr(self):
        return cv2.cvtColor(self.video, cv2.COLOR_YUV2BGR_I420)


def a_shot(*, move="static", heading=None, amplitude=0.5, lens=(50.0, 2.0), fireflies=True, **rest):
    """Return a shot: a close-up in the forest at twilight unless told otherwise."""
    told = {"framing": "close_up", "place": "forest", "time_of_day": "twilight"} | rest
    return Shot(
        index=0, start=Seconds(0), seconds=Seconds(2), text="",
        lens=Lens(focal_length_mm=lens[0], f_number=lens[1]),
        camera=Camera(move=move, heading=heading, amplitude=amplitude),
        subjects=(FIREFLIES,) if fireflies else (),
        **told,
    )  # fmt: skip


def a_brief(size=(128, 72), seed=7, frame_count=25):
    """Return a brief for frames of this size."""
    return Brief(
        size=FrameSize(width=size[0], height=size[1]),
        fps=24,
        frame_count=frame_count,
        seed=seed,
        style="cinematic",
    )


def frame_of(shot, *indices, brief=None):
    """Return frames of a shot, drawn one after the other on one canvas; for one index, the frame itself."""
    brief = brief or a_brief()
    scene = stage_shot(shot, brief)
    canvases = CanvasSet.make(brief.size.width, brief.size.height)
    drawn = []
    for index in indices or (0,):
        video = draw_frame(scene, brief, index, canvases)
        drawn.append(Drawn(video, canvases.full.planes.copy(), brief.size.height))
    return drawn[0] if len(drawn) == 1 else drawn


@pytest.fixture
def shot_of():
    return a_shot


@pytest.fixture
def brief_of():
    return a_brief


@pytest.fixture
def draw():
    return frame_of
