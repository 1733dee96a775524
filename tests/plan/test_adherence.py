"""cfg_scale: how literal the film is, from only what was said to what the planner likes."""

import pytest

from soundstage.film import Subject
from soundstage.plan import write_screenplay
from soundstage.plan.exclusion import name_items
from soundstage.plan.lexicon import lexicon, rules

PROMPTS = (
    "A fisherman rows across a lake at dawn",
    "A dog sits in a garden",
    "A woman walks down a city street",
)


def invented(screenplay) -> list[Subject]:
    """Return the things nobody asked for."""
    return [subject for shot in screenplay.shots for subject in shot.subjects if subject.invented]


@pytest.mark.parametrize("prompt", PROMPTS)
def test_to_the_letter(order, prompt):
    """At 1 nothing is invented or implied, and the camera holds still."""
    screenplay = write_screenplay(order(prompt, cfg_scale=1.0))
    assert not invented(screenplay)
    assert not any(note.kind == "invented" for note in screenplay.notes)
    assert screenplay.shots[0].camera.move == "static"
    assert not screenplay.shots[0].effects


@pytest.mark.parametrize("prompt", PROMPTS)
def test_free(order, prompt):
    """At 0 there is set dressing that is marked, with a note for each thing; what was said is untouched."""
    free, plain = (write_screenplay(order(prompt, cfg_scale=scale)) for scale in (0.0, 0.5))
    things = invented(free)
    assert things
    noted = [note.text for note in free.notes if note.kind == "invented"]
    assert all(any(thing.noun in text for text in noted) for thing in things)
    said = [subject.noun for subject in free.shots[0].subjects if not subject.invented]
    assert said == [subject.noun for subject in plain.shots[0].subjects]
    assert all(not thing.spans for thing in things)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_by_degrees(order, prompt):
    """The lower cfg_scale, the more is invented; from the default on nothing is."""
    films = [write_screenplay(order(prompt, cfg_scale=scale)) for scale in (0.0, 0.25, 0.5, 0.75)]
    counts = [len(invented(film)) for film in films]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[1] > 0
    assert counts[2:] == [0, 0]


def test_a_seed_gives_the_same_inventions(order):
    """The same seed invents the same; over many seeds they differ."""
    films = [write_screenplay(order(PROMPTS[0], cfg_scale=0.0, seed=seed)) for seed in (1, 1, 2, 3, 4, 5)]
    assert films[0] == films[1]
    seen = {tuple(thing.noun for thing in invented(film)) for film in films}
    assert len(seen) > 1


def test_what_is_excluded_is_not_invented(order):
    """Nothing a negative prompt names is set into a shot."""
    kinds = {thing.kind for thing in invented(write_screenplay(order(PROMPTS[0], cfg_scale=0.0)))}
    barred = ", ".join(kind or "" for kind in kinds)
    again = write_screenplay(order(PROMPTS[0], cfg_scale=0.0, negative_prompt=barred))
    assert not kinds & {thing.kind for thing in invented(again)}


def test_dressing_names_things_that_can_be_drawn():
    """Every offer of dressing.toml stands at a known place and is of a known kind; beats are known deeds."""
    for place, offers in rules("dressing")["places"].items():
        assert lexicon().entry("places", place), place
        for offer in offers:
            assert lexicon().entry("nouns", offer.partition(":")[2]), offer
    for offers in rules("dressing")["beats"].values():
        for offer in offers:
            assert lexicon().entry("verbs", offer.partition(":")[2]), offer


def test_implied_sounds_are_known():
    """Every row of implied.toml makes an effect or a bed the tables know, of deeds they know."""
    for row, rule in rules("implied").items():
        if row == "beds":
            assert all(lexicon().entry("ambience", bed) for bed in rule)
            continue
        assert lexicon().entry("effects", row.partition("-")[0]), row
        assert all(lexicon().entry("verbs", action) for action in rule.get("actions", ())), row


def test_items_name_families():
    """The item "animals" covers every family of them."""
    assert {"quadruped", "winged"} <= name_items(("animals",)).families
