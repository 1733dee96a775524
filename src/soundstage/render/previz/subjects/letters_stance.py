"""Where a word stands, how large, and how it moves. Knows no light and no pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.repertoire import LETTERS, kind_of
from soundstage.render.previz.subjects.letters_mesh import THICK
from soundstage.render.previz.subjects.letters_type import read_letters

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.scene import Ground, SetContext
    from soundstage.render.previz.subjects.letters_mesh import Solid

f32 = np.float32
WIDEST = 0.77  #: of the frame, for one word
TALLEST = 0.36  #: of the frame, for one line; more lines get more
TALLEST_BLOCK = 0.58
LOWEST_MIDDLE = 0.30  #: of the frame's height from below: a word under it is lifted into the picture
STEEP_RAD = 0.42  #: a camera that looks down more than this sees letters leaning back toward it


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """A line of `[motion]` in data/letters.toml, with a phase of its own."""

    sway: float = 0.0  #: degrees
    spin: float = 0.0  #: turns a second
    hop: float = 0.0  #: capitals
    drift: float = 0.0  #: capitals
    lift: float = 0.0  #: capitals above the ground
    hertz: float = 0.11
    phase: float = 0.0

    def yaw_rad(self, t_s: float) -> float:
        """Return how far the word is turned."""
        swing = math.radians(self.sway) * math.sin(2 * math.pi * self.hertz * t_s + self.phase)
        return swing + 2 * math.pi * self.spin * t_s


def read_motion(action: str | None, rng: np.random.Generator) -> Motion:
    """Return the motion of a verb's stem; of standing still when the table has none."""
    table = read_letters()["motion"]
    line = table.get(action or "still", table["still"])
    # Whatever hops stands straight enough to be read at the start.
    return Motion(**line, phase=float(rng.uniform(-0.6, 0.6)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """A word's place in the world."""

    spot_m: tuple[float, float, float]  #: under its middle
    cap_m: float  #: height of a capital
    tilt_rad: float = 0.0  #: leaning back
    lift: float = 0.0  #: of a capital, above the ground

    def place(
        self, solid: Solid, motion: Motion, t_s: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the word's points and normals in the world at a time."""
        local = solid.points * f32(self.cap_m)
        turn = motion.hertz * t_s
        if motion.hop:
            beat = np.abs(np.sin(math.pi * (turn - 0.13 * np.arange(solid.letter.max() + 1)) + motion.phase))
            local[:, 1] += (beat * motion.hop * self.cap_m).astype(np.float32)[solid.letter]
        lift = motion.drift * math.sin(2 * math.pi * turn + motion.phase) * self.cap_m
        yaw = motion.yaw_rad(t_s)
        cy, sy, ct, st = math.cos(yaw), math.sin(yaw), math.cos(self.tilt_rad), math.sin(self.tilt_rad)
        lean = np.array([[1, 0, 0], [0, ct, -st], [0, st, ct]])
        spin = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        matrix = (spin @ lean).T.astype(np.float32)
        at = np.asarray(self.spot_m, np.float32) + np.array([0, lift, 0], np.float32)
        return (local @ matrix + at).astype(np.float32), (solid.normals @ matrix).astype(np.float32)

    def footprint(self, solid: Solid, motion: Motion) -> NDArray[np.float32]:
        """Return the corners (4, 3) of what the word covers of the ground at rest."""
        half_w, half_d = solid.width * self.cap_m / 2, THICK * self.cap_m / 2
        yaw = motion.yaw_rad(0.0) if not motion.spin else 0.0
        c, s = math.cos(yaw), math.sin(yaw)
        corners = [(-half_w, -half_d), (half_w, -half_d), (half_w, half_d), (-half_w, half_d)]
        x0, y0, z0 = self.spot_m
        y = y0 - self.lift * self.cap_m
        return np.array([[x0 + x * c + z * s, y, z0 - x * s + z * c] for x, z in corners], np.float32)


def stand(solid: Solid, index: int, ctx: SetContext, ground: Ground, motion: Motion) -> Stance:
    """Return where subject `index` stands: beside the others, inside the frame, as large as fits."""
    subjects = ctx.shot.subjects
    count = max(len(subjects), 1)
    view = ctx.start
    # Along the optical axis: a camera that looks down is farther away than the ground's own distance says.
    middle_m = np.array([[0.0, ground.height_m + 0.3, ground.stage_m]])
    half = view.half_width_m(float(max(view.to_camera(middle_m)[0, 2], 0.1)))
    frame_m = 2 * half * ctx.size.height / ctx.size.width
    x, y, z = ground.spot(min(index, count - 1), count)
    if count == 1:
        x, wide = 0.0, 2 * half * WIDEST
    elif all(kind_of(s).name == LETTERS for s in subjects):
        slot = 2 * half * 0.92 / count
        x, z, wide = -0.92 * half + slot * (index + 0.5), ground.stage_m, slot * 0.90
    else:
        wide = 2 * half / 3 / (count - 1) * 0.90
    lines = max(round(solid.height / 1.3), 1)
    tall = frame_m * (TALLEST if lines == 1 else TALLEST_BLOCK)
    swing = math.sin(min(math.radians(motion.sway), 1.2)) if not motion.spin else 1.0
    # The near end of a turned word comes closer and looks larger.
    near = 1 + swing * wide / 2 / max(z - ctx.start.eye_m[2], 0.3) * 0.5
    cap = min(wide / (solid.width + THICK * swing) / near, tall / solid.height)
    depth = max(z - view.eye_m[2], 0.1)
    tilt = -view.pitch_rad * 0.85 if view.pitch_rad < -STEEP_RAD else 0.0
    middle = view.eye_m[1] + math.tan(view.pitch_rad) * depth
    lowest = middle - frame_m / 2 + LOWEST_MIDDLE * frame_m
    base = max(y + motion.lift * cap, lowest - solid.height * cap / 2) if not tilt else y + 0.05 * cap
    # Wide and aerial shots see plenty of ground: there a word stands on it.
    return Stance(spot_m=(x, base, z), cap_m=cap, tilt_rad=tilt, lift=max(base - y, 0.0) / max(cap, 1e-6))
