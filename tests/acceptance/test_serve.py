"""`soundstage serve` and the unmodified fal client: fal's quick start, cancel, mistakes, crashes."""

import json
import os
import signal
import stat
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
from films import look
from servers import SOUNDSTAGE, read_exports, start_server

QUICK_START = """
import json
import fal_client

def on_queue_update(update):
    if isinstance(update, fal_client.InProgress):
        for log in update.logs:
            print(log["message"])

result = fal_client.subscribe(
    "fal-ai/kling-video/v3/pro/text-to-video",
    arguments={ARGUMENTS},
    with_logs=True,
    on_queue_update=on_queue_update,
)
print("RESULT " + json.dumps(result))
"""
SMALL = {"prompt": "Glowing fireflies in a dark forest", "duration": "3", "resolution": "360p", "seed": 5}


def _download(server, url: str) -> bytes:
    import ssl

    context = ssl.create_default_context(cafile=server.exports["SSL_CERT_FILE"])
    with urllib.request.urlopen(url, context=context) as answer:
        assert answer.headers["Content-Type"] == "video/mp4"
        return answer.read()


def test_quick_start_gets_logs_and_a_film_that_plays(server):
    """The quick start of fal's page, with a prompt added, prints progress and a film's URL."""
    told = server.client(QUICK_START.replace("{ARGUMENTS}", repr(SMALL)))
    assert told.returncode == 0, told.stderr + server.log.read_text()
    lines = told.stdout.splitlines()
    assert any("of 72 frames" in line for line in lines), told.stdout
    result = json.loads(lines[-1].removeprefix("RESULT "))
    video = result["video"]
    assert (video["content_type"], video["file_name"]) == ("video/mp4", "output.mp4")
    film = _download(server, video["url"])
    assert len(film) == video["file_size"]
    seen = look(film)
    assert (seen.frames, seen.width, seen.height) == (72, 640, 360)
    assert result["seed"] == 5


def test_quick_start_as_printed_is_a_quick_422(server):
    """`arguments={}` raises FalClientHTTPError 422 in under a second, naming both prompts."""
    code = """
import time, fal_client
started = time.monotonic()
try:
    fal_client.subscribe("fal-ai/kling-video/v3/pro/text-to-video", arguments={}, with_logs=True)
except fal_client.client.FalClientHTTPError as exc:
    assert time.monotonic() - started < 5, "the client retried"
    assert exc.status_code == 422, exc
    print(exc.message)
"""
    told = server.client(code)
    assert told.returncode == 0, told.stderr
    assert "prompt" in told.stdout
    assert "multi_prompt" in told.stdout


def test_async_client_gets_the_same_film(server):
    """Only the three statuses, in order, and the same bytes for one seed."""
    code = f"""
import asyncio, json, fal_client

async def main():
    handle = await fal_client.submit_async("fal-ai/kling-video/v3/pro/text-to-video", arguments={SMALL!r})
    names = []
    async for event in handle.iter_events(with_logs=True):
        names.append(type(event).__name__)
        last = event
    result = await handle.get()
    print(json.dumps([names, last.metrics, result]))

asyncio.run(main())
"""
    told = server.client(code)
    assert told.returncode == 0, told.stderr
    names, metrics, result = json.loads(told.stdout.splitlines()[-1])
    order = ["Queued", "InProgress", "Completed"]
    assert [n for n in order if n in names] == sorted(set(names), key=order.index)
    assert names == sorted(names, key=order.index)
    assert names[-1] == "Completed"
    assert metrics["inference_time"] > 0
    again = server.client(QUICK_START.replace("{ARGUMENTS}", repr(SMALL)))
    other = json.loads(again.stdout.splitlines()[-1].removeprefix("RESULT "))
    assert _download(server, result["video"]["url"]) == _download(server, other["video"]["url"])


def test_cancel_of_a_running_order_ends_it_within_two_seconds(server):
    """Work stops, status is COMPLETED, the result is 499 client_cancelled; a second cancel is 400."""
    code = """
import time, fal_client
app = "fal-ai/kling-video/v3/pro/text-to-video"
handle = fal_client.submit(app, arguments={"prompt": "A beach at sunset", "duration": "15"})
while not isinstance(handle.status(), fal_client.InProgress):
    time.sleep(0.05)
time.sleep(1)
handle.cancel()
started = time.monotonic()
while not isinstance(handle.status(), fal_client.Completed):
    time.sleep(0.02)
print("ended after", time.monotonic() - started)
assert time.monotonic() - started < 2
for call in (handle.get, handle.cancel):
    started = time.monotonic()
    try:
        call()
    except fal_client.client.FalClientHTTPError as exc:
        print(exc.status_code, exc.error_type)
        assert time.monotonic() - started < 3
"""
    told = server.client(code)
    assert told.returncode == 0, told.stderr + told.stdout
    assert told.stdout.splitlines()[1:] == ["499 client_cancelled", "400 None"], told.stdout


