"""What was said, as text on the film's clock: WebVTT and SRT files, and the events of an MP4 caption track.

Knows no container: `mux.py` puts the events into the file.
"""

from __future__ import annotations

import logging
import re
import tomllib
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING

from soundstage.film import Seconds
from soundstage.stitch.timeline import to_ms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.film import Cue

log = logging.getLogger(__name__)

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_THREE_LETTERS = re.compile(r"[a-z]{3}")

#: Two lines of 42 letters, or of 21 characters as wide as tall: what broadcasters hold for readable at once.
_WIDEST = 84
_SENTENCE_END, _CLAUSE_END = ".!?。！？…", ",;:，；：、—"  # noqa: RUF001 - Chinese has its own signs
_QUOTES = "\"'“”‘’«»「」『』"  # noqa: RUF001 - all of them are meant


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionEvent:
    """A text and when it stands in the picture."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionTrack:
    """The events of one language; they do not overlap, as an MP4's must not."""

    language: str  #: ISO 639-2/T, "und" when it has none
    name: str  #: what a player's menu shows; "" for the player's own word
    events: tuple[CaptionEvent, ...]


def fit_cues(cues: Sequence[Cue], seconds: float) -> tuple[Cue, ...]:
    """Return the cues in order, texts on one line, cut to the film's length; what lies outside is logged.

    One too long to be read at once is parted where a sentence, a clause or a word ends, at the time at which
    the voice says the next.
    """
    kept: list[Cue] = []
    for cue in cues:
        start_s, end_s = max(0.0, cue.start_s), min(seconds, cue.end_s)
        text = _one_line(cue.text)
        if to_ms(end_s) <= to_ms(start_s) or not text:
            log.warning(
                "a caption was left out: it has no time in the film or no text",
                extra={"start_s": cue.start_s, "end_s": cue.end_s, "film_s": seconds},
            )
            continue
        cue = replace(cue, start_s=Seconds(start_s), end_s=Seconds(end_s))  # noqa: PLW2901 - cut to fit
        kept += [replace(part, text=_one_line(part.text)) for part in _split(cue)]
    return tuple(sorted(kept, key=lambda cue: (cue.start_s, cue.end_s)))


def to_vtt(cues: Sequence[Cue]) -> str:
    """Return a WebVTT file; the speaker stands in a voice tag (https://www.w3.org/TR/webvtt1/#webvtt-cue-voice-span)."""
    blocks = ["WEBVTT\n"]
    for number, cue in enumerate(cues, start=1):
        speaker, text = _one_line(cue.speaker), _escape(cue.text)
        voice = f"<v {_escape(speaker)}>" if speaker else ""
        blocks.append(f"{number}\n{_clock(cue.start_s, '.')} --> {_clock(cue.end_s, '.')}\n{voice}{text}\n")
    return "\n".join(blocks)


def to_srt(cues: Sequence[Cue]) -> str:
    """Return a SubRip file. It has no escapes: a literal `-->`, which parts times, becomes an arrow."""
    blocks = [
        f"{number}\n{_clock(cue.start_s, ',')} --> {_clock(cue.end_s, ',')}\n{cue.text.replace('-->', '→')}\n"
        for number, cue in enumerate(_named(cues), start=1)
    ]
    return "\n".join(blocks)


def to_tracks(cues: Sequence[Cue]) -> tuple[CaptionTrack, ...]:
    """Return one track for each language spoken, in the order in which they are first heard."""
    spoken: dict[str, list[Cue]] = {}
    for cue in _named(cues):
        spoken.setdefault(language_code(cue.language)[0], []).append(cue)
    return tuple(
        CaptionTrack(language=code, name=language_code(group[0].language)[1], events=_flatten(group))
        for code, group in spoken.items()
    )


def language_code(tag: str) -> tuple[str, str]:
    """Return the ISO 639-2/T code and own name of a BCP 47 tag's language; ("und", "") when unknown."""
    primary = tag.lower().replace("_", "-").split("-")[0]
    known = _languages().get(primary)
    if known is not None:
        return known["code"], known["name"]
    return (primary, "") if _THREE_LETTERS.fullmatch(primary) else ("und", "")


@cache
def _languages() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files("soundstage.stitch").joinpath("languages.toml").read_text("utf-8"))


def _named(cues: Sequence[Cue]) -> list[Cue]:
    """Return cues whose text names its speaker wherever that is somebody else; a lone voice needs no name."""
    if len({_one_line(cue.speaker) for cue in cues}) < 2:
        return list(cues)
    before = ["", *(_one_line(cue.speaker) for cue in cues)]
    return [
        replace(cue, text=f"{_title(speaker, cue.text)}{cue.text}")
        if (speaker := _one_line(cue.speaker)) and speaker != last
        else cue
        for cue, last in zip(cues, before, strict=False)
    ]


def _title(speaker: str, text: str) -> str:
    """Return a speaker as a caption names them: "Old man: "; before Chinese, with its own colon."""
    colon = "：" if _width(text[:1]) > 1 else ": "  # noqa: RUF001 - Chinese has its own sign
    return f"{speaker[:1].upper()}{speaker[1:]}{colon}"


def _split(cue: Cue) -> list[Cue]:
    """Return a cue as one or more that can be read at once; needs the times of its words."""
    if _width(cue.text) <= _WIDEST:
        return [cue]
    half = len(cue.text) / 2.0
    places = [
        (at, time_s)
        for at, time_s in cue.words
        if 0 < at < len(cue.text) and cue.start_s < time_s < cue.end_s
    ]
    if not places:
        return [cue]

    def cost(place: tuple[int, Seconds]) -> float:
        before = cue.text[: place[0]].rstrip(f"{_QUOTES} ")[-1:]
        ease = 0.6 if before in _SENTENCE_END else 0.25 if before in _CLAUSE_END else 0.0
        return abs(place[0] - half) / half - ease

    at, time_s = min(places, key=cost)
    # A quote that opens before the word belongs to it.
    at = len(cue.text[:at].rstrip(_QUOTES))
    first = replace(cue, text=cue.text[:at], end_s=time_s, words=tuple(w for w in cue.words if w[0] < at))
    rest = replace(
        cue, text=cue.text[at:], start_s=time_s, words=tuple((a - at, t) for a, t in cue.words if a > at)
    )
    return [*_split(first), *_split(rest)] if first.text.strip() else [cue]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _flatten(cues: Sequence[Cue]) -> tuple[CaptionEvent, ...]:
    """Return events that do not overlap: where two people speak at once, both lines stand together."""
    spans = [(to_ms(cue.start_s), to_ms(cue.end_s), cue.text) for cue in cues]
    edges = sorted({edge for start, end, _ in spans for edge in (start, end)})
    events: list[CaptionEvent] = []
    for start, end in pairwise(edges):
        texts = [text for begins, ends, text in spans if begins <= start and ends >= end]
        if len(texts) > 1:
            texts = [f"- {text}" for text in texts]
        if texts:
            events.append(CaptionEvent(start_ms=start, end_ms=end, text="\n".join(texts)))
    return tuple(events)


def _clock(seconds: float, point: str) -> str:
    whole, ms = divmod(to_ms(seconds), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{point}{ms:03}"


def _one_line(text: str) -> str:
    # A blank line would end the cue, and everything after it would be read as a new one.
    return " ".join(_CONTROL.sub(" ", text).split())


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
