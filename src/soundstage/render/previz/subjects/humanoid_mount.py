"""Where a rider sits at each moment: on a vehicle's saddle or an animal's back. Knows no clothes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.bearing import mount_of, read_bearing
from soundstage.render.previz.repertoire import kind_of
from soundstage.render.previz.rig.skeleton import matrices
from soundstage.render.previz.subjects import quadruped, solid
from soundstage.render.previz.subjects.solid_draw import Solid

if TYPE_CHECKING:
    from soundstage.film import Subject
    from soundstage.render.previz.rig.skin import Body
    from soundstage.render.previz.scene import Ground, SetContext
    from soundstage.render.previz.subjects.quadruped_draw import Actor as Animal
    from soundstage.render.previz.subjects.solid_motion import Course

_SIT_Y = 0.80  #: of the reference body: where it touches a saddle
_HALF_BACK_M = 0.05
_FAR = ("th", "sh", "ft")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """What carries a rider."""

    course: Course | None = None
    animal: Animal | None = None
    point: tuple[float, float, float]  #: of the saddle, in the rest space of what carries it
    bone: str = ""
    stands: bool = False
    depth_m: float
    pose: str
    velocity: tuple[float, float, float]
    turns_hz: float = 0.0  #: of pedals

    def at(self, t_s: float) -> tuple[float, float, float, float]:
        """Return saddle x, y, z in metres and its yaw at a time."""
        if self.course is not None:
            pose = self.course.pose(t_s)
            x, y, z = np.array(self.point, np.float32) @ pose.matrix + pose.at_m
            return (
                float(x),
                float(y),
                float(z),
                math.atan2(float(pose.matrix[0, 2]), float(pose.matrix[0, 0])),
            )
        assert self.animal is not None
        animal = self.animal
        skeleton = animal.rig.body.skeleton
        placed = matrices(skeleton, animal.going.pose(animal.stride(t_s)), animal.root(t_s))
        x, y, z = placed[skeleton.index(self.bone)] @ np.array([*self.point, 1.0])
        return float(x), float(y), float(z), animal.yaw

    def shows_left(self, eye_m: tuple[float, float, float]) -> bool:
        """Return whether a camera sees what sits here from its left."""
        x, _, z, yaw = self.at(0.0)
        return math.cos(yaw) * (eye_m[2] - z) - math.sin(yaw) * (eye_m[0] - x) > 0

    def root(self, t_s: float, scale: float) -> tuple[float, float, float, float]:
        """Return where a rider's own root is: x, y, z and yaw."""
        x, y, z, yaw = self.at(t_s)
        return x, y - (0.0 if self.stands else _SIT_Y * scale), z, yaw


def seat_of(subject: Subject, ctx: SetContext, ground: Ground) -> Seat | None:
    """Return what carries a subject, None when it goes on its own feet."""
    mount = mount_of(subject, ctx.shot.subjects)
    if mount is None:
        return None
    facts = read_bearing()["mounts"][mount.kind]
    index = ctx.shot.subjects.index(mount)
    pose = str(facts["pose"])
    if kind_of(mount).builder.endswith("quadruped:build"):
        pack = quadruped.build(mount, index, ctx, ground)[0]
        assert isinstance(pack, quadruped.Pack), pack
        animal = pack.actors[-1]
        bone, point = _back(animal.rig.body)
        return Seat(
            animal=animal, point=point, bone=bone, depth_m=pack.depth_m, pose=pose, velocity=animal.velocity
        )
    for layer in solid.build(mount, index, ctx, ground):
        if isinstance(layer, Solid):
            x, y = facts["seat_m"]
            speed = math.hypot(layer.course.travel_m_s[0], layer.course.travel_m_s[2])
            return Seat(
                course=layer.course, point=(float(x), float(y), 0.0), stands=bool(facts.get("stands", False)),
                depth_m=layer.depth_m, pose=pose, velocity=layer.course.travel_m_s,
                turns_hz=min(speed / 4.6, 1.6),
            )  # fmt: skip
    return None


def without_far_leg(body: Body, *, left_is_near: bool) -> Body:
    """Return a body whose far leg draws nothing: behind a broad back it would be seen through it."""
    side = "R" if left_is_near else "L"
    bones = [body.skeleton.index(name + side) for name in _FAR]
    hidden = np.isin(body.bones[:, 0], bones) & (body.group >= 0)
    triangles = body.triangles.copy()
    # Numbers of triangles stay: hair is rooted by them.
    triangles[hidden[triangles].all(axis=1)] = 0
    return replace(body, triangles=triangles)


def _back(body: Body) -> tuple[str, tuple[float, float, float]]:
    """Return the bone and the rest point of the middle of an animal's back."""
    names = body.skeleton.names
    chest, pelvis = body.skeleton.joint("chest"), body.skeleton.joint("pelvis")
    middle = float(0.58 * chest[0] + 0.42 * pelvis[0])
    trunk = [i for i, name in enumerate(names) if name in ("chest", "pelvis", "spine", "loin", "belly")]
    on = np.isin(body.bones[:, 0], trunk) & (np.abs(body.points[:, 2]) < _HALF_BACK_M)
    on &= np.abs(body.points[:, 0] - middle) < _HALF_BACK_M
    top = np.flatnonzero(on)[np.argmax(body.points[on, 1])]
    bone = names[int(body.bones[top, 0])]
    return bone, (middle, float(body.points[top, 1]) - 0.02, 0.0)