def test_print_env_prints_exports_and_nothing_else(server):
    """Five exports; sh reads them; NO_PROXY and SSL_CERT_FILE keep what the user had."""
    environ = {**server.environ, "NO_PROXY": "corp.example"}
    told = subprocess.run(
        [*SOUNDSTAGE, "serve", "--print-env"], env=environ, capture_output=True, text=True, check=True
    )
    assert told.stderr == ""
    exports = read_exports(told.stdout)
    assert set(exports) == {"FAL_KEY", "FAL_RUN_HOST", "FAL_QUEUE_RUN_HOST", "SSL_CERT_FILE", "NO_PROXY"}
    assert exports["NO_PROXY"].split(",") == ["corp.example", "localhost", "127.0.0.1"]
    assert exports["FAL_RUN_HOST"].endswith("/run")
    asked = subprocess.run(
        ["sh", "-c", 'eval "$1"; printf %s "$FAL_QUEUE_RUN_HOST"', "sh", told.stdout],
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout == exports["FAL_QUEUE_RUN_HOST"]


def test_print_env_works_before_any_server(tmp_path, clean_environ):
    """The CA is made when absent, keys are 0600, and the default ports are named."""
    environ = {**clean_environ, "SOUNDSTAGE_HOME": str(tmp_path / "home")}
    told = subprocess.run(
        [*SOUNDSTAGE, "serve", "--print-env"], env=environ, capture_output=True, text=True, check=True
    )
    assert read_exports(told.stdout)["FAL_QUEUE_RUN_HOST"] == "localhost:8443/queue"
    keys = [p for p in (tmp_path / "home" / "tls").rglob("*") if "key" in p.name]
    assert keys
    assert all(stat.S_IMODE(p.stat().st_mode) == 0o600 for p in keys)


def test_second_server_on_one_home_is_refused(server):
    """A second `serve` on one data folder says who owns it."""
    told = subprocess.run(
        [*SOUNDSTAGE, "serve", "--port", "0", "--tls-port", "0"],
        env=server.environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 1
    assert str(server.process.pid) in told.stderr
    assert "Traceback" not in told.stderr


def test_a_server_told_to_stop_while_it_starts_stops(open_home, clean_environ):
    """SIGTERM before the database is up ends with 0 and leaves no process behind."""
    environ = {**clean_environ, "SOUNDSTAGE_HOME": str(open_home), "PYTHONUNBUFFERED": "1"}
    words = [*SOUNDSTAGE, "serve", "--port", "0", "--tls-port", "0"]
    with subprocess.Popen(
        words, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as serving:
        said = []
        while "Starting PostgreSQL" not in (line := serving.stdout.readline()):
            said.append(line)
            assert line, said
        below = _children(serving.pid)
        serving.terminate()
        said.append(serving.communicate(timeout=60)[0])
    assert serving.returncode == 0, said
    assert "Traceback" not in said[-1]
    assert not [pid for pid in below if Path(f"/proc/{pid}").exists()]


def test_health_tells_live_and_ready(server):
    """/health/live and /health/ready answer 200 on a server that works."""
    for door in ("live", "ready"):
        with urllib.request.urlopen(f"{server.http}/health/{door}") as answer:
            assert answer.status == 200


def _children(pid: int) -> dict[int, str]:
    """Return pid and command of every process below `pid`."""
    told = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 2) for line in told.stdout.splitlines()]
    below, found = {pid}, {}
    for _ in range(6):
        for child, parent, args in rows:
            if int(parent) in below:
                below.add(int(child))
                found[int(child)] = args
    return found


@pytest.mark.parametrize("victim", ["soundstage work", "soundstage stage"])
def test_a_killed_process_loses_no_order(server, victim):
    """The worker or the stage killed in mid-film: the order is taken up again and ends once."""
    body = {"prompt": "A beach at noon", "duration": "15", "resolution": "360p", "seed": 2}
    submit = urllib.request.Request(
        f"{server.http}/queue/fal-ai/kling-video/v3/pro/text-to-video",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(submit) as answer:
        ticket = json.load(answer)

    def status() -> dict:
        with urllib.request.urlopen(ticket["status_url"] + "?logs=1") as got:
            return json.load(got)

    deadline = time.monotonic() + 60
    while not any("of 360 frames" in log["message"] for log in status()["logs"] or []):
        assert time.monotonic() < deadline, status()
        time.sleep(0.1)
    victims = [pid for pid, args in _children(server.process.pid).items() if victim in args]
    assert victims, _children(server.process.pid)
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 150
    while (now := status())["status"] != "COMPLETED":
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.2)
    assert "error" not in now or now["error"] is None, now
    ready = [log for log in now["logs"] if log["message"].startswith("Film ready")]
    assert len(ready) == 1
    with urllib.request.urlopen(ticket["response_url"]) as got:
        assert json.load(got)["video"]["file_size"] > 100_000


def test_server_killed_outright_comes_back_with_its_orders(open_home, clean_environ):
    """The next server on the same home takes over the database and finishes what waited."""
    home = open_home
    first = start_server(home, clean_environ)
    submit = urllib.request.Request(
        f"{first.http}/queue/fal-ai/kling-video/v3/pro/text-to-video",
        data=json.dumps(SMALL).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(submit) as answer:
        ticket = json.load(answer)
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.wait()
    (home / "run" / "server.json").unlink()
    second = start_server(home, clean_environ)
    try:
        url = f"{second.http}/queue/fal-ai/kling-video/requests/{ticket['request_id']}/status"
        deadline = time.monotonic() + 120
        while True:
            with urllib.request.urlopen(url) as got:
                if json.load(got)["status"] == "COMPLETED":
                    break
            assert time.monotonic() < deadline, second.log.read_text()
            time.sleep(0.2)
    finally:
        below = _children(second.process.pid)
        assert second.stop() == 0
    assert below
    told = subprocess.run(["ps", "-eo", "pid="], capture_output=True, text=True, check=True)
    left = below.keys() & {int(pid) for pid in told.stdout.split()}
    assert not left, {pid: below[pid] for pid in left}
