"""Places on the water: who stands on what, what the water mirrors, how wind and light change it."""

from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import Subject
from soundstage.render.previz.places import water
from soundstage.render.previz.places.water_ledge import Ledge, Lowered
from soundstage.render.previz.places.water_noise import look_up, ripple_tile, value_tile
from soundstage.render.previz.places.water_raft import Raft
from soundstage.render.previz.places.water_shape import Shape
from soundstage.render.previz.places.water_surface import Surface
from soundstage.render.previz.places.water_waves import make_swell
from soundstage.render.previz.repertoire import read_places
from soundstage.render.previz.staging import stage_context

WATERS = sorted(place for place, builder in read_places().items() if builder.endswith("places.water:build"))
WOMAN = Subject(noun="woman", kind="woman", action="stand")
BOAT = Subject(noun="sailboat", kind="sailboat", action="sail")


def a_water(shot_of, brief_of, place, subjects=(), **told):
    """Return a built water place, and its shot."""
    shot = shot_of(
        fireflies=False,
        **({"framing": "wide", "lens": (35.0, 4.0), "time_of_day": "noon"} | told),
        place=place,
    )
    shot = replace(shot, subjects=tuple(subjects))
    return water.build(stage_context(shot, brief_of())), shot


def layers_of(place, kind):
    """Return the layers of a kind, also those that are shown from above."""
    bare = [layer.layer if isinstance(layer, Lowered) else layer for layer in place.layers]
    return [layer for layer in bare if isinstance(layer, kind)]


def test_these_places_are_waters():
    """Rule: every recipe of open water is a line of the table of places."""
    assert {"ocean", "lake", "river", "waterfall", "swamp", "harbour", "cliff_coast"} <= set(WATERS)


@pytest.mark.parametrize("place", WATERS)
def test_every_water_is_drawn_in_every_aspect(shot_of, brief_of, draw, place):
    """Rule: a picture with tones apart, tall and wide, the same twice."""
    shot = shot_of(fireflies=False, place=place, time_of_day="sunset", framing="wide", lens=(35.0, 4.0))
    for size in ((160, 90), (90, 160)):
        first, second = draw(shot, 12, 12, brief=brief_of(size=size))
        assert np.isfinite(first.light).all()
        assert np.array_equal(first.video, second.video)
        assert np.percentile(first.luma, 98) - np.percentile(first.luma, 2) > 25


def test_nobody_stands_on_the_open_sea(shot_of, brief_of):
    """Rule: who cannot swim has a raft under the feet; a boat and a swimmer have none."""
    walked, _ = a_water(shot_of, brief_of, "ocean", [WOMAN])
    assert layers_of(walked, Raft)
    assert walked.ground.height_m > 0.1
    swum, _ = a_water(shot_of, brief_of, "ocean", [replace(WOMAN, action="swim")])
    assert not layers_of(swum, Raft)
    assert swum.ground.height_m < 0
    assert not layers_of(a_water(shot_of, brief_of, "ocean", [BOAT])[0], Raft)


@pytest.mark.parametrize("place", ["lake", "river", "swamp", "waterfall"])
def test_who_walks_is_on_land_and_who_sails_in_water(shot_of, brief_of, place):
    """Rule: the shore lies where the lead needs it."""
    for subject, afloat in ((WOMAN, False), (BOAT, True)):
        built, _ = a_water(shot_of, brief_of, place, [subject])
        (surface,) = layers_of(built, Surface)
        x, _, z = built.ground.spot(0, 1)
        level = float(surface.shape.water_at(np.array([[x]], np.float32), np.array([[z]], np.float32))[0, 0])
        assert (level > 0) == afloat, (place, subject.noun, level)


@pytest.mark.parametrize("place", ["cliff_coast", "harbour"])
def test_people_stand_above_the_sea_on_a_ledge(shot_of, brief_of, place):
    """Rule: a cliff and a quay end before the water, which lies below; a boat is down on it."""
    built, _ = a_water(shot_of, brief_of, place, [WOMAN])
    assert layers_of(built, Ledge)
    assert any(isinstance(layer, Lowered) and layer.drop_m > 1 for layer in built.layers)
    sailed, _ = a_water(shot_of, brief_of, place, [BOAT])
    assert not layers_of(sailed, Ledge)


