"""What we print and ship for users to run: the lines that `serve` prints, and the examples."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from held_films import SMALL

PROMPT = "Fireflies in a dark forest"


@pytest.fixture
def shell(server, node):
    """Runs a command as a user does who has the exports, and the clients in the current folder."""
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])  # noqa: PTH120 - not resolved
    environ = {**node.environ(), **server.exports, "PATH": path, "SOUNDSTAGE_URL": server.http}

    def run(command, folder=node.clients):
        return subprocess.run(
            command,
            shell=isinstance(command, str),
            cwd=folder,
            env=environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.mark.parametrize("name", ["Node", "Python", "curl"])
def test_printed_line_makes_a_film(server, shell, http, name):
    """Case 34: the line that `serve` prints for a client gets a film's URL, pasted as it is.

    Only the request is made smaller here: the printed one is a film of 1080p.
    """
    lines = [line for line in server.log.read_text().splitlines() if line.startswith(f"{name}:")]
    command = lines[-1].partition(":")[2].strip()
    small = json.dumps({"prompt": PROMPT, **SMALL})[1:-1]
    if name == "Python":
        small = small.replace("false", "False")
    command, count = re.subn(f'"?prompt"?: "{PROMPT}"', small, command)
    assert count == 1
    told = shell(command)
    assert told.returncode == 0, told.stderr
    answer = told.stdout.strip()
    url = json.loads(answer)["video"]["url"] if name == "curl" else answer
    path = url.split("/files/")[1]
    assert http.head(f"/files/{path}").status_code == 200


def test_node_example(root, tmp_path, node, shell):
    """Case 35: `examples/node_client` makes a film, and names the field that is wrong."""
    # Not what a user's own `npm install` may have left there.
    own = shutil.ignore_patterns("node_modules", "*.mp4")
    shutil.copytree(root / "examples" / "node_client", tmp_path, dirs_exist_ok=True, ignore=own)
    (tmp_path / "node_modules").symlink_to(node.clients / "node_modules")
    _check_example(shell, tmp_path, ["node", "make_film.mjs"], [])


def test_python_example(root, tmp_path, shell):
    """Case 9: `examples/python_client` makes a film, and names the field that is wrong."""
    shutil.copytree(root / "examples" / "python_client", tmp_path, dirs_exist_ok=True)
    _check_example(shell, tmp_path, [sys.executable, "make_film.py"], ["--fields"])


def _check_example(shell, folder, program, flag):
    small = shell([*program, "A lake", "lake.mp4", *flag, json.dumps(SMALL)], folder)
    assert small.returncode == 0, small.stderr
    assert "lake.mp4: 640x360, 3" in small.stdout
    assert "seed 5" in small.stdout
    assert any("frames" in line for line in small.stdout.splitlines())
    assert (folder / "lake.mp4").read_bytes()[4:8] == b"ftyp"
    wrong = shell([*program, "A lake", "wrong.mp4", *flag, '{"duration": "2"}'], folder)
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("duration: ")
    assert not (folder / "wrong.mp4").exists()
