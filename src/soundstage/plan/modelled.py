"""Stage 1 of 5, part: shots as a language model plans them, where they keep the rules. Knows no network.

The grammar's screenplay is the contract: its lines, word for word and in order, its length, its fixed cuts.
Whatever a model answers, the film is made: an answer that breaks a rule is left, and the reason noted.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast, get_args

from soundstage import film
from soundstage.film import Camera, Effect, Note, Seconds, Shot, Span, Subject
from soundstage.plan.lexicon import lexicon
from soundstage.plan.model_schema import MOST_SHOTS, names_of, screenplay_schema
from soundstage.plan.pacing import Slot, speaking_s, to_slots
from soundstage.plan.ports import ModelFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from soundstage.film import Line, Order, Screenplay
    from soundstage.plan.ports import ScreenplayModel

log = logging.getLogger(__name__)
#: A second shot has this at least; shorter ones are no shots.
_LEAST_SHOT_S = 0.5
_LONGEST_WORDS = 200
_LONGEST_TEXT = 4000
_MOST_THINGS = 24


def plan_with(order: Order, written: Screenplay, model: ScreenplayModel) -> Screenplay:
    """Return the screenplay as a model plans it, or the grammar's with a note of why not."""
    try:
        answer = model.write(_asked(order, written), screenplay_schema())
        return _checked(order, written, answer, model.name)
    except ModelFailed as exc:
        reason = str(exc)
    except Exception as exc:  # noqa: BLE001 - a stranger's model may fail in any way, and no film with it
        reason = f"it failed: {type(exc).__name__}"
    log.warning("the grammar's screenplay stands", extra={"planner": model.name, "reason": reason})
    said = f"planned by the grammar, not by {model.name}: {reason}"
    return replace(written, notes=(*written.notes, Note(kind="assumed", text=said)))


def _asked(order: Order, written: Screenplay) -> dict[str, Any]:
    """Return what the model is told: the prompts, the limits and the grammar's reading."""
    return {
        "prompts": list(written.prompts),
        "negative_prompt": order.negative_prompt,
        "seconds": written.seconds,
        "fps": written.fps,
        "most_shots": MOST_SHOTS,
        "fixed_shots": bool(order.shots),
        "names": {field: sorted(names_of(field)) for field in ("place", "action", "style", "ambience")},
        "grammar": [
            {
                "seconds": shot.seconds, "text": shot.text, "framing": shot.framing, "angle": shot.angle,
                "move": shot.camera.move, "place": shot.place, "setting": shot.setting,
                "time_of_day": shot.time_of_day, "weather": shot.weather,
                "subjects": [
                    {"noun": s.noun, "kind": s.kind, "count": s.count, "action": s.action,
                     "attributes": list(s.attributes)}
                    for s in shot.subjects
                ],
                "lines": [{"speaker": line.speaker, "text": line.text} for line in shot.dialogue],
            }
            for shot in written.shots
        ],
    }  # fmt: skip


def _checked(order: Order, written: Screenplay, answer: Any, name: str) -> Screenplay:
    """Return the answer as a screenplay.

    Raises:
        ModelFailed: it breaks a rule; the message says which.
    """
    told = _object(answer, "the answer")
    shots = _list(told.get("shots"), "shots")
    if not 1 <= len(shots) <= MOST_SHOTS:
        raise ModelFailed(f"it gave {len(shots)} shots; a film has 1 to {MOST_SHOTS}")
    told_shots = [_object(shot, f"shots[{at}]") for at, shot in enumerate(shots)]
    lengths = [_seconds(shot.get("seconds"), f"shots[{at}].seconds") for at, shot in enumerate(told_shots)]
    _check_lengths(order, written, lengths)
    total_frames = round(written.seconds * written.fps)
    slots = to_slots(lengths, written.fps, total_frames)
    spoken = _lines(told_shots, [line for shot in written.shots for line in shot.dialogue])
    made = tuple(
        _shot(at, shot, slot, lines, written)
        for at, (shot, slot, lines) in enumerate(zip(told_shots, slots, spoken, strict=True))
    )
    style = _one_of(told.get("style", written.style), names_of("style") | {written.style}, "style")
    return replace(written, shots=made, style=style, planner=name)


