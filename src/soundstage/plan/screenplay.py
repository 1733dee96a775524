"""Stage 1 of 5, the door: an order in, its screenplay out. Knows no pixel, no sample, no network.

Pure: the same order gives the same screenplay. Each shot is read by itself, then takes from the shot before
what it does not say; what nobody said is assumed, and a note says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from soundstage.film import Camera, Line, Music, Note, Screenplay, Seconds, Shot, Subject
from soundstage.plan.beats import LEAST_BEAT_S, Beat, cut_prompt
from soundstage.plan.camera import choose_lens
from soundstage.plan.casting import Cast
from soundstage.plan.exclusion import name_items, remove, split_negative
from soundstage.plan.pacing import Slot, place_lines, speaking_s, spread_beats, to_slots
from soundstage.plan.reading import Reading, read_text
from soundstage.plan.revision import recheck
from soundstage.plan.soundscape import choose_beds, place_effects
from soundstage.plan.staging import choose_camera, choose_framing
from soundstage.plan.title import choose_title
from soundstage.plan.words import is_han, tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.film import Order, TimeOfDay, Weather
    from soundstage.plan.dialogue import Speech
    from soundstage.plan.drafts import Draft

_DEFAULTS = {"place": "open", "time_of_day": "afternoon", "weather": "clear"}


def write_screenplay(order: Order) -> Screenplay:
    """Return the screenplay of an order; an edited one it carries is checked and returned.

    Raises:
        ScreenplayInvalid: the order carries a screenplay that cannot be filmed; the message names the field.
    """
    if order.screenplay is not None:
        return recheck(order)
    notes: list[Note] = []
    beats, frame, least_s = _beats(order)
    whole = read_text(frame) if frame else None
    readings = _read(beats, whole)
    slots = _slots(order, beats, readings, least_s, notes)
    cast_, shots = _shoot(order, readings, whole, slots, notes)
    items = split_negative(tidy(order.negative_prompt))
    unwanted = [item for reading in (*readings, *([whole] if whole else [])) for item in reading.unwanted]
    items = tuple(dict.fromkeys([*items, *unwanted]))
    exclusions = name_items(items)
    kept: list[Shot] = []
    for shot in shots:
        shot_kept, left_out = remove(shot, exclusions)
        kept.append(shot_kept)
        notes += [Note(kind="removed", text=said, shot=shot.id) for said in left_out]
    everything = [*([whole] if whole else []), *readings]
    style = next((reading.world.style for reading in everything if reading.world.style), "cinematic")
    if any(is_han(reading.text) for reading in readings):
        said = "Chinese is read by its known words: places, times, weather, nouns and speech, not deeds"
        notes.append(Note(kind="language", text=said))
    if not order.generate_audio and any(shot.dialogue for shot in kept):
        said = "no sound was asked for: the lines are kept as text and not spoken"
        notes.append(Note(kind="conflict", text=said))
    return Screenplay(
        title=choose_title(readings),
        seconds=Seconds(sum(slot.frame_count for slot in slots) / order.fps),
        size=order.size,
        fps=order.fps,
        seed=order.seed,
        sound=order.generate_audio,
        style=style,
        palette=tuple(dict.fromkeys(colour for reading in everything for colour in reading.world.palette)),
        cast=tuple(cast_.members.values()),
        shots=tuple(kept),
        excluded=items,
        adherence=order.cfg_scale,
        notes=tuple(notes),
    )


def _beats(order: Order) -> tuple[tuple[Beat, ...], str, float]:
    if order.shots:
        return tuple(Beat(text=tidy(shot.prompt), seconds=shot.seconds) for shot in order.shots), "", 0.0
    assert order.prompt is not None, order.order_id
    prompt = tidy(order.prompt)
    cutting = cut_prompt(prompt, order.seconds, by_itself=order.shot_type == "intelligent")
    return cutting.beats or (Beat(text=prompt),), cutting.frame, LEAST_BEAT_S


def _read(beats: Sequence[Beat], whole: Reading | None) -> list[Reading]:
    readings: list[Reading] = []
    known: list[Draft] = list(whole.drafts) if whole else []
    for beat in beats:
        reading = read_text(beat.text, known)
        readings.append(reading)
        known += reading.drafts
    return readings


def _slots(
    order: Order, beats: Sequence[Beat], readings: Sequence[Reading], least_s: float, notes: list[Note]
) -> tuple[Slot, ...]:
    total_frames = max(len(beats), round(order.seconds * order.fps))
    needs = [sum(speaking_s(s.text, s.language) for s in reading.dialogue.speeches) for reading in readings]
    lengths, note = spread_beats(beats, needs, order.seconds, least_s)
    if note:
        notes.append(Note(kind="timing", text=note))
    slots = to_slots(lengths, order.fps, total_frames)
    if len(slots) > 1 and not order.shots:
        cuts = "cut at " + ", ".join(f"{slot.start_s:.2f} s" for slot in slots[1:])
        notes.append(Note(kind="timing", text=cuts))
    return slots


@dataclass(slots=True)
class _Stage:
    """What a shot takes from the one before."""

    place: str | None = None
    time_of_day: str | None = None
    weather: str | None = None
    light: tuple[str, ...] = ()
    mood: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    drafts: tuple[Draft, ...] = ()
    framing: str = ""
    said: str = ""


def _shoot(
    order: Order, readings: Sequence[Reading], whole: Reading | None, slots: Sequence[Slot], notes: list[Note]
) -> tuple[Cast, list[Shot]]:
    cast_ = Cast()
    before = _Stage()
    if whole is not None:
        cast_.meet(whole)
        world = whole.world
        before = _Stage(
            place=world.place, time_of_day=world.time_of_day, weather=world.weather, light=world.light,
            mood=world.mood, drafts=whole.drafts,
        )  # fmt: skip
    for reading in readings:
        cast_.meet(reading)
    spoken = []
    seen: list[Draft] = list(before.drafts)
    for reading in readings:
        spoken.append(cast_.speak(reading.dialogue.speeches, reading.drafts, seen))
        seen += reading.drafts
    shots: list[Shot] = []
    for at, (reading, slot, speeches) in enumerate(zip(readings, slots, spoken, strict=True)):
        shot = _shot(order, at, reading, slot, speeches, cast_, before, notes)
        if whole is not None:
            shot = _framed(shot, reading, whole)
        shots.append(shot)
        before = _Stage(
            place=shot.place, time_of_day=shot.time_of_day, weather=shot.weather, light=shot.light,
            mood=shot.mood,
            subjects=shot.subjects, drafts=(*before.drafts, *reading.drafts), framing=shot.framing,
            said=shot.text,
        )  # fmt: skip
    return cast_, shots


def _shot(
    order: Order, at: int, reading: Reading, slot: Slot, speeches: tuple[Speech, ...], cast_: Cast,
    before: _Stage,
    notes: list[Note],
) -> Shot:  # fmt: skip
    world, view = reading.world, reading.view
    place, time_of_day, weather = _settle(at, reading, before, notes)
    moved = world.place is not None and world.place != before.place
    subjects = _subjects(reading, speeches, cast_)
    returning = not subjects and world.place is None
    subjects = before.subjects if returning else subjects
    same_cast = returning or _share_someone(subjects, before.subjects)
    continues = at > 0 and not moved and same_cast
    framing = view.framing or choose_framing(subjects, speeches, view, before.framing if continues else "")
    camera, camera_note = (view.camera, "") if view.camera else choose_camera(subjects, order.cfg_scale)
    shot_id = f"shot-{at + 1}"
    notes += [Note(kind="assumed", text=note, shot=shot_id) for note in (*view.notes, camera_note) if note]
    placed, line_note = place_lines(speeches, slot)
    if line_note:
        notes.append(Note(kind="timing", text=line_note, shot=shot_id))
    quiet = reading.sound.silent
    return Shot(
        id=shot_id,
        index=at,
        start=slot.start_s,
        seconds=slot.seconds,
        text=reading.text,
        framing=framing,
        angle=view.angle or "eye",
        lens=choose_lens(view, framing),
        camera=camera or Camera(),
        place=place,
        time_of_day=cast("TimeOfDay", time_of_day),
        weather=cast("Weather", weather),
        light=world.light or (() if moved else before.light),
        mood=world.mood or (() if moved else before.mood),
        subjects=subjects,
        dialogue=() if reading.sound.no_speech else _lines(speeches, placed),
        effects=place_effects(reading.sound, slot),
        ambience=("silence",) if quiet else choose_beds(place, time_of_day, weather, world.beds),
        music=None if quiet or reading.sound.no_music else _music(reading),
        on_screen_text=reading.dialogue.writing,
        continues=continues,
    )


def _framed(shot: Shot, reading: Reading, whole: Reading) -> Shot:
    """Return a shot under what holds for the whole film."""
    music = None if reading.sound.no_music or reading.sound.silent else shot.music or _music(whole)
    return replace(
        shot,
        music=music,
        light=tuple(dict.fromkeys([*shot.light, *whole.world.light])),
        mood=tuple(dict.fromkeys([*shot.mood, *whole.world.mood])),
    )


def _music(reading: Reading) -> Music | None:
    return Music(said=reading.sound.music) if reading.sound.music else None


def _settle(at: int, reading: Reading, before: _Stage, notes: list[Note]) -> tuple[str, str, str]:
    """Return place, time and weather: said here, else as in the shot before, else assumed."""
    settled: list[str] = []
    assumed: list[str] = []
    for name, default in _DEFAULTS.items():
        said = getattr(reading.world, name) or getattr(before, name)
        if said is None:
            assumed.append(f"{name.replace('_', ' ')} {default}")
        settled.append(said or default)
    if assumed:
        said = f"unsaid and assumed: {', '.join(assumed)}"
        notes.append(Note(kind="assumed", text=said, shot=f"shot-{at + 1}"))
    return settled[0], settled[1], settled[2]


def _subjects(reading: Reading, speeches: Sequence[Speech], cast_: Cast) -> tuple[Subject, ...]:
    subjects = [cast_.assign(draft) for draft in reading.drafts]
    talking = {speech.speaker for speech in speeches if not speech.off_screen}
    subjects = [
        replace(s, action="talk") if s.member in talking and s.action is None else s for s in subjects
    ]
    present = {subject.member for subject in subjects}
    for speech in speeches:
        if speech.off_screen or speech.speaker in present or speech.speaker == "narrator":
            continue
        present.add(speech.speaker)
        member = cast_.members[speech.speaker]
        kind = {"female": "woman", "male": "man"}.get(member.gender, "person")
        subjects.append(Subject(noun=member.name, kind=kind, action="talk", member=member.name))
    return tuple(subjects)


def _share_someone(mine: Sequence[Subject], theirs: Sequence[Subject]) -> bool:
    names = {subject.member or subject.kind or subject.noun.lower() for subject in theirs}
    return any((subject.member or subject.kind or subject.noun.lower()) in names for subject in mine)


def _lines(speeches: Sequence[Speech], placed: Sequence[tuple[Seconds, Seconds]]) -> tuple[Line, ...]:
    return tuple(
        Line(
            speaker=speech.speaker,
            text=speech.text,
            language=speech.language,
            manner=speech.manner,
            start=start_s,
            end=Seconds(start_s + seconds),
            off_screen=speech.off_screen or speech.speaker == "narrator",
        )
        for speech, (start_s, seconds) in zip(speeches, placed, strict=True)
    )
