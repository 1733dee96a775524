# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: quotes that are no speech: signs, titles, names of things, irony. Knows no speaker."""

from __future__ import annotations

import functools
import re

from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.speech_words import sentences_in, without_stops
from soundstage.plan.tables import rules
from soundstage.plan.words import is_han

#: Words behind a writing word up to its quote: "a sign above the old wooden door: …".
_REACH = 6
_TAIL = 90
_MARKS = ".,!?…。，！？~—"
#: Words one says to somebody, or of oneself.
_SPOKEN = lazy_pattern(
    r"\b(?:i|i'm|i've|i'll|i'd|me|my|we|we're|we've|we'll|us|our|you|you're|you've|you'll|your|let's|don't|can't|"
    r"won't|"
    r"didn't|isn't|hello|hi|hey|yes|no|yeah|nope|please|thanks|thank|sorry|wow|oh|okay|ok|stop|wait|help|come|go|"
    r"look|"
    r"goodbye|bye|welcome|listen|quiet|run|hurry|never|maybe|sir|ma'am|mom|dad|honey|what|who|why|how|where)\b",
    re.IGNORECASE,
)
#: "Voice behind the screen: …": it is heard, whatever it is behind.
_VOICE = lazy_pattern(r"\W*(?:[\w'’]+\s+){0,3}?(?:voice|voiceover|narrator|announcer)\b[^,;\"“”]*[:：]\s*$")
_CALLED = lazy_pattern(r"\b(?:named|titled|called|entitled|nicknamed|dubbed|known as)\s*$")
_INSIDE = lazy_pattern(
    r"(?:^|\s)(?:a|an|the|his|her|their|its|my|our|your|this|that|of|in|for|with|by|as|like|some)\s*$",
    re.IGNORECASE,
)


def is_writing(lead: str, follow: str, said: str) -> bool:
    """Tell whether the words around a quote make it letters in the picture."""
    clause = _clause(lead)
    before = None if _VOICE.match(clause) else _before().search(clause)
    if before is not None:
        # A girl reads “The Hobbit”, a bride her vows; only what letters stand on reads them out.
        read = re.match(r"reads?\b|reading\b", before[0]) and (is_title(said) or sounds_spoken(said))
        return not read or bool(_noun_near().search(clause))
    head = follow.lstrip(" ")[:60].lower().replace("-", " ")
    if _noun_behind().match(head) and not clause.rstrip().endswith((":", "：")):
        return True
    return bool(_verb_behind().match(head)) and said[-1:] != ","


def is_name(lead: str, follow: str, said: str) -> bool:
    """Tell whether a quote only names something: a song, a style, a nickname, a word in irony."""
    clause = _clause(lead)
    if clause.rstrip().endswith((":", "：")):
        return False
    if _CALLED.search(clause) and is_title(said.rstrip(".")):
        return True
    ends = said[-1:] in _MARKS
    if not ends and _naming().search(clause):
        return True
    inside = bool(_INSIDE.search(clause))
    return inside and (not ends or (follow[:1] == " " and follow[1:2].islower() and said[-1:] not in "!?"))


def is_title(said: str) -> bool:
    """Tell whether words are written as a title is: every long word a capital, no mark at the end."""
    words = [word for word in re.findall(r"[^\W\d_][\w'’]*", said) if len(word) > 3]
    return bool(words) and said[-1:] not in ".!?…," and all(word[:1].isupper() for word in words)


def sounds_spoken(said: str) -> bool:
    """Tell whether a quote nobody introduces is speech: a sentence rather than a name or a description."""
    words = said.split()
    if is_han(said):
        return len(said) >= 3
    if said[-1:] in "!?…" or _SPOKEN.search(said.replace("’", "'")):
        return True
    if describes(said):
        return False
    return (len(words) > 1 and not is_title(said) and (said[-1:] in ".," or len(words) > 3)) or said[
        -1:
    ] == "."


