"""Stage 1 of 5, part: the clauses of Japanese and Korean in English word order. Knows no wording.

Both end in their verb and say by particles who does what to whom. A clause is read from left to right into
chunks; at each verb they are put as English has them: subject, verb, object, the rest. A verb that stands
right before a noun describes it; words behind a quote that introduce it go before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from soundstage.plan.languages.glossary import english_form
from soundstage.plan.languages.piece import Piece, is_in, moved
from soundstage.plan.tables import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMED = frozenset({"noun", "unknown", "pronoun", "number", "adjective", "determiner", "counter"})
_TIMES = frozenset({"times", "seasons"})
_PLACES = frozenset({"places", "weathers"})
_SPEECH = frozenset({"say", "ask", "answer", "whisper", "shout", "call", "talk"})
_LEADING = frozenset({"at", "by", "from", "in", "on", "outside", "under", "alone", "together"})
_SENTENCE_ENDS = frozenset(".!?")


@dataclass(slots=True)
class _Chunk:
    """A noun phrase with the particle that says what part it plays."""

    pieces: list[Piece]
    part: str = ""  #: subject, object, preposition, genitive; empty where no particle follows
    governor: Piece | None = None
    behind: list[Piece] = field(default_factory=list[Piece])  #: what describes it: "wearing a red coat"

    def english(self) -> list[Piece]:
        """Return it as English has it, its preposition first."""
        head = [self.governor] if self.governor is not None else []
        return [*head, *self.pieces, *self.behind]


def reorder(pieces: Sequence[Piece], _language: str) -> list[Piece]:
    """Return the pieces of a text, sentence by sentence, in English order."""
    made: list[Piece] = []
    sentence: list[Piece] = []
    for at, piece in enumerate(pieces):
        ends = piece.kind == "newline" or (piece.kind == "mark" and piece.text in _SENTENCE_ENDS)
        if not ends:
            sentence.append(piece)
            continue
        following = pieces[at + 1] if at + 1 < len(pieces) else None
        if following is not None and following.kind == "quote" and _introduces(sentence):
            made += [*_sentence(sentence), replace(piece, text=":", kind="mark")]
        else:
            made += [*_sentence(sentence), piece]
        sentence = []
    return [*made, *_sentence(sentence)]


def _introduces(sentence: Sequence[Piece]) -> bool:
    return bool(sentence) and sentence[-1].kind == "verb" and sentence[-1].base in _SPEECH


def _sentence(pieces: list[Piece]) -> list[Piece]:
    """Return a sentence; what follows a quote with its particle goes before the quote."""
    made: list[Piece] = []
    clause: list[Piece] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.kind != "quote":
            clause.append(piece)
            at += 1
            continue
        end = at + 1
        if end < len(pieces) and _quotes(pieces[end]):
            stop = next((i for i in range(end, len(pieces)) if _ends_telling(pieces, i)), len(pieces))
            telling = pieces[end + 1 : stop]
            colon = Piece(text=":", kind="mark", start=piece.start, end=piece.start)
            made += [*_clause([*clause, *telling]), colon, piece]
            end = stop
        else:
            made += [*_clause(clause), piece]
        clause, at = [], end
    return [*made, *_clause(clause)]


def _quotes(piece: Piece) -> bool:
    return piece.kind == "quoting" or (piece.kind in ("conjunction", "subject") and piece.text == "and")


def _ends_telling(pieces: Sequence[Piece], at: int) -> bool:
    """Tell whether the words that introduce a quote end before this piece."""
    told = any(p.kind == "verb" and p.base in _SPEECH for p in pieces[:at] if p.start > pieces[at].start - 40)
    return pieces[at].kind == "quote" or (pieces[at].kind == "mark" and told)


def _clause(pieces: Sequence[Piece]) -> list[Piece]:
    return _Clause(pieces).run()


class _Clause:
    """One pass over a stretch without a quote."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.chunks: list[_Chunk] = []
        self.made: list[Piece] = []
        self.acted = False  #: a verb was put down whose subject may go on

    def run(self) -> list[Piece]:
        """Return the pieces in English order."""
        for at, piece in enumerate(self.pieces):
            following = self.pieces[at + 1] if at + 1 < len(self.pieces) else None
            if piece.kind in ("verb", "ending"):
                self._verb(piece, following)
            elif piece.kind == "mark":
                self._pause(piece)
            elif piece.kind == "participle":
                self._verb(replace(piece, form="ing"), following)
            elif piece.kind in ("subject", "object", "genitive", "preposition"):
                self._particle(piece)
            elif piece.kind == "conjunction":
                self._join(piece)
            elif piece.kind in _NAMED:
                self._name(piece)
            elif piece.kind not in ("quoting", "skip"):
                self._other(piece)
        self._put_down([])
        return self.made

    def _name(self, piece: Piece) -> None:
        last = self.chunks[-1] if self.chunks else None
        if piece.kind == "counter" and last is not None and not last.part:
            last.pieces.insert(0, replace(piece, kind="number"))
        elif last is not None and last.part == "described" and not last.pieces:
            last.pieces.append(piece)
            last.part = ""
        elif last is not None and not last.part and not (last.behind and piece.kind != "noun"):
            last.pieces.append(piece)
        elif last is not None and last.part == "genitive":
            self._belong(last, piece)
        else:
            self.chunks.append(_Chunk([piece]))

    def _belong(self, owner: _Chunk, piece: Piece) -> None:
        """Put "駅のホーム" as "platform of station"; a time or a place it stands in goes behind as such."""
        if piece.kind in ("adjective", "determiner", "number"):
            self.chunks.append(_Chunk([piece]))
            owner.part = "possessor"
            return
        link = "of"
        if is_in(owner.pieces[-1].base, _TIMES):
            link = "at"
        elif is_in(owner.pieces[-1].base, _PLACES):
            link = "in"
        at = owner.pieces[0].start
        behind = [Piece(text=link, kind="preposition", start=at, end=at), *owner.pieces, *owner.behind]
        self.chunks[-1] = _Chunk([piece], behind=behind)

    def _particle(self, piece: Piece) -> None:
        last = self.chunks[-1] if self.chunks else None
        if last is None or (last.part and last.part != "possessor"):
            if piece.kind == "preposition" and last is not None and last.part == "genitive":
                last.part, last.governor = "preposition", piece
            return
        last.part = piece.kind
        if piece.kind == "preposition":
            last.governor = piece

    def _join(self, piece: Piece) -> None:
        last = self.chunks[-1] if self.chunks else None
        if last is not None and not last.part:
            last.pieces.append(piece)
        elif last is None:
            self._other(piece)

    def _verb(self, verb: Piece, following: Piece | None) -> None:
        before_noun = following is not None and following.kind in _NAMED
        known = verb.kind in ("verb", "participle")
        if before_noun and (verb.form in ("s", "that", "ing") or not known):
            self._describe(verb)
        elif known:
            self._put_down([replace(verb, text=english_form(verb.base, "s"))])
        elif verb.form == "s" and self.chunks:
            # Nobody knows this verb, but it is one: who does it and to what must not run together.
            has = any(chunk.part == "object" for chunk in self.chunks)
            self._put_down([replace(verb, text="has" if has else "is", kind="verb")])

    def _describe(self, verb: Piece) -> None:
        """Keep a verb and what it governs for the noun behind it: "赤いコートを着た女性"."""
        own: list[_Chunk] = []
        while self.chunks and self.chunks[-1].part in ("object", "preposition"):
            own.insert(0, self.chunks.pop())
        subject = self.chunks[-1] if self.chunks else None
        deed = [moved(verb, _going_on(verb))] if verb.kind != "ending" else []
        if verb.kind == "ending" and own:
            at = own[0].pieces[0].start
            deed = [Piece(text="with", kind="preposition", start=at, end=at)]
        own.sort(key=lambda chunk: chunk.part != "object")
        behind = [*deed, *(piece for chunk in own for piece in chunk.english())]
        if subject is not None and _falls_in_it(subject):
            self.chunks.pop()
            behind = [*subject.pieces, *behind]
        self.chunks.append(_Chunk([], part="described", behind=behind))

    def _pause(self, mark: Piece) -> None:
        if self.chunks and not self.chunks[-1].part and self.chunks[-1].pieces:
            self._put_down([])
        if self.chunks:
            return  # a comma behind a particle parts nothing
        self.made.append(mark)

    def _other(self, piece: Piece) -> None:
        """Put a fixed wording down where it stands: manner, camera words, styles."""
        how = piece.text.endswith("ly") or piece.text.partition(" ")[0] in _LEADING
        if any(chunk.part for chunk in self.chunks) and piece.kind == "phrase" and how:
            self.chunks.append(_Chunk([piece], part="manner"))
            return
        self._put_down([])
        self.made.append(piece)

    def _put_down(self, verb: list[Piece]) -> None:
        """Write the chunks at hand as English has them, around a verb or without one."""
        subject = next((i for i, chunk in enumerate(self.chunks) if chunk.part == "subject"), None)
        before = self.chunks[:subject] if subject is not None else []
        rest = self.chunks if subject is None else self.chunks[subject + 1 :]
        objects = [c for c in [*before, *rest] if c.part == "object"]
        others = [c for c in rest if c.part != "object"]
        for chunk in before:
            if chunk.part != "object":
                self._write(chunk.english(), comma=True)
        if subject is not None:
            self._write(self.chunks[subject].english())
        free = [c for c in others if not c.part and c.pieces]
        if verb and subject is None and free:
            self._write(free[0].english())  # colloquially, the one who acts has no particle
            others.remove(free[0])
        elif verb and subject is None and self.acted:
            at = verb[0].start
            self.made.append(Piece(text="and", kind="conjunction", start=at, end=at))
        self.made += verb
        for chunk in others:
            _settle(chunk, verb[0].base if verb else "")
        for chunk in [*objects, *others]:
            self._write(chunk.english(), comma=not verb and chunk is not (objects + others)[-1])
        self.acted = bool(verb) or (self.acted and not self.chunks)
        self.chunks = []

    def _write(self, pieces: Sequence[Piece], *, comma: bool = False) -> None:
        self.made += pieces
        if comma and pieces:
            self.made.append(Piece(text=",", kind="mark", start=pieces[-1].end, end=pieces[-1].end))


def _settle(chunk: _Chunk, deed: str) -> None:
    """Make "at" of に what the verb makes it: "to" where it goes, "on" where it rests."""
    table = rules("languages")
    if chunk.governor is not None and chunk.governor.text == "at":
        if deed in table["resting"]["verbs"]:
            chunk.governor = moved(chunk.governor, "on")
        elif deed in table["moving"]["verbs"]:
            chunk.governor = moved(chunk.governor, "to")


def _falls_in_it(subject: _Chunk) -> bool:
    """Tell whether who does it is named inside the description: "雪の降る夜", "비가 내리는 거리"."""
    weather = subject.part == "subject" and is_in(subject.pieces[-1].base, _PLACES)
    return subject.part == "genitive" or weather


def _going_on(verb: Piece) -> str:
    return english_form(verb.base, "ing") if verb.kind == "verb" else verb.text
