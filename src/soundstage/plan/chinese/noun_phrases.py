"""Stage 1 of 5, part: Chinese noun phrases as English ones. Knows no deed but those inside a phrase.

What Chinese says before a noun with 的 stands behind it in English: "公园的长椅" is a bench in a park,
"穿红裙的女孩" a girl wearing a red dress. Words before the noun without more stay there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.plan.chinese import terms
from soundstage.plan.phrases import Deed, NounPhrase, head_of
from soundstage.plan.units import Role, Unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from soundstage.plan.chinese.lookahead import Clause
    from soundstage.plan.chinese.segmentation import Token
    from soundstage.plan.phrases import Node

#: Units of a noun phrase; a longer one is a list without commas.
_LONGEST_PHRASE = 16
#: Words before a noun that say when, in what light or look: they stay in its phrase.
_STAYS = ("times", "weathers", "seasons", "lights", "styles", "framings", "angles", "film_words", "ambience")
_INTO = frozenset({"in", "into", "from", "to", "by", "through", "along", "toward"})
_WEAK = frozenset({"in", "on", "at", ""})


class PhraseReader:
    """One noun phrase, read from a clause."""

    def __init__(
        self, clause: Clause, at: int, governor: Unit | None, describe: Callable[[int, int], list[Node]],
        *, negated: bool,
    ) -> None:  # fmt: skip
        self.clause = clause
        self.at = at  #: the next token
        self.governor = governor
        self.negated = negated
        self.describe = describe  #: reads the tokens of a describing clause
        self.units: list[Unit] = []
        self.behind: list[Node] = []  #: what English says behind the noun
        self.head: Token | None = None
        self.located = False  #: it says where something is

    def read(self) -> list[Node]:
        """Return the phrase with what belongs behind it; empty when it names nothing to be seen."""
        while len(self.units) < _LONGEST_PHRASE and self._opens():
            if not self.clause.is_nominal(self.at):
                break
            if self._nominal():
                break
        phrase = self._phrase(self.units)
        if self.units and self.units[-1].role is Role.SCENE:
            # A village under snow does nothing.
            self.behind = [node for node in self.behind if not isinstance(node, Deed)]
        self.units = []
        return [*phrase, *self.behind]

    def _opens(self) -> bool:
        """Take what stands before a nominal; False when a describing clause has nothing to describe."""
        clause = self.clause
        while (token := clause.get(self.at)) is not None:
            number = clause.number_at(self.at)
            if token.has("determiners") and self._determiner(token):
                continue
            if number is not None and not self._has_noun():
                size, count = number
                self.units.append(terms.counted(clause.tokens[self.at : self.at + size], count))
                self.at += size
            elif self._owner(token) or self._describing():
                continue
            elif clause.is_of(self.at) or (token.has("fillers") and not clause.is_nominal(self.at)):
                self.at += 1
            else:
                return True
        return False

    def _determiner(self, token: Token) -> bool:
        clause, size = self.clause, 1
        number = clause.number_at(self.at + 1)
        if number is not None:
            size += number[0]
        elif clause.has(self.at + 1, "measures"):
            size += 1
        elif not clause.is_nominal(self.at + 1):
            return False
        tokens = clause.tokens[self.at : self.at + size]
        self.units.append(terms.determined(tokens, token.senses["determiners"]))
        if number is not None and number[1] > 1:
            self.units.append(terms.counted(tokens[1:], number[1]))
        self.at += size
        return True

    def _owner(self, token: Token) -> bool:
        """Take "她的", and "她" before what is hers."""
        if not token.has("pronouns"):
            return False
        of = self.clause.is_of(self.at + 1)
        behind = self.clause.get(self.at + 2 if of else self.at + 1)
        if behind is None or not (of or terms.is_owned(behind) or behind.has("localizers")):
            return False
        english = {"she": "her", "he": "his", "they": "their", "it": "its", "i": "my"}[
            token.senses["pronouns"]
        ]
        size = 2 if of else 1
        self.units.append(terms.determined(self.clause.tokens[self.at : self.at + size], english))
        self.at += size
        return True

    def _describing(self) -> bool:
        if not self.clause.may_describe(self.at) or self._has_noun():
            return False
        opened = bool(self.units)
        end = self.clause.describes_until(self.at, opened=opened)
        if end is None:
            return False
        if self._is_done_to(end):
            self.units.append(terms.described(self.clause.tokens[self.at : end]))
        else:
            self.behind += self.describe(self.at, end)
        self.at = end + 1
        return True

    def _is_done_to(self, end: int) -> bool:
        """Tell whether "切好的蔬菜" are done something to, rather than do it."""
        head = self.clause.head_after(end + 1)
        verb = self.clause.get(self.at)
        assert verb is not None
        simple = all(self.clause.has(at, "particles", "directions") for at in range(self.at + 1, end))
        return simple and head is not None and not terms.is_animate(head[1]) and terms.acts_on_things(verb)

    def _has_noun(self) -> bool:
        return any(unit.role in (Role.NOUN, Role.NAME, Role.UNKNOWN) for unit in self.units)

    # one nominal

    def _nominal(self) -> bool:
        """Take a nominal; True when the phrase ends with it."""
        clause, token = self.clause, self.clause.get(self.at)
        assert token is not None
        unit = terms.nominal(token)
        self.units.append(unit)
        self.at += 1
        if clause.has(self.at, "localizers") and not self._is_verb_behind(token):
            return self._locate(token)
        if clause.is_of(self.at):
            return self._before_of(token, unit)
        if terms.is_owned(token) and self._wears(unit):
            return False
        if unit.role is Role.ADJECTIVE and not token.text.endswith("的"):
            return not (clause.is_nominal(self.at) or self._describes_next())
        if token.text.endswith("的") or (clause.is_nominal(self.at) and self._joins(token)):
            return False
        self.head = token
        return True

    def _wears(self, unit: Unit) -> bool:
        """Read "白胡子老道士" as a monk with a white beard."""
        behind = self.clause.head_after(self.at)
        if behind is None or not terms.is_animate(behind[1]):
            return False
        worn = [one for one in self.units if one.role not in (Role.DETERMINER, Role.NUMBER)]
        self.units = [one for one in self.units if one not in worn]
        self.behind += self._phrase(worn, terms.silent("with", Role.PREPOSITION, unit.start))
        return True

    def _before_of(self, token: Token, unit: Unit) -> bool:
        """Read a nominal before 的; True when the phrase ends with it."""
        clause, behind = self.clause, self.at + 1
        if clause.head_after(behind) is None and clause.describes_until(behind, opened=True) is None:
            self.head = token
            self.units = [] if token.unknown else self.units
            self.at = behind
            return True
        if unit.role is not Role.ADJECTIVE:
            return self._own(token, unit)
        self.at = behind
        return False

    def _describes_next(self) -> bool:
        token = self.clause.get(self.at)
        return token is not None and token.has("fillers") and self.clause.is_nominal(self.at + 1)

    def _is_verb_behind(self, token: Token) -> bool:
        """Tell whether 上 or 下 behind a noun is its deed: "女孩上车"."""
        behind = self.clause.get(self.at)
        assert behind is not None
        return behind.text in "上下" and terms.is_animate(token) and self.clause.is_nominal(self.at + 1)

    def _joins(self, token: Token) -> bool:
        """Tell whether a noun describes the nominal behind it without 的: "霓虹城市", "木桌"."""
        behind = self.clause.get(self.at)
        assert behind is not None
        if token.unknown:
            return not terms.is_animate(behind) or len(token.text) == 1
        if token.has(*terms.FILMING) or behind.has(*terms.FILMING):
            return (
                token.has("styles", "film_words")
                and not behind.has(*terms.FILMING)
                and not terms.is_animate(behind)
            )
        if terms.is_animate(token):
            return terms.is_animate(behind) and not behind.has("pronouns") and not token.named
        if token.has(*_STAYS, "places") and not token.has("nouns"):
            return not terms.is_animate(behind)
        return not self.clause.is_adjective(self.at)

    def _locate(self, token: Token) -> bool:
        """Read "桌子上" as on the table; True when the phrase ends with it."""
        mark = self.clause.get(self.at)
        assert mark is not None
        self.at += 1
        body = terms.is_owned(token)
        goes_on = self.clause.is_of(self.at) and self.clause.head_after(self.at + 1) is not None
        governor = self.governor
        if goes_on or governor is None or governor.lower in _WEAK:
            governor = terms.closed(mark, "localizers", Role.PREPOSITION)
        units, self.units = self.units, []
        if goes_on:
            self.at += 1
            if not body:
                self.behind += self._phrase(units, governor)
            return False
        self.located = True
        if not body and not token.has("film_words"):
            self.units, self.governor, self.head = units, governor, token
        return True

    def _own(self, token: Token, unit: Unit) -> bool:
        """Read what stands before 的 and is no adjective; True when the phrase ends with it."""
        clause = self.clause
        self.at += 1
        if token.has(*_STAYS) and not token.has("nouns", "places"):
            return False
        found = clause.head_after(self.at)
        head = found[1] if found else None
        units, self.units = self.units, []
        if unit.role is Role.SCENE:
            place = terms.silent("in", Role.PREPOSITION, unit.start)
            self.behind += self._phrase(units, place)
        elif head is not None and head.has("framings") and not head.has("nouns"):
            self.behind += self._phrase(units, terms.silent("of", Role.OF, unit.start))
        elif terms.is_owned(token) and head is not None and terms.is_animate(head):
            self.units = units
            self._wears(unit)
        elif head is not None and terms.is_owned(head):
            return self._with_part(units, token)
        elif head is not None and head.has("film_words") and found is not None:
            self.units, self.head, self.at = units, token, found[0] + 1
            return True
        elif terms.is_animate(token):
            self.behind += self._phrase(units, terms.silent("of", Role.OF, unit.start))
        else:
            self.units = units
            return False
        return False

    def _with_part(self, units: list[Unit], token: Token) -> bool:
        """Read "女孩的长发" as a girl with long hair."""
        part = PhraseReader(
            self.clause,
            self.at,
            terms.silent("with", Role.PREPOSITION, units[-1].end),
            self.describe,
            negated=False,
        )
        self.behind += part.read()
        self.units, self.head, self.at = units, token, part.at
        return True

    def _phrase(self, units: list[Unit], governor: Unit | None = None) -> list[Node]:
        if not any(unit.role not in (Role.DETERMINER, Role.NUMBER) for unit in units):
            return []
        last = units[-1]
        governor = governor or self.governor
        bare = last.role is Role.NOUN and not any(u.role in (Role.DETERMINER, Role.NUMBER) for u in units)
        if bare and governor is not None and governor.lower in _INTO:
            # Chinese has no article; without one English takes "in car" for no car at all.
            units = [terms.silent("the", Role.DETERMINER, units[0].start), *units]
        if last.role is Role.ADJECTIVE and last.hit("nouns"):
            units = [*units[:-1], replace(last, role=Role.NOUN)]
        return [NounPhrase(tuple(units), head_of(units), governor, self.negated)]
