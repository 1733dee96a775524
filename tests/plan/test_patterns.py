"""Regular expressions that are compiled at their first use: each of them is one."""

import re
from importlib import import_module
from pathlib import Path

import pytest

import soundstage.plan
from soundstage.plan.patterns import lazy_pattern

ROOT = Path(soundstage.plan.__file__).parent


def test_every_pattern_compiles():
    """No expression waits for a rare prompt to fail: all of the planner's compile."""
    found = 0
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        module = import_module(".".join(("soundstage", "plan", *parts)).removesuffix(".__init__"))
        for value in vars(module).values():
            if type(value) is type(lazy_pattern("")):
                assert isinstance(re.compile(value.pattern, value.flags), re.Pattern)
                found += 1
    assert found > 100


def test_a_lazy_pattern_is_a_pattern():
    """It searches and splits as the pattern of `re` does, and a wrong one is an error when it is used."""
    assert lazy_pattern("b+", re.IGNORECASE).search("aBb").span() == (1, 3)
    with pytest.raises(re.error):
        lazy_pattern("(").search("x")
