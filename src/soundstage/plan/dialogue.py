# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: what is said, by whom, and what is written in the picture. Knows no time.

Takes a shot's text apart: spoken lines, writing (signs, titles), and the text that is left to be seen, in
which quotes are blanked so that "a man shouts “Fire!”" sets nothing alight.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan import writing
from soundstage.plan.lines import LineReader, Speech
from soundstage.plan.meeting import people_in
from soundstage.plan.naming import clean_name
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.quotes import find_quotes
from soundstage.plan.speaker_labels import by_label
from soundstage.plan.unquoted import find_unquoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.sources import Extent
    from soundstage.plan.unquoted import Unquoted

_DECLARED = lazy_pattern(
    r"\[(?:(?P<alias>(?:character|speaker|person)\s+\w{1,3})\s*[:=]\s*)?\s*(?P<who>[^\[\]\n:]{2,120})\]"
    r"(?!\s*(?:\([^)]*\))?\s*[:：“\"'‘@])",
    re.IGNORECASE,
)
_ALIAS = lazy_pattern(
    r"\[?(?P<alias>(?:character|speaker|person)\s+\w{1,3})\s*[:=]\s*"
    r"(?P<who>[^\W\d_][^,.;\[\]\n:\"“”'‘(]{1,60})",
    re.IGNORECASE,
)
_LETTER = lazy_pattern(r"(?:character|speaker|person)\s+\w{1,3}", re.IGNORECASE)
#: Lines read from one shot; nobody says more in a minute.
_MOST_LINES = 30
#: Labels in brackets before a blanked quote, and the "Character A:" of a label that only declares.
_LABELS = lazy_pattern(
    r"\[[^\[\]\n]*\](?=\s{0,3}(?:[(（][^)）\n]{1,60}[)）])?\s{0,3}[:：]?\s{0,3},)|"
    r"(?<=\[)character\s+\w{1,3}\s*:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """A shot's text, taken apart."""

    speeches: tuple[Speech, ...]
    writing: tuple[str, ...]  #: to be seen as letters in the picture
    declared: tuple[tuple[str, str], ...]  #: characters a label only introduces: (name, description)
    said: dict[str, tuple[Extent, ...]]  #: by field of a shot ("on_screen_text"), the words it was read from
    rest: str  #: the text with quotes and spoken lines blanked, offsets kept
    aliases: tuple[tuple[str, str], ...] = ()  #: what "Character A" stands for: (other name, name)


@functools.lru_cache(maxsize=64)  # a shot's text is asked for where shots are cut, and read later
def read_dialogue(text: str) -> Dialogue:
    """Take a shot's text apart into speech, writing and the rest."""
    text = _opened(text)
    quotes = find_quotes(text)[:_MOST_LINES]
    lines = find_unquoted(text, [(q.start, q.end) for q in quotes])
    quotes = [q for q in quotes if not any(line.start <= q.start and q.end <= line.end for line in lines)]
    read = LineReader(text, quotes, lines).read()
    spoken_lines = [(line.start, line.end) for line in lines if not line.declares]
    rest = _blank(text, [*read.blanked, *spoken_lines])
    written = [
        *read.written,
        *((m.start(), m.end(), m[1]) for m in re.finditer(r"《([^》\n]{1,40})》", text)),
    ]
    return Dialogue(
        speeches=tuple(sorted(read.speeches, key=lambda speech: speech.start)),
        writing=tuple(dict.fromkeys(said for _, _, said in written)),
        declared=tuple(dict.fromkeys([*_declared(rest), *_described(lines)])),
        said={"on_screen_text": tuple((start, end) for start, end, _ in written)},
        rest=_LABELS.sub(lambda m: " " * len(m[0]), rest),
        aliases=tuple(_letter_aliases(text)),
    )


def _opened(text: str) -> str:
    """Return text in which marks around a whole description ("“A woman walks in…”") are blanks."""
    for quote in find_quotes(text)[:_MOST_LINES]:
        lead = text[: quote.start].rstrip(" \n\t(")
        alone = not lead or lead[-1] in ":：.!?\n])"
        if (
            alone
            and not quote.tagged
            and quote.key is None
            and writing.describes(quote.text)
            and not by_label(text[: quote.start])
        ):
            text = f"{text[: quote.start]} {text[quote.start + 1 : quote.end - 1]} {text[quote.end :]}"
    return text


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    chars = list(text)
    for start, end in spans:
        for at in range(start, end):
            chars[at] = " " if chars[at] != "\n" else "\n"
        chars[start] = ","
    return "".join(chars)


def _declared(rest: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for match in _DECLARED.finditer(rest):
        name, _, description = match["who"].partition(",")
        who = by_label(f"[{name}]")
        if who is not None and (match["alias"] or _could_be_somebody(name)):
            found.append((who.name, description.strip()))
    return found


def _could_be_somebody(name: str) -> bool:
    people = people_in(f"the {name.strip()}")
    return bool(people) and people[0].kind in ("person", "unknown") and len(name.split()) <= 5


def _described(lines: Sequence[Unquoted]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in lines:
        name, description = line.who.name, line.said.strip(" .")
        if line.declares and _LETTER.fullmatch(name):  # "Character A: a stern librarian, 60s"
            name, _, description = description.partition(",")
        if line.declares:
            found.append((clean_name(name), description.strip()))
    return found


def _letter_aliases(text: str) -> list[tuple[str, str]]:
    """Return what "Character A" stands for, where a label tells."""
    return [
        (" ".join(m["alias"].split()), clean_name(m["who"]))
        for m in _ALIAS.finditer(text)
        if m["who"].strip()
    ]
