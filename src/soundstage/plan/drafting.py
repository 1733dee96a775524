"""Stage 1 of 5, part: noun phrases made subjects, or found to be none. Knows no deed and no shot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.drafts import Draft, head_of
from soundstage.plan.lexicon import rules
from soundstage.plan.phrases import ANIMATE, Deed, Mark, NounPhrase, has_owner, is_plural
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.phrases import Node
    from soundstage.plan.units import Unit

#: An unnumbered plural of a kind without a `swarm` of its own.
_A_FEW = 3
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
    "ics", "ery",
)  # fmt: skip


def draft_of(phrase: NounPhrase, *, rank: int, order: int, attributes: Sequence[str] = ()) -> Draft:
    """Return a noun phrase as a subject, with its describing words as attributes."""
    noun = head_of(phrase)
    hit = noun.hit("nouns")
    facts = hit.entry.facts if hit else {}
    named = noun.role is Role.NAME
    gender = gender_of(noun.lower) if named else str(facts.get("gender", "unknown"))
    kind, family = (hit.name, hit.entry.family) if hit else (None, "")
    lone = [
        unit.words[-1].lower for unit in phrase.units if unit.role is Role.NUMBER and "lone" in unit.lower
    ]
    told = phrase.modifiers[: len(phrase.modifiers) - (phrase.head or 0) + _name_starts(phrase)]
    described = [unit for unit in told if not is_view(unit)]  # "extreme close-up eye"
    if named and hit is None:
        role = next((unit for unit in reversed(described) if unit.role is Role.NOUN), None)
        part = role.hit("nouns") if role is not None else None
        if part is not None and part.entry.family in ANIMATE:  # "detective Anna"
            kind, family = part.name, part.entry.family
            gender = str(part.entry.facts.get("gender", gender))
        else:
            kind, family = {"female": "woman", "male": "man"}.get(gender, "person"), "people"
    several = is_plural(phrase) or (
        noun.lower in rules("inflection")["many"]["plural"] and phrase.article not in ("a", "an")
    )
    unnumbered = int(facts.get("swarm", _A_FEW)) if several else int(facts.get("count", 1))
    return Draft(
        phrase=phrase,
        kind=kind,
        family=family,
        gender=gender,
        rank=rank,
        order=order,
        plural=several or kind in _GROUPS or (phrase.number or 1) > 1,
        count=phrase.number or unnumbered,
        noun=_name_of(phrase),
        attributes=[*attributes, *lone, *(unit.plain for unit in described)],
        aliases={noun.text} if named else set(),
        extents=[(phrase.units[0].start, phrase.units[-1].end)],
        start=noun.start,
    )


def draft_of_pronoun(unit: Unit, gender: str, order: int) -> Draft:
    """Return somebody nobody has named: "She walks through the rain"."""
    phrase = NounPhrase((unit,), 0, None, negated=False)
    several = unit.lower.startswith(("the", "every"))
    kind = {"female": "woman", "male": "man"}.get(gender, "person")
    return Draft(
        phrase=phrase, kind=kind, family="people", gender=gender, rank=0, order=order, plural=several,
        count=2 if several else 1, noun=unit.text, start=unit.start,
    )  # fmt: skip


def is_seen(phrase: NounPhrase, *, rank: int, opens: bool, acts: bool) -> bool:
    """Tell whether a noun phrase is something in the picture.

    Args:
        phrase: with a head.
        rank: as in `Draft`.
        opens: nothing else stands in its part of the sentence: "Zorbotron, cinematic" is about one.
        acts: a verb behind it is its own, which makes an unknown noun a subject.
    """
    noun, hit = head_of(phrase), head_of(phrase).hit("nouns")
    article = bool(phrase.article) or phrase.number is not None
    into = phrase.governor is not None and phrase.governor.lower in INTO_PLACES and phrase.number is None
    if hit is not None:
        bare = not article and len(phrase.units) == 1 and hit.form == "base"
        return not (bare and into)  # "by train", "in ink"
    if noun.role is Role.NAME:
        framed = phrase.governor is not None and phrase.governor.role is Role.OF
        return (
            rank < 2
            and len(noun.text) > 1
            and (acts or article or opens or framed or gender_of(noun.lower) != "unknown")
        )
    counted = phrase.article in ("a", "an", "another") or phrase.number is not None
    deed = noun.hit("verbs") is not None and not (rank == 1 and article)  # "waters a plant"; "a jump"
    if into or deed or (noun.lower.endswith(_IDEA_ENDS) and not counted):
        return acts and rank == 0 and not noun.lower.endswith(_IDEA_ENDS)
    framed = phrase.governor is not None and phrase.governor.role is Role.OF
    return article or acts or framed or opens


def _name_of(phrase: NounPhrase) -> str:
    assert phrase.head is not None, phrase
    units = phrase.units[_name_starts(phrase) : phrase.head + 1]
    return " ".join(unit.text for unit in units)


def _name_starts(phrase: NounPhrase) -> int:
    """Return where a phrase's name starts: nouns before an unknown head belong to it ("fire hydrant")."""
    assert phrase.head is not None, phrase
    first = phrase.head
    if phrase.units[first].role is Role.UNKNOWN:
        while first and _names(phrase.units[first - 1]):
            first -= 1
    return first


def _names(unit: Unit) -> bool:
    return unit.role in (Role.NOUN, Role.UNKNOWN) and not unit.describes and not has_owner(unit)


def gender_of(name: str) -> str:
    """Return the gender a given name tells, "unknown" when it is not listed."""
    names = rules("names")
    return next((gender for gender in ("female", "male") if name in names[gender]), "unknown")


def describe(draft: Draft, phrase: NounPhrase) -> None:
    """Let a draft learn from a phrase who it is: "@Element1, a knight in armor"."""
    told = draft_of(phrase, rank=draft.rank, order=draft.order)
    draft.kind, draft.family, draft.gender = told.kind, told.family, told.gender
    draft.attributes += [text for text in told.attributes if text not in draft.attributes]
    draft.extents += told.extents
    if draft.noun.startswith("@"):
        draft.noun, draft.phrase = told.noun, phrase
    else:
        draft.attributes.append(told.noun)


def is_a_verb_or_is(node: Node | None) -> bool:
    """Tell whether a node is a verb, or "is" and its like."""
    return isinstance(node, Deed) or (isinstance(node, Mark) and node.unit.role is Role.AUXILIARY)


def is_view(unit: Unit) -> bool:
    """Tell whether a unit is the picture rather than anything in it: "a low-angle shot", "POV"."""
    return any(hit.table in ("framings", "moves", "angles") for hit in unit.hits) or (
        unit.words[-1].lower in ("shot", "view", "footage", "pov", "perspective", "drone", "fpv")
    )
