"""Stage 1 of 5, part: what a screenplay written by hand leaves to the planner. Knows no prompt.

The language of a line, and which entry of the tables a word stands for. What has an id was written here, and
comes back as it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.plan.hypernyms import nearest_of
from soundstage.plan.languages.telling import tell_language
from soundstage.plan.lexicon import lexicon, rules

if TYPE_CHECKING:
    from soundstage.film import Line, Screenplay, Shot, Subject


def complete(draft: Screenplay) -> Screenplay:
    """Return a screenplay with languages and the tables' names where it has none."""
    return replace(draft, shots=tuple(_complete_shot(shot) for shot in draft.shots))


def _complete_shot(shot: Shot) -> Shot:
    given = shot if shot.id else _known_place(shot)
    lines = tuple(line if line.language else _with_language(line) for line in given.dialogue)
    speakers = {line.speaker for line in lines}
    subjects = tuple(s if s.id else _known_subject(s, speakers) for s in given.subjects)
    return replace(given, subjects=subjects, dialogue=lines)


def _with_language(line: Line) -> Line:
    return replace(line, language=tell_language(line.text))


def _known_place(shot: Shot) -> Shot:
    """Return a shot whose place is an entry of places.toml; other words for it stay as its setting."""
    if shot.place in rules("places"):
        return shot
    found = lexicon().meanings(shot.place.replace("_", " ").lower(), "places")
    return replace(shot, place=found[0].name if found else "open", setting=shot.setting or shot.place)


def _known_subject(subject: Subject, speakers: set[str]) -> Subject:
    """Return a subject with the kind of its noun, the entry of its action, and its name where it speaks."""
    noun, kind, action, verb = subject.noun.lower(), subject.kind, subject.action, subject.verb
    if kind is None:
        found = lexicon().meanings(noun, "nouns") or nearest_of(noun.rpartition(" ")[2])
        kind = next((hit.name for hit in found if hit.table == "nouns"), None)
    if action is not None and verb is None:
        found = lexicon().meanings(action.lower(), "verbs")
        action, verb = (found[0].name if found else action), action
    named = next((name for name in speakers if name.lower() == noun), None)
    return replace(subject, kind=kind, action=action, verb=verb, member=subject.member or named)
