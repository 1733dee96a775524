"""The poster: a frame worth showing, in its true colours, small enough for a list."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from soundstage.film import Frames, FrameSize


def poster(cutter, make, pictures, size):
    key = make.key(0, len(pictures), size=size)
    cutter.bench.shoot(
        key, iter([Frames(first=n, rgb=p[None]) for n, p in enumerate(pictures)]), lambda _: None
    )
    with Image.open(cutter.join([key]).file("poster").path) as image:
        assert image.format == "JPEG"
        return np.asarray(image.convert("RGB")).astype(int)


def flat(size, colour):
    return np.broadcast_to(np.array(colour, np.uint8), (size.height, size.width, 3)).copy()


def test_not_the_black_beginning(cutter, make):
    """A film that fades in from black and out to white is not shown by its black or its white."""
    size = FrameSize(width=192, height=108)
    lively = flat(size, (40, 60, 90))
    lively[20:80, 40:120] = (220, 120, 40)
    pictures = [flat(size, (0, 0, 0))] * 60 + [lively] * 30 + [flat(size, (255, 255, 255))] * 30
    shown = poster(cutter, make, pictures, size)
    assert shown[50, 80, 0] > 180
    assert shown[50, 80, 2] < 80


def test_first_frame_alone(cutter, make):
    """A film of one frame has that frame as its poster, black as it may be."""
    size = FrameSize(width=64, height=64)
    assert poster(cutter, make, [flat(size, (0, 0, 0))], size).max() < 12


@pytest.mark.parametrize("colour", [(200, 40, 40), (40, 160, 60), (50, 70, 200), (224, 172, 138)])
def test_true_colours(cutter, make, colour):
    """What was red in the engine is the same red on the poster, through BT.709 there and back."""
    size = FrameSize(width=64, height=64)
    shown = poster(cutter, make, [flat(size, colour)] * 3, size)
    assert np.abs(np.median(shown, axis=(0, 1)) - colour).max() <= 5


@pytest.mark.parametrize(
    ("width", "height", "shown"),
    [(1920, 1080, (1280, 720)), (1080, 1920, (1080, 1920)), (640, 360, (640, 360))],
)
def test_size(cutter, make, width, height, shown):
    """A poster is at most 1280 pixels wide and keeps the film's shape."""
    size = FrameSize(width=width, height=height)
    picture = poster(cutter, make, [flat(size, (90, 120, 60))], size)
    assert (picture.shape[1], picture.shape[0]) == shown