def _check_lengths(order: Order, written: Screenplay, lengths: Sequence[float]) -> None:
    frame_s = 1 / written.fps
    if abs(sum(lengths) - written.seconds) > frame_s:
        raise ModelFailed(f"its shots last {sum(lengths):g} s and the film {written.seconds:g} s")
    fixed = [shot.seconds for shot in written.shots]
    if order.shots and (
        len(fixed) != len(lengths)
        or any(abs(one - other) > frame_s for one, other in zip(fixed, lengths, strict=True))
    ):
        raise ModelFailed("it changed shots whose lengths were ordered")


def _lines(shots: Sequence[Mapping[str, Any]], wanted: Sequence[Line]) -> list[list[Line]]:
    """Return the grammar's lines by the shots they are in now."""
    left = list(wanted)
    spoken: list[list[Line]] = []
    for at, shot in enumerate(shots):
        mine: list[Line] = []
        for told in _list(shot.get("lines", []), f"shots[{at}].lines"):
            line = _object(told, f"shots[{at}].lines")
            if not left or line.get("text") != left[0].text or line.get("speaker") != left[0].speaker:
                raise ModelFailed(f"it changed, added or moved a line of shot {at + 1}")
            mine.append(left.pop(0))
        spoken.append(mine)
    if left:
        raise ModelFailed(f"it left out {len(left)} of {len(wanted)} lines")
    return spoken


def _shot(at: int, told: Mapping[str, Any], slot: Slot, lines: Sequence[Line], written: Screenplay) -> Shot:
    shot_id = f"shot-{at + 1}"
    where = f"shots[{at}]"
    base = written.shots[min(at, len(written.shots) - 1)]
    camera = Camera(
        move=_one_of(told.get("move", base.camera.move), set(get_args(film.Move)), f"{where}.move"),
        heading=_maybe(told.get("heading"), set(get_args(film.Heading)), f"{where}.heading"),
        amplitude=base.camera.amplitude,
        speed=base.camera.speed,
    )
    said: dict[str, Any] = {}
    for field, kinds in (
        ("framing", film.Framing), ("angle", film.Angle), ("time_of_day", film.TimeOfDay),
        ("weather", film.Weather), ("pace", film.Pace),
    ):  # fmt: skip
        said[field] = _one_of(told.get(field, getattr(base, field)), set(get_args(kinds)), f"{where}.{field}")
    said["season"] = _maybe(told.get("season", base.season), set(get_args(film.Season)), f"{where}.season")
    said["place"] = _one_of(told.get("place", base.place), names_of("place"), f"{where}.place")
    for field in ("light", "mood", "ambience"):
        if field in told:
            said[field] = tuple(_words(told[field], f"{where}.{field}"))
    if unknown := set(said.get("ambience", ())) - names_of("ambience"):
        raise ModelFailed(f"{where}.ambience has {min(unknown)!r}, which is no bed")
    return replace(
        base,
        **said,
        id=shot_id,
        index=at,
        start=slot.start_s,
        seconds=slot.seconds,
        text=_text(told.get("text", base.text), f"{where}.text", _LONGEST_TEXT),
        setting=_text(told.get("setting", base.setting), f"{where}.setting"),
        camera=camera,
        subjects=_subjects(told, shot_id, where, written),
        dialogue=_placed(lines, slot, shot_id),
        effects=_effects(told, slot, shot_id, where),
        sources={
            name: spans for name, spans in base.sources.items() if said.get(name) == getattr(base, name, 0)
        },
        spans=base.spans if len(written.shots) > at else (),
        continues=at > 0 and base.continues,
    )


