"""Stage 1 of 5, part: what a parsed sentence is made of: phrases, deeds, marks. Knows no order of words."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from soundstage.plan.inflection import stem_of
from soundstage.plan.lexicon import lexicon, rules
from soundstage.plan.units import Role, Unit, gap_between
from soundstage.plan.words import is_han

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.plan.lexicon import Hit

#: Families of nouns that do what only people and animals do.
ANIMATE = frozenset({"people", "quadruped", "winged", "water_life"})
#: An unknown noun that ends so is most likely somebody: "prospector".
_AGENT_ENDS = ("er", "or", "ist", "ian", "eer", "man", "men", "woman", "women", "ers", "ors", "ists", "ians")
_NO_FACTS: Mapping[str, Any] = MappingProxyType({})
_STATE: Mapping[str, Any] = MappingProxyType({"state": True})


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """Something named, with what is said of it."""

    units: tuple[Unit, ...]
    head: (
        int | None
    )  #: index of its head among the units; None when it ends in a place, a time or a film word
    governor: Unit | None  #: the preposition before it
    negated: bool

    @property
    def noun(self) -> Unit | None:
        """The unit that names it."""
        return None if self.head is None else self.units[self.head]

    @property
    def article(self) -> str:
        """Its determiner in lower case; empty when it has none."""
        return next((unit.lower for unit in self.units if unit.role is Role.DETERMINER), "")

    @property
    def number(self) -> int | None:
        """How many, where the prompt says so."""
        hits = (unit.hit("numbers") for unit in self.units if unit.role is Role.NUMBER)
        return next((int(hit.name) for hit in hits if hit), None)

    @property
    def owner(self) -> Unit | None:
        """The unit that has it, when a name or a noun with 's says so: "the knight's" of a sword."""
        return next((unit for unit in self.units if unit.role is Role.DETERMINER and has_owner(unit)), None)

    @property
    def modifiers(self) -> tuple[Unit, ...]:
        """The describing units before the head; those before an owner describe the owner."""
        skipped = (Role.NUMBER, Role.CONJUNCTION, Role.BREAK)
        first = max((at + 1 for at, u in enumerate(self.units) if u.role is Role.DETERMINER), default=0)
        return tuple(unit for unit in self.units[first : self.head or 0] if unit.role not in skipped)

    @property
    def text(self) -> str:
        """As the prompt has it."""
        made = self.units[0].text
        for unit in self.units[1:]:
            made += gap_between(made, unit.text) + unit.text
        return made

    @property
    def plain(self) -> str:
        """As attributes hold it: `text`; Chinese words in English where a table knows them."""
        text = self.text
        return " ".join(filter(None, (unit.plain for unit in self.units))) if is_han(text) else text


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb in one of its forms; `stem` is its base."""

    unit: Unit
    stem: str
    action: str  #: the entry's name; empty when no table knows the verb
    form: str
    passive: bool = False  #: "is carried", "was built"
    infinitive: bool = False  #: "to dance"
    facts: Mapping[str, Any] = field(default_factory=lambda: _NO_FACTS)

    @property
    def state(self) -> bool:
        """True when it describes and moves nothing."""
        return bool(self.facts.get("state"))

    @property
    def speech(self) -> bool:
        """True when it may introduce a line."""
        return bool(self.facts.get("speech"))


@dataclass(frozen=True, slots=True)
class Mark:
    """Any other unit, in its place."""

    unit: Unit
    negated: bool = False
    governor: Unit | None = None


Node = NounPhrase | Deed | Mark


def deed_of(unit: Unit, *, passive: bool = False, infinitive: bool = False) -> Deed:
    """Return the verb a unit stands for; a word no table knows gets a guessed stem."""
    hit = unit.hit("verbs")
    first = unit.words[0].lower
    if hit is None:
        # "drifts through" is known as a camera's move; said of anything else it is its first word's deed.
        hit = next(iter(lexicon().meanings(first, "verbs")), None)
    if hit is None:
        facts = _STATE if unit.hit("camera_moves") is not None else _NO_FACTS
        form = next((ending for ending in ("ing", "ed") if first.endswith(ending)), "s")
        return Deed(unit, stem_of(first), "", form, facts=facts)
    passive = passive and hit.form == "ed"
    return Deed(
        unit, hit.stem, hit.name, hit.form, passive, infinitive and hit.form == "base", hit.entry.facts
    )


def deed_of_stem(unit: Unit, stem: str) -> Deed:
    """Return a noun as the deed it names: "flight" is "fly"."""
    hit = next(iter(lexicon().meanings(stem, "verbs")))
    return Deed(unit, hit.stem, hit.name, "ing", facts=hit.entry.facts)


def acts_on(hit: Hit) -> bool:
    """Tell whether a verb acts on something: "holding flowers" is a deed, "falling leaves" are leaves."""
    return bool(hit.entry.facts.get("object")) or hit.stem in rules("inflection")["acting_on"]["verbs"]


def is_animate(unit: Unit) -> bool:
    """Tell whether a noun is a person, an animal or a name."""
    hit = unit.hit("nouns")
    if hit is None:
        return unit.role in (Role.NAME, Role.PRONOUN) or (
            unit.role is Role.UNKNOWN and unit.lower.endswith(_AGENT_ENDS)
        )
    return hit.entry.family in ANIMATE


def head_of(units: Sequence[Unit]) -> int | None:
    """Return the index of the unit that names what a phrase is about; None when it ends in a scene word."""
    for at in range(len(units) - 1, -1, -1):
        unit = units[at]
        if unit.role is Role.SCENE:
            return None
        if unit.role in (Role.NOUN, Role.NAME):
            return at
        if unit.role is Role.UNKNOWN:
            bare = not any(other.role in (Role.DETERMINER, Role.NUMBER) for other in units[:at])
            if unit.describes and (bare or at < len(units) - 1):
                continue
            return at
    # "A cute alien": what otherwise describes, behind an article and before nothing.
    alone = len(units) > 1 and units[-1].role is Role.ADJECTIVE and units[-1].hit("attributes") is not None
    return len(units) - 1 if alone and any(unit.lower in ("a", "an") for unit in units) else None


def names_several(unit: Unit) -> bool:
    """Tell whether a noun is a plural."""
    hit = unit.hit("nouns") or unit.hit("places")
    if hit is not None:
        return hit.form == "plural"
    word = unit.lower
    named = unit.role in (Role.UNKNOWN, Role.SCENE)
    return named and word.endswith("s") and not word.endswith(("ss", "us", "is"))


def takes_plural(unit: Unit) -> bool:
    """Tell whether a noun's verb has no -s: plurals, "people", and what is only ever many ("petals")."""
    word = unit.lower
    return (
        names_several(unit)
        or word in rules("inflection")["many"]["nouns"]
        or (unit.role is Role.NOUN and word.endswith("s") and not word.endswith(("ss", "us", "is")))
    )


def is_plural(phrase: NounPhrase) -> bool:
    """Tell whether a phrase means several without saying how many."""
    if phrase.noun is None or phrase.article in ("a", "an", "this", "that", "another", "each", "every"):
        return False
    return names_several(phrase.noun)


def has_owner(unit: Unit) -> bool:
    """Tell whether a determiner is a noun that has something: "knight's", "Anna's", "dancers'"."""
    return unit.lower.endswith(("'s", "s'"))
