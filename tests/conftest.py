"""What every test may lean on: one kernel cache for the whole run, and films looked at by decoding them."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from soundstage.warmth import name_cache

ROOT = Path(__file__).parents[1]

# Before anything imports numba: compiled kernels are shared by all tests and all processes they start.
os.environ.setdefault("NUMBA_CACHE_DIR", str(name_cache(ROOT / ".run" / "kernels")))
Path(os.environ["NUMBA_CACHE_DIR"]).mkdir(parents=True, exist_ok=True)

# How long an example takes is the machine's business, and other tests'.
settings.register_profile("soundstage", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("soundstage")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def clean_environ() -> dict[str, str]:
    """The environment of a user who has set nothing of ours and nothing of fal's."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("SOUNDSTAGE_", "FAL_"))}


@pytest.fixture(scope="session")
def open_folder():
    """A folder that root's unprivileged server can reach, unlike pytest's own 0700 ones.

    In memory where there is room: a database is a thousand small files, and a busy disk makes them slow.
    """
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp below makes a folder of our own
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 4_000_000_000
    folder = Path(tempfile.mkdtemp(prefix="soundstage-tests-", dir=memory if roomy else "/tmp"))  # noqa: S108
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def pytest_collection_modifyitems(config, items):
    """Leave out what is `full` unless asked for, and budgets under bounds checking, which slows them."""
    if "full" not in (config.option.markexpr or ""):
        left = [item for item in items if item.get_closest_marker("full")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not item.get_closest_marker("full")]
    if os.environ.get("NUMBA_BOUNDSCHECK") == "1":
        for item in items:
            if item.get_closest_marker("budget"):
                item.add_marker(pytest.mark.skip(reason="a bounds check forbids vectorising"))
