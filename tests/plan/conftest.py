"""What the planner's tests share: an order in one line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from soundstage.film import FrameSize, Order, ShotRequest

sys.path.insert(0, str(Path(__file__).parent))  # `cases`, `scoring` and `matching` are found here


def make_order(prompt=None, *, shots=(), seconds=5.0, **fields):
    """Return an order as the wire would, with any field overruled."""
    known = {
        "order_id": "00000000-0000-4000-8000-000000000000",
        "endpoint": "fal-ai/kling-video/v3/pro/text-to-video",
        "prompt": prompt,
        "shots": tuple(ShotRequest(prompt=text, seconds=length) for text, length in shots),
        "seconds": seconds,
        "size": FrameSize(width=1920, height=1080),
        "fps": 24,
        "generate_audio": True,
        "shot_type": "customize",
        "negative_prompt": "blur, distort, and low quality",
        "cfg_scale": 0.5,
        "seed": 7,
        "engine": "previz",
        "captions": "both",
    }
    return Order(**(known | fields))


@pytest.fixture
def order():
    """Makes orders."""
    return make_order
