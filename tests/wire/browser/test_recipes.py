"""Case 48: what users do in a browser, by each recipe, from a page whose origin is not the server's."""

from __future__ import annotations

import json

import pytest
from held_films import EP, SMALL

INPUT = {"prompt": "A lake", **SMALL}


def test_run(browser, door, http):
    """Case 48: `fal.run` gives a film, and `requestId` is readable across origins."""
    told = browser.call("run", door=door, input=INPUT)
    assert told["value"]["requestId"]
    assert http.head(told["value"]["data"]["video"]["url"]).status_code == 200
    assert _complaints(browser) == []


@pytest.mark.parametrize("mode", ["polling", "streaming"])
def test_subscribe(browser, door, mode):
    """Case 48: `fal.subscribe` in both modes sees the end, hands out each log line once, and the result."""
    options = {"input": INPUT, "mode": mode, "pollInterval": 50, "logs": True}
    told = browser.call("subscribe", door=door, options=options)
    last = told["updates"][-1]
    assert last["status"] == "COMPLETED"
    assert told["value"]["requestId"] == last["request_id"] != ""
    assert told["value"]["data"]["video"]["url"].startswith(door["server"])
    lines = [(line["timestamp"], line["message"]) for line in last["logs"]]
    assert lines
    assert len(set(lines)) == len(lines)
    assert _complaints(browser) == []


def test_cancel(browser, door, held):
    """Case 48: `queue.cancel` resolves; a second one rejects with an ApiError 400 whose body is readable."""
    calls = [
        ["submit", {"input": {"prompt": held.prompt, **SMALL}}],
        ["cancel", {"requestId": "$id"}],
        ["subscribeToStatus", {"requestId": "$id", "pollInterval": 50}],
        ["cancel", {"requestId": "$id"}],
        ["result", {"requestId": "$id"}],
    ]
    submitted, first, ended, second, result = browser.call("queue", door=door, calls=calls)
    assert first == {}
    assert ended["value"]["status"] == "COMPLETED"
    assert (second["error"]["isApiError"], second["error"]["status"]) == (True, 400)
    assert second["error"]["body"]["status"] == "ALREADY_COMPLETED"
    assert (result["error"]["isApiError"], result["error"]["status"]) == (True, 499)
    assert result["error"]["requestId"] == submitted["value"]["request_id"]


def test_upload(browser, door):
    """Case 48: `storage.upload` of a Blob gives a URL that the page itself can read back, byte for byte."""
    told = browser.call("upload", door=door, size=60_000, type="image/png")
    assert told["value"].startswith(door["server"]), told
    assert (told["same"], told["type"]) == (True, "image/png")
    assert _complaints(browser) == []


def test_mistakes_are_readable(browser, door):
    """Case 48: a 422 is a ValidationError with its body and id, a 404 an ApiError with its words."""
    unknown = {"requestId": "00000000-0000-4000-8000-000000000000"}
    calls = [["submit", {"input": {"prompt": " "}}], ["submit", {}], ["status", unknown]]
    bad, empty, missing = browser.call("queue", door=door, calls=calls)
    for outcome in (bad, empty):
        assert (outcome["error"]["isValidationError"], outcome["error"]["status"]) == (True, 422)
        assert outcome["error"]["body"]["detail"][0]["loc"][0] == "body"
        assert outcome["error"]["requestId"]
    assert missing["error"]["status"] == 404
    assert unknown["requestId"] in missing["error"]["body"]["detail"]


def test_strangers_page_gets_nothing(browser, server):
    """Case 48: on a server without keys a page of another site cannot order by either recipe."""
    for recipe in ("J2", "J4"):
        door = {"recipe": recipe, "server": server.http, "key": None}
        (told,) = browser.call("queue", origin="stranger", door=door, calls=[["submit", {"input": INPUT}]])
        assert told["error"]["status"] in (None, 403), told
    # Its own name may lead here, too (DNS rebinding); then the page is of one site with the server.
    url = server.http.replace("127.0.0.1", "stranger.example")
    options = {"method": "POST", "body": json.dumps(INPUT)}
    told = browser.call("probe", origin="stranger", url=f"{url}/queue/{EP}", options=options)
    assert told.get("status") in (None, 403), told


def _complaints(browser) -> list[str]:
    """Return what the browser wrote to its console: a blocked request shows there."""
    return [entry["text"] for entry in browser.seen if "console" in entry]
