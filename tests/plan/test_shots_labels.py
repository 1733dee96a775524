# ruff: noqa: RUF001 - prompts are typed with these marks
"""Every form in which people part a prompt, and what only looks like one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from soundstage.plan import write_screenplay

FORMS = tomllib.loads(Path(__file__).with_name("shot_forms.toml").read_text("utf-8"))


@pytest.mark.parametrize("prompt", FORMS["two"])
def test_form_parts_two_shots(prompt, order):
    """Each form is read as two shots, and neither keeps a word of its label."""
    screenplay = write_screenplay(order(prompt, seconds=10.0))
    assert len(screenplay.shots) == 2, [shot.text for shot in screenplay.shots]
    for shot in screenplay.shots:
        assert not any(char.isdigit() for char in shot.text), shot.text
        assert not any(word in shot.text.lower() for word in FORMS["never_left"]["words"]), shot.text


@pytest.mark.parametrize("prompt", FORMS["four_seconds"])
def test_form_tells_times(prompt, order):
    """Each form says that the second shot starts after four of ten seconds, and is taken at its word."""
    screenplay = write_screenplay(order(prompt, seconds=10.0))
    assert [shot.start for shot in screenplay.shots] == [0.0, 4.0]
    assert not [note for note in screenplay.notes if "scaled" in note.text]


@pytest.mark.parametrize("prompt", FORMS["three"])
def test_form_parts_three_shots(prompt, order):
    """Each form is read as three shots."""
    screenplay = write_screenplay(order(prompt, seconds=10.0))
    assert len(screenplay.shots) == 3, [shot.text for shot in screenplay.shots]


@pytest.mark.parametrize("prompt", FORMS["one"])
def test_trap_is_one_shot(prompt, order):
    """Numbers, times, haircuts and film words part nothing."""
    screenplay = write_screenplay(order(prompt, seconds=10.0))
    assert len(screenplay.shots) == 1, [shot.text for shot in screenplay.shots]


@pytest.mark.parametrize(
    ("prompt", "entrance"),
    [
        ("A rose blooms. Dissolve to an old woman's hands.", "dissolve"),
        ("A rose blooms. Match cut to a red dress.", "match_cut"),
        ("A rose blooms. Fade to a snowy field.", "fade"),
        ("A rose blooms. Smash cut to a city.", "cut"),
        ("Shot 1: a rose. Shot 2: Dissolve to a field.", "dissolve"),
        ("Shot 1: a rose. CROSSFADE TO: Shot 2: a field.", "dissolve"),
        ("一朵玫瑰。叠化到一片雪地。", "dissolve"),
    ],
)  # fmt: skip
def test_entrance_is_kept(prompt, entrance, order):
    """How a shot follows the one before is said by its cut, whose words are nobody's."""
    first, second = write_screenplay(order(prompt, seconds=6.0)).shots
    assert (first.entrance, second.entrance) == ("cut", entrance)
    assert "to" not in (*first.text.lower().split(), *second.text.lower().split())


def test_elements_are_read_without_labels_and_cuts(order):
    """An element of a `multi_prompt` is a shot whatever label or cut it begins with; the first is cut."""
    shots = [("Dissolve to a rose.", 2), ('Shot 2: "A dog runs in a park."', 2), ("Dissolve to a field.", 1)]
    first, second, third = write_screenplay(order(shots=shots)).shots
    assert [first.text, second.text, third.text] == ["a rose.", "A dog runs in a park.", "a field."]
    assert [first.entrance, second.entrance, third.entrance] == ["cut", "cut", "dissolve"]
    assert [first.seconds, second.seconds, third.seconds] == [2, 2, 1]


def test_one_label_is_one_shot(order):
    """A label alone parts nothing and is not read."""
    (shot,) = write_screenplay(order("Shot 1 (5s): a cat sleeps on a sofa.")).shots
    assert shot.text == "a cat sleeps on a sofa."


def test_gaps_are_closed(order):
    """A shot lasts until the next starts."""
    prompt = "0–4s: A balloon lifts off.\n5–9s: A couple waves."
    assert [shot.start for shot in write_screenplay(order(prompt, seconds=9.0)).shots] == [0, 5]
    whole = write_screenplay(order(prompt, seconds=10.0))
    assert [shot.seconds for shot in whole.shots] == [5, 5]
    assert not [note for note in whole.notes if "scaled" in note.text]


def test_more_labels_than_the_film_holds(order):
    """Shots nobody could read are put together with their neighbours, and a note says so."""
    prompt = " ".join(f"Shot {n}: {animal} runs." for n, animal in enumerate("abcdefgh", 1))
    crowded = write_screenplay(order(prompt, seconds=3.0))
    assert len(crowded.shots) == 6
    assert [note.kind for note in crowded.notes if "no room" in note.text] == ["timing"]
    assert len(write_screenplay(order(prompt, seconds=15.0)).shots) == 8


def test_a_shot_in_quotes_is_no_line(order):
    """Quotes around the whole of a shot are its wrapping."""
    prompt = 'Shot 1: "A man walks through the rain in Tokyo." Shot 2: "He stops at a red door."'
    first, second = write_screenplay(order(prompt, seconds=6.0)).shots
    assert not first.dialogue
    assert not second.dialogue
    assert first.weather == "rain"


@pytest.mark.parametrize(
    "wish",
    ["One continuous take.", "No cuts.", "Single unbroken shot.", "A oner.", "一镜到底。"],
)  # fmt: skip
def test_one_take_stays_one_shot(wish, order):
    """`intelligent` cuts nothing that wants to be one shot."""
    prompt = f"A knight rides through a village. {wish} He dismounts. He draws a sword. A dragon lands."
    assert len(write_screenplay(order(prompt, seconds=12.0, shot_type="intelligent")).shots) == 1
    free = prompt.replace(wish, "")
    assert len(write_screenplay(order(free, seconds=12.0, shot_type="intelligent")).shots) == 4


def test_intelligent_leaves_time_to_speak(order):
    """A shot the planner cuts is long enough for its lines."""
    prompt = (
        'A boy opens a door. A woman turns and says, "I have been waiting for you all these long years, '
        'my little one." The boy runs.'
    )
    shots = write_screenplay(order(prompt, seconds=10.0, shot_type="intelligent")).shots
    assert len(shots) == 3
    assert shots[1].seconds > 14 / 2.5
    assert shots[1].dialogue[0].end <= shots[1].start + shots[1].seconds


def test_atmosphere_is_no_beat(order):
    """What drifts, glows and sounds belongs to the shot it stands in."""
    prompt = (
        "Close-up of fireflies dancing in a dark forest. Soft particles float through the air. "
        "The camera slowly pushes in. Magical atmosphere."
    )
    assert len(write_screenplay(order(prompt, shot_type="intelligent")).shots) == 1
