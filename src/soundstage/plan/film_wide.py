# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: what stands around the shots of a prompt and holds for all of them. Knows no time.

Behind the last shot: sections ("Style: …"), a paragraph of its own, and sentences that only tell of look,
light, music or of the whole film. What is spoken always stays with its shot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.cuts import is_film_wide
from soundstage.plan.dialogue import read_dialogue
from soundstage.plan.moments import sentences_of, shows
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.sentences import mentions_of, read_sentences
from soundstage.plan.sources import Source, join
from soundstage.plan.speakers import section_of
from soundstage.plan.subjects import read_subjects

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A text without any of these says nothing aloud.
_MUTE = frozenset(":：\"“”„«»「」『』'‘’＂<-–—")
#: Sentences looked at from the end of the last shot.
_MOST_SENTENCES = 8
_LABEL = lazy_pattern(
    r"(?:^|\n|(?<=[.!?;。！？；] )|(?<=[。！？；]))[ *#\-\[]{0,4}"
    r"(?P<label>[^\W\d_][^\n:：.!?,，]{0,24}?)\**\s?[:：]"
)
#: Sections that tell of a film rather than of what happens in a shot.
_OF_A_FILM = frozenset({"look", "sound", "negative", "parameter"})
#: Tables that tell what happens in a shot; a sentence without any of them speaks of the look of all.
_OF_A_SHOT = frozenset({"moves", "camera_moves", "framings", "angles", "places", "effects", "times", "verbs"})
_OF_ALL = frozenset(
    {"styles", "moods", "lights", "lenses", "music", "colours", "film_words", "seasons", "materials"}
)


def split_trailing(last: Source, others: Sequence[Source]) -> tuple[Source, Source]:
    """Return the last shot's own words and what behind them holds for every shot.

    Args:
        last: the text of the last shot.
        others: the texts of those before; a form that they use too ("Audio: …" in each) is the shot's own.
    """
    shot, paragraph = _cut_paragraph(last, others)
    shot, sections = _cut_sections(shot, others)
    shot, sentences = _cut_sentences(shot)
    return shot, join([sentences, sections, paragraph])


def split_leading(first: Source) -> tuple[Source, Source]:
    """Return what holds for every shot before an unlabelled first ("Anime style."), and that shot's words."""
    blanked = read_dialogue(first.text).rest
    end = 0
    for start, stop in sentences_of(blanked)[:_MOST_SENTENCES]:
        if not _tells_of_all(first.text[start:stop], blanked[start:stop]) or stop >= len(blanked.rstrip()):
            break
        end = stop
    return first.cut(0, end), first.cut(end)


def speaks(source: Source) -> bool:
    """Tell whether somebody says something in a text."""
    text = source.text
    return not _MUTE.isdisjoint(text) and bool(read_dialogue(text).speeches)


def _cut_paragraph(last: Source, others: Sequence[Source]) -> tuple[Source, Source]:
    """Cut what stands apart behind the last shot: in lines of their own where no other shot has two lines."""
    if not others or any("\n\n" in other.text for other in others):
        return last, last.cut(0, 0)
    mark = "\n\n" if any("\n" in other.text for other in others) else "\n"
    first = len(last.text)
    at = last.text.rfind(mark)
    while at > 0 and _stands_apart(last.cut(at, first)):
        first = at
        at = last.text.rfind(mark, 0, at)
    return last.cut(0, first), last.cut(first)


def _stands_apart(piece: Source) -> bool:
    """Tell whether a paragraph behind the last shot is not what happens in it."""
    if speaks(piece):
        return False
    label = _LABEL.match(piece.text)
    sectioned = label is not None and section_of(label["label"].strip("* ")) in _OF_A_FILM
    return sectioned or is_film_wide(piece.text) or not shows(piece.text)


def _cut_sections(last: Source, others: Sequence[Source]) -> tuple[Source, Source]:
    used = {section_of(found["label"]) for other in others for found in _LABEL.finditer(other.text)}
    for found in _LABEL.finditer(last.text):
        section = section_of(found["label"].strip("* "))
        if section in _OF_A_FILM and section not in used and last.text[: found.start()].strip():
            rest = last.cut(found.start())
            if not speaks(rest):
                return last.cut(0, found.start()), rest
    return last, last.cut(0, 0)


def _cut_sentences(last: Source) -> tuple[Source, Source]:
    blanked = read_dialogue(last.text).rest
    first = len(last.text)
    for start, end in reversed(sentences_of(blanked)[-_MOST_SENTENCES:]):
        if start == 0 or not _tells_of_all(last.text[start:end], blanked[start:end]):
            break
        first = start
    return last.cut(0, first), last.cut(first)


def _tells_of_all(text: str, blanked: str) -> bool:
    if not any(char.isalnum() for char in text) or text.strip() != blanked.strip():
        return False  # nothing, or something quoted
    if is_film_wide(blanked):
        return True
    sentences = read_sentences(blanked)
    mentions = list(mentions_of(sentences))
    if any(sentence.section in ("text", "dialogue") for sentence in sentences):
        return False
    tables = {mention.hit.table for mention in mentions if not mention.negated}
    if any(mention.hit.table == "music" for mention in mentions) and not tables & {"verbs"}:
        return True
    if tables & _OF_A_SHOT or any(not d.rank for d in read_subjects(sentences)):
        return False
    return bool(tables & _OF_ALL) or any(mention.negated for mention in mentions)
