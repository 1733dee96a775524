"""What stands around the shots: words for the whole film, sections, parameters and JSON."""

from __future__ import annotations

import json

import pytest

from soundstage.film import FrameSize
from soundstage.plan import write_screenplay

SHOTS = "Shot 1: A wolf stands on a ridge.\nShot 2: The wolf walks to a frozen lake."


@pytest.mark.parametrize(
    "prompt",
    [
        SHOTS + "\n\nThe entire film takes place at night in heavy snow. Documentary style. No music.",
        SHOTS + "\nStyle: documentary, at night. Weather: heavy snow. Music: none, no music.",
        SHOTS + " Documentary style, night, snow, no music throughout.",
        "Documentary style, at night, in heavy snow, no music.\n" + SHOTS,
    ],
)
def test_words_for_the_whole_film_hold_for_every_shot(prompt, order):
    """Before the first label or behind the last shot, style, time, weather and silence are everybody's."""
    screenplay = write_screenplay(order(prompt, seconds=8.0))
    assert [shot.text for shot in screenplay.shots] == [
        "A wolf stands on a ridge.",
        "The wolf walks to a frozen lake.",
    ]
    assert screenplay.style == "documentary"
    for shot in screenplay.shots:
        assert shot.time_of_day == "night"
        assert shot.weather in ("snow", "blizzard")
        assert shot.music is None


@pytest.mark.parametrize("parted", ["\n", "\n\n"])
def test_what_happens_on_is_the_last_shots(parted, order):
    """A line behind the last shot in which somebody acts is still that shot."""
    prompt = f"Shot 1: A dog runs.\nShot 2: A cat sleeps.{parted}The cat jumps onto a table.\nStyle: anime"
    screenplay = write_screenplay(order(prompt, seconds=8.0))
    assert screenplay.style == "anime"
    assert "jumps onto a table" in screenplay.shots[1].text
    assert "anime" not in screenplay.shots[1].text


def test_a_shot_keeps_sections_of_its_own(order):
    """Sections that every shot has belong to their shot, the last one's too; the last alone is the film's."""
    prompt = (
        "Shot 1:\nAction: a dog runs on a beach\nAudio: thunder\n"
        "Shot 2:\nAction: a cat sleeps on a sofa\nAudio: footsteps\nStyle: anime"
    )
    screenplay = write_screenplay(order(prompt, seconds=8.0))
    first, second = screenplay.shots
    assert "thunder" in [effect.name for effect in first.effects]
    assert "footsteps" in [effect.name for effect in second.effects]
    assert "footsteps" not in [effect.name for effect in first.effects]
    assert screenplay.style == "anime"


@pytest.mark.parametrize("spot", ["before", "behind"])
def test_lines_around_the_shots_are_kept(spot, order):
    """What is spoken before the first label or behind the last shot goes with the nearest shot."""
    line = 'A narrator says, "Winter is long here."'
    prompt = f"{line}\n{SHOTS}" if spot == "before" else f"{SHOTS}\n\n{line}"
    shots = write_screenplay(order(prompt, seconds=8.0)).shots
    spoken = [[said.text for said in shot.dialogue] for shot in shots]
    assert spoken == ([["Winter is long here."], []] if spot == "before" else [[], ["Winter is long here."]])


def test_who_stands_before_the_labels_is_seen(order):
    """A first shot without anybody of its own shows those the prompt begins with."""
    prompt = "A woman in a red coat walks through a city at night. Shot 1: wide shot. Shot 2: she smiles."
    first, second = write_screenplay(order(prompt, seconds=6.0)).shots
    assert first.subjects[0].noun == second.subjects[0].noun == "woman"
    assert first.time_of_day == second.time_of_day == "night"
    assert second.subjects[0].action == "smile"


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("Duration: 10s.", "duration"),
        ("Length: 12 seconds", "duration"),
        ("Aspect ratio: 9:16.", "aspect ratio"),
        ("--ar 9:16", "aspect ratio"),
        ("A vertical 9:16 video.", "aspect ratio"),
        ("A 10-second clip.", "duration"),
        ("FPS: 60.", "fps"),
        ("Seed: 99.", "seed"),
        ("Resolution: 4K.", "resolution"),
        ("时长：12秒。", "duration"),  # noqa: RUF001 - as typed
    ],
)
def test_a_parameter_that_disagrees_is_noted(said, named, order):
    """The request's field holds, and a note with the words says so."""
    screenplay = write_screenplay(order(f"A dog runs on a beach. {said}", seconds=5.0))
    (note,) = [note for note in screenplay.notes if note.kind == "conflict"]
    assert note.text.startswith(named)
    words = [screenplay.prompts[span.prompt][span.start : span.end] for span in note.spans]
    assert words
    assert all(word in said for word in words)
    assert screenplay.seconds == 5.0
    assert len(screenplay.shots) == 1


@pytest.mark.parametrize(
    "said", ["Duration: 5s.", "Aspect ratio: 16:9.", "--ar 16:9", "Resolution: 1080p.", "A 5-second clip."]
)
def test_a_parameter_that_agrees_is_silent(said, order):
    """What the prompt and the request say alike needs no note, and is no part of the picture."""
    screenplay = write_screenplay(order(f"A dog runs on a beach. {said}", seconds=5.0))
    assert not [note for note in screenplay.notes if note.kind == "conflict"]
    assert [subject.noun for subject in screenplay.shots[0].subjects] == ["dog"]


