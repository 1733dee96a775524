"""The planner against the open corpus, and the scorer against screenplays made to be wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from soundstage.film import Camera, Deed, FrameSize, Line, Screenplay, Seconds, Shot, Subject
from soundstage.plan import write_screenplay

#: Least share of points a category must reach: (what we promise, what stands today). A floor only rises.
FLOORS = {
    "lines": (0.98, 0.98),
    "speakers": (0.92, 0.92),
    "boundaries": (0.98, 0.98),
    "world": (0.95, 0.95),
    "camera": (0.95, 0.95),
    "subjects": (0.95, 0.95),
    "false_speech": (0.99, 0.99),
    "effects": (0.95, 0.95),
    "other": (0.95, 0.95),
}
LEAST = {
    "prompts": 150, "zh": 20, "other_language": 20, "multi_shot": 30, "dialogue": 40,
}  # fmt: skip
OTHER_LANGUAGES = {"ja", "ko", "es", "fr", "de", "pt", "it", "ru"}


@pytest.fixture(scope="module")
def cases():
    """The open prompts."""
    from cases import OPEN, load_cases

    return load_cases(OPEN)


@pytest.fixture(scope="module")
def points(cases):
    """All that the open prompts want, hit or missed."""
    from cases import order_of
    from scoring import score_case

    return [point for case in cases for point in score_case(case, write_screenplay(order_of(case)))]


@pytest.mark.parametrize("category", FLOORS)
def test_open_prompts_are_read(points, category):
    """Each category reaches its floor, which lies no higher than what we promise."""
    from scoring import tally

    promised, floor = FLOORS[category]
    hits, total = tally(points)[category]
    misses = [f"{p.prompt}: {p.what}" for p in points if p.category == category and not p.hit]
    assert floor <= promised
    assert hits / total >= floor, misses


def test_every_category_has_a_floor():
    """No category is scored and left to fall."""
    from scoring import CATEGORIES

    assert set(CATEGORIES) == set(FLOORS)


def test_corpus_is_as_broad_as_promised(cases):
    """Open and sealed prompts together cover languages, several shots and dialogue; no id stands twice."""
    from cases import SEALED, load_cases

    every = [*cases, *load_cases(SEALED)]
    ids = [case["id"] for case in every]
    held = {
        "prompts": len(every),
        "other_language": sum(bool(OTHER_LANGUAGES & set(case["tags"])) for case in every),
        **{tag: sum(tag in case["tags"] for case in every) for tag in ("zh", "multi_shot", "dialogue")},
    }
    assert all(held[name] >= least for name, least in LEAST.items()), held
    assert len(ids) == len(set(ids)), sorted({name for name in ids if ids.count(name) > 1})


CASE = {
    "id": "talk", "tags": ["dialogue"], "seconds": 6,
    "prompt": 'In a cafe at night a woman in red strolls in and says: "Two teas, please." Slow dolly in.',
    "shot": [{
        "seconds": 6.0, "place": "cafe", "time": "night", "moves": ["dolly_in"],
        "subjects": [{"noun": "woman", "count": 1, "action": "stroll"}],
        "lines": [{"speaker": "woman", "text": "Two teas, please."}],
    }],
}  # fmt: skip


@pytest.fixture
def screenplay():
    """A screenplay that has all that `CASE` wants."""
    line = Line(speaker="woman", text="Two teas, please.", language="en", start=Seconds(2), end=Seconds(4))
    shot = Shot(
        index=0, start=Seconds(0), seconds=Seconds(6), text=CASE["prompt"], place="cafe", time_of_day="night",
        camera=Camera(move="dolly_in"),
        subjects=(Subject(id="shot-1.woman", noun="woman", kind="woman", action="walk", verb="stroll"),),
        dialogue=(line,),
    )  # fmt: skip
    size = FrameSize(width=1920, height=1080)
    return Screenplay(title="Tea", seconds=Seconds(6), size=size, fps=24, seed=7, sound=True, shots=(shot,))


def missed(screenplay):
    """Return the categories in which a screenplay of `CASE` misses something."""
    from scoring import score_case

    return {point.category for point in score_case(CASE, screenplay) if not point.hit}


def test_a_right_screenplay_misses_nothing(screenplay):
    """What the prompt says is a full score."""
    assert missed(screenplay) == set()


@pytest.mark.parametrize(
    ("fields", "category"),
    [
        ({"place": "forest"}, "world"),
        ({"time_of_day": "noon"}, "world"),
        ({"subjects": ()}, "subjects"),
        ({"start": Seconds(0), "seconds": Seconds(5)}, "boundaries"),
    ],
)
def test_a_wrong_field_is_a_miss_of_its_category(screenplay, fields, category):
    """A shot that is wrong in one thing misses in that category alone."""
    shot = replace(screenplay.shots[0], **fields)
    assert missed(replace(screenplay, shots=(shot,))) == {category}


def test_a_wrong_move_is_a_miss_of_camera(screenplay):
    """The move must be the one that was said."""
    shot = screenplay.shots[0]
    shot = replace(shot, camera=replace(shot.camera, move="orbit"))
    assert missed(replace(screenplay, shots=(shot,))) == {"camera"}


def test_a_second_shot_is_a_wrong_boundary(screenplay):
    """A film of one shot that was cut has a wrong boundary."""
    shot = screenplay.shots[0]
    assert "boundaries" in missed(replace(screenplay, shots=(shot, replace(shot, index=1, dialogue=()))))


def test_words_and_voices_are_told_apart(screenplay):
    """Another text is missed and false speech; a cut one is only missed; another mouth is a wrong speaker."""
    shot = screenplay.shots[0]
    (line,) = shot.dialogue

    def spoken(**fields):
        return missed(replace(screenplay, shots=(replace(shot, dialogue=(replace(line, **fields),)),)))

    assert spoken(text="Good night.") == {"lines", "speakers", "false_speech"}
    assert spoken(text="Two teas") == {"lines", "speakers"}
    assert spoken(speaker="waiter") == {"speakers"}
    assert spoken(speaker="the young WOMAN", text="“Two teas, please.”") == set()


@pytest.mark.parametrize(
    ("verb", "action", "hit"),
    [("stroll", None, True), ("stroll about", None, True), (None, "walk", True), ("march", "fly", False)],
)
def test_deeds_are_compared_by_word_or_entry(screenplay, verb, action, hit):
    """A deed is met by its verb, or by the entry of verbs.toml that holds it, also as a later deed."""
    shot = screenplay.shots[0]
    first = replace(shot.subjects[0], verb=verb, action=action)
    later = replace(first, verb="sit", action="sit", then=(Deed(verb=verb or action, action=action or verb),))
    for subject in (first, later):
        shown = replace(screenplay, shots=(replace(shot, subjects=(subject,)),))
        assert missed(shown) == (set() if hit else {"subjects"})


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("a cup of coffee", "cups", True),
        ("golden retriever", "retrievers", True),
        ("wolves", "grey wolf", True),
        ("houseboat", "house", False),
        ("coffee cup", "coffee", False),
    ],
)
def test_nouns_are_compared_by_their_heads(one, other, alike):
    """A phrase is what its head noun is, in the singular or the plural."""
    from matching import head_of

    assert (head_of(one) == head_of(other)) is alike


def test_two_who_share_a_head_are_two_speakers():
    """Where an old and a young man speak, "man" with another word is the other one."""
    from collections import Counter

    from matching import same_speaker

    both = Counter({"man": 2})
    assert not same_speaker("old man", "young man", both)
    assert same_speaker("old man", "Old Man", both)
    assert same_speaker("old man", "weary man", Counter({"man": 1}))
