"""One dog for all tests of the kit: building it is cheap, compiling what builds it is not."""

import math

import numpy as np
import pytest

from soundstage.render.previz.subjects.quadruped_rig import Rig, make_rig
from soundstage.render.previz.view import View


@pytest.fixture(scope="session")
def dog() -> Rig:
    """The default dog."""
    return make_rig("dog", "", 1.0, 7)


@pytest.fixture
def view() -> View:
    """A small frame that looks at the reference body's flank from five metres."""
    return View(
        eye_m=(0.0, 0.45, -5.0),
        width_px=320,
        height_px=180,
        focal_px=640.0,
        focus_m=5.0,
        aperture_px=0.0,
    )


@pytest.fixture
def sun_light() -> np.ndarray:
    """A light row: a white sun from above, left and behind the camera, weak ambient."""
    direction = np.array([-0.5, 0.5, -math.sqrt(0.5)])
    row = np.zeros(16, np.float32)
    row[0:3] = direction
    row[3:6] = 1.5
    row[6:9] = 0.2
    row[9:12] = 0.1
    row[12:15] = (0.0, 0.45, -5.0)
    row[15] = 0.5
    return row
