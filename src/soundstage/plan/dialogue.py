# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: what is said, by whom, and what is written in the picture. Knows no time.

Takes a shot's text apart: spoken lines, writing (signs, titles), and the text that is left to be seen, in
which quotes are blanked so that "a man shouts “Fire!”" sets nothing alight.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from soundstage.plan import chinese, speakers
from soundstage.plan.lexicon import rules
from soundstage.plan.quotes import Quote, find_quotes
from soundstage.plan.units import Role, units_of
from soundstage.plan.words import is_han, split_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.plan.sources import Extent
    from soundstage.plan.speakers import Attribution

_LINE = re.compile(
    r"^[ \t]*(?:[-•*][ \t]*)?(?:\[|【|\*\*)?[ \t]*(?P<label>[^\W\d_][\w .'\-]{0,28}?)[ \t]*(?:\]|】|\*\*)?"
    r"[ \t]*(?:[(（](?P<before>[^)）\n]{1,60})[)）])?(?:\*\*)?[ \t]*[:：](?:\*\*)?"
    r"[ \t]*(?:[(（](?P<behind>[^)）\n]{1,60})[)）])?[ \t]*(?P<said>\S[^\n]*)$",
    re.MULTILINE,
)
_NOT_A_LABEL = re.compile(r"^(?:(?:multi )?shot|scene|cut|镜头|第)\b|\d", re.IGNORECASE)
_DECLARED = re.compile(
    r"\[(?:character\s+\w{1,3}\s*:)?\s*([^\[\]\n:]{2,120})\](?!\s*(?:\([^)]*\))?\s*[:：“\"'‘@])",
    re.IGNORECASE,
)
#: Lines read from one shot; nobody says more in a minute.
_MOST_LINES = 40
#: Writing words are looked for in this many characters before a quote.
_WRITING_REACH = 60
#: Labels in brackets before a blanked quote, and the "Character A:" of a label that only declares.
_LABELS = re.compile(
    r"\[[^\[\]\n]*\](?=\s{0,3}(?:[(（][^)）\n]{1,60}[)）])?\s{0,3}[:：]?\s{0,3},)|(?<=\[)character\s+\w{1,3}\s*:",
    re.IGNORECASE,
)
#: How some dialects number a speaker: "the woman (S1)".
_REFERENCE = re.compile(r"\s\(S\d{1,2}\)")
_MARKS = frozenset(".,!?…。，！？")
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")), ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")), ("ru", re.compile(r"[\u0400-\u04ff]")), ("ar",
    re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")), ("el", re.compile(r"[\u0370-\u03ff]")), ("th",
    re.compile(r"[\u0e00-\u0e7f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """One thing said."""

    speaker: str  #: cleaned name, a pronoun, or empty when nobody is named
    text: str
    language: str
    manner: tuple[str, ...] = ()
    description: str = ""
    off_screen: bool = False
    start: int = 0  #: offset in the shot's text
    end: int = 0  #: offset behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """A shot's text, taken apart."""

    speeches: tuple[Speech, ...]
    writing: tuple[str, ...]  #: to be seen as letters in the picture
    declared: tuple[tuple[str, str], ...]  #: characters a label only introduces: (name, description)
    said: dict[str, tuple[Extent, ...]]  #: by field of a shot ("on_screen_text"), the words it was read from
    rest: str  #: the text with quotes and spoken lines blanked, offsets kept


def read_dialogue(text: str) -> Dialogue:
    """Take a shot's text apart into speech, writing and the rest."""
    quotes = find_quotes(text)[:_MOST_LINES]
    lines = _label_lines(text, quotes)
    rest = _blank(text, [*((q.start, q.end) for q in quotes), *((start, end) for _, start, end in lines)])
    found = [speech for speech, _, _ in lines]
    writing: list[str] = []
    written: list[Extent] = []
    for at in range(len(quotes)):
        read = _read_quote(text, quotes, at, found)
        if isinstance(read, Speech):
            found.append(read)
        elif read:
            writing.append(read)
            written.append((quotes[at].start, quotes[at].end))
    titles = tuple(re.finditer(r"《([^》\n]{1,40})》", text))
    writing += (title[1] for title in titles)
    written += (title.span() for title in titles)
    declared = tuple(_declared(rest))
    return Dialogue(
        speeches=tuple(sorted(found, key=lambda speech: speech.start)),
        writing=tuple(dict.fromkeys(writing)),
        declared=declared,
        said={"on_screen_text": tuple(written)},
        rest=_LABELS.sub(lambda m: " " * len(m[0]), rest),
    )


def language_of(text: str) -> str:
    """Return the language a line's script tells; Latin script counts as English."""
    return next((language for language, script in _SCRIPTS if script.search(text)), "en")


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    chars = list(text)
    for start, end in spans:
        for at in range(start, end):
            chars[at] = " " if chars[at] != "\n" else "\n"
        chars[start] = ","
    return "".join(chars)


def _label_lines(text: str, quotes: Sequence[Quote]) -> list[tuple[Speech, int, int]]:
    """Return lines as a screenplay has them: `ANNA (softly): Where are you?`."""
    lines: list[tuple[Speech, int, int]] = []
    for found in _LINE.finditer(text):
        if any(found.start() < q.end and q.start < found.end() for q in quotes):
            continue
        label = found["label"].strip()
        if _NOT_A_LABEL.search(label) or speakers.section_of(label) or not _could_speak(label):
            continue
        who = speakers.read_label(label, [found["before"] or "", found["behind"] or ""])
        if who is not None and len(lines) < _MOST_LINES:
            speech = _speech(who, found["said"].strip(), found.start(), found.end())
            lines.append((speech, found.start(), found.end()))
    return lines


def _could_speak(label: str) -> bool:
    if is_han(label) or _is_off_screen(label):
        return len(label) <= (8 if is_han(label) else 30)
    units = list(units_of(split_words(label)))
    named = (label[:1].isupper() or label[:1].isdigit()) and len(label.split()) <= 3
    return named and units[-1].role in (Role.NOUN, Role.NAME, Role.UNKNOWN, Role.BREAK)


def _read_quote(text: str, quotes: Sequence[Quote], at: int, found: Sequence[Speech]) -> Speech | str | None:
    """Return a quote as speech, as writing (its text), or None when it is neither."""
    quote = quotes[at]
    lead = _REFERENCE.sub(" ", text[quotes[at - 1].end if at else 0 : quote.start])
    follow = text[quote.end : quotes[at + 1].start if at + 1 < len(quotes) else len(text)]
    who = _attribute(lead, follow, quote.text)
    if who is None or (who.by_label and speakers.section_of(who.name)):
        if _is_writing(lead):
            return None if _is_writing(lead, names=True) else quote.text
        if not _sounds_spoken(quote.text, lead):
            return None
        who = speakers.Attribution(_echo(lead, found))
    elif _is_writing(who.name, last=True):
        return quote.text
    speech = _speech(who, quote.text, quote.start, quote.end)
    named = _named_language(f"{' '.join(who.manner)} {lead[-_WRITING_REACH:]} {follow[:30]} {quote.language}")
    return replace(speech, language=named) if named and speech.language == "en" else speech


def _attribute(lead: str, follow: str, said: str) -> Attribution | None:
    if _is_writing(lead, names=True) and said[-1:] not in _MARKS:
        return None  # 'a so-called "genius"' calls nobody
    han = chinese.speaker_before(lead)
    if han is not None:
        return speakers.Attribution(han.name, han.manner)
    before = speakers.by_label(lead) or speakers.by_verb_before(lead)
    if before is not None or _is_writing(lead):
        return before
    behind = chinese.speaker_after(follow)
    if behind is not None:
        return speakers.Attribution(behind.name, behind.manner)
    return speakers.by_verb_after(follow)


def _speech(who: Attribution, text: str, start: int, end: int) -> Speech:
    voices = rules("speech")["off_screen"]["narrator"]
    told = (part.strip().lower() for part in who.description.split(","))
    off_screen = _is_off_screen(who.name) or any(part in voices for part in told)
    return Speech(
        speaker=who.name,
        text=" ".join(text.split()),
        language=language_of(text),
        manner=tuple(m for m in who.manner if not _named_language(m)),
        description=who.description,
        off_screen=off_screen,
        start=start,
        end=end,
    )


def _is_off_screen(name: str) -> bool:
    return _off_screen_names().search(name.lower()) is not None


@functools.cache
def _off_screen_names() -> re.Pattern[str]:
    voices = rules("speech")["off_screen"]["narrator"]
    latin = "|".join(re.escape(voice) for voice in voices if not is_han(voice))
    han = "|".join(re.escape(voice) for voice in voices if is_han(voice))
    return re.compile(rf"(?:^|\s)(?:{latin})$|{han}")


def _is_writing(lead: str, *, names: bool = False, last: bool = False) -> bool:
    """Tell whether the words before a quote make it writing.

    With `names`: a mere name for something. With `last`: only when the very last word says so, as in a label.
    """
    clause = re.split(r"[.!?;。！？\n]", lead)[-1][-_WRITING_REACH:].lower().replace("-", " ")
    tail = clause.rstrip(" :：,，-–—")
    if last:
        tail = tail.rsplit(" ", 1)[-1]
    if names:
        return bool(_writing_words(names=True).search(tail))
    return bool(_writing_words(names=False).search(tail))


@functools.cache
def _writing_words(*, names: bool) -> re.Pattern[str]:
    table = rules("speech")["names" if names else "writing"]
    words = [word for key in ("words", "chinese") for word in table.get(key, ())]
    latin = "|".join(re.escape(word) for word in words if word.isascii())
    han = "|".join(re.escape(word) for word in words if not word.isascii())
    # A few words may stand between: "a sign above the door: …".
    return re.compile(rf"\b(?:{latin})\b(?:\W+\w+){{0,4}}\W*$|(?:{han})[^，。]{{0,6}}$")


def _sounds_spoken(text: str, lead: str) -> bool:
    """Tell whether an unattributed quote is speech: a sentence, or words in a dialogue section."""
    if speakers.section_of(lead.rstrip(" :：\n").rsplit("\n", 1)[-1].rsplit(".", 1)[-1]) == "dialogue":
        return True
    return len(text.split()) > 1 or text[-1:] in ".!?。！？…" or (is_han(text) and len(text) >= 3)


def _echo(lead: str, found: Sequence[Speech]) -> str:
    """Return the last speaker when a quote goes on right behind their other one, otherwise nobody."""
    close = len(lead) < 40 and not re.search(r"\n\s*$", lead)
    return found[-1].speaker if found and close and found[-1].speaker and lead.strip(" .,") else ""


def _named_language(words: str) -> str:
    lower = words.lower()
    found = next((language for language, names in _languages().items() if names.search(lower)), "en")
    return "" if found == "en" else found


@functools.cache
def _languages() -> Mapping[str, re.Pattern[str]]:
    made: dict[str, re.Pattern[str]] = {}
    for language, wordings in rules("speech")["languages"].items():
        names = "|".join(rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w) for w in wordings)
        made[language] = re.compile(names)
    return made


def _declared(rest: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for match in _DECLARED.finditer(rest):
        name, _, description = match[1].partition(",")
        if name.strip() and _could_speak(name.strip()[:1].upper() + name.strip()[1:]):
            found.append((speakers.clean_name(name), description.strip()))
    return found
