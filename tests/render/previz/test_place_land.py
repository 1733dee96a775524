"""Open land, looked at as pictures: every recipe, from the ground and from the air."""

import tomllib
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest

from soundstage.film import Camera, Subject
from soundstage.render.previz.places import land, land_recipe
from soundstage.render.previz.places.land_noise import Noise
from soundstage.render.previz.places.land_relief import SHAPES, height_of
from soundstage.render.previz.repertoire import read_places
from soundstage.render.previz.staging import stage_context

WIDE = {"framing": "wide", "lens": (35.0, 4.0), "fireflies": False}
FOLDER = files("soundstage.render.previz").joinpath("data/landscapes")
RECIPES = sorted(entry.name.removesuffix(".toml") for entry in FOLDER.iterdir())
SHAPED = {"high_m": 1.0, "wide_m": 90.0, "open_m": 20.0, "at_m": [0.0, 200.0], "ramp_m": 40.0, "from_m": 20.0}


@pytest.mark.parametrize("place", RECIPES)
def test_every_recipe_is_a_place_with_near_middle_and_far(shot_of, draw, place):
    """A recipe's picture is finite, and its upper, middle and lower thirds are told apart."""
    assert read_places()[place].split(":")[0].rsplit(".", 1)[1] in {"land", "space"}
    frame = draw(shot_of(**WIDE, place=place, time_of_day="golden_hour"), 5)
    assert np.isfinite(frame.light).all()
    assert frame.light.min() >= 0
    thirds = [part.mean() for part in np.array_split(frame.luma, 3)]
    assert max(thirds) - min(thirds) > 5
    assert frame.luma.std() > 7


@pytest.mark.parametrize("place", RECIPES)
def test_every_variant_and_season_says_only_what_a_recipe_says(place):
    """A variant replaces keys of its recipe or adds known ones: a misspelt key would be lost in silence."""
    known = {
        "soil", "snow", "haze_per_m", "low_m", "misty", "far_m", "flight_m", "steep", "bold", "winters",
        "relief", "cover", "scatter", "growth", "front", "drift", "plume", "embers", "fire",
        "birds", "clouds", "void", "tint", "world", "words",
    }  # fmt: skip
    recipe = tomllib.loads(FOLDER.joinpath(f"{place}.toml").read_text(encoding="utf-8"))
    parts = [recipe, *recipe.pop("variant", {}).values()]
    parts += [recipe.pop(season) for season in ("spring", "summer", "autumn", "winter") if season in recipe]
    for part in parts:
        assert set(part) <= known, set(part) - known


def test_hours_differ(shot_of, draw):
    """Noon is brighter than dusk and dusk is warmer than night."""
    frames = {
        h: draw(shot_of(**WIDE, place="mountains", time_of_day=h), 3) for h in ("noon", "sunset", "night")
    }
    mean = {hour: frame.bgr.reshape(-1, 3).mean(0) for hour, frame in frames.items()}
    assert mean["noon"].sum() > mean["sunset"].sum() > mean["night"].sum()
    assert mean["sunset"][2] - mean["sunset"][0] > mean["night"][2] - mean["night"][0] + 10


@pytest.mark.parametrize(
    ("size", "move"), [((128, 72), "orbit"), ((72, 128), "fly_over"), ((96, 96), "crane")]
)
def test_land_fills_every_aspect_under_a_moving_camera(shot_of, brief_of, draw, size, move):
    """Wide, tall and square frames hold no hole at the first frame and at the last."""
    shot = shot_of(**WIDE, place="canyon", time_of_day="afternoon", move=move)
    for frame in draw(shot, 0, 24, brief=brief_of(size=size)):
        assert np.isfinite(frame.light).all()
        assert frame.light.sum(axis=0).min() > 0.002


def test_a_flight_sees_more_than_a_plain(shot_of, draw):
    """From the air land is rough: every third of the frame has detail, though no horizon is in it."""
    shot = replace(shot_of(**WIDE, place="desert", time_of_day="golden_hour"), framing="aerial")
    for third in np.array_split(draw(shot, 5).luma, 3, axis=1):
        assert third.std() > 5


def test_lead_that_runs_never_runs_out_of_meadow(shot_of, brief_of, draw):
    """Behind a lead that runs sideways grass and hills stand at the first frame and at the last."""
    runner = Subject(noun="dog", kind="dog", action="run", heading="right")
    shot = replace(shot_of(place="meadow", time_of_day="afternoon", **WIDE), subjects=(runner,))
    first, last = draw(shot, 0, 119, brief=brief_of(size=(160, 90), frame_count=120))
    for frame in (first, last):
        assert frame.luma[50:].std() > 5
        assert np.isfinite(frame.light).all()
    assert np.abs(first.luma - last.luma).mean() > 3


def test_what_a_prompt_says_grows(shot_of, draw):
    """A lavender field is bluer than a field of canola, which is yellower."""
    mean = {}
    for setting in ("a lavender field", "a canola field"):
        shot = replace(shot_of(**WIDE, place="flower_field", time_of_day="noon"), setting=setting)
        mean[setting] = draw(shot, 2).light[:, 36:].reshape(3, -1).mean(1)
    lavender, canola = mean.values()
    assert lavender[2] / lavender[:2].mean() > 1.5 * canola[2] / canola[:2].mean()


