"""Stage 1 of 5, part: what comes later in a Chinese clause. Knows tokens, makes no nodes.

Chinese puts everything before its noun: whether "看着女孩的…" tells a deed or describes somebody shows only
behind 的. A describing clause is whole before its 的; what is described is then somebody, or something that a
number has already opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.chinese.numerals import read_number
from soundstage.plan.chinese.terms import ADJECTIVES, SCENES, is_animate, is_owned
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.chinese.segmentation import Token

#: Tokens a describing clause may have.
_LONGEST = 24
_NOMINAL = ("nouns", *ADJECTIVES, *SCENES)
_LATIN = frozenset({Role.NOUN, Role.NAME, Role.UNKNOWN, Role.SCENE, Role.ADJECTIVE})
#: English verbs whose describing clause fits things and places too: "开满鲜花的草地".
_DESCRIBING = frozenset({"feature", "cover", "wear", "surround", "shine", "become", "line", "glow"})


class Clause:
    """Tokens, and where in them one looks."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens

    def get(self, at: int) -> Token | None:
        """Return a token, or None behind the last and at punctuation."""
        token = self.tokens[at] if 0 <= at < len(self.tokens) else None
        return None if token is None or token.breaks else token

    def has(self, at: int, *sections: str) -> bool:
        """Tell whether the token at `at` may be a word of a section."""
        token = self.get(at)
        return token is not None and token.has(*sections)

    def is_of(self, at: int) -> bool:
        """Tell whether the token at `at` is 的."""
        token = self.get(at)
        return token is not None and token.senses.get("particles") == "of"

    def is_adjective(self, at: int) -> bool:
        """Tell whether the token at `at` describes and cannot name or tell."""
        token = self.get(at)
        if token is None or token.has("nouns", "verbs"):
            return False
        return token.has(*ADJECTIVES) or (token.unit is not None and token.unit.role is Role.ADJECTIVE)

    def is_nominal(self, at: int) -> bool:
        """Tell whether the token at `at` may stand in a noun phrase."""
        token = self.get(at)
        if token is None:
            return False
        if token.unit is not None:
            return token.unit.role in _LATIN
        if token.has("verbs") and token.has(*_NOMINAL):
            return not self.is_verb(at)
        return token.named or token.unknown or token.has(*_NOMINAL)

    def is_verb(self, at: int) -> bool:
        """Tell whether the token at `at` is a deed here: a noun by its looks may be one."""
        token = self.get(at)
        if token is None or not token.has("verbs"):
            return False
        if not token.has(*_NOMINAL):
            return True
        before, behind = self.get(at - 1), self.get(at + 1)
        if behind is not None and behind.senses.get("particles") == "aspect":
            return True
        if self.is_of(at - 1) or (before is not None and before.has("measures", "determiners")):
            return False
        acts = before is not None and (is_animate(before) or before.has("manner", "fillers"))
        return acts and self.head_after(at + 1) is not None

    def may_describe(self, at: int) -> bool:
        """Tell whether a describing clause may begin at a token."""
        token = self.get(at)
        if token is None:
            return False
        passive = token.senses.get("particles") == "passive"
        return passive or self.is_verb(at) or token.has("manner", "prepositions", "fillers")

    def number_at(self, at: int) -> tuple[int, int] | None:
        """Return how many tokens a number with its measure word has, and the number."""
        token = self.get(at)
        if token is None:
            return None
        size, number = 0, None
        while token is not None and (token.numeral or token.has("numbers")):
            listed = token.senses.get("numbers")
            value = read_number(token.simple) or (int(listed) if listed and listed.isdigit() else None)
            if value is None:
                return None
            number, size = max(number or 0, value), size + 1
            token = self.get(at + size)
        if number is None:
            return None
        measured = False
        while token is not None and token.has("measures") and size < 6:
            if measured and token.has("nouns") and not self.is_nominal(at + size + 1):
                break  # "一把伞": the last one is the thing
            several = token.senses["measures"] == "several"
            number = max(number, 5) if several else 2 if token.simple in "双对" and number == 1 else number
            size, measured = size + 1, True
            token = self.get(at + size)
        return (size, number) if measured or self.has(at + size, "nouns") else None

    def head_after(self, at: int) -> tuple[int, Token] | None:
        """Return the noun that what stands from `at` on leads to, describing words passed over."""
        for _ in range(6):
            number = self.number_at(at)
            if number is not None:
                at += number[0]
            elif self.has(at, "pronouns") and (self.is_of(at + 1) or self.is_nominal(at + 1)):
                at += 2 if self.is_of(at + 1) else 1
            elif (
                self.is_adjective(at)
                or self.has(at, "fillers")
                or (self.is_of(at) and self.is_adjective(at - 1))
            ):
                at += 1
            else:
                break
        token = self.get(at)
        if token is None or not self.is_nominal(at):
            return None
        return at, token

    def describes_until(self, at: int, *, opened: bool) -> int | None:
        """Return where the 的 stands that ends a describing clause beginning at `at`, or None.

        Args:
            at: a verb, or what may stand before one.
            opened: a number or an article before it waits for its noun.
        """
        verbs: list[int] = []
        found: int | None = None
        for end in range(at, min(at + _LONGEST, len(self.tokens))):
            token = self.get(end)
            if token is None:
                break
            if self.is_of(end) and verbs and self._fits(at, end, verbs, opened=opened):
                head = self.head_after(end + 1)
                if head is not None and is_animate(head[1]):
                    return end
                found = end if found is None else found
            if self.is_verb(end):
                verbs.append(end)
        return found

    def _fits(self, at: int, end: int, verbs: Sequence[int], *, opened: bool) -> bool:
        head = self.head_after(end + 1)
        last = self.tokens[end - 1]
        if head is None or self.is_adjective(end - 1) or last.has("pronouns"):
            return False
        simple = len(verbs) == 1 and all(
            self.has(k, "particles", "directions") and not self.is_of(k) for k in range(verbs[0] + 1, end)
        )
        if simple or opened:
            return True
        if is_owned(head[1]) or head[1].has("film_words"):
            return False
        gloss = self.tokens[verbs[0]].senses["verbs"]
        return is_animate(head[1]) or (gloss in _DESCRIBING and verbs[0] == at)
