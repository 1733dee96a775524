"""MiniMax H3's form: three fields, shots with times, the camera in a closed list, speech between tags.

After its `skills/h3-prompt-writing` guide: speakers are numbered and described where they first appear,
speech is verbatim behind its language, `<scenetrans>` parts a line that goes on over a cut, `<cutoff>` ends
one that the film's end cuts short. A field without content is "N/A".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from soundstage.plan.dialects.filmed import tell_framing, tell_h3_moves, tell_lens
from soundstage.plan.dialects.heard import (
    SILENCE,
    beds_of,
    deliver,
    is_voice,
    language_name,
    name_effect,
    name_music,
    speaker_name,
    subject_of,
    tell_music,
)
from soundstage.plan.dialects.naming import Naming, short_name
from soundstage.plan.dialects.phrasing import article, listed, paragraph, word, words
from soundstage.plan.dialects.seen import open_shot, tell_light, tell_setting, tell_style, tell_text
from soundstage.plan.pacing import speaking_s

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soundstage.film import Line, Screenplay, Shot

NONE = "N/A"
#: A voice may be this much quicker than planned before its line counts as cut off.
_HASTE_S = 0.5
_EDGE_S = 0.021
_PEOPLE = ("woman", "man", "girl", "boy")


@dataclass(frozen=True, slots=True, kw_only=True)
class H3Prompt:
    """The three fields."""

    integrated_multimodal_description: str
    overall_soundscape: str
    non_diegetic_music: str

    def __str__(self) -> str:
        """Return them as the model reads them."""
        return "\n".join(
            [
                f"integrated_multimodal_description: {self.integrated_multimodal_description}",
                f"overall_soundscape: {self.overall_soundscape}",
                f"non_diegetic_music: {self.non_diegetic_music}",
            ]
        )


@dataclass(slots=True)
class _Telling:
    """What was told so far."""

    screenplay: Screenplay
    naming: Naming
    heard: set[str] = field(default_factory=set[str])  #: speakers who were described as voices
    going_on: Line | None = None  #: a line that the cut parted
    rest: str = ""  #: what of it is said behind the cut


def to_h3(screenplay: Screenplay) -> H3Prompt:
    """Return the film in H3's three fields."""
    speakers = [line.speaker for shot in screenplay.shots for line in shot.dialogue]
    marks = {name: f"(S{n})" for n, name in enumerate(dict.fromkeys(speakers), 1)}
    telling = _Telling(screenplay, Naming(marks=marks if screenplay.sound else {}))
    last_ms, shots = 0, list[str]()
    for number, shot in enumerate(screenplay.shots, 1):
        if number == 1:
            shots.append(f"[Shot 1] {paragraph([tell_style(screenplay), *_tell_shot(shot, telling, '')])}")
            continue
        last_ms = max(last_ms + 1, round(shot.start * 1000))
        arrival = words()["entrance"][shot.entrance][1]
        opening = f"At {_clock(last_ms)}, {arrival}"
        shots.append(f"[Shot {number}] {paragraph(_tell_shot(shot, telling, opening))}")
    return H3Prompt(
        integrated_multimodal_description=" ".join(shots),
        overall_soundscape=_soundscape(screenplay),
        non_diegetic_music=_score(screenplay),
    )


def _tell_shot(shot: Shot, telling: _Telling, opening: str) -> Iterator[str]:
    framing = f"{opening} {tell_framing(shot)}" if opening else tell_framing(shot)
    yield from open_shot(shot, telling.screenplay, telling.naming, framing, inside="{} in which {}")
    yield tell_setting(shot)
    yield from tell_light(shot)
    yield from tell_text(shot)
    yield from tell_h3_moves(shot)
    yield tell_lens(shot)
    if not telling.screenplay.sound:
        return
    if telling.going_on is not None:
        line = telling.going_on
        telling.going_on = None
        who = f"{_called(line, shot, telling)}'s voice continues seamlessly across the cut"
        yield f"{who}: {_spoken(line, f'<scenetrans> {telling.rest}')}"
    for line in shot.dialogue:
        yield _tell_line(line, shot, telling)
    if shot.music and shot.music.in_scene:
        yield tell_music(shot.music)


