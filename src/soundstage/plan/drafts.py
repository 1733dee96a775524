"""Stage 1 of 5, part: a subject while it is read, and whether a phrase is one. Knows no sentence.

What a table knows is seen. A noun no table knows is seen when an article, a number, a verb or "close-up of"
makes it stand there; a bare unknown word is not, so that "hyperdetailed volumetrics" stays out of the
picture.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from soundstage.film import Span, Subject
from soundstage.plan.lexicon import lexicon, rules
from soundstage.plan.phrases import Deed, Mark, NounPhrase, is_plural
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.film import Heading
    from soundstage.plan.phrases import Node
    from soundstage.plan.sources import Extent
    from soundstage.plan.units import Unit

_MOST_ATTRIBUTES = 12
#: An unnumbered plural of a kind without a `swarm` of its own.
_A_FEW = 3
_ANIMATE = frozenset({"people", "quadruped", "winged", "water_life"})
_GROUPS = frozenset({"couple", "family", "crowd"})
#: Prepositions that put an unknown noun somewhere rather than show it: "in the fjord" is a place we do not
#: know.
INTO_PLACES = frozenset({
    "in", "at", "inside", "through", "across", "into", "around", "within", "throughout", "during", "for",
    "about", "by", "to", "from", "via",
})  # fmt: skip
#: An unknown noun that ends so is an idea, unless "a" or a number stands before it.
_IDEA_ENDS = (
    "ness", "ity", "tion", "sion", "ment", "ism", "ance", "ence", "ship", "hood", "logy", "graphy", "ing",
    "ics",
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Draft:
    """A subject while it is being read; two are the same only when they are one object."""

    phrase: NounPhrase
    kind: str | None
    family: str
    gender: str
    rank: int  #: 0 stands free, 1 is acted on, 2 is somewhere
    order: int
    plural: bool
    count: int
    attributes: list[str] = field(default_factory=list)
    action: str | None = None
    manner: list[str] = field(default_factory=list)
    heading: str | None = None
    extents: list[Extent] = field(default_factory=list["Extent"])  #: the words that speak of it, in the text
    start: int = 0  #: offset of its noun in the text; -1 when it comes from a shot before

    @property
    def noun(self) -> str:
        """Its name as the prompt has it."""
        assert self.phrase.head is not None, self.phrase
        units = self.phrase.units[_name_starts(self.phrase) : self.phrase.head + 1]
        return " ".join(unit.text for unit in units)

    @property
    def animate(self) -> bool:
        """True for people and animals."""
        return self.family in _ANIMATE

    @property
    def named(self) -> bool:
        """True for a person by a name of their own."""
        return head_of(self.phrase).role is Role.NAME

    def again(self, order: int) -> Draft:
        """Return it as it comes back in a later shot: looks kept, deeds not."""
        return dataclasses.replace(
            self,
            rank=0,
            order=order,
            attributes=list(self.attributes),
            action=None,
            manner=[],
            heading=None,
            extents=[],
            start=-1,
        )

    def stands_for(self, pronoun: str, gender: str) -> bool:
        """Tell whether a pronoun may mean it."""
        if pronoun in ("they", "them", "they're", "each other"):
            return self.plural
        if pronoun in ("it", "itself"):
            return self.family != "people"
        return self.family == "people" and self.gender in (gender, "unknown")

    def finish(self) -> Subject:
        """Return it as a noun that travels."""
        return Subject(
            noun=self.noun,
            kind=self.kind,
            count=self.count,
            attributes=tuple(dict.fromkeys(self.attributes))[:_MOST_ATTRIBUTES],
            action=self.action,
            manner=tuple(dict.fromkeys(self.manner)),
            heading=cast("Heading | None", self.heading),
            spans=tuple(Span(start=start, end=end) for start, end in self.extents),
        )


def draft_of(phrase: NounPhrase, *, rank: int, order: int, attributes: Sequence[str] = ()) -> Draft:
    """Return a noun phrase as a subject, with its describing words as attributes."""
    noun = head_of(phrase)
    hit = noun.hit("nouns")
    facts = hit.entry.facts if hit else {}
    named = noun.role is Role.NAME
    gender = gender_of(noun.lower) if named else str(facts.get("gender", "unknown"))
    kind, family = (hit.name, hit.entry.family) if hit else (None, "")
    if named and hit is None:
        kind, family = {"female": "woman", "male": "man"}.get(gender, "person"), "people"
    several = is_plural(phrase)
    unnumbered = int(facts.get("swarm", _A_FEW)) if several else int(facts.get("count", 1))
    described = phrase.modifiers[: len(phrase.modifiers) - (phrase.head or 0) + _name_starts(phrase)]
    return Draft(
        phrase=phrase,
        kind=kind,
        family=family,
        gender=gender,
        rank=rank,
        order=order,
        plural=several or kind in _GROUPS or (phrase.number or 1) > 1,
        count=phrase.number or unnumbered,
        attributes=[*attributes, *(unit.text.lower() for unit in described)],
        extents=[(phrase.units[0].start, phrase.units[-1].end)],
        start=noun.start,
    )


def head_of(phrase: NounPhrase) -> Unit:
    """Return the unit that names what a phrase is about; the phrase must have one."""
    noun = phrase.noun
    assert noun is not None, phrase
    return noun


def is_seen(phrase: NounPhrase, following: Node | None, *, rank: int, opens: bool) -> bool:
    """Tell whether a noun phrase is something in the picture.

    Args:
        phrase: with a head.
        following: what stands behind it: a verb makes an unknown noun a subject.
        rank: as in `Draft`.
        opens: nothing stands before it in the text, so that "Zorbotron, cinematic" is about one.
    """
    noun, hit = head_of(phrase), head_of(phrase).hit("nouns")
    article = bool(phrase.article) or phrase.number is not None
    into = phrase.governor is not None and phrase.governor.lower in INTO_PLACES
    if hit is not None:
        bare = not article and len(phrase.units) == 1 and hit.form == "base"
        return not (bare and into)  # "by train", "in ink"
    acts = rank == 0 and _acts(following)
    if noun.role is Role.NAME:
        return rank == 0 and (acts or article or gender_of(noun.lower) != "unknown")
    counted = phrase.article in ("a", "an", "another") or phrase.number is not None
    if into or (noun.lower.endswith(_IDEA_ENDS) and not counted):
        return False
    framed = phrase.governor is not None and phrase.governor.role is Role.OF
    return article or acts or framed or (opens and rank == 0 and not isinstance(following, NounPhrase))


def _acts(following: Node | None) -> bool:
    return isinstance(following, Deed) or (
        isinstance(following, Mark) and following.unit.role is Role.AUXILIARY
    )


def _name_starts(phrase: NounPhrase) -> int:
    """Return where a phrase's name starts: nouns before an unknown head belong to it ("fire hydrant")."""
    assert phrase.head is not None, phrase
    first = phrase.head
    if phrase.units[first].role is Role.UNKNOWN:
        while first and _names(phrase.units[first - 1]):
            first -= 1
    return first


def _names(unit: Unit) -> bool:
    return unit.role in (Role.NOUN, Role.UNKNOWN) and not unit.describes


def gender_of(name: str) -> str:
    """Return the gender a given name tells, "unknown" when it is not listed."""
    names = rules("names")
    return next((gender for gender in ("female", "male") if name in names[gender]), "unknown")


def family_of(kind: str | None) -> str:
    """Return the family of a kind, "quadruped" for "dog"; empty when it has none."""
    entry = lexicon().entry("nouns", kind or "")
    return entry.family if entry else ""
