"""Stage 1 of 5, part: an unlabelled prompt cut by its own beats: a sentence that shows something is one.

Knows no label. What only tells how it looks or sounds holds for the shot before, or for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.cuts import is_continuous, is_film_wide
from soundstage.plan.phrases import Deed, Mark, NounPhrase
from soundstage.plan.quotes import find_quotes
from soundstage.plan.sentences import mentions_of, read_sentences
from soundstage.plan.sources import Source, join
from soundstage.plan.subjects import read_subjects
from soundstage.plan.tables import rules
from soundstage.plan.units import Role
from soundstage.plan.words import split_sentences, split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.phrases import Node
    from soundstage.plan.sentences import Sentence
    from soundstage.plan.sources import Extent

#: Seconds a shot the planner cuts itself must last to be read.
LEAST_MOMENT_S = 1.5
#: Shots the planner makes of one prompt by itself.
MOST_MOMENTS = 6
#: Sentences weighed one by one; what is behind them stays with the last shot.
_MOST_SENTENCES = 40
#: A sentence that shows nothing but says one of these goes with the shot before: its camera, its sounds.
_OF_A_SHOT = frozenset({"moves", "framings", "camera_moves", "effects", "ambience", "weathers"})
#: What only drifts through a picture is no moment of its own: "Particles float through the air."
_BACKDROPS = frozenset({"phenomenon"})
_STOPS = frozenset(".!?…。！？")  # noqa: RUF001 - as typed
#: Characters behind a quote that tell whether somebody says it.
_REACH = 80
_PRONOUNS = frozenset({"she", "he", "they", "it"})


def cut_by_moments(prompt: Source, blanked: str, seconds: float) -> tuple[list[Source], Source | None]:
    """Return the texts of 1 to 6 shots and what holds for all of them; quotes are blanked in `blanked`."""
    if is_continuous(blanked):
        return [prompt], None
    blanked = _stopped(prompt.text, blanked)
    moments: list[list[Source]] = []
    frame: list[Source] = []
    end = 0
    for start, end in _whole(sentences_of(blanked)[:_MOST_SENTENCES], blanked):
        piece = blanked[start:end]
        spoken = prompt.text[start:end] != piece  # what is said has a time, so it is no part of every shot
        wide = is_film_wide(piece) and not spoken
        if not wide and (shows(piece) or (spoken and not moments)):
            moments.append([prompt.cut(start, end)])
        elif moments and (spoken or _belongs_to_last(piece)) and not wide:
            moments[-1].append(prompt.cut(start, end))
        else:
            frame.append(prompt.cut(start, end))
    if moments:
        moments[-1].append(prompt.cut(end))
    sources = [join(pieces, " ") for pieces in moments]
    most = max(1, min(MOST_MOMENTS, int(seconds / LEAST_MOMENT_S + 1e-9)))
    sources = merge(sources, most)
    return (sources, join(frame, " ")) if len(sources) > 1 else ([prompt], None)


def _stopped(text: str, blanked: str) -> str:
    """Return a blanked text with a full stop for each quote that ends its sentence.

    `She says, "Wait." The boy runs.` are two sentences, `"Wait." Anna says.` is one.
    """
    chars = list(blanked)
    for quote in find_quotes(text):
        if quote.text[-1:] not in _STOPS or not text[quote.end : quote.end + 3].strip():
            continue
        behind = text[quote.end : quote.end + _REACH]
        attributed = [
            node
            for sentence in read_sentences(behind)[:1]
            for node in sentence.nodes[:4]
            if isinstance(node, Deed) and node.speech
        ]
        if not behind.lstrip()[:1].islower() and not attributed:
            chars[quote.end - 1] = "."
    return "".join(chars)


def _whole(extents: Sequence[Extent], text: str) -> list[Extent]:
    """Return sentences with what semicolons part as one: it is one moment."""
    whole: list[Extent] = []
    for start, end in extents:
        if whole and text[: whole[-1][1]].rstrip().endswith((";", "；")):  # noqa: RUF001 - as typed
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole


def merge(sources: Sequence[Source], most: int) -> list[Source]:
    """Return texts with the shortest neighbours joined until there are no more than `most`."""
    merged = list(sources)
    while len(merged) > most:
        at = min(range(len(merged) - 1), key=lambda i: len(merged[i].text) + len(merged[i + 1].text))
        merged[at : at + 2] = [join(merged[at : at + 2], " ")]
    return merged


def sentences_of(text: str) -> list[Extent]:
    """Return where each sentence starts and ends; together they hold the whole text but its blank end."""
    extents: list[Extent] = []
    end = 0
    for words in split_sentences(split_words(text)):
        start, end = end, words[-1].end
        extents.append((start, end))
    return extents


def shows(text: str) -> bool:
    """Tell whether a sentence shows something new: somebody acts, something stands free, or another place."""
    sentences = read_sentences(text)
    if not any(sentence.seen for sentence in sentences):
        return False
    if _opens_with_framing(sentences) or _opens_elsewhere(text):
        return True
    drafts = [d for d in read_subjects(sentences) if (d.action or not d.rank) and d.family not in _BACKDROPS]
    if drafts and not _only_camera(sentences):
        return True
    placed = any(
        m.hit.table == "places" and m.hit.form != "implied" and m.governor == "" and not m.describes
        for m in mentions_of(sentences)
    )
    return placed or any(_pronoun_acts(sentence.nodes) for sentence in sentences)


def _opens_with_framing(sentences: Sequence[Sentence]) -> bool:
    """Tell whether a sentence is a framing of something: "Close-up of her eyes as they fill with tears."."""
    mentions = list(mentions_of(sentences))
    if not mentions or mentions[0].hit.table != "framings":
        return False
    nodes = sentences[0].nodes[:4]
    return any(
        isinstance(n, NounPhrase) and n.governor is not None and n.governor.role is Role.OF for n in nodes
    )


def _opens_elsewhere(text: str) -> bool:
    """Tell whether a sentence opens with another place or time: "Outside, a storm rises", "Meanwhile, …"."""
    words = text.lower().lstrip()
    openers = rules("shots")["elsewhere"]["words"]
    return any(words.startswith(word) and not words[len(word) : len(word) + 1].isalnum() for word in openers)


def _only_camera(sentences: Sequence[Sentence]) -> bool:
    """Tell whether all that acts is the camera: "The camera slowly circles the statue."."""
    nodes = [node for sentence in sentences for node in sentence.nodes]
    first = next((n for n in nodes if isinstance(n, NounPhrase | Deed) or n.unit.role is Role.CARRIER), None)
    return isinstance(first, Mark)


def _pronoun_acts(nodes: Sequence[Node]) -> bool:
    for at, node in enumerate(nodes[:-1]):
        pronoun = isinstance(node, Mark) and node.unit.role is Role.PRONOUN and node.governor is None
        if pronoun and any(isinstance(later, Deed) and not later.state for later in nodes[at + 1 : at + 4]):
            return True
    return False


def _belongs_to_last(text: str) -> bool:
    sentences = read_sentences(text)
    phrases = [n for s in sentences for n in s.nodes if isinstance(n, NounPhrase) and n.noun is not None]
    mentions = list(mentions_of(sentences))
    moves = any(m.hit.table in _OF_A_SHOT for m in mentions)
    backdrop = any(d.action and d.family in _BACKDROPS for d in read_subjects(sentences))
    return moves or backdrop or (not phrases and any(m.hit.name in _PRONOUNS for m in mentions))
