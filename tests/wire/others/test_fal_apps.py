"""The app client of the package `fal`, which has many dependencies and an environment of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from environments import RUNNING, find_client

PACKAGE = "fal==1.83.0"
PROGRAM = Path(__file__).with_name("fal_apps.py")


@pytest.fixture(scope="module")
def told(server, root, ep, small):
    """What the program saw, with nothing but the printed exports."""
    held, film = {"prompt": "A lake [slow 60]", **small}, {"prompt": "A lake", **small}
    ask = {"endpoint": ep, "held": held, "film": film}
    ended = subprocess.run(
        [str(find_client(root, RUNNING, client=PACKAGE)), str(PROGRAM)],
        env={**server.environ, **server.exports, "ASK": json.dumps(ask), "PYTHONPATH": ""},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def test_fal_apps_orders_watches_and_cancels(told):
    """Case 51: submit, status, cancel and get of `fal.apps` do what they do at fal."""
    assert isinstance(told["running_logs"], list)
    assert told["position"] == 0
    assert told["ended"] == ["Request was cancelled", "client_cancelled"]
    assert told["refused"] == 499
    assert told["result"]["video"]["content_type"] == "video/mp4"
    assert told["last"] == "Completed"
    assert told["last_logs"][0]["message"].startswith("Planned 1 shot")


def test_fal_apps_is_answered_without_redirects(told):
    """Case 51: paths that end in a slash are answered themselves; 202 until the end, 200 from then on."""
    codes = {code for _, _, code in told["exchanges"]}
    assert codes == {200, 202, 499}
    statuses = [code for _, path, code in told["exchanges"] if path.endswith("/status/")]
    assert {200, 202} == set(statuses)
    assert any(method == "GET" and path.endswith("/") for method, path, _ in told["exchanges"])
