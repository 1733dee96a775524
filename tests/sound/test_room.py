# ruff: noqa: RUF001 - Chinese has its own signs
"""Rooms and media: a voice sounds where it is, and through what it comes."""

from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import Subject
from soundstage.sound.dialogue import speak_dialogue
from soundstage.sound.room import medium_of, stage_voices, through
from soundstage.sound.voice_shelf import VoiceShelf

RATE_HZ = 48_000


@pytest.fixture(scope="module")
def voice(films, voice_cache):
    film = films.film(
        4, films.shot(0, 0, 4, dialogue=(films.line("Ann", "Hello? Is there anyone?", 0.3, 3),))
    )
    return speak_dialogue(film, VoiceShelf(folder=voice_cache)).lines[0].sound


@pytest.mark.parametrize("medium", ["telephone", "radio", "loudspeaker"])
def test_a_medium_leaves_its_band(voice, ears, medium):
    """Through a wire a voice loses its lows and highs, and is as loud as before."""
    heard = np.stack([through(medium, voice)] * 2)
    plain = np.stack([voice] * 2)
    for low_hz, high_hz in ((60, 180), (6_500, 12_000)):
        assert ears.band_db(heard, low_hz, high_hz) < ears.band_db(plain, low_hz, high_hz) - 6.0
    assert np.std(heard) == pytest.approx(np.std(plain), rel=0.05)


def test_a_wall_leaves_the_lows(voice, ears):
    """Through a door a voice is dull."""
    heard, plain = np.stack([through("wall", voice)] * 2), np.stack([voice] * 2)
    assert ears.band_db(heard, 2_000, 8_000) < ears.band_db(plain, 2_000, 8_000) - 20.0


def test_medium_is_found_in_manner_and_name(films):
    """What a line comes through stands in its manner or its speaker's name; words of the line count not."""
    assert medium_of(films.line("Ann", "Hi.", 0, 1, manner=("over the phone",))) == "telephone"
    assert medium_of(films.line("Radio voice", "Mayday.", 0, 1)) == "radio"
    assert medium_of(films.line("小明", "喂？", 0, 1, "zh", ("在电话里",))) == "telephone"
    assert medium_of(films.line("Ann", "The phone rings.", 0, 1)) == ""
    shot = films.shot(0, 0, 3, subjects=(Subject(noun="radio"),))
    away = replace(films.line("pilot", "Mayday.", 0, 1), off_screen=True)
    assert medium_of(away, shot) == "radio"
    assert medium_of(replace(away, speaker="Narrator"), shot) == ""


def test_a_cave_answers_longer_than_a_studio(films, voice_cache):
    """What a room sends back lasts as long as the room is large."""
    line = films.line("Ann", "Hello!", 0.2, 1.0)
    film = films.film(5, films.shot(0, 0, 5, dialogue=(line,)))
    lines = speak_dialogue(film, VoiceShelf(folder=voice_cache)).lines
    late = slice(2 * RATE_HZ, 3 * RATE_HZ)
    cave, studio = (
        stage_voices(lines, (room,), film, 5 * RATE_HZ)[1][:, late] for room in ("cave", "studio")
    )
    assert np.std(cave) > 30.0 * np.std(studio)
