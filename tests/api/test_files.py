"""Files over HTTP: whole, in parts, unchanged, and never more than a name allows. On a real store."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

CONTENT = bytes(range(256)) * 4096  #: 1 MiB: several pieces


@pytest.fixture
async def film(store, tmp_path):
    """A published file's URL."""
    path = tmp_path / "draft.mp4"
    path.write_bytes(CONTENT)
    await store.put(path, "ab12/output.mp4", "video/mp4")
    return "/files/ab12/output.mp4"


async def test_a_file_comes_whole(client, film):
    """A plain GET gives the exact bytes, type and length, and says that parts may be asked for."""
    answer = await client.get(film)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    headers = answer.headers
    assert headers["content-type"] == "video/mp4"
    assert headers["content-length"] == str(len(CONTENT))
    assert headers["accept-ranges"] == "bytes"
    assert headers["etag"].startswith('"')
    assert headers["etag"].endswith('"')
    assert headers["last-modified"].endswith("GMT")
    assert headers["content-disposition"] == "inline; filename*=UTF-8''output.mp4"
    assert "immutable" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["x-fal-request-id"]


async def test_head_tells_what_get_would(client, film):
    """HEAD has the headers of GET and no body, also when a range is asked for."""
    got, head = await client.get(film), await client.head(film, headers={"range": "bytes=0-1"})
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "etag", "accept-ranges", "last-modified"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, None),
        ("bytes=-5", -5, None),
        ("bytes=262143-262145", 262143, 262146),
        ("bytes=1048575-", 1048575, None),
        ("bytes=5-99999999999999999999999999", 5, None),
        ("bytes=-99999999999", 0, None),
        ("bytes= 3 - 4 ", 3, 5),
    ],
)
async def test_a_range_is_a_part(client, film, asked, start, end):
    """A range gives 206 and exactly its bytes, across the store's pieces too."""
    answer = await client.get(film, headers={"range": asked})
    part = CONTENT[start:end]
    first = start if start >= 0 else len(CONTENT) + start
    assert (answer.status_code, answer.content) == (206, part)
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(part) - 1}/{len(CONTENT)}"
    assert answer.headers["content-length"] == str(len(part))


@pytest.mark.parametrize(
    "asked", ["bytes=1048576-", "bytes=9999999-10000000", "bytes=-0", "bytes=99999999999999999999-"]
)
async def test_a_range_outside_the_file_is_416(client, film, asked):
    """What lies outside is refused with the file's length."""
    answer = await client.get(film, headers={"range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(CONTENT)}"
    assert str(len(CONTENT)) in answer.json()["detail"]


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=5-2", "bytes=-", "lines=1-2", "bytes", "bytes=a-b", "bytes=--5"]
)
async def test_what_is_no_single_range_is_the_whole_file(client, film, asked):
    """Several ranges at once, and what is no range, give the whole file, as the standard allows."""
    answer = await client.get(film, headers={"range": asked})
    assert (answer.status_code, len(answer.content)) == (200, len(CONTENT))


async def test_if_range_guards_the_range(client, film):
    """A range of a file that is no longer the same is the whole file."""
    known = (await client.get(film)).headers
    for names, status in [
        (known["etag"], 206), (known["last-modified"], 206), ('"other"', 200), (f"W/{known['etag']}", 200),
        ("Sat, 01 Jan 2000 00:00:00 GMT", 200), ("nonsense", 200),
    ]:  # fmt: skip
        answer = await client.get(film, headers={"range": "bytes=0-9", "if-range": names})
        assert answer.status_code == status, names


async def test_a_known_file_is_304(client, film):
    """Who has the file already gets no bytes."""
    known = (await client.get(film)).headers
    for header, value, status in [
        ("if-none-match", known["etag"], 304), ("if-none-match", f'"a", W/{known["etag"]}', 304),
        ("if-none-match", "*", 304), ("if-none-match", '"other"', 200),
        ("if-modified-since", known["last-modified"], 304),
        ("if-modified-since", "Sat, 01 Jan 2000 00:00:00 GMT", 200),
        ("if-modified-since", "yesterday", 200),
    ]:  # fmt: skip
        answer = await client.get(film, headers={header: value})
        assert answer.status_code == status, value
        assert status == 200 or (answer.content, answer.headers["etag"]) == (b"", known["etag"])


@pytest.mark.parametrize(
    "name",
    ["none.mp4", "ab12", "ab12/", "..%2f..%2fetc%2fpasswd", "ab12/%2e%2e/%2e%2e/draft.mp4", "%00", "a\\b",
     "ab12/.output.mp4.type", "", "ä.mp4"],
)  # fmt: skip
async def test_a_name_never_leads_out_of_the_store(client, film, name):
    """What is no published name is a 404, in words and with CORS."""
    answer = await client.get(f"/files/{name}")
    assert answer.status_code == 404
    assert answer.json()["detail"]
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "date",
    ["Mon, 01 Jan 2024 00:00:00 +99999999999999999", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "x"],
)
async def test_a_date_that_is_none_is_ignored(client, film, date):
    """A date that does not read, or that no calendar has, asks for nothing."""
    answer = await client.get(film, headers={"if-modified-since": date})
    assert (answer.status_code, answer.content) == (200, CONTENT)
    answer = await client.get(film, headers={"range": "bytes=0-1", "if-range": date})
    assert answer.status_code == 200


