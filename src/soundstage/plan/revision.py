"""Stage 1 of 5, part: a screenplay a person edited, checked again. Knows no prompt.

What cannot be filmed is refused by the name of its field; what only disagrees with the request gives way to
it, and a note says so.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from soundstage import film
from soundstage.errors import ScreenplayInvalid
from soundstage.film import CastMember, Line, Note, Seconds, Shot
from soundstage.plan.casting import describe
from soundstage.plan.completion import complete
from soundstage.plan.ids import complete_ids, name_cast
from soundstage.plan.pacing import Slot, to_slots
from soundstage.plan.sources import keep_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from soundstage.film import Order, Screenplay

#: Shots a film may have; each takes a warm scene, and more is a mistake in the file.
_MOST_SHOTS = 60
#: Edited times may miss a frame's edge by half a frame at 24 fps, as two decimals do.
_SLACK_S = 0.021


def recheck(order: Order) -> Screenplay:
    """Return the screenplay an order carries, with times on whole frames and the request's fields.

    Raises:
        ScreenplayInvalid: a field cannot be filmed.
    """
    draft = order.screenplay
    assert draft is not None, order.order_id
    draft = complete(draft)
    _check(draft)
    notes = list(draft.notes)
    total_frames = max(len(draft.shots), round(order.seconds * order.fps))
    lengths = [float(shot.seconds) for shot in draft.shots]
    if abs(sum(lengths) - order.seconds) > _SLACK_S:
        said = f"the shots last {sum(lengths):g} s and the request {order.seconds:g} s: scaled to the request"
        notes.append(Note(kind="timing", text=said))
    slots = to_slots(lengths, order.fps, total_frames)
    shots = tuple(
        keep_spans(complete_ids(_on_frames(shot, at, slot), at), draft.prompts)
        for at, (shot, slot) in enumerate(zip(draft.shots, slots, strict=True))
    )
    wanted: dict[str, Any] = {
        "size": order.size, "fps": order.fps, "seed": order.seed, "sound": order.generate_audio,
    }  # fmt: skip
    for name, value in wanted.items():
        if getattr(draft, name) != value:
            old, new = _plain(getattr(draft, name)), _plain(value)
            said = f"{name} is {old} in the screenplay and {new} in the request: the request holds"
            notes.append(Note(kind="conflict", text=said))
    return replace(
        draft,
        **wanted,
        seconds=Seconds(total_frames / order.fps),
        cast=tuple(keep_spans(m, draft.prompts) for m in _complete(draft.cast, shots, notes)),
        shots=shots,
        notes=tuple(keep_spans(note, draft.prompts) for note in dict.fromkeys(notes)),
    )


def _check(draft: Screenplay) -> None:
    if not 1 <= len(draft.shots) <= _MOST_SHOTS:
        raise ScreenplayInvalid(f"shots has {len(draft.shots)} elements; a film has 1 to {_MOST_SHOTS}")
    if draft.version != 1:
        raise ScreenplayInvalid(f"version is {draft.version}; this planner writes and reads version 1")
    names = [member.name for member in draft.cast]
    for at, name in enumerate(names):
        if not name.strip() or name in names[:at]:
            raise ScreenplayInvalid(f"cast[{at}].name is {name!r}; every member needs a name of its own")
    at_s = 0.0
    for at, shot in enumerate(draft.shots):
        _check_shot(shot, at, at_s)
        at_s += shot.seconds
    if not abs(draft.seconds - at_s) <= _SLACK_S * len(draft.shots):
        raise ScreenplayInvalid(f"seconds is {draft.seconds:g}; the shots add up to {at_s:g}")


def _check_shot(shot: Shot, at: int, at_s: float) -> None:
    where = f"shots[{at}]"
    for path, value, low, high in _numbers(shot, where):
        if not (math.isfinite(value) and low <= value <= high):
            raise ScreenplayInvalid(f"{path} is {value}; it must lie between {low:g} and {high:g}")
    for path, value, allowed in _words(shot, where):
        if value not in allowed:
            raise ScreenplayInvalid(f"{path} is {value!r}; it must be one of {', '.join(map(str, allowed))}")
    if shot.index != at:
        raise ScreenplayInvalid(
            f"{where}.index is {shot.index}; shots are numbered from 0, so it must be {at}"
        )
    if abs(shot.start - at_s) > _SLACK_S * (at + 1):
        raise ScreenplayInvalid(
            f"{where}.start is {shot.start:g}; the shots before last {at_s:g} s, and a film has no gaps"
        )
    _check_times(shot, where)


def _numbers(shot: Shot, where: str) -> Iterator[tuple[str, float, float, float]]:
    yield f"{where}.seconds", shot.seconds, 0.04, 3600
    yield f"{where}.start", shot.start, 0, 3600
    yield f"{where}.lens.focal_length_mm", shot.lens.focal_length_mm, 4, 2000
    yield f"{where}.lens.f_number", shot.lens.f_number, 0.5, 64
    for name in ("amplitude", "speed", "handheld"):
        yield f"{where}.camera.{name}", getattr(shot.camera, name), 0, 1
    for at, change in enumerate(shot.camera.then):
        spot = f"{where}.camera.then[{at}]"
        yield f"{spot}.start", change.start, shot.start - _SLACK_S, shot.start + shot.seconds + _SLACK_S
        yield f"{spot}.amplitude", change.amplitude, 0, 1
        yield f"{spot}.speed", change.speed, 0, 1
    for at, subject in enumerate(shot.subjects):
        yield f"{where}.subjects[{at}].count", subject.count, 1, 10_000
    for kind in ("dialogue", "effects"):
        for at, event in enumerate(getattr(shot, kind)):
            yield f"{where}.{kind}[{at}].start", event.start, 0, 3600
            yield f"{where}.{kind}[{at}].end", event.end, event.start, 3600


def _words(shot: Shot, where: str) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    yield f"{where}.framing", shot.framing, get_args(film.Framing)
    yield f"{where}.angle", shot.angle, get_args(film.Angle)
    yield f"{where}.time_of_day", shot.time_of_day, get_args(film.TimeOfDay)
    yield f"{where}.weather", shot.weather, get_args(film.Weather)
    yield f"{where}.camera.move", shot.camera.move, get_args(film.Move)
    yield f"{where}.camera.heading", shot.camera.heading, (None, *get_args(film.Heading))
    yield f"{where}.pace", shot.pace, get_args(film.Pace)
    yield f"{where}.entrance", shot.entrance, get_args(film.Entrance)
    yield f"{where}.season", shot.season, (None, *get_args(film.Season))
    for at, change in enumerate(shot.camera.then):
        spot = f"{where}.camera.then[{at}]"
        yield f"{spot}.move", change.move, get_args(film.Move)
        yield f"{spot}.heading", change.heading, (None, *get_args(film.Heading))
        yield f"{spot}.framing", change.framing, (None, *get_args(film.Framing))
    yield f"{where}.lens.focus", shot.lens.focus, ("subject", "near", "far", "deep")
    for at, subject in enumerate(shot.subjects):
        yield f"{where}.subjects[{at}].heading", subject.heading, (None, *get_args(film.Heading))


def _check_times(shot: Shot, where: str) -> None:
    end_s = shot.start + shot.seconds
    spoken_until_s = -1.0
    for kind in ("dialogue", "effects"):
        events: Sequence[Any] = getattr(shot, kind)
        for at, event in enumerate(events):
            if event.start < shot.start - _SLACK_S or event.start + event.seconds > end_s + _SLACK_S:
                raise ScreenplayInvalid(
                    f"{where}.{kind}[{at}].start is {event.start:g} for {event.seconds:g} s; "
                    f"its shot lasts from {shot.start:g} to {end_s:g} s"
                )
    for at, line in enumerate(shot.dialogue):
        if not line.text.strip() or not line.speaker.strip() or not line.language.strip():
            raise ScreenplayInvalid(f"{where}.dialogue[{at}] needs a text, a speaker and a language")
        if line.seconds <= 0 or line.start < spoken_until_s - _SLACK_S:
            raise ScreenplayInvalid(
                f"{where}.dialogue[{at}].start is {line.start:g}; lines last and follow each other, "
                f"the one before ends at {spoken_until_s:g} s"
            )
        spoken_until_s = line.end


def _on_frames(shot: Shot, at: int, slot: Slot) -> Shot:
    """Return a shot moved onto its slot, with what happens in it in the same places of it."""
    scale = slot.seconds / shot.seconds

    def within(at_s: float) -> float:
        return min(max(0.0, (at_s - shot.start) * scale), slot.seconds)

    def moved(event: Any) -> Any:
        start = within(event.start)
        length = min(event.seconds * scale, slot.seconds - start)
        return replace(
            event,
            start=Seconds(round(slot.start_s + start, 3)),
            end=Seconds(round(slot.start_s + start + length, 3)),
        )

    changes = tuple(
        replace(change, start=Seconds(round(slot.start_s + within(change.start), 3)))
        for change in shot.camera.then
    )

    lines: tuple[Line, ...] = tuple(moved(line) for line in shot.dialogue)
    return replace(
        shot, index=at, start=slot.start_s, seconds=slot.seconds, dialogue=lines,
        effects=tuple(moved(effect) for effect in shot.effects),
        camera=replace(shot.camera, then=changes),
    )  # fmt: skip


def _complete(cast: Sequence[CastMember], shots: Sequence[Shot], notes: list[Note]) -> tuple[CastMember, ...]:
    members = {member.name: member for member in cast}
    for shot in shots:
        for line in shot.dialogue:
            if line.speaker not in members:
                said = f"{line.speaker!r} speaks and was not in the cast: added"
                notes.append(Note(kind="assumed", text=said))
                members[line.speaker] = _cast(line.speaker, shot)
    return name_cast(members.values())


def _cast(name: str, shot: Shot) -> CastMember:
    """Return a new member with the gender and age that what is seen of it tells."""
    seen = next((subject for subject in shot.subjects if subject.member == name), None)
    gender, age = describe(" ".join([*seen.attributes, seen.noun]) if seen else name)
    return replace(CastMember(name=name), gender=gender, age=age)  # pyright: ignore[reportArgumentType] - words of kinds.toml


def _plain(value: Any) -> str:
    return f"{value.width}x{value.height}" if isinstance(value, film.FrameSize) else str(value)
