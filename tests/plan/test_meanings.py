"""What words mean by what stands beside them: weather that acts, verbs by their object, kinds."""

import pytest

from soundstage.plan import write_screenplay
from soundstage.plan.tables import rules
from soundstage.render.previz.repertoire import shown_in


def subject_of(order, prompt):
    """Return the first subject of a prompt."""
    return write_screenplay(order(prompt)).shots[0].subjects[0]


@pytest.mark.parametrize(
    ("prompt", "noun", "verb"),
    [
        ("Clouds race across the sky above a lighthouse.", "Clouds", "race"),
        ("Clouds drift over a valley.", "Clouds", "drift"),
        ("A volcano erupts at night.", "volcano", "erupt"),
        ("Lightning splits the sky over a wheat field.", "Lightning", "split"),
        ("Thick fog drifts over the harbor.", "Thick fog", "drift"),
    ],
)
def test_weather_that_acts_is_a_subject(order, prompt, noun, verb):
    """What does something is seen doing it, though it is weather or a place."""
    subject = subject_of(order, prompt)
    assert (subject.noun, subject.verb) == (noun, verb)


def test_weather_that_acts_is_put_nowhere():
    """The sky shows it: no kind of `acting.toml` stands in the picture as letters."""
    assert set(rules("acting")) <= shown_in("beach")


@pytest.mark.parametrize(
    "prompt", ["A dog runs in the fog.", "Clouds over a dog.", "The dog runs, fog behind it."]
)
def test_weather_that_only_is_there_is_none(order, prompt):
    """Weather is no subject of its own."""
    assert [subject.noun for subject in write_screenplay(order(prompt)).shots[0].subjects] == ["dog"]


@pytest.mark.parametrize(
    ("prompt", "action"),
    [
        ("A woman takes off her coat.", "dress"),
        ("A bird takes off from the lake.", "fly"),
        ("A pirate draws a dagger.", "pick"),
        ("A girl draws a cat.", "write"),
    ],
)
def test_a_verb_means_what_it_acts_on(order, prompt, action):
    """The same verb is another deed with another object, by `meanings.toml`."""
    assert subject_of(order, prompt).action == action


@pytest.mark.parametrize(
    "kind",
    [
        "jellyfish",
        "octopus",
        "mirror",
        "umbrella",
        "rope",
        "sign",
        "monkey",
        "kangaroo",
        "fire",
        "planet",
        "galaxy",
    ],
)
def test_a_kind_has_its_noun(order, kind):
    """A noun that is modelled by itself is a kind of its own."""
    assert subject_of(order, f"A {kind} in a dark room.").kind == kind


def test_a_pan_is_no_pan(order):
    """What somebody slams down moves no camera; a slow pan does."""
    slammed = write_screenplay(order("The cook is angry. She slams a pan down on the stove.")).shots[0]
    assert "move" not in slammed.sources
    panned = write_screenplay(order("A cook at the stove. A slow pan down to her hands.")).shots[0]
    assert "move" in panned.sources


def test_a_place_in_front_of_another_is_where_we_are(order):
    """What lies behind "an alley behind a nightclub" is not where the shot plays."""
    assert write_screenplay(order("An alley behind a nightclub, a cat leaps.")).shots[0].place == "old_town"
