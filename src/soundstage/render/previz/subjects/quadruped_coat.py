"""The coat of a four-legged body: where hair is long, which way it lies, what colour each part is.

Works in the rest pose of the reference body (see `quadruped_build`). Knows no scene.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.rig.strands import Growth
from soundstage.render.previz.subjects.quadruped_build import EYE, HORN, IVORY, MOUTH, NOSE, TONGUE
from soundstage.render.previz.subjects.quadruped_pattern import draw_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.skin import Body
    from soundstage.render.previz.subjects.quadruped_plan import Plan

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoatStyle:
    """Hair lengths in metres of the reference body, colours in linear light."""

    back: float = 0.042
    belly: float = 0.068
    chest: float = 0.075
    neck: float = 0.052
    tail: float = 0.085
    legs: float = 0.020
    feather: float = 0.050  #: behind the legs
    thigh: float = 0.070
    head: float = 0.012
    muzzle: float = 0.0055
    ears: float = 0.030
    crest: float = 0.0  #: a horse's mane along the neck
    ruff: float = 0.0  #: a lion's mane round head and throat
    tuft: float = 0.0  #: at the end of the tail
    base: Colour = (0.50, 0.26, 0.09)
    parts: Mapping[str, Colour] = field(default_factory=dict)  #: part of PARTS -> colour
    pattern: str = "tabby"  #: what `stripes` draws, a name of `quadruped_pattern`
    stripes: Colour | None = None
    horn: Colour = (0.060, 0.048, 0.038)
    ivory: Colour = (0.62, 0.55, 0.42)
    nose: Colour = (0.012, 0.010, 0.010)
    mouth: Colour = (0.060, 0.016, 0.015)
    tongue: Colour = (0.78, 0.27, 0.27)
    iris: Colour = (0.085, 0.036, 0.014)


def _ramp(low: float, high: float, value: NDArray[np.floating]) -> NDArray[np.float32]:
    t = np.clip((value - low) / (high - low), 0, 1).astype(np.float32)
    return t * t * (3 - 2 * t)


@dataclass(frozen=True, slots=True)
class Chart:
    """Soft masks (n,) over a body's vertices, by part: what colours and hair lengths are told for."""

    parts: Mapping[str, NDArray[np.float32]]
    mouth: NDArray[np.float32]  #: inside of the lips: bare and dark

    def __getitem__(self, part: str) -> NDArray[np.float32]:
        """Return a part's mask."""
        return self.parts[part]


def style_of(row: Mapping[str, Any], recolour: Mapping[str, Any] | None) -> CoatStyle:
    """Return the style of a table entry, its colours replaced by those of a colour word.

    A recoloured coat keeps the lightness of its parts against each other, so that a black dog still has a
    paler chest.
    """
    told: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.get("coat", {}).items()}
    parts = {k: tuple(v) for k, v in row.get("parts", {}).items()}
    if recolour is not None:
        base = told.get("base", CoatStyle.__dataclass_fields__["base"].default)
        share = float(recolour.get("contrast", 1.0))
        wanted = recolour["base"]

        def dye(colour: Colour) -> Colour:
            lightness = (sum(colour) / sum(base)) ** share
            r, g, b = (min(w * lightness, 0.85) for w in wanted)
            return r, g, b

        parts = {k: dye(v) for k, v in parts.items()}
        if "stripes" in told:
            told["stripes"] = dye(told["stripes"])
        told["base"] = dye(base)
    return CoatStyle(**told, parts=parts)


PARTS = (
    "back", "belly", "chest", "neck", "throat", "tail", "tail_under", "tail_tip", "legs", "paws", "feather",
    "thigh",
    "head", "crown", "cheeks", "muzzle", "chin", "ears", "ear_tips", "inner_ears", "around_eyes",
    "crest", "ruff", "rump", "saddle", "socks", "muzzle_tip",
)  # fmt: skip


