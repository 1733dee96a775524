"""The screenplay for a person to read: rows of labelled words. Knows no terminal, no width and no colour.

What the prompt did not say is told apart from what it did: each piece of a row carries its tone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from soundstage.plan.dialects.filmed import name_moves, tell_framing_parts, tell_lens
from soundstage.plan.dialects.heard import language_name, name_effect, name_music
from soundstage.plan.dialects.naming import noun_phrase
from soundstage.plan.dialects.phrasing import listed, number, word, words
from soundstage.plan.dialects.seen import fresh_look, tell_clause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from soundstage.film import CastMember, Line, Note, Screenplay, Shot, Subject

Tone = Literal["said", "assumed", "invented", "speech", "quiet", "warning"]
RowKind = Literal["title", "fact", "shot", "legend"]
#: Notes a person should look at before filming.
_WARNINGS = ("conflict", "not_understood", "removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some words in one tone."""

    text: str
    tone: Tone = "said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A label and what stands behind it."""

    kind: RowKind = "fact"
    label: str = ""
    pieces: tuple[Piece, ...] = ()


def draw_storyboard(screenplay: Screenplay) -> tuple[Row, ...]:
    """Return the rows of a film: its head, each shot, what concerns the whole film, the marks' meaning."""
    rows = [*_head(screenplay)]
    for shot in screenplay.shots:
        rows += _shot(shot, screenplay)
    ids = {shot.id for shot in screenplay.shots}
    rest = [note for note in screenplay.notes if note.shot not in ids]
    if rest:
        rows += [Row(kind="shot", label="WHOLE FILM"), *_notes(rest)]
    return (*rows, *_legend(rows))


def _head(screenplay: Screenplay) -> Iterator[Row]:
    yield Row(kind="title", pieces=(Piece(text=screenplay.title),))
    size, shots = screenplay.size, len(screenplay.shots)
    facts = (
        f"{_number(screenplay.seconds)} s", f"{shots} shot{'s' if shots > 1 else ''}",
        f"{size.width}x{size.height} at {screenplay.fps} fps", "with sound" if screenplay.sound else "silent",
        f"seed {screenplay.seed}",
    )  # fmt: skip
    yield _row("Film", ", ".join(facts))
    style = screenplay.style.replace("_", " ")
    yield _row("Style", ", ".join([style, *fresh_look(screenplay, style)]))
    yield from _if(_row("Colours", ", ".join(screenplay.palette)), screenplay.palette)
    for at, member in enumerate(screenplay.cast):
        yield _row("Cast" if not at else "", _member(member))
    yield from _if(_row("Without", ", ".join(screenplay.excluded)), screenplay.excluded)
    if screenplay.language != "en":
        yield _row("Language", language_name(screenplay.language))
    if screenplay.planner != "grammar":
        yield _row("Planner", screenplay.planner)


def _member(member: CastMember) -> str:
    facts = [fact for fact in (member.gender, member.age) if fact != "unknown"]
    facts += [language_name(member.language)] if member.language else []
    told = f" ({', '.join(facts)})" if facts else ""
    same = member.description.lower() == member.name.lower()
    return f"{member.name}{told}" + (f": {member.description}" if member.description and not same else "")


def _shot(shot: Shot, screenplay: Screenplay) -> Iterator[Row]:
    end = _number(shot.start + shot.seconds)
    entrance = "" if shot.entrance == "cut" else f", by a {shot.entrance.replace('_', ' ')}"
    span = f"{_number(shot.start)}-{end} s ({_number(shot.seconds)} s{entrance})"
    yield Row(kind="shot", label=f"SHOT {shot.index + 1}", pieces=(Piece(text=span, tone="quiet"),))
    said = _Said(shot, marks=bool(screenplay.prompts))
    yield Row(label="Camera", pieces=tuple(_camera(shot, said)))
    yield Row(label="Place", pieces=tuple(_place(shot, said)))
    light = [word("light", light) for light in shot.light]
    yield from _if(_row("Light", listed(light)), light)
    yield from _if(_row("Mood", listed(shot.mood)), shot.mood)
    for at, subject in enumerate(shot.subjects):
        yield _subject("" if at else "Seen", subject, shot, screenplay)
    for at, line in enumerate(shot.dialogue):
        yield _line("" if at else "Speech", line, screenplay)
    for at, effect in enumerate(shot.effects):
        told = f"{_number(effect.start)}-{_number(effect.end)} s  {name_effect(effect)}"
        tone: Tone = "assumed" if effect.implied else "said"
        yield Row(label="" if at else "Effects", pieces=(Piece(text=told, tone=tone),))
    if shot.ambience:
        told = listed(word("ambience", bed) for bed in shot.ambience)
        yield Row(label="Ambience", pieces=(Piece(text=told, tone=said.tone("ambience")),))
    if shot.music:
        where = ", heard in the scene" if shot.music.in_scene else ""
        yield _row("Music", f"{name_music(shot.music)}{where}")
    yield from _if(_row("Text", ", ".join(f'"{text}"' for text in shot.on_screen_text)), shot.on_screen_text)
    yield from _notes(note for note in screenplay.notes if note.shot == shot.id)


