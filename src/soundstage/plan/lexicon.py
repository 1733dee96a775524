"""Stage 1 of 5, part: the tables of `data/` as one lexicon with longest match. Knows no grammar.

A table is a TOML file. A line `name = [wordings]` or a section `[name]` with `wordings` is an entry;
sections of lines are families of entries. A newcomer adds a word to a file; no code knows any entry's name
but the grammar's own.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from soundstage.plan.inflection import plural_of, verb_forms
from soundstage.plan.tables import rules
from soundstage.plan.wordings import Wordings, first_word, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from soundstage.plan.inflection import Form
    from soundstage.plan.words import Word

#: Tables whose wordings are matched in prompts.
TABLES = (
    "ambience", "angles", "attributes", "closed", "colours", "degrees", "effects", "eras", "film_words",
    "framings", "headings",
    "lenses", "lights", "materials", "moods", "moves", "music", "nouns", "numbers", "paces", "places",
    "seasons",
    "styles",
    "times", "verbs", "weathers",
)  # fmt: skip
#: Of those, the ones about what is heard. They are matched beside the others, never instead: "a dog barks"
#: is a sound
#: and a dog.
HEARD = frozenset({"ambience", "effects"})
#: Keys of an entry that are words rather than facts.
_WORDED = frozenset({"wordings", "orders", "after_camera", "bare", "never", "hints"})
#: Tables read whole by the part that needs them.
RULES = ("inflection", "kinds", "names", "speech")
#: Tables of nouns: their wordings have plurals.
_COUNTED = frozenset({"nouns", "places", "hints"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning: "forest" among the places."""

    table: str
    name: str
    family: str  #: its section, "quadruped"; empty where a table has none
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry met in a prompt, in one of its forms."""

    entry: Entry
    form: Form = "base"
    stem: str = ""  #: of a verb, the wording met in its base form: "sprint" under "run"
    near: bool = False  #: no table has the wording; its entry only stands nearest to it

    @property
    def table(self) -> str:
        """The table of its entry."""
        return self.entry.table

    @property
    def name(self) -> str:
        """The name of its entry."""
        return self.entry.name


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every wording of every table."""

    phrases: Wordings
    heard: Wordings  #: wordings of sounds
    entries: Mapping[tuple[str, str], Entry]

    def match(self, words: Sequence[Word], at: int) -> tuple[int, tuple[Hit, ...]]:
        """Return how many words from `at` on make the longest known wording, and its meanings."""
        return self.phrases.longest(words, at)

    def match_heard(self, words: Sequence[Word], at: int) -> tuple[int, tuple[Hit, ...]]:
        """Return the same for the names of sounds."""
        return self.heard.longest(words, at)

    def meanings(self, wording: str, table: str) -> tuple[Hit, ...]:
        """Return what a wording means in one table."""
        hits = self.phrases.get(key_of(wording), ())
        return tuple(hit for hit in hits if hit.table == table)

    def entry(self, table: str, name: str) -> Entry | None:
        """Return an entry by its name, or None."""
        return self.entries.get((table, name))


@functools.cache
def lexicon() -> Lexicon:
    """Return all tables as one lexicon; the first call reads the files."""
    entries: dict[tuple[str, str], Entry] = {}
    forms = functools.partial(_forms, entries)
    seen, heard = Wordings(forms), Wordings(forms)
    for table in TABLES:
        words = heard if table in HEARD else seen
        for entry, wordings in read_entries(table):
            entries[entry.table, entry.name] = entry
            if entry.table == "verbs":
                _add_verbs(words, entry, wordings)
                continue
            words.add(entry, wordings)
            if entry.table in _COUNTED:
                _add_plurals(words, entry, wordings)
    return Lexicon(phrases=seen, heard=heard, entries=MappingProxyType(entries))


def read_entries(table: str) -> Iterator[tuple[Entry, tuple[str, ...]]]:
    """Yield a table's entries with their wordings, in file order."""
    moving: set[str] = set()  #: verbs of a camera; one that goes with several moves counts for the first
    for name, value in rules(table).items():
        if isinstance(value, tuple):
            yield Entry(table, name, "", MappingProxyType({})), value
        elif "wordings" in value:
            facts = MappingProxyType({key: fact for key, fact in value.items() if key not in _WORDED})
            orders = tuple(_verb_forms(value.get("orders", ())))
            bare = (wording for wording in value.get("bare", ()) if " " in wording)
            yield Entry(table, name, "", facts), tuple(dict.fromkeys([*value["wordings"], *orders, *bare]))
            if "after_camera" in value:
                # Only the verb itself: what stands behind it ("through the trees") tells where we are.
                verbs = (verb.split()[0] for verb in value["after_camera"])
                forms = [form for form in (*orders, *_verb_forms(dict.fromkeys(verbs))) if form not in moving]
                moving.update(forms)
                yield Entry("camera_moves", name, "", facts), tuple(forms)
            if "hints" in value:
                yield Entry("hints", name, table, facts), value["hints"]
        else:
            for kind, wordings in value.items():
                yield Entry(table, kind, name, rules("kinds").get(kind, MappingProxyType({}))), wordings


def _verb_forms(verbs: Iterable[str]) -> Iterator[str]:
    irregular = rules("inflection")["verbs"]
    for verb in verbs:
        yield from (form for form, _ in verb_forms(verb, irregular))


def _add_verbs(words: Wordings, entry: Entry, wordings: Sequence[str]) -> None:
    """Hold verbs by the first word of each of their forms, in the tables' order: "lay" is of "lie" first."""
    for wording in wordings:
        first = first_word(wording)
        for form in _forms_of_verb(first):
            words.add_by(form, entry, wording)


@functools.cache
def _forms_of_verb(verb: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for form, _ in verb_forms(verb, rules("inflection")["verbs"])))


def _add_plurals(words: Wordings, entry: Entry, wordings: Sequence[str]) -> None:
    irregular = rules("inflection")["plurals"]
    for wording in wordings:
        if " " not in wording and wording.isascii():
            words.add_by(first_word(plural_of(wording, irregular)), entry, wording)


def _forms(entries: Mapping[tuple[str, str], Entry], entry: Entry, wording: str) -> Iterator[tuple[str, Hit]]:
    """Yield a wording in each form with what it then means, and with what it brings along."""
    irregular = rules("inflection")
    if entry.table == "verbs":
        for made, form in verb_forms(wording, irregular["verbs"]):
            yield made, Hit(entry, form, wording)
        return
    made = [(wording, Hit(entry))]
    if entry.table in _COUNTED and wording.isascii():
        made.append((plural_of(wording, irregular["plurals"]), Hit(entry, "plural")))
    yield from made
    for reference in entry.facts.get("also", ()):
        table, _, name = reference.partition(":")
        yield from ((form, Hit(entries[table, name], "implied")) for form, _ in made)
