# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: lines without quotes: `ANNA: Home.`, a name over its line in a script, `she says: go.`.

What stands behind a label may as well describe a character, or a prompt's own section ("Wardrobe: red coat"),
so the label must be somebody's or the words must sound spoken. Knows no quotes.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from soundstage.plan.chinese import could_speak
from soundstage.plan.grammar import parse
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.phrases import Deed, NounPhrase
from soundstage.plan.sentences import mentions_of, read_sentences
from soundstage.plan.speaker_labels import is_voice, read_label
from soundstage.plan.speakers import Attribution, by_verb_before, section_of
from soundstage.plan.speech_words import sentences_in, tells_speech
from soundstage.plan.tables import rules
from soundstage.plan.units import Role
from soundstage.plan.words import is_han, split_words
from soundstage.plan.writing import sounds_spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINE = lazy_pattern(
    r"^[ \t]*(?:[-•*][ \t]*)?(?:\[|【|\*\*)?[ \t]*(?P<label>[^\W\d_][\w .&'’\-]{0,30}?)[ \t]*(?:\]|】|\*\*)?"
    r"[ \t]*(?:[(（](?P<before>[^)）\n]{1,60})[)）])?(?:\*\*)?[ \t]*[:：](?:\*\*)?"
    r"[ \t]*(?:[(（](?P<behind>[^)）\n]{1,60})[)）])?[ \t]*(?P<said>\S[^\n]*)$",
    re.MULTILINE,
)
#: A label inside a line, behind a sentence: "… the bar. Tom: I'm leaving. Ann: Then go."
_INLINE = lazy_pattern(
    r"(?<=[.!?…] )(?P<label>[A-Z][\w'’]{0,15}(?: [A-Z\d][\w'’]{0,15})?)"
    r"(?: \((?P<before>[^)\n]{1,40})\))?: (?=[^\s,])"
)
_CUE = lazy_pattern(
    r"^[ \t]*(?P<label>[A-Z][A-Z0-9 .'’&\-]{0,28}[A-Z0-9.])[ \t]*(?P<notes>(?:\([^)\n]{1,40}\)[ \t]*)*)\n"
    r"(?:[ \t]*\((?P<behind>[^)\n]{1,80})\)[ \t]*\n)?(?P<said>(?:[ \t]*[^\n]*\S[^\n]*(?:\n|$))+)",
    re.MULTILINE,
)
_NO_CUE = lazy_pattern(
    r"^(?:INT|EXT|I/E|FADE|CUT|SMASH|DISSOLVE|SCENE|SHOT|CLOSE|WIDE|TITLE|SUPER|THE END|END|MONTAGE|ACT|"
    r"INSERT|"
    r"ANGLE|BACK TO|LATER|CONTINUOUS|POV|TRACKING|AERIAL|ESTABLISHING|STYLE|PROMPT)\b",
)
_CUE_NOTE = lazy_pattern(r"\((?:CONT'?D|CONT’D|MORE)\)", re.IGNORECASE)
_COLON = lazy_pattern(r"[:：]\s{1,3}(?=[^\s,\"“'‘«「:：(\[])")
_DESCRIBES = lazy_pattern(
    r"^(?:an?|the|late|early|mid|tall|short|young|old|elderly|middle|male|female|wearing|"
    r"in (?:his|her)|\d)\b|\byear[- ]old\b|\b\d0s\b|-haired\b",
    re.IGNORECASE,
)
#: Lines of one shot; nobody says more in a minute.
_MOST_LINES = 30
#: What a voice tells of a story names none of them.
_OF_THE_CAMERA = frozenset({"framings", "angles", "moves", "camera_moves"})
_MOST_SENTENCES = 6
_STOP = lazy_pattern(r"[.!?…](?=\s)|[。！？]")
#: Words of a quote inside a line.
_MOST_QUOTED = 4
#: Colons tried without a quote behind them.
_MOST_COLONS = 12


class Unquoted(NamedTuple):
    """A line without quotes, or the description of a character."""

    who: Attribution
    said: str
    start: int  #: offset of its label
    end: int
    declares: bool = False


