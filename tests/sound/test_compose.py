"""The stage through its door: what a screenplay sounds like."""
# ruff: noqa: RUF001 - Chinese has its own signs

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from soundstage.film import Music
from soundstage.sound import compose
from soundstage.sound.loudness import measure_lufs

RATE_HZ = 48_000


def part(sound, start_s, end_s):
    return sound[:, round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]


@pytest.mark.parametrize("seconds", [1.0, 1.337, 2.0])
def test_sound_is_exactly_as_long_as_the_film(films, voice_cache, seconds):
    """N is round(seconds * 48000), stereo float32, for odd lengths too."""
    samples = compose(films.forest(seconds), cache_dir=voice_cache).waveform.samples
    assert samples.shape == (2, round(seconds * RATE_HZ))
    assert samples.dtype == np.float32
    assert np.isfinite(samples).all()


def test_film_is_at_minus_16_lufs_and_minus_1_dbtp_after_aac(storm, ears):
    """Speech, effects and beds together: -16 +/- 1 LUFS, and AAC at 192 kbit/s keeps true peak under -1."""
    sound = storm.waveform.samples
    loudness, peak_db = ears.loudness(sound)
    assert loudness == pytest.approx(-16.0, abs=0.5)
    assert storm.loudness_lufs == pytest.approx(loudness, abs=0.2)
    assert peak_db <= -1.3
    decoded = ears.through_aac(sound)
    assert ears.loudness(decoded)[0] == pytest.approx(-16.0, abs=1.0)
    assert ears.loudness(decoded)[1] <= -1.0


@pytest.mark.parametrize(
    "fields",
    [
        {"place": "forest", "time_of_day": "twilight", "framing": "close_up"},
        {"place": "beach"},
        {"place": "room"},
        {"place": "city_street", "weather": "storm"},
        {"place": "desert", "ambience": ("fire",)},
    ],
    ids=lambda f: f["place"],
)
def test_film_without_speech_is_at_minus_16_too(films, ears, voice_cache, fields):
    """A night, a beach, a room, a storm, a fire: each is at -16, and none has a hole over a second."""
    film = films.film(3, films.shot(0, 0, 3, **fields))
    sound = compose(film, cache_dir=voice_cache).waveform.samples
    assert ears.loudness(sound)[0] == pytest.approx(-16.0, abs=0.5)
    assert ears.loudness(ears.through_aac(sound))[1] <= -1.0
    assert not ears.silences(sound)


def test_speech_is_heard_where_the_cues_say(storm, ears):
    """In each cue the speech band stands 6 dB over what came before; cues lie in the film, in order."""
    sound = storm.waveform.samples
    assert [cue.speaker for cue in storm.cues] == ["Anna", "Ben", "小明"]
    for cue in storm.cues:
        assert 0.0 <= cue.start_s < cue.end_s <= 12.0
        assert cue.end_s - cue.start_s > 0.8
        within = ears.band_db(part(sound, cue.start_s, cue.end_s), 200, 4_000)
        before = ears.band_db(part(sound, max(cue.start_s - 0.45, 0.0), cue.start_s - 0.16), 200, 4_000)
        if cue.speaker != "Anna":  # her line begins on footsteps
            assert within > before + 6.0, cue
    assert storm.cues[2].text == "船长，2024年的暴风雨来了！"


def test_no_silence_longer_than_a_second(storm, ears):
    """Between the lines the place goes on sounding."""
    assert not ears.silences(storm.waveform.samples)


def test_mandarin_line_has_a_plausible_length(storm):
    """Sixteen syllables of Chinese take between 1.8 and 4 s."""
    cue = storm.cues[2]
    assert 1.8 < cue.end_s - cue.start_s < 4.0


def test_mono_keeps_the_sound(storm):
    """Summed to mono the film loses less than 3 LU."""
    sound = storm.waveform.samples
    mono = np.repeat(sound.mean(axis=0, keepdims=True), 2, axis=0)
    assert measure_lufs(mono) > measure_lufs(sound) - 3.0


