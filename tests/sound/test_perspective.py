"""Perspective: near and far, left and right, before and after a cut; thunder later than its flash."""

import numpy as np
import pytest

from soundstage.film import Camera, CameraChange, Effect, Flash, Seconds, Subject
from soundstage.sound.ambience import bed_bounds, lay_bed, thunder_times
from soundstage.sound.effects import place_effects
from soundstage.sound.hearing import hear
from soundstage.sound.perspective import panned, voice_across

RATE_HZ = 48_000


def barking(films, *, said="", subjects=(), **fields):
    bark = Effect(name="bark", said=said, start=Seconds(0.5), end=Seconds(1.0))
    return films.film(3, films.shot(0, 0, 3, place="meadow", effects=(bark,), subjects=subjects, **fields))


def side_db(sound):
    """Return how much louder the right is."""
    return 20.0 * np.log10(np.std(sound[1]) / np.std(sound[0]))


def heard(film, rooms=()):
    return place_effects(film, round(film.seconds * RATE_HZ), rooms=rooms).sound


def test_nearer_is_louder(films):
    """The same bark is loudest in a close-up and softest from the air, which also takes its highs."""
    levels = [
        np.std(heard(barking(films, framing=f))) for f in ("close_up", "wide", "extreme_wide", "aerial")
    ]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] > 1.5 * levels[-1]


def test_distant_is_dull_and_softer(films, ears):
    """A distant bark has lost its highs, and more of its level than those."""
    near, far = (
        heard(barking(films)),
        heard(barking(films, said="a dog barks in the distance, distant barking")),
    )
    assert np.std(far) < 0.5 * np.std(near)
    tilt = [ears.band_db(s, 3_000, 9_000) - ears.band_db(s, 300, 1_000) for s in (near, far)]
    assert tilt[1] < tilt[0] - 4.0


def test_effect_is_heard_from_who_makes_it(films):
    """Of two who are seen, the dog on the right barks on the right; alone it is in the middle."""
    dog, woman = Subject(noun="dog", kind="dog"), Subject(noun="woman", kind="woman")
    assert side_db(heard(barking(films, subjects=(woman, dog)))) > 1.5
    assert side_db(heard(barking(films, subjects=(dog, woman)))) < -1.5
    assert abs(side_db(heard(barking(films, subjects=(dog,))))) < 0.5


