"""The engine that these tests render with keeps the contract of engines."""

import os
from pathlib import Path

import pytest

from soundstage.testing import EngineContract

PLUGIN = Path(__file__).parent / "plugin"


class TestRehearsal(EngineContract):
    """A stand-in that broke the contract would hide what a real engine meets."""

    @pytest.fixture(autouse=True)
    def _engine(self, monkeypatch):
        monkeypatch.syspath_prepend(str(PLUGIN))
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(PLUGIN), os.environ.get("PYTHONPATH", "")]))
        import rehearsal

        type(self).engine_class = rehearsal.RehearsalEngine
