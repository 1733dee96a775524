"""Stage 1 of 5, part: one name for each character, the same in every shot. Knows no camera and no time.

"An old wizard" and "the wizard" are one member, and so are Tom and the baker of that name; who "he" is,
`turns` has settled.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from soundstage.film import CastMember, Subject
from soundstage.plan import chinese, naming
from soundstage.plan.ages import age_told, ages_in, of_age
from soundstage.plan.lexicon import rules
from soundstage.plan.units import units_of
from soundstage.plan.words import is_han, split_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.plan.dialogue import Speech
    from soundstage.plan.drafts import Draft
    from soundstage.plan.reading import Reading

#: Ages by the words of attributes.toml and kinds.toml.
_AGE_WORDS = {
    "old": "old", "elderly": "old", "ancient": "old", "aged": "old", "young": "young", "teenage": "young",
    "youthful": "young", "little": "child", "adult": "adult", "middle aged": "adult",
}  # fmt: skip


#: Behind these a name tells where somebody is or what they have.
_PLACED_BY = frozenset(
    {"at", "in", "on", "with", "behind", "near", "from", "by", "under", "inside", "wearing"}
)


class Cast:
    """The characters of a film, gathered shot by shot."""

    def __init__(self) -> None:
        self.members: dict[str, CastMember] = {}
        self._aliases: Mapping[str, str] = {}
        self._ages: dict[str, str] = {}  #: by name, where a text tells the years

    def meet(self, reading: Reading) -> None:
        """Take in whom a shot names or declares."""
        self._ages |= dict(ages_in(reading.text))
        for name, description in reading.dialogue.declared:
            self._join(name, description)
        for draft in reading.drafts:
            comes_back = draft.start < 0 and draft.family == "people" and not draft.plural
            if draft.named or comes_back:
                self._join(draft.noun, ", ".join(draft.attributes), draft.gender)

    def know(self, aliases: Mapping[str, str]) -> None:
        """Take in which words stand for whom: "baker" for Tom."""
        self._aliases = aliases

    def speak(self, speeches: Sequence[Speech]) -> tuple[Speech, ...]:
        """Return a shot's speeches with the speakers' names in the cast."""
        named: list[Speech] = []
        for speech in speeches:
            member = self._join(speech.speaker, speech.description, speech.gender)
            if speech.told_language and member.language is None:
                member = replace(member, language=speech.told_language)
                self.members[member.name] = member
            named.append(replace(speech, speaker=member.name))
        return tuple(named)

    def assign(self, draft: Draft) -> Subject:
        """Return a subject with its name in the cast, if it has one."""
        subject = draft.finish()
        if draft.count > 2:
            return subject
        name = _phrase_name(draft)
        names = (name,) if is_han(name) else (self._aliases.get(name.lower(), name), name, draft.noun)
        if draft.noun.lower() in ("she", "he"):
            names = (draft.kind or name,)  # "“…” she says": the woman who speaks
        same = (m for m in self.members.values() if any(_is_same(m.name, name) for name in names))
        member = next(same, None)
        if member is None:
            return replace(subject, kind=of_age(subject.kind, age_told(", ".join(subject.attributes))))
        self._learn(member, draft)
        member = self.members[member.name]
        kind = subject.kind or {"female": "woman", "male": "man"}.get(member.gender, "person")
        return replace(subject, member=member.name, kind=of_age(kind, member.age))

    def _learn(self, member: CastMember, draft: Draft) -> None:
        """Let a member be of the gender and age a shot tells: "the keeper, an old bearded man"."""
        _, age = describe(", ".join([(draft.kind or "").replace("_", " "), *draft.attributes]))
        told = age_told(", ".join(draft.attributes))
        age = age if told == "unknown" else told
        gender = member.gender if member.gender != "unknown" else draft.gender
        age = member.age if member.age != "unknown" else age
        self.members[member.name] = replace(member, gender=cast("Gender", gender), age=cast("Age", age))

    def _join(self, name: str, description: str, gender: str = "unknown") -> CastMember:
        met = next((m for m in self.members.values() if _is_same(m.name, name)), None)
        if met is None:
            told_gender, age = describe(f"{name}, {description}")
            age = self._ages.get(name.rsplit(maxsplit=1)[-1], age) if name else age
            gender = told_gender if told_gender != "unknown" else gender
            met = CastMember(
                name=name, description=description, gender=cast("Gender", gender), age=cast("Age", age)
            )
        else:
            met = replace(met, description=met.description or description)
            if met.gender == "unknown":
                met = replace(met, gender=cast("Gender", gender))
        self.members[met.name] = met
        return met


def join_members(subjects: Sequence[Subject]) -> tuple[Subject, ...]:
    """Return a shot's subjects, those that are one member as one: "a baker named Tom" is not two."""
    kept: list[Subject] = []
    for subject in subjects:
        at = next((i for i, one in enumerate(kept) if one.member and one.member == subject.member), None)
        if at is None or subject.count > 1:
            kept.append(subject)
            continue
        one = kept[at]
        acting = one if one.action is not None else subject
        kept[at] = replace(
            one,
            attributes=tuple(dict.fromkeys([*one.attributes, *subject.attributes])),
            action=acting.action,
            verb=acting.verb,
            manner=acting.manner,
            heading=acting.heading,
            then=(*one.then, *subject.then),
            relations=(*one.relations, *subject.relations),
            spans=tuple(dict.fromkeys([*one.spans, *subject.spans])),
        )
    return tuple(kept)


