"""Words no table knows: what stands nearest to them, and what never does."""

from __future__ import annotations

from importlib.resources import files

import pytest

from soundstage.plan import write_screenplay
from soundstage.plan.lexicon import lexicon

DATA = files("soundstage.plan").joinpath("data")
HYPERNYMS = [line.split("\t") for line in DATA.joinpath("hypernyms.tsv").read_text("utf-8").splitlines()]
VERBS = [line.split("\t") for line in DATA.joinpath("verb_hypernyms.tsv").read_text("utf-8").splitlines()]


def test_the_list_is_large_and_sorted():
    """Five thousand nouns at least, in the order in which they are looked up."""
    nouns = [word for word, meaning in HYPERNYMS if meaning.startswith("nouns:")]
    assert len(nouns) >= 5000
    for lines in (HYPERNYMS, VERBS):
        words = [f"{word}\t" for word, _ in lines]
        assert words == sorted(set(words))


def test_every_meaning_is_an_entry():
    """The list points at entries that are there: one renamed in a table is found here."""
    known = lexicon()
    for word, meaning in HYPERNYMS:
        for reference in meaning.split():
            table, _, name = reference.partition(":")
            assert known.entry(table, name), (word, reference)
    for verb, action in VERBS:
        assert known.entry("verbs", action), (verb, action)


def test_source_and_licence_are_recorded():
    """WordNet asks that its notice goes wherever its words go."""
    licence = DATA.joinpath("hypernyms.LICENSE").read_text("utf-8")
    assert "WordNet 3.1" in licence
    assert "Princeton University" in licence


@pytest.mark.parametrize(
    ("prompt", "noun", "kind"),
    [
        ("A wombat digs", "wombat", "kangaroo"),
        ("Two lemurs sit on a bough", "lemurs", "monkey"),
        ("A harpsichord stands in the fog", "harpsichord", "instrument"),
        ("A phlebotomist waves", "phlebotomist", "worker"),
        ("A fire hydrant sprays water", "fire hydrant", "fountain"),
        ("A schnauzer barks", "schnauzer", "dog"),
        ("Close-up of a ptarmigan", "ptarmigan", "duck"),
        ("A zither on a table", "zither", "instrument"),
    ],
)
def test_unknown_noun_is_the_nearest_kind(prompt, noun, kind, order):
    """A noun no table knows is kept as it is written, with the kind that stands nearest."""
    subject = write_screenplay(order(prompt)).shots[0].subjects[0]
    assert (subject.noun, subject.kind) == (noun, kind)


@pytest.mark.parametrize(
    ("word", "kind"),
    [("bat", "bat"), ("mouse", "squirrel"), ("seal", "dolphin"), ("model", "person"), ("figure", "person")],
)
def test_tables_come_first(word, kind, order):
    """A word the tables know means what they say, whatever else it may mean."""
    assert write_screenplay(order(f"A {word} moves slowly")).shots[0].subjects[0].kind == kind


@pytest.mark.parametrize("prompt", ["The ambiguity grows", "Justice for all", "A forest, honesty, eternity"])
def test_ideas_are_no_subjects(prompt, order):
    """What cannot be seen is nobody in the picture."""
    assert not write_screenplay(order(prompt)).shots[0].subjects


def test_a_name_is_no_town_when_it_acts(order):
    """Jackson who walks is a man; in Jackson is in a town."""
    shot = write_screenplay(order("Jackson walks into the saloon")).shots[0]
    assert shot.subjects[0].noun == "Jackson"
    assert write_screenplay(order("Georgia smiles in a garden")).shots[0].place == "garden"
    assert write_screenplay(order("A man sits in Jackson")).shots[0].place == "city_street"


def test_a_zorbotron_stays_a_zorbotron(order):
    """A word no list knows is kept, with no kind."""
    subject = write_screenplay(order("A zorbotron sleeps")).shots[0].subjects[0]
    assert (subject.noun, subject.kind) == ("zorbotron", None)
