# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: how a line is said: manner, language, seen or not, and when. Knows no name.

Read from a label's traits, from the words between speaker and quote, and from what stands right behind it.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from soundstage.plan.chinese import plain_manner
from soundstage.plan.inflection import verb_forms
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.tables import rules
from soundstage.plan.words import is_han

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HOW = r"(?:[\w'’-]+,?\s+){0,4}?"
_PHRASE = lazy_pattern(
    rf"\b(?:in|with)\s+(?:an?\s+|his\s+|her\s+|their\s+)?{_HOW}(?:voices?|tones?|whispers?|accents?|drawl|"
    r"growl|murmur|slang|brogue|lilt|dialect|monotone|falsetto|baritone|singsong|deadpan|shout|lisp|stutter|rasp|"
    r"smile|grin|laugh|sigh|sob|smirk|chuckle)\b|"
    r"\bvoices?\s+(?:is\s+|are\s+)?(?:(?:low|soft|slightly|barely|full|thick|filled|rising|still)\s+)?"
    r"(?:[\w-]+ing|[\w-]+ed|low|soft|hoarse|calm|steady|flat|cold|warm|shaky|hollow|quiet|raw|tight|small|"
    r"broken|firm|thick|above a whisper)\b(?:\s+(?:with|of|in)\s+\w+)?|"
    r"\bunder\s+(?:his|her|their|its)\s+breath\b|"
    r"\bthrough\s+(?:gritted\s+teeth|(?:her\s+|his\s+)?(?:tears|sobs|laughter))\b|"
    r"\bat\s+the\s+top\s+of\s+(?:his|her|their)\s+(?:lungs|voice)\b|"
    r"\bout\s+loud\b|\bin\s+unison\b|\bhalf[- ]whispering\b",
    re.IGNORECASE,
)
_ADVERB = lazy_pattern(r"\b(?:[a-z]{3,}ly|aloud|loud)\b", re.IGNORECASE)
#: "in Spanish" before a stop or a preposition, "speaking Spanish to"; not "in Spanish armour".
_SPEAKS = (
    r"\b(?:in|speaks?|speaking|into|to)\s+(?:\w+\s+){{0,2}}?(?:{names})"
    r"(?=\s*(?:[,.:;)—–\"“'‘«「]|$|\b(?:to|and|with|as|from|while|for|at|on)\b))"
)
_TIME = lazy_pattern(
    r"\[?(?<![\d:])(?P<minutes>\d{1,2}):(?P<seconds>\d{2}(?:\.\d{1,3})?)\]?"
    r"(?!\s*(?:am|pm|a\.m|p\.m|o'clock|:|\d))|"
    r"\bat\s+(?:about\s+|around\s+|the\s+)?(?P<at>\d{1,2}(?:\.\d{1,2})?)[\s-]*"
    r"(?:s|secs?|seconds?)\b(?:[\s-]*mark)?|"
    r"\bafter\s+(?P<after>\d{1,2}(?:\.\d{1,2})?|one|two|three|four|five)[\s-]*(?:s|secs?|seconds?)\b(?!\s+of)",
    re.IGNORECASE,
)
_NUMBERS = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0}
_LONG_GAP = lazy_pattern(
    r"\b(?:long|awkward|heavy|tense|uncomfortable)\s+(?:pause|silence|beat|moment)\b|^\W*silence\b",
    re.IGNORECASE | re.MULTILINE,
)
_GAP = lazy_pattern(
    r"(?:^|[.\n!?:\"”])\s*\(?(?:(?:an?|short|brief|small)\s+)*(?:pause|beat)s?\)?\s*(?:[.,;—)\n]|$)|"
    r"\bafter an? (?:\w+ )?(?:pause|beat|moment)\b|\bpauses\b|\bhesitates\b|\bsilence\b",
    re.IGNORECASE,
)
_AT_ONCE = lazy_pattern(
    r"\b(?:immediately|instantly|without (?:missing a beat|a pause)|cutting (?:him|her|them) off|"
    r"interrupting)\b",
    re.IGNORECASE,
)
#: Seconds of silence that words ask for between two lines.
LONG_GAP_S, GAP_S, AT_ONCE_S = 1.5, 1.0, 0.05


