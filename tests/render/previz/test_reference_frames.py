"""Frames of every kernel family against stored ones: a picture must not change unseen.

After a change that is meant, look at the new frames (`make sheets`), then store them:
`STORE_REFERENCES=1 pytest tests/render/previz/test_reference_frames.py`.
"""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from soundstage.film import Camera, FrameSize, Lens, Seconds, Shot, Subject
from soundstage.render.engine import Brief, Workplace
from soundstage.render.previz.engine import PrevizEngine

FOLDER = Path(__file__).parent / "reference"
SIZE = FrameSize(width=192, height=108)
PSNR_DB = 40.0  #: fastmath may differ by processor; grain alone is 46 dB, a lost layer under 30

SHOTS = {
    "fireflies": {
        "place": "forest",
        "time_of_day": "twilight",
        "framing": "close_up",
        "lens": Lens(focal_length_mm=65.0, f_number=1.8),
        "light": ("glowing", "bioluminescent", "bokeh"),
        "subjects": (Subject(noun="fireflies", kind="firefly", count=40, action="dance"),),
    },
    "retriever": {
        "place": "beach",
        "time_of_day": "sunset",
        "camera": Camera(move="track"),
        "subjects": (Subject(noun="golden retriever", kind="dog", action="run", heading="right"),),
    },
    "forest_rain": {"place": "forest", "time_of_day": "noon", "weather": "rain"},
    "beach_noon": {"place": "beach", "time_of_day": "noon", "weather": "cloudy"},
    "letters_snow": {
        "place": "open",
        "time_of_day": "sunrise",
        "weather": "snow",
        "subjects": (Subject(noun="zorb", kind=None, attributes=("red",)),),
    },
    "city_night": {"place": "city_street", "time_of_day": "night", "light": ("neon",)},
    "studio": {"place": "studio", "subjects": (Subject(noun="teapot", kind=None, attributes=("silver",)),)},
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """The engine, opened once."""
    made = PrevizEngine(Workplace(cache_dir=tmp_path_factory.mktemp("cache"), workers=1))
    made.open()
    yield made
    made.close()


@pytest.mark.parametrize("name", SHOTS)
def test_frame_is_as_it_was(engine, name):
    """The last frame of half a second is the stored one, but for grain and rounding."""
    shot = Shot(index=0, start=Seconds(0.0), seconds=Seconds(0.5), text=name, **SHOTS[name])
    brief = Brief(size=SIZE, fps=24, frame_count=12, seed=7, style="cinematic")
    *_, last = engine.render(shot, brief)
    frame = last.yuv420[-1]
    stored = FOLDER / f"{name}.png"
    if os.environ.get("STORE_REFERENCES") == "1":
        cv2.imwrite(str(stored), frame)
    reference = cv2.imread(str(stored), cv2.IMREAD_GRAYSCALE)
    error = np.mean((frame.astype(np.float32) - reference.astype(np.float32)) ** 2)
    assert 10 * np.log10(255**2 / max(error, 1e-9)) > PSNR_DB, f"{name} changed; look at it, then store it"
