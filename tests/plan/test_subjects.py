"""Who is seen, doing what, to whom: sentences as people write them, against what must be read from them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from soundstage.plan import write_screenplay

CASES = tomllib.loads(Path(__file__).with_name("subjects.toml").read_text("utf-8"))["case"]


def subjects_of(prompt, order, **fields):
    """Return the subjects of a prompt's first shot by their nouns in lower case."""
    shot = write_screenplay(order(prompt, **fields)).shots[0]
    return {subject.noun.lower(): subject for subject in shot.subjects}


@pytest.mark.parametrize("case", CASES, ids=[case["prompt"][:50] for case in CASES])
def test_deeds_are_given_to_who_does_them(case, order):
    """Each subject named by a case does just what the case says, in that order; nobody else is seen."""
    seen = subjects_of(case["prompt"], order)
    for noun, deeds in case["does"].items():
        assert noun in seen, (noun, sorted(seen))
        subject = seen[noun]
        assert [*filter(None, [subject.verb]), *(deed.verb for deed in subject.then)] == deeds, (
            noun,
            subject,
        )
    assert not set(case.get("absent", ())) & set(seen), sorted(seen)


@pytest.mark.parametrize(
    "case", [case for case in CASES if "has" in case], ids=lambda case: case["prompt"][:50]
)
def test_looks_belong_to_who_has_them(case, order):
    """Clothes, colours, sizes and materials are attributes of their subject, not subjects of their own."""
    seen = subjects_of(case["prompt"], order)
    for noun, looks in case["has"].items():
        assert set(looks) <= set(seen[noun].attributes), seen[noun].attributes


@pytest.mark.parametrize(
    "case", [case for case in CASES if "relations" in case], ids=lambda case: case["prompt"][:50]
)
def test_relations_name_the_other_by_its_id(case, order):
    """How one stands to another is kept with the other's id in the shot."""
    seen = subjects_of(case["prompt"], order)
    for noun, kind, other in case["relations"]:
        assert (kind, seen[other].id) in {(r.kind, r.target) for r in seen[noun].relations}, seen[noun]


@pytest.mark.parametrize(
    "case", [case for case in CASES if "count" in case], ids=lambda case: case["prompt"][:50]
)
def test_how_many_are_seen(case, order):
    """Numbers, groups and plurals say how many."""
    seen = subjects_of(case["prompt"], order)
    assert {noun: seen[noun].count for noun in case["count"]} == case["count"]


def test_every_action_is_an_entry_of_the_table(order):
    """The verb is kept as said, the action is its entry; a verb no table knows keeps its base form alone."""
    seen = subjects_of("A man sprints past a zorbling cat while a dog florples", order)
    assert (seen["man"].verb, seen["man"].action) == ("sprint", "run")
    assert (seen["dog"].verb, seen["dog"].action) == ("florple", None) or seen["dog"].verb == "florpl"


def test_direction_and_manner_stay_with_their_deed(order):
    """How and where to is told of the deed beside it, not of the first."""
    seen = subjects_of("A man walks slowly to the left, then quickly turns right", order)
    man = seen["man"]
    assert (man.verb, man.heading, man.manner) == ("walk", "left", ("slowly",))
    assert (man.then[0].verb, man.then[0].heading, man.then[0].manner) == ("turn", "right", ("quickly",))


def test_the_camera_does_nothing_to_subjects(order):
    """What the camera does is nobody's deed."""
    screenplay = write_screenplay(order("The camera slowly circles a statue and stops at a girl who waves."))
    deeds = {s.noun: (s.verb, s.manner) for s in screenplay.shots[0].subjects}
    assert deeds == {"statue": (None, ()), "girl": ("wave", ())}


@pytest.mark.parametrize(
    ("first", "second", "noun"),
    [
        ("A tall woman in a red coat walks", "The woman stops", "woman"),
        ("A tall woman in a red coat walks", "She stops", "woman"),
        ("An old robot rolls through a hall", "It stops", "robot"),
        ("@Element1, a knight in black armor, rides", "@Element1 stops", "knight"),
        ("<<<element_1>>>, a knight in black armor, rides", "<<<element_1>>> stops", "knight"),
        ("Mira, a young potter, works", "Mira stops", "Mira"),
        ("A detective runs", "The man stops", "detective"),
    ],
)
def test_a_character_stays_itself_over_shots(first, second, noun, order):
    """By noun, pronoun, name or reference: the later shot shows the same subject, looks kept, deeds not."""
    shots = write_screenplay(order(shots=[(first, 3), (second, 3)], seconds=6)).shots
    before, after = shots[0].subjects[0], shots[1].subjects[0]
    assert (before.noun, after.noun) == (noun, noun)
    assert set(before.attributes) <= set(after.attributes)
    assert after.verb == "stop"
    assert not after.then


def test_somebody_else_is_somebody_else(order):
    """Another colour, age or "the other" is another subject."""
    seen = write_screenplay(order("A red car and a blue car race. The blue car wins.")).shots[0].subjects
    assert [(s.noun, s.then[0].verb if s.then else None) for s in seen] == [("car", None), ("car", "win")]


def test_spans_point_at_the_words(order):
    """A subject's spans are the words that speak of it, deeds' spans their verbs."""
    prompt = "A boy runs. He jumps over a wall."
    boy = write_screenplay(order(prompt)).shots[0].subjects[0]
    assert [prompt[span.start : span.end] for span in boy.spans][:1] == ["A boy"]
    assert "He" in [prompt[span.start : span.end] for span in boy.spans]
    assert [prompt[span.start : span.end] for span in boy.then[0].spans] == ["jumps"]


def test_ids_are_stable_and_told_apart(order):
    """Two of one noun get numbers; the same input the same ids."""
    prompt = "A tall man greets a short man."
    ids = [subject.id for subject in write_screenplay(order(prompt)).shots[0].subjects]
    assert ids == ["shot-1.man", "shot-1.man-2"]
    assert ids == [subject.id for subject in write_screenplay(order(prompt)).shots[0].subjects]


def test_who_comes_back_is_a_member_of_the_cast(order):
    """Somebody seen in two shots is one member, with gender and age, under one id."""
    screenplay = write_screenplay(order(shots=[("An old woman sits", 3), ("She stands up", 3)], seconds=6))
    (member,) = screenplay.cast
    assert (member.id, member.gender, member.age) == ("cast.old-woman", "female", "old")
    assert screenplay.shots[1].subjects[0].member == member.name