def test_a_storm_raises_the_sea(shot_of, brief_of):
    """Rule: wind makes waves higher and whiter."""

    def sea(weather):
        return layers_of(a_water(shot_of, brief_of, "ocean", [BOAT], weather=weather)[0], Surface)[0]

    calm, storm = sea("clear"), sea("storm")
    assert storm.swell.high_m > 2 * calm.swell.high_m
    assert storm.look.foam_share > calm.look.foam_share


def test_still_water_mirrors_what_stands_behind_it(shot_of, brief_of):
    """Rule: take the banks out of a lake's mirror and the lake looks different."""
    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.frame import moment_of

    built, shot = a_water(shot_of, brief_of, "lake")
    context = stage_context(shot, brief_of(size=(256, 144)))
    (surface,) = layers_of(built, Surface)
    pictures = []
    for mirrors in (surface.mirrors, surface.mirrors[:1]):
        canvas = Canvas(256, 144)
        replace(surface, mirrors=mirrors).draw(canvas, context.start, moment_of(0, frame_count=2, fps=24))
        pictures.append(canvas.planes.copy())
    assert np.abs(pictures[0] - pictures[1]).max() > 0.05


def test_the_sea_moves_and_lamps_of_a_harbour_burn_at_night_only(shot_of, brief_of, draw):
    """Rule: two frames of the sea differ everywhere below the horizon; a quay has light after dark."""
    shot = shot_of(fireflies=False, place="ocean", time_of_day="noon", framing="wide", lens=(35.0, 4.0))
    one, two = draw(shot, 0, 12, brief=brief_of(size=(256, 144)))
    assert np.abs(one.luma - two.luma)[100:].mean() > 2
    lamps = {
        hour: sum(
            float(layer.power) for layer in a_water(shot_of, brief_of, "harbour", time_of_day=hour)[0].layers
            for layer in [getattr(layer, "layer", layer)] if type(layer).__name__ == "Lamps"
        )
        for hour in ("noon", "night")
    }  # fmt: skip
    assert lamps["noon"] == 0 < lamps["night"]


def test_noise_repeats_without_a_seam():
    """Rule: a tile's far edge meets its near one, and a point one tile on is the same."""
    rng = np.random.default_rng(3)
    tile = value_tile(rng, 64, 96, 5, 6)
    assert np.abs(tile[:, 0] - tile[:, -1]).max() < 0.35
    ripples = ripple_tile(rng, longest=0.4, spread=0.5)
    assert abs(float(np.sqrt((ripples[..., :2] ** 2).sum(axis=2).mean())) - 1) < 0.05
    x, z = np.array([[1.3]], np.float32), np.array([[2.1]], np.float32)
    np.testing.assert_allclose(
        look_up(ripples, x, z, 0.25, 0, 0), look_up(ripples, x + 4, z - 8, 0.25, 0, 0), atol=2e-2
    )


def test_swell_is_no_steeper_than_water_can_stand():
    """Rule: long waves run, short ones are cut where they would strobe, none folds over."""
    swell = make_swell(
        np.random.default_rng(1),
        high_m=6.0,
        long_m=40.0,
        from_deg=10.0,
        calm_at=(0, 0),
        calm_m=2.0,
        travel_m_s=(0, 0),
    )
    x, z = np.meshgrid(np.linspace(0, 80, 60, dtype=np.float32), np.linspace(0, 80, 60, dtype=np.float32))
    _, _, high, slope_x, slope_z, fold = swell.at(x, z, 2.0, np.full_like(x, 0.2))
    assert 1.0 < high.max() < 9.0
    assert np.hypot(slope_x, slope_z).max() < 1.3
    assert fold.max() < 1.3
    far = swell.at(x, z, 2.0, np.full_like(x, 60.0))[2]
    assert np.abs(far).max() < 0.4 * high.max()


def test_a_river_bends_between_its_banks():
    """Rule: its middle is wet at every depth, land lies on both sides."""
    river = Shape(kind="river", half_m=4.0, bend_m=3.0, bend_long_m=40.0, stage_z=5.0)
    for z in (0.0, 9.0, 23.0, 40.0):
        middle = 3.0 * np.sin((z - 5.0) * 2 * np.pi / 40.0)
        across = np.array([[middle, middle - 6, middle + 6]], np.float32)
        at = river.water_at(across, np.full((1, 3), z, np.float32))
        assert at[0, 0] > 0 > max(at[0, 1], at[0, 2])
