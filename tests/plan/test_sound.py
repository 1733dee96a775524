"""Ambience, effects, music, and what must not be there."""

from __future__ import annotations

import pytest

from soundstage.plan import write_screenplay
from soundstage.plan.lexicon import lexicon, read_entries


@pytest.mark.parametrize(
    ("prompt", "beds"),
    [
        ("a forest at night", {"forest_night"}),
        ("a forest in the morning", {"birds"}),
        ("a beach at noon", {"surf", "gulls"}),
        ("a beach at night", {"surf"}),
        ("rain in a city", {"rain"}),
        ("a thunderstorm over a meadow", {"rain", "thunder"}),
        ("people in a cafe", {"crowd"}),
        ("a quiet bedroom", {"room_tone"}),
        ("a cabin with a crackling fire", {"fire"}),
    ],
)
def test_ambience_fits(prompt, beds, order):
    """Place, time and weather choose the bed."""
    assert beds <= set(write_screenplay(order(prompt)).shots[0].ambience)


def test_ambience_is_a_closed_list():
    """Every bed a table names is in ambience.toml."""
    known = {entry.name for entry, _ in read_entries("ambience")}
    for table in ("places", "weathers"):
        for entry, _ in read_entries(table):
            beds = entry.facts.get("ambience", ())
            for bed in beds if isinstance(beds, tuple) else [b for row in beds.values() for b in row]:
                assert bed in known, (entry.name, bed)


def test_effects_are_named_and_timed(order):
    """Named sounds happen inside their shot, at the time the prompt gives."""
    prompt = "A man walks down a corridor. Footsteps echo. A door slams at 3 seconds. Glasses clink."
    shot = write_screenplay(order(prompt)).shots[0]
    times = {effect.name: (effect.start, effect.seconds) for effect in shot.effects}
    assert set(times) == {"footsteps", "door", "glass_clink"}
    assert times["footsteps"] == (0.0, 5.0)
    assert times["door"][0] == 3.0


def test_a_sound_and_its_maker_are_both_read(order):
    """The words "a dog barks" name a sound and a dog."""
    shot = write_screenplay(order("A dog barks at the mailman")).shots[0]
    assert shot.subjects[0].kind == "dog"
    assert [effect.name for effect in shot.effects] == ["bark"]


def test_music_wishes_and_refusals(order):
    """The wish is kept in the prompt's words; "no music" is none."""
    assert write_screenplay(order("a city, lo-fi music")).shots[0].music.said == "lo-fi music"
    assert write_screenplay(order("a city, no music")).shots[0].music is None
    assert write_screenplay(order("a city")).shots[0].music is None


def test_no_audio(order):
    """generate_audio false makes a film without sound; its lines stay as text, with a note."""
    screenplay = write_screenplay(order('A man says "Hi there."', generate_audio=False))
    assert screenplay.sound is False
    assert screenplay.shots[0].dialogue
    assert any("not spoken" in note.text for note in screenplay.notes)


def test_negative_prompt_removes(order):
    """What the negative prompt names is taken out of subjects, weather and beds, with a note."""
    prompt = "A dog and a woman in a city in the rain"
    screenplay = write_screenplay(order(prompt, negative_prompt="people, no rain; blur and traffic"))
    shot = screenplay.shots[0]
    assert [subject.kind for subject in shot.subjects] == ["dog"]
    assert shot.weather == "clear"
    assert not {"rain", "traffic"} & set(shot.ambience)
    assert screenplay.excluded == ("people", "rain", "blur", "traffic")
    assert any("woman" in note.text for note in screenplay.notes)


def test_qualities_remove_nothing(order):
    """Wishes about quality stay wishes: "bad hands" takes no hand away."""
    shot = write_screenplay(
        order("close-up of a hand", negative_prompt="bad hands, ugly face, extra fingers")
    ).shots[0]
    assert shot.subjects[0].kind == "hand"


def test_no_people_in_the_prompt(order):
    """The words "no people" and "without cars" are read in the prompt too."""
    screenplay = write_screenplay(order("A street without cars, no people, a cat sits on a wall"))
    assert screenplay.shots[0].subjects[0].kind == "cat"
    assert {"cars", "people"} <= set(screenplay.excluded)


def test_kinds_facts_belong_to_kinds():
    """Facts in kinds.toml are about kinds in nouns.toml."""
    from soundstage.plan.lexicon import rules

    for kind in rules("kinds"):
        assert lexicon().entry("nouns", kind) is not None, kind
