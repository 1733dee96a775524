"""Case 50: a film plays and seeks in `<video>`."""

from __future__ import annotations

import av
import httpx
import numpy as np
import pytest
from held_films import EP, SMALL

LONG_S = 40
FPS = 8


@pytest.fixture(scope="module")
def long_film(server, tmp_path_factory) -> str:
    """The URL of an uploaded film of some megabytes: more than a browser fetches ahead."""
    path = tmp_path_factory.mktemp("films") / "noise.mp4"
    rng = np.random.default_rng(1)
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as film:
        stream = film.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "crf": "18"})
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for _ in range(LONG_S * FPS):
            noise = rng.integers(0, 255, (240, 320, 3), np.uint8)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(noise, format="rgb24")))
        film.mux(stream.encode())
    with httpx.Client(base_url=server.http, timeout=60) as http:
        told = http.post(
            "/storage/upload/initiate",
            params={"storage_type": "fal-cdn-v3"},
            json={"content_type": "video/mp4", "file_name": "noise.mp4"},
        ).json()
        http.put(told["upload_url"], content=path.read_bytes(), headers={"content-type": "video/mp4"})
    return told["file_url"]


def test_film_plays_and_seeks(browser, http):
    """Case 50: a film with sound loads, seeks to where it was told to, plays to its end; HEAD works."""
    told = http.post(f"/run/{EP}", json={"prompt": "A lake", **SMALL, "generate_audio": True}).json()
    url = told["video"]["url"]
    seen = browser.call("watch", url=url, to_s=2.0)
    assert seen["canPlay"] == "probably"
    assert seen["size"] == [640, 360]
    assert seen["duration_s"] == pytest.approx(3, abs=0.05)
    assert seen["seekable_s"] == seen["duration_s"]
    assert seen["landed_s"] == 2.0
    assert (
        seen["pixel"][3] == 255
    )  # the canvas was not tainted: the file's CORS lets the page read its frames
    assert {entry["status"] for entry in browser.seen if entry.get("url") == url} == {206}
    head = http.head(url)
    assert head.status_code == 200
    assert (head.headers["accept-ranges"], head.headers["content-type"]) == ("bytes", "video/mp4")
    assert head.headers["content-length"] == str(told["video"]["file_size"])
    assert head.content == b""


def test_jump_fetches_from_there(browser, long_film):
    """Case 50: a jump far ahead in a long film asks for bytes from the middle, and gets 206 from there."""
    seen = browser.call("watch", url=long_film, to_s=LONG_S - 5.0)
    assert seen["landed_s"] == LONG_S - 5.0
    asked = [entry for entry in browser.seen if entry.get("url") == long_film]
    assert {entry["status"] for entry in asked} == {206}
    starts = [int(entry["range"].removeprefix("bytes=").split("-")[0]) for entry in asked]
    assert starts[0] == 0
    assert max(starts) > 0