def find_unquoted(text: str, taken: Sequence[tuple[int, int]]) -> list[Unquoted]:
    """Return the lines of `text` that stand without quotes, in order; `taken` are its quotes."""
    found: list[Unquoted] = []
    busy = list(taken)
    for lines in (_cues(text), _label_lines(text), _inline(text), _colons(text)):
        for line in lines:
            if len(found) >= _MOST_LINES:
                break
            over = [(start, end) for start, end in busy if line.start < end and start < line.end]
            if all(_says_word(text, line, extent) for extent in over):
                found.append(line)
                busy.append((line.start, line.end))
    return sorted(found, key=lambda line: line.start)


def _until_seen(said: str, end: int) -> tuple[str, int]:
    """Return a labelled line up to a sentence that tells of the camera, and where it ends."""
    stops = [0, *(found.end() for found in _STOP.finditer(said)), len(said)]
    for start, stop in list(pairwise(stops))[1:_MOST_SENTENCES]:
        seen = mentions_of(read_sentences(said[start:stop]))
        if any(mention.hit.table in _OF_THE_CAMERA for mention in seen):
            return said[:start].rstrip(), end - len(said) + start
    return said, end


def _says_word(text: str, line: Unquoted, quote: tuple[int, int]) -> bool:
    """Tell whether a quote is only a word inside a line: `SAILOR: Who said "dive"?`."""
    start, end = quote
    if line.declares or start < line.start or end > line.end:
        return False
    told, before = text[start + 1 : end - 1], text[line.start : start]
    before = re.split(r"[:：]", before, maxsplit=1)[-1].rstrip()
    if not before or before[-1] in ",，" or len(told.split()) > _MOST_QUOTED or told[-1:] in ".!?,…":
        return False
    return told[:1].islower() or (line.said[-1:] in "?!？！" and not tells_speech(before))


def _label_lines(text: str) -> list[Unquoted]:
    lines: list[Unquoted] = []
    listed = spoken = False  # under "Characters:" every label declares, under "Dialogue:" every one speaks
    for found in _LINE.finditer(text):
        opened = text[found.start() : found.start("label")].strip(" \t-•*")[:1]
        if opened in ("[", "【") and found["said"].rstrip().endswith(("]", "】")):
            continue  # "[Character B: barista, green apron]" declares
        label, said, end = found["label"].strip(), found["said"].strip(), found.end()
        another = _INLINE.search(said)
        if another and not section_of(another["label"]):
            end = found.start("said") + another.start()
            said = said[: another.start()].strip()
        said, end = _until_seen(said, end)
        who = read_label(label, [found["before"] or "", found["behind"] or ""])
        if section_of(label):
            spoken = section_of(label) == "dialogue"
            listed = section_of(label) == "scene" and label.lower().startswith("character")
        if who is None or section_of(label) or len(label.split()) > (5 if is_voice(label) else 4):
            continue
        line = _judged(
            who,
            label,
            said,
            text,
            (found.start(), end),
            noted=spoken or bool(found["before"] or found["behind"]),
        )
        if line is not None:
            lines.append(line._replace(declares=True) if listed else line)
    return lines


def _inline(text: str) -> list[Unquoted]:
    marks = [m for m in _INLINE.finditer(text) if not section_of(m["label"])]
    lines: list[Unquoted] = []
    for at, mark in enumerate(marks):
        who = read_label(mark["label"], [mark["before"] or ""])
        line_end = text.find("\n", mark.end())
        end = min(
            [
                marks[at + 1].start() if at + 1 < len(marks) else len(text),
                line_end if line_end > 0 else len(text),
            ]
        )
        somebody = is_voice(mark["label"]) or _is_somebody(mark["label"])
        if who is None or not (somebody or len(marks) > 1):
            continue
        end = mark.end() + _spoken_end(text[mark.end() : end])
        said = text[mark.end() : end].strip()
        declares = bool(_DESCRIBES.match(said)) and said[-1:] not in "!?" and not _finite(said)
        if declares or sounds_spoken(said) or mark["before"]:
            lines.append(Unquoted(who, said, mark.start(), end, declares))
    return lines


def _cues(text: str) -> list[Unquoted]:
    lines: list[Unquoted] = []
    for found in _CUE.finditer(text):
        label = found["label"].strip()
        if _NO_CUE.match(label) or section_of(label) or len(label.split()) > 4:
            continue
        body, end = _cue_body(found)
        notes = [_CUE_NOTE.sub("", found["notes"]).strip(" ()"), found["behind"] or ""]
        who = read_label(label, notes)
        if who is None or not body or '"' in body or "“" in body:
            continue
        line = _judged(
            who, label, body, text, (found.start(), end), noted=bool(found["behind"] or found["notes"])
        )
        if line is not None and not line.declares:
            lines.append(line)
    return lines


