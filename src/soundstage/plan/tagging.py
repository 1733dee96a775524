"""Stage 1 of 5, part: which words of a sentence are its verbs. Knows no phrase and no film.

Half of all English verbs are nouns too ("waves", "a run"), and participles describe as often as they tell
("a running dog", "a dog running"). Order decides: what stands before a word, what stands behind it, and
whether its clause still waits for a verb. Behind this module a unit with the role VERB is a deed.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from soundstage.plan.inflection import stem_of
from soundstage.plan.lexicon import Entry, Hit, lexicon, rules
from soundstage.plan.phrases import acts_on, is_animate, names_several
from soundstage.plan.units import Role, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.inflection import Form

NOMINAL = frozenset({Role.NOUN, Role.NAME, Role.UNKNOWN, Role.SCENE, Role.ADJECTIVE})
_HEADS = NOMINAL - {Role.ADJECTIVE}
_OPENS = frozenset({Role.DETERMINER, Role.NUMBER})
#: Behind a verb rather than behind a noun that describes another.
_AFTER_VERBS = frozenset({
    Role.DETERMINER, Role.NUMBER, Role.PREPOSITION, Role.ADVERB, Role.PRONOUN, Role.HEADING, Role.ADVERBIAL,
    Role.BREAK, Role.CONJUNCTION, Role.SIMILE, Role.RELATIVE, Role.NEGATOR,
})  # fmt: skip
#: What each of a few does may follow them: "one holding a sword".
_PRONOMINAL = frozenset({"each", "all", "both", "one", "two", "another", "some", "any", "every one", "three"})
_ONE_DOES = frozenset({"each", "one", "another"})
_ALL_DO = frozenset({"both", "all", "some", "many"})
_MODALS = frozenset({
    "can", "will", "would", "should", "could", "may", "might", "must", "do", "does", "did", "cannot", "can't",
    "won't", "doesn't", "don't", "didn't", "let's", "let us",
})  # fmt: skip
#: Conjunctions that open a clause with an actor of its own.
_CLAUSES = frozenset({
    "while", "as", "when", "whenever", "until", "because", "although", "though", "once", "whilst", "just as",
    "even as", "but", "so", "if", "before", "after", "yet", "since",
})  # fmt: skip
#: A preposition before a participle that still tells a deed: "by holding hands".
_BEFORE_DEEDS = frozenset({"by", "after", "before", "without", "upon", "about", "for", "from"})
_COMMAS = frozenset(",，、—–")
#: A verb no table knows; and what stands for a clause's verb where it is but "is".
_UNKNOWN_VERB = Entry("verbs", "", "", MappingProxyType({}))
_AUXILIARY = Hit(_UNKNOWN_VERB, "s", "be")


def tag(units: Sequence[Unit]) -> list[Unit]:
    """Return the units with the role each plays in its sentence; verbs carry the form that fits first."""
    tagger = _Tagger(units)
    return [tagger.take(at) for at in range(len(units))]


class _Tagger:
    """One pass from left to right; what is behind a unit is looked at as it stands in the tables."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        self.at = 0
        self.before: Unit | None = None  #: the unit before, adverbs left out
        self.opened = ""  #: the article of the phrase being read
        self.in_phrase = False
        self.head: Unit | None = None  #: the noun of the phrase being read, if it has one
        self.governor: Unit | None = None
        self.subject: Unit | None = None
        self.joined = False  #: the subject is the second of two
        self.finite: Hit | None = None  #: the verb the clause has
        self.fresh = True  #: nothing stands between here and a comma but a phrase
        self.deed: Hit | None = None  #: the last verb at all

    def take(self, at: int) -> Unit:
        """Return unit `at` as it is meant, and remember it."""
        unit = self._resolved(at)
        self.at = at
        self._note(unit)
        return unit

    def _resolved(self, at: int) -> Unit:
        unit = self.units[at]
        if unit.lower == "that" and self.head is not None and self._follows_relative(at):
            return replace(unit, role=Role.RELATIVE)
        if unit.lower == "her" and not self._has_noun_behind(at):
            return replace(unit, role=Role.PRONOUN)
        if unit.lower in ("do", "does", "did") and self._role_of(at + 1) in _OPENS:
            return replace(unit, role=Role.VERB, hits=(_performs(unit), *unit.hits))
        if unit.words[0].lower == "mid" and len(unit.words) > 1 and (verb := _mid(unit)):
            return replace(unit, role=Role.VERB, hits=(verb,))
        if unit.role not in NOMINAL and unit.role is not Role.VERB:
            left = unit.role is Role.HEADING and unit.hit("verbs") and self._role_of(at + 1) in _OPENS
            if not (left and self.finite is None and self.subject is not None):
                return unit
        forms = _forms_of(unit)
        if not forms:
            named = unit.role is Role.VERB and self.in_phrase and self.head is None
            return replace(unit, role=Role.UNKNOWN) if named else unit  # "a yellow crane"
        chosen = self._choose(forms)
        role = self._decide(at, unit, chosen)
        if role is not Role.VERB:
            return unit if role is unit.role else replace(unit, role=role)
        return replace(unit, role=role, hits=(chosen, *(hit for hit in unit.hits if hit is not chosen)))

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
        material = self.before is not None and self.before.hit("materials") is not None and not self.opened
        material = material and self.governor is not None and self.subject is not None
        if material and self.units[at].role is Role.VERB and hit.form in ("base", "s") and self._waits():
            return Role.VERB  # "robots made of glass play chess"
        if hit.form in ("ing", "ed"):
            if (
                self.opened in _PRONOMINAL
                and not follows
                and self.before is not None
                and self.before.role in _OPENS
            ):
                return Role.VERB
            if nominal is Role.NOUN:
                return nominal
            if hit.form == "ing" and acts_on(hit) and len(self.units[at].words) > 1 and _describes(self.before):
                return Role.VERB  # "a dry plain kicking up dust"
            if hit.form == "ing" and not follows and not self.opened:
                return Role.VERB  # "paper sliding"
            return Role.ADJECTIVE if follows else nominal
        alone = (
            self.before is not None and self.before.role in _OPENS and not follows and self.governor is None
        )
        if alone and self.opened in (_ONE_DOES if hit.form == "s" else _ALL_DO):
            return Role.VERB
        if hit.form == "s" and self.units[at].role is Role.VERB and self._is_told_here(at):
            return Role.VERB  # "a figure in white drifts by"
        return Role.ADJECTIVE if follows and nominal is Role.UNKNOWN and hit.form == "base" else nominal

    def _behind_noun(self, at: int, unit: Unit, hit: Hit, nominal: Role) -> Role:
        """Decide behind a noun: its verb, or more of its name."""
        assert self.head is not None, unit
        follows = self._nominal_at(at + 1)
        living = is_animate(self.head)
        if unit.hit("film_words") is not None and not (living and hit.form == "s"):
            return nominal  # "underwater shot"
        if hit.form == "ing":
            named = unit.role is Role.NOUN and not living
            return nominal if named and self._role_of(at + 1) not in _OPENS else Role.VERB
        if hit.form == "ed":
            if unit.role is Role.ADJECTIVE and not self._is_next(at, "by"):
                return Role.ADJECTIVE
            return Role.ADJECTIVE if follows and not living else Role.VERB
        sensed = self.deed is not None and self.deed.entry.facts.get("sense")
        if self.finite is not None and not self.joined and (unit.role is not Role.VERB or form_is_bare(hit)):
            if not (sensed and form_is_bare(hit)) and (self.governor is None or form_is_bare(hit)):
                return nominal  # the clause has its verb; this is what is acted on
        many = names_several(self.head) or self.head.lower in rules("inflection")["many"]["nouns"]
        if hit.form == "s":
            return self._ends_in_s(at, unit, nominal, living=living, many=many)
        return self._is_bare(at, unit, nominal, many=many, follows=follows)

    def _ends_in_s(self, at: int, unit: Unit, nominal: Role, *, living: bool, many: bool) -> Role:
        behind = self._forms_at(at + 1)
        if unit.role is Role.VERB:
            heap = "ing" in behind and not living and not self.opened  # "dew drops glistening"
            more = not living and not self._waits() and self.governor is not None  # "among tomato plants"
            return Role.UNKNOWN if heap or (more and self._role_of(at + 1) not in _OPENS) else Role.VERB
        if self._ends_a_governed(at, many=many):
            return Role.VERB
        if many and not self._waits():
            return nominal
        if any(form in ("base", "s") for form in behind) and not living:
            return nominal  # "ocean waves crash"
        if any(form == "ing" for form in behind) and not living:
            return nominal
        if unit.role is Role.UNKNOWN and not unit.hits:
            single = self.opened in ("a", "an", "the", "one", "this", "that") or _is_name(self.head)
            return Role.VERB if single and self._waits() else nominal
        if living or _is_name(self.head):
            return Role.VERB
        named = bool(self.opened) and self._role_of(at + 1) in _AFTER_VERBS
        return Role.VERB if named and self._waits() else nominal

    def _ends_a_governed(self, at: int, *, many: bool) -> bool:
        """Tell whether a phrase behind a preposition is whole: "an alien with big eyes waves at us"."""
        waits = self._waits() and self.governor is not None and self.governor.role is not Role.OF
        single = self.subject is not None and is_animate(self.subject) and not names_several(self.subject)
        return waits and single and (many or bool(self.opened)) and self._role_of(at + 1) in _AFTER_VERBS

    def _is_bare(self, at: int, unit: Unit, nominal: Role, *, many: bool, follows: bool) -> Role:
        if unit.role is Role.UNKNOWN and not unit.hits:
            return nominal
        verbs_behind = any(form in ("s", "base") for form in self._forms_at(at + 1))
        several = many or self.joined or self._several_wait()
        if (verbs_behind and not (several and unit.role is Role.VERB)) or self._role_of(
            at + 1
        ) is Role.AUXILIARY:
            return nominal
        if several:
            return Role.VERB
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

    def _is_told_here(self, at: int) -> bool:
        """Tell whether a clause that waits for its verb gets none behind the word at `at`."""
        waits = self._waits() and self.subject is not None and self.governor is not None and not self.opened
        later = any(form in ("s", "ed") for form in self._forms_at(at + 1))
        return waits and not later and self._role_of(at + 1) is not Role.AUXILIARY

    def _in_the_open(self, at: int, unit: Unit, hit: Hit, nominal: Role) -> Role:
        """Decide at the start of a sentence or of one of its parts."""
        follows, behind = self._nominal_at(at + 1), self._role_of(at + 1)
        if hit.form in ("ing", "ed"):
            return self._participle(at, hit, nominal)
        if hit.form == "s":
            if unit.role is Role.VERB:
                return Role.VERB
            noun = unit.hit("nouns")
            if noun is not None and noun.entry.family == "body" and noun.name != "face" and behind not in _OPENS:
                return nominal  # "hands in the air"
            goes_on = self.finite is not None or (self.deed is not None and self.subject is not None)
            if self.subject is not None and behind in _OPENS:
                return Role.VERB  # "The detective, in a fedora, lights a cigarette"
            return Role.VERB if goes_on and not follows and behind in _AFTER_VERBS else nominal
        infinitive = self.deed is not None and self.deed.form == "base" and self.before is not None
        if infinitive and (unit.role is Role.VERB or behind in _OPENS or behind is Role.PREPOSITION):
            return Role.VERB
        if unit.role is Role.VERB:
            joins = self.before is not None and self.before.role is Role.CONJUNCTION and self.deed is None
            if joins and self.subject is not None and behind not in _OPENS:
                return nominal  # "juice and pulp"
            return Role.ADJECTIVE if follows and not acts_on(hit) else Role.VERB
        return (
            Role.VERB if behind in _OPENS and self.before is None and unit.role is not Role.NOUN else nominal
        )

    def _participle(self, at: int, hit: Hit, nominal: Role) -> Role:
        follows = self._nominal_at(at + 1)
        if nominal is Role.NOUN and self._role_of(at + 1) not in _OPENS:
            return nominal
        if not follows:
            return Role.VERB
        if hit.form == "ed":
            return Role.ADJECTIVE
        return Role.VERB if acts_on(hit) else Role.ADJECTIVE

    # what stands around

    def _waits(self) -> bool:
        """Tell whether the clause still has no verb."""
        return self.finite is None

    def _several_wait(self) -> bool:
        several = self.subject is not None and (
            names_several(self.subject) or self.subject.lower in rules("inflection")["many"]["nouns"]
        )
        return several and self.finite is None and self.governor is not None

    def _role_of(self, at: int) -> Role:
        return self.units[at].role if at < len(self.units) else Role.BREAK

    def _is_next(self, at: int, word: str) -> bool:
        return at + 1 < len(self.units) and self.units[at + 1].lower == word

    def _forms_at(self, at: int) -> tuple[str, ...]:
        return tuple(hit.form for hit in _forms_of(self.units[at])) if at < len(self.units) else ()

    def _nominal_at(self, at: int) -> bool:
        """Tell whether a noun, or what describes one, stands at `at`."""
        if at >= len(self.units):
            return False
        unit = self.units[at]
        if unit.role is Role.ADVERB:
            return self._role_of(at + 1) is Role.ADJECTIVE and self._nominal_at(at + 2)
        if unit.role is Role.VERB:
            return unit.hits[0].form in ("ing", "ed") and self._nominal_at(at + 1) if unit.hits else False
        return unit.role in NOMINAL

    def _has_noun_behind(self, at: int) -> bool:
        return self._nominal_at(at + 1) or self._role_of(at + 1) in (Role.VERB, Role.NUMBER)

    def _follows_relative(self, at: int) -> bool:
        role = self._role_of(at + 1)
        forms = self._forms_at(at + 1)
        return role in (Role.VERB, Role.AUXILIARY, Role.PRONOUN, Role.ADVERB, Role.NEGATOR) or any(
            form in ("s", "ed") for form in forms
        )

    # what is remembered

    def _note(self, unit: Unit) -> None:
        role = unit.role
        if role is Role.ADVERB:
            return
        if role in _OPENS:
            if self.head is not None or not self.in_phrase:
                self.opened = unit.lower
            self.in_phrase, self.head = True, None
        elif role in NOMINAL:
            self._note_noun(unit)
        else:
            self._note_other(unit)
        self.before = unit

    def _note_noun(self, unit: Unit) -> None:
        if not self.in_phrase:
            self.opened = ""
        self.in_phrase = True
        if unit.role in _HEADS:
            self.head = unit
            acted_on = self.deed is not None and self.finite is not None and not self.joined
            if self.governor is None and (self.fresh or not acted_on):
                self.subject = unit
                self.finite = None if self.fresh else self.finite

    def _note_other(self, unit: Unit) -> None:
        role = unit.role
        phrase_before = self.head is not None
        if role is Role.RELATIVE:
            self.subject, self.finite = self.head or self.subject, None
        self.in_phrase, self.head, self.opened = False, None, ""
        self.fresh = role is Role.BREAK or (role is Role.CONJUNCTION and self.fresh)
        if role in (Role.PREPOSITION, Role.OF, Role.SIMILE):
            self.governor = unit
            return
        self.joined = (
            role is Role.CONJUNCTION and unit.lower in ("and", "&", "n") and phrase_before and self._waits()
        )
        governor, self.governor = self.governor, None
        if role is Role.VERB:
            self._note_verb(unit, governor)
        elif role is Role.AUXILIARY:
            self.finite = self.finite or _AUXILIARY
        elif role is Role.PRONOUN and governor is None and self.deed is None:
            self.subject, self.finite = unit, None
        elif role is Role.PRONOUN:
            self.subject, self.finite = unit, None
        elif role is Role.BREAK and unit.lower not in _COMMAS:
            self.subject, self.finite, self.deed = None, None, None
        elif role is Role.BREAK:
            self.finite = self.finite if self.subject is not None else None
        elif role is Role.CONJUNCTION and unit.lower in _CLAUSES:
            self.subject, self.finite, self.deed = None, None, None

    def _note_verb(self, unit: Unit, governor: Unit | None) -> None:
        hit = unit.hit("verbs")
        self.deed = hit
        form = hit.form if hit else "s"
        if hit is not None and form == "ed" and acts_on(hit) and self._role_of(self.at + 1) is Role.PREPOSITION:
            return  # "a donkey loaded with carpets" still waits for its verb
        if form == "s" or (form in ("base", "ed") and not (governor and governor.lower == "to")):
            self.finite = hit or _AUXILIARY


