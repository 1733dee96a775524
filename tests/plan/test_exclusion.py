# ruff: noqa: RUF001 - prompts are typed with these marks
"""Negative prompts: what nobody asked for goes, what the prompt asks for stays, and notes say which."""

import pytest

from soundstage.plan import write_screenplay
from soundstage.plan.exclusion import split_negative

DEFAULT = "blur, distort, and low quality"


@pytest.mark.parametrize(
    ("written", "items"),
    [
        ("people, no rain; blur and traffic", ("people", "rain", "blur", "traffic")),
        ("no text\nno watermark", ("text", "watermark")),
        ("Avoid blurry faces. Do not show any cars.", ("blurry faces", "cars")),
        ("without people or dogs", ("people", "dogs")),
        ("文字、水印，不要人物", ("文字", "水印", "人物")),
        ("- cartoon\n- the sky", ("cartoon", "sky")),
        (" , ;; ", ()),
    ],
)
def test_lists_as_people_write_them(written, items):
    """Commas, lines, semicolons, sentences, "and", "no …" and Chinese marks all part items."""
    assert split_negative(written) == items


def test_what_the_prompt_asks_for_stays(order):
    """Excluding what the prompt shows changes nothing but the notes, which say so and point at the words."""
    prompt = "A dog and a woman in a city in the rain"
    screenplay = write_screenplay(order(prompt, negative_prompt="people, dog, rain"))
    (shot,) = screenplay.shots
    assert [subject.kind for subject in shot.subjects] == ["dog", "woman"]
    assert shot.weather == "rain"
    contested = [note for note in screenplay.notes if note.kind == "conflict"]
    assert {prompt[n.spans[0].start : n.spans[0].end].rsplit(maxsplit=1)[-1] for n in contested} == {
        "dog",
        "woman",
        "rain",
    }


def test_what_nobody_asked_for_goes(order):
    """Beds, implied sounds, an assumed move and invented things are taken out, each with a note."""
    prompt = "A man runs through a city"
    plain = write_screenplay(order(prompt))
    assert "traffic" in plain.shots[0].ambience or "city" in plain.shots[0].ambience
    negative = "traffic noise, city sounds, footsteps, camera movement"
    screenplay = write_screenplay(order(prompt, negative_prompt=negative))
    (shot,) = screenplay.shots
    assert not {"traffic", "city"} & set(shot.ambience)
    assert not shot.effects
    assert shot.camera.move == "static"
    assert sum(note.kind == "removed" for note in screenplay.notes) >= 3


@pytest.mark.parametrize(
    "prompt",
    [
        "A man on a bench, bokeh, motion blur, soft focus",
        "Macro of a bee, blurred background, shallow depth of field",
        "A woman runs through rain at night, handheld, film grain",
    ],
)
def test_the_default_list_removes_nothing(order, prompt):
    """The wire's own default is about quality: with and without it the film is the same, without a note."""
    with_it = write_screenplay(order(prompt, negative_prompt=DEFAULT))
    without = write_screenplay(order(prompt, negative_prompt=""))
    assert with_it.shots == without.shots
    assert with_it.notes == without.notes


def test_qualities_remove_nothing(order):
    """Wishes about quality stay wishes: "bad hands" takes no hand away."""
    negative = "bad hands, ugly face, extra fingers"
    screenplay = write_screenplay(order("close-up of a hand", negative_prompt=negative))
    assert screenplay.shots[0].subjects[0].kind == "hand"
    assert not any(note.kind in ("removed", "conflict") for note in screenplay.notes)


def test_a_prompt_excludes_too(order):
    """The words "no people" and "without cars" in the prompt bar what could be invented."""
    prompt = "A street without cars, no people, no watermark"
    screenplay = write_screenplay(order(prompt, cfg_scale=0.0))
    assert {"cars", "people", "watermark"} <= set(screenplay.excluded)
    assert not any(subject.kind == "car" for subject in screenplay.shots[0].subjects)


def test_chinese_items_bar_what_they_name(order):
    """A Chinese list names the same things: 雨 is rain."""
    screenplay = write_screenplay(order("A dog in the rain", negative_prompt="下雨、模糊"))
    assert any(note.kind == "conflict" and "rain" in note.text for note in screenplay.notes)


def test_no_people_quiets_the_crowd(order):
    """A bed that an excluded family makes is left out: a cafe without people has no chatter."""
    assert "crowd" in write_screenplay(order("A cafe in the morning")).shots[0].ambience
    quiet = write_screenplay(order("A cafe in the morning, no people"))
    assert "crowd" not in quiet.shots[0].ambience


def test_a_style_that_was_asked_for_stays(order):
    """Excluding the style the prompt names is a conflict: the prompt's word holds."""
    screenplay = write_screenplay(order("An anime cat on a roof", negative_prompt="anime, photo"))
    assert screenplay.style == "anime"
    assert any(note.kind == "conflict" and "anime" in note.text for note in screenplay.notes)
