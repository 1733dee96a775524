# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: a text's quotes and unquoted lines in order: who says each, or what it is instead.

A quote is a line, writing in the picture, a piece of the prompt between marks, or a mere name for something.
Knows no time; who "she" is, is left to `turns`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan import chinese, speakers, writing
from soundstage.plan.delivery import gap_in, is_unseen, language_in, manner_of, time_in
from soundstage.plan.languages.telling import language_of_line
from soundstage.plan.letter_case import is_shouted, to_spoken
from soundstage.plan.naming import clean_name
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.quotes import Quote, find_quotes
from soundstage.plan.speaker_labels import by_label, is_voice
from soundstage.plan.speakers import Attribution, section_of
from soundstage.plan.speech_words import names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.unquoted import Unquoted

#: How some dialects number a speaker: "the woman (S1)", "the woman <<<voice_1>>>".
_REFERENCE = lazy_pattern(r"\s\(S\d{1,2}\)|(?<![\u3400-\u9fff])<<<\w{1,20}>>>")
_JOINED = lazy_pattern(r"\s*(?:,|&|and|or|,\s*and|,\s*or)\s*")
#: Words behind a quote that still tell how it is said: "in a confident, clear voice".
_BEHIND = 80
_NOTHING_SAID = lazy_pattern(
    r"\b(?:says?|said|saying|speaks?) (?:nothing|not a word|no more)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """One thing said."""

    speaker: str  #: as the text names them, a pronoun, or empty when nobody is named; `turns` settles it
    text: str
    language: str
    told_language: str = ""  #: the one the words around it name
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


class LineReader:
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

    def read(self) -> LineReader:
        """Read all of it; what was found stands in the reader's fields."""
        lines = [line for line in self.lines if not line.declares]
        for at, quote in enumerate(self.quotes):
            while lines and lines[0].start < quote.start:
                self._say_line(lines.pop(0))
            if quote.key is not None:
                self._read_key(quote)
            else:
                self._read_quote(at)
        for line in lines:
            self._say_line(line)
        return self

    def _say_line(self, line: Unquoted) -> None:
        lead = self.text[max(self.heard_until, line.start - _BEHIND) : line.start]
        self._say(line.who, line.said, (line.start, line.end), lead=lead)

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
            self.text = (
                f"{self.text[: quote.start]},{' ' * (quote.end - quote.start - 1)}{self.text[quote.end :]}"
            )
        if kind == "writing":
            return
        if who is not None:
            self._say(who, quote.text, extent, lead=lead, follow=follow, named=quote.language)

    def _judge(  # noqa: PLR0911 - cases in the order in which they win
        self, at: int, quote: Quote, lead: str, follow: str
    ) -> tuple[Attribution | None, str]:
        """Return who says a quote, or what it is: "writing", "scene" (part of the prompt) or "name"."""
        said = quote.text
        if quote.tagged:
            return self._attributed(at, quote, lead, follow) or self._nobody(lead, follow), ""
        section = _section_before(lead)
        if section == "text":
            return None, "writing"
        if section in ("scene", "camera", "look", "parameter", "negative"):
            spoken = speakers.by_verb_after(follow, said)
            return (spoken, "") if spoken else (None, "scene")
        if writing.is_name(lead, follow, said):
            return None, "writing" if writing.is_writing(lead, follow, said) else "name"
        who = self._attributed(at, quote, lead, follow)
        if who is not None and (who.written or _says_nothing(lead)):
            return None, "writing"
        if who is not None and (who.by_label or who.known):
            sung = who.verb in ("sing", "hum") and writing.is_title(said)
            return (None, "name") if sung else (who, "")
        if writing.is_writing(lead, follow, said):
            return None, "writing"
        least_words = 3 if section == "sound" else 1  # SFX: "BANG!" is none
        spoken = writing.sounds_spoken(said) and len(said.split()) >= least_words
        return (who or self._nobody(lead, follow), "") if section == "dialogue" or spoken else (None, "name")

    def _attributed(self, at: int, quote: Quote, lead: str, follow: str) -> Attribution | None:
        han = chinese.speaker_before(lead)
        if han is not None:
            return Attribution(han.name, han.manner, off_screen=is_voice(han.name))
        before = by_label(lead) or self._by_verb_before(lead)
        if before is not None and not before.apart:
            return before
        behind = chinese.speaker_after(follow)
        if behind is not None:
            return Attribution(behind.name, behind.manner, off_screen=is_voice(behind.name))
        following = self.quotes[at + 1].text if at + 1 < len(self.quotes) else ""
        if before is not None and self.speeches and _closes_last(lead):
            return speakers.by_verb_after(follow, quote.text, following) or Attribution("")
        # What a sentence of its own tells is rather of the quote before it: "“Go,” she says. “No,” says Tom."
        return speakers.by_verb_after(follow, quote.text, following) or before

    def _by_verb_before(self, lead: str) -> Attribution | None:
        who = speakers.by_verb_before(lead)
        marked = lead.rstrip().endswith((":", ",", "out", "：", "，"))
        if who is not None and not marked and who.verb in names("marked"):
            return None  # "calls the robot “Buddy”", "orders “the usual”"
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
        told_language = next(filter(None, traits), "") or language_in(told)
        language = language_of_line(said, told_language)
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
                told_language=told_language,
                spoken=to_spoken(" ".join(said.split()), language),
                manner=manner,
                description=who.description,
                off_screen=who.off_screen
                or is_voice(who.name)
                or is_unseen(f"{who.about} {who.description} {last_sentence[-120:] if who.verb else ''}"),
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


def _closes_last(lead: str) -> bool:
    """Tell whether words before a quote are the tag of the one before: "“When?” the chef asks. “…”"."""
    words = lead.strip()
    return words[:1].islower() and words.endswith(".") and not re.search(r"[.!?]\s", words)


def _says_nothing(lead: str) -> bool:
    return bool(_NOTHING_SAID.search(re.split(r"[.!?\n]", lead)[-1]))


def _section_before(lead: str) -> str:
    """Return the section whose label stands right before a quote: "scene" for `Scene: "…"`."""
    tail = lead.rstrip(" \t(*_")
    if tail[-1:] not in (":", "："):
        return ""
    label = re.split(r"[.!?;。！？；\n,，\[{]", tail[:-1])[-1]
    return section_of(label)