def describes(said: str) -> bool:
    """Tell whether a quote is a piece of the prompt put between marks: "A woman walks into a café. …"."""
    if re.search(
        r"\b(?:camera|close[- ]?up|wide shot|medium shot|tracking shot|cinematic|slow motion|4k)\b",
        said,
        re.IGNORECASE,
    ):
        return True
    return (
        len(said.split()) >= 6
        and bool(re.match(r"(?:an?|two|three|the)\s+\w", said, re.IGNORECASE))
        and not _SPOKEN.search(
            re.sub(
                r"\b(?:no|go|look|come|run|who|where|how|stop|what|never)\b", "", said, flags=re.IGNORECASE
            )
        )
    )


def _clause(lead: str) -> str:
    """Return the end of the sentence a quote stands in, lower case, hyphens as blanks."""
    sentences = sentences_in(lead[-_TAIL:])
    tail = without_stops(lead[-_TAIL:])
    last = tail[sentences[-1][0] :] if sentences else ""
    if sentences and tail[sentences[-1][1] :].strip(" \"'”’)"):
        return ""  # its sentence has ended
    if re.search(r"\b(?:aloud|out loud)\b", last):
        return ""
    return last.lower().replace("-", " ")


@functools.cache
def _before() -> re.Pattern[str]:
    table = rules("speech")["writing"]
    nouns = "|".join(
        re.escape(word.replace("-", " ")) for word in sorted(table["words"], key=len, reverse=True)
    )
    verbs = "|".join(re.escape(word) for word in sorted(table["verbs"], key=len, reverse=True))
    han = "|".join(re.escape(word) for word in table["chinese"])
    # "a sign: …", "the banner above the door: …", "carved into the old bark, …"; who says it, a parse knows.
    place = (
        r"(?:(?:on|above|over|under|in|at|by|behind|beside|across|from|of|to|near)\s+"
        r"(?:[\w'’]+\s+){0,5}?[\w'’]+)"
    )
    return re.compile(
        rf"\b(?:{nouns})(?:\s+(?:{place}))?\s*[:：—–]\s*$|\b(?:{nouns})\s+(?:that\s+|which\s+|with\s+)?$|"
        rf"\b(?:{nouns})\s+(?:{place})?(?:\s*,)?\s*(?:that\s+|which\s+|simply\s+|just\s+|only\s+|now\s+)*"
        rf"(?:says?|saying|said|reads?|reading|announc(?:es|ing)|stating|states|shows?|showing|displays?|"
        rf"flashes)\s*[:,]?\s*$|"
        rf"\b(?:{verbs})\b(?:\s+(?!and\b|then\b)[\w'’]+){{0,5}}\s*[:：,，—–]?\s*$|(?:{han})[^，。]{{0,6}}$"
    )


@functools.cache
def _noun_near() -> re.Pattern[str]:
    words = (word.replace("-", " ") for word in rules("speech")["writing"]["words"] if word != "book")
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b")


@functools.cache
def _noun_behind() -> re.Pattern[str]:
    table = rules("speech")["writing"]
    nouns = "|".join(
        re.escape(word.replace("-", " ")) for word in sorted(table["words"], key=len, reverse=True)
    )
    return re.compile(rf"(?:\w+\s+){{0,2}}?(?:{nouns})\b")


@functools.cache
def _verb_behind() -> re.Pattern[str]:
    phrases = "|".join(re.escape(word) for word in rules("speech")["writing"]["behind"])
    return re.compile(rf"(?:(?:slowly|briefly|then|suddenly|faintly|softly)\s+)?(?:{phrases})\b")


@functools.cache
def _naming() -> re.Pattern[str]:
    words = "|".join(
        re.escape(word)
        for word in sorted(rules("speech")["names"]["words"], key=len, reverse=True)
        if word.isascii()
    )
    return re.compile(rf"\b(?:{words})\s*$")
