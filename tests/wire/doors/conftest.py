"""One server that asks for keys and has a tunnel, and the keys that were made beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from keyed_server import Keyed, command, wait_for
from servers import start_server

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture(scope="session")
def keyed(open_folder, wire_environ) -> Generator[Keyed]:
    """The server that asks for keys, which these tests share."""
    home = open_folder / "wire-keyed" / "home"
    home.parent.mkdir()
    running = start_server(home, wire_environ, "--require-keys", "--connect-port", "0")
    made = [
        command(running.environ, "keys", "add", *flags) for flags in (["--label", "a laptop"], ["--admin"])
    ]
    assert all(told.returncode == 0 for told in made), made
    key, admin = (told.stdout.strip() for told in made)
    with httpx.Client(base_url=running.http, headers={"authorization": f"Key {admin}"}) as caller:
        wait_for(caller, 404)
    told = command(running.environ, "serve", "--print-env", "--connect")
    assert told.returncode == 0, told.stderr
    yield Keyed(server=running, key=key, admin=admin, tunnel_exports=told.stdout)
    assert running.stop() == 0, running.log.read_text()[-4000:]
