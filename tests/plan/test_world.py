# ruff: noqa: RUF001 - prompts are typed with these marks
"""Where and when a shot plays, in what air, light and look: read from words that say so, from no others."""

from __future__ import annotations

import pytest

from soundstage.plan import write_screenplay

SAID = [
    ("At dusk, a lone plumber walks along a canal", "river", "twilight", None),
    ("Just before dawn, fishermen haul nets onto a wooden dock", "harbour", "sunrise", None),
    ("3 a.m. in a laundromat, a student watches the dryers", "cafe", "night", None),
    ("11:45 PM, a detective waits in a parked car", None, "night", None),
    ("An overcast Tuesday: commuters cross London Bridge", "bridge", None, "overcast"),
    ("Under a blood moon, wolves howl on a ridge", "mountains", "night", None),
    ("INT. DINER - NIGHT\nA waitress pours coffee.", "cafe", "night", None),
    ("EXT. ROOFTOP – DAY\nTwo superheroes argue.", "rooftop", "afternoon", None),
    ("1980s Tokyo arcade, a boy plays a game", "neon_street", "night", None),
    ("Victorian London alley, thick fog, a gas lamp flickers", "old_town", None, "fog"),
    ("In a cluttered workshop, a watchmaker repairs a clock", "office", None, None),
    ("A caravan crosses the Sahara at high noon", "desert", "noon", None),
    ("A saxophonist plays in Times Square at midnight", "neon_street", "night", None),
    ("A grocery store in Barcelona, crates of oranges", "cafe", None, None),
    ("A corridor on a space station, red alarm lights", "space", None, None),
    ("A crane lifts from the reeds of a misty lake and flies toward a mountain", "lake", None, "fog"),
    ("The dog looks out over the ocean from a cliff at sunrise", "cliff_coast", "sunrise", None),
    ("A woman reads by the window, mountains in the background, drizzle outside", "room", None, "drizzle"),
    ("A man waits outside a cafe in the rain", "city_street", None, "rain"),
    ("A knight enters a castle. Torches flicker.", "castle_hall", None, None),
    ("A castle on a cliff at sunset, dragons circling", "cliff_coast", "sunset", None),
    ("A rainy neon alley at night, a girl walks", "neon_street", "night", "rain"),
    ("In Reykjavik, a geologist smiles", "city_street", None, None),
    ("A skater under a concrete bridge, late afternoon", "bridge", "afternoon", None),
    ("A blizzard rages over the arctic tundra", "polar_ice", None, "blizzard"),
    ("Clouds of dust, a rider on a desert highway in the midday heat", "highway", "noon", "dust"),
]


@pytest.mark.parametrize(
    ("prompt", "place", "time_of_day", "weather"), SAID, ids=[said[0][:40] for said in SAID]
)
def test_world_is_read(prompt, place, time_of_day, weather, order):
    """What a prompt says of place, time and weather is in the shot, with its source; the rest has none."""
    shot = write_screenplay(order(prompt)).shots[0]
    for name, wanted in (("place", place), ("time_of_day", time_of_day), ("weather", weather)):
        if wanted is not None:
            assert getattr(shot, name) == wanted
    assert ("time_of_day" in shot.sources) == (time_of_day is not None)
    assert ("weather" in shot.sources) == (weather is not None)


@pytest.mark.parametrize(
    ("prompt", "field"),
    [
        ("A woman with eyes like stars smiles", "time_of_day"),
        ("A man with a stormy expression turns around", "weather"),
        ("A woman with misty eyes in a studio", "weather"),
        ("A golden retriever sits down", "time_of_day"),
        ("A snow leopard sits down", "weather"),
        ("A night owl and a rainbow umbrella", "time_of_day"),
        ("No rain. A man waits", "weather"),
        ("A market without snow", "weather"),
        ("A girl in a summer dress dances", "season"),
        ("A man in a winter coat waits", "season"),
        ("A beach ball rolls by", "place"),
        ("A robot like a mountain walks", "place"),
        ("A woman in her 30s laughs", "era"),
    ],
)
def test_figures_of_speech_say_nothing(prompt, field, order):
    """A likeness, a name or a negation is not the weather, the hour or the place."""
    assert field not in write_screenplay(order(prompt)).shots[0].sources