def _tell_line(line: Line, shot: Shot, telling: _Telling) -> str:
    delivery, text = deliver(line), line.text.strip()
    end_s = shot.start + shot.seconds
    is_last = end_s >= telling.screenplay.seconds - _EDGE_S
    if not is_last and line.end > end_s + _EDGE_S:
        said, telling.rest = _part(text, (end_s - line.start) / max(line.seconds, _EDGE_S))
        telling.going_on, text = line, f"{said} <scenetrans>"
    elif is_last and line.start + speaking_s(text, line.language) > end_s + _HASTE_S:
        text = f"{text} <cutoff>"
    who = _called(line, shot, telling)
    if line.off_screen:
        lead = " ".join(
            part for part in (who, delivery.verb, delivery.how, "in an off-screen voiceover") if part
        )
        return f"{lead}: {_spoken(line, text)}{_closed_lips(line, shot)}"
    lead = " ".join(part for part in (who, delivery.verb, delivery.how) if part)
    return f"{lead}: {_spoken(line, text)}"


def _called(line: Line, shot: Shot, telling: _Telling) -> str:
    """Return who speaks, with their number; a voice that is not seen is described at its first word."""
    name = speaker_name(line, shot, telling.screenplay.cast, telling.naming)
    if subject_of(line, shot) is not None and not (line.off_screen and is_voice(line.speaker)):
        return name
    told = f"{name} {telling.naming.marks[line.speaker]}"
    member = next((m for m in telling.screenplay.cast if m.name == line.speaker), None)
    if line.speaker in telling.heard or member is None or is_voice(line.speaker):
        return told
    telling.heard.add(line.speaker)
    facts = [fact for fact in (member.age, member.gender) if fact != "unknown"]
    return f"{told}, heard as {article(' '.join([*facts, 'voice']))}," if facts else told


def _spoken(line: Line, text: str) -> str:
    return f"<d>[{language_name(line.language, h3=True)}] {text}</d>"


def _closed_lips(line: Line, shot: Shot) -> str:
    """Return what keeps those in the picture from mouthing a voiceover."""
    seen = subject_of(line, shot)
    if seen is not None:
        return f" while {short_name(seen)}'s lips remain completely closed"
    people = [s for s in shot.subjects if s.member or (s.kind or "").endswith(_PEOPLE)]
    return " while the lips of everyone on screen remain completely closed" if people else ""


def _part(text: str, share: float) -> tuple[str, str]:
    """Return a text in two, parted near a share of it: between words, else between characters."""
    at = round(len(text) * min(max(share, 0.0), 1.0))
    spaces = [i for i, char in enumerate(text) if char == " "]
    if spaces:
        at = min(spaces, key=lambda i: abs(i - at))
    return text[:at].strip(), text[at:].strip()


def _clock(milliseconds: int) -> str:
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def _soundscape(screenplay: Screenplay) -> str:
    if not screenplay.sound:
        return NONE
    beds = [word("ambience", bed) for bed in beds_of(screenplay) if bed != SILENCE]
    told = [f"The background is {listed(beds)}"] if beds else []
    for number, shot in enumerate(screenplay.shots, 1):
        names = list(dict.fromkeys(name_effect(effect) for effect in shot.effects))
        if names:
            where = f"In shot {number}, the" if len(screenplay.shots) > 1 else "The"
            told.append(f"{where} sound of {listed(names)} is heard")
    return paragraph(told) or NONE


def _score(screenplay: Screenplay) -> str:
    if not screenplay.sound:
        return NONE
    pieces = dict.fromkeys(
        name_music(shot.music) for shot in screenplay.shots if shot.music and not shot.music.in_scene
    )
    return paragraph([", then ".join(pieces)]) or NONE
