"""What is said, by whom, and what only looks like speech."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from soundstage.plan import write_screenplay

CASES = tomllib.loads(Path(__file__).with_name("dialogue.toml").read_text("utf-8"))["case"]


def _words(name):
    return re.findall(r"\w+", name.lower())


@pytest.mark.parametrize("case", CASES, ids=[case["prompt"][:40] for case in CASES])
def test_lines_and_speakers(case, order):
    """Every line is found with its words, its speaker and how it is said; writing is not spoken."""
    screenplay = write_screenplay(order(case["prompt"], seconds=10))
    (shot,) = screenplay.shots
    assert [line.text for line in shot.dialogue] == [text for _, text in case["lines"]]
    off_screen = case.get("off_screen", False)
    for at, (line, (speaker, _)) in enumerate(zip(shot.dialogue, case["lines"], strict=True)):
        assert set(_words(speaker)) <= set(_words(line.speaker))
        assert line.speaker in {member.name for member in screenplay.cast}
        assert line.off_screen is (off_screen[at] if isinstance(off_screen, list) else off_screen)
    if "manner" in case:
        assert case["manner"] in " ".join(shot.dialogue[0].manner)
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


def test_a_pronoun_finds_its_person_in_an_earlier_shot(order):
    """Who "she" is, is known from the shots before, also where another person stands between."""
    prompt = (
        "Shot 1 (4s): A beekeeper named Ada lifts a frame from the hive. "
        "Shot 2 (3s): A little boy watches from behind a fence. "
        'Shot 3 (3s): She walks over and says softly, "they only sting the rude ones."'
    )
    (line,) = write_screenplay(order(prompt, seconds=10)).shots[2].dialogue
    assert line.speaker == "Ada"
    assert "softly" in line.manner


def test_two_names_are_one_character(order):
    """Somebody who gets a name keeps it, whatever they are called later."""
    prompt = 'A baker named Tom kneads dough. "Morning," says the baker. He adds, "Mind the flour."'
    screenplay = write_screenplay(order(prompt, seconds=10))
    assert [line.speaker for line in screenplay.shots[0].dialogue] == ["Tom", "Tom"]


def test_a_label_that_only_declares_tells_who_somebody_is(order):
    """A declaring label gives description, age and gender; its letter stands for the name."""
    prompt = (
        "[Character A: Old Fisherman, grey beard, male]\n[Character B: Young Woman, red scarf]\n"
        'A pier at dawn. [Character A]: "You came back." [Young Woman, whispering]: "I had to."'
    )
    screenplay = write_screenplay(order(prompt, seconds=10))
    cast = {member.name: member for member in screenplay.cast}
    assert [line.speaker for line in screenplay.shots[0].dialogue] == ["Old Fisherman", "Young Woman"]
    assert "grey beard" in cast["Old Fisherman"].description
    assert (cast["Old Fisherman"].gender, cast["Old Fisherman"].age) == ("male", "old")
    assert cast["Young Woman"].gender == "female"


def test_two_languages_in_one_film(order):
    """A language named in a label or in the prose is the line's own."""
    prompt = (
        '[Woman, soft tone, French]: "Je t\'attendais." The man answers in English, "I got lost." '
        'She says in a French accent, "Of course you did."'
    )
    lines = write_screenplay(order(prompt, seconds=10)).shots[0].dialogue
    assert [line.language for line in lines] == ["fr", "en", "en"]


@pytest.mark.parametrize(
    ("told", "manner"),
    [
        ('She replies in casual slang, "no way, dude."', "in casual slang"),
        ('He says in a thick Scottish accent: "aye."', "in a thick scottish accent"),
        ('ANNA (angrily): "Get out."', "angrily"),
        ('"Quiet," she whispers.', "whispers"),
        ('Guard, voice trembling: "Halt."', "voice trembling"),
        ('The crowd chants "Champions!"', "chants"),
        ('He says "STOP RIGHT THERE!"', "shouts"),
    ],
)
def test_how_a_line_is_said(told, manner, order):
    """Verb, adverb, label and the words for a voice tell the manner; a line in capitals is shouted."""
    (line,) = write_screenplay(order(told)).shots[0].dialogue
    assert manner in line.manner


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("FBI, open up.", "F B I, open up."),
        ("The GPU is on fire.", "The G P U is on fire."),
        ("NASA is in PARIS now.", "Nasa is in Paris now."),
        ("I said NO.", "I said no."),
        ("MOVE! THIS IS NOT A HOLIDAY!", "Move! This is not a holiday!"),
        ("(sighs) Fine.", "Fine."),
        ("hello, friend.", None),
    ],
)
def test_letter_case_is_read_as_kling_reads_it(text, spoken, order):
    """Names and what can be pronounced are words, initials are spelled; the line itself stays as written."""
    (line,) = write_screenplay(order(f'An agent says "{text}"')).shots[0].dialogue
    assert (line.text, line.spoken) == (text, spoken)


def test_times_in_the_prose_are_kept(order):
    """A line starts at the second its sentence names, and not before the line in front of it ends."""
    prompt = 'A boy counts: he says "Three.", at 4 seconds he says "Two." and at 7 seconds he says "One."'
    lines = write_screenplay(order(prompt, seconds=10)).shots[0].dialogue
    assert [line.text for line in lines] == ["Three.", "Two.", "One."]
    assert [float(line.start) for line in lines[1:]] == [4.0, 7.0]


def test_pauses_are_kept(order):
    """A pause is a second of silence before the next line, "Immediately," hardly any."""
    said = '[Anna]: "who did this?" {} [Ben]: "I did."'
    gaps = []
    for words in ("Pause.", "Immediately,"):
        first, second = write_screenplay(order(said.format(words), seconds=10)).shots[0].dialogue
        gaps.append(float(second.start - first.end))
    assert gaps[0] == pytest.approx(1.0, abs=0.05)
    assert gaps[1] < 0.1


def test_spans_hold_the_line(order):
    """A line's span is where it stands in the prompt, marks included."""
    prompt = 'A man in a hat says,  "Hello   there."  Then he leaves.'
    screenplay = write_screenplay(order(prompt))
    (span,) = screenplay.shots[0].dialogue[0].spans
    assert prompt[span.start : span.end] == '"Hello   there."'


def test_speakers_are_no_second_subjects(order):
    """Who is seen under another name, or as one of several, is not added once more for speaking."""
    prompt = 'A baker named Tom kneads dough. He mutters, "Still sticks."'
    subjects = write_screenplay(order(prompt, seconds=10)).shots[0].subjects
    assert [subject.member for subject in subjects if subject.kind in ("man", "chef")] == ["Tom"]
    prompt = 'Two cowboys face off at noon. One says, "Draw." The other says, "After you."'
    shot = write_screenplay(order(prompt, seconds=10)).shots[0]
    assert [(subject.noun, subject.count) for subject in shot.subjects] == [("cowboys", 2)]
    assert [line.speaker for line in shot.dialogue] == ["first cowboy", "second cowboy"]


def test_the_cast_knows_what_pronouns_and_labels_tell(order):
    """A captain called "she" has a woman's voice; a language told for somebody is theirs."""
    prompt = 'The captain grips the wheel. "Hold on," she says. [Cook, French]: "Mon dieu !"'
    cast = {member.name: member for member in write_screenplay(order(prompt, seconds=10)).cast}
    assert cast["captain"].gender == "female"
    assert cast["Cook"].language == "fr"
