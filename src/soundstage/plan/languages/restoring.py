"""Stage 1 of 5, part: a screenplay read from a gloss, given back the prompt's own words. Knows no grammar.

Names, nouns, verbs, settings and texts are the prompt's; kinds, actions, attributes and all other words that
engines go by stay English.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.plan.languages.glossary import JOINED
from soundstage.plan.languages.telling import tell_language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from soundstage.film import CastMember, Effect, Music, Screenplay, Shot, Span, Subject
    from soundstage.plan.languages.glossing import Glossed
    from soundstage.plan.languages.piece import Piece

_TITLE_LENGTH = 60
_NARRATOR = "narrator"


def restore(screenplay: Screenplay, glossed: Sequence[Glossed]) -> Screenplay:
    """Return a screenplay with the prompt's own words for what was read from a gloss."""
    if not any(prompt.pieces for prompt in glossed):
        return screenplay
    own = _Own(screenplay.prompts, glossed)
    cast = _cast(screenplay.cast, own)
    names = {was.name: now.name for was, now in zip(screenplay.cast, cast, strict=True)}
    return replace(
        screenplay,
        title=_title(screenplay),
        cast=cast,
        look=tuple(dict.fromkeys(own.wording(words) or words for words in screenplay.look)),
        shots=tuple(_shot(shot, own, names) for shot in screenplay.shots),
    )


class _Own:
    """The prompt's own words for English ones, by the pieces they were glossed from."""

    def __init__(self, prompts: Sequence[str], glossed: Sequence[Glossed]) -> None:
        self.prompts = prompts
        self.glossed = glossed
        self._english = [[_words(piece.text) for piece in prompt.pieces] for prompt in glossed]

    def said(self, spans: Sequence[Span]) -> str:
        """Return the prompt's words from the first span to the end of the last."""
        if not spans:
            return ""
        prompt = spans[0].prompt
        mine = [span for span in spans if span.prompt == prompt]
        text = self.prompts[prompt][min(s.start for s in mine) : max(s.end for s in mine)]
        return " ".join(text.split())

    def wording(self, english: str, spans: Sequence[Span] = ()) -> str:
        """Return the prompt's words for English ones read from `spans`, or from anywhere; "" when none."""
        wanted = _words(english)
        if not wanted:
            return ""
        for at, prompt in enumerate(self.glossed):
            near = [span for span in spans if span.prompt == at]
            if spans and not near:
                continue
            found = _run(wanted, prompt.pieces, self._english[at], near)
            if found:
                return self._slice(found, at)
        return ""

    def language(self, text: str, told: str) -> str:
        """Return the language of a line: what may be English or the prompt's is the prompt's."""
        if tell_language(text) != told:
            return told  # somebody named it
        return tell_language(text, self.glossed[0].language)

    def verb(self, english: str, spans: Sequence[Span]) -> str:
        """Return the base form of the verb that stands for an English one, the nearest behind `spans`."""
        start = min((span.start for span in spans), default=0)
        deeds = [
            piece for prompt in self.glossed for piece in prompt.pieces
            if piece.kind in ("verb", "participle") and english in (piece.base, piece.base.partition(" ")[0])
        ]  # fmt: skip
        return min(deeds, key=lambda piece: abs(piece.start - start)).lemma if deeds else english

    def _slice(self, pieces: Sequence[Piece], prompt: int) -> str:
        text, language = self.prompts[prompt], self.glossed[prompt].language
        first, last = min(p.start for p in pieces), max(p.end for p in pieces)
        if last - first <= sum(p.end - p.start for p in pieces) + len(pieces):
            return " ".join(text[first:last].split())
        ordered = sorted(pieces, key=lambda piece: piece.start)
        return ("" if language in JOINED[:1] else " ").join(text[p.start : p.end] for p in ordered)


def _words(english: str) -> list[str]:
    return english.lower().replace("-", " ").split()


def _run(
    wanted: Sequence[str], pieces: Sequence[Piece], told: Sequence[Sequence[str]], near: Sequence[Span]
) -> list[Piece]:
    """Return the pieces whose English, `told`, together is `wanted`, in the spans if any are given."""
    for at, piece in enumerate(pieces):
        if not told[at] or told[at][0] != wanted[0]:
            continue
        if near and not any(piece.start < span.end and span.start < piece.end for span in near):
            continue
        found: list[Piece] = []
        words = list(wanted)
        for candidate, english in zip(pieces[at:], told[at:], strict=True):
            if not english or words[: len(english)] != english:
                break
            found.append(candidate)
            words = words[len(english) :]
            if not words:
                return found
    return []


def _cast(members: Sequence[CastMember], own: _Own) -> tuple[CastMember, ...]:
    taken: set[str] = set()
    made: list[CastMember] = []
    for member in members:
        name = member.name
        if name != _NARRATOR:
            name = own.wording(name, member.spans) or own.wording(name) or _numbered(name, own) or name
        if name in taken:
            name = member.name
        taken.add(name)
        made.append(replace(member, name=name))
    return tuple(made)


def _numbered(name: str, own: _Own) -> str:
    """Return "woman 2" as "mujer 2"."""
    bare, _, number = name.rpartition(" ")
    found = own.wording(bare) if number.isdigit() else ""
    return f"{found} {number}" if found else ""


def _shot(shot: Shot, own: _Own, names: dict[str, str]) -> Shot:
    setting = own.said(shot.sources.get("setting", ())) or own.wording(shot.setting) or shot.setting
    return replace(
        shot,
        text=own.said(shot.spans) or shot.text,
        setting=setting,
        subjects=tuple(_subject(subject, own, names) for subject in shot.subjects),
        dialogue=tuple(
            replace(
                line,
                speaker=names.get(line.speaker, line.speaker),
                language=own.language(line.text, line.language),
            )
            for line in shot.dialogue
        ),
        effects=tuple(_effect(effect, own) for effect in shot.effects),
        music=_music(shot.music, own),
    )


def _subject(subject: Subject, own: _Own, names: dict[str, str]) -> Subject:
    spans = subject.spans
    known = names.get(subject.noun, "")  # a speaker nobody describes is named as in the cast
    rename: Callable[[str], str] = lambda english: own.wording(english, spans) or own.wording(english)  # noqa: E731
    return replace(
        subject,
        noun=rename(subject.noun) or known or subject.noun,
        verb=own.verb(subject.verb, spans) if subject.verb else subject.verb,
        then=tuple(replace(deed, verb=own.verb(deed.verb, deed.spans or spans)) for deed in subject.then),
        relations=tuple(
            relation if relation.target.startswith("shot-")
            else replace(relation, target=own.wording(relation.target) or relation.target)
            for relation in subject.relations
        ),
        member=names.get(subject.member, subject.member) if subject.member else subject.member,
    )  # fmt: skip


def _effect(effect: Effect, own: _Own) -> Effect:
    return replace(effect, said=own.said(effect.spans) or effect.said)


def _music(music: Music | None, own: _Own) -> Music | None:
    return replace(music, said=own.said(music.spans) or music.said) if music else None


def _title(screenplay: Screenplay) -> str:
    """Return the prompt's first words: the gloss is no title anybody would give."""
    words = screenplay.prompts[0].strip().splitlines()[0] if screenplay.prompts[0].strip() else ""
    for mark in "\u3002.!?\uff1f\uff01:\uff1a\n":
        words = words.partition(mark)[0]
    if len(words) > _TITLE_LENGTH:
        words = words[:_TITLE_LENGTH].rsplit(" ", 1)[0]
    words = words.strip(' ,\u3001"\u201c\u300c\u00ab')
    return words[:1].upper() + words[1:] if words else screenplay.title