def test_ratio_is_of_the_request(order):
    """A square film asked for as one agrees with itself."""
    square = FrameSize(width=1080, height=1080)
    screenplay = write_screenplay(order("A dog. Aspect ratio: 1:1.", size=square))
    assert not [note for note in screenplay.notes if note.kind == "conflict"]


@pytest.mark.parametrize(
    "prompt",
    [
        "A dancer on a stage.\nNegative prompt: audience, text, watermark",
        "A dancer on a stage. Negative prompt: audience, text, watermark. Style: noir.",
        "A dancer on a stage. Avoid: audience, text, watermark.",
        "A dancer on a stage --no audience, text, watermark",
        '{"scene": "A dancer on a stage", "negative_prompt": "audience, text, watermark"}',
        "A dancer on a stage. [Negative: audience, text, watermark]",
    ],
)
def test_negatives_in_the_prompt_are_excluded(prompt, order):
    """A negative section is a list like the field's, wherever it stands, and is never seen."""
    screenplay = write_screenplay(order(prompt))
    assert {"audience", "text", "watermark"} <= set(screenplay.excluded)
    assert [subject.noun for subject in screenplay.shots[0].subjects] == ["dancer"]


@pytest.mark.parametrize(
    "prompt",
    [
        "Scene: a beach at sunset. Subject: a boy runs. Camera: slow orbit. Audio: thunder. Style: anime.",
        "Scene: a beach at sunset\nSubject: a boy runs\nCamera: slow orbit\nAudio: thunder\nStyle: anime",
        ("**Scene:** a beach at sunset\n**Subject:** a boy runs\n**Camera:** slow orbit\n"
        "**Audio:** thunder\n**Style:** anime"),
        ("## Scene\na beach at sunset\n## Subject\na boy runs\n## Camera\nslow orbit\n## Audio\nthunder\n"
        "## Style\nanime"),
        "[Style: anime] A boy runs on a beach at sunset. [Camera: slow orbit] [Audio: thunder]",
        json.dumps({
            "scene": "a beach at sunset", "subject": "a boy runs", "camera": {"movement": "slow orbit"},
            "audio": ["thunder"], "style": "anime", "music": None,
        }),
        ('```json\n{"style": "anime", "scene": {"location": "a beach", "time": "sunset"}, '
        '"subject": {"description": "a boy runs"}, "camera": "slow orbit", "audio": "thunder"}\n```'),
    ],
)  # fmt: skip
def test_sections_are_read_as_what_they_are(prompt, order):
    """In a line, in lines, bold, as headings, in brackets or as JSON: the same film."""
    screenplay = write_screenplay(order(prompt))
    (shot,) = screenplay.shots
    assert (shot.place, shot.time_of_day, screenplay.style) == ("beach", "sunset", "anime")
    assert [(subject.noun, subject.action) for subject in shot.subjects] == [("boy", "run")]
    assert shot.camera.move == "orbit"
    assert "thunder" in [effect.name for effect in shot.effects]


@pytest.mark.parametrize(
    "times",
    [
        [{"duration": 4}, {"duration": 6}],
        [{"duration": "4s"}, {"duration": "6 seconds"}],
        [{"start": 0, "end": 4}, {"start": 4, "end": 10}],
        [{"start_time": "00:00", "end_time": "00:04"}, {"start_time": "00:04", "end_time": "00:10"}],
        [{"start": 0}, {"start": 4}],
        [{"time": "0-4s"}, {"time": "4-10s"}],
    ],
)
def test_times_of_json_are_kept(times, order):
    """A shot's times are told by any of the keys people use, and are no words of it."""
    deeds = ("a dog runs", "a cat sleeps")
    shots = [
        {"shot": n, "action": deed, **time}
        for n, (deed, time) in enumerate(zip(deeds, times, strict=True), 1)
    ]
    screenplay = write_screenplay(order(json.dumps({"shots": shots}), seconds=10.0))
    assert [shot.start for shot in screenplay.shots] == [0.0, 4.0]
    assert [shot.text for shot in screenplay.shots] == list(deeds)


def test_lines_of_json_are_spoken(order):
    """A speaker and a line beside each other in an object are a line."""
    prompt = json.dumps({
        "shots": [
            {"duration": 2, "action": "a woman opens a door"},
            {"duration": 3, "dialogue": [{"speaker": "Anna", "line": 'I said "wait" to you.'}]},
        ]
    })  # fmt: skip
    first, second = write_screenplay(order(prompt, seconds=5.0)).shots
    assert (first.start, second.start) == (0.0, 2.0)
    assert not first.dialogue
    assert second.dialogue[0].speaker == "Anna"


@pytest.mark.parametrize("prompt", ["{", "[1, 2", '{"a": }', "{a dog} runs", "[a dog] [a cat]", "{}", "[]"])
def test_what_is_no_json_is_prose(prompt, order):
    """Braces alone make no object."""
    assert len(write_screenplay(order(prompt)).shots) == 1
