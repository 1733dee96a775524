"""A screenplay written by hand: what it leaves out, the planner knows."""

from __future__ import annotations

import pytest

from soundstage.film import FrameSize, Line, Screenplay, Seconds, Shot, Subject
from soundstage.plan import write_screenplay


@pytest.fixture
def film(order):
    """Send a screenplay of one shot through the planner."""

    def film(**shot):
        draft = Screenplay(
            title="", seconds=Seconds(4.0), size=FrameSize(width=640, height=360), fps=24, seed=1, sound=True,
            shots=(Shot(index=0, start=Seconds(0.0), seconds=Seconds(4.0), **shot),),
        )  # fmt: skip
        return write_screenplay(order(None, screenplay=draft, seconds=4.0))

    return film


def test_nouns_and_deeds_get_their_entries(film):
    """A noun and an action in one's own words get the entries the renderer knows, and keep the words."""
    (subject,) = film(subjects=(Subject(noun="golden retriever", action="sprint"),)).shots[0].subjects
    assert (subject.noun, subject.kind) == ("golden retriever", "dog")
    assert (subject.action, subject.verb) == ("run", "sprint")


def test_a_place_in_ones_own_words_becomes_an_entry(film):
    """A place that is no entry becomes the nearest one, and stands as the setting."""
    shot = film(place="coffee shop").shots[0]
    assert (shot.place, shot.setting) == ("cafe", "coffee shop")
    assert film(place="neon_street").shots[0].setting == ""


def test_a_lines_language_is_told_from_its_text(film):
    """A line without a language is read for one."""

    def line(text):
        return Line(speaker="Ann", text=text, start=Seconds(0.0), end=Seconds(3.0))

    told = [
        film(dialogue=(line(text),)).shots[0].dialogue[0].language for text in ("Where are you?", "你在哪里")
    ]
    assert told == ["en", "zh"]


def test_who_speaks_is_who_is_seen(film):
    """A speaker named as a subject is that subject, and is cast after it."""
    line = Line(speaker="Girl", text="Hello there", start=Seconds(0.0), end=Seconds(2.0))
    screenplay = film(subjects=(Subject(noun="girl"),), dialogue=(line,))
    assert screenplay.shots[0].subjects[0].member == "Girl"
    (girl,) = screenplay.cast
    assert (girl.id, girl.gender, girl.age) == ("cast.girl", "female", "child")
