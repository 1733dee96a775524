"""Engines are found by their entry points, and a broken one hurts nobody."""

from importlib.metadata import EntryPoint

import pytest

from soundstage.errors import EngineUnavailable, EngineUnknown
from soundstage.render.catalog import GROUP, Catalog
from soundstage.render.engine import Workplace


@pytest.fixture
def workplace(tmp_path):
    """A place for engines to work in."""
    return Workplace(cache_dir=tmp_path, workers=1)


def test_ours_comes_in_by_the_public_door(workplace):
    """The built-in engine is an entry point like any other."""
    assert "previz" in Catalog(workplace).names()


def test_unknown_name_earns_the_nearest_right_one(workplace):
    """A misspelt engine is refused with what was meant."""
    with pytest.raises(EngineUnknown, match="did you mean 'previz'"):
        Catalog(workplace).load("prevz")


def test_a_broken_plug_in_is_told_and_passed_over(workplace):
    """An engine whose module does not import is listed with the reason; the others stay usable."""
    ours = EntryPoint("previz", "soundstage.render.previz.engine:PrevizEngine", GROUP)
    broken = EntryPoint("broken", "no_such_package.engine:Engine", GROUP)
    catalog = Catalog(workplace, [ours, broken])
    told = {finding.name: finding.reason for finding in catalog.survey()}
    assert told["previz"] is None
    assert "no_such_package" in told["broken"]
    with pytest.raises(EngineUnavailable, match="no_such_package"):
        catalog.load("broken")


def test_an_opened_engine_stays_warm_until_close(workplace):
    """Two orders in one process open the engine once; close lets go of it."""
    catalog = Catalog(workplace)
    with catalog.opened("previz") as first:
        pass
    with catalog.opened("previz") as second:
        assert first is second
    catalog.close()
    with catalog.opened("previz") as third:
        assert third is not first
    catalog.close()