def chart(body: Body, plan: Plan) -> Chart:
    """Find the parts of a body."""
    names = body.skeleton.names
    pull: dict[str, NDArray[np.float32]] = {}
    for bone in names:
        share = (body.weights * (body.bones == names.index(bone))).sum(axis=1)
        pull[bone] = share.astype(np.float32)

    def of(*prefixes: str) -> NDArray[np.float32]:
        return np.clip(
            sum((pull[n] for n in names if n.startswith(prefixes)), np.zeros(len(body.points))), 0, 1
        ).astype(np.float32)

    p, n = body.points, body.normals
    head_points = (p - np.array(plan.head_at, np.float32)) / np.float32(plan.head_scale)
    hx, hy = head_points[:, 0], head_points[:, 1]
    nose_x = (plan.nose[0] - plan.head_at[0]) / plan.head_scale
    trunk = of("pelvis", "spine", "chest")
    down, up, rear = np.clip(-n[:, 1], 0, 1), np.clip(n[:, 1], 0, 1), np.clip(-n[:, 0], 0, 1)
    head = of("head", "jaw")
    ears = of("ear")
    tail = of("tail")
    lower = of("flower", "hlower", "fshank", "hshank")
    paws = of("fpaw", "hpaw") + 0.35 * of("fshank", "hshank")
    muzzle = head * _ramp(0.098, 0.132, hx)
    front = trunk * _ramp(0.20, 0.27, p[:, 0])
    eye_distance = np.minimum(*(np.linalg.norm(p - np.array(e, np.float32), axis=1) for e in plan.eyes))
    tail_root = plan.skeleton.joint("tail1")
    tail_reach = float(np.linalg.norm(plan.skeleton.joint("tail2") - tail_root)) * 3
    along_tail = (np.linalg.norm(p - tail_root, axis=1) / tail_reach).astype(np.float32)
    eye_side = np.sign(p[:, 2])
    crown_line = _ramp(0.04, 0.09, hy) * _ramp(0.05, 0.0, hx)
    jaw = of("jaw")
    inside = jaw * _ramp(0.35, 0.75, n[:, 1]) * _ramp(0.02, 0.05, hx) + of("head") * (1 - jaw) * _ramp(
        0.55, 0.88, -n[:, 1]
    ) * _ramp(0.07, 0.10, hx) * _ramp(-0.012, -0.024, hy)
    parts = {
        "back": trunk * _ramp(0.35, 0.85, up),
        "belly": trunk * _ramp(0.25, 0.75, down),
        "chest": np.maximum(front, of("chest") * _ramp(0.35, 0.8, np.clip(n[:, 0], 0, 1))),
        "neck": of("neck"),
        "throat": np.clip(of("neck") + 0.5 * front, 0, 1)
        * _ramp(0.05, 0.6, np.clip(0.7 * n[:, 0] - n[:, 1], 0, 1)),
        "tail": tail,
        "tail_under": tail * _ramp(0.1, 0.6, down),
        "tail_tip": tail * _ramp(0.62, 0.78, along_tail),
        "legs": np.clip(lower + paws + 0.25 * of("fupper"), 0, 1),
        "paws": np.clip(paws, 0, 1),
        "feather": lower * _ramp(0.25, 0.7, rear) * _ramp(0.11, 0.19, p[:, 1]),
        "thigh": of("hupper") * _ramp(0.15, 0.6, rear),
        "head": head,
        "crown": head * _ramp(0.03, 0.06, hy) * (1 - muzzle),
        "cheeks": head * (1 - muzzle) * _ramp(0.012, -0.012, hy),
        "muzzle": muzzle,
        "chin": np.clip(head * _ramp(-0.006, -0.022, hy) * _ramp(0.06, 0.10, hx) + jaw, 0, 1),
        "ears": ears,
        "ear_tips": ears
        * _ramp(0.55, 0.85, np.linalg.norm(p - _ear_roots(plan, p), axis=1) / (0.11 * plan.head_scale)),
        "inner_ears": ears * _ramp(0.25, 0.7, n[:, 0] - 0.35 * eye_side * n[:, 2] * 0),
        "around_eyes": head * _ramp(2.6, 1.5, eye_distance / plan.eye_radius),
        "crest": np.maximum(of("neck"), crown_line * head + 0.7 * front * _ramp(0.2, 0.7, up))
        * _ramp(0.034, 0.012, np.abs(p[:, 2]))
        * _ramp(-0.25, 0.35, n[:, 1] - 0.55 * n[:, 0]),
        "ruff": np.clip(
            of("neck") + front + head * _ramp(0.052, 0.012, hx) + 0.8 * of("fupper") * front, 0, 1
        ),
        "rump": of("pelvis") * _ramp(0.2, 0.8, rear),
        "saddle": of("chest", "fupper"),
        "socks": (of("fshank", "hshank") + paws).clip(0, 1),
        "muzzle_tip": head * _ramp(nose_x - 0.055, nose_x - 0.025, hx),
        "_eye": head * _ramp(1.25, 0.80, eye_distance / plan.eye_radius),
        "_nose": head * _ramp(nose_x - 0.012, nose_x - 0.006, hx),
    }
    return Chart(
        {k: v.astype(np.float32) for k, v in parts.items()}, np.clip(inside, 0, 1).astype(np.float32)
    )


