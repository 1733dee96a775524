# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: what is said, by whom, and what is written in the picture. Knows no time.

Takes a shot's text apart: spoken lines, writing (signs, titles), and the text that is left to be seen, in
which quotes are blanked so that "a man shouts “Fire!”" sets nothing alight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan import chinese, speakers, writing
from soundstage.plan.delivery import gap_in, is_unseen, language_in, manner_of, time_in
from soundstage.plan.languages.telling import language_of_line
from soundstage.plan.letter_case import is_shouted, to_spoken
from soundstage.plan.naming import clean_name, people_in
from soundstage.plan.quotes import Quote, find_quotes
from soundstage.plan.speaker_labels import by_label, is_voice
from soundstage.plan.speakers import Attribution, section_of
from soundstage.plan.unquoted import find_unquoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.sources import Extent
    from soundstage.plan.unquoted import Unquoted

_DECLARED = re.compile(
    r"\[(?:(?P<alias>(?:character|speaker|person)\s+\w{1,3})\s*[:=]\s*)?\s*(?P<who>[^\[\]\n:]{2,120})\]"
    r"(?!\s*(?:\([^)]*\))?\s*[:：“\"'‘@])",
    re.IGNORECASE,
)
_ALIAS = re.compile(
    r"\[?(?P<alias>(?:character|speaker|person)\s+\w{1,3})\s*[:=]\s*(?P<who>[^\W\d_][^,\[\]\n:\"“”'‘(]{1,60})", re.IGNORECASE
)
#: Lines read from one shot; nobody says more in a minute.
_MOST_LINES = 40
#: Labels in brackets before a blanked quote, and the "Character A:" of a label that only declares.
_LABELS = re.compile(
    r"\[[^\[\]\n]*\](?=\s{0,3}(?:[(（][^)）\n]{1,60}[)）])?\s{0,3}[:：]?\s{0,3},)|(?<=\[)character\s+\w{1,3}\s*:",
    re.IGNORECASE,
)
#: How some dialects number a speaker: "the woman (S1)", "the woman <<<voice_1>>>".
_REFERENCE = re.compile(r"\s\(S\d{1,2}\)|(?<![\u3400-\u9fff])<<<\w{1,20}>>>")
_JOINED = re.compile(r"\s*(?:,|&|and|or|,\s*and|,\s*or)\s*")
#: Words behind a quote that still tell how it is said: "in a confident, clear voice".
_BEHIND = 80
_NOTHING_SAID = re.compile(r"\b(?:says?|said|saying|speaks?) (?:nothing|not a word|no more)\b", re.IGNORECASE)

@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """One thing said."""

    speaker: str  #: as the text names them, a pronoun, or empty when nobody is named; `turns` settles it
    text: str
    language: str
    spoken: str | None = None  #: as a voice reads it, where that differs
    manner: tuple[str, ...] = ()
    description: str = ""
    gender: str = "unknown"  #: as its words tell, or a pronoun for the speaker
    off_screen: bool = False
    verb: str = ""  #: that introduces it, in its base form
    goes_on: bool = False  #: the speaker of the line before goes on
    at_s: float | None = None  #: when it is said, where the prompt says so
    gap_s: float | None = None  #: silence before it, where the prompt says so
    asked: bool = False  #: the line before is a question, and no word for speaking introduces this one
    since: int = 0  #: offset where the line before ends
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
    aliases: tuple[tuple[str, str], ...] = ()  #: what "Character A" stands for: (other name, name)


def read_dialogue(text: str) -> Dialogue:
    """Take a shot's text apart into speech, writing and the rest."""
    text = _opened(text)
    quotes = find_quotes(text)[:_MOST_LINES]
    lines = find_unquoted(text, [(q.start, q.end) for q in quotes])
    read = _Reader(text, quotes, lines).read()
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
        if alone and not quote.tagged and quote.key is None and writing.describes(quote.text) and not by_label(text[: quote.start]):
            text = f"{text[: quote.start]} {text[quote.start + 1 : quote.end - 1]} {text[quote.end :]}"
    return text


def _blank(text: str, spans: Sequence[tuple[int, int]]) -> str:
    chars = list(text)
    for start, end in spans:
        for at in range(start, end):
            chars[at] = " " if chars[at] != "\n" else "\n"
        chars[start] = ","
    return "".join(chars)


