"""Case 33: programs in processes of their own, with nothing but the printed exports, on every Python."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from environments import RUNNING, VERSIONS, find_client

PROGRAM = Path(__file__).parent / "program.py"
#: Beside the one that runs: the oldest, whose parser of dates and whose TLS are the pickiest.
OTHER = VERSIONS[0]


def test_recipe_p2_on_this_python(root, server, ep, small, holding):
    """Case 33: P2 on the Python that runs the tests."""
    _run_program(find_client(root, RUNNING), server, ep, small, holding)


@pytest.mark.full
def test_recipe_p2_on_the_oldest_python(root, server, ep, small, holding):
    """Case 33: P2 on the oldest Python that fal_client runs on."""
    _run_program(find_client(root, OTHER), server, ep, small, holding)


@pytest.mark.full
@pytest.mark.parametrize("version", [v for v in VERSIONS if v not in (OTHER, RUNNING)])
def test_recipe_p2_on_every_python(root, server, ep, small, holding, version):
    """Case 33: P2 on all others, 3.13 with its strict look at certificates among them."""
    _run_program(find_client(root, version), server, ep, small, holding)


def test_a_ca_that_is_not_trusted(root, server, ep):
    """Case 33: without SSL_CERT_FILE the client tries ten times and then says that it cannot verify.

    docs/04-wire.md and the client's own words must meet, or nobody finds the page.
    """
    code = (
        "import fal_client, fal_client.client as c\n"
        "c.MAX_ATTEMPTS = 2\n"  # two of its ten tries show as much, in a second instead of fifty
        f"try: fal_client.submit({ep!r}, arguments={{}})\n"
        "except Exception as exc: print(type(exc).__name__, exc)\n"
    )
    exports = {k: v for k, v in server.exports.items() if k != "SSL_CERT_FILE"}
    told = _run([find_client(root, RUNNING), "-c", code], {**_clean(server), **exports})
    assert told.stdout.startswith("ConnectError"), told.stdout + told.stderr
    assert "CERTIFICATE_VERIFY_FAILED" in told.stdout
    page = (root / "docs" / "04-wire.md").read_text("utf-8")
    assert "CERTIFICATE_VERIFY_FAILED" in page
    assert "SSL_CERT_FILE" in page


def _run_program(python, server, ep, small, holding):
    more = {"EP": ep, "SMALL": json.dumps(small), "HOLD": holding}
    told = _run([python, PROGRAM], {**_clean(server), **server.exports, **more})
    assert told.returncode == 0, told.stdout + told.stderr
    seen = json.loads(told.stdout.splitlines()[-1])
    assert seen["url"].startswith("https://localhost:")
    assert seen["bytes"] == seen["file_size"] > 1000
    assert any("rendering 72 frames" in line for line in seen["lines"])
    assert "Completed" in seen["kinds"]
    assert set(seen["kinds"]) <= {"Queued", "InProgress", "Completed"}
    assert seen["equal"] is seen["same"] is True
    assert seen["done"] == seen["async_last"] == "Completed"
    assert seen["refused"] == [422, ["body", "duration"]]
    assert seen["cancelled"] == [499, "client_cancelled"]
    assert "video" in seen["run_async"]
    assert seen["run_async"] == seen["subscribe_async"]


def _clean(server):
    """Return a user's environment, in which nothing of the tests' own Python stands."""
    return {k: v for k, v in server.environ.items() if not k.startswith(("PYTHON", "SOUNDSTAGE_"))}


def _run(argv, environ):
    assert not any(name.startswith("SOUNDSTAGE_") for name in environ)
    return subprocess.run(
        [os.fspath(word) for word in argv],
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