def _describes(unit: Unit | None) -> bool:
    return unit is not None and (unit.role is Role.ADJECTIVE or unit.hit("colours") is not None)


def _is(unit: Unit | None, word: str) -> bool:
    return unit is not None and unit.lower == word


def _is_name(unit: Unit | None) -> bool:
    return unit is not None and unit.role is Role.NAME


def _forms_of(unit: Unit) -> tuple[Hit, ...]:
    """Return a unit's readings as a verb; a word no table knows gets those its ending allows."""
    known = tuple(hit for hit in unit.hits if hit.table == "verbs")
    if known or unit.role is not Role.UNKNOWN or unit.hits:
        return known
    word = unit.words[0].lower
    stem = stem_of(word)
    for ending, least in (("ing", 6), ("ed", 5), ("s", 4)):
        if word.endswith(ending) and len(word) >= least and not word.endswith(("ss", "us", "is")):
            meant = _meant(stem) or _meant(stem + "e")  # "siting" is a slip of the finger
            return (
                Hit(
                    meant.entry if meant else _UNKNOWN_VERB,
                    cast("Form", ending),
                    meant.stem if meant else stem,
                ),
            )
    return (Hit(_UNKNOWN_VERB, "base", word),)


def _meant(stem: str) -> Hit | None:
    return next((hit for hit in lexicon().meanings(stem, "verbs") if hit.form == "base"), None)


def _performs(unit: Unit) -> Hit:
    hit = _meant("do")
    assert hit is not None
    return Hit(hit.entry, "base" if unit.lower == "do" else "s", hit.stem)


def _mid(unit: Unit) -> Hit | None:
    """Return what somebody "in mid-leap" does."""
    last = unit.words[-1].lower
    hit = _meant(str(rules("inflection")["nominal"].get(last, last)))
    return Hit(hit.entry, "ing", hit.stem) if hit else None


def form_is_bare(hit: Hit) -> bool:
    """Tell whether a verb stands in its base form."""
    return hit.form == "base"
