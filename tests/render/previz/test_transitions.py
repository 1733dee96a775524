"""Dissolves, wipes and fades: where asked, in the later shot's frames, and nowhere else."""

from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import Seconds
from soundstage.render.engine import Brief, Workplace
from soundstage.render.previz.engine import PrevizEngine


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    made = PrevizEngine(Workplace(cache_dir=tmp_path_factory.mktemp("cache"), workers=1))
    made.open()
    return made


def lumas(engine, shot, brief):
    """Return the luma planes of a shot, (N, H, W)."""
    h = brief.size.height
    return np.concatenate([run.yuv420[:, :h] for run in engine.render(shot, brief)]).astype(np.float32)


@pytest.fixture
def pair(shot_of, brief_of):
    """A bright shot, the dark one behind it, and the brief of the second."""
    first = shot_of(place="beach", time_of_day="noon", fireflies=False)
    second = replace(shot_of(place="open", time_of_day="night", fireflies=False), start=Seconds(1.0))
    first, second = (replace(s, seconds=Seconds(1.0)) for s in (first, second))
    return first, replace(second, index=1), brief_of(size=(96, 54), frame_count=24)


@pytest.mark.parametrize("entrance", ["dissolve", "wipe"])
def test_a_dissolve_goes_from_the_old_shot_to_the_new(engine, pair, entrance):
    """Its first frame still shows the shot before, its last ones only its own, with no jump between."""
    first, second, brief = pair
    joined = lumas(engine, replace(second, entrance=entrance), replace(brief, before=first))
    alone, old = lumas(engine, second, brief), lumas(engine, first, brief)
    assert abs(joined[0].mean() - old[-1].mean()) < 0.2 * abs(old[-1].mean() - alone[0].mean())
    assert np.abs(joined[-1] - alone[-1]).max() == 0
    means = joined.mean(axis=(1, 2))
    assert np.abs(np.diff(means)).max() < 0.4 * abs(means[0] - means[-1])


def test_a_cut_and_a_match_cut_show_nothing_of_the_shot_before(engine, pair):
    """A cut's frames are the shot's own, whatever came before."""
    first, second, brief = pair
    alone = lumas(engine, second, brief)
    for entrance in ("cut", "match_cut"):
        joined = lumas(engine, replace(second, entrance=entrance), replace(brief, before=first))
        assert np.array_equal(joined, alone)


def test_a_fade_comes_from_black_and_goes_to_it(engine, pair):
    """What fades in starts black, what fades out ends black; the middle is as bright as without."""
    first, _, brief = pair
    plain = lumas(engine, first, brief)
    faded = lumas(engine, replace(first, entrance="fade", exit="fade"), brief)
    assert faded[0].mean() < 24
    assert faded[-1].mean() < 18
    assert np.array_equal(faded[12], plain[12])
    assert plain[0].mean() > 50
    assert plain[-1].mean() > 50


def test_a_brief_for_a_cut_holds_no_shot_before():
    """Only what needs the shot before is told of it, so that a changed shot is not shot again for nothing."""
    assert Brief.__dataclass_fields__["before"].default is None
