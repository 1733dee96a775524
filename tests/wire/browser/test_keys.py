"""Cases 29 and 48: a server that asks for keys, from a page of any site."""

from __future__ import annotations

import httpx
import pytest
from held_films import SMALL
from keyed_server import command, wait_for


@pytest.mark.full
@pytest.mark.parametrize("recipe", ["J2", "J4"])
def test_page_of_any_site_needs_a_key(browser, start_own_server, recipe):
    """Cases 29, 48: with a key all that a stranger's page calls works; without one it reads a 401."""
    server = start_own_server("--require-keys")
    key = command(server.environ, "keys", "add", "--label", "a page").stdout.strip()
    with httpx.Client(base_url=server.http, headers={"authorization": f"Key {key}"}) as caller:
        wait_for(caller, 404)

    def call(name, key, **ask):
        door = {"recipe": recipe, "server": server.http, "key": key}
        return browser.call(name, origin="stranger", door=door, **ask)

    options = {"input": {"prompt": "A lake", **SMALL}, "logs": True, "pollInterval": 50}
    for mode in ("polling", "streaming"):
        told = call("subscribe", key, options={**options, "mode": mode})
        assert told["value"]["requestId"]
    told = call("upload", key, size=1000, type="image/png")  # its PUT carries no key
    assert told["same"], told
    for wrong in (None, "a:b", "nonsense"):
        told = call("subscribe", wrong, options=options)
        assert (told["error"]["isApiError"], told["error"]["status"]) == (True, 401)
        assert told["error"]["body"]["detail"]
        assert told["error"]["requestId"]
        assert call("upload", wrong, size=10, type="image/png")["error"]["status"] == 401
