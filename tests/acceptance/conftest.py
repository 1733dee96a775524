"""One terminal and one running server that the acceptance tests share."""

import tempfile
from pathlib import Path

import pytest
from servers import Terminal, start_server


@pytest.fixture(scope="session")
def terminal(tmp_path_factory, clean_environ) -> Terminal:
    """The terminal door."""
    home = tmp_path_factory.mktemp("terminal-home")
    return Terminal(environ={**clean_environ, "SOUNDSTAGE_HOME": str(home)})


@pytest.fixture
def open_home():
    """A data folder that PostgreSQL's user may enter when we are root; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="soundstage-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "home"


@pytest.fixture(scope="session")
def server(clean_environ):
    """The server that tests share; what they do to it must not hurt the next."""
    with tempfile.TemporaryDirectory(prefix="soundstage-") as folder:
        Path(folder).chmod(0o755)
        yield from _serve(Path(folder) / "home", clean_environ)


def _serve(home, clean_environ):
    running = start_server(home, clean_environ)
    yield running
    assert running.stop() == 0, running.log.read_text()[-4000:]
