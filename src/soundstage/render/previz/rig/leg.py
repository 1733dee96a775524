"""A leg: its bones, the skin of its sole, and the turns that make it reach a point. Knows no gait."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEGS = ("FL", "FR", "HL", "HR")


@dataclass(frozen=True, slots=True)
class Leg:
    """Four bones from hip or shoulder to paw, and the point of the sole that meets the ground."""

    name: str  #: one of LEGS
    trunk: str  #: the bone it hangs from
    bones: tuple[str, str, str, str]  #: upper, lower, shank, paw
    sole: tuple[float, float]  #: x, y in the rest pose


@dataclass(frozen=True, slots=True)
class Sole:
    """The skin of a paw in the rest pose, as skinned."""

    points: NDArray[np.float32]  #: (n, 3)
    bones: NDArray[np.int32]  #: (n, 4)
    weights: NDArray[np.float32]  #: (n, 4)

    def lowest(self, bone_matrices: NDArray[np.float32]) -> float:
        """Return the height of its lowest point in a pose."""
        rows = bone_matrices[self.bones, 1]  # (n, 4, 4): what makes y, for each of four bones
        heights = (rows[..., :3] * self.points[:, None]).sum(axis=2) + rows[..., 3]
        return float((heights * self.weights).sum(axis=1).min())


def spin(angle: float) -> NDArray[np.float64]:
    """Return the 2 x 2 matrix that turns x towards y."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s], [s, c]])


def reach_for(
    top: NDArray[np.float64],
    middle: NDArray[np.float64],
    tip: NDArray[np.float64],
    target: NDArray[np.float64],
) -> tuple[float, float]:
    """Return the turns of two bones that bring the tip to a target, the joint bent as in the rest pose."""
    first, second, span = middle - top, tip - middle, target - top
    a, b = float(np.hypot(*first)), float(np.hypot(*second))
    # Never quite straight: the last centimetre of reach would snap the joint.
    c = min(max(float(np.hypot(*span)), abs(a - b) * 1.05 + 1e-3), (a + b) * 0.993)
    inner = math.acos(min(max((a * a + c * c - b * b) / (2 * a * c), -1), 1))
    side = 1.0 if first[0] * second[1] - first[1] * second[0] > 0 else -1.0
    aim = math.atan2(span[1], span[0])
    upper_angle = aim - side * inner
    elbow = np.array([math.cos(upper_angle), math.sin(upper_angle)]) * a
    rest = np.array([math.cos(aim), math.sin(aim)]) * c - elbow
    lower_angle = math.atan2(rest[1], rest[0])
    swing = _wrap(upper_angle - math.atan2(first[1], first[0]))
    fold = _wrap(lower_angle - math.atan2(second[1], second[0]) - swing)
    return swing, fold


def _wrap(angle: float) -> float:
    return (angle + math.pi) % (2 * math.pi) - math.pi
