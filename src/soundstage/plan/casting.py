"""Stage 1 of 5, part: one name for each character, the same in every shot. Knows no camera and no time.

"An old wizard", "the wizard" and "he" are one member; a speaker nobody names is the only person there, or
one of two who take turns.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from soundstage.film import CastMember, Subject
from soundstage.plan import chinese, naming
from soundstage.plan.lexicon import rules
from soundstage.plan.units import units_of
from soundstage.plan.words import is_han, split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.dialogue import Speech
    from soundstage.plan.drafts import Draft
    from soundstage.plan.reading import Reading

_PRONOUNS = {
    "she": "female",
    "he": "male",
    "they": "unknown",
    "it": "unknown",
    "i": "unknown",
    "we": "unknown",
    "you": "unknown",
}
_NAME_OF_PRONOUN = {"female": "woman", "male": "man"}
#: Ages by the words of attributes.toml and kinds.toml.
_AGE_WORDS = {
    "old": "old", "elderly": "old", "ancient": "old", "aged": "old", "young": "young", "teenage": "young",
    "youthful": "young", "little": "child", "adult": "adult", "middle aged": "adult",
}  # fmt: skip


class Cast:
    """The characters of a film, gathered shot by shot."""

    def __init__(self) -> None:
        self.members: dict[str, CastMember] = {}
        self._last_speaker = ""

    def meet(self, reading: Reading) -> None:
        """Take in whom a shot names or declares."""
        for name, description in reading.dialogue.declared:
            self._join(name, description)
        for draft in reading.drafts:
            if draft.named:
                self._join(draft.noun, ", ".join(draft.attributes), draft.gender)

    def speak(
        self, speeches: Sequence[Speech], drafts: Sequence[Draft], before: Sequence[Draft]
    ) -> tuple[Speech, ...]:
        """Return a shot's speeches with the speakers' names in the cast."""
        people = [draft for draft in drafts if draft.family == "people"]
        earlier = [draft for draft in before if draft.family == "people"]
        turns = 0
        named: list[Speech] = []
        for speech in speeches:
            name = speech.speaker
            if not name:
                turns += 1
                name = self._unnamed(people, speech, turns, alone=len(speeches) == 1)
            elif name in _PRONOUNS:
                name = self._by_pronoun(name, speech, people, earlier)
            member = self._join(name, speech.description, known=[*people, *earlier])
            self._last_speaker = member.name
            named.append(replace(speech, speaker=member.name))
        return tuple(named)

    def assign(self, draft: Draft) -> Subject:
        """Return a subject with its name in the cast, if it has one."""
        subject = draft.finish()
        if draft.count > 2 or draft.family not in ("people", ""):
            return subject
        name = _phrase_name(draft)
        names = (name,) if is_han(name) else (name, draft.noun)
        same = (m for m in self.members.values() if any(_is_same(m.name, name) for name in names))
        member = next(same, None)
        if member is None:
            return subject
        kind = subject.kind or {"female": "woman", "male": "man"}.get(member.gender, "person")
        return replace(subject, member=member.name, kind=kind)

    def _unnamed(self, people: Sequence[Draft], speech: Speech, turn: int, *, alone: bool) -> str:
        ahead = [draft for draft in people if draft.start <= speech.start and draft.count == 1] or list(
            people
        )
        if len(ahead) == 1 and ahead[0].count == 1:
            return _phrase_name(ahead[0])
        if len(ahead) >= 2:
            return _phrase_name(ahead[(turn - 1) % len(ahead)])
        if alone or not people:
            return (
                self._last_speaker or "narrator" if not people and alone else f"speaker {1 + (turn - 1) % 2}"
            )
        return f"speaker {1 + (turn - 1) % 2}"

    def _by_pronoun(
        self, pronoun: str, speech: Speech, people: Sequence[Draft], earlier: Sequence[Draft]
    ) -> str:
        gender = _PRONOUNS[pronoun]
        ahead = [draft for draft in people if draft.start <= speech.start] or list(people)
        for draft in (*reversed(ahead), *reversed(earlier)):
            if gender == "unknown" or draft.gender in (gender, "unknown"):
                return _phrase_name(draft)
        for member in reversed(self.members.values()):
            if gender in ("unknown", member.gender):
                return member.name
        return _NAME_OF_PRONOUN.get(gender, "speaker 1")

    def _join(
        self, name: str, description: str, gender: str = "unknown", known: Sequence[Draft] = ()
    ) -> CastMember:
        met = next((m for m in self.members.values() if _is_same(m.name, name)), None)
        if met is None:
            # "the wizard says" speaks of "an old wizard": the fuller name is the member's.
            full = next((d for d in known if _is_same(_phrase_name(d), name)), None)
            name = _phrase_name(full) if full is not None and len(_phrase_name(full)) > len(name) else name
            met = next((m for m in self.members.values() if _is_same(m.name, name)), None)
        if met is None:
            told_gender, age = describe(f"{name}, {description}")
            gender = told_gender if told_gender != "unknown" else gender
            met = CastMember(
                name=name, description=description, gender=cast("Gender", gender), age=cast("Age", age)
            )
        elif description and not met.description:
            met = replace(met, description=description)
        self.members[met.name] = met
        return met


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


def _is_same(name: str, other: str) -> bool:
    """Tell whether two names are one character: equal, or one leaves out describing words of the other."""
    mine, theirs = name.lower().split(), other.lower().split()
    if mine == theirs:
        return True
    if is_han(name) and is_han(other):
        return name.endswith(other) or other.endswith(name)  # "红衣女子" is "女子"
    if not mine or not theirs or mine[-1] != theirs[-1] or mine[-1].isdigit():
        return False
    return set(mine) <= set(theirs) or set(theirs) <= set(mine)