class _Said:
    """Tells what of a shot the prompt said."""

    def __init__(self, shot: Shot, *, marks: bool) -> None:
        self._sources, self._marks = shot.sources, marks

    def tone(self, *fields: str) -> Tone:
        said = not self._marks or any(field in self._sources for field in fields)
        return "said" if said else "assumed"


def _camera(shot: Shot, said: _Said) -> Iterator[Piece]:
    framing, angle, pace = tell_framing_parts(shot)
    yield Piece(text=framing, tone=said.tone("framing"))
    if angle:
        yield Piece(text=angle, tone=said.tone("angle"))
    if pace:
        yield Piece(text=pace, tone=said.tone("pace"))
    yield Piece(text=name_moves(shot), tone=said.tone("move"))
    if lens := tell_lens(shot):
        yield Piece(text=lens.removeprefix("It is shot with "))


def _place(shot: Shot, said: _Said) -> Iterator[Piece]:
    place = words()["place"].get(shot.place, ("in", shot.place.replace("_", " ")))[1]
    noun = place.partition(" ")[2] or place
    named = f"{shot.setting} (as {place})" if noun not in shot.setting.lower() else shot.setting
    yield Piece(text=named if shot.setting else place or "open", tone=said.tone("place", "setting"))
    for extra in (shot.season, shot.era):
        if extra:
            yield Piece(text=extra)
    yield Piece(text=word("time", shot.time_of_day), tone=said.tone("time_of_day"))
    yield Piece(text=shot.weather, tone=said.tone("weather"))


def _subject(label: str, subject: Subject, shot: Shot, screenplay: Screenplay) -> Row:
    named = noun_phrase(subject)
    count = f" x{subject.count}" if subject.count > 1 and not named.startswith(number(subject.count)) else ""
    is_apart = subject.member is not None and subject.member.lower() not in subject.noun.lower()
    member = f" [{subject.member}]" if is_apart else ""
    tone: Tone = "invented" if subject.invented else "said"
    text = tell_clause(subject, f"{named}{count}{member}", shot, screenplay).removesuffix(" is in view")
    pieces = (Piece(text=text, tone=tone),)
    return Row(label=label, pieces=pieces)


def _line(label: str, line: Line, screenplay: Screenplay) -> Row:
    how = [*line.manner, *(["off screen"] if line.off_screen else [])]
    if line.language != screenplay.language:
        how.append(f"in {language_name(line.language)}")
    if line.translated is False:
        how.append("not translated")
    told = f" ({', '.join(how)})" if how else ""
    who = f"{_number(line.start)}-{_number(line.end)} s  {line.speaker}{told}: "
    pieces = [Piece(text=who), Piece(text=f'"{line.text}"', tone="speech")]
    if line.original:
        pieces.append(Piece(text=f' (translated from "{line.original}")', tone="quiet"))
    return Row(label=label, pieces=tuple(pieces))


def _notes(notes: Iterable[Note]) -> Iterator[Row]:
    for at, note in enumerate(notes):
        # What was cut where is told of the film; what does not fit is told of a shot.
        warns = note.kind in _WARNINGS or (note.kind == "timing" and note.shot is not None)
        tone: Tone = "warning" if warns else "assumed" if note.kind == "assumed" else "quiet"
        tone = "invented" if note.kind == "invented" else tone
        kind = note.kind.replace("_", " ")
        text = note.text if kind in note.text else f"{kind}: {note.text}"
        yield Row(label="" if at else "Notes", pieces=(Piece(text=text, tone=tone),))


def _legend(rows: Iterable[Row]) -> Iterator[Row]:
    tones = {piece.tone for row in rows for piece in row.pieces}
    meanings: dict[Tone, str] = {
        "assumed": "assumed, the prompt does not say",
        "invented": "invented",
        "warning": "look at this",
    }
    pieces = tuple(Piece(text=told, tone=tone) for tone, told in meanings.items() if tone in tones)
    if pieces:
        yield Row(kind="legend", pieces=pieces)


def _row(label: str, text: str) -> Row:
    return Row(label=label, pieces=(Piece(text=text),))


def _if(row: Row, wanted: object) -> Iterator[Row]:
    if wanted:
        yield row


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
