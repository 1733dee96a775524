"""The engine contract: ours keeps it, and so does the engine that the docs tell strangers to write."""

import re

import pytest

from soundstage.render.previz.engine import PrevizEngine
from soundstage.testing import EngineContract


class TestPreviz(EngineContract):
    """The built-in engine takes the same suite as a stranger's."""

    engine_class = PrevizEngine


@pytest.fixture(scope="module")
def stripes(root, tmp_path_factory):
    """The engine of docs/03-write-an-engine.md, as a module of its own."""
    text = (root / "docs" / "03-write-an-engine.md").read_text("utf-8")
    code = next(
        block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "StripesEngine(" in block
    )
    folder = tmp_path_factory.mktemp("stranger")
    (folder / "stripes.py").write_text(code, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        patch.setenv("PYTHONPATH", str(folder))
        import stripes

        yield stripes.StripesEngine


class TestStripes(EngineContract):
    """What the docs print is true: it runs, and keeps the contract."""

    @pytest.fixture(autouse=True)
    def _engine(self, stripes):
        type(self).engine_class = stripes
