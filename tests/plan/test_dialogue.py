"""What is said, by whom, and what only looks like speech."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from soundstage.plan import write_screenplay

CASES = tomllib.loads(Path(__file__).with_name("dialogue.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["prompt"][:40] for case in CASES])
def test_lines_and_speakers(case, order):
    """Every line is found with its words, its speaker and how it is said; writing is not spoken."""
    screenplay = write_screenplay(order(case["prompt"], seconds=10))
    (shot,) = screenplay.shots
    assert [line.text for line in shot.dialogue] == [text for _, text in case["lines"]]
    for line, (speaker, _) in zip(shot.dialogue, case["lines"], strict=True):
        assert speaker in ("", line.speaker)
        assert line.speaker in {member.name for member in screenplay.cast}
        assert line.off_screen is case.get("off_screen", False)
    if "manner" in case:
        assert case["manner"] in shot.dialogue[0].manner
    if "language" in case:
        assert {line.language for line in shot.dialogue} == {case["language"]}
    assert list(shot.on_screen_text) == case.get("writing", list(shot.on_screen_text))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("hello", "en"),
        ("你好", "zh"),
        ("こんにちは、世界", "ja"),
        ("안녕하세요", "ko"),
        ("Здравствуйте", "ru"),
    ],
)
def test_language_is_told_by_script(text, language, order):
    """A line's script tells its language; Latin letters count as English."""
    line = write_screenplay(order(f'A man says "{text}"')).shots[0].dialogue[0]
    assert line.language == language


def test_lines_never_overlap_and_stay_in_their_shot(order):
    """Lines follow each other inside the shot, even when they cannot fit, and a note says when."""
    prompt = " ".join(
        f'Anna says "this is sentence number {n} and it is long." Bob says "yes."' for n in range(6)
    )
    screenplay = write_screenplay(order(prompt, seconds=5))
    shot = screenplay.shots[0]
    assert len(shot.dialogue) == 12
    for before, after in pairwise(shot.dialogue):
        assert before.end <= after.start
    last = shot.dialogue[-1]
    assert last.end <= shot.start + shot.seconds
    assert any("spoken faster" in note.text for note in screenplay.notes)


def test_speech_rate_has_room(order):
    """A short line gets about a second for every two and a half words, after a moment of silence."""
    line = write_screenplay(order('A man says "one two three four five"')).shots[0].dialogue[0]
    assert 0.2 <= line.start <= 0.6
    assert 1.9 <= line.seconds <= 2.1


def test_cast_tells_gender_and_age(order):
    """Words in a name cast the voice."""
    prompt = 'An old woman says "Hi." A little boy says "Hello." Bob says "Hey."'
    cast = {m.name: (m.gender, m.age) for m in write_screenplay(order(prompt, seconds=10)).cast}
    assert cast["old woman"] == ("female", "old")
    assert cast["little boy"] == ("male", "child")
    assert cast["Bob"][0] == "male"


def test_speakers_are_seen_under_their_name(order):
    """Who speaks on screen is a subject with the cast's name; a narrator is not."""
    shot = write_screenplay(order('An old wizard stands in a hall. The wizard says "Enter."')).shots[0]
    assert [subject.member for subject in shot.subjects] == ["old wizard"]
    told = write_screenplay(order('A fox sleeps. Narrator: "Night falls."')).shots[0]
    assert [subject.kind for subject in told.subjects] == ["fox"]


def test_quoted_words_are_not_seen(order):
    """What is only spoken of is not in the picture."""
    shot = write_screenplay(order('A man in an office says "A dragon burns the forest at midnight!"')).shots[
        0
    ]
    assert (shot.place, shot.time_of_day) == ("office", "afternoon")
    assert [subject.kind for subject in shot.subjects] == ["man"]
