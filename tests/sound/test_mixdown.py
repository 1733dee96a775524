"""The mix: speech clear of the bed, the film at its loudness, its peaks under the ceiling."""

import numpy as np
import pytest

from soundstage.sound.mixdown import AMBIENCE_DUCK_DB, Stems, mix_down

RATE_HZ = 48_000
SECONDS = 6


def noise(level_db, seed):
    sound = np.random.default_rng(seed).standard_normal((2, SECONDS * RATE_HZ))
    return (sound * 10.0 ** (level_db / 20.0)).astype(np.float32)


def stems(*, ambience_db=-40.0, effects_db=None, speech_db=-20.0, cues=((2.0, 4.0),)):
    nothing = np.zeros((2, SECONDS * RATE_HZ), np.float32)
    voices = nothing.copy()
    for start_s, end_s in cues:
        part = slice(round(start_s * RATE_HZ), round(end_s * RATE_HZ))
        voices[:, part] = noise(speech_db, 2)[:1, part]
    return Stems(
        voices=voices,
        rooms=nothing,
        effects=nothing if effects_db is None else noise(effects_db, 3),
        ambience=noise(ambience_db, 1),
        cues=tuple(cues),
    )


def rms_db(sound, start_s, end_s):
    part = sound[:, round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]
    return 20.0 * np.log10(np.sqrt(np.mean(np.square(part, dtype=np.float64))) + 1e-12)


def test_bed_is_ducked_by_8_db_in_a_cue_and_comes_back():
    """In a line, from its first 50 ms on, the bed is 8 dB lower than outside; a second later it is back."""
    bed = mix_down(stems()).bed
    free = rms_db(bed, 0.2, 1.7)
    assert rms_db(bed, 2.0, 4.0) <= free - 8.0
    assert rms_db(bed, 2.0, 2.05) <= free - 8.0
    assert rms_db(bed, 5.5, 6.0) == pytest.approx(free, abs=1.0)
    assert rms_db(bed, 2.5, 4.0) == pytest.approx(free + AMBIENCE_DUCK_DB, abs=0.5)


@pytest.mark.parametrize("ambience_db", [-40.0, -26.0, -20.0])
def test_speech_stands_8_db_over_the_bed_however_loud_it_is(ambience_db):
    """A bed as loud as the speech itself goes down until speech is 8 dB over it in every line."""
    cues = ((0.5, 1.5), (2.5, 3.0), (4.5, 5.5))
    made = stems(ambience_db=ambience_db, effects_db=-26.0, cues=cues)
    mix = mix_down(made)
    gain_db = rms_db(mix.bed, 0.0, 6.0)
    for start_s, end_s in cues:
        speech_db = rms_db(mix.sound - mix.bed, start_s, end_s)
        assert speech_db - rms_db(mix.bed, start_s, end_s) >= 8.0, gain_db


def test_bed_does_not_pump_between_close_lines():
    """In a pause of 0.4 s the bed stays down; in one of 1.5 s it comes up."""
    bed = mix_down(stems(cues=((0.5, 1.5), (1.9, 2.5), (4.0, 5.0)))).bed
    down = rms_db(bed, 1.0, 1.5)
    assert rms_db(bed, 1.6, 1.75) == pytest.approx(down, abs=1.0)
    assert rms_db(bed, 3.4, 3.7) > down + 6.0


@pytest.mark.parametrize("ambience_db", [-70.0, -40.0, -10.0, 6.0])
def test_film_comes_to_minus_16_under_its_ceiling(ears, ambience_db):
    """Whatever its parts, a film is at -16 LUFS and its true peak under -1 dBTP, by another meter."""
    mix = mix_down(stems(ambience_db=ambience_db, cues=()))
    loudness, peak_db = ears.loudness(mix.sound)
    assert loudness == pytest.approx(-16.0, abs=0.3)
    assert mix.loudness_lufs == pytest.approx(loudness, abs=0.2)
    assert peak_db <= -1.0


def test_peaky_sound_still_comes_to_minus_16(ears):
    """Single hard hits over a quiet bed are limited, and the loudness holds."""
    made = stems(ambience_db=-45.0, cues=())
    hits = made.effects.copy()
    hits[:, 10_000::40_000] = 0.9
    hits[:, 10_001::40_000] = -0.9
    mix = mix_down(Stems(voices=hits * 0, rooms=hits * 0, effects=hits, ambience=made.ambience, cues=()))
    loudness, peak_db = ears.loudness(mix.sound)
    assert loudness == pytest.approx(-16.0, abs=0.5)
    assert peak_db <= -1.0


def test_silence_stays_silent():
    """Nothing to hear is not raised into noise, and divides by nothing."""
    nothing = np.zeros((2, RATE_HZ), np.float32)
    mix = mix_down(Stems(voices=nothing, rooms=nothing, effects=nothing, ambience=nothing, cues=()))
    assert not mix.sound.any()
    assert mix.loudness_lufs == -70.0


def test_film_begins_and_ends_without_a_click():
    """The first and the last frame are silent, and 30 ms further in the sound is whole."""
    sound = mix_down(stems(cues=())).sound
    assert np.abs(sound[:, 0]).max() < 1e-3
    assert np.abs(sound[:, -1]).max() < 1e-3
    assert rms_db(sound, 0.03, 0.13) == pytest.approx(rms_db(sound, 2.0, 3.0), abs=1.5)


def test_lanes_show_what_is_heard_and_when():
    """Peaks stand where a lane sounds, 100 a second, at its level in the mix; the bed's dip shows in them."""
    mix = mix_down(stems(cues=((2.0, 4.0),)))
    lanes = {lane.name: np.array(lane.peaks) for lane in mix.lanes}
    assert list(lanes) == ["voices", "effects", "ambience", "music"]
    assert {lane.size for lane in lanes.values()} == {mix.sound.shape[1] // 480}
    assert lanes["ambience"][250:350].max() < 0.5 * lanes["ambience"][:100].max()
    assert lanes["ambience"][:100].max() == pytest.approx(np.abs(mix.bed[:, :48_000]).max(), abs=2e-3)
    assert not lanes["music"].any()
