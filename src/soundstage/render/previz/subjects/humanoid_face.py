"""What a face does at a moment: blinks, looks about, speaks, feels. Turns of bones and shapes of its pieces.

Knows no scene; `data/poses.toml` names the feelings that go with a pose.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from soundstage.render.previz.rig.skeleton import Turn
from soundstage.render.previz.subjects.humanoid_eyes import LOWER_RAD, UPPER_RAD
from soundstage.render.previz.subjects.humanoid_mouth import Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.render.previz.rig.skeleton import Pose

_GAZE_RAD = 0.42  #: how far an eye turns for a gaze of 1
_JAW_RAD = 0.17  #: how far a wide open mouth's jaw turns
_SWELL_S = 0.45  #: a feeling comes this fast


@dataclass(frozen=True, slots=True, kw_only=True)
class Mien:
    """What a face does at a moment."""

    eyes_open: float = 1.0
    gaze: tuple[float, float] = (0.0, 0.0)  #: left and up, -1..1
    mouth: Shape = field(default_factory=Shape)
    brow_in: float = 0.0  #: inner ends: 1 raised, -1 lowered
    brow_out: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeling:
    """A line of `[faces]` in `data/poses.toml`: what is added to a face at rest."""

    smile: float = 0.28
    mouth: float = 0.0  #: how open it is
    wide: float = 0.0
    round: float = 0.0
    brow_in: float = 0.0
    brow_out: float = 0.0
    squint: float = 0.0  #: 1 shuts the eyes
    gaze_up: float = 0.0
    gaze_left: float = 0.0
    pulse: float = 0.0  #: how much of `mouth` comes and goes, as in laughter
    hertz: float = 2.6


def turns_of(mien: Mien) -> Pose:
    """Return how jaw, eyes and lids stand."""
    left, up = mien.gaze
    shut = 1 - mien.eyes_open
    # Lids go along with a look up or down; wide eyes show more of the white.
    upper = -(UPPER_RAD + 0.72 * LOWER_RAD) * shut + 0.20 * up * mien.eyes_open
    lower = 0.26 * LOWER_RAD * shut + 0.10 * up * mien.eyes_open
    found: Pose = {"jaw": Turn(z=-_JAW_RAD * mien.mouth.opened)}
    for side in "LR":
        found["eye" + side] = Turn(y=-_GAZE_RAD * left, z=0.8 * _GAZE_RAD * up)
        found["lid" + side] = Turn(z=upper)
        found["lol" + side] = Turn(z=lower)
    return found


def mien_of(
    t_s: float, phase: float, feeling: Feeling, spoken: Shape | None, gaze: tuple[float, float] | None
) -> Mien:
    """Return a face: a feeling, over it what is spoken, and the eyes' own life."""
    pulse = 1 - feeling.pulse * (0.5 + 0.5 * math.sin(2 * math.pi * feeling.hertz * t_s + 9 * phase))
    opened = feeling.mouth * pulse
    shape = Shape(opened=opened, wide=feeling.wide, round=feeling.round, smile=feeling.smile)
    lift = 0.0
    if spoken is not None:
        shape = Shape(
            opened=max(spoken.opened, 0.4 * opened),
            wide=spoken.wide + 0.4 * feeling.wide,
            round=spoken.round,
            smile=feeling.smile * 0.7,
        )
        lift = 0.35 * max(spoken.opened - 0.35, 0.0) + 0.25 * math.sin(1.9 * t_s + 5 * phase)
    eyes = gaze_at(t_s, phase) if gaze is None else gaze
    return Mien(
        eyes_open=eyes_open(t_s, phase) * (1 - feeling.squint),
        gaze=(eyes[0] + feeling.gaze_left, eyes[1] + feeling.gaze_up),
        mouth=shape,
        brow_in=feeling.brow_in + lift,
        brow_out=feeling.brow_out + lift,
    )


def eyes_open(t_s: float, phase: float) -> float:
    """Blink for a seventh of a second every three or so."""
    into = (t_s + 3.1 * phase + 1.0) % (2.7 + phase)
    return abs(into / 0.085 - 1) if into < 0.17 else 1.0


def gaze_at(t_s: float, phase: float) -> tuple[float, float]:
    """Return where the eyes look: held for a second or so, then a quick jump elsewhere."""
    step = (t_s + 5 * phase) / 1.3
    k = math.floor(step)
    share = min((step - k) / 0.06, 1.0)
    share = share * share * (3 - 2 * share)
    (a, b), (c, d) = _look(k - 1, phase), _look(k, phase)
    return a + (c - a) * share, b + (d - b) * share


def speech(t_s: float, phase: float) -> Shape:
    """Return a mouth that speaks unheard: syllables of uneven length, with pauses between phrases."""
    beat = 0.5 + 0.5 * math.sin(2 * math.pi * 4.1 * t_s + 2.0 * math.sin(2.3 * t_s + 6 * phase))
    stress = 0.55 + 0.45 * math.sin(2 * math.pi * 1.15 * t_s + 5 * phase)
    pause = 1.0 if (t_s + 1.7 * phase) % 2.6 > 0.35 else 0.0
    vowel = math.sin(2 * math.pi * 1.37 * t_s + 4 * phase)
    return Shape(
        opened=0.75 * beat**1.5 * stress * pause,
        wide=0.5 * max(vowel, 0) * pause,
        round=0.6 * max(-vowel, 0) * pause,
    )


def feeling_of(row: Mapping[str, float], t_s: float) -> Feeling:
    """Return a feeling from a line of the table, `t_s` after it began: faces do not jump."""
    share = min(max(t_s / _SWELL_S, 0.0), 1.0)
    share = share * share * (3 - 2 * share)
    calm = Feeling()
    mixed = {
        name: value if name == "hertz" else getattr(calm, name) + (value - getattr(calm, name)) * share
        for name, value in row.items()
    }
    return Feeling(**mixed)


def _look(k: int, phase: float) -> tuple[float, float]:
    s = math.sin(12.9898 * k + 78.233 * phase) * 43758.5453
    r = s - math.floor(s)
    return (0.6 * (r - 0.5) if r > 0.45 else 0.0), 0.3 * (((7 * r) % 1.0) - 0.5)
