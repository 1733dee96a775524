# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: who says a quote, by the verbs and deeds in the words around it. Knows no labels.

A speech verb before the quote, then one behind it, then whoever acts in the sentence before. Names are taken
as they stand in the text; who "she" is, is left to `turns`.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from soundstage.plan.grammar import parse
from soundstage.plan.inflection import stem_of
from soundstage.plan.naming import Named, named_in, noun_kind, tells_voice
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.phrases import Deed, NounPhrase
from soundstage.plan.speech_words import (
    SpeechVerb,
    last_verb,
    names,
    sentences_in,
    verb_at,
    without_stops,
)
from soundstage.plan.tables import rules
from soundstage.plan.tellers import actor_of
from soundstage.plan.units import Role, units_of
from soundstage.plan.words import split_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.plan.phrases import Node
    from soundstage.plan.words import Word

#: Characters before and behind a quote that are looked at.
_TAIL = 320
#: Words before a verb among which its subject is looked for.
_LONGEST_CLAUSE = 40
#: Words between a speech verb and its quote where no colon or comma closes them.
_REACH = 7
#: Words between who speaks and the verb, in a tag behind a quote: "the old man in the corner whispers".
_TAG_REACH = 9
#: Asides, and where a voice is: "Mom, off-screen, gasps" speaks of no screen.
_PARENTHESES = lazy_pattern(
    r"\([^()\n]{0,120}\)|\[[^\[\]\n]{0,120}\]|\b(?:off|on)[- ]?(?:screen|camera)\b", re.IGNORECASE
)
_OPENING = lazy_pattern(r"[\s,，—–-]{0,6}")
#: What begins so behind a quote tells of something else: "“I do,” while the groom mouths …".
_ANOTHER_CLAUSE = lazy_pattern(r"(?:while|as|when|and|but|before|after|until|then)\b", re.IGNORECASE)
_ENDS = frozenset(".,!?…—-。，！？")
_INVITES = lazy_pattern(r"[:：,，—–-]\s*$")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says a quote, as its surroundings tell."""

    name: str  #: as it stands there; a pronoun as such; empty when the words name nobody
    manner: tuple[str, ...] = ()
    description: str = ""  #: what a label tells besides the name
    by_label: bool = False
    off_screen: bool = False
    verb: str = ""  #: that introduces it, in its base form
    about: str = ""  #: the words of the attribution, for its manner and language
    written: bool = False  #: what "says" it is something letters stand on: a sign, a screen
    apart: bool = False  #: a sentence of its own tells it: "She leans in and whispers. “…”"
    known: bool = True  #: False where a deed, not a word for speaking, names who speaks


def by_verb_before(lead: str) -> Attribution | None:  # noqa: PLR0911 - cases in the order in which they win
    """Return who the last speech verb before a quote belongs to, or None when there is none near."""
    lead = lead[-_TAIL:]
    sentences = sentences_in(lead)
    if not sentences:
        return None
    start, end = sentences[-1]
    closed = bool(lead[end:].strip())  # "She leans in and whispers." is a sentence of its own
    clause = _PARENTHESES.sub(_blanks, without_stops(lead[start:end]))
    words = split_words(clause)
    at = last_verb(words)
    verb = verb_at(words, at) if at is not None else None
    if (at is None or verb is None) and _INVITES.search(lead):
        at, verb = _unknown_verb(words)
    if at is None or verb is None or (verb.kind == "expression" and closed):
        return _by_voice(clause, words) if _INVITES.search(lead) else None
    behind = [word for word in words[at + 1 :] if not word.breaks]
    invited = bool(_INVITES.search(lead)) or not behind
    if not invited and (len(behind) > _REACH or _takes_over(words[at + 1 :])):
        return None  # another verb has taken over: "He says goodbye and opens a box with …"
    if verb.kind == "expression" and (len(behind) > _REACH or not invited):
        return None
    if closed and len(behind) > _REACH:
        return None
    who = actor_of(parse(words[max(0, at - _LONGEST_CLAUSE) : at]), clause)
    if closed and who is not None and who.several:
        return None  # "Two people argue." tells of a talk, not of who begins it
    told = _attributed(who, verb, clause[words[max(0, at - 3)].start :])
    return replace(told, apart=closed)


def _unknown_verb(words: Sequence[Word]) -> tuple[int | None, SpeechVerb | None]:
    """Return a verb no table knows that stands at a clause's end: "Lou kvetches, …"."""
    kept = [word for word in words if not word.breaks]
    if len(kept) < 2 or kept[-1].text != kept[-1].lower or not kept[-1].lower.endswith(("s", "ed")):
        return None, None
    units = tuple(units_of((kept[-1],)))
    named = kept[-2].text[:1].isupper() or kept[-2].lower in ("he", "she", "it")
    if not named or len(units) != 1 or units[0].role not in (Role.UNKNOWN, Role.VERB):
        return None, None
    return words.index(kept[-1]), SpeechVerb(stem_of(kept[-1].lower), "s", "speech")


def _by_voice(clause: str, words: Sequence[Word]) -> Attribution | None:
    """Return whose voice a clause without a speech verb ends in: "We hear his inner voice: …"."""
    if not tells_voice(clause):
        return None
    nodes = parse(words[-_LONGEST_CLAUSE:])
    phrases = [node for node in nodes if isinstance(node, NounPhrase)]
    if not phrases or noun_kind(phrases[-1]) != "voice" or not _tells_alone(phrases[-1]):
        return None
    who = named_in(phrases[-1], clause, ())
    if who is not None and any(_is_finite(node) for node in nodes[nodes.index(phrases[-1]) :]):
        who = replace(who, unseen=False)  # "Her voice cracks: …": she is there
    return _attributed(who, SpeechVerb("say", "s", "speech"), clause)


