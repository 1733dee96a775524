"""Cases 44 and 45: files that @fal-ai/client sends, on their own or inside an input, by each recipe."""

from __future__ import annotations

import hashlib
import urllib.parse

import pytest
from held_films import SMALL

MIB = 1024 * 1024


def _fetch(http, url: str) -> tuple[str, str]:
    """Return type and sum of what a URL serves, without a key."""
    with http.stream("GET", url) as answer:
        assert answer.status_code == 200, answer.read()
        total = hashlib.sha256()
        for piece in answer.iter_bytes():
            total.update(piece)
        return answer.headers["content-type"], total.hexdigest()


@pytest.mark.parametrize("size", [0, 2 * MIB])
def test_upload_serves_the_same_bytes(recipe, http, size):
    """Case 44: `storage.upload(Blob)` returns a URL that serves the same bytes with the same type."""
    told = recipe.run("upload", {"size": size, "type": "image/png"})
    assert _fetch(http, told["value"]) == ("image/png", told["sent"])
    initiate, put = told["trace"]
    assert (
        initiate["headers"]
        .get("x-fal-target-url", initiate["url"])
        .endswith("/storage/upload/initiate?storage_type=fal-cdn-v3")
    )
    # The PUT goes by plain fetch: no recipe rewrites it and no key is sent, so the URL alone must do.
    assert put["method"] == "PUT"
    assert urllib.parse.urlsplit(put["url"]).netloc == urllib.parse.urlsplit(recipe.server.http).netloc
    assert "Authorization" not in put["headers"]


def test_upload_url_cannot_be_guessed_or_used_for_another_file(recipe, http):
    """Case 44: an `upload_url` whose signature was changed takes nothing."""
    told = recipe.run("upload", {"size": 3, "type": "text/plain"})
    url = told["trace"][1]["url"]
    for forged in (url[:-1] + ("0" if url[-1] != "0" else "1"), url.split("?")[0]):
        answer = http.put(forged, content=b"other", headers={"content-type": "text/plain"})
        assert answer.status_code in (400, 401, 403, 404), (forged, answer.text)
    assert http.get(told["value"]).content == bytes([0, 1, 2])


def test_upload_over_tls(make_recipe, http):
    """Case 44: recipe J3 uploads too: the URL it is given leads back by TLS."""
    told = make_recipe("J3").run("upload", {"size": 1000, "type": "image/png"})
    assert told["trace"][-1]["url"].startswith("https://localhost")
    path = urllib.parse.urlsplit(told["value"]).path
    assert _fetch(http, path) == ("image/png", told["sent"])


def test_upload_without_a_type_is_bytes(recipe, http):
    """Case 44: a Blob without a type is served as `application/octet-stream`."""
    told = recipe.run("upload", {"size": 3, "type": ""})
    assert _fetch(http, told["value"]) == ("application/octet-stream", told["sent"])


def test_upload_with_a_lifecycle(recipe, http):
    """Case 44: `lifecycle` goes along, and what it hides is not served."""
    shown = {"expiresIn": "1h", "initialAcl": {"default": "allow"}}
    told = recipe.run("upload", {"size": 3, "type": "text/plain", "options": {"lifecycle": shown}})
    assert http.get(told["value"]).status_code == 200
    hidden = {"initialAcl": {"default": "hide"}}
    told = recipe.run("upload", {"size": 3, "type": "text/plain", "options": {"lifecycle": hidden}})
    assert http.get(told["value"]).status_code == 404


def test_parts_of_a_multipart_upload_become_one_file(http):
    """Case 44: parts sent as the client sends them, in any order, become one file.

    The client itself takes this path beyond 90 MiB only: see the next test.
    """
    base = {"storage_type": "fal-cdn-v3"}
    told = http.post(
        "/storage/upload/initiate-multipart", params=base, json={"content_type": "a/b", "file_name": "x.bin"}
    )
    assert told.status_code == 200, told.text
    upload, file_url = told.json()["upload_url"], told.json()["file_url"]
    pieces = {number: bytes([number]) * 100_000 for number in (3, 1, 2)}
    path, _, query = upload.partition("?")
    parts = []
    for number, piece in pieces.items():
        answer = http.put(f"{path}/{number}?{query}", content=piece)
        assert answer.status_code == 200, answer.text
        parts.append(answer.json())
        assert parts[-1]["partNumber"] == number
        assert parts[-1]["etag"]
    done = http.post(f"{path}/complete?{query}", json={"parts": parts})
    assert done.is_success, done.text
    assert http.get(file_url).content == b"".join(pieces[n] for n in sorted(pieces))


@pytest.mark.full
def test_upload_of_91_mib(recipe, http):
    """Case 44: a Blob of 91 MiB is sent in ten parts, and its URL serves the same bytes."""
    told = recipe.run("upload", {"size": 91 * MIB, "type": "video/mp4"}, timeout_s=240)
    assert _fetch(http, told["value"]) == ("video/mp4", told["sent"])
    methods = [entry["method"] for entry in told["trace"]]
    assert methods == ["POST", *["PUT"] * 10, "POST"]


def test_blob_inside_an_input_becomes_a_url(each_recipe, http):
    """Case 45: a Blob anywhere in the input is uploaded first; the submit carries its URL in that place."""
    told = each_recipe.run(
        "upload", {"size": 1000, "type": "image/png", "input": {"prompt": "A lake", **SMALL}}
    )
    submit = told["trace"][-1]
    url = submit["body"]["note"]["deep"][0]
    assert _fetch(http, url) == ("image/png", told["sent"])
    assert submit["status"] == 200
    http.put(told["value"]["cancel_url"])