def _placed(lines: Sequence[Line], slot: Slot, shot_id: str) -> tuple[Line, ...]:
    """Return lines one behind the other within a slot."""
    needs = [speaking_s(line.text, line.language) for line in lines]
    scale = min(1.0, slot.seconds / sum(needs)) if needs else 1.0
    at_s = slot.start_s + max(0.0, slot.seconds - sum(needs)) / (len(needs) + 1)
    made: list[Line] = []
    for number, (line, need) in enumerate(zip(lines, needs, strict=True), 1):
        end_s = min(at_s + need * scale, slot.start_s + slot.seconds)
        made.append(
            replace(
                line,
                id=f"{shot_id}.line-{number}",
                start=Seconds(round(at_s, 3)),
                end=Seconds(round(end_s, 3)),
            )
        )
        at_s = end_s
    return tuple(made)


def _subjects(told: Mapping[str, Any], shot_id: str, where: str, written: Screenplay) -> tuple[Subject, ...]:
    made: list[Subject] = []
    times: dict[str, int] = {}
    members = {member.name for member in written.cast}
    for at, item in enumerate(_list(told.get("subjects", []), f"{where}.subjects")):
        path = f"{where}.subjects[{at}]"
        subject = _object(item, path)
        noun = _text(subject.get("noun"), f"{path}.noun")
        count = subject.get("count", 1)
        if not noun or not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 10_000:
            raise ModelFailed(f"{path} needs a noun and a count from 1 to 10000")
        kind = subject.get("kind")
        if kind is not None and (not isinstance(kind, str) or lexicon().entry("nouns", kind) is None):
            raise ModelFailed(f"{path}.kind is {kind!r}, which the lexicon has not")
        times[noun] = times.get(noun, 0) + 1
        number = f"-{times[noun]}" if times[noun] > 1 else ""
        made.append(
            Subject(
                id=f"{shot_id}.{'-'.join(noun.lower().split())}{number}",
                noun=noun,
                kind=kind,
                count=count,
                attributes=tuple(_words(subject.get("attributes", []), f"{path}.attributes")),
                action=_maybe(subject.get("action"), names_of("action"), f"{path}.action"),
                member=noun if noun in members else None,
                invented=not (spans := tuple(_found(noun, written.prompts))),
                spans=spans,
            )
        )
    return tuple(made)


def _found(words: str, prompts: Sequence[str]) -> Iterator[Span]:
    """Yield where a prompt says these words first; a model's own words stand nowhere."""
    for index, prompt in enumerate(prompts):
        start = prompt.lower().find(words.lower())
        if start >= 0 and len(prompt.lower()) == len(prompt):
            yield Span(start=start, end=start + len(words), prompt=index)
            return


def _effects(told: Mapping[str, Any], slot: Slot, shot_id: str, where: str) -> tuple[Effect, ...]:
    names = _words(told.get("effects", []), f"{where}.effects")
    return tuple(
        Effect(
            id=f"{shot_id}.effect-{number}", name=name, start=slot.start_s,
            end=Seconds(slot.start_s + slot.seconds), implied=True,
        )
        for number, name in enumerate(names, 1)
    )  # fmt: skip


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ModelFailed(f"{where} is no object")
    return cast("dict[str, Any]", value)


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list) or len(cast("list[Any]", value)) > _MOST_THINGS:
        raise ModelFailed(f"{where} is no list of at most {_MOST_THINGS}")
    return cast("list[Any]", value)


def _seconds(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not _LEAST_SHOT_S <= value <= 3600:
        raise ModelFailed(f"{where} is {str(value)[:20]}, no length of a shot")
    return float(value)


def _text(value: Any, where: str, longest: int = _LONGEST_WORDS) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise ModelFailed(f"{where} is no text of at most {longest} characters")
    return value.strip()


def _words(value: Any, where: str) -> list[str]:
    return [word for item in _list(value, where) if (word := _text(item, where))]


def _one_of(value: Any, allowed: set[Any] | frozenset[str], where: str) -> Any:
    if not isinstance(value, str) or value not in allowed:
        raise ModelFailed(f"{where} is {str(value)[:40]!r}, which is no name it may have")
    return value


def _maybe(value: Any, allowed: set[Any] | frozenset[str], where: str) -> Any:
    return None if value is None else _one_of(value, allowed, where)
