"""Stage 1 of 5, part: what a text says of the camera, put together. Knows no subject but its family.

Moves, framings and lenses are found by `moving`, `framing` and `optics`; here they become one view: what
the shot starts with, and what changes inside it, in the order it is told.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from soundstage.film import Camera, CameraChange, Lens, Seconds
from soundstage.plan.cues import moment_near
from soundstage.plan.framing import find_framings
from soundstage.plan.moving import find_moves
from soundstage.plan.optics import read_optics

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from soundstage.film import Angle, Framing, Heading, Move, Pace
    from soundstage.plan.clauses import Token
    from soundstage.plan.cues import Moment
    from soundstage.plan.framing import Framed
    from soundstage.plan.moving import MoveWish
    from soundstage.plan.pacing import Slot
    from soundstage.plan.sentences import Mention
    from soundstage.plan.sources import Extent

_FOCAL_BY_FRAMING_MM: Mapping[str, float] = {
    "extreme_close_up": 100.0, "close_up": 65.0, "medium": 45.0, "wide": 32.0, "extreme_wide": 22.0,
    "aerial": 24.0,
}  # fmt: skip
#: From near to far, to tell which way a change of framing goes.
_SIZES = ("extreme_close_up", "close_up", "medium", "wide", "extreme_wide", "aerial")
#: Before a framing: the shot arrives at it.
_ARRIVES = frozenset({
    "to", "into", "then", "until", "ending", "ends", "end", "finally", "becoming", "becomes", "reveal",
    "reveals", "revealing", "finishing", "finishes", "resolving", "landing", "settling", "settles",
    "followed",
})  # fmt: skip
_REACH, _CLAUSE = 4, 12
#: Phases of one shot; more is a shake.
_MOST_CHANGES = 4
_STILL = frozenset({"static", "handheld"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the camera changes to in a shot whose times are not known yet."""

    move: Move
    heading: Heading | None = None
    amplitude: float = 0.5
    speed: float = 0.5
    framing: Framing | None = None
    moment: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a text says of the camera; None where it says nothing."""

    framing: Framing | None = None
    angle: Angle | None = None
    focal_length_mm: float | None = None
    f_number: float | None = None
    focus: str | None = None
    camera: Camera | None = None
    changes: tuple[Change, ...] = ()
    pace: Pace | None = None
    notes: tuple[str, ...] = ()
    #: By field of a shot ("framing", "move"), the words it was read from.
    said: dict[str, tuple[Extent, ...]] = field(default_factory=dict[str, "tuple[Extent, ...]"])


def read_view(text: str, tokens: Sequence[Token], mentions: Sequence[Mention]) -> View:
    """Read framing, angle, lens, pace and moves from a shot's text."""
    said = [m for m in mentions if m.section not in ("sound", "negative", "parameter", "text", "dialogue")]
    optics = read_optics(text, said)
    framings = find_framings(tokens, "framings")
    angles = find_framings(tokens, "angles")
    wishes = [wish for wish in find_moves(tokens) if wish.named or not _is_in(wish, framings)]
    pace = next((m for m in said if m.hit.table == "paces" and not m.negated), None)
    camera, changes = _phases(text, tokens, wishes, framings)
    return View(
        framing=cast("Framing | None", framings[0].name if framings else None),
        angle=cast("Angle | None", angles[0].name if angles else None),
        focal_length_mm=optics.focal_length_mm,
        f_number=optics.f_number,
        focus=optics.focus,
        camera=camera,
        changes=changes,
        pace=cast("Pace | None", pace.hit.name if pace else None),
        said={
            "framing": tuple((f.start, f.end) for f in (*framings[:1], *_arrivals(tokens, framings))),
            "angle": tuple((a.start, a.end) for a in angles[:1]),
            "lens": optics.said,
            "move": tuple((wish.start, wish.end) for wish in wishes),
            "pace": ((pace.unit.start, pace.unit.end),) if pace else (),
        },
    )


def _is_in(wish: MoveWish, framings: Sequence[Framed]) -> bool:
    """Tell whether a verb is a part of a framing's name: "a sweeping wide shot"."""
    return any(framed.start <= wish.start < framed.end for framed in framings)


