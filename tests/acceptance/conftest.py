"""One terminal and one running server that the acceptance tests share."""

import pytest
from servers import Terminal, start_server


@pytest.fixture(scope="session")
def terminal(tmp_path_factory, clean_environ) -> Terminal:
    """The terminal door."""
    home = tmp_path_factory.mktemp("terminal-home")
    return Terminal(environ={**clean_environ, "SOUNDSTAGE_HOME": str(home)})


@pytest.fixture(scope="session")
def server(tmp_path_factory, clean_environ):
    """The server that tests share; what they do to it must not hurt the next."""
    home = tmp_path_factory.mktemp("server-home")
    running = start_server(home, clean_environ)
    yield running
    assert running.stop() == 0, running.log.read_text()[-4000:]
