# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: words that tell speech: its verbs, where sentences end. Knows no name.

Verbs are told by their form and by the word before them ("a whisper", "she whispers"), not by a parse, so
that a verb no scene needs ("quips") may introduce a line all the same. The words stand in `data/speech.toml`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.inflection import verb_forms
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.tables import rules

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence

    from soundstage.plan.words import Word

#: Before one of these a verb's form is a noun: "a whisper", "his answer", "with shouts".
_NOUN_MARKERS = frozenset({
    "a", "an", "the", "his", "their", "its", "my", "your", "our", "this", "these", "those", "no", "of",
    "with",
    "by", "for", "in", "some", "any", "every", "each", "loud", "soft", "quiet", "low", "final", "short",
    "long", "new", "at", "from", "into", "through", "over", "under", "between",
})  # fmt: skip
_BARE_AFTER = frozenset({
    "i", "we", "you", "they", "who", "and", "then", "men", "women", "people", "children", "all", "both",
    "everyone",
    "twins", "to", "can", "will", "must", "crowd", "others",
})  # fmt: skip
#: A full stop that ends no sentence stands behind one of these.
_ABBREVIATION = lazy_pattern(
    r"\b(?:Mr|Mrs|Ms|Mx|Dr|St|Sr|Jr|Prof|Capt|Lt|Sgt|Col|Gen|Cmdr|Rev|Hon|vs|No)\.(?= )"
)
_SENTENCE_END = lazy_pattern(r"[.!?。！？;；…]+[\"”’')\]*]*(?=\s|$)|\n+")
_LETTERS = lazy_pattern(r"[a-z]+")
#: Words from a verb to its colon: "says to the old man behind her, without looking up:".
_NEAR = 16
#: "J. K. Rowling", "5 p.m. ": a single letter's stop ends no sentence either.
_INITIAL = lazy_pattern(r"\b(?:[A-Z]|[ap]\.m)\.(?= [A-Z])")


@dataclass(frozen=True, slots=True)
class SpeechVerb:
    """A verb that may introduce a line."""

    stem: str
    form: str
    kind: str  #: "speech", "expression" or "thought"


@functools.lru_cache(maxsize=256)  # the words before a quote are looked at for each way to tell its speaker
def sentences_in(text: str) -> tuple[tuple[int, int], ...]:
    """Return where the sentences of some words begin and end; the end mark stands outside."""
    text = without_stops(text)
    found: list[tuple[int, int]] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        found.append((start, end.start()))
        start = end.end()
    found.append((start, len(text)))
    return tuple((first, last) for first, last in found if text[first:last].strip(" \n,.-–—\"'”’*)"))


def without_stops(text: str) -> str:
    """Return text in which "Dr. Chen" is one piece; offsets stay."""
    if "." not in text:
        return text
    return _ABBREVIATION.sub(_without_stop, _INITIAL.sub(_without_stop, text))


def _without_stop(match: re.Match[str]) -> str:
    return match[0].replace(".", " ")


def verb_at(words: Sequence[Word], at: int) -> SpeechVerb | None:
    """Return the speech verb a word is, or None: it is none, or stands as a noun."""
    verb = _verbs().get(words[at].lower)
    if words[at].lower in ("reads", "read", "reading") and _is_heard(words[at : at + 10]):
        verb = SpeechVerb("read", "s", "speech")
    if verb is None:
        return None
    before = words[at - 1].lower if at else ""
    if before in _NOUN_MARKERS or before.endswith(("'s", "s'")):
        return None
    if before == "her" and verb.form in ("s", "base"):
        return None
    return verb if verb.form != "base" or _bare_verb(words, at) else None


def _is_heard(behind: Sequence[Word]) -> bool:
    """Tell whether what is read is read out: "reads aloud", "reads from a letter in a trembling voice"."""
    told = {word.lower for word in behind}
    return bool(told & {"aloud", "loud"}) or ({"in", "voice"} <= told and "by" not in told)


def _bare_verb(words: Sequence[Word], at: int) -> bool:
    """Tell whether a base form is a verb: "they whisper", "SAY:", "we hear a child whisper"."""
    before = words[at - 1].lower if at else ""
    if not before or words[at - 1].breaks or before in _BARE_AFTER or before.endswith(("ly", "'ll")):
        return True
    if before.endswith("s") and not before.endswith("ss"):
        return True
    return any(
        word.lower in ("hear", "hears", "heard", "makes", "lets") for word in words[max(0, at - 5) : at]
    )


def tells_speech(lead: str) -> bool:
    """Tell, by words alone, whether a verb of speech or thought stands near the end of some text."""
    found = (_verbs().get(word) for word in _LETTERS.findall(lead.lower())[-_NEAR:])
    return any(verb is not None and verb.kind != "expression" for verb in found)


def last_verb(words: Sequence[Word]) -> int | None:
    """Return where the last speech verb of a clause stands; one of expression only at its end."""
    expressive: int | None = None
    for at in range(len(words) - 1, -1, -1):
        verb = verb_at(words, at)
        if verb is None:
            continue
        if verb.kind != "expression":
            return at if _finite(words, at, verb) else expressive
        if expressive is None and _finite(words, at, verb):
            expressive = at
    return expressive


def _finite(words: Sequence[Word], at: int, verb: SpeechVerb) -> bool:
    """Tell whether a form is this clause's verb: "whispering" is, "called Tom" behind a noun is not."""
    if verb.form == "ed" and verb.stem in ("call", "title", "label", "name"):
        before = words[at - 1].lower if at else ""
        return before in ("he", "she", "they", "") or words[at - 1].text[:1].isupper()
    return True


def names(kind: str) -> frozenset[str]:
    """Return the base forms of one kind of verb: "reply", "continuing"."""
    return frozenset(rules("speech")["verbs"][kind])


@functools.cache
def _verbs() -> Mapping[str, SpeechVerb]:
    irregular = rules("inflection")["verbs"]
    found: dict[str, SpeechVerb] = {}
    for kind in ("expression", "thought", "speech"):
        for stem in rules("speech")["verbs"][kind]:
            for made, form in verb_forms(stem, irregular):
                found.setdefault(made, SpeechVerb(stem, form, kind))
    for stem in rules("speech")["verbs"]["speech"]:
        for made, form in verb_forms(stem, irregular):
            found[made] = SpeechVerb(stem, form, "speech")
    return found
