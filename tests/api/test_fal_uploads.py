"""Uploads by the unmodified fal_client, and over sockets: memory, hang-ups, and answers that come early."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

CHUNK = 1 << 20

SCRIPT = """
import asyncio, faulthandler, hashlib, io, json, sys, urllib.request
faulthandler.dump_traceback_later(90, exit=True)  # a hang tells where
import fal_client.client as wire
base = sys.argv[1]
wire.REST_URL = wire.CDN_URL = base
wire.MULTIPART_THRESHOLD, wire.MULTIPART_CHUNK_SIZE = 3_000_000, 1_000_000
import fal_client
told, folder = {}, sys.argv[2]

def serve(url):
    with urllib.request.urlopen(url) as answer:
        return [answer.headers["content-type"], hashlib.sha256(answer.read()).hexdigest()]

def caught(url):
    try:
        urllib.request.urlopen(url)
    except urllib.error.HTTPError as error:
        return error.code

told["bytes"] = serve(fal_client.upload(b"hello", "text/plain"))
told["file"] = serve(fal_client.upload_file(f"{folder}/small.mp4"))
told["fallback"] = serve(fal_client.upload(b"hello", "image/png", "a.png", repository="fal"))
told["unicode"] = serve(fal_client.upload_file(f"{folder}/größe.txt"))  # its header cannot hold the name
told["parts"] = serve(fal_client.upload_file(f"{folder}/big.bin"))
hidden = fal_client.StorageSettings(initial_acl=fal_client.StorageACL(default="hide"), expires_in="1h")
told["hidden"] = caught(fal_client.upload(b"mine", "text/plain", lifecycle=hidden))
told["hidden parts"] = caught(fal_client.upload_file(f"{folder}/big.bin", lifecycle=hidden))
told["hidden fallback"] = caught(fal_client.upload(b"mine", "text/plain", lifecycle=hidden, repository="fal"))

async def later():
    told["async"] = serve(await fal_client.upload_async(b"hello", "text/plain"))
    told["async parts"] = serve(await fal_client.upload_file_async(f"{folder}/big.bin"))

asyncio.run(later())
print(json.dumps(told))
"""


def test_fal_client_uploads(running, tmp_path, bare_environ):
    """Bytes, files, parts out of order, the fallback and lifecycles arrive, sync and async."""
    small, big, text = os.urandom(2_000_000), os.urandom(7_400_000), b"text"
    for name, content in (("small.mp4", small), ("big.bin", big), ("größe.txt", text)):
        (tmp_path / name).write_bytes(content)
    base = f"http://127.0.0.1:{running.ports.http}"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, base, str(tmp_path)],
        env={**bare_environ, "FAL_KEY": "k:s"}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr

    def served(kind, content):
        return [kind, hashlib.sha256(content).hexdigest()]

    assert json.loads(done.stdout) == {
        "bytes": served("text/plain", b"hello"),
        "file": served("video/mp4", small),
        "fallback": served("image/png", b"hello"),
        "unicode": served("text/plain", text),
        "parts": served("application/octet-stream", big),
        "hidden": 404,
        "hidden parts": 404,
        "hidden fallback": 404,
        "async": served("text/plain", b"hello"),
        "async parts": served("application/octet-stream", big),
    }


def _resident_bytes():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is read in /proc")
async def test_a_large_upload_moves_memory_by_little(running):
    """60 MB over a socket, sender and server in this process: resident memory grows by a fraction of it."""
    peak = before = _resident_bytes()

    async def pieces():
        nonlocal peak
        for _ in range(60):
            yield bytes(CHUNK)
            peak = max(peak, _resident_bytes())

    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        url = f"http://127.0.0.1:{running.ports.http}/files/upload"
        answer = await client.post(url, content=pieces())
        async with client.stream("GET", answer.json()["access_url"]) as served:
            length = 0
            async for piece in served.aiter_bytes():
                length += len(piece)
                peak = max(peak, _resident_bytes())
    assert length == 60 * CHUNK
    assert peak - before < 25_000_000


async def _until(is_so):
    while not is_so():  # noqa: ASYNC110 - nobody tells what another thread does to a folder
        await asyncio.sleep(0.01)


async def test_hang_up_in_an_upload_leaves_nothing(start_server):
    """A caller who goes away in the middle leaves no file and no part, and the server goes on."""
    with start_server() as running:
        _, writer = await asyncio.open_connection("127.0.0.1", running.ports.http)
        head = "POST /files/upload HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9000000\r\n\r\n"
        writer.write(head.encode() + bytes(3_000_000))
        await writer.drain()
        landing = running.store.root / ".incoming"
        await _until(lambda: list(landing.glob("*.part")))
        writer.transport.abort()
        await _until(lambda: not list(landing.glob("*.part")))
        assert [path for path in running.store.root.rglob("*") if path.is_file()] == []
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.get(f"http://127.0.0.1:{running.ports.http}/health/live")
            assert answer.status_code == 200


async def test_refused_upload_is_heard(start_server):
    """Who sends more than is taken reads the 422, though the answer came before the end of the body."""
    with start_server(upload_max_bytes=1000) as running:
        url = f"http://127.0.0.1:{running.ports.http}"
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            answer = await client.post(f"{url}/files/upload", content=bytes(20_000_000))
            assert answer.json()["detail"][0]["type"] == "file_too_large"
            assert (await client.post(f"{url}/files/upload", content=b"fits")).status_code == 200
