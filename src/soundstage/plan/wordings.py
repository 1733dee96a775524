"""Stage 1 of 5, part: wordings in all their forms, made when a prompt has their first word. Knows no file.

A prompt has some hundred words of the thirty thousand forms the tables make; all of them at once would take
longer than reading the prompt. What is asked twice is made once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from soundstage.plan.words import is_han, split_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from soundstage.plan.lexicon import Entry, Hit
    from soundstage.plan.words import Word

Key = tuple[str, ...]


def key_of(wording: str) -> Key:
    """Return a wording as the lexicon holds it: its words in lower case."""
    # Nearly all are plain words or Chinese characters; the rule for all takes ten times as long.
    if all("\u4e00" <= char <= "\u9fff" for char in wording):
        return tuple(wording)
    if wording.replace(" ", "").isalpha() and not is_han(wording):
        return tuple(wording.lower().split())
    return tuple(word.lower for word in split_words(wording))


def first_word(wording: str) -> str:
    """Return the first word of `key_of` without the others."""
    first = wording.partition(" ")[0]
    return first.lower() if first.isascii() and first.isalpha() else key_of(wording)[0]


class Wordings(Mapping[Key, tuple["Hit", ...]]):
    """What wordings mean: a mapping that makes its items by their first word."""

    __slots__ = ("_forms", "_made", "_reach", "_sizes", "_written")

    def __init__(self, forms: Callable[[Entry, str], Iterator[tuple[str, Hit]]]) -> None:
        self._forms = forms
        self._written: dict[str, list[tuple[Entry, str]]] = {}  #: by the first word of any of their forms
        self._made: dict[Key, tuple[Hit, ...]] = {}
        self._reach: dict[str, int] = {}  #: words in the longest wording by its first, where they are made
        #: By the first two words, how many the wordings have that start so, the longest first.
        self._sizes: dict[tuple[str, str], tuple[int, ...]] = {}

    def add(self, entry: Entry, wordings: Sequence[str]) -> None:
        """Hold wordings by their first words; only while tables load."""
        for wording in wordings:
            first = wording.partition(" ")[0]
            if not first.isascii() or not first.isalpha() or not first.islower():
                first = first_word(wording)
            self.add_by(first, entry, wording)

    def add_by(self, first: str, entry: Entry, wording: str) -> None:
        """Hold a wording by a first word that one of its forms has, in lower case."""
        if first in self._written:
            self._written[first].append((entry, wording))
        else:
            self._written[first] = [(entry, wording)]

    def reach(self, first: str) -> int:
        """Return how many words the longest wording has that starts with this one; 0 when none does."""
        if first not in self._written:
            return 0
        known = self._reach.get(first)
        return self._make(first) if known is None else known

    def _make(self, first: str) -> int:
        made: dict[Key, tuple[Hit, ...]] = {}
        for entry, wording in self._written[first]:
            for form, hit in self._forms(entry, wording):
                key = key_of(form)
                if key[0] == first and not any(other.entry is hit.entry for other in made.get(key, ())):
                    made[key] = (*made.get(key, ()), hit)
        # What is plainly meant comes before what is only implied.
        for key, hits in made.items():
            made[key] = tuple(sorted(hits, key=lambda hit: hit.form == "implied"))
        sizes: dict[tuple[str, str], set[int]] = {}
        for key in made:
            if len(key) > 1:
                sizes.setdefault(key[:2], set()).add(len(key))
        self._sizes.update((start, tuple(sorted(known, reverse=True))) for start, known in sizes.items())
        self._made.update(made)
        reach = max(map(len, made), default=0)
        self._reach[first] = reach  # last: whoever reads along finds either nothing or all of it
        return reach

    def longest(self, words: Sequence[Word], at: int) -> tuple[int, tuple[Hit, ...]]:
        """Return how many words from `at` on make the longest wording, and what it means."""
        first = words[at].lower
        if first not in self._written:
            return 0, ()
        if first not in self._reach:
            self._make(first)
        if at + 1 < len(words):
            for size in self._sizes.get((first, words[at + 1].lower), ()):
                hits = self._made.get(tuple([word.lower for word in words[at : at + size]]))
                if hits:
                    return size, hits
        hits = self._made.get((first,), ())
        return (1, hits) if hits else (0, ())

    def __getitem__(self, key: Key) -> tuple[Hit, ...]:
        """Return what a wording means.

        Raises:
            KeyError: it means nothing.
        """
        if key and self.reach(key[0]) >= len(key):
            return self._made[key]
        raise KeyError(key)

    def get(self, key: Key, default: Sequence[Hit] = ()) -> tuple[Hit, ...]:  # pyright: ignore[reportIncompatibleMethodOverride] - the default is always a tuple
        """Return what a wording means, else the default."""
        if key and self.reach(key[0]) >= len(key):
            return self._made.get(key, tuple(default))
        return tuple(default)

    def starting(self, wanted: Callable[[str], bool]) -> Iterator[tuple[Key, tuple[Hit, ...]]]:
        """Yield the wordings whose first word is wanted, and what they mean."""
        firsts = {first for first in self._written if wanted(first)}
        for first in sorted(firsts):
            self.reach(first)
        yield from ((key, hits) for key, hits in self._made.items() if key[0] in firsts)

    def __iter__(self) -> Iterator[Key]:
        """Yield every wording in every form; makes them all."""
        for first in self._written:
            self.reach(first)
        return iter(self._made)

    def __len__(self) -> int:
        """Return how many wordings there are; makes them all."""
        return sum(1 for _ in self)
