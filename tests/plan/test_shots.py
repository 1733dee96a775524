"""Cuts, frames and what goes over a cut."""

from __future__ import annotations

import pytest

from soundstage.plan import write_screenplay


def frames(screenplay):
    """Return each shot's start and length in frames, asserting that both are whole."""
    counted = []
    for shot in screenplay.shots:
        start, length = shot.start * screenplay.fps, shot.seconds * screenplay.fps
        assert abs(start - round(start)) < 1e-6
        assert abs(length - round(length)) < 1e-6
        counted.append((round(start), round(length)))
    return counted


def check_whole(screenplay, seconds):
    """Shots follow each other without a gap and fill the film to the frame."""
    at = 0
    for start, length in frames(screenplay):
        assert start == at
        assert length >= 1
        at += length
    assert at == round(seconds * screenplay.fps)
    assert screenplay.seconds == pytest.approx(seconds)
    assert [shot.index for shot in screenplay.shots] == list(range(len(screenplay.shots)))


@pytest.mark.parametrize("fps", [24, 25, 30, 48, 60])
def test_multi_prompt_cuts_at_the_exact_times(fps, order):
    """Shots of a multi_prompt start at the sums of the durations before them."""
    shots = [("a dog runs on a beach", 3.0), ("a cat sleeps", 5.0), ("rain falls on a city", 1.0)]
    screenplay = write_screenplay(order(shots=shots, seconds=9.0, fps=fps))
    assert [shot.start for shot in screenplay.shots] == [0.0, 3.0, 8.0]
    check_whole(screenplay, 9.0)


@pytest.mark.parametrize("seconds", [3.0, 4.3, 7.0, 15.0, 60.0])
@pytest.mark.parametrize("shot_type", ["customize", "intelligent"])
def test_frames_add_up(seconds, shot_type, order):
    """Whatever the cut, shots are whole frames and fill the film."""
    prompt = "A fox wakes. It walks through snow. An owl watches. The fox jumps. Stars shine over a lake."
    screenplay = write_screenplay(order(prompt, seconds=seconds, shot_type=shot_type, fps=30))
    assert sum(length for _, length in frames(screenplay)) == round(seconds * 30)
    if shot_type == "customize":
        assert len(screenplay.shots) == 1


def test_intelligent_cuts_by_beats(order):
    """Between 1 and 6 shots, each long enough to be read; words about the look hold for all of them."""
    prompt = (
        "A woman opens a door. She sees a lighthouse. A gull flies over the sea. Watercolor style, moody."
    )
    screenplay = write_screenplay(order(prompt, seconds=9, shot_type="intelligent"))
    assert len(screenplay.shots) == 3
    assert min(shot.seconds for shot in screenplay.shots) >= 1.5
    assert screenplay.style == "watercolour"
    assert all("moody" in shot.mood for shot in screenplay.shots)
    short = write_screenplay(order(prompt, seconds=3, shot_type="intelligent"))
    assert len(short.shots) <= 2
    check_whole(short, 3)


@pytest.mark.parametrize(
    ("prompt", "starts"),
    [
        ("Shot 1 (6s): a woman walks in Paris. Shot 2: she smiles.", [0, 6]),
        ("Shot 1 (0-3s). A dog runs. Shot 2 (3-10s). A cat sleeps.", [0, 3]),
        ("0-4s: a dog runs\n4-10s: a cat sleeps\nStyle: anime", [0, 4]),
        ("[Shot 1] A man sits. [Shot 2] At 00:05.000, the camera cuts to a cat.", [0, 5]),
        ("shot 1 | 4 seconds | a fox jumps\nshot 2 | 6 seconds | a bear sleeps", [0, 4]),
        ("镜头1（4秒）：女孩在森林。镜头2（6秒）：男孩在海滩。", [0, 4]),  # noqa: RUF001 - as typed
        (
            "Multi shot Prompt 1: a boy runs (Duration: 2 seconds)\nMulti shot Prompt 2: cats (Duration: 8s)",
            [0, 2],
        ),
    ],
)  # fmt: skip
def test_labelled_shots(prompt, starts, order):
    """Labels in one prompt are cuts at their times."""
    screenplay = write_screenplay(order(prompt, seconds=10))
    assert [shot.start for shot in screenplay.shots] == starts
    check_whole(screenplay, 10)


def test_times_that_do_not_add_up_are_scaled(order):
    """The film's length wins over the prompt's times, and a note says so."""
    screenplay = write_screenplay(order("Shot 1 (6s): a dog. Shot 2 (6s): a cat.", seconds=6))
    assert [shot.seconds for shot in screenplay.shots] == [3, 3]
    assert any("scaled" in note.text for note in screenplay.notes)


@pytest.mark.parametrize(
    "prompt",
    [
        "Shot on 35mm film, a dog in a park",
        "Low-angle shot of a dog",
        "Close-up shot. A dog.",
        "A dog, 4K, 16:9, 24 fps",
    ],
)
def test_traps_are_no_cuts(prompt, order):
    """Words about shots are not labels."""
    assert len(write_screenplay(order(prompt)).shots) == 1


def test_cut_to_is_a_cut(order):
    """A cut the prompt names is made even when the planner adds none."""
    screenplay = write_screenplay(order("A dog runs in a park. Cut to a cat on a sofa.", seconds=6))
    assert [shot.subjects[0].kind for shot in screenplay.shots] == ["dog", "cat"]


def test_place_and_people_go_over_a_cut(order):
    """A later shot keeps place, time, weather and who "she" is, until it says otherwise."""
    shots = [
        ("Anna walks through a forest at night in the rain", 3),
        ("She smiles, close-up", 3),
        ("A beach at noon", 3),
    ]
    first, second, third = write_screenplay(order(shots=shots, seconds=9)).shots
    assert (second.place, second.time_of_day, second.weather) == ("forest", "night", "rain")
    assert second.subjects[0].noun == "Anna"
    assert second.subjects[0].member == first.subjects[0].member == "Anna"
    assert second.subjects[0].action == "smile"
    assert second.continues
    assert not first.continues
    assert (third.place, third.continues) == ("beach", False)


def test_a_shot_without_subject_shows_the_last(order):
    """A shot that only tells of the camera shows whom the shot before showed."""
    _, second = write_screenplay(
        order(shots=[("a red fox in a meadow", 3), ("slow push in", 3)], seconds=6)
    ).shots
    assert second.subjects[0].kind == "fox"
    assert second.continues


def test_a_sound_between_sentences_stays_with_its_shot(order):
    """A sentence that is only heard belongs to the shot before, not to the whole film."""
    prompt = "A dog sleeps in a room. Footsteps echo. A girl opens a window."
    first, second = write_screenplay(order(prompt, seconds=8, shot_type="intelligent")).shots
    assert [effect.name for effect in first.effects] == ["footsteps"]
    assert "footsteps" not in [effect.name for effect in second.effects]
    assert first.text == "A dog sleeps in a room. Footsteps echo."
