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


@pytest.mark.parametrize(
    ("prompt", "music"),
    [
        ("A street at night, lo-fi plays from the speakers of a cafe", {"genre": "lo-fi", "in_scene": True}),
        ("A busker plays violin on a bridge", {"instruments": ("violin",), "in_scene": True}),
        ("A sad piano chord enters as she turns", {"mood": ("sad",), "instruments": ("piano",)}),
        ("A ship in a storm. An orchestral score swells.", {"genre": "orchestral", "in_scene": False}),
        ("Upbeat synthwave, a car races down a road", {"genre": "synthwave", "tempo": "fast"}),
        ("A hall. BGM: tense strings", {"mood": ("tense",), "instruments": ("strings",)}),
    ],
)
def test_what_music_is_made_of(order, prompt, music):
    """Genre, mood, instruments, tempo and who hears it are read from the wish."""
    wish = write_screenplay(order(prompt)).shots[0].music
    assert wish is not None
    assert {name: getattr(wish, name) for name in music} == music


@pytest.mark.parametrize(
    "prompt",
    [
        "A grand piano stands in an empty hall",
        "A girl with a guitar on her back walks down a road",
        "The final score is 3-1",
        "A music video of a singer on a roof",
        "A city, without any music",
        "A city, music-free",
        "A city. Music: none.",
        "A band plays jazz in a bar, no score or music added",
    ],
)
def test_what_is_no_wish_for_music(order, prompt):
    """Instruments that stand around, scores of games and refusals wish for no music."""
    assert write_screenplay(order(prompt)).shots[0].music is None


def test_silence_broken_by_one_sound(order):
    """Silence is the bed, and what breaks it the only effect, whatever the picture would bring along."""
    shot = write_screenplay(order("A man runs down a hall. Silence broken by a single heartbeat.")).shots[0]
    assert shot.ambience == ("silence",)
    assert [effect.name for effect in shot.effects] == ["heartbeat"]


def test_cues_in_brackets_and_sections(order):
    """Bracketed cues and items of a sound section are effects in the words of the prompt."""
    prompt = "A man waits. [Audio: sudden loud string hit]\nSFX: footsteps on gravel, gurgling swamp pump"
    effects = {effect.name: effect for effect in write_screenplay(order(prompt)).shots[0].effects}
    assert set(effects) == {"string_hit", "footsteps", "gurgling swamp pump"}
    assert effects["footsteps"].said == "footsteps on gravel"
    assert not any(effect.implied for effect in effects.values())


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("A woman opens a heavy door", "door"),
        ("A soldier runs across a square", "footsteps"),
        ("A horse gallops along a beach", "hoofbeats"),
        ("A vase shatters on the floor", "glass_break"),
    ],
)
def test_deeds_bring_their_sounds_along(order, prompt, name):
    """What somebody does is heard though nobody said so, and is marked as implied."""
    effects = [e for e in write_screenplay(order(prompt)).shots[0].effects if e.name == name]
    assert effects
    assert effects[0].implied


def test_nothing_is_implied_to_the_letter(order):
    """With cfg_scale at 1 only sounds that were said are heard."""
    shot = write_screenplay(order("A soldier runs across a square, a bell tolls", cfg_scale=1.0)).shots[0]
    assert [effect.name for effect in shot.effects] == ["bell"]


def test_effects_keep_their_order_and_times(order):
    """Effects follow the order of the words, and a time that is said holds."""
    prompt = "A knock on the door, then glass shatters, and at 7 seconds a phone rings"
    effects = write_screenplay(order(prompt, seconds=10.0)).shots[0].effects
    assert [effect.name for effect in effects] == ["knock", "glass_break", "phone_ring"]
    assert effects[2].start == 7.0


@pytest.mark.parametrize("words", ["No dialogue.", "Nobody speaks.", "Without a word.", "Dialogue: none"])
def test_nobody_speaks(order, words):
    """Refusing words makes a film without lines."""
    assert not write_screenplay(order(f"Two friends sit on a bench. {words}")).shots[0].dialogue


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
