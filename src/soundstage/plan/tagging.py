# ruff: noqa: PLR0911 - each return is one rule of word order, in the order in which they count
"""Stage 1 of 5, part: which words of a sentence are its verbs. Knows no phrase and no film.

Half of all English verbs are nouns too ("waves", "a run"), and participles describe as often as they tell
("a running dog", "a dog running"). Order decides: what stands before a word, what stands behind it, and
whether its clause still waits for a verb. Behind this module a unit with the role VERB is a deed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.plan.phrases import acts_on, is_animate, takes_plural
from soundstage.plan.surroundings import AFTER_VERBS, NOMINAL, OPENS, Surroundings
from soundstage.plan.units import Role, Unit
from soundstage.plan.verb_readings import forms_of, is_bare, mid_of, performs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.lexicon import Hit

#: What each of a few does may follow them: "one holding a sword".
_PRONOMINAL = frozenset({"each", "all", "both", "one", "two", "another", "some", "any", "every one", "three"})
_ACTED_ON = OPENS | {Role.PRONOUN}
_ONE_DOES = frozenset({"each", "one", "another"})
_ALL_DO = frozenset({"both", "all", "some", "many"})
_MODALS = frozenset({
    "can", "will", "would", "should", "could", "may", "might", "must", "do", "does", "did", "cannot", "can't",
    "won't", "doesn't", "don't", "didn't", "let's", "let us",
})  # fmt: skip
#: A preposition before a participle that still tells a deed: "by holding hands".
_BEFORE_DEEDS = frozenset({"by", "after", "before", "without", "upon", "about", "for", "from"})


def tag(units: Sequence[Unit]) -> list[Unit]:
    """Return the units with the role each plays in its sentence; verbs carry the form that fits first."""
    tagger = _Tagger(units)
    return [tagger.take(at) for at in range(len(units))]


class _Tagger(Surroundings):
    """Decides for one unit after another."""

    def take(self, at: int) -> Unit:
        """Return unit `at` as it is meant, and remember it."""
        unit = self._resolved(at)
        self.at = at
        self._note(unit)
        return unit

    def _resolved(self, at: int) -> Unit:
        unit, lower = self.units[at], self.units[at].lower
        if lower == "that" and self.head is not None and self._follows_relative(at):
            return replace(unit, role=Role.RELATIVE)
        if lower == "her" and (not self._has_noun_behind(at) or self._is_sensed(at + 1)):
            return replace(unit, role=Role.PRONOUN)
        if lower in ("do", "does", "did") and self._role_of(at + 1) in OPENS:
            return replace(unit, role=Role.VERB, hits=(performs(unit), *unit.hits))
        if unit.words[0].lower == "mid" and len(unit.words) > 1 and (verb := mid_of(unit)):
            return replace(unit, role=Role.VERB, hits=(verb,))
        if unit.role not in NOMINAL and unit.role is not Role.VERB:
            left = unit.role is Role.HEADING and unit.hit("verbs") and self._role_of(at + 1) in OPENS
            if not (left and self.finite is None and self.subject is not None):
                return unit
        forms = forms_of(unit)
        if not forms:
            named = unit.role is Role.VERB and self.in_phrase and self.head is None
            return replace(unit, role=Role.UNKNOWN) if named else unit  # "a yellow crane"
        chosen = self._choose(forms)
        role = self._decide(at, unit, chosen)
        if role is not Role.VERB:
            return unit if role is unit.role else Unit(unit.words, role, unit.hits)
        return Unit(unit.words, role, (chosen, *(hit for hit in unit.hits if hit is not chosen)))

    def _choose(self, forms: Sequence[Hit]) -> Hit:
        """Return the reading that fits: "saw" behind a subject is what somebody saw."""
        if len(forms) > 1 and self.subject is not None and self.finite is None:
            past = next((hit for hit in forms if hit.form in ("s", "ed")), None)
            if past is not None and not _is(self.before, "to"):
                return past
        return forms[0]

    def _decide(self, at: int, unit: Unit, hit: Hit) -> Role:
        before, form = self.before, hit.form
        nominal = unit.role if unit.role is not Role.VERB else Role.UNKNOWN
        if before is not None and before.role is Role.PRONOUN and (self.governor is None or form == "ing"):
            return Role.VERB
        if before is not None and before.role is Role.RELATIVE:
            return Role.VERB
        if before is not None and before.role is Role.AUXILIARY:
            return self._behind_auxiliary(at, hit, nominal, before)
        if _is(before, "to") and form == "base":
            return Role.VERB
        if before is not None and before.role is Role.NEGATOR:
            return nominal if form != "ing" else self._participle(at, hit, nominal)
        if self.in_phrase and (self.head is None or _describes(before)):
            return self._before_noun(at, hit, nominal)
        if self.head is not None:
            return self._behind_noun(at, unit, hit, nominal)
        if before is not None and before.role is Role.VERB:
            return self._behind_verb(at, hit, nominal)
        if self.governor is not None:
            return self._behind_preposition(at, hit, nominal)
        return self._in_the_open(at, unit, hit, nominal)

    # one place each

    def _behind_auxiliary(self, at: int, hit: Hit, nominal: Role, before: Unit) -> Role:
        if hit.form == "base":
            return Role.VERB if before.lower in _MODALS else nominal
        if before.lower.startswith(("there", "here")):
            return self._before_noun(at, hit, nominal)
        if hit.form == "ed" and self.units[at].role is Role.ADJECTIVE and not self._is_next(at, "by"):
            return Role.ADJECTIVE
        return nominal if hit.form == "s" else Role.VERB

    def _before_noun(self, at: int, hit: Hit, nominal: Role) -> Role:
        """Decide between an article and the noun to come: "a running dog", "the run"."""
        follows = self._nominal_at(at + 1)
        if hit.form == "s" and self._has_its_verb(at, follows=follows):
            return Role.VERB
        material = self.before is not None and self.before.hit("materials") is not None and not self.opened
        material = material and self.governor is not None and self.subject is not None
        if material and self.units[at].role is Role.VERB and hit.form in ("base", "s") and self._waits():
            return Role.VERB  # "robots made of glass play chess"
        if hit.form in ("ing", "ed"):
            if (
                self.opened in _PRONOMINAL
                and not follows
                and self.before is not None
                and self.before.role in OPENS
            ):
                return Role.VERB
            if nominal is Role.NOUN:
                return nominal
            if (
                hit.form == "ing"
                and acts_on(hit)
                and len(self.units[at].words) > 1
                and _describes(self.before)
            ):
                return Role.VERB  # "a dry plain kicking up dust"
            if hit.form == "ing" and not follows and not self.opened:
                return Role.VERB  # "paper sliding"
            return Role.ADJECTIVE if follows else nominal
        alone = (
            self.before is not None and self.before.role in OPENS and not follows and self.governor is None
        )
        if alone and self.opened in (_ONE_DOES if hit.form == "s" else _ALL_DO):
            return Role.VERB
        sure = self.units[at].role is Role.VERB or self._role_of(at + 1) in AFTER_VERBS - {Role.BREAK}
        if hit.form == "s" and sure and self._is_told_here(at):
            return Role.VERB  # "a figure in white drifts by"
        return Role.ADJECTIVE if follows and nominal is Role.UNKNOWN and hit.form == "base" else nominal

    def _behind_noun(self, at: int, unit: Unit, hit: Hit, nominal: Role) -> Role:
        """Decide behind a noun: its verb, or more of its name."""
        assert self.head is not None, unit
        follows = self._nominal_at(at + 1)
        living = is_animate(self.head)
        acts = living and hit.form == "s"
        acts = acts or (takes_plural(self.head) and hit.form == "base" and self._role_of(at + 1) in OPENS)
        if unit.hit("film_words") is not None and not acts:
            return nominal  # "underwater shot"
        if hit.form == "ing":
            named = unit.role is Role.NOUN and not living
            return nominal if named and self._role_of(at + 1) not in OPENS else Role.VERB
        if hit.form == "ed":
            if unit.role is Role.ADJECTIVE and not self._is_next(at, "by"):
                return Role.ADJECTIVE
            return Role.ADJECTIVE if follows and not living else Role.VERB
        sensed = self.deed is not None and self.deed.entry.facts.get("sense")
        taken = self.finite is not None and not self.joined and (unit.role is not Role.VERB or is_bare(hit))
        if taken and not (sensed and is_bare(hit)) and (self.governor is None or is_bare(hit)):
            return nominal  # the clause has its verb; this is what is acted on
        many = takes_plural(self.head)
        if hit.form == "s":
            return self._ends_in_s(at, unit, nominal, living=living, many=many)
        return self._is_bare(at, unit, nominal, many=many, follows=follows)

    def _ends_in_s(self, at: int, unit: Unit, nominal: Role, *, living: bool, many: bool) -> Role:
        behind = self._forms_at(at + 1)
        if unit.role is Role.VERB:
            heap = "ing" in behind and not living and not self.opened  # "dew drops glistening"
            more = not living and not self._waits() and self.governor is not None  # "among tomato plants"
            return Role.UNKNOWN if heap or (more and self._role_of(at + 1) not in OPENS) else Role.VERB
        if self._ends_a_governed(at, many=many) or self._cannot_be_several(unit):
            return Role.VERB
        if many and not self._waits():
            return nominal
        if any(form in ("base", "s") for form in behind) and not living:
            return nominal  # "ocean waves crash"
        if any(form == "ing" for form in behind) and not living:
            return nominal
        if unit.role is Role.UNKNOWN and not unit.hits:
            single = self.opened in ("a", "an", "the", "one", "this", "that") or _is_name(self.head)
            single = single or (living and not self.opened and not many)  # "goblin merchant counts coins"
            return Role.VERB if single and self._waits() else nominal
        if living or _is_name(self.head):
            return Role.VERB
        named = bool(self.opened) and self._role_of(at + 1) in AFTER_VERBS
        return Role.VERB if named and self._waits() else nominal

    def _is_bare(self, at: int, unit: Unit, nominal: Role, *, many: bool, follows: bool) -> Role:
        if unit.role is Role.UNKNOWN and not unit.hits:
            return nominal
        verbs_behind = any(form in ("s", "base") for form in self._forms_at(at + 1))
        several = many or self.joined or self._several_wait()
        named = verbs_behind and not (several and unit.role is Role.VERB)
        if named or self.head is None or self._role_of(at + 1) is Role.AUXILIARY:
            return nominal
        senses = self.deed is not None and bool(self.deed.entry.facts.get("sense"))
        alone = is_animate(self.head) and self._role_of(at + 1) in AFTER_VERBS - OPENS
        if several or (senses and (unit.role is Role.VERB or alone)):
            return Role.VERB  # "two men fight", "makes a coin vanish"
        if unit.role is not Role.VERB:
            return nominal
        return Role.VERB if is_animate(self.head) else Role.ADJECTIVE if follows else nominal

    def _behind_verb(self, at: int, hit: Hit, nominal: Role) -> Role:
        """Decide right behind a verb: "begins dancing", "plays drums", "stands frozen"."""
        if hit.form == "ing":
            takes = self.deed is not None and acts_on(self.deed) and not self.deed.entry.facts.get("phase")
            return Role.ADJECTIVE if takes and self._nominal_at(at + 1) and not acts_on(hit) else Role.VERB
        if hit.form == "ed":
            return Role.ADJECTIVE  # "stands frozen", "pours steamed milk"
        return nominal

    def _behind_preposition(self, at: int, hit: Hit, nominal: Role) -> Role:
        if hit.form == "ing":
            follows = self._nominal_at(at + 1)
            if not follows:
                return nominal if nominal is Role.NOUN else Role.VERB
            tells = self.governor is not None and self.governor.lower in _BEFORE_DEEDS
            return Role.VERB if tells and acts_on(hit) else Role.ADJECTIVE
        if hit.form == "ed":
            return Role.ADJECTIVE
        told = (
            hit.form == "s"
            and self.units[at].role is Role.VERB
            and self._waits()
            and self.subject is not None
        )
        return Role.VERB if told else nominal  # "a child below reaches"

    def _in_the_open(self, at: int, unit: Unit, hit: Hit, nominal: Role) -> Role:
        """Decide at the start of a sentence or of one of its parts."""
        follows, behind = self._nominal_at(at + 1), self._role_of(at + 1)
        if hit.form in ("ing", "ed"):
            return self._participle(at, hit, nominal)
        if hit.form == "s":
            if unit.role is Role.VERB:
                return Role.VERB
            noun = unit.hit("nouns")
            part = noun is not None and noun.entry.family == "body" and noun.name != "face"
            if part and behind not in _ACTED_ON:
                return nominal  # "hands in the air"
            goes_on = self.finite is not None or (self.deed is not None and self.subject is not None)
            if self.subject is not None and (behind in _ACTED_ON or self._opens_deeds(at)):
                return Role.VERB  # "The detective, in a fedora, lights a cigarette"
            return Role.VERB if goes_on and not follows and behind in AFTER_VERBS else nominal
        infinitive = self.deed is not None and self.deed.form == "base" and self.before is not None
        if infinitive and (unit.role is Role.VERB or behind in OPENS or behind is Role.PREPOSITION):
            return Role.VERB
        later = self._forms_at(at + 1)
        told = ("s" in later or "ing" in later) and not hit.entry.facts.get("phase")
        if unit.role is Role.VERB and (told or self._is_listed_alone(at, hit)):
            return nominal  # "sand slips", "dust trailing", "an old guitar, dust, sunlight"
        if unit.role is Role.VERB:
            joins = self.before is not None and self.before.role is Role.CONJUNCTION and self.deed is None
            if joins and self.subject is not None and behind not in OPENS:
                return nominal  # "juice and pulp"
            return Role.ADJECTIVE if follows and not acts_on(hit) else Role.VERB
        return (
            Role.VERB if behind in OPENS and self.before is None and unit.role is not Role.NOUN else nominal
        )

    def _participle(self, at: int, hit: Hit, nominal: Role) -> Role:
        follows = self._nominal_at(at + 1)
        if nominal is Role.NOUN and self._role_of(at + 1) not in OPENS:
            return nominal
        if not follows:
            return Role.VERB
        if hit.form == "ed":
            return Role.ADJECTIVE
        return Role.VERB if acts_on(hit) else Role.ADJECTIVE


def _describes(unit: Unit | None) -> bool:
    return unit is not None and (unit.role is Role.ADJECTIVE or unit.hit("colours") is not None)


def _is(unit: Unit | None, word: str) -> bool:
    return unit is not None and unit.lower == word


def _is_name(unit: Unit | None) -> bool:
    return unit is not None and unit.role is Role.NAME
