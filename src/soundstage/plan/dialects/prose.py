"""Plain prose, one paragraph, as LTX reads it: present tense, what is seen before what is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.dialects.filmed import tell_framing, tell_lens, tell_moves
from soundstage.plan.dialects.heard import (
    deliver,
    is_voice,
    language_name,
    pronoun_of,
    speaker_name,
    tell_music,
    tell_sounds,
)
from soundstage.plan.dialects.naming import Naming
from soundstage.plan.dialects.phrasing import paragraph, words
from soundstage.plan.dialects.seen import open_shot, tell_light, tell_setting, tell_style, tell_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soundstage.film import Line, Screenplay, Shot


def to_prose(screenplay: Screenplay) -> str:
    """Return the film as one paragraph."""
    naming, told = Naming(), list[str]()
    before: Shot | None = None
    for shot in screenplay.shots:
        told += tell_shot(shot, screenplay, naming, before=before)
        before = shot
    return paragraph([*told, tell_style(screenplay)])


def tell_shot(shot: Shot, screenplay: Screenplay, naming: Naming, *, before: Shot | None) -> Iterator[str]:
    """Yield the sentences of a shot.

    Args:
        shot: the one.
        screenplay: whose.
        naming: what was named so far in this text.
        before: the shot before it in this text; what did not change is not said again.
    """
    framing = tell_framing(shot)
    if before is None:
        opening = list(open_shot(shot, screenplay, naming, framing, inside="In {}, {}"))
    else:
        arrival = f"{words()['entrance'][shot.entrance][0]} {framing}"
        opening = list(open_shot(shot, screenplay, naming, arrival, inside="{} in which {}"))
    yield from opening
    setting = tell_setting(shot)
    if before is None or setting != tell_setting(before):
        yield setting
    known = [] if before is None else list(tell_light(before))
    yield from (told for told in tell_light(shot) if told not in known)
    yield from tell_text(shot)
    yield tell_moves(shot)
    yield tell_lens(shot)
    if not screenplay.sound:
        return
    several = len({line.language for shot in screenplay.shots for line in shot.dialogue}) > 1
    for line in shot.dialogue:
        yield _tell_line(line, shot, screenplay, naming, several=several)
    yield tell_sounds(shot.effects, shot.ambience)
    if shot.music and (before is None or shot.music != before.music):
        yield tell_music(shot.music)


def _tell_line(line: Line, shot: Shot, screenplay: Screenplay, naming: Naming, *, several: bool) -> str:
    delivery = deliver(line)
    who = pronoun_of(line, shot, screenplay.cast, naming)
    who = who or speaker_name(line, shot, screenplay.cast, naming)
    where = "in voiceover" if is_voice(line.speaker) else "off screen"
    tongue = f"in {language_name(line.language)}" if several or line.language != "en" else ""
    parts = (who, delivery.verb, where if line.off_screen else "", delivery.how, tongue)
    return f'{" ".join(part for part in parts if part)}: "{line.text.strip()}"'