def _phases(
    text: str, tokens: Sequence[Token], wishes: Sequence[MoveWish], framings: Sequence[Framed]
) -> tuple[Camera | None, tuple[Change, ...]]:
    """Return what the camera does first, and what it changes to."""
    handheld = max((_handheld(wish) for wish in wishes), default=0.0)
    pov = any(wish.facts.get("pov") for wish in wishes)
    told = [wish for wish in wishes if wish.name != "handheld"]
    moves = [wish for wish in told if not wish.rig] or told
    moves = _distinct(moves)
    arrivals = _arrivals(tokens, framings)
    if not moves and not handheld and not arrivals:
        return None, ()
    changes = [_change(text, wish) for wish in moves]
    starts = [wish.start for wish in moves]
    before = framings[0].name if framings else ""
    for framed in arrivals:
        at = _carrier(moves, framed)
        if at is not None and changes[at].framing is None:
            arrived = dataclasses.replace(changes[at], framing=cast("Framing", framed.name))
            if at:
                changes[at] = arrived
            else:
                changes.insert(1, arrived)
                starts.insert(1, framed.start)
        else:
            closer = _SIZES.index(framed.name) < _SIZES.index(before)
            made = Change(
                move="dolly_in" if closer else "dolly_out", framing=cast("Framing", framed.name),
                moment=moment_near(text, framed.start, framed.end),
            )  # fmt: skip
            place = sum(start < framed.start for start in starts)
            changes.insert(max(1, place) if changes else 0, made)
            starts.insert(place, framed.start)
        before = framed.name
    if handheld and not moves:
        changes.insert(0, Change(move="handheld", amplitude=handheld))
        handheld = 0.0
    elif changes and not moves:
        changes.insert(0, Change(move="static", amplitude=0.0))
    first = changes[0]
    camera = Camera(
        move=first.move, heading=first.heading, amplitude=first.amplitude, speed=first.speed,
        handheld=handheld, pov=pov,
    )  # fmt: skip
    return camera, tuple(changes[1 : _MOST_CHANGES + 1])


def _handheld(wish: MoveWish) -> float:
    return wish.amplitude if wish.name == "handheld" else float(wish.facts.get("handheld", 0.0))


def _distinct(wishes: Sequence[MoveWish]) -> list[MoveWish]:
    """Return moves without those told twice: "slow push in … pushing closer" is one."""
    kept: list[MoveWish] = []
    for wish in wishes:
        same = (
            kept
            and kept[-1].move == wish.move
            and wish.heading in (kept[-1].heading, None, wish.facts.get("heading"))
        )
        if same and (kept[-1].heading == wish.heading or "heading" not in wish.facts):
            continue
        if (
            wish.name == "static"
            and kept
            and wish.sentence == kept[-1].sentence
            and kept[-1].name == "static"
        ):
            continue
        kept.append(wish)
    return kept


def _change(text: str, wish: MoveWish) -> Change:
    return Change(
        move=wish.move, heading=wish.heading, amplitude=wish.amplitude, speed=wish.speed,
        moment=moment_near(text, wish.start, wish.end),
    )  # fmt: skip


def _arrivals(tokens: Sequence[Token], framings: Sequence[Framed]) -> list[Framed]:
    """Return the framings the shot comes to after its first."""
    found: list[Framed] = []
    for framed in framings[1:]:
        last = found[-1] if found else framings[0]
        if framed.name == last.name:
            continue
        opens = framed.sentence != framings[0].sentence and framed.sentence != last.sentence
        if opens or any(_arrives(tokens, framed)):
            found.append(framed)
    return found


def _arrives(tokens: Sequence[Token], framed: Framed) -> Iterator[bool]:
    for at in range(max(0, framed.at - _CLAUSE), framed.at):
        near = framed.at - at <= _REACH or tokens[at].clause == framed.clause
        yield near and tokens[at].sentence == framed.sentence and tokens[at].lower in _ARRIVES


def _carrier(moves: Sequence[MoveWish], framed: Framed) -> int | None:
    """Return which move comes to a framing: the last one before it in its sentence."""
    before = [
        at for at, wish in enumerate(moves) if wish.sentence == framed.sentence and wish.start < framed.start
    ]
    return before[-1] if before and moves[before[-1]].name not in _STILL else None


def place_changes(camera: Camera, changes: Sequence[Change], slot: Slot) -> Camera:
    """Return a camera with its changes at their times: those that are said, else evenly over the shot."""
    if not changes:
        return camera
    length = float(slot.seconds)
    starts = [change.moment.in_slot(slot) if change.moment else None for change in changes]
    then: list[CameraChange] = []
    at = 0.0
    for index, change in enumerate(changes):
        start = starts[index]
        if start is None or start <= at:
            following = next((s for s in starts[index + 1 :] if s is not None and s > at), length)
            waiting = sum(s is None for s in starts[index:]) + 1
            start = at + (following - at) / max(2, waiting)
        at = min(start, length)
        then.append(
            CameraChange(
                start=Seconds(round(float(slot.start_s) + at, 3)), move=change.move, heading=change.heading,
                amplitude=change.amplitude, speed=change.speed, framing=change.framing,
            )
        )  # fmt: skip
    return dataclasses.replace(camera, then=tuple(then))


def choose_lens(view: View, framing: Framing) -> Lens:
    """Return the lens a view says, completed by what suits its framing."""
    close = framing in ("extreme_close_up", "close_up")
    return Lens(
        focal_length_mm=view.focal_length_mm or _FOCAL_BY_FRAMING_MM[framing],
        f_number=view.f_number or (2.8 if close else 5.6 if framing in ("extreme_wide", "aerial") else 4.0),
        focus=cast("Any", view.focus or "subject"),
    )