def _is_finite(node: Node) -> bool:
    return isinstance(node, Deed) and node.form == "s"


def _tells_alone(phrase: NounPhrase) -> bool:
    return phrase.governor is None or phrase.governor.lower == "by"  # "read by an old man's voice: …"


def _takes_over(behind: Sequence[Word]) -> bool:
    nodes = parse(behind)
    return any(isinstance(node, Deed) and node.form == "s" for node in nodes)


def by_verb_after(follow: str, said: str, next_said: str = "") -> Attribution | None:
    """Return who a speech verb right behind a quote belongs to ("…", whispers Anna), or None.

    Args:
        follow: the words from the quote to the next one.
        said: the quote itself.
        next_said: the next quote, empty when there is none.
    """
    clause = _tag(follow, said, next_said)
    words = split_words(clause)
    at = next((i for i in range(min(len(words), _TAG_REACH)) if verb_at(words, i)), None)
    verb = verb_at(words, at) if at is not None else None
    if at is None or verb is None or (at == 0 and verb.form not in ("s", "ed")):
        return None
    loose = verb.kind == "expression" or verb.stem in names("marked")
    # "Gasps ripple through the room.", "He starts the engine." are no tags of the line before.
    if (loose or at == 0) and not (said[-1:] in ",，" or clause[:1].islower()):
        return None
    who = _told_by(words, at, clause)
    nobody = who is None and (at > 0 or verb.kind == "expression")
    # A neon sign flickers "EAT", trucks roar by: behind a quote without an end mark only people tell.
    if nobody or (said[-1:] not in _ENDS and (who is None or who.kind != "person")):
        return None
    return _attributed(who, verb, clause)


def _tag(follow: str, said: str, next_said: str) -> str:
    """Return the clause right behind a quote, empty when it is none of the quote's."""
    opening = _OPENING.match(follow)
    first = opening.end() if opening else 0
    text = follow[first : first + _TAIL]
    sentences = sentences_in(text)
    if not text.strip() or "\n\n" in follow[:first] or not sentences or sentences[0][0] > 0:
        return ""
    end = sentences[0][1]
    clause = _PARENTHESES.sub(_blanks, without_stops(text[:end]))
    # "Go!" He replies, "No.": the words belong to the next quote.
    opens = bool(next_said) and end >= len(text.rstrip()) and _introduces(clause, said, next_said)
    return "" if opens or _ANOTHER_CLAUSE.match(clause) else clause


def _told_by(words: Sequence[Word], at: int, clause: str) -> Named | None:
    """Return the subject of a tag's verb, before it or, turned round, behind it."""
    before, behind = parse(words[:at]), parse(words[at + 1 :])
    if any(isinstance(node, Deed) and node.form in ("s", "base") for node in before):
        return None
    if before:
        return actor_of(before, clause)
    first = next((node for node in behind if not _skipped(node)), None)
    return named_in(first, clause, behind) if first is not None else None


def _skipped(node: object) -> bool:
    unit = getattr(node, "unit", None)
    return unit is not None and unit.lower.endswith("ly")


def _introduces(clause: str, said: str, next_said: str) -> bool:
    """Tell whether words between two quotes open the second rather than close the first."""
    begins = clause[:1].isupper() and said[-1:] not in ",，"
    closes = clause.rstrip()[-1:] in ",，" and next_said[:1].islower()
    return begins and not closes


def by_deed_before(lead: str) -> Attribution | None:
    """Return who acts in the last sentence before a quote: "Tom slams the table. “Enough!”"."""
    lead = lead[-_TAIL:]
    for start, end in reversed(sentences_in(lead)[-2:]):
        clause = _PARENTHESES.sub(_blanks, without_stops(lead[start:end]))
        nodes = parse(split_words(clause))
        who = _first_actor(nodes, clause)
        if who is not None:
            return _attributed(who, None, clause) if not who.several else None
    return None


def by_deed_after(follow: str) -> Attribution | None:
    """Return who acts right behind a quote, on its line: "“Enough!” Tom slams the table."."""
    line = follow.split("\n", 1)[0]
    sentences = sentences_in(line)
    if not sentences:
        return None
    clause = without_stops(line[: sentences[0][1]])
    who = _first_actor(parse(split_words(clause)), clause, free=True)
    return _attributed(who, None, clause) if who is not None and not who.several else None


def _first_actor(nodes: Sequence[object], clause: str, *, free: bool = False) -> Named | None:
    """Return the first person of a sentence who stands free, else the first at all: "Close-up on Anna"."""
    named = [who for node in nodes if (who := named_in(node, clause, ())) is not None and who.person]
    return next((who for who in named if who.free), None if free else next(iter(named), None))


def _attributed(who: Named | None, verb: SpeechVerb | None, about: str) -> Attribution:
    thought = verb is not None and verb.kind == "thought" and "aloud" not in about
    return Attribution(
        name=who.name if who else "",
        manner=("thinks",) if thought else (),
        off_screen=thought or (who is not None and who.unseen and verb is not None),
        verb=verb.stem if verb else "",
        about=about,
        written=who is not None and who.written,
        known=verb is not None,
    )


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])


def section_of(label: str) -> str:
    """Return the section of a prompt a label opens ("camera"), empty when it opens none."""
    return _section_labels().get(label.strip().strip("*#_[]").strip().lower(), "")


@functools.cache
def _section_labels() -> Mapping[str, str]:
    return {label: section for section, labels in rules("speech")["sections"].items() for label in labels}
