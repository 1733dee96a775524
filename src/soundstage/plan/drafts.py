"""Stage 1 of 5, part: a subject while it is being read. Knows the tables, no shot and no cast."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from soundstage.plan.chinese.glossary import verb_in_english
from soundstage.plan.inflection import verb_forms
from soundstage.plan.lexicon import lexicon, rules
from soundstage.plan.phrases import ANIMATE, Deed, NounPhrase
from soundstage.plan.units import Role
from soundstage.plan.words import is_han
from soundstage.screenplay import Deed as FurtherDeed
from soundstage.screenplay import Relation, Span, Subject

if TYPE_CHECKING:
    from soundstage.plan.sources import Extent
    from soundstage.plan.units import Unit
    from soundstage.screenplay import Heading

_MOST_ATTRIBUTES = 12
#: What tells where somebody stands holds for one shot; "in a red coat" and "with braids" for all.
_STANDING = (
    "in front of ", "between ", "next to ", "against ", "behind ", "beside ", "near ", "under ", "over ",
    "above ", "below ", "toward ", "towards ", "across ", "around ", "along ", "among ", "at ", "by ",
    "in the background", "in the foreground", "in the distance",
)  # fmt: skip
#: Pronouns for many.
SEVERAL = frozenset({
    "they", "they're", "them", "themselves", "each other", "both", "everyone", "everybody",
})  # fmt: skip
#: Deeds and relations a subject keeps; more is a list of verbs.
_MOST_DEEDS = 8


@dataclass(slots=True)
class Doing:
    """Something a subject does, while it is being read."""

    action: str | None
    verb: str
    extent: Extent
    manner: list[str] = field(default_factory=list[str])
    heading: str | None = None


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
    noun: str  #: its name as the prompt has it
    attributes: list[str] = field(default_factory=list[str])
    doings: list[Doing] = field(default_factory=list["Doing"])
    relations: list[tuple[str, Draft | str]] = field(default_factory=list["tuple[str, Draft | str]"])
    aliases: set[str] = field(default_factory=set[str])  #: what else it is called, lower case
    extents: list[Extent] = field(default_factory=list["Extent"])  #: the words that speak of it, in the text
    start: int = 0  #: offset of its noun in the text; -1 when it comes from a shot before

    @property
    def action(self) -> str | None:
        """What it does first."""
        return self.doings[0].action if self.doings else None

    @property
    def animate(self) -> bool:
        """True for people and animals."""
        return self.family in ANIMATE

    @property
    def is_machine(self) -> bool:
        """True for a robot and its like, which the tables count among people."""
        entry = lexicon().entry("nouns", self.kind or "")
        return bool(entry and entry.facts.get("apart"))

    @property
    def named(self) -> bool:
        """True for a person by a name of their own."""
        return bool(self.aliases) or head_of(self.phrase).role is Role.NAME

    @property
    def name(self) -> str:
        """The name of its own, where it has one, else its noun."""
        return next(iter(sorted(self.aliases)), self.noun)

    def again(self, order: int) -> Draft:
        """Return it as it comes back in a later shot: looks kept, deeds not."""
        looks = [told for told in self.attributes if not told.startswith(_STANDING)]
        return dataclasses.replace(
            self, rank=0, order=order, attributes=looks, doings=[], relations=[], extents=[],
            aliases=set(self.aliases), start=-1,
        )  # fmt: skip

    def do(self, doing: Doing) -> None:
        """Take up a deed; one it does already only gains how it is done."""
        last = self.doings[-1] if self.doings else None
        if last is not None and last.verb == doing.verb:
            last.manner += [how for how in doing.manner if how not in last.manner]
            last.heading = last.heading or doing.heading
        elif len(self.doings) < _MOST_DEEDS:
            self.doings.append(doing)

    def relate(self, kind: str, target: Draft | str) -> None:
        """Stand to another somehow."""
        if target is not self and (kind, target) not in self.relations and len(self.relations) < _MOST_DEEDS:
            self.relations.append((kind, target))

    def stands_for(self, pronoun: str, gender: str) -> bool:
        """Tell whether a pronoun may mean it."""
        if pronoun in SEVERAL:
            return self.plural
        if pronoun in ("it", "itself", "it's"):
            return (self.family != "people" or self.is_machine) and not self.plural
        return self.family == "people" and not self.plural and self.gender in (gender, "unknown")

    def finish(self) -> Subject:
        """Return it as a noun that travels.

        Its id, and those its relations name, count drafts; `assembly` gives them names.
        """
        doings = self.doings or _described_by(self.phrase)
        first = doings[0] if doings else Doing(None, "", (0, 0))
        extents = [*self.extents, *([first.extent] if self.doings else [])]
        return Subject(
            id=mark_of(self),
            noun=self.noun,
            kind=self.kind,
            count=self.count,
            attributes=tuple(dict.fromkeys(self.attributes))[:_MOST_ATTRIBUTES],
            action=first.action,
            verb=first.verb or None,
            manner=tuple(dict.fromkeys(first.manner)),
            heading=cast("Heading | None", first.heading),
            then=tuple(_further(doing) for doing in doings[1:]),
            relations=tuple(
                Relation(kind=kind, target=mark_of(to) if isinstance(to, Draft) else to)
                for kind, to in self.relations
            ),
            spans=tuple(Span(start=start, end=end) for start, end in extents),
        )


def mark_of(draft: Draft) -> str:
    """Return what stands for a draft until its shot gives it an id."""
    return f"#{draft.order}"


def _further(doing: Doing) -> FurtherDeed:
    start, end = doing.extent
    return FurtherDeed(
        action=doing.action or doing.verb,
        verb=doing.verb,
        manner=tuple(dict.fromkeys(doing.manner)),
        heading=cast("Heading | None", doing.heading),
        spans=(Span(start=start, end=end),),
    )


def _described_by(phrase: NounPhrase) -> list[Doing]:
    """Return what "a running dog" does."""
    for unit in phrase.modifiers:
        hit = unit.hit("verbs")
        if hit is not None and hit.form == "ing" and not hit.entry.facts.get("state"):
            return [
                Doing("talk" if hit.name == "say" else hit.name or None, hit.stem, (unit.start, unit.end))
            ]
    return []


def doing_of(deed: Deed) -> Doing:
    """Return a verb as a deed of somebody."""
    action = "talk" if deed.action == "say" else deed.action or None
    return Doing(action, deed.stem, (deed.unit.start, deed.unit.end))


def participle_of(stem: str) -> str:
    """Return a verb's -ing form: "holding"."""
    stem = verb_in_english(stem) if is_han(stem) else stem
    return next(made for made, form in verb_forms(stem, rules("inflection")["verbs"]) if form == "ing")


def head_of(phrase: NounPhrase) -> Unit:
    """Return the unit that names what a phrase is about; the phrase must have one."""
    noun = phrase.noun
    assert noun is not None, phrase
    return noun


def family_of(kind: str | None) -> str:
    """Return the family of a kind, "quadruped" for "dog"; empty when it has none."""
    entry = lexicon().entry("nouns", kind or "")
    return entry.family if entry else ""
