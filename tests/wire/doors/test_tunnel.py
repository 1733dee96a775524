"""Case 33, recipe P4: default hosts, no code changed, uploads included; and case 60 on a real server."""

import hashlib
import json
import socket
import ssl

import httpx
import pytest
from keyed_server import command

APP = "fal-ai/kling-video"
FOLLOW = """
import fal_client, hashlib, json, os
EP, SMALL = os.environ["EP"], json.loads(os.environ["SMALL"])
handle = fal_client.submit(EP, arguments={**SMALL, "prompt": "A lake"})
told = {"response_url": handle.response_url, "status_url": handle.status_url}
told["equal"] = fal_client.sync_client.get_handle(EP, handle.request_id) == handle
told["kinds"] = sorted({type(event).__name__ for event in handle.iter_events(with_logs=True)})
told["url"] = handle.get()["video"]["url"]
told["run"] = sorted(fal_client.run(EP, arguments={**SMALL, "prompt": "A lake"}))
try:
    handle.cancel()
except fal_client.client.FalClientHTTPError as error:
    told["late"] = error.status_code
print(json.dumps(told))
"""
UPLOAD = """
import fal_client, fal_client.client as c, hashlib, json, os, pathlib, sys
size = int(os.environ["SIZE"])
path = pathlib.Path(os.environ["PLACE"]) / "clip.mp4"
piece = hashlib.sha256(b"x").digest() * 32768
with path.open("wb") as out:
    for _ in range(size // len(piece)):
        out.write(piece)
if os.environ.get("BREAK"):
    c.CDN_URL = "https://v3.fal.media/broken"  # the first step fails, as when the CDN is down
told = {"url": fal_client.upload_file(path), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
print(json.dumps(told))
"""


def _run(keyed, code, **variables):
    told = keyed.python(code, {**keyed.tunnel_environ(keyed.key), **variables})
    assert told.returncode == 0, told.stdout + told.stderr
    return json.loads(told.stdout.splitlines()[-1])


def test_default_hosts_by_the_tunnel(keyed, ep, small):
    """Case 33: by P4 all URLs are fal's own, handles are equal to rebuilt ones, and the film is ours."""
    told = _run(keyed, FOLLOW, EP=ep, SMALL=json.dumps(small))
    assert told["response_url"].startswith(f"https://queue.fal.run/{APP}/requests/")
    assert told["status_url"] == f"{told['response_url']}/status"
    assert told["equal"] is True
    assert "Completed" in told["kinds"]
    assert "video" in told["run"]
    assert told["late"] == 400
    assert told["url"].startswith(f"https://127.0.0.1:{keyed.where['tls_port']}/files/")


def _fetched(keyed, url):
    """Return the SHA-256 of what a URL serves to whoever has it, without the tunnel and without a key."""
    context = ssl.create_default_context(cafile=str(keyed.server.home / "tls" / "ca.pem"))
    digest = hashlib.sha256()
    with httpx.stream("GET", url, verify=context, timeout=60) as answer:
        assert answer.status_code == 200
        for piece in answer.iter_bytes():
            digest.update(piece)
    return digest.hexdigest()


@pytest.mark.parametrize("variables", [{}, {"BREAK": "1"}])
def test_uploads_by_the_tunnel(keyed, tmp_path, variables):
    """Case 33: an upload to fal's own hosts lands here, by the direct way and by the fallback."""
    told = _run(keyed, UPLOAD, SIZE="2097152", PLACE=str(tmp_path), **variables)
    assert _fetched(keyed, told["url"]) == told["sha256"]


@pytest.mark.full
def test_a_large_upload_by_the_tunnel(keyed, tmp_path):
    """Case 33: 101 MiB in parts, ten at a time and in any order, arrive whole."""
    told = _run(keyed, UPLOAD, SIZE=str(101 * 1024 * 1024), PLACE=str(tmp_path))
    assert _fetched(keyed, told["url"]) == told["sha256"]


def test_nothing_else_goes_by_the_tunnel(keyed):
    """Case 33: a program under P4 that calls somebody else by https is refused, and nothing leaves."""
    code = (
        "import httpx\ntry: httpx.get('https://example.org/')\n"
        "except httpx.ProxyError as error: print(error)\n"
    )
    told = keyed.python(code, keyed.tunnel_environ(keyed.key))
    assert told.stdout.startswith("403"), told.stdout + told.stderr


def test_a_shell_without_a_tunnel_is_told(server):
    """Case 33: asking a server without a tunnel for its exports names the flag."""
    told = command(server.environ, "serve", "--print-env", "--connect")
    assert told.returncode == 1
    assert "--connect-port" in told.stderr


def test_a_foreign_target_is_never_called(http):
    """Case 60: a listener whose address is the target, by name or loopback, hears nothing from the server."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        foreign = http.get("/api/fal/proxy", headers={"x-fal-target-url": f"http://a.example:{port}/x"})
        assert foreign.status_code == 400
        assert "a.example" in foreign.json()["detail"]
        # Loopback is ours, whichever port: routed to our own doors, which have no such path.
        own = http.get("/api/fal/proxy", headers={"x-fal-target-url": f"http://127.0.0.1:{port}/x"})
        assert own.status_code == 404
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()
