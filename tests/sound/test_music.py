"""Music: only where the screenplay has it, in its mood, on its cuts, the same for the same seed."""

import numpy as np
import pytest

from soundstage.film import Effect, Music, Seconds
from soundstage.sound import compose
from soundstage.sound.ambience import seeded
from soundstage.sound.loudness import measure_lufs
from soundstage.sound.music import lay_music
from soundstage.sound.music_score import set_bars, write_score
from soundstage.sound.music_style import choose_style, music_table

RATE_HZ = 48_000


def scored(films, music, *, seed=7, excluded=()):
    """Two shots of 2 and 2 s, both with the same music."""
    shots = (films.shot(0, 0, 2, music=music), films.shot(1, 2, 2, music=music))
    return films.film(4, *shots, seed=seed, excluded=excluded)


def heard(film, rooms=("room", "room")):
    return lay_music(film, rooms, round(film.seconds * RATE_HZ))


def style_of(**wish):
    return choose_style(Music(said="music", **wish), (), seeded(1, "style"))


@pytest.mark.parametrize("genre", sorted(music_table()["genres"]))
def test_genre_is_heard_and_repeats_bit_for_bit(films, genre):
    """Every genre makes finite sound at the level of music, the same for the same seed."""
    music = Music(said=genre, genre=genre)
    first, again = (heard(scored(films, music)).sound for _ in range(2))
    assert first.shape == (2, 4 * RATE_HZ)
    assert np.isfinite(first).all()
    assert measure_lufs(first) == pytest.approx(-25.0, abs=1.5)
    assert np.array_equal(first, again)


def test_seed_makes_another_piece(films):
    """Another seed is another piece."""
    music = Music(said="folk", genre="folk")
    one, other = (heard(scored(films, music, seed=seed)).sound for seed in (7, 8))
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("instrument", sorted(music_table()["instruments"]))
def test_instrument_alone_is_heard(films, instrument):
    """Every instrument the planner can name sounds by itself, without holes over a second."""
    made = heard(scored(films, Music(said=instrument, instruments=(instrument,)))).sound
    level = np.sqrt(np.mean(np.square(made[0].reshape(-1, RATE_HZ))[:3], axis=1))
    assert (level > 1e-4).all()


def test_no_music_is_absolute(films):
    """Without a wish there is none; an excluded "music" silences the wish, and a note says so."""
    assert not heard(scored(films, None)).sound.any()
    made = heard(scored(films, Music(said="jazz", genre="jazz"), excluded=("no music",)))
    assert not made.sound.any()
    assert made.notes == ("music is excluded: none is heard",)


def test_music_stays_in_its_shots(films):
    """Music of the second shot alone begins with its cut, not before."""
    music = Music(said="piano", instruments=("piano",))
    film = films.film(6, films.shot(0, 0, 3), films.shot(1, 3, 3, music=music))
    made = heard(film).sound
    assert not made[:, : 3 * RATE_HZ].any()
    assert np.abs(made[:, 3 * RATE_HZ : round(3.25 * RATE_HZ)]).max() > 1e-3


def test_music_that_ends_on_a_cut_rings_and_is_gone(films):
    """A score rings on under a second after the cut that ends it; music of the scene leaves with it."""
    for in_scene, gone_s in ((False, 3.75), (True, 3.1)):
        music = Music(said="jazz from a radio", genre="jazz", in_scene=in_scene)
        made = heard(films.film(6, films.shot(0, 0, 3, music=music), films.shot(1, 3, 3))).sound
        assert made[:, round(2.9 * RATE_HZ) : 3 * RATE_HZ].any()
        assert not made[:, round(gone_s * RATE_HZ) :].any()


@pytest.mark.parametrize("cuts", [(), (2.0,), (1.7, 4.1), (0.9, 1.6, 3.333)])
def test_bars_begin_on_cuts_and_fill_the_piece(cuts):
    """Each cut is the first beat of a bar; bars follow each other to the end, near the tempo asked."""
    bars = set_bars(6.5, cuts, 90.0)
    starts = [bar.start_s for bar in bars]
    for cut in cuts:
        assert min(abs(start - cut) for start in starts) < 1e-6
    for bar, after in zip(bars, [*starts[1:], 6.5], strict=True):
        assert bar.start_s + bar.beats * bar.beat_s == pytest.approx(after)
        assert 50.0 < 60.0 / bar.beat_s < 150.0


def test_first_tone_after_a_cut_falls_on_it():
    """At every cut some instrument strikes within a millisecond, and the last chord is home."""
    style = style_of(genre="orchestral")
    bars = set_bars(8.0, (3.0, 5.5), style.bpm)
    score = write_score(style, bars, seeded(1, "score"))
    for cut in (3.0, 5.5):
        assert any(abs(tone.start_s - cut) < 1e-3 for tone in score.tones)
        assert any(stroke.drum == "boom" and abs(stroke.start_s - cut) < 1e-3 for stroke in score.strokes)
        assert cut in score.swells
    last = [tone.note for tone in score.tones if tone.start_s >= bars[-1].start_s - 1e-6]
    home = {(style.root + style.scale[step]) % 12 for step in (0, 2, 4)}
    assert {round(note) % 12 for note in last} <= home


