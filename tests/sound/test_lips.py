"""Mouths: eight shapes, on the voice's own times, open as the voice is loud."""
# ruff: noqa: RUF001 - Chinese has its own signs

import itertools
from typing import get_args

import numpy as np
import pytest

from soundstage.film import LipTrack, MouthShape, Seconds, Viseme
from soundstage.sound import speak
from soundstage.sound.dialogue import speak_dialogue
from soundstage.sound.lips import mouths_of, track_lips
from soundstage.sound.voice_shelf import VoiceShelf

RATE_HZ = 48_000
LINES = {
    "en": "The old lighthouse keeper looked at the sea, and said nothing for a very long time.",
    "zh": "船长，暴风雨来了！我们应该往哪里走？",
    "fr": "Bonjour, un bon vin blanc, la peur du feu.",
}


def spoken(films, voice_cache, language, **how):
    line = films.line("Anna", LINES[language], 0.5, 6.0, language, **how)
    film = films.film(8, films.shot(0, 0, 8, dialogue=(line,)))
    return speak_dialogue(film, VoiceShelf(folder=voice_cache)).lines[0]


def correlation(said, track):
    """Return how closely the mouth follows the voice's envelope, both at 24 frames a second."""
    frames = int(said.seconds * 24)
    level = np.array([
        np.sqrt(np.mean(np.square(said.sound[round(k * RATE_HZ / 24) : round((k + 1) * RATE_HZ / 24)])))
        for k in range(frames)
    ])  # fmt: skip
    mouth = np.array([track.openness_at(said.start_s + (k + 0.5) / 24) for k in range(frames)])
    return np.corrcoef(level, mouth)[0, 1]


@pytest.mark.parametrize("language", sorted(LINES))
@pytest.mark.parametrize("manner", [(), ("whispers",), ("shouts",)])
def test_mouth_follows_the_voice(films, voice_cache, language, manner):
    """The openness of a mouth correlates above 0.5 with the speech envelope, in each language and manner."""
    said = spoken(films, voice_cache, language, manner=manner)
    (track,) = track_lips([said])
    assert correlation(said, track) > 0.5


@pytest.mark.parametrize("language", sorted(LINES))
def test_track_covers_the_line_without_gaps(films, voice_cache, language):
    """Visemes are of the eight shapes, in order, none shorter than can be seen, over the whole voice."""
    said = spoken(films, voice_cache, language)
    (track,) = track_lips([said])
    assert track.speaker == "Anna"
    assert track.start_s == pytest.approx(said.start_s, abs=1e-3)
    assert track.end_s == pytest.approx(said.start_s + said.seconds, abs=1e-3)
    for one, after in itertools.pairwise(track.visemes):
        assert one.end_s == after.start_s
        assert one.end_s - one.start_s > 0.015
    assert {v.shape for v in track.visemes} <= set(get_args(MouthShape))
    assert len({v.shape for v in track.visemes}) >= 5
    assert all(0.0 <= v.openness <= 1.0 for v in track.visemes)


def test_lips_close_for_their_sounds(films, voice_cache):
    """At the m of "time" the lips are pressed; at the oo of "looked" they are round; a pause rests."""
    said = spoken(films, voice_cache, "en")
    (track,) = track_lips([said])
    wanted = {"m": "closed", "ˈʊ": "round", "f": "teeth", "ˈiː": "wide"}
    seen = {name: track.at(at + 0.02).shape for name, at in said.phonemes if name in wanted}
    assert seen == wanted


def test_phonemes_of_both_alphabets_are_known():
    """Diphthongs have two mouths, Mandarin finals theirs, a change of language rests."""
    assert [shape for shape, _ in mouths_of("ˈaɪ")] == ["open", "wide"]
    assert [shape for shape, _ in mouths_of("ˈuei")] == ["round", "wide", "wide"]
    assert [shape for shape, _ in mouths_of("ts.h")] == ["narrow", "narrow"]
    assert mouths_of("") == mouths_of("(en)") == (("rest", 0.0),)


def test_nobody_moves_their_mouth_off_screen(films, voice_cache):
    """A voice that is not in the picture has no lips; speaking before composing gives the same tracks."""
    lines = (films.line("Anna", "Hello there.", 0.2, 1.5), films.line("Voice", "And so it began.", 2.0, 2.0))
    from dataclasses import replace

    film = films.film(5, films.shot(0, 0, 5, dialogue=(lines[0], replace(lines[1], off_screen=True))))
    tracks = speak(film, cache_dir=voice_cache)
    assert [track.speaker for track in tracks] == ["Anna"]
    assert tracks == speak(film, cache_dir=voice_cache)


def test_track_moves_with_its_shot():
    """A track told later is the same movement; outside the line a mouth is shut."""
    visemes = tuple(
        Viseme(start_s=Seconds(a), end_s=Seconds(b), shape="open", openness=o)
        for a, b, o in ((1.0, 1.2, 0.4), (1.2, 1.4, 1.0))
    )
    track = LipTrack(speaker="Anna", visemes=visemes)
    assert track.openness_at(1.3) == pytest.approx(1.0)
    assert track.later(-1.0).openness_at(0.25) == pytest.approx(track.openness_at(1.25))
    assert track.openness_at(0.99) == track.openness_at(1.41) == 0.0
    assert track.at(1.19) is visemes[0]
    assert track.at(1.4) is None
