"""What a subject of people does in a shot, with what in hand, and when it speaks. Knows no bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.render.previz.bearing import BEARING
from soundstage.render.previz.repertoire import HEADINGS, MANNERS, kind_of
from soundstage.render.previz.subjects import humanoid_look as looks
from soundstage.render.previz.subjects.humanoid_pair import things_of
from soundstage.render.previz.subjects.humanoid_pose import pose_for
from soundstage.render.previz.subjects.humanoid_props import read_props
from soundstage.render.previz.subjects.humanoid_rig import read_table
from soundstage.render.previz.subjects.humanoid_stride import read_poses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.film import LipTrack, Subject
    from soundstage.render.previz.scene import SetContext

_SPEAKING = ("talk", "say", "shout", "sing", "perform", "sigh")
_FURNITURE = (
    "table",
    "desk",
    "counter",
    "doorway",
    "door_leaf",
    "laptop",
    "pan",
    "paper",
    "cup_below",
    "board",
    "bowl",
)
_DEFAULTS = ("crate", "mug", "letter", "book", "guitar", "sword", "laptop", "teapot", "gun", "bag")
_PRONOUNS = ("she", "he", "they", "her", "him", "someone", "somebody")
_NO_TABLE = ("beach", "ocean", "desert", "meadow", "forest", "snow")
_ON_GROUND = ("ground", "floor", "sand", "grass", "beach", "snow", "blanket")


def identity_of(subject: Subject, index: int, ctx: SetContext) -> str:
    """Return what makes a person the same one in every shot: a name, else the noun, else its number."""
    noun = subject.noun.lower()
    name = subject.member or (subject.kind if noun in _PRONOUNS else noun) or str(index)
    same = [one for one in ctx.shot.subjects[:index] if one.noun.lower() == noun and one.member is None]
    return f"{name} {len(same)}" if same and subject.member is None else str(name)


def deeds_of(subject: Subject, entry: str, words: list[str], ctx: SetContext) -> list[str]:
    """Return what is done, in order: the action, then the deeds behind it."""
    actions = [subject.action, *(deed.action for deed in subject.then)][:3]
    held = things_of(subject)
    verbs = [subject.verb, *(deed.verb for deed in subject.then)]
    names = [pose_for(action, verb, held) for action, verb in zip(actions, verbs, strict=False)]
    if names[0] == "frolic" and looks.pose_of(entry) is not None:
        names[0] = str(looks.pose_of(entry))  # a musician plays, whatever it is
    if subject.action is None:
        names[0] = looks.pose_of(entry) or ("talk" if _lines(subject, ctx) else "stand")
    low = not set(_ON_GROUND).isdisjoint(words) or ctx.shot.place in ("beach", "meadow", "desert")
    names = ["sit_ground" if name == "sit" and low else name for name in names]
    if subject.kind == "surfer" and (subject.action is None or names[0] == "ride"):
        names[0] = "surf"
    if subject.action in kind_of(subject).speed_m_s:
        # One who travels goes on to the end, since the camera goes along; what follows is done on the way.
        gait = "run" if subject.action in ("run", "flee") else "walk"
        names = [names[0] if names[0] in ("walk", "run") else gait, *(n for n in names[1:] if _walking(n))]
    return names


def _walking(pose: str) -> bool:
    """Return whether arms and face alone make a pose, so that legs may walk on."""
    row = read_poses()["poses"][pose]
    return row.get("rests_on", "soles") == "soles" and not set(row.get("props", ())) & set(_FURNITURE)


def props_of(subject: Subject, names: Sequence[str], ctx: SetContext) -> list[str]:
    """Return what is in the hands and before a person: what was said, what a deed brings along."""
    poses = read_poses()["poses"]
    known = read_table()["extras"].keys() | read_props()["props"].keys()
    borne = [r.target for r in subject.relations if r.kind == BEARING and r.target in known]
    props = [p for name in names for p in poses[name].get("props", ())]
    if borne:
        props = [p for p in props if p not in _DEFAULTS]
    if any(poses[n].get("rests_on") == "seat" for n in names):
        props.append("stool")
    if subject.kind == "surfer" and "surf" in names:
        props.append("surfboard")
    wild = ctx.shot.place in _NO_TABLE
    return [p for p in dict.fromkeys([*borne, *props]) if p in known and not (wild and p in _FURNITURE)]


def feeling_in(words: Sequence[str]) -> str:
    """Return the line of `[faces]` that an adjective means, "" for none."""
    feelings = read_poses()["feelings"]
    return next((feelings[word] for word in words if word in feelings), "")


def turns_to_speak(
    subject: Subject, i: int, count: int, ctx: SetContext
) -> tuple[tuple[tuple[float, float], ...], tuple[tuple[float, float], ...]]:
    """Return when one speaks and when one hears another speak, in seconds of the shot."""
    said = _lines(subject, ctx)
    start = ctx.shot.start
    heard = tuple(
        (line.start - start, line.end - start)
        for line in ctx.shot.dialogue
        if line.speaker != subject.member and len(ctx.shot.subjects) > 1
    )
    if count == 2 and said and not ctx.shot.dialogue and subject.action not in ("laugh", "sing"):
        # Two who talk unheard take turns.
        half = ctx.seconds / 2
        first, second = ((0.0, half),), ((half, ctx.seconds),)
        return (first, second) if i == 0 else (second, first)
    return said, heard


def _lines(subject: Subject, ctx: SetContext) -> tuple[tuple[float, float], ...]:
    """Return when this subject speaks, in seconds of the shot."""
    start = ctx.shot.start
    told = tuple(
        (line.start - start, line.end - start)
        for line in ctx.shot.dialogue
        if not line.off_screen and (line.speaker == subject.member or len(ctx.shot.subjects) == 1)
    )
    if not told and subject.action in _SPEAKING:
        return ((0.0, ctx.seconds),)
    return told


def tracks_of(subject: Subject, ctx: SetContext) -> tuple[LipTrack, ...]:
    """Return how this subject's mouth moves where its voice is heard."""
    alone = len(ctx.shot.subjects) == 1
    return tuple(track for track in ctx.lips if track.speaker == subject.member or alone)


def velocity_of(subject: Subject, ctx: SetContext, index: int) -> tuple[float, float, float]:
    """Return how a subject travels, m/s."""
    if index == 0:
        return ctx.travel_m_s
    speed = kind_of(subject).speed_m_s.get(subject.action or "", 0.0)
    for word in subject.manner:
        speed *= MANNERS.get(word, 1.0)
    x, y, z = HEADINGS[subject.heading or "right"]
    return x * speed, y * speed, z * speed
