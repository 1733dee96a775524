"""Cases 25 to 28, and 31's uploads: every way in which fal_client brings a file. Recipe P1."""

import gc
import hashlib
import time
from pathlib import Path

import fal_client.client as fal_module
import httpx
import pytest
from fal_client.client import StorageACL, StorageSettings
from PIL import Image

pytestmark = [
    pytest.mark.parametrize("recipe", ["P1"], indirect=True),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),  # fal_client closes none of its uploaders
]
MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def _sweep(client):
    """Collect the client's open uploaders here, where they are no error, and not in somebody else's test."""
    yield
    gc.collect()


@pytest.fixture
def small_parts(monkeypatch):
    """Lower what the client calls large, so that 3 MiB go in parts of 256 KiB, ten at a time."""
    monkeypatch.setattr(fal_module, "MULTIPART_THRESHOLD", 2 * MIB)
    monkeypatch.setattr(fal_module, "MULTIPART_CHUNK_SIZE", MIB // 4)


def _bytes(count: int) -> bytes:
    """Return bytes of which no two blocks are alike: a part in the wrong place is seen."""
    return b"".join(n.to_bytes(16, "big") for n in range(count // 16 + 1))[:count]


@pytest.mark.parametrize("data", [b"\x00\xff hello", "grüße, 世界", b""])
def test_upload_serves_what_was_sent(client, download, data, exchanges):
    """Case 25: `upload` of bytes, of text and of nothing returns a URL with those bytes and that type."""
    url = client.upload(data, "text/plain")
    got = download(url)
    assert got.status_code == 200
    assert got.content == (data.encode() if isinstance(data, str) else data)
    assert got.headers["content-type"].partition(";")[0] == "text/plain"
    assert set(exchanges.statuses) == {200}


def test_upload_file_of_2_mb(client, download, tmp_path):
    """Case 25: `upload_file` of 2 MB; the type is guessed from the name, and the name is kept in the URL."""
    path = tmp_path / "a clip, né.mp4"
    path.write_bytes(_bytes(2_000_000))
    got = download(client.upload_file(path))
    assert got.content == path.read_bytes()
    assert got.headers["content-type"] == "video/mp4"


def test_upload_image(client, download):
    """Case 25: `upload_image` of a Pillow image returns a URL of that picture."""
    url = client.upload_image(Image.new("RGB", (64, 36), "red"), format="png")
    got = download(url)
    assert got.headers["content-type"] == "image/png"
    assert got.content.startswith(b"\x89PNG")


def test_a_file_name_cannot_lead_astray(client, download):
    """Case 25: a hostile file name names no other place; the bytes are served under a name of ours."""
    for name in ("../../etc/passwd", "..", "a/b\\c", "x" * 500, "%2e%2e%2f", "con.txt"):
        url = client.upload(b"hello", "text/plain", name)
        assert "/../" not in url
        got = download(url)
        assert (got.status_code, got.content) == (200, b"hello"), name


def test_a_page_is_not_served_as_a_page(client, download):
    """Case 25: an uploaded page cannot act in this server's name in somebody's browser."""
    got = download(client.upload(b"<script>alert(1)</script>", "text/html"))
    assert got.content == b"<script>alert(1)</script>"
    harmless = got.headers["content-type"].partition(";")[0] != "text/html"
    assert harmless or "sandbox" in got.headers.get("content-security-policy", ""), got.headers


def test_a_large_file_in_parts(client, download, tmp_path, small_parts, exchanges):
    """Case 26: over the client's limit a file goes in parts, in any order, and arrives as it was."""
    path = tmp_path / "clip.mp4"
    path.write_bytes(_bytes(3 * MIB + 17))
    url = client.upload_file(path)
    assert exchanges.sent.count("PUT") == 13, "it did not go in parts"
    got = download(url)
    assert hashlib.sha256(got.content).digest() == hashlib.sha256(path.read_bytes()).digest()
    assert got.headers["content-type"] == "video/mp4"
    assert int(got.headers["content-length"]) == 3 * MIB + 17


def test_large_bytes_in_parts(client, download, small_parts):
    """Case 26: the same for bytes in memory."""
    data = _bytes(3 * MIB)
    assert download(client.upload(data, "application/octet-stream")).content == data


async def test_async_uploads(async_client, download, tmp_path, small_parts):
    """Case 31: `upload`, `upload_file`, `upload_image` and parts from async code."""
    assert download(await async_client.upload(b"hello", "text/plain")).content == b"hello"
    path = tmp_path / "clip.mp4"
    path.write_bytes(_bytes(3 * MIB))
    assert download(await async_client.upload_file(path)).content == path.read_bytes()
    image = download(await async_client.upload_image(Image.new("RGB", (64, 36), "red")))
    assert image.headers["content-type"] == "image/jpeg"


@pytest.mark.full
def test_101_megabytes(client, server, tmp_path):
    """Case 26: 101 MB by the client's own limits; the server's memory does not grow with the file."""
    path = tmp_path / "film.mp4"
    piece = _bytes(MIB)
    digest = hashlib.sha256()
    with path.open("wb") as out:
        for n in range(101):
            block = n.to_bytes(16, "big") + piece[16:]
            out.write(block)
            digest.update(block)
    url = client.upload_file(path)
    seen = hashlib.sha256()
    with httpx.stream("GET", url) as answer:
        for block in answer.iter_bytes():
            seen.update(block)
    assert seen.digest() == digest.digest()
    told = Path(f"/proc/{server.process.pid}/status").read_text("ascii")
    (peak,) = [line for line in told.splitlines() if line.startswith("VmHWM")]
    assert int(peak.split()[1]) < 250_000, f"{peak}: the server held the file in memory"


def test_the_fallback_repository(client, download, server, monkeypatch, exchanges):
    """Case 27: when the direct way fails, `fal` (a signed URL, sent with the user's key) succeeds."""
    monkeypatch.setattr(fal_module, "CDN_URL", f"{server.http}/nowhere")
    url = client.upload(b"hello", "text/plain", "greeting.txt")
    got = download(url)
    assert got.content == b"hello"
    assert got.headers["content-type"].partition(";")[0] == "text/plain"
    assert exchanges.sent == ["POST", "POST", "POST", "PUT", "GET"], "token, broken way, signed URL, bytes"
    assert exchanges.statuses[1] == 404


def test_the_fallback_alone(client, download):
    """Case 27: `repository="fal"` takes that way at once."""
    assert download(client.upload(b"hello", "text/plain", repository="fal")).content == b"hello"


def test_a_file_that_expires(client, download):
    """Case 28: a file with a life of some seconds is there, and then it is gone."""
    url = client.upload(b"hello", "text/plain", lifecycle=StorageSettings(expires_in=2))
    assert download(url).content == b"hello"
    _await_gone(download, url, 20)


@pytest.mark.full
def test_a_file_that_expires_immediately(client, download):
    """Case 28: `expires_in="immediate"`: the file is gone after about 60 s, not before."""
    begun = time.monotonic()
    url = client.upload(b"hello", "text/plain", lifecycle=StorageSettings(expires_in="immediate"))
    _await_gone(download, url, 90)
    assert 55 < time.monotonic() - begun < 90


def test_lives_that_do_not_end_now(client, download):
    """Case 28: every value that the client offers is taken, in both ways of uploading."""
    for expires_in in ("never", "1h", "1d", "7d", "30d", "1y", 86_400):
        for repository in ("fal_v3", "fal"):
            settings = StorageSettings(expires_in=expires_in)
            url = client.upload(b"x", "text/plain", repository=repository, lifecycle=settings)
            assert download(url).status_code == 200, (expires_in, repository)


@pytest.mark.parametrize(("decision", "status"), [("allow", 200), ("forbid", 403), ("hide", 404)])
def test_who_may_read_an_upload(client, download, decision, status):
    """Case 28: the ACL that comes with a file counts from the first byte on."""
    settings = StorageSettings(initial_acl=StorageACL(default=decision))
    assert download(client.upload(b"x", "text/plain", lifecycle=settings)).status_code == status


def test_an_upload_without_a_token(server, recipe):
    """Case 25: where no key is asked for, curl needs no token."""
    answer = httpx.post(f"{server.http}/files/upload", content=b"x", headers={"content-type": "text/plain"})
    assert answer.status_code == 200
    assert answer.json()["access_url"].startswith(server.http)


def _await_gone(download, url, within_s):
    deadline = time.monotonic() + within_s
    while (answer := download(url)).status_code == 200:
        assert time.monotonic() < deadline, "it is still there"
        time.sleep(0.2)
    assert answer.status_code == 404
