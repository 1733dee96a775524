"""Stage 1 of 5, part: readings put together as shots. Knows no grammar.

Each shot takes from the one before what it does not say; what nobody said is assumed, and a note says so.
Offsets of the readings become spans of the prompt here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from soundstage.film import Line, Note, Seconds, Shot, Span, Subject
from soundstage.plan.camera import choose_lens, place_changes
from soundstage.plan.casting import join_members
from soundstage.plan.ids import name_events, name_subjects
from soundstage.plan.implied import imply_beds, imply_effects
from soundstage.plan.inflection import plural_of
from soundstage.plan.pacing import Slot, place_lines
from soundstage.plan.placing import is_indoors
from soundstage.plan.soundscape import choose_beds, place_effects
from soundstage.plan.sources import said_at
from soundstage.plan.staging import choose_camera, choose_framing, is_literal
from soundstage.plan.tables import rules
from soundstage.plan.turns import name_speakers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.film import Effect, Music, NoteKind, Order, Season, TimeOfDay, Weather
    from soundstage.plan.beats import Beat
    from soundstage.plan.camera import View
    from soundstage.plan.casting import Cast
    from soundstage.plan.dialogue import Speech
    from soundstage.plan.reading import Reading

_DEFAULTS = {"place": "open", "time_of_day": "afternoon", "weather": "clear"}
#: Fields a shot takes from the one before, with the words they were said by.
_CARRIED = ("place", "setting", "time_of_day", "season", "era", "weather", "light", "mood")
#: What a part of the whole film that stands outside its shots says for all of them.
_FILM_WIDE = ("light", "mood", "framing", "angle", "lens", "move", "pace", "ambience", "music")


@dataclass(slots=True)
class _Stage:
    """What a shot takes from the one before."""

    place: str | None = None
    setting: str = ""
    time_of_day: str | None = None
    season: str | None = None
    era: str | None = None
    weather: str | None = None
    light: tuple[str, ...] = ()
    mood: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    framing: str = ""
    sources: Mapping[str, tuple[Span, ...]] = field(default_factory=dict[str, "tuple[Span, ...]"])


def shoot(
    order: Order,
    beats: Sequence[Beat],
    readings: Sequence[Reading],
    whole: Reading | None,
    slots: Sequence[Slot],
    cast_: Cast,
    notes: list[Note],
) -> list[Shot]:
    """Return the shots of a film.

    Args:
        order: what was asked.
        beats: the cut prompt, a beat a shot.
        readings: of each beat's text.
        whole: of the words that hold for every shot.
        slots: the frames of each shot.
        cast_: meets everybody here.
        notes: takes what was assumed.
    """
    before = _opening(whole, cast_)
    for reading in readings:
        cast_.meet(reading)
    spoken: list[tuple[Speech, ...]] = []
    everything = [*([whole] if whole else []), *readings]
    named, aliases = name_speakers([reading.dialogue for reading in everything])
    cast_.know(aliases)
    spoken += [cast_.speak(speeches) for speeches in named[-len(readings) :]]
    shots: list[Shot] = []
    for at, (beat, reading) in enumerate(zip(beats, readings, strict=True)):
        shot = _shot(order, at, reading, whole, slots[at], spoken[at], cast_, before, notes)
        shot = replace(shot, entrance=beat.entrance)
        shots.append(shot)
        before = _Stage(
            place=shot.place, setting=shot.setting, time_of_day=shot.time_of_day, season=shot.season,
            era=shot.era, weather=shot.weather, light=shot.light,
            mood=shot.mood, subjects=shot.subjects, framing=shot.framing, sources=shot.sources,
        )  # fmt: skip
    return shots


def _opening(whole: Reading | None, cast_: Cast) -> _Stage:
    if whole is None:
        return _Stage()
    cast_.meet(whole)
    world = whole.world
    return _Stage(
        place=world.place, setting=world.setting, time_of_day=world.time_of_day, season=world.season,
        era=world.era, weather=world.weather, light=world.light, mood=world.mood,
        subjects=tuple(whole.source.lift(cast_.assign(draft)) for draft in whole.drafts),
        sources=whole.source.lift_fields(whole.said),
    )  # fmt: skip


def _shot(
    order: Order, at: int, reading: Reading, whole: Reading | None, slot: Slot, speeches: tuple[Speech, ...],
    cast_: Cast, before: _Stage, notes: list[Note],
) -> Shot:  # fmt: skip
    shot_id = f"shot-{at + 1}"

    def note(kind: NoteKind, text: str) -> None:
        if text:
            notes.append(Note(kind=kind, text=text, shot=shot_id))

    prompts = [element.prompt for element in order.shots] or [order.prompt or ""]
    spans = reading.source.spans(0, len(reading.text))
    world, view = reading.world, reading.view
    settled, unsaid = _settle(reading, before)
    note("assumed", f"unsaid and assumed: {', '.join(unsaid)}" if unsaid else "")
    if world.place_near:
        note("assumed", f"place {world.place} stands in for {world.setting!r}")
    moved = (world.place is not None or world.inside) and settled[0] != before.place
    subjects = _subjects(reading, speeches, cast_)
    returning = not subjects and (world.place is None or (at == 0 and whole is not None))
    subjects = before.subjects if returning else subjects
    same_cast = returning or _share_someone(subjects, before.subjects)
    continues = at > 0 and not moved and same_cast
    film_view = whole.view if whole else view
    framing = view.framing or film_view.framing
    framing = framing or choose_framing(subjects, speeches, view, before.framing if continues else "")
    told = view if view.camera else film_view
    camera = place_changes(told.camera, told.changes, slot) if told.camera else None
    if camera is None:
        camera, chosen = choose_camera(subjects, order.cfg_scale, order.seed, shot_id)
        notes.append(chosen)
    for text in view.notes:
        note("conflict", text)
    placed, line_note = place_lines(speeches, slot)
    note("timing", line_note)
    lines = () if _says(reading, whole, "no_speech") else _lines(reading, speeches, placed)
    quiet = _says(reading, whole, "silent")
    light = world.light or (() if moved else before.light)
    mood = world.mood or (() if moved else before.mood)
    literal = is_literal(order.cfg_scale)
    beds = (*world.beds, *(whole.world.beds if whole else ()), *(() if literal else imply_beds(subjects)))
    place, time_of_day, weather = settled
    return Shot(
        id=shot_id,
        index=at,
        start=slot.start_s,
        seconds=slot.seconds,
        text=said_at(prompts, spans),
        framing=framing,
        angle=view.angle or film_view.angle or "eye",
        lens=choose_lens(view if whole is None else _over(view, film_view), framing),
        camera=camera,
        pace=view.pace or film_view.pace or "normal",
        place=place,
        setting=world.setting or ("" if moved else before.setting),
        season=cast("Season | None", world.season or before.season),
        era=world.era or before.era,
        time_of_day=cast("TimeOfDay", time_of_day),
        weather=cast("Weather", weather),
        light=light if whole is None else tuple(dict.fromkeys([*light, *whole.world.light])),
        mood=mood if whole is None else tuple(dict.fromkeys([*mood, *whole.world.mood])),
        subjects=name_subjects(shot_id, subjects),
        dialogue=name_events(shot_id, "line", lines),
        effects=_effects(shot_id, reading, whole, slot, () if quiet or literal else subjects),
        ambience=("silence",) if quiet else choose_beds(place, time_of_day, weather, beds),
        music=_music(reading, whole),
        on_screen_text=reading.dialogue.writing,
        continues=continues,
        sources=_sources(reading, whole, before, moved=moved),
        spans=spans,
    )


def _says(reading: Reading, whole: Reading | None, wish: str) -> bool:
    return bool(getattr(reading.sound, wish) or (whole and getattr(whole.sound, wish)))


def _over(view: View, film_view: View) -> View:
    """Return a shot's view with what it leaves open of the lens as the whole film's says."""
    return replace(
        view,
        focal_length_mm=view.focal_length_mm or film_view.focal_length_mm,
        f_number=view.f_number or film_view.f_number,
        focus=view.focus or film_view.focus,
    )


def _music(reading: Reading, whole: Reading | None) -> Music | None:
    if _says(reading, whole, "no_music"):
        return None
    for said in (reading, whole):
        if said is not None and said.sound.music is not None:
            return said.source.lift(said.sound.music)
    return None


def _effects(
    shot_id: str, reading: Reading, whole: Reading | None, slot: Slot, subjects: Sequence[Subject]
) -> tuple[Effect, ...]:
    """Return what is heard in a shot: what was said here and of the whole film, and what `subjects` imply."""
    effects = [reading.source.lift(effect) for effect in place_effects(reading.sound, slot)]
    names = {effect.name for effect in effects}
    if whole is not None:
        wide = (whole.source.lift(effect) for effect in place_effects(whole.sound, slot))
        effects += [effect for effect in wide if effect.name not in names]
    effects += imply_effects(subjects, slot, frozenset(effect.name for effect in effects))
    effects.sort(key=lambda effect: (effect.start, effect.name))
    return name_events(shot_id, "effect", effects)


def _settle(reading: Reading, before: _Stage) -> tuple[tuple[str, str, str], list[str]]:
    """Return place, time and weather: said here, else as in the shot before, else assumed; and the last."""
    settled, assumed, world = list[str](), list[str](), reading.world
    for name, default in _DEFAULTS.items():
        gone_in = name == "place" and world.inside and not is_indoors(before.place or "")
        said = getattr(world, name) or (None if gone_in else getattr(before, name))
        if said is None:
            said = world.place_hint if name == "place" else None
            why = f' (as "{world.hint_words}" suggests)' if said else ""
            assumed.append(f"{name.replace('_', ' ')} {said or default}{why}")
        settled.append(said or default)
    return (settled[0], settled[1], settled[2]), assumed


def _sources(
    reading: Reading, whole: Reading | None, before: _Stage, *, moved: bool
) -> dict[str, tuple[Span, ...]]:
    """Return where each field was said: here, in what holds for every shot, or in the shot before."""
    carried = [name for name in _CARRIED if not (moved and name in ("light", "mood", "place", "setting"))]
    sources = {name: before.sources[name] for name in carried if name in before.sources}
    if whole is not None:
        wide = whole.source.lift_fields(whole.said)
        sources |= {name: wide[name] for name in _FILM_WIDE if name in wide}
    return sources | reading.source.lift_fields(reading.said)


def _subjects(reading: Reading, speeches: Sequence[Speech], cast_: Cast) -> tuple[Subject, ...]:
    subjects = join_members([reading.source.lift(cast_.assign(draft)) for draft in reading.drafts])
    talking = {speech.speaker for speech in speeches if not speech.off_screen}
    subjects = [
        replace(s, action="talk") if s.member in talking and s.action is None else s for s in subjects
    ]
    present = {subject.member for subject in subjects}
    for speech in speeches:
        if speech.off_screen or speech.speaker in present or _is_among(speech.speaker, subjects):
            continue
        present.add(speech.speaker)
        member = cast_.members[speech.speaker]
        kind = {"female": "woman", "male": "man"}.get(member.gender, "person")
        spans = reading.source.spans(speech.start, speech.end)
        subjects.append(Subject(noun=member.name, kind=kind, action="talk", member=member.name, spans=spans))
    return tuple(subjects)


def _is_among(speaker: str, subjects: Sequence[Subject]) -> bool:
    """Tell whether a speaker is one of several already seen, the second cowboy of two, or not to be seen."""
    if speaker == "narrator":
        return True
    head = speaker.lower().split()[-1]
    nameless = speaker in ("everyone", "someone") or head.isdigit()
    named = (head, plural_of(head, rules("inflection")["plurals"]))
    groups = [subject for subject in subjects if subject.count > 1 and subject.member is None]
    return any(nameless or head == group.kind or group.noun.lower().endswith(named) for group in groups)


def _share_someone(mine: Sequence[Subject], theirs: Sequence[Subject]) -> bool:
    names = {subject.member or subject.kind or subject.noun.lower() for subject in theirs}
    return any((subject.member or subject.kind or subject.noun.lower()) in names for subject in mine)


def _lines(
    reading: Reading, speeches: Sequence[Speech], placed: Sequence[tuple[Seconds, Seconds]]
) -> tuple[Line, ...]:
    return tuple(
        Line(
            speaker=speech.speaker,
            text=speech.text,
            spoken=speech.spoken,
            language=speech.language,
            manner=speech.manner,
            start=start_s,
            end=Seconds(round(start_s + seconds, 3)),
            off_screen=speech.off_screen or speech.speaker == "narrator",
            spans=reading.source.spans(speech.start, speech.end),
        )
        for speech, (start_s, seconds) in zip(speeches, placed, strict=True)
    )
