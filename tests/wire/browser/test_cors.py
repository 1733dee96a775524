"""Case 49: preflights and answers of every route carry what a browser asks for, raw and as a page sees it."""

from __future__ import annotations

import json
import re
import socket
from typing import TYPE_CHECKING

import pytest
from held_films import APP, EP, SMALL

from soundstage.api.routes import all_routes

if TYPE_CHECKING:
    import httpx

UNKNOWN = "00000000-0000-4000-8000-000000000000"
HOME = "http://127.0.0.1:9"  # the origin of some page on this machine
ASKED = "authorization,content-type,x-fal-queue-priority,x-fal-target-url,x-my-own"
SAMPLES = {"target": EP, "order_id": UNKNOWN}


def _paths() -> list[str]:
    """Return a path for each route there is, so that no later one is forgotten, and the other URL forms."""
    patterns = [route.path for route in all_routes()]
    filled = [re.sub(r"{(\w+)(:\w+)?}", lambda m: SAMPLES.get(m[1], "sample"), p) for p in patterns]
    status = f"/{APP}/requests/{UNKNOWN}/status"
    return [*filled, "/api/fal/proxy", f"/{EP}", status, f"{status}/", f"/queue{status}/stream", "/no/where"]


@pytest.mark.parametrize("path", _paths())
def test_every_route_answers_preflights_and_pages(http, path):
    """Case 49: a preflight is granted with all that was asked, and each method's answer is readable."""
    for method in ("GET", "POST", "PUT", "DELETE"):
        wish = {"access-control-request-method": method, "access-control-request-headers": ASKED}
        granted = http.options(path, headers={"origin": HOME, **wish})
        assert granted.status_code == 204, granted.text
        assert granted.headers["access-control-allow-origin"] in ("*", HOME)
        assert method in granted.headers["access-control-allow-methods"].split(", ")
        assert granted.headers["access-control-allow-headers"] == ASKED
        with http.stream(
            method, path, headers={"origin": HOME, "x-fal-target-url": "https://no.example/"}
        ) as told:
            told.read()
        _check_readable(told)


def _check_readable(answer: httpx.Response) -> None:
    assert answer.headers.get_list("access-control-allow-origin") == ["*"], answer
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert "x-fal-request-id" in exposed
    assert answer.headers["x-fal-request-id"]
    assert not answer.is_redirect, answer
    assert answer.reason_phrase


def test_bytes_that_are_no_http_are_told_so_readably(server):
    """Case 49: even the answer to a broken request may be read."""
    host, _, port = server.http.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(b"NONSENSE\r\n\r\n")
        told = line.recv(4096)
    assert told.startswith(b"HTTP/1.1 400 ")
    assert b"access-control-allow-origin: *" in told.lower()


@pytest.mark.parametrize(
    ("path", "options", "code"),
    [
        (f"/queue/{EP}", {"method": "POST", "body": "{"}, 422),
        (f"/queue/{EP}", {"method": "POST", "body": "[" * 100_000}, 422),
        (f"/queue/{EP}", {"method": "DELETE"}, 405),
        ("/queue/fal-ai/unknown/model", {"method": "POST", "body": "{}"}, 404),
        (f"/queue/{APP}/requests/{UNKNOWN}", {}, 404),
        (f"/queue/{APP}/requests/{UNKNOWN}/status/stream", {"headers": {"x-my-own": "1"}}, 404),
        (f"/queue/{APP}/requests/{UNKNOWN}/cancel", {"method": "PUT"}, 404),
        ("/files/nothing.mp4", {"headers": {"range": "bytes=0-1"}}, 404),
        ("/api/fal/proxy", {"method": "POST", "headers": {"x-fal-target-url": "https://no.example/"}}, 400),
        ("/api/fal/proxy", {}, 400),
    ],
)
def test_page_reads_mistakes(browser, server, path, options, code):
    """Case 49: a page reads status, words and id of every refusal: no answer is taken for a network error."""
    told = browser.call("probe", url=server.http + path, options=options)
    assert told.get("status") == code, told
    assert json.loads(told["text"])["detail"]
    assert told["headers"]["x-fal-request-id"]


def test_page_reads_that_its_body_is_too_long(browser, server):
    """Case 49: a body that is refused before it was read whole is still answered where a page can read it."""
    options = {"method": "POST", "body": json.dumps({"prompt": "x" * 3_000_000})}
    told = browser.call("probe", url=f"{server.http}/queue/{EP}", options=options)
    assert told.get("status") == 422, told
    assert json.loads(told["text"])["detail"][0]["type"] == "file_too_large"


def test_page_reads_a_failed_films_error(browser, server):
    """Case 49: the 5xx of a film that could not be made is an ApiError with its words."""
    door = {"recipe": "J2", "server": server.http, "key": None}
    options = {"input": {"prompt": "A lake [break]", **SMALL}, "pollInterval": 50}
    told = browser.call("subscribe", door=door, options=options)
    assert told["updates"][-1]["status"] == "COMPLETED"
    assert told["updates"][-1]["error"]
    assert told["error"]["isApiError"]
    assert told["error"]["status"] >= 500
    assert told["error"]["body"]["detail"]
    assert told["error"]["requestId"] == told["updates"][-1]["request_id"]


def test_page_reads_parts_of_a_file(browser, server, http):
    """Case 49: a page reads part of a film, its whole length and its tag; a part beyond the end is a 416."""
    film = http.post(f"/run/{EP}", json={"prompt": "A lake", **SMALL}).json()["video"]
    part = browser.call("probe", url=film["url"], options={"headers": {"range": "bytes=0-9"}})
    assert part["status"] == 206
    assert part["headers"]["content-range"] == f"bytes 0-9/{film['file_size']}"
    assert part["headers"]["accept-ranges"] == "bytes"
    assert part["headers"]["etag"]
    beyond = browser.call("probe", url=film["url"], options={"headers": {"range": "bytes=999999999-"}})
    assert beyond["status"] == 416
    head = browser.call("probe", url=film["url"], options={"method": "HEAD"})
    assert (head["status"], head["headers"]["content-length"]) == (200, str(film["file_size"]))