def test_winter_whitens_land(shot_of, draw):
    """The same village in winter sends back more light, of less colour."""
    shot = shot_of(**WIDE, place="village", time_of_day="noon")
    plain, white = (draw(s, 2).light[:, 44:] for s in (shot, replace(shot, season="winter")))
    assert white.mean() > 1.5 * plain.mean()
    assert np.ptp(white.mean((1, 2))) / white.mean() < np.ptp(plain.mean((1, 2))) / plain.mean()


def test_fog_hides_the_mountains(shot_of, draw):
    """In fog the upper half of the frame holds no ridge."""
    shots = [shot_of(**WIDE, place="mountains", time_of_day="noon", weather=w) for w in ("clear", "fog")]
    clear, fog = (np.abs(np.diff(draw(s, 2).luma[:36], axis=0)).mean() for s in shots)
    assert fog < 0.6 * clear


@pytest.mark.parametrize("place", ["desert", "volcano"])
def test_land_moves_on_its_own(shot_of, brief_of, draw, place):
    """With a camera that stands still, something moves between two frames a second apart."""
    first, second = draw(
        shot_of(**WIDE, place=place, time_of_day="afternoon"), 0, 24, brief=brief_of((160, 90))
    )
    assert np.abs(first.luma - second.luma).max() > 8


def test_aurora_is_green_light_over_the_horizon(shot_of, draw):
    """Northern lights add green to a night sky, and to no noon that nobody asked them of."""
    shot = shot_of(**WIDE, place="polar_ice", time_of_day="night")
    plain, lit = (draw(s, 4).light[:, :30].mean((1, 2)) for s in (shot, replace(shot, light=("aurora",))))
    assert lit[1] > 1.5 * plain[1]


def test_subjects_stand_on_level_ground(shot_of, brief_of):
    """Where camera and lead are, and between them, the land is level, whatever the recipe."""
    for place in ("canyon", "desert", "space"):
        context = stage_context(shot_of(**WIDE, place=place), brief_of())
        if place == "space":
            context = replace(context, shot=replace(context.shot, setting="moon surface"))
        layers = land.build(context).layers
        terrain = next(layer.terrain for layer in layers if isinstance(layer, land.Backdrop))
        z = np.linspace(context.camera.eye_m[2], context.camera.focus_m, 9)
        assert np.abs(terrain.height_at(np.zeros_like(z), z)).max() < 1e-3, place


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_shapes_are_finite_and_rise(name):
    """Each shape of land has heights that differ, none of them without bound; level ground stays level."""
    x, z = np.meshgrid(
        np.linspace(-400, 400, 80, dtype=np.float32), np.linspace(0, 800, 80, dtype=np.float32)
    )
    noise = Noise.of(np.random.default_rng(3))
    box = (0.0, 0.0, 0.0, 10.0)
    height = height_of([{**SHAPED, "shape": name}], noise, x, z, box_m=box, level_m=30.0)
    assert np.isfinite(height).all()
    assert 0.05 < np.ptp(height) < 4
    assert np.abs(height[np.hypot(x, z - 5) < 25]).max() < 1e-6


def test_a_recipe_shrinks_by_its_units():
    """Lengths shrink, densities grow, names and colours stay."""
    table = {
        "far_m": 100.0,
        "haze_per_m": 0.01,
        "soil": "snow",
        "cover": [{"height": [4.0, 8.0], "albedo": [1, 1, 1]}],
    }
    small = land_recipe.shrunk(table, 4.0)
    assert small["far_m"] == 25.0
    assert small["haze_per_m"] == pytest.approx(0.02)
    assert small["cover"][0] == {"height": [1.0, 2.0], "albedo": [1, 1, 1]}
    assert small["soil"] == "snow"


def test_space_has_no_horizon_and_names_its_worlds(shot_of, draw):
    """Stars stand below as above; Mars is redder than the Earth; on the Moon there is ground."""
    void = draw(shot_of(**WIDE, place="space", time_of_day="night"), 2)
    assert void.light[:, 40:].max() > 0.1
    mars, earth = (
        draw(replace(shot_of(**WIDE, place="space"), setting=s), 2).light.max((1, 2))
        for s in ("orbit of mars", "earth")
    )
    assert mars[0] / mars[2] > earth[0] / earth[2]
    moon = draw(replace(shot_of(**WIDE, place="space"), setting="moon surface"), 2)
    assert moon.luma[45:].mean() > void.luma[45:].mean() + 10


def test_frames_repeat_bit_by_bit(shot_of, draw):
    """One seed gives one picture."""
    shot = replace(shot_of(**WIDE, place="volcano", time_of_day="twilight"), camera=Camera(move="pan"))
    np.testing.assert_array_equal(draw(shot, 7).video, draw(shot, 7).video)
