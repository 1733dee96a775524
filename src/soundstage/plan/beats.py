# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: one prompt cut into the texts of its shots. Knows words, not frames.

Labels a person wrote ("Shot 2 (3s):", "0-4s:", "Cut to") are cuts whatever the shot type; only `intelligent`
adds cuts of its own, between sentences that show something.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from soundstage.plan.cuts import find_cuts, find_times, strip_entrance
from soundstage.plan.dialogue import read_dialogue
from soundstage.plan.film_wide import speaks, split_leading, split_trailing
from soundstage.plan.labels import Mark, find_labels
from soundstage.plan.moments import cut_by_moments, sentences_of, shows
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.phrases import Deed
from soundstage.plan.quotes import find_quotes
from soundstage.plan.sentences import mentions_of, read_sentences
from soundstage.plan.sources import Source, join
from soundstage.plan.speech_words import names
from soundstage.plan.tables import rules
from soundstage.plan.timecodes import find_headings, find_list, find_moments, find_ranges, find_separators
from soundstage.plan.times import NO_TIMING, Timing, read_timing
from soundstage.plan.words import is_han, split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.film import Entrance

#: Shots a prompt may part a film into however short it is: Kling's own limit.
_MOST_SHOTS = 6
#: Shots beyond that must have this long each, on average.
_LEAST_LABELLED_S = 1.0
#: The fewest words between a shot's quotes that make them its wrapping rather than a line.
_WRAPPED_WORDS = 4
_CLOSING = lazy_pattern(
    r"\s*[(\[（]?\s*((?:duration|length|时长)\s*[:：]?\s*[^()\[\]（）\n]{1,20}|(?<!\d)\d{1,2}(?:\.\d)?\s?(?:s|sec|secs|seconds?|秒))\s*[)\]）]?\s?[.。;；]?\s*$",
    re.IGNORECASE,
)
_OPENING_QUOTES = frozenset("\"“'‘")
#: Where a framing may label a shot.
_SPOT = lazy_pattern(r"(?:^|\n|(?<=[.!?;] ))[ \t*#-]{0,4}(?P<label>[^\W\d_][^\n:：.!?,;]{3,30})[:：]")
_BLANK = lazy_pattern(r"[\s,，.:：;；\-–—*|]*")
_TELLING = frozenset({"framings", "angles", "moves", "places", "times", "weathers", "lenses"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """The text of one shot."""

    source: Source
    timing: Timing = NO_TIMING  #: as the prompt says
    entrance: Entrance = "cut"  #: how it follows the one before

    @property
    def weight(self) -> float:
        """How long it wants to be beside the others."""
        return max(3.0, len(split_words(self.source.text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    """A prompt in beats."""

    beats: tuple[Beat, ...]
    frame: Source | None = None  #: words that hold for every shot
    merged: int = 0  #: labelled shots that found no room of their own


def cut_prompt(prompt: Source, seconds: float, *, by_itself: bool) -> Cutting:
    """Cut one prompt into beats: at its labels, at told cuts, or, `by_itself`, between its sentences."""
    prompt = unwrap(prompt.cut(0))
    blanked = read_dialogue(prompt.text).rest
    marks, opens = _choose_marks(prompt.text, blanked)
    if marks:
        cutting = _cut_at(prompt, marks, opens=opens)
        if cutting is not None:
            return _fit(cutting, seconds)
    if not by_itself:
        return Cutting(beats=(Beat(source=prompt),))
    sources, frame = cut_by_moments(prompt, blanked, seconds)
    return Cutting(beats=tuple(Beat(source=source) for source in sources), frame=frame)


def beat_of(prompt: Source, seconds: float, *, first: bool) -> Beat:
    """Return an element of a `multi_prompt` without label, told cut or quotes around it ("Shot 2: …")."""
    labels = find_labels(prompt.text)
    alone = len(labels) == 1 and labels[0].start == 0
    beat = _beat(prompt, labels[0] if alone else Mark(start=0, end=0), len(prompt.text))
    source = beat.source if beat.source.text else prompt
    return replace(_opening(beat) if first else beat, source=source, timing=Timing(seconds=seconds))


def _opening(beat: Beat) -> Beat:
    """Return a film's first shot: it may fade in, but follows nothing that it could dissolve from."""
    return beat if beat.entrance == "fade" else replace(beat, entrance="cut")


def unwrap(source: Source) -> Source:
    """Return a text without quotes around the whole of it, as some put shots: `Shot 1: "A man walks …"`."""
    quotes = find_quotes(source.text)
    whole = len(quotes) == 1 and quotes[0].start == 0 and quotes[0].end >= len(source.text.rstrip(" .;,"))
    return (
        source.cut(1, quotes[0].end - 1)
        if whole and len(quotes[0].text.split()) >= _WRAPPED_WORDS
        else source
    )


def _choose_marks(text: str, blanked: str) -> tuple[Sequence[Mark], bool]:
    """Return the marks that part a prompt, and whether the first of them opens the first shot."""
    labels = find_labels(text)
    alone = len(labels) == 1 and labels[0].number == 1
    if labels and not alone and (labels[0].number == 1 or text[: labels[0].start].strip()):
        return labels, labels[0].number == 1
    for marks in (find_ranges(text), find_moments(text)):
        if marks:
            return marks, marks[0].timing.start_s in (0.0, 1.0)
    listed = find_list(text)
    if listed and _lists_shots(text, listed):
        return listed, True
    framed = _framing_labels(text)
    if len(framed) > 1:
        return framed, False
    headings = find_headings(text)
    told = [mark for mark in find_times(blanked) if _opens_shot(blanked, mark)]
    own = [mark for mark in labels[:1] if not text[: mark.start].strip() or alone]
    loose = _united(text, [*own, *headings, *find_separators(text), *find_cuts(blanked), *told])
    heads = {mark.start for mark in (*own, *headings[:1])}
    opens = bool(loose) and (loose[0].start in {0, *heads} or loose[0].timing.start_s == 0.0)
    return loose, opens


def _framing_labels(text: str) -> list[Mark]:
    """Return framings that label shots, "Wide shot: … Close-up: …"; the words stay with the shot."""
    marks: list[Mark] = []
    for found in _SPOT.finditer(text):
        first = next(mentions_of(read_sentences(found["label"])), None)
        if first is not None and first.hit.table == "framings":
            marks.append(Mark(start=found.start("label"), end=found.start("label")))
    return marks


def _united(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """Return marks in order, those beside each other as one: "At the 8-second mark, cut to"."""
    united: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if united and mark.start < united[-1].end:
            continue
        if united and _BLANK.fullmatch(text, united[-1].end, mark.start):
            before = united[-1]
            timing = before.timing if before.timing != NO_TIMING else mark.timing
            entrance = before.entrance if before.entrance != "cut" else mark.entrance
            united[-1] = replace(before, end=mark.end, timing=timing, entrance=entrance)
        else:
            united.append(mark)
    return united


def _opens_shot(blanked: str, mark: Mark) -> bool:
    """Tell whether what stands behind a told time is another picture: no sound, no camera moving on."""
    following = blanked[mark.end : mark.end + 400].lstrip(" ,:，：—-")
    first = next(iter(sentences_of(following)), (0, len(following)))
    if find_cuts(following[:80])[:1]:
        return True
    if is_han(following[:8]):
        return not following.startswith(tuple(rules("shots")["asian_goes_on"]["words"]))
    sentence = following[first[0] : first[1]]
    return shows(sentence) and not _only_speaks(sentence)


def _only_speaks(sentence: str) -> bool:
    """Tell whether all a sentence does is to bring a line: "At 2 seconds he says …" tells when it is said."""
    read = read_sentences(sentence)
    deeds = [node for part in read for node in part.nodes if isinstance(node, Deed)]
    deeds = [deed for deed in deeds if deed.stem not in names("marked")]  # "a hand begins to type"
    pictured = any(mention.hit.table in ("framings", "places") for mention in mentions_of(read))
    return bool(deeds) and deeds[0].speech and not pictured


def _lists_shots(text: str, marks: Sequence[Mark]) -> bool:
    """Tell whether a numbered list is one of shots: most of its items show something."""
    header = text[: marks[0].start].rstrip()
    label = re.split(r"[\n.!?。]", header)[-1].strip(" :：*#").lower()
    if header.endswith((":", "：")) and not any(
        word in label for word in rules("shots")["list_headers"]["words"]
    ):
        return False
    ends = [*(mark.start for mark in marks[1:]), len(text)]
    showing = sum(
        shows(read_dialogue(text[mark.end : end]).rest) for mark, end in zip(marks, ends, strict=True)
    )
    return 2 * showing > len(marks)


def _cut_at(prompt: Source, marks: Sequence[Mark], *, opens: bool) -> Cutting | None:
    """Return the beats between marks; with `opens`, what stands before the first holds for every shot."""
    ends = [*(mark.start for mark in marks[1:]), len(prompt.text)]
    beats = [_beat(prompt, mark, end) for mark, end in zip(marks, ends, strict=True)]
    header = prompt.cut(0, marks[0].start)
    leading = header
    if not opens:
        leading, first = split_leading(header)
        if speaks(leading):
            leading, first = header.cut(0, 0), header
        beats.insert(0, _beat(first, Mark(start=0, end=0), len(first.text)))
    elif speaks(header):
        leading, beats[0] = header.cut(0, 0), replace(beats[0], source=join([header, beats[0].source]))
    beats = _carry_entrances([beat for beat in beats if beat.source.text])
    if not beats:
        return None
    beats[0] = _opening(beats[0])
    shot, trailing = split_trailing(beats[-1].source, [beat.source for beat in beats[:-1]])
    if shot.text and not speaks(trailing):  # what is said has a time, so it is no part of every shot
        beats[-1] = replace(beats[-1], source=shot)
    else:
        trailing = trailing.cut(0, 0)
    return Cutting(beats=tuple(beats), frame=join([leading, trailing]))


def _beat(prompt: Source, mark: Mark, end: int) -> Beat:
    source, timing, entrance = prompt.cut(mark.end, end), mark.timing, mark.entrance
    if mark.start and prompt.text[mark.start - 1] in _OPENING_QUOTES:
        source = source.cut(0, len(source.text.rstrip("\"“”' .,;").rstrip()) + 1)
    heading = next(iter(find_headings(source.text)), None)
    if heading is not None and heading.start == 0:
        source = source.cut(heading.end)
    closing = _CLOSING.search(source.text)
    length = read_timing(closing[1]) if closing else None
    if closing and length and timing == NO_TIMING:
        source, timing = source.cut(0, closing.start()), length
    length, told = strip_entrance(source.text)
    if length:
        source, entrance = source.cut(length), told
    source = unwrap(source)
    if mark.title is not None and _tells(prompt.text[slice(*mark.title)]):
        source = join([prompt.cut(*mark.title), source])
    return Beat(source=source, timing=timing, entrance=entrance)


def _tells(title: str) -> bool:
    """Tell whether a label's title speaks of the picture: "close-up"; "The Reveal" does not."""
    return any(mention.hit.table in _TELLING for mention in mentions_of(read_sentences(title)))


def _carry_entrances(beats: Sequence[Beat]) -> list[Beat]:
    """Give "CUT TO:" or "Dissolve to:" at a shot's end to the one behind it."""
    carried = list(beats)
    for at, beat in enumerate(carried[:-1]):
        text = beat.source.text
        # What is told last is told of what comes behind.
        last = next((m for m in find_cuts(f"{text} …") if not text[m.end :].strip(" .:")), None)
        if last is not None and last.start:
            carried[at] = replace(beat, source=beat.source.cut(0, last.start))
            carried[at + 1] = replace(carried[at + 1], entrance=last.entrance)
    return carried


def _fit(cutting: Cutting, seconds: float) -> Cutting:
    """Return a cutting with no more shots than its film can hold: the shortest neighbours become one."""
    beats = list(cutting.beats)
    most = max(_MOST_SHOTS, int(seconds / _LEAST_LABELLED_S))
    while len(beats) > most:
        at = min(range(len(beats) - 1), key=lambda i: beats[i].weight + beats[i + 1].weight)
        first, second = beats[at : at + 2]
        beats[at : at + 2] = [
            replace(first, source=join([first.source, second.source]), timing=first.timing + second.timing)
        ]
    return replace(cutting, beats=tuple(beats), merged=len(cutting.beats) - len(beats))
