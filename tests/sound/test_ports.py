"""A model that makes sound: heard where it has something, never in the way of a film."""

import numpy as np
import pytest

from soundstage.errors import SoundModelBroke
from soundstage.film import Waveform
from soundstage.sound import compose
from soundstage.sound.ports import SoundModel, ask

RATE_HZ = 48_000


class Hummer:
    """A double: hums for what it knows, and keeps what it was asked."""

    name = "hummer"

    def __init__(self, *knows, broken=False):
        self.knows, self.broken, self.asked = knows, broken, []

    def generate(self, words, seconds, seed):
        self.asked.append((words.strip(), seconds, seed))
        if self.broken:
            raise RuntimeError("out of memory")
        if not any(known in words for known in self.knows):
            return None
        tone = np.sin(2 * np.pi * 1_000 * np.arange(round(seconds * RATE_HZ)) / RATE_HZ).astype(np.float32)
        return Waveform(samples=np.stack((tone, tone)))


def barking(films):
    return films.film(3, films.shot(0, 0, 3, place="meadow", effects=(films.effect("bark", 1.0, 0.5),)))


def hum_db(ears, made, start_s, end_s):
    part = made.waveform.samples[:, round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]
    return ears.band_db(part, 990, 1_010) - ears.band_db(part, 200, 4_000)


def test_model_makes_what_it_knows(films, ears, voice_cache):
    """The effect it knows is its own, at its time; the bed, for which it has nothing, is ours."""
    model = Hummer("bark")
    assert isinstance(model, SoundModel)
    made = compose(barking(films), cache_dir=voice_cache, model=model)
    assert hum_db(ears, made, 1.05, 1.45) > -1.0
    assert hum_db(ears, made, 0.2, 0.9) < -10.0
    assert ("bark", 0.5, 7) in model.asked
    assert {"birds", "soft wind"} <= {words for words, _, _ in model.asked}


def test_model_that_fails_is_told_and_passed_over(films, voice_cache):
    """A model that breaks costs a note; what is heard is what is heard without it."""
    plain = compose(barking(films), cache_dir=voice_cache)
    made = compose(barking(films), cache_dir=voice_cache, model=Hummer(broken=True))
    assert np.array_equal(made.waveform.samples, plain.waveform.samples)
    assert any("out of memory" in note for note in made.notes)


@pytest.mark.parametrize("samples", [np.zeros((1, 480), np.float32), np.full((2, 480), np.nan, np.float32)])
def test_what_is_no_sound_is_refused(samples):
    """Mono, or numbers that are none, are no sound; too much is cut, too little ends in silence."""

    class Odd(Hummer):
        def generate(self, *_):
            return Waveform(samples=samples)

    with pytest.raises(SoundModelBroke, match="hummer made"):
        ask(Odd(), "rain", 480, 1)
    assert ask(Hummer("rain"), "rain", 4_801, 1).shape == (2, 4_801)