def test_who_crosses_the_frame_is_heard_crossing(films):
    """A car that passes beside the lead goes from one side to the other, as its heading says."""
    lead = Subject(noun="woman", kind="woman")
    car = Subject(noun="car", kind="car", action="drive", heading="left")
    engine = Effect(name="engine", start=Seconds(0.0), end=Seconds(3.0))
    sound = heard(films.film(3, films.shot(0, 0, 3, subjects=(lead, car), effects=(engine,))))
    assert side_db(sound[:, : RATE_HZ // 2]) > 3.0
    assert side_db(sound[:, 5 * RATE_HZ // 2 :]) < -3.0


def test_two_who_speak_have_their_sides(films):
    """Speakers are heard from where they stand, near the middle; one alone from the middle."""
    anna, ben = (Subject(noun=n, kind="woman", member=n) for n in ("Anna", "Ben"))
    both, alone = films.shot(0, 0, 3, subjects=(anna, ben)), films.shot(0, 0, 3, subjects=(anna,))
    assert voice_across("Anna", both) == -voice_across("Ben", both) < 0.0
    assert abs(voice_across("Anna", both)) < 0.25
    assert voice_across("Anna", alone) == voice_across("Cleo", both) == 0.0


@pytest.mark.parametrize("across", [-0.8, -0.3, 0.5, 1.0])
def test_panning_keeps_power_and_mono(across):
    """Moved aside, a sound has the same power, and its sum to mono loses less than 3 dB."""
    tone = np.sin(np.arange(RATE_HZ) * 0.05).astype(np.float32)[None].repeat(2, axis=0)
    moved = panned(tone, across)
    assert np.square(moved).sum() == pytest.approx(np.square(tone).sum(), rel=1e-3)
    assert 20.0 * np.log10(np.std(moved.sum(axis=0)) / np.std(tone.sum(axis=0))) > -3.1


def test_place_answers_effects(films):
    """In a cave a bark rings on; in the open it is over."""
    dry = heard(barking(films, said="bark"), rooms=("open",))
    cave = heard(barking(films, said="bark"), rooms=("cave",))
    tail = slice(round(2.2 * RATE_HZ), 3 * RATE_HZ)
    assert np.std(cave[:, tail]) > 5.0 * np.std(dry[:, tail])


def test_thunder_follows_its_flash(films):
    """A near flash is heard after half a second, a far one after three; the sound is there and not before."""
    flashes = (Flash(time_s=Seconds(0.5), strength=1.0), Flash(time_s=Seconds(0.6), strength=0.5))
    near, far = (frame / RATE_HZ for frame, _ in thunder_times(flashes, 0))
    assert near == pytest.approx(0.5 + 200 / 343, abs=1e-3)
    assert far == pytest.approx(0.6 + 1_100 / 343, abs=1e-3)
    film = films.film(3, films.shot(0, 0, 3, place="open", ambience=("thunder",)))
    bed = [lay_bed(film, 3 * RATE_HZ, flashes[:1]).sound, lay_bed(film, 3 * RATE_HZ, flashes[1:]).sound]
    band = [
        np.abs(np.diff(sound[:, round(near * RATE_HZ) : round(near * RATE_HZ) + 9_600])).sum()
        for sound in bed
    ]
    assert band[0] > 1.5 * band[1]


def test_bed_changes_with_the_line_that_laps_over_a_cut(films):
    """A line that runs over a cut takes its place's sound with it; one that comes early brings its own."""
    film = films.film(6, films.shot(0, 0, 2), films.shot(1, 2, 2), films.shot(2, 4, 2))

    def cuts(*lines):
        return [round(start / RATE_HZ, 3) for start, _ in bed_bounds(film, 6 * RATE_HZ, lines)][1:]

    assert cuts() == [2.0, 4.0]
    assert cuts((0, 1.0, 2.5)) == [2.5, 4.0]
    assert cuts((1, 1.6, 3.0)) == [1.6, 4.0]
    assert cuts((0, 1.0, 2.05), (1, 2.1, 5.8)) == [2.0, 4.9]


@pytest.mark.parametrize("entrance", ["cut", "dissolve"])
def test_beds_join_with_equal_power(films, entrance):
    """Through a join the bed neither dips nor swells by more than 3 dB, cut or dissolve."""
    shots = (
        films.shot(0, 0, 2, ambience=("rain",)),
        films.shot(1, 2, 2, ambience=("hum",), entrance=entrance),
    )
    sound = lay_bed(films.film(4, *shots), 4 * RATE_HZ).sound
    level = np.sqrt(np.mean(np.square(sound[:, : 4 * RATE_HZ].reshape(2, -1, 9_600)), axis=(0, 2)))
    level_db = 20.0 * np.log10(level)
    before, join, after = level_db[3:7].mean(), level_db[8:12], level_db[12:16].mean()
    assert join.max() < max(before, after) + 3.0
    assert join.min() > min(before, after) - 3.0


def test_sealed_places_have_no_weather(films):
    """Under ground and in space no rain is heard; in a cafe it is on the panes."""
    for place, wanted in (("cave", False), ("space", False), ("cafe", True)):
        film = films.film(3, films.shot(0, 0, 3, place=place, weather="rain"))
        layers = {h.layer for h in hear(film.shots[0], film).layers}
        assert ("rain" in layers, "rain_on_glass" in layers) == (wanted, wanted)


def test_whip_pan_rushes(films):
    """A whip pan is heard, also one later in the shot; a slow pan is not."""
    whip = Camera(move="pan", speed=1.0)
    later = Camera(then=(CameraChange(start=Seconds(1.5), move="pan", speed=1.0),))
    for camera, at_s in ((whip, 0.0), (later, 1.5)):
        sound = heard(films.film(3, films.shot(0, 0, 3, camera=camera)))
        loudest_s = float(np.abs(sound).max(axis=0).argmax()) / RATE_HZ
        assert at_s < loudest_s < at_s + 0.9
    assert not heard(films.film(3, films.shot(0, 0, 3, camera=Camera(move="pan", speed=0.4)))).any()
