"""Stage 1 of 5, part: whom "she", "the woman" and "@Element1" mean. Knows no verb.

The last one who fits: in this text first, then in the shots before. What describes somebody otherwise, "the
other man", "the blue car" beside a red one, is somebody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.drafts import SEVERAL, Draft, family_of, head_of
from soundstage.plan.lexicon import lexicon, rules
from soundstage.plan.phrases import NounPhrase
from soundstage.plan.units import Role, units_of
from soundstage.plan.words import Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from soundstage.plan.lexicon import Hit
    from soundstage.plan.units import Unit

_INDEFINITE = frozenset({"a", "an", "another", "every", "each", "such a", "any"})
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "all the"})
#: Words that tell somebody from the one spoken of before.
_OTHERS = frozenset({"other", "another", "second", "third", "different", "new", "next"})
#: Tables of which one subject has one: a red car is no blue car.
_TELLING = ("colours",)
_AGES = ({"old", "elderly", "older", "aged"}, {"young", "younger", "little"})
_ALL = frozenset({"everyone", "everybody"})


class Company:
    """Who has been spoken of, in this text and in the shots before."""

    def __init__(self, known: Sequence[Draft]) -> None:
        self.known = known
        self.drafts: list[Draft] = []
        self._met = 0

    def number(self) -> int:
        """Return a number no draft here has."""
        self._met += 1
        return self._met

    def recall(self, draft: Draft) -> Draft:
        """Return a draft as one of this text; one of a shot before comes back."""
        if any(draft is one for one in self.drafts):
            return draft
        self.drafts.append(draft.again(self.number()))
        return self.drafts[-1]

    def same(self, phrase: NounPhrase) -> Draft | None:
        """Return the subject a phrase speaks of again, or None."""
        noun, hit = head_of(phrase), head_of(phrase).hit("nouns")
        names = {noun.text.lower()}
        if phrase.article in _INDEFINITE or phrase.number is not None:
            return self._told_again(phrase)
        for draft in self._latest():
            called = draft.noun.lower() in names or noun.text in draft.aliases
            if not called and phrase.article in _DEFINITE and hit is not None:
                named = _is_general(noun, hit) or draft.noun.lower().endswith(noun.lower)
                general = noun.lower in rules("inflection")["general"]["nouns"]
                # "The tired dog" may be the collie; "a tiny figure" behind a girl is not she.
                general = general and all(unit.plain in draft.attributes for unit in phrase.modifiers)
                called = (named and draft.kind == hit.name) or (general and _covers(hit.name, draft))
            if called and not self._is_other(phrase, draft):
                return self.recall(draft)
        return self._only_one(phrase)

    def meant(self, pronoun: str, gender: str, actors: Sequence[Draft], *, acting: bool) -> list[Draft]:
        """Return whom a pronoun means; empty when nobody here fits.

        Args:
            pronoun: in lower case.
            gender: as its table has it.
            actors: who acted last; they are meant first, unless the pronoun is acted on.
            acting: the pronoun is a subject rather than an object.
        """
        pool = [*actors, *self._latest()] if acting else [d for d in self._latest() if d not in actors]
        if pronoun in SEVERAL:
            return self._several(pronoun, actors, pool)
        fits = [draft for draft in pool if draft.stands_for(pronoun, gender)]
        # "Pours liquid into a beaker; it bubbles": what was acted on rather than where.
        found = next((draft for draft in fits if draft.rank < 2 or pronoun != "it"), next(iter(fits), None))
        if found is None and pronoun in ("he", "she", "him", "her"):  # an animal with a gender
            found = next((draft for draft in pool if draft.animate and not draft.plural), None)
            found = found if found is not None and found.gender in (gender, "unknown") else None
        return [self.recall(found)] if found is not None else []

    def _only_one(self, phrase: NounPhrase) -> Draft | None:
        """Return whom "the man" means where one person is known, whose gender nobody has told."""
        noun = head_of(phrase)
        hit = noun.hit("nouns")
        if (
            phrase.article != "the"
            or hit is None
            or noun.lower not in ("man", "woman", "guy", "lady")
            or hit.form != "base"
        ):
            return None
        people = {
            id(draft): draft for draft in self._latest() if draft.family == "people" and not draft.plural
        }
        gender = str(hit.entry.facts.get("gender", ""))
        alone = list(people.values())
        if len(alone) != 1 or alone[0].gender != "unknown" or alone[0].kind == "robot":
            return None
        draft = self.recall(alone[0])
        draft.gender = gender
        return draft

    def _several(self, pronoun: str, actors: Sequence[Draft], pool: Sequence[Draft]) -> list[Draft]:
        if len(actors) > 1:
            return [self.recall(draft) for draft in actors]
        found = next((draft for draft in pool if draft.stands_for(pronoun, "")), None)
        if found is not None and found.animate:
            return [self.recall(found)]
        single: list[Draft] = []
        for draft in pool:
            if draft.animate and all(draft is not one for one in single):
                single.append(draft)
        if pronoun in _ALL and len(single) == 1 and not single[0].plural:
            return []
        if single:
            return [self.recall(draft) for draft in reversed(single[:2])]
        return [self.recall(found)] if found is not None else []

    def _latest(self) -> Iterator[Draft]:
        yield from reversed(self.drafts)
        # Of the shots before, who stood free in them comes before what they held.
        yield from (draft for draft in reversed(self.known) if draft.rank == 0)
        yield from (draft for draft in reversed(self.known) if draft.rank)

    def _told_again(self, phrase: NounPhrase) -> Draft | None:
        """Return who a later shot describes in the same words: "a tall pale man" is one man."""
        text = phrase.text.lower()
        same = (draft for draft in reversed(self.known) if draft.phrase.text.lower() == text)
        found = next(same, None) if phrase.modifiers else None
        return self.recall(found) if found is not None else None

    def _is_other(self, phrase: NounPhrase, draft: Draft) -> bool:
        """Tell whether what a phrase says of somebody speaks against a draft."""
        described = phrase.modifiers
        if any(unit.lower in _OTHERS for unit in described):
            return not {unit.lower for unit in described} <= set(draft.attributes)
        for table in _TELLING:
            mine = {hit.name for unit in described if (hit := unit.hit(table))}
            theirs = {hit.name for unit in draft.phrase.modifiers if (hit := unit.hit(table))}
            if mine and theirs and not mine & theirs:
                return True
        mine = {unit.lower for unit in described}
        theirs = set(draft.attributes)
        old, young = _AGES
        return bool((mine & old and theirs & young) or (mine & young and theirs & old))


def _is_general(noun: Unit, hit: Hit) -> bool:
    """Tell whether a noun names its kind, not one of many: "the dog", not "the collie"."""
    name = noun.lower if hit.form == "base" else noun.lower.removesuffix("s")
    return name.replace(" ", "_") == hit.name


def owner_of(unit: Unit) -> str:
    """Return the noun a possessive is made of: "knight's" is "knight"."""
    word = unit.words[0]
    return (
        word.text[:-2] if word.lower.endswith("'s") else word.text.rstrip("'\N{RIGHT SINGLE QUOTATION MARK}")
    )


def owner_phrase(phrase: NounPhrase) -> NounPhrase | None:
    """Return who has something as a phrase of its own: "an old knight" of "an old knight's sword"."""
    at = next((i for i, unit in enumerate(phrase.units) if unit is phrase.owner), 0)
    unit = phrase.units[at]
    word = unit.words[0]
    bare = Word(owner_of(unit), owner_of(unit).lower(), word.start, word.end, glued=False)
    made = next(iter(units_of((bare,))))
    if made.role not in (Role.NOUN, Role.NAME):
        return None
    units = (*phrase.units[:at], made)
    return NounPhrase(units, len(units) - 1, None, negated=False)


def _covers(general: str, draft: Draft) -> bool:
    """Tell whether a general kind names a draft: "the animal" is the dog."""
    entry = lexicon().entry("nouns", general)
    covers = entry.facts.get("covers", ()) if entry else ()
    family = draft.family or family_of(draft.kind)
    return bool(covers) and (family in covers or draft.kind in covers)
