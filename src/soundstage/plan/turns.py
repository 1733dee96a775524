"""Stage 1 of 5, part: who "she", "the other" and nobody named are, over all shots. Knows no picture.

A pronoun is the latest person it fits, subjects before objects; who replies is not who spoke last; quotes
that nobody introduces go back and forth between those present. "A baker named Tom" makes both names one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.plan.meeting import aliases_in, apposed, people_in
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.speech_words import names
from soundstage.plan.tables import rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.plan.dialogue import Dialogue, Speech
    from soundstage.plan.naming import Named

_GENDERS = {"she": "female", "he": "male"}
_PRONOUNS = frozenset({"she", "he", "they", "it", "i", "we", "you"})
_NAMELESS = {
    "she": "woman",
    "he": "man",
    "they": "everyone",
    "it": "voice",
    "i": "narrator",
    "we": "everyone",
    "you": "viewer",
}
_NARRATOR = "narrator"
_CROWDS = frozenset({"everyone", "everybody", "all", "both"})
_OTHERS = lazy_pattern(r"^(?:the |an)?other(?: one)?$|^another$")
#: Characters behind a line in which its speaker may be named.
_TAG = 60
_ORDINALS = {"first": 0, "second": 1, "third": 2}


def name_speakers(dialogues: Sequence[Dialogue]) -> tuple[list[tuple[Speech, ...]], Mapping[str, str]]:
    """Return each shot's speeches with the names of those who speak, and what else they are called.

    Every one has the same name all through; the second is by other names in lower case: "baker" of Tom.
    """
    if not any(dialogue.speeches for dialogue in dialogues):
        return [()] * len(dialogues), {}
    turns = _Turns()
    last = max(at for at, dialogue in enumerate(dialogues) if dialogue.speeches)
    spoken = [turns.take(dialogue) for dialogue in dialogues[: last + 1]]
    return [*spoken, *[()] * (len(dialogues) - last - 1)], turns.aliases


class _Turns:
    """Who has been met and who has spoken, up to where the film is read."""

    def __init__(self) -> None:
        self.aliases: dict[str, str] = {}
        self.genders: dict[str, str] = {}
        self.met: list[Named] = []  #: of the shots before
        self.spoken: list[str] = []
        self.questions: list[bool] = []  #: whether each line spoken asks something

    def take(self, dialogue: Dialogue) -> tuple[Speech, ...]:
        people: list[Named] = []
        here = _present_in(dialogue)
        for alias, name in (*dialogue.aliases, *aliases_in(dialogue.rest, here)):
            self.aliases.setdefault(alias.lower(), name)
        for who in here:
            name = (
                who.name if who.name.lower() in _PRONOUNS else self._canonical(self._fuller(who.name, people))
            )
            people.append(replace(who, name=name))
        people = [apposed(dialogue.rest, people, at) for at in range(len(people))]
        for who in people:
            if who.gender != "unknown":
                self.genders.setdefault(who.name.lower(), who.gender)
        first = len(self.spoken)
        named: list[Speech] = []
        for speech in dialogue.speeches:
            name = self._name(speech, people, first, len(dialogue.speeches))
            off_screen = speech.off_screen or name == _NARRATOR
            gender = _GENDERS.get(speech.speaker, "unknown")
            if gender != "unknown":
                self.genders.setdefault(name.lower(), gender)
            self.spoken.append(name)
            self.questions.append(speech.text.endswith("?"))
            named.append(
                replace(
                    speech,
                    speaker=name,
                    off_screen=off_screen,
                    gender=self.genders.get(name.lower(), "unknown"),
                )
            )
        self.met += [who for who in people if who.name not in _PRONOUNS]
        return tuple(named)

    def _canonical(self, name: str) -> str:
        return self.aliases.get(name.lower(), name)

    def _name(self, speech: Speech, people: Sequence[Named], first: int, count: int) -> str:
        said = speech.speaker
        if speech.goes_on and len(self.spoken) > first and not self._asks_back(speech, first):
            return self.spoken[-1]
        if not said:
            return self._turn(speech, people, first, alone=count == 1)
        lower = said.lower()
        if lower in _PRONOUNS:
            return self._pronoun(lower, speech, people)
        if _OTHERS.match(lower):
            return self._other(speech, people)
        ordinal = next(
            (at for word, at in _ORDINALS.items() if re.fullmatch(rf"(?:the )?{word}(?: one)?", lower)), None
        )
        if ordinal is not None or lower == "one":
            return self._of_pair(ordinal or 0, speech, people)
        return self._canonical(self._fuller(said, people))

    def _asks_back(self, speech: Speech, first: int) -> bool:
        """Tell whether a line behind another's tag is the other's: an answer, or a question back."""
        here = self.spoken[first:]
        answered = here[-2:] != here[-1:] * 2 and self.questions[first:][-2:-1] == [True]
        # "“When?” the chef asks. “This morning.”": two who talk, and the question has its answer.
        answers = len(set(here)) > 1 and self.questions[-1] and speech.text.endswith(".")
        return answers or (answered and speech.text.endswith("?"))

    def _fuller(self, name: str, people: Sequence[Named]) -> str:
        """Return the name somebody was met under: "the wizard" is the old wizard there."""
        if name.lower() in self.aliases:
            return name
        words = name.lower().split()
        known = [who.name for who in (*self.met, *people) if who.person and not who.several]
        known += self.spoken
        matching = [
            k
            for k in dict.fromkeys(known)
            if k.lower().split()[-1:] == words[-1:] and set(words) <= set(k.lower().split())
        ]
        if any(k.lower() == name.lower() for k in matching):
            return name
        return matching[-1] if matching and not words[-1].isdigit() else name

    # pronouns

    def _fits(self, who: Named, pronoun: str) -> bool:
        if who.name.lower() in _PRONOUNS or who.unseen:
            return False
        if pronoun == "they":
            return who.several
        if pronoun == "it":
            return not who.several and who.gender == "unknown"
        if who.several or not who.person:
            return False
        gender = self.genders.get(who.name.lower(), who.gender)
        return gender in (_GENDERS.get(pronoun, gender), "unknown")

    def _pronoun(self, pronoun: str, speech: Speech, people: Sequence[Named]) -> str:
        before = [who for who in people if who.start < speech.start and self._fits(who, pronoun)]
        # "he says to the boy behind him: …": whom a line is said to does not say it.
        own = [who.start for who in people if who.name == pronoun and who.free and who.start < speech.start]
        if own:
            before = [who for who in before if who.free or who.start < own[-1]] or before
        last = self.spoken[-1] if self.spoken else ""
        known = self.genders.get(last.lower(), "unknown")
        agrees = known in (_GENDERS.get(pronoun, known), "unknown") and pronoun in _GENDERS
        if last and agrees and (speech.verb in names("continuing") or known == _GENDERS.get(pronoun)):
            others = {who.name for who in before if self._gender(who) == known} - {last}
            newer = [who for who in before if who.start > speech.since]
            if speech.verb in names("continuing") or (not others and speech.verb not in names("reply")):
                return (
                    last
                    if not newer or newer[-1].name == last or self._gender(newer[-1]) == "unknown"
                    else newer[-1].name
                )
        asked = speech.asked and known == "unknown"
        if last and (speech.verb in names("reply") or asked):
            before = [who for who in before if who.name != last] or before
        earlier = [who for who in self.met if self._fits(who, pronoun)]
        if pronoun in _GENDERS:  # a person of an earlier shot before a thing of this one
            people_before = [who for who in before if who.kind == "person"]
            people_earlier = [who for who in earlier if who.kind == "person"]
            before, earlier = (people_before or ([] if people_earlier else before)), people_earlier or earlier
        found = self._nearest(before, pronoun) or self._nearest(earlier, pronoun)
        if found is None:
            spoken = [
                n for n in reversed(self.spoken) if self.genders.get(n.lower()) == _GENDERS.get(pronoun, "")
            ]
            if spoken:
                return spoken[0]
            later = [who for who in people if who.start >= speech.start and self._fits(who, pronoun)]
            found = later[0] if later else None
        return found.name if found else _NAMELESS[pronoun]

    def _gender(self, who: Named) -> str:
        return self.genders.get(who.name.lower(), who.gender)

    def _nearest(self, fitting: Sequence[Named], pronoun: str) -> Named | None:
        """Return the best of those a pronoun fits: of its gender, in the latest sentence, its subject."""
        if not fitting:
            return None
        wanted = _GENDERS.get(pronoun)
        sure = [who for who in fitting if wanted and self._gender(who) == wanted]
        people = [who for who in fitting if who.kind == "person"] if wanted else list(fitting)
        chosen = sure or people or list(fitting)
        sentence = chosen[-1].sentence
        latest = [who for who in chosen if who.sentence == sentence]
        return next((who for who in latest if who.free), latest[-1])

    # turns

    def _present(self, speech: Speech, people: Sequence[Named]) -> list[str]:
        here = [who for who in people if who.start < speech.start] or list(people)
        found = [who.name for who in here if _may_speak(who)]
        found = found or [who.name for who in here if who.kind == "unknown" and who.free and _is_one(who)]
        return list(dict.fromkeys(found))

    def _turn(self, speech: Speech, people: Sequence[Named], first: int, *, alone: bool) -> str:
        present = self._present(speech, people)
        here = self.spoken[first:]
        everyone = list(dict.fromkeys([*here, *present]))
        if not everyone:
            present = list(dict.fromkeys(who.name for who in self.met if _may_speak(who)))
            everyone = list(dict.fromkeys([*self.spoken, *present]))
            several = any(who.several for who in (*self.met, *people))
            if not everyone:
                return _NARRATOR if alone and not several and not speech.verb else "speaker 1"
        # Whoever a line speaks to does not say it: "Higher, Daddy!".
        everyone = [name for name in everyone if not _addresses(speech.text, name)] or everyone
        present = [name for name in present if name in everyone] or everyone
        here = [name for name in here if name in everyone] or here
        last = here[-1] if here else ""
        if not last:
            return everyone[0] if here else (present or everyone)[0]
        others = [name for name in everyone if name != last]
        recent = [name for name in reversed(here) if name != last]
        if recent or others:
            return (recent or others)[0]
        number = re.fullmatch(r"speaker (\d)", last)
        if number:
            return f"speaker {3 - int(number[1])}" if number[1] in "12" else last
        return last

    def _other(self, speech: Speech, people: Sequence[Named]) -> str:
        last = self.spoken[-1] if self.spoken else ""
        ordinal = re.match(r"(first|second) (.+)$", last)
        if ordinal:
            return f"{'second' if ordinal[1] == 'first' else 'first'} {ordinal[2]}"
        others = [name for name in self._present(speech, people) if name != last]
        return others[-1] if others else self._of_pair(1, speech, people)

    def _of_pair(self, at: int, speech: Speech, people: Sequence[Named]) -> str:
        """Return "first man" of "two men", or the one that was named first of two."""
        present = self._present(speech, people)
        if len(present) > at and len(present) > 1:
            return present[at]
        several = [
            who
            for who in (*people, *self.met)
            if who.several and who.person and who.name.lower() not in _PRONOUNS
        ]
        ordinal = ("first", "second", "third")[at]
        return f"{ordinal} {several[-1].single}" if several and several[-1].single else f"speaker {at + 1}"


def _present_in(dialogue: Dialogue) -> tuple[Named, ...]:
    """Return whom a shot names up to its last line; whom it names later only when that is nobody."""
    if not dialogue.speeches:
        return people_in(dialogue.rest)
    heard = people_in(dialogue.rest[: dialogue.speeches[-1].end + _TAG])
    return heard if any(_is_one(who) for who in heard) else people_in(dialogue.rest)


def _addresses(text: str, name: str) -> bool:
    """Tell whether a line calls somebody by a name of theirs."""
    called = rules("speech")["address"]
    words = {word for part in name.lower().split() for word in (part, *called.get(part, ()))}
    return any(
        re.search(rf"(?:^|[,.!?…]\s{{0,2}}){re.escape(word)}(?=[,.!?…]|$)", text, re.IGNORECASE)
        for word in words
    )


def _may_speak(who: Named) -> bool:
    return who.kind == "person" and _is_one(who)


def _is_one(who: Named) -> bool:
    lower = who.name.lower()
    return not who.several and not who.unseen and lower not in _PRONOUNS and lower not in _CROWDS
