"""The sound's layers as pictures need them: peaks of each lane, as JSON. Knows no sample."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from soundstage.film import Lane

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSION = 1


def to_peaks(lanes: Sequence[Lane], seconds: float) -> str:
    """Return lanes as JSON, each cut or filled with silence to the film's length.

    `{"version": 1, "points_per_second": 100, "seconds": 5.0, "lanes": [{"name": "voices", "peaks": [...]}]}`:
    a peak is the largest magnitude of its hundredth of a second, 0..1.
    """
    points = round(seconds * Lane.POINTS_PER_S)
    told = {
        "version": VERSION,
        "points_per_second": Lane.POINTS_PER_S,
        "seconds": seconds,
        "lanes": [
            {"name": lane.name, "peaks": [*lane.peaks[:points], *[0.0] * (points - len(lane.peaks))]}
            for lane in lanes
        ],
    }
    return json.dumps(told, separators=(",", ":")) + "\n"