def _ear_roots(plan: Plan, points: NDArray[np.float32]) -> NDArray[np.float64]:
    left, right = plan.skeleton.joint("earL"), plan.skeleton.joint("earR")
    return np.where(points[:, 2:3] > 0, left, right)


def comb(body: Body, parts: Chart, style: CoatStyle) -> Growth:
    """Return how hair grows on a body."""
    n = len(body.points)
    length = np.full(n, style.back, np.float32)
    flow = np.tile(np.array([-1.0, -0.35, 0.0], np.float32), (n, 1))
    lift = np.full(n, 0.22, np.float32)
    density = np.ones(n, np.float32)

    def lay(
        part: str, hair: float | None, towards: Colour | None, stand: float | None = None, dense: float = 0
    ) -> None:
        mask = parts[part]
        if hair is not None:
            length[:] += mask * (np.float32(hair) - length)
        if towards is not None:
            flow[:] += mask[:, None] * (np.array(towards, np.float32) - flow)
        if stand is not None:
            lift[:] += mask * (np.float32(stand) - lift)
        if dense:
            density[:] += mask * (np.float32(dense) - density)

    lay("belly", style.belly, (-0.6, -1.0, 0.0))
    lay("chest", style.chest, (-0.45, -1.0, 0.0))
    lay("neck", style.neck, (-0.55, -0.85, 0.0))
    lay("throat", style.chest, (-0.35, -1.0, 0.0))
    lay("thigh", style.thigh, (-0.75, -0.8, 0.0))
    lay("tail", 0.45 * style.tail, (-1.0, -0.15, 0.0))
    lay("tail_under", style.tail, (-0.8, -0.75, 0.0))
    lay("legs", style.legs, (-0.25, -1.0, 0.0), None, 1.5)
    lay("feather", style.feather, (-0.8, -0.8, 0.0))
    lay("paws", 0.009, (0.35, -0.8, 0.0), 0.16, 2.4)
    lay("head", style.head, (-1.0, -0.1, 0.0), 0.20, 3.6)
    lay("cheeks", 1.5 * style.head, (-0.9, -0.55, 0.0))
    lay("muzzle", style.muzzle, (-1.0, -0.12, 0.0), 0.14, 4.5)
    lay("chin", style.muzzle * 1.2, (-1.0, -0.2, 0.0), 0.16, 4.0)
    lay("around_eyes", style.muzzle, (-1.0, 0.1, 0.0), 0.14, 4.5)
    lay("ears", style.ears, (-0.15, -1.0, 0.0), 0.18, 2.6)
    if style.crest:
        # A mane falls to one side, so that the crest is seen.
        lay("crest", style.crest, (-0.45, -1.0, -0.75), 0.55, 3.5)
    if style.ruff:
        lay("ruff", style.ruff, (-1.0, -0.45, 0.0), 0.60, 1.8)
    if style.tuft:
        lay("tail_tip", style.tuft, (-0.35, -1.0, 0.0), 0.30, 5.0)
    bare = body.matter[:, HORN] + body.matter[:, IVORY]
    bare = bare + body.matter[:, NOSE] + body.matter[:, MOUTH] + body.matter[:, TONGUE] + body.matter[:, EYE]
    length[(bare > 0.4) | (parts.mouth > 0.45) | (parts["_eye"] > 0.5) | (parts["_nose"] > 0.6)] = 0
    return Growth(length, flow, lift, density)


def paint(body: Body, parts: Chart, style: CoatStyle) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the albedo (n, 3) and the gloss (n,) of a body."""
    albedo = np.tile(np.array(style.base, np.float32), (len(body.points), 1))

    def tint(mask: NDArray[np.float32], colour: Colour) -> None:
        albedo[:] += mask[:, None] * (np.array(colour, np.float32) - albedo)

    if style.stripes is not None:
        tint(draw_pattern(style.pattern, body.points, parts.parts), style.stripes)
    for part, colour in style.parts.items():
        tint(parts[part], colour)
    tint(parts.mouth, style.mouth)
    tint((0.75 * parts["_eye"]).astype(np.float32), style.nose)
    for matter, colour in (
        (NOSE, style.nose),
        (MOUTH, style.mouth),
        (TONGUE, style.tongue),
        (EYE, style.nose),
        (HORN, style.horn),
        (IVORY, style.ivory),
    ):
        tint(body.matter[:, matter], colour)
    gloss = (
        0.35 * (body.matter[:, HORN] + body.matter[:, IVORY])
        + body.matter[:, NOSE]
        + 0.45 * body.matter[:, TONGUE]
        + body.matter[:, EYE]
        + 0.25 * parts.mouth
    )
    return albedo, np.clip(gloss, 0, 1).astype(np.float32)