def test_setting_keeps_the_words(order):
    """The place stays as the prompt says it, and its span points there."""
    prompt = "Wide shot. A fox sleeps in a mossy redwood grove at dawn."
    shot = write_screenplay(order(prompt)).shots[0]
    (span,) = shot.sources["setting"]
    assert shot.setting == prompt[span.start : span.end] == "a mossy redwood grove"
    assert shot.place == "forest"


def test_unknown_place_is_the_nearest_and_says_so(order):
    """A place no table knows is filmed as the nearest one, and a note tells what stands in."""
    screenplay = write_screenplay(order("A nun prays in a priory"))
    shot = screenplay.shots[0]
    assert shot.place != "open"
    assert any(note.kind == "assumed" and "a priory" in note.text for note in screenplay.notes)


def test_things_hint_at_a_place(order):
    """Furniture tells where we are only as long as nobody says it; then the note says why."""
    screenplay = write_screenplay(order("A girl sits on her bed"))
    assert screenplay.shots[0].place == "room"
    assert "place" not in screenplay.shots[0].sources
    assert any('"bed"' in note.text for note in screenplay.notes)
    assert write_screenplay(order("A bed stands on a beach")).shots[0].place == "beach"


@pytest.mark.parametrize(
    ("prompt", "season", "era"),
    [
        ("In the dead of winter, a horse waits", "winter", None),
        ("a park in autumn", "autumn", None),
        ("Spring morning dew on a leaf", "spring", None),
        ("A diner in the '80s", None, "1980s"),
        ("A 1920s ballroom, couples dance", None, "1920s"),
        ("A nineteenth-century harbour", None, "19th century"),
        ("A medieval market", None, "medieval"),
        ("In the year 2145 a courier rides", None, "future"),
        ("Soldiers in 1943 share bread", None, "1940s"),
    ],
)
def test_season_and_era(prompt, season, era, order):
    """The time of year and the age of history are read from words and from numbers."""
    shot = write_screenplay(order(prompt)).shots[0]
    assert (shot.season, shot.era) == (season, era)


def test_season_and_setting_hold_in_the_next_shot(order):
    """What one shot says of the world is true of the next, until it says otherwise."""
    prompt = "Shot 1: a fox in a birch grove in winter, 1920s. Shot 2: it looks up. Shot 3: a beach."
    first, second, third = write_screenplay(order(prompt, seconds=9)).shots
    assert (second.setting, second.season, second.era) == (first.setting, "winter", "1920s")
    assert third.setting == "a beach"


@pytest.mark.parametrize(
    ("prompt", "palette"),
    [
        ("A red car on a road", ()),
        ("black and white cat chasing a butterfly", ()),
        ("A harbour, teal and orange color grading", ("teal", "orange")),
        ("A harbour. Colour palette: teal and orange.", ("teal", "orange")),
        ("A woman in a blue dress, warm golden tones", ("gold",)),
        ("A wooden table and a gold ring", ()),
    ],
)
def test_palette_is_the_pictures(prompt, palette, order):
    """A colour of a thing is no palette; a colour of the light, the grade or the picture is."""
    assert write_screenplay(order(prompt)).palette == palette


@pytest.mark.parametrize(
    ("prompt", "style", "look"),
    [
        ("cinematic anime girl, film look", "anime", ("cinematic", "anime", "film look")),
        ("Claymation fox, stop motion", "claymation", ("Claymation", "stop motion")),
        ("A fox, photorealistic", "cinematic", ("photorealistic",)),
        ("A fox beside a painted fence", "cinematic", ()),
        ("A fox, shot on 35mm film, film grain", "film_35mm", ("shot on 35mm film", "film grain")),
    ],
)
def test_style_and_look(prompt, style, look, order):
    """The medium wins over "cinematic", and the look keeps the words."""
    screenplay = write_screenplay(order(prompt))
    assert (screenplay.style, screenplay.look) == (style, look)
