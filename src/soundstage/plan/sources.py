"""Stage 1 of 5, part: text to be read that knows where in the prompts it stood. Knows no word's meaning.

What readers see is tidied, cut and joined; what they find, they keep as offsets into what they read: an
`Extent`, or the `spans` of a noun. Only `Source` turns those into spans of the prompt as it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from soundstage.film import Span
from soundstage.plan.words import tidy, tidy_with_offsets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Characters from the first to behind the second, of the text that is read.
Extent = tuple[int, int]
Noun = TypeVar("Noun")

#: The offset of a character no prompt has: what joins two pieces.
_JOINT = -1


@dataclass(frozen=True, slots=True)
class Source:
    """Text with the offset each of its characters has in a prompt; blanking and lower case keep them true."""

    text: str
    offsets: tuple[int, ...]  #: of each character; `_JOINT` for one that the prompt has not
    prompt: int = 0  #: which of the screenplay's prompts

    @classmethod
    def of(cls, prompt: str, index: int = 0) -> Source:
        """Return a prompt as sent, tidied for reading."""
        text, offsets = tidy_with_offsets(prompt)
        return cls(text, offsets, index)

    def cut(self, start: int, end: int | None = None) -> Source:
        """Return the characters `start` to `end`, without blanks around them."""
        text = self.text[start:end]
        bare = text.strip()
        first = start + (text.index(bare) if bare else 0)
        return Source(bare, self.offsets[first : first + len(bare)], self.prompt)

    def blanked(self, extents: Iterable[Extent]) -> Source:
        """Return it with some stretches turned to blanks, which stand nowhere; all else stays where it is."""
        chars, offsets = list(self.text), list(self.offsets)
        for start, end in extents:
            chars[start:end] = [" "] * (end - start)
            offsets[start:end] = [_JOINT] * (end - start)
        return replace(self, text="".join(chars), offsets=tuple(offsets))

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Return where characters `start` to `end` stand in the prompt, one span for each piece of it."""
        spans: list[Span] = []
        first = last = _JOINT
        for offset in self.offsets[max(0, start) : max(0, end)]:
            if first != _JOINT and (offset == _JOINT or offset < last):
                spans.append(Span(start=first, end=last + 1, prompt=self.prompt))
                first = _JOINT
            if offset != _JOINT:
                first, last = (offset if first == _JOINT else first), offset
        if first != _JOINT:
            spans.append(Span(start=first, end=last + 1, prompt=self.prompt))
        return tuple(spans)

    def span(self, start: int, end: int) -> Span:
        """Return where characters `start` to `end` stand in the prompt: first to last."""
        spans = self.spans(start, end) or (Span(start=0, end=0, prompt=self.prompt),)
        return Span(start=min(s.start for s in spans), end=max(s.end for s in spans), prompt=self.prompt)

    def all_spans(self, extents: Iterable[Extent]) -> tuple[Span, ...]:
        """Return where several stretches stand in the prompt, each span once, in order."""
        spans = {span for start, end in extents for span in self.spans(start, end)}
        return tuple(sorted(spans, key=lambda span: (span.start, span.end)))

    def lift(self, noun: Noun) -> Noun:
        """Return a noun whose `spans`, and those of the nouns in it, point into the prompt.

        They were offsets into this text before, as a reader knows them.
        """
        changes: dict[str, Any] = {}
        for field in fields(noun):  # pyright: ignore[reportArgumentType] - a dataclass, asserted by `fields`
            value = getattr(noun, field.name)
            if field.name == "spans":
                changes["spans"] = self.all_spans((span.start, span.end) for span in value)
            elif isinstance(value, tuple) and value and is_dataclass(value[0]):
                changes[field.name] = tuple(self.lift(part) for part in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - same
        return replace(noun, **changes) if changes else noun  # pyright: ignore[reportArgumentType] - same

    def lift_fields(self, said: Mapping[str, Sequence[Extent]]) -> dict[str, tuple[Span, ...]]:
        """Return `Shot.sources` of what a reader says it read fields from."""
        return {name: spans for name, extents in said.items() if (spans := self.all_spans(extents))}


def keep_spans(noun: Noun, prompts: Sequence[str]) -> Noun:
    """Return a noun without the spans that point nowhere, as those of an edited screenplay may."""

    def kept(spans: Sequence[Span]) -> tuple[Span, ...]:
        return tuple(
            s
            for s in spans
            if 0 <= s.prompt < len(prompts) and 0 <= s.start < s.end <= len(prompts[s.prompt])
        )

    changes: dict[str, Any] = {}
    for field in fields(noun):  # pyright: ignore[reportArgumentType] - a dataclass, asserted by `fields`
        value = getattr(noun, field.name)
        if field.name == "spans":
            changes["spans"] = kept(value)
        elif field.name == "sources":
            changes["sources"] = {name: spans for name, found in value.items() if (spans := kept(found))}
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            changes[field.name] = tuple(keep_spans(part, prompts) for part in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - same
        elif is_dataclass(value) and not isinstance(value, type):
            changes[field.name] = keep_spans(value, prompts)
    return replace(noun, **changes) if changes else noun  # pyright: ignore[reportArgumentType] - same


def said_at(prompts: Sequence[str], spans: Iterable[Span]) -> str:
    """Return the words of the prompts that spans point at, tidied, a line for each span."""
    return "\n".join(tidy(prompts[span.prompt][span.start : span.end]) for span in spans)


def join(sources: Iterable[Source], between: str = "\n") -> Source:
    """Return pieces of one prompt as one text; nothing reaches over a joint."""
    texts: list[str] = []
    offsets: list[int] = []
    prompt = 0
    for source in sources:
        if not source.text:
            continue
        if offsets:
            # Pieces with one blank between them were one: the blank is the prompt's own, and no joint.
            whole = len(between) == 1 and offsets[-1] != _JOINT and source.offsets[0] == offsets[-1] + 2
            texts.append(between)
            offsets += [offsets[-1] + 1] if whole else [_JOINT] * len(between)
        texts.append(source.text)
        offsets += source.offsets
        prompt = max(prompt, source.prompt)
    return Source("".join(texts), tuple(offsets), prompt)
