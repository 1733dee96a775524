"""Prompts as people write them, against what must be read from them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from soundstage.plan import write_screenplay

CASES = tomllib.loads(Path(__file__).with_name("prompts.toml").read_text("utf-8"))["case"]


def read(screenplay):
    """Return what a case may name, from the first shot."""
    shot = screenplay.shots[0]
    first = shot.subjects[0] if shot.subjects else None
    return {
        "place": shot.place,
        "time_of_day": shot.time_of_day,
        "weather": shot.weather,
        "season": shot.season,
        "framing": shot.framing,
        "angle": shot.angle,
        "style": screenplay.style,
        "palette": list(screenplay.palette),
        "subjects": [subject.kind or "?" for subject in shot.subjects],
        "noun": first and first.noun,
        "count": first and first.count,
        "action": first and first.action,
        "heading": first and first.heading,
        "attributes": list(first.attributes) if first else [],
        "manner": list(first.manner) if first else [],
        "light": list(shot.light),
        "mood": list(shot.mood),
        "ambience": list(shot.ambience),
        "music": shot.music and shot.music.said,
        "move": shot.camera.move,
        "camera_heading": shot.camera.heading,
        "f_number": shot.lens.f_number,
        "focal_length_mm": shot.lens.focal_length_mm,
    }


@pytest.mark.parametrize("case", CASES, ids=[case["prompt"][:50] for case in CASES])
def test_prompt_is_read(case, order):
    """Every field a case names is read as the case says."""
    got = read(write_screenplay(order(case["prompt"])))
    for name, wanted in case.items():
        if name == "prompt":
            continue
        if name.startswith("has_"):
            assert set(wanted) <= set(got[name[4:]]), (name, got[name[4:]])
        else:
            assert got[name] == wanted, (name, got)


def test_fal_example_is_read_exactly(order):
    """The prompt of fal's own page gives one shot of forty glowing fireflies and nothing else."""
    screenplay = write_screenplay(order(CASES[0]["prompt"]))
    (shot,) = screenplay.shots
    (fireflies,) = shot.subjects
    assert (fireflies.noun, fireflies.attributes, fireflies.count) == ("fireflies", ("glowing",), 40)
    assert shot.camera.move == "dolly_in"
    assert shot.camera.amplitude <= 0.25
    assert shot.camera.speed <= 0.3
    assert shot.lens.focus == "subject"
    assert "forest_night" in shot.ambience
    assert screenplay.title == "Glowing fireflies in a dark forest"
    assert not shot.dialogue
    assert screenplay.excluded == ("blur", "distort", "low quality")


@pytest.mark.parametrize(
    "prompt",
    [
        "a black bear fishing in a river",
        "the bear crosses a road",
        "bear, forest, night",
        "two bears wrestling",
    ],
)
def test_a_noun_is_found_wherever_it_stands(prompt, order):
    """A known noun is the main subject however the sentence is built."""
    assert write_screenplay(order(prompt)).shots[0].subjects[0].kind == "bear"


def test_unsaid_things_are_assumed_aloud(order):
    """What the prompt leaves open gets a default, and a note says which."""
    screenplay = write_screenplay(order("A teapot"))
    shot = screenplay.shots[0]
    assert (shot.place, shot.time_of_day, shot.weather) == ("open", "afternoon", "clear")
    assert any("place open" in note.text and "weather clear" in note.text for note in screenplay.notes)


def test_adherence_to_the_letter_holds_the_camera(order):
    """With cfg_scale 1 an unsaid camera does not move; a said one does."""
    assert write_screenplay(order("A horse", cfg_scale=1.0)).shots[0].camera.move == "static"
    assert write_screenplay(order("A horse, orbit", cfg_scale=1.0)).shots[0].camera.move == "orbit"
    assert write_screenplay(order("A horse", cfg_scale=0.25)).adherence == 0.25