class _Reader:
    """One pass over a text's quotes and unquoted lines, in order."""

    def __init__(self, text: str, quotes: Sequence[Quote], lines: Sequence[Unquoted]) -> None:
        self.text = _REFERENCE.sub(lambda m: " " * len(m[0]), text)
        self.quotes = quotes
        self.lines = lines
        self.speeches: list[Speech] = []
        self.written: list[tuple[int, int, str]] = []
        self.blanked: list[tuple[int, int]] = []
        self.kind = ""  #: what the quote before was, when no speech
        self.heard_until = 0  #: where the last speech ended
        self.key_speaker = ""  #: in JSON, who was named last

    def read(self) -> _Reader:
        for at, quote in enumerate(self.quotes):
            if quote.key is not None:
                self._read_key(quote)
            else:
                self._read_quote(at)
        for line in self.lines:
            if not line.declares:
                self._say(
                    line.who,
                    line.said,
                    (line.start, line.end),
                    lead=self.text[max(0, line.start - 60) : line.start],
                )
        self.speeches.sort(key=lambda speech: speech.start)
        return self

    def _read_key(self, quote: Quote) -> None:
        """Read a value of a prompt written as JSON: lines stand under keys of their own."""
        key = quote.key or ""
        if section_of(key) == "dialogue" or key in (
            "says",
            "said",
            "utterance",
            "spoken text",
            "voiceover",
            "narration",
        ):
            name = "narrator" if key in ("voiceover", "narration") else self.key_speaker
            inner = find_quotes(quote.text)
            if not inner:
                self._say(Attribution(name), quote.text, (quote.start, quote.end))
                self.blanked.append((quote.start, quote.end))
        elif key in ("speaker", "character", "name", "who", "voice"):
            self.key_speaker = clean_name(quote.text.split(",")[0])
        elif section_of(key) == "text":
            self.written.append((quote.start, quote.end, quote.text))
            self.blanked.append((quote.start, quote.end))

    def _between(self, at: int) -> tuple[str, str]:
        """Return the words before a quote, from the one before it, and those behind it, to the next."""
        quote = self.quotes[at]
        lead = self.text[self.heard_until : quote.start]
        last = self.quotes[at + 1].start if at + 1 < len(self.quotes) else len(self.text)
        for line in self.lines:
            if not line.declares and quote.end <= line.start < last:
                last = line.start
            if (
                not line.declares
                and line.end <= quote.start
                and len(self.text[line.end : quote.start]) < len(lead)
            ):
                lead = self.text[line.end : quote.start]
        return lead, self.text[quote.end : last]

    def _joined(self, at: int) -> bool:
        """Tell whether a quote only goes on a list of the one before, which was no speech."""
        if not at or not self.kind:
            return False
        return _JOINED.fullmatch(self.text[self.quotes[at - 1].end : self.quotes[at].start]) is not None

    def _read_quote(self, at: int) -> None:
        quote = self.quotes[at]
        lead, follow = self._between(at)
        if self._joined(at):
            who, kind = None, self.kind  # signs reading “NO MORE” and “SAVE OUR RIVER”
        else:
            who, kind = self._judge(at, quote, lead, follow)
        self.kind = kind if who is None else ""
        extent = (quote.start, quote.end)
        if kind != "scene":
            self.blanked.append(extent)
        if kind == "writing":
            self.written.append((*extent, quote.text))
        if who is None:  # what is behind it may still be of the sentence before it
            self.text = f"{self.text[: quote.start]},{' ' * (quote.end - quote.start - 1)}{self.text[quote.end :]}"
        if kind == "writing":
            return
        if who is not None:
            self._say(who, quote.text, extent, lead=lead, follow=follow, named=quote.language)

    def _judge(self, at: int, quote: Quote, lead: str, follow: str) -> tuple[Attribution | None, str]:
        """Return who says a quote, or what it is instead: "writing", "scene" (part of the prompt) or "name"."""
        said = quote.text
        if quote.tagged:
            return self._attributed(at, quote, lead, follow) or self._nobody(lead, follow), ""
        section = _section_before(lead)
        if section in ("text",):
            return None, "writing"
        if section in ("scene", "camera", "look", "parameter", "negative"):
            spoken = speakers.by_verb_after(follow, said)
            return (spoken, "") if spoken else (None, "scene")
        if writing.is_name(lead, follow, said):
            named = writing.is_writing(lead, follow, said)
            return None, "writing" if named and not writing.is_name(lead, "", said) else (
                "writing" if named else "name"
            )
        who = self._attributed(at, quote, lead, follow)
        if who is not None and (who.written or _says_nothing(lead)):
            return None, "writing"
        if who is not None and (who.by_label or who.known):
            sung = who.verb in ("sing", "hum") and writing.is_title(said)
            return (None, "name") if sung else (who, "")
        if writing.is_writing(lead, follow, said):
            return None, "writing"
        if section == "dialogue" or (writing.sounds_spoken(said) and section != "sound"):
            return who or self._nobody(lead, follow), ""
        if section == "sound" and len(said.split()) > 2 and writing.sounds_spoken(said):
            return who or self._nobody(lead, follow), ""
        return None, "name"

    def _attributed(self, at: int, quote: Quote, lead: str, follow: str) -> Attribution | None:
        han = chinese.speaker_before(lead)
        if han is not None:
            return Attribution(han.name, han.manner, off_screen=is_voice(han.name))
        before = by_label(lead) or self._by_verb_before(lead)
        if before is not None:
            return before
        behind = chinese.speaker_after(follow)
        if behind is not None:
            return Attribution(behind.name, behind.manner, off_screen=is_voice(behind.name))
        following = self.quotes[at + 1].text if at + 1 < len(self.quotes) else ""
        return speakers.by_verb_after(follow, quote.text, following)

    def _by_verb_before(self, lead: str) -> Attribution | None:
        who = speakers.by_verb_before(lead)
        if who is not None and who.verb == "call" and not lead.rstrip().endswith((":", ",", "out", "：")):
            return None  # "calls the robot “Buddy”"
        return who

    def _nobody(self, lead: str, follow: str) -> Attribution:
        """Return who may say a quote nobody introduces: who acts before it, or right behind it."""
        who = speakers.by_deed_before(lead)
        if who is None and not lead.strip(" ,.\n"):
            who = None if self.speeches else speakers.by_deed_after(follow)
        return who or Attribution("", known=False)

    def _say(
        self,
        who: Attribution,
        said: str,
        extent: tuple[int, int],
        *,
        lead: str = "",
        follow: str = "",
        named: str = "",
    ) -> None:
        behind = (
            re.split(r"[.!?\n]", follow[:_BEHIND])[0]
            if follow.startswith((" in ", " with ", ", in ", ", with "))
            else ""
        )
        near = f"{who.about} {behind}"
        last_sentence = re.split(r"(?<=[.!?])\s", lead)[-1]
        told = f"{last_sentence[-120:]} {behind}" if not who.by_label else ""
        traits = (language_in(trait, label=True) for trait in (*who.manner, named))
        language = language_of_line(said, next(filter(None, traits), "") or language_in(told))
        manner = manner_of(who.verb, "" if who.by_label else near, who.manner, behind if who.by_label else "")
        if is_shouted(said) and "shouts" not in manner and language == "en":
            manner = (*manner, "shouts")
        previous = self.speeches[-1].end if self.speeches else 0
        self.heard_until = max(self.heard_until, extent[1])
        goes_on = (
            not who.name
            and bool(self.speeches)
            and _goes_on(self.text[previous : extent[0]], self.speeches[-1])
        )
        self.speeches.append(
            Speech(
                speaker=who.name,
                text=" ".join(said.split()),
                language=language,
                spoken=to_spoken(" ".join(said.split()), language),
                manner=manner,
                description=who.description,
                off_screen=who.off_screen
                or is_voice(who.name)
                or is_unseen(f"{who.about} {who.description}"),
                verb=who.verb,
                goes_on=goes_on,
                at_s=time_in(f"{lead[-80:]}") if lead else None,
                gap_s=gap_in(lead) if self.speeches else None,
                asked=not who.known and bool(self.speeches) and self.speeches[-1].text[-1:] in "?？",
                since=previous,
                start=extent[0],
                end=extent[1],
            )
        )


def _goes_on(between: str, before: Speech) -> bool:
    """Tell whether a quote goes on behind another of the same speaker: only their own tag stands between."""
    words = between.strip(" \n,.;—–-")
    return bool(words) and "\n" not in between.strip(" ") and bool(before.speaker)


def _says_nothing(lead: str) -> bool:
    return bool(_NOTHING_SAID.search(re.split(r"[.!?\n]", lead)[-1]))


def _section_before(lead: str) -> str:
    """Return the section whose label stands right before a quote: "scene" for `Scene: "…"`."""
    tail = lead.rstrip(" \t(*_")
    if tail[-1:] not in (":", "："):
        return ""
    label = re.split(r"[.!?;。！？；\n,，\[{]", tail[:-1])[-1]
    return section_of(label)


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
    return [(line.who.name, line.said.strip(" .")) for line in lines if line.declares]


def _letter_aliases(text: str) -> list[tuple[str, str]]:
    """Return what "Character A" stands for, where a label tells."""
    return [
        (" ".join(m["alias"].split()), clean_name(m["who"]))
        for m in _ALIAS.finditer(text)
        if m["who"].strip()
    ]