def manner_of(verb: str, about: str, traits: Sequence[str] = (), behind: str = "") -> tuple[str, ...]:
    """Return how a line is said: its verb unless plain, the traits of its label, adverbs and phrases near."""
    found: list[str] = []
    if verb and verb not in rules("speech")["verbs"]["neutral"]:
        found.append(_third_person(verb))
    found += [_plain(trait) for trait in traits if _tells_manner(trait)]
    for words in (about, behind):
        for match in sorted([*_PHRASE.finditer(words), *_ADVERB.finditer(words)], key=lambda m: m.start()):
            said = " ".join(match[0].lower().split())
            inside = any(said in other for other in found)
            if said not in rules("speech")["manner_never"]["adverbs"] and not inside:
                found.append(_plain(said))
    return tuple(dict.fromkeys(found))


def _tells_manner(trait: str) -> bool:
    return not language_in(trait, label=True) and bool(re.search(r"[^\W\d]", trait))


def _third_person(stem: str) -> str:
    return next(form for form, kind in verb_forms(stem, rules("inflection")["verbs"]) if kind == "s")


def _plain(words: str) -> str:
    words = words.strip().lower()
    if is_han(words):
        return plain_manner(words)
    found = (manner for manner, wordings in rules("speech")["manner"].items() if words in wordings)
    return str(next(found, words))


def language_in(words: str, *, label: bool = False) -> str:
    """Return the language words name for a line, empty when none; in a label its bare name is enough.

    An accent is English all the same: "in a French accent" names none.
    """
    lower = words.lower()
    for language, (bare, spoken) in _languages().items():
        found = (bare if label else spoken).search(lower)
        if found and not re.match(r"[\w-]*\s*(?:accent|lilt|brogue|drawl)", lower[found.end() :]):
            return language
    return ""


@functools.cache
def _languages() -> Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    made: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {}
    for language, wordings in rules("speech")["languages"].items():
        latin = "|".join(re.escape(w.removeprefix("in ")) for w in wordings if w.isascii())
        han = "|".join(re.escape(w) for w in wordings if is_han(w))
        bare = re.compile(rf"^(?:in |speaking |speaks )?(?:\w+ )?(?:{latin})$" + (f"|{han}" if han else ""))
        spoken = re.compile(_SPEAKS.format(names=latin) + (f"|{han}" if han else ""))
        made[language] = (bare, spoken)
    return made


def is_unseen(words: str) -> bool:
    """Tell whether words near a line say that its speaker is not in the picture."""
    return _unseen().search(words.lower().replace("-", " ")) is not None


@functools.cache
def _unseen() -> re.Pattern[str]:
    words = rules("speech")["unseen"]
    device = (
        rf"(?:over|on|through|via|from) (?:the |an? |his |her )?(?:\w+ )?(?:{'|'.join(words['devices'])})"
    )
    phrases = "|".join(map(re.escape, words["phrases"]))
    return re.compile(rf"(?<![\w.])(?:{device}|{phrases})(?!\w)")


def time_in(words: str) -> float | None:
    """Return the second of the film words give: "[00:04]", "at 3 seconds"; None when they give none."""
    found = list(_TIME.finditer(words))
    if not found:
        return None
    last = found[-1]
    if last["minutes"]:
        return int(last["minutes"]) * 60 + float(last["seconds"])
    said = last["at"] or last["after"]
    return _NUMBERS.get(said.lower()) or float(said)


def gap_in(words: str) -> float | None:
    """Return the silence that words between two lines ask for, in seconds; None when they ask for none."""
    if _AT_ONCE.search(words):
        return AT_ONCE_S
    if _LONG_GAP.search(words):
        return LONG_GAP_S
    return GAP_S if _GAP.search(words) else None