if TYPE_CHECKING:
    from typing import Literal

    Gender = Literal["female", "male", "unknown"]
    Age = Literal["child", "young", "adult", "old", "unknown"]


def describe(words: str) -> tuple[str, str]:
    """Return the gender and age that a name and its description tell."""
    gender, age = chinese.gender_and_age(words) if is_han(words) else ("unknown", "unknown")
    for unit in units_of(split_words(words)):
        noun = unit.hit("nouns")
        if noun is not None:
            gender = str(noun.entry.facts.get("gender", gender)) if gender == "unknown" else gender
            told = str(noun.entry.facts.get("age", "unknown"))
            age = told if age == "unknown" else age
        age = _AGE_WORDS.get(unit.lower, age)
        for listed in ("female", "male"):
            if unit.lower in rules("names")[listed] and gender == "unknown":
                gender = listed
        pronoun = next((h for h in unit.hits if h.table == "closed" and h.name in ("she", "he")), None)
        gender = str(pronoun.entry.facts["gender"]) if pronoun and gender == "unknown" else gender
    return gender, age


def _phrase_name(draft: Draft) -> str:
    name = chinese.name_of(draft.phrase) if is_han(draft.noun) else naming.clean_name(draft.phrase.text)
    return (
        name
        if draft.noun[:1].isupper() and not name.islower() and " " not in name
        else name[:1].lower() + name[1:]
    )


def _before_place(words: Sequence[str]) -> Sequence[str]:
    """Return a name without where somebody is: "news anchor" at a desk."""
    at = next((i for i, word in enumerate(words) if word in _PLACED_BY), len(words))
    return words[:at] if at else words


def _is_same(name: str, other: str) -> bool:
    """Tell whether two names are one character: equal, or one leaves out describing words of the other."""
    mine, theirs = name.lower().lstrip("@").split(), other.lower().lstrip("@").split()
    if mine == theirs:
        return True
    mine, theirs = _before_place(mine), _before_place(theirs)
    if is_han(name) and is_han(other):
        return name.endswith(other) or other.endswith(name)  # "红衣女子" is "女子"
    if not mine or not theirs or mine[-1] != theirs[-1] or mine[-1].isdigit():
        return False
    return set(mine) <= set(theirs) or set(theirs) <= set(mine)
