# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: labels before a line: `Anna (angrily):`, `[Tired Cook, hoarse voice]:`. Knows no verb.

A label is a name and what is said of it; a prompt's own sections ("Camera:") and a sentence's end ("Tom
laughs:") are none.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from soundstage.plan.delivery import is_unseen
from soundstage.plan.grammar import parse
from soundstage.plan.naming import clean_name, noun_kind
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.phrases import Deed, Mark, NounPhrase
from soundstage.plan.speakers import Attribution, section_of
from soundstage.plan.speech_words import verb_at
from soundstage.plan.tables import rules
from soundstage.plan.units import Role
from soundstage.plan.words import is_han, split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.words import Word

_LABEL = lazy_pattern(
    r"(?:^|[\n.!?;。！？；”\"」』’'，,、)\]>])[\s\-•*_#]{0,8}(?:\d{1,2}[.)]\s)?"
    r"(?:\[(?P<square>[^\[\]\n]{1,120})\]|【(?P<thick>[^】\n]{1,60})】|"
    r"(?P<plain>@?[^\W\d_][^\n.!?:;：；。！？\[\]【】()（）“”\"]{0,60}?))"
    r"\**\s{0,3}(?:[(（\[](?P<before>[^)）\]\n]{1,80})[)）\]])?\s{0,3}"
    r"(?P<voice>@[\w ]{1,30}|<<<\w+>>>)?\s{0,3}"
    r"(?P<colon>[:：]|\s[—–-](?=\s))?\**\s{0,3}"
    r"(?:[(（\[](?P<behind>[^)）\]\n]{1,80})[)）\]])?\s{0,3}\**$"
)
_STOPS = lazy_pattern(r"\b(Mr|Mrs|Ms|Dr|St|Prof|Capt|Lt|Sgt|Col|Gen|V\.?O|O\.?S|O\.?C)\.", re.IGNORECASE)
#: What links a turn to the one before it is nobody's name.
_LINKED = lazy_pattern(
    r"(?:.*,\s*|(?:\w+ly|then|pause|silence|next|now|again|meanwhile|after(?:wards)?|beat)\s*)$",
    re.IGNORECASE,
)
_LAST_BRACKET = lazy_pattern(r"\[([^\[\]\n]{1,120})\]\s{0,3}[:：]?\s{0,3}$")
#: "Dialogue: Anna: …"
_TITLED = lazy_pattern(r"(?:^|(?<=[\n.!?。！？]))[ \t]*([^\n:：.!?。“\"]{1,20})[:：][ \t]*(?=[^\s\"“「『'])")
#: What a label without square brackets ends in.
_CLOSING = frozenset(":：)）*>—–-")
_TAIL = 240
#: Words a label's name may have.
_LONGEST_NAME = 6
#: Chinese, Japanese and Korean say a clause in as many characters as a long name has.
_DENSE = lazy_pattern(r"[\u3040-\u9fff\uac00-\ud7af]")
_LONGEST_DENSE = 10
_CHARACTER = lazy_pattern(
    r"^(?:character|speaker|person|actor|voice|role)\s*(?:[A-Z]|\d{1,2})?$", re.IGNORECASE
)
_TO = lazy_pattern(r"\s+(?:to|→|->)\s+.*$", re.IGNORECASE)
_OWN_LINE = lazy_pattern(r"(?:['’]s)?\s+(?:dialogue|line|speech|says?)$", re.IGNORECASE)
_NUMBERED = lazy_pattern(
    r"^(?:(?:multi[- ]?)?shot|scene|cut|clip|take|frame|part|beat|act)\b|^(?:分?镜头?|第|场景)|^\W*\d",
    re.IGNORECASE,
)
_OF_A_VOICE = frozenset({"over", "off", "on", "from", "of", "in", "actor", "artist", "1", "2", "3", "a", "b"})
_SCENE_WORDS = frozenset({
    "close", "closeup", "close-up", "wide", "medium", "interior", "exterior", "int", "ext", "aerial", "pov",
    "insert", "angle", "zoom", "pan", "tracking", "establishing", "camera", "cut", "fade", "cinematic",
})  # fmt: skip

#: Words that begin a clause, not a name.
_OPENERS = frozenset({
    "we", "i", "he", "she", "they", "it", "without", "with", "in", "on", "at", "as", "while", "when", "then",
    "and", "but", "there", "from", "over", "behind", "after", "before", "under", "for", "to", "by", "off",
    "through",
})  # fmt: skip


def by_label(lead: str) -> Attribution | None:
    """Return the speaker a label right before a quote names, or None."""
    if "]" not in lead and "】" not in lead and lead.rstrip()[-1:] not in _CLOSING:
        return None
    tail = _STOPS.sub(lambda m: m[0].replace(".", " "), lead[-_TAIL:])
    tail = _TITLED.sub(lambda m: "\n" if section_of(m[1]) == "dialogue" else m[0], tail)
    found = _LABEL.search(tail)
    if found is None:
        return None
    linked = _LINKED.match(found["plain"] or "") and _LAST_BRACKET.search(tail)
    if linked:  # "Immediately, [Barista, deadpan]:"
        return read_label(linked[1], [], bracketed=True)
    bracketed = found["square"] or found["thick"]
    noted = found["before"] or found["behind"]
    colon = (found["colon"] or "").strip()
    if not bracketed and colon not in (":", "：") and not ((noted or colon) and _is_proper(found["plain"])):
        return None
    notes = [found["before"] or "", found["behind"] or "", (found["voice"] or "").strip("@<> ")]
    return read_label(bracketed or found["plain"], notes, bracketed=bool(bracketed))


def _is_proper(label: str | None) -> bool:
    words = (label or "").split()
    return 0 < len(words) <= 3 and all(word[:1].isupper() for word in words)


def read_label(  # noqa: PLR0911 - cases in the order in which they win
    label: str, notes: Sequence[str], *, bracketed: bool = False
) -> Attribution | None:
    """Return the speaker a label names: "Character A: Tired Cook, hoarse voice" is the tired cook."""
    if bracketed and re.search(r"[:：]", label):
        head, _, tail = re.split(r"([:：])", label, maxsplit=1)
        if re.fullmatch(r"[\d\s.:,sS秒-]*", head):
            return None  # "[00:04]"
        label = tail if _CHARACTER.match(head.strip()) or section_of(head) == "dialogue" else label
        label = label.replace(":", ",")
    name, *traits = [part.strip() for part in re.split(r"[,，|/]|\s[—–-]\s", label)]
    name = re.sub(r"^[@\s*\-•]+|\s*\(?S\d\)?\s*$|[*\s]+$", "", name)
    name = _OWN_LINE.sub("", _TO.sub("", name))
    traits += [part.strip() for note in notes for part in re.split(r"[,，;]", _STOPS.sub(_undotted, note))]
    traits = [trait for trait in traits if trait]
    section = section_of(name)
    if section == "dialogue" and traits and _names_person(traits[0]):
        name, *traits = traits  # "Dialogue (Anna, softly): …"
        section = ""
    if traits and not (bracketed or is_voice(name) or _names_person(name)) and _names_person(traits[0]):
        name = _person_in(traits[0])  # "Street interview, young woman with pink hair: …"
    if not name or len(name.split()) > _LONGEST_NAME or section or _NUMBERED.match(name):
        return None
    referred = label.lstrip(" *[").startswith("@")  # "@Element1: …"
    counted = _CHARACTER.match(name) or _names_person(name.rstrip("0123456789 "))
    if re.search(r"\d$", name) and not (referred or counted):
        return None
    if not bracketed and _ends_in_verb(label):
        return None  # "Macro of a tin, its lettering reads:"
    if not is_han(name) and not _is_name_alone(name):
        return None
    if not name.isascii() and len(name) > _LONGEST_DENSE and _DENSE.search(name):
        return None
    return Attribution(
        clean_name(name),
        tuple(traits),
        ", ".join(traits),
        by_label=True,
        off_screen=is_voice(name) or any(map(_is_unseen_trait, traits)),
        about=" , ".join(traits),
    )


def _undotted(match: re.Match[str]) -> str:
    return match[0].replace(".", "")


def _is_name_alone(name: str) -> bool:  # noqa: PLR0911 - cases in the order in which they win
    """Tell whether words are a name, not a deed ("Tourist laughs") or a framing ("Close-up on Anna")."""
    words = split_words(name)
    if not words or words[0].lower in _SCENE_WORDS or (words[0].lower in _OPENERS and len(words) > 1):
        return False
    first = next((node for node in parse(words) if isinstance(node, NounPhrase)), None)
    if first is not None and noun_kind(first) == "written":
        return False  # "Title card at the end:"
    if _is_voice_told(words):
        return False
    if is_voice(name) or (first is None and len(words) > 1 and name.isupper()):
        return True
    if first is not None and first.noun is None and any(unit.hit("styles") for unit in first.units):
        return False  # "Handheld vlog style:"
    if len(words) == 1 or name.isupper():
        return True
    if any(verb_at(words, at) and words[at].text.islower() for at in range(1, len(words))):
        return False
    nodes = parse(words)
    if any(isinstance(n, Mark) and n.unit.role is Role.PREPOSITION for n in nodes[:1]):
        return False
    moved = any(isinstance(n, Deed) and n.form in ("s", "ing") and n.unit.text.islower() for n in nodes)
    return not moved and not any(isinstance(n, Mark) and n.unit.role is Role.CARRIER for n in nodes)


def _is_voice_told(words: Sequence[Word]) -> bool:
    """Tell whether words tell how a voice is rather than whose: "voice barely above a whisper"."""
    return len(words) > 1 and words[0].lower in ("voice", "voices") and words[1].lower not in _OF_A_VOICE


def _ends_in_verb(label: str) -> bool:
    words = split_words(label)
    if not words:
        return False
    if any(
        (v := verb_at(words, at)) and v.form == "s" and words[at].text.islower()
        for at in range(1, len(words))
    ):
        return True
    verb = verb_at(words, len(words) - 1)
    written = words[-1].lower in rules("speech")["writing"]["verbs"]
    return written or (verb is not None and verb.kind != "expression" and verb.form in ("s", "ed", "base"))


def _names_person(words: str) -> bool:
    phrase = next((n for n in parse(split_words(words)) if isinstance(n, NounPhrase)), None)
    if phrase is None or phrase.noun is None:
        return False
    hit = phrase.noun.hit("nouns")
    people = hit is not None and hit.entry.family == "people"
    return phrase.noun.role is Role.NAME or people


def _person_in(words: str) -> str:
    """Return whom words name, without what is told of them: "young woman" with pink hair."""
    phrase = next(n for n in parse(split_words(words)) if isinstance(n, NounPhrase))
    return phrase.text


def is_voice(name: str) -> bool:
    """Tell whether a label or a trait means a voice that is not seen: "Narrator", "V.O."."""
    return _off_screen_names().search(name.strip().lower().rstrip(".").replace("-", " ")) is not None


def _is_unseen_trait(trait: str) -> bool:
    bare = trait.lower().rstrip(".").replace("-", " ")
    return any(bare == voice.rstrip(".") for voice in rules("speech")["off_screen"]["narrator"]) or is_unseen(
        trait
    )


@functools.cache
def _off_screen_names() -> re.Pattern[str]:
    voices = rules("speech")["off_screen"]["narrator"]
    latin = "|".join(re.escape(voice.rstrip(".")) for voice in voices if not is_han(voice))
    han = "|".join(re.escape(voice) for voice in voices if is_han(voice))
    return re.compile(rf"(?:^|[\s(])(?:{latin})\)?$|{han}")