def _cue_body(found: re.Match[str]) -> tuple[str, int]:
    """Return the lines under a name up to the next name or blank line."""
    lines: list[str] = []
    end = found.start("said")
    for line in found["said"].splitlines(keepends=True):
        bare = line.strip()
        if lines and bare.isupper() and len(bare.split()) <= 4 and bare[-1:] not in ".!?":
            break
        end += len(line)
        if not re.fullmatch(r"\([^)]*\)", bare):
            lines.append(bare)
    return " ".join(lines), end


def _judged(
    who: Attribution, label: str, said: str, text: str, extent: tuple[int, int], *, noted: bool
) -> Unquoted | None:
    """Return a labelled stretch as a line or a description; None when the label is nobody's."""
    if is_han(label):
        return Unquoted(who, said, *extent) if could_speak(label) or is_voice(label) else None
    if not label[:1].isupper() and not is_voice(label):
        return None
    spoken = said[-1:] in "!?…" or _finite(said) or sounds_spoken(said)
    described = (
        bool(_DESCRIBES.search(said)) and said[-1:] not in "!?" and not re.search(r"\b(?:I|you|we)\b", said)
    )
    somebody = _is_somebody(label) or noted or len(re.findall(rf"\b{re.escape(label)}\b", text)) > 1
    if is_voice(label):
        return Unquoted(who, said, *extent) if spoken and (_finite(said) or said[-1:] in "!?.…") else None
    if described and not (_finite(said) and said[-1:] in ".!?"):
        return Unquoted(who, said, *extent, declares=True) if somebody else None
    if somebody:
        return Unquoted(who, said, *extent, declares=not spoken and not noted)
    strong = (
        re.search(r"\b(?:I|I'm|you|you're|we|let's|my|me|your)\b", said.replace("’", "'"), re.IGNORECASE)
        or said[-1:] in "!?"
    )
    return Unquoted(who, said, *extent) if strong else None


def _is_somebody(label: str) -> bool:
    phrase = next((node for node in parse(split_words(label)) if isinstance(node, NounPhrase)), None)
    if phrase is None or phrase.noun is None:
        return False
    names = rules("names")
    first = label.split(maxsplit=1)[0].lower()
    if first in names["female"] or first in names["male"]:
        return True
    hits = (unit.hit("nouns") for unit in phrase.units)
    return any(hit is not None and not hit.near and hit.entry.family == "people" for hit in hits)


def _finite(said: str) -> bool:
    nodes = parse(split_words(said[:160]))
    return any(isinstance(node, Deed) for node in nodes) or any(
        getattr(node, "unit", None) is not None and node.unit.role is Role.AUXILIARY
        for node in nodes
        if not isinstance(node, NounPhrase)
    )


def _colons(text: str) -> list[Unquoted]:
    """Return lines behind a verb and a colon: "She says: we have to go now."."""
    lines: list[Unquoted] = []
    for colon in list(_COLON.finditer(text))[:_MOST_COLONS]:
        lead = text[max(0, colon.start() - 200) : colon.start() + 1]
        lead = lead[lead.rfind("\n") + 1 :]
        who = by_verb_before(lead) if tells_speech(lead) else None
        if who is None or who.written or (not who.name and not lead.strip().isupper()):
            continue
        line_end = text.find("\n", colon.end())
        rest = text[colon.end() : line_end if line_end >= 0 else len(text)]
        end = colon.end() + _spoken_end(rest)
        said = text[colon.end() : end].strip()
        if said:
            lines.append(Unquoted(who, said, colon.start(), end))
    return lines


def _spoken_end(rest: str) -> int:
    """Return where speech without quotes ends: its first sentence, and those behind that go on speaking."""
    ends = sentences_in(rest)
    if not ends:
        return len(rest)
    at = 0
    while at + 1 < len(ends):
        start, end = ends[at + 1]
        following = rest[start:end].strip()
        spoken = re.search(
            r"\b(?:i|i'm|i'll|you|you're|we|we're|let's|me|us|my|your)\b",
            following.replace("’", "'"),
            re.IGNORECASE,
        )
        if not spoken and rest[end : end + 1] not in "!?":
            break
        at += 1
    end = ends[at][1]
    while end < len(rest) and rest[end] in ".!?…":
        end += 1
    return end
