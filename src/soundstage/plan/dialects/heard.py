"""What is heard: who says what and how, effects, beds and music, as phrases. Knows no picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from soundstage.plan.dialects.phrasing import article, listed, word, words
from soundstage.plan.inflection import verb_forms
from soundstage.plan.tables import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from soundstage.film import CastMember, Effect, Line, Music, Screenplay, Shot, Subject
    from soundstage.plan.dialects.naming import Naming

SILENCE = "silence"
_PRONOUNS = {"female": "she", "male": "he"}
_VOICES = {
    ("female", "child"): "a girl's voice", ("male", "child"): "a boy's voice",
    ("female", "old"): "an old woman's voice", ("male", "old"): "an old man's voice",
    ("female", "young"): "a young woman's voice", ("male", "young"): "a young man's voice",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a line is spoken: "whispers", "softly, in a trembling voice"."""

    verb: str
    how: str


def deliver(line: Line) -> Delivery:
    """Return how a line is spoken, from its manners."""
    verb, adverbs, tails = "says", list[str](), list[str]()
    for manner in line.manner:
        if manner in _speech_verbs():
            verb = manner if verb == "says" else verb
        elif manner.endswith("ly"):
            adverbs.append(manner)
        elif manner.partition(" ")[0] in ("in", "with", "as", "while", "to"):
            tails.append(manner)
        elif manner.endswith(("voice", "tone", "accent", "whisper")):
            is_told = manner.partition(" ")[0] in ("a", "an", "his", "her", "their", "the")
            tails.append(f"in {manner if is_told else article(manner)}")
        else:
            tails.append(f"sounding {manner}")
    return Delivery(verb=verb, how=" ".join([*adverbs, *tails]))


def language_name(tag: str, *, h3: bool = False) -> str:
    """Return what a language is called: "Mandarin" in prose, "Chinese" between H3's brackets."""
    table = words()["language"]
    names = table.get(tag) or table.get(tag.partition("-")[0])
    return names[1 if h3 else 0] if names else tag


def is_voice(name: str) -> bool:
    """Tell whether a speaker is nobody who could be seen: "Narrator"."""
    return name.lower() in words()["speech"]["voices"]


def speaker_name(line: Line, shot: Shot, cast: Sequence[CastMember], naming: Naming) -> str:
    """Return who speaks a line: as the shot shows them, else by name."""
    if line.off_screen and is_voice(line.speaker):
        member = next((m for m in cast if m.name == line.speaker), None)
        gender, age = (member.gender, member.age) if member else ("unknown", "unknown")
        plain = {"female": "a female narrator", "male": "a male narrator"}.get(gender, "a narrator")
        return _VOICES.get((gender, age), plain)
    seen = subject_of(line, shot)
    if seen is not None:
        return naming.name(seen)
    return line.speaker if line.speaker[:1].isupper() else f"the {line.speaker}"


def subject_of(line: Line, shot: Shot) -> Subject | None:
    """Return who of those that are seen speaks a line."""
    return next((subject for subject in shot.subjects if subject.member == line.speaker), None)


def pronoun_of(line: Line, shot: Shot, cast: Sequence[CastMember], naming: Naming) -> str:
    """Return "she" or "he" where nobody else of the shot could be meant, else nothing."""
    genders = {member.name: member.gender for member in cast}
    mine = genders.get(line.speaker, "unknown")
    seen = [s.member for s in shot.subjects if s.member]
    subject = subject_of(line, shot)
    if mine == "unknown" or subject is None or line.off_screen or not naming.knows(subject):
        return ""
    others = [genders.get(name, "unknown") for name in seen if name != line.speaker]
    return "" if mine in others or "unknown" in others else _PRONOUNS[mine]


def tell_sounds(effects: Sequence[Effect], beds: Iterable[str]) -> str:
    """Return what is heard beside voices and music; empty where nothing is said of it."""
    beds = list(dict.fromkeys(beds))
    under = listed(word("ambience", bed) for bed in beds if bed != SILENCE)
    over = listed(dict.fromkeys(name_effect(effect) for effect in effects))
    if over and under:
        return f"The sound of {over} is heard over {under}"
    if over:
        return f"The sound of {over} is heard"
    if under:
        return f"In the background is the sound of {under}"
    return "There is no background sound" if beds else ""


def name_effect(effect: Effect) -> str:
    """Return an effect as it was said where that names it, else as its table has it."""
    stem = effect.name.partition("_")[0].lower()[:5]
    if effect.said and effect.said.isascii() and stem in effect.said.lower():
        return effect.said[:1].lower() + effect.said[1:]
    return word("effect", effect.name)


def name_music(music: Music) -> str:
    """Return music as it was wished for: "soft piano"."""
    if music.said:
        return music.said
    tempo = f"{music.tempo}-tempo" if music.tempo else ""
    mood = listed(music.mood)
    told = " ".join(part for part in (mood, tempo, music.genre or "", "music") if part)
    return f"{told} with {listed(music.instruments)}" if music.instruments else told


def tell_music(music: Music) -> str:
    """Return what plays, as a clause: "the music is soft piano", "orchestral music plays"."""
    name = name_music(music)
    last = name.rpartition(" ")[2].lower()
    verb = "" if last.endswith(("s", "ing")) and len(last) > 5 and "music" in name.lower() else " plays"
    if music.in_scene:
        return f"From within the scene comes {name}"
    if "music" in name.lower():
        return f"{name}{verb}"
    return f"The music is {article(name) if last in words()['nouns']['pieces'] else name}"


def beds_of(screenplay: Screenplay) -> list[str]:
    """Return every bed of a film, each once."""
    return list(dict.fromkeys(bed for shot in screenplay.shots for bed in shot.ambience))


@cache
def _speech_verbs() -> frozenset[str]:
    entries = rules("verbs")
    told = [entry for entry in entries.values() if not isinstance(entry, tuple) and entry.get("speech")]
    bases = [wording for entry in told for wording in entry["wordings"]]
    return frozenset(form for base in bases for form, kind in verb_forms(base, {}) if kind == "s")