def test_mood_chooses_mode_and_tempo():
    """Joy is major and quicker than sadness, which is minor; slow and fast move the tempo."""
    joy, sad = style_of(mood=("joyful",)), style_of(mood=("sad",))
    assert joy.scale[2] == 4
    assert sad.scale[2] == 3
    assert joy.bpm > sad.bpm + 20.0
    assert style_of(genre="jazz", tempo="fast").bpm > 1.4 * style_of(genre="jazz", tempo="slow").bpm


def test_named_instrument_plays():
    """A named instrument takes its role: "jazz with a flute" has the flute where the saxophone was."""
    sounds = {part.role: part.sound for part in style_of(genre="jazz", instruments=("flute",)).parts}
    assert sounds["lead"] == "flute"
    assert sounds["walk"] == "upright"
    assert {part.sound for part in style_of(instruments=("piano",)).parts} == {"piano"}


def test_music_of_the_scene_comes_through_a_loudspeaker(films, ears):
    """A radio has no lows and no highs; the same music as score has both."""
    score, radio = (
        heard(scored(films, Music(said="music from the radio", genre="electronic", in_scene=s))).sound
        for s in (False, True)
    )

    def over_middle_db(sound, low_hz, high_hz):
        return ears.band_db(sound, low_hz, high_hz) - ears.band_db(sound, 600, 3_000)

    assert over_middle_db(radio, 30, 120) < over_middle_db(score, 30, 120) - 20.0
    assert over_middle_db(radio, 9_000, 15_000) < over_middle_db(score, 9_000, 15_000) - 10.0


def test_music_keeps_in_mono(films):
    """Summed to mono a score loses less than 3 LU."""
    made = heard(scored(films, Music(said="epic orchestral", genre="orchestral", mood=("epic",)))).sound
    mono = np.repeat(made.mean(axis=0, keepdims=True), 2, axis=0)
    assert measure_lufs(mono) > measure_lufs(made) - 3.0


def test_music_reaches_the_film_under_its_effects(films, ears, voice_cache):
    """A composed film has its music, no note complains, and a shot on it still stands out."""
    music = Music(said="soft piano", instruments=("piano",), mood=("calm",))
    shot = Effect(name="gunshot", start=Seconds(2.0), end=Seconds(2.8))
    film = films.film(4, films.shot(0, 0, 4, place="room", music=music, effects=(shot,)))
    made = compose(film, cache_dir=voice_cache)
    sound = made.waveform.samples
    assert made.notes == ()
    bare = compose(
        films.film(4, films.shot(0, 0, 4, place="room", effects=(shot,))), cache_dir=voice_cache
    ).waveform.samples

    def under_the_shot_db(film_sound):
        shot_db = ears.band_db(film_sound[:, 2 * RATE_HZ : round(2.2 * RATE_HZ)], 150, 4_000)
        return ears.band_db(film_sound[:, : 2 * RATE_HZ], 150, 4_000) - shot_db

    assert under_the_shot_db(sound) > under_the_shot_db(bare) + 6.0
    before = sound[:, round(1.95 * RATE_HZ) : 2 * RATE_HZ]
    after = sound[:, 2 * RATE_HZ : round(2.05 * RATE_HZ)]
    assert ears.band_db(after, 1_500, 8_000) > ears.band_db(before, 1_500, 8_000) + 6.0


def test_a_mood_brings_music_only_where_nobody_had_a_say(films):
    """An epic film has soft music and says why; not where it is forbidden, or where its sound was told."""
    epic = films.film(3, films.shot(0, 0, 3, mood=("epic",)))
    made = lay_music(epic, ("open",), 3 * RATE_HZ)
    assert -29.5 < measure_lufs(made.sound) < -26.5
    assert "'epic' brings it" in made.notes[0]
    told = (
        films.film(3, films.shot(0, 0, 3, mood=("epic",)), excluded=("music",)),
        films.film(3, films.shot(0, 0, 3, mood=("peaceful",))),
        films.film(3, films.shot(0, 0, 3, mood=("epic",), sources={"ambience": ()})),
        films.film(3, films.shot(0, 0, 3, mood=("epic",), effects=(films.effect("bell", 1.0),))),
        films.film(3, films.shot(0, 0, 2, mood=("epic",)), films.shot(1, 2, 1)),
    )
    for film in told:
        quiet = lay_music(film, ("open",) * len(film.shots), 3 * RATE_HZ)
        assert not quiet.sound.any()
        assert quiet.notes == ()