def test_effect_is_heard_at_its_time(films, ears, voice_cache):
    """A bark at 2 s stands 6 dB over the frame before, in its band; its time is exact within 40 ms."""
    film = films.film(4, films.shot(0, 0, 4, place="meadow", effects=(films.effect("bark", 2.0),)))
    sound = compose(film, cache_dir=voice_cache).waveform.samples
    before, after = part(sound, 1.9, 2.0), part(sound, 2.04, 2.2)
    assert ears.band_db(after, 400, 3_000) > ears.band_db(before, 400, 3_000) + 6.0


def test_line_that_runs_over_is_read_faster_then_told(films, voice_cache):
    """A line somewhat too long fits its slot; one far too long keeps its end, and the notes say so."""
    text = "I have walked a very long way to tell you this one small thing."
    fits = films.film(6, films.shot(0, 0, 6, dialogue=(films.line("Ann", text, 1.0, 3.0),)))
    made = compose(fits, cache_dir=voice_cache)
    assert made.cues[0].end_s - made.cues[0].start_s <= 3.0 * 1.05
    assert not made.notes
    tight = films.film(6, films.shot(0, 0, 6, dialogue=(films.line("Ann", text, 4.5, 1.0),)))
    made = compose(tight, cache_dir=voice_cache)
    assert made.cues[0].end_s <= 6.0
    assert made.cues[0].end_s - made.cues[0].start_s > 1.5
    assert "heard whole and runs over" in made.notes[0]


def test_line_longer_than_the_film_is_cut_aloud(films, voice_cache):
    """What cannot be heard is named in a note; the cue ends with the film."""
    film = films.film(3, films.shot(0, 0, 3, dialogue=(films.line("Ann", "one two three four " * 20, 0, 3),)))
    made = compose(film, cache_dir=voice_cache)
    assert made.cues[0].end_s <= 3.0 + 1e-6
    assert any("longer than the film" in note for note in made.notes)


def test_line_with_nothing_to_say_makes_no_cue(films, voice_cache):
    """A line of pictures alone is not spoken, has no cue, and leaves a note."""
    film = films.film(3, films.shot(0, 0, 3, dialogue=(films.line("Ann", "😀🎉", 0, 2),)))
    made = compose(film, cache_dir=voice_cache)
    assert made.cues == ()
    assert "nothing in it to say" in made.notes[0]


def test_what_cannot_be_made_is_said(films, voice_cache):
    """Unknown effects and languages without a voice each leave a note."""
    film = films.film(
        4,
        films.shot(
            0, 0, 4, music=Music(said="jazz"), effects=(films.effect("quantum flux", 1.0),),
            dialogue=(films.line("Ann", "nuqneH", 0.5, 2.0, "tlh"),),
        ),
    )  # fmt: skip
    notes = " ".join(compose(film, cache_dir=voice_cache).notes)
    assert "quantum flux" in notes
    assert "an English one reads it" in notes


def test_asked_silence_is_silent(films, voice_cache):
    """A film whose shots ask for silence has an empty track of the right length."""
    film = films.film(3, films.shot(0, 0, 3, ambience=("silence",)))
    made = compose(film, cache_dir=voice_cache)
    assert not made.waveform.samples.any()
    assert made.waveform.samples.shape == (2, 3 * RATE_HZ)


PROGRAM = """
import hashlib, sys, tempfile
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from conftest import Films
from soundstage.sound import compose
with tempfile.TemporaryDirectory() as folder:
    made = compose(Films().everything_short(), cache_dir=Path(folder))
print(hashlib.sha256(made.waveform.samples.tobytes()).hexdigest())
"""


def test_two_processes_make_the_same_bytes(films, voice_cache):
    """The film's sound is the same bit for bit in another process with an empty shelf."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, os.path.dirname(__file__)],  # noqa: PTH120
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    here = compose(films.everything_short(), cache_dir=voice_cache)
    assert done.stdout.strip() == hashlib.sha256(here.waveform.samples.tobytes()).hexdigest()


def test_importing_the_stage_loads_nothing_heavy():
    """`import soundstage.sound` loads neither numpy nor numba nor scipy."""
    code = "import sys, soundstage.sound; print({'numpy', 'numba', 'scipy', 'av'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_shop_window_is_sorted():
    """What the stage offers is listed in order, and is there."""
    import soundstage.sound

    assert soundstage.sound.__all__ == sorted(soundstage.sound.__all__)
    assert all(hasattr(soundstage.sound, name) for name in soundstage.sound.__all__)
