"""From a viseme track to the shape of a mouth. Knows no face and no sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.render.previz.subjects.humanoid_mouth import Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.film import LipTrack

#: What a viseme does to lips: how open at full voice, spread, pursed. Louder is wider.
_LIPS: Mapping[str, tuple[float, float, float]] = {
    "rest": (0.0, 0.0, 0.0),
    "closed": (0.0, 0.1, 0.05),
    "teeth": (0.16, 0.15, 0.0),
    "tongue": (0.40, 0.1, 0.0),
    "narrow": (0.30, 0.25, 0.0),
    "wide": (0.50, 0.75, 0.0),
    "open": (1.0, 0.1, 0.0),
    "round": (0.55, -0.2, 0.85),
}
_GLIDE_S = 0.045  #: lips are under way to the next shape this long before it is heard


def shape_of(track: LipTrack, film_s: float) -> Shape:
    """Return what the mouth does at a second of the film: lips glide from one shape to the next."""
    total = [0.0, 0.0, 0.0]
    steps = (-1.0, 0.0, 1.0)
    for step in steps:
        viseme = track.at(min(max(film_s + step * _GLIDE_S, track.start_s), track.end_s - 1e-3))
        opened, wide, pursed = _LIPS[viseme.shape if viseme else "rest"]
        for i, value in enumerate((opened, wide, pursed)):
            total[i] += value / len(steps)
    loud = track.openness_at(film_s)
    return Shape(
        opened=min(1.15 * loud * (0.35 + 0.65 * total[0]) * min(4 * total[0], 1.0), 1.0),
        wide=total[1],
        round=total[2],
    )
