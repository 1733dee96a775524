"""Who speaks with which voice."""

import numpy as np
import pytest

from soundstage.film import CastMember
from soundstage.sound.casting import _table, cast_voices, deliver, espeak_language
from soundstage.sound.voice import VoiceRequest, find_espeak, say
from soundstage.sound.voice_shelf import VoiceShelf

SENTENCE = "The old lighthouse keeper looked at the sea and said nothing for a very long time."
ENTRIES = [
    pytest.param(group, age, entry, id=f"{group}-{age}-{entry['variant']}-{entry.get('pitch', 50)}")
    for group, ages in _table()["casts"].items()
    for age, cast in ages.items()
    for entry in cast["voices"]
]


def median_f0_hz(samples, rate_hz):
    """Return the median pitch of voiced frames, by autocorrelation."""
    sound = samples.astype(np.float64) / 32_768.0
    window, found = 1_024, []
    for first in range(0, sound.size - window, 256):
        part = sound[first : first + window] * np.hanning(window)
        if np.sqrt(np.mean(part**2)) < 0.015:
            continue
        echo = np.fft.irfft(np.abs(np.fft.rfft(part, 2 * window)) ** 2)[:window]
        low, high = rate_hz // 450, rate_hz // 60
        lag = low + int(echo[low:high].argmax())
        if echo[lag] > 0.5 * echo[0]:
            found.append(rate_hz / lag)
    return float(np.median(found))


@pytest.mark.parametrize(("group", "age", "entry"), ENTRIES)
def test_voice_has_the_pitch_the_table_says(group, age, entry, voice_cache):
    """Every voice speaks, within 6 % of its measured pitch, without clipping."""
    request = VoiceRequest(
        text=SENTENCE,
        voices=(f"en-us+{entry['variant']}",),
        rate_wpm=_table()["casts"][group][age]["rate"],
        pitch=entry.get("pitch", 50),
        pitch_range=50,
    )
    said = say(request, find_espeak(), VoiceShelf(folder=voice_cache))
    assert median_f0_hz(said.samples, said.rate_hz) == pytest.approx(entry["f0_hz"], rel=0.06)
    assert np.abs(said.samples.astype(int)).max() < 32_700


def test_variants_of_the_table_exist():
    """Every variant named is a file of espeak-ng: an unknown one is passed over in silence."""
    from pathlib import Path

    there = {p.name for p in (Path(find_espeak().data) / "voices" / "!v").iterdir()}
    table = _table()
    named = {e["variant"] for ages in table["casts"].values() for c in ages.values() for e in c["voices"]}
    named |= {c["variant"] for c in table["characters"] if "variant" in c} | {"whisper", "whisperf"}
    assert named <= there


def film_with(films, *members, lines=None):
    spoken = lines or [films.line(m.name, "Hello.", n, 1) for n, m in enumerate(members)]
    return films.film(15, films.shot(0, 0, 15, dialogue=tuple(spoken)), cast=members)


def test_each_character_keeps_one_voice_of_its_own(films):
    """Six men have six voices; the same film casts them the same way again."""
    men = [CastMember(name=f"Man {n}", gender="male", age="adult") for n in range(6)]
    film = film_with(films, *men)
    voices = cast_voices(film)
    assert len({(v.variant, v.pitch) for v in voices.values()}) == 6
    assert cast_voices(film) == voices


def test_gender_and_age_choose_the_voice(films):
    """A woman, a child, an old man and a narrator get voices of their kind."""
    film = film_with(
        films,
        CastMember(name="Mia", gender="female", age="adult"),
        CastMember(name="Tim", gender="male", age="child"),
        CastMember(name="Grandpa", gender="male", age="old"),
        CastMember(name="Narrator"),
        CastMember(name="K9", description="a rusty robot"),
    )
    voices = cast_voices(film)
    assert (voices["Mia"].kind, voices["Tim"].kind, voices["Grandpa"].kind) == ("female", "child", "male")
    assert voices["Grandpa"].rate_wpm < voices["Mia"].rate_wpm
    assert voices["Narrator"].variant in {"Michael", "belinda"}
    assert voices["K9"].variant == "UniRobot"


def test_speaker_without_cast_entry_has_a_voice(films):
    """An edited screenplay may let someone speak who is not in the cast."""
    film = films.film(5, films.shot(0, 0, 5, dialogue=(films.line("Nobody", "Hi.", 0, 1),)))
    assert cast_voices(film)["Nobody"].kind in {"female", "male"}


def test_manner_bends_the_voice(films):
    """A whisper is breathed and soft; a shout is high and loud; manners add up within bounds."""
    film = film_with(films, CastMember(name="Eve", gender="female", age="adult"))
    voice = cast_voices(film)["Eve"]
    plain = deliver(films.line("Eve", "Go.", 0, 1), voice)
    whisper = deliver(films.line("Eve", "Go.", 0, 1, manner=("whispers softly",)), voice)
    shout = deliver(films.line("Eve", "Go.", 0, 1, manner=("shouting",)), voice)
    assert whisper.variant == "whisperf"
    assert whisper.level_db < plain.level_db < shout.level_db
    assert shout.pitch > plain.pitch
    assert shout.pitch_range > plain.pitch_range
    mad = deliver(films.line("Eve", "Go.", 0, 1, manner=("shouts", "angrily", "happily", "quickly")), voice)
    assert 0 <= mad.pitch_range <= 99
    assert deliver(films.line("Eve", "走。", 0, 1, "zh", ("低声",)), voice).variant == "whisperf"


@pytest.mark.parametrize(
    ("tag", "name", "noted"),
    [
        ("en", "en-us", False), ("zh", "cmn", False), ("zh-CN", "cmn", False), ("zh_TW", "cmn", False),
        ("fr", "fr", False), ("fr-CA", "fr", False), ("pt-BR", "pt-br", False),
        ("en-GB", "en-gb-x-rp", False),
        ("tlh", "en-us", True), ("", "en-us", False), ("x!", "en-us", True),
    ],
)  # fmt: skip
def test_language_tags_find_their_voice(tag, name, noted):
    """A tag is shortened until a voice is found; English stands in aloud for what is unknown."""
    from pathlib import Path

    got, note = espeak_language(tag, Path(find_espeak().data))
    assert got == name
    assert (note is not None) == noted