async def test_a_long_range_costs_its_length(client, film):
    """A range of nothing but spaces is read in one go: its square would hold up everybody."""
    begun = time.process_time()
    answer = await client.get(film, headers={"range": f"bytes={' ' * 60_000}x"})
    assert answer.status_code == 200
    assert time.process_time() - begun < 1


async def test_an_empty_file_is_no_error(client, store, tmp_path):
    """A file of no bytes comes whole, and has no range."""
    path = tmp_path / "empty"
    path.touch()
    await store.put(path, "ab13/empty.vtt", "text/vtt")
    answer = await client.get("/files/ab13/empty.vtt")
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "0")
    assert (await client.get("/files/ab13/empty.vtt", headers={"range": "bytes=0-"})).status_code == 416


@pytest.mark.parametrize(
    ("kind", "is_shown"),
    [
        ("video/mp4", True), ("image/webp", True), ("AUDIO/MPEG", True), ("text/plain; charset=utf-8", True),
        ("application/json", True), ("text/vtt", True),
        ("text/html", False), ("TEXT/HTML; charset=utf-8", False), ("image/svg+xml", False),
        ("application/xhtml+xml", False), ("text/xml", False), ("text/javascript", False),
        ("application/pdf", False), ("application/octet-stream", False), ("text/plainhtml", False),
    ],
)  # fmt: skip
async def test_a_hostile_file_is_no_page_of_ours(client, store, tmp_path, kind, is_shown):
    """Media and plain text are shown; what could hold a script is saved, and has no origin if shown yet."""
    path = tmp_path / "brought"
    path.write_bytes(b"<script>fetch('/queue')</script>")
    await store.put(path, "ab14/brought.bin", kind)
    headers = (await client.get("/files/ab14/brought.bin")).headers
    assert headers["content-disposition"].startswith("inline" if is_shown else "attachment")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers.get("content-security-policy") == (None if is_shown else "sandbox; default-src 'none'")


@pytest.mark.skipif(sys.platform != "linux", reason="open files are listed in /proc")
async def test_who_stops_listening_stops_the_reading(running):
    """A caller who hangs up in the middle leaves no open file behind."""
    name = f"{'ee' * 16}/long.mp4"
    path = running.store_folder / "long"
    path.write_bytes(bytes(30_000_000))
    running.store.keep(path, name, "video/mp4")
    reader, writer = await asyncio.open_connection("127.0.0.1", running.ports.http)
    writer.write(f"GET /files/{name} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode())
    assert await reader.read(1000)
    assert _holds(name)
    writer.transport.abort()
    while _holds(name):  # noqa: ASYNC110 - nobody tells when a descriptor is closed
        await asyncio.sleep(0.01)


def _holds(name):
    """Tell whether this process has a file open."""
    return any(os.path.realpath(link).endswith(name) for link in Path("/proc/self/fd").iterdir())
