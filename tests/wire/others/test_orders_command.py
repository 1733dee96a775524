"""`soundstage orders`: an operator's look at the orders, beside a running server."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid

import pytest

from soundstage.jobs.embedded import EmbeddedPostgres


@pytest.fixture
def orders(server):
    """Run `soundstage orders ...` beside the shared server."""

    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "soundstage", "orders", *words],
            env=server.environ, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    return run


def test_lists_and_shows_what_was_ordered(orders, make_film):
    """The newest order is listed first; shown, it has its prompt, its log and files that lie on the disk."""
    order_id = make_film("A lake at dawn").headers["x-fal-request-id"]
    listed = orders()
    assert listed.returncode == 0, listed.stderr
    first = listed.stdout.splitlines()[0]
    assert first.split()[:2] == [order_id, "done"]
    assert " done" in listed.stderr  # the counts
    shown = orders("show", order_id)
    assert "A lake at dawn" in shown.stdout
    assert "INFO  Film ready" in shown.stdout
    facts = json.loads(orders("show", order_id, "--json").stdout)
    assert facts["asked"]["seed"] == 5
    assert facts["took_s"] > 0
    with open(next(f["path"] for f in facts["files"] if f["role"] == "video"), "rb") as film:  # noqa: PTH123
        assert film.read(8)[4:] == b"ftyp"


def test_shows_why_an_order_failed(orders, make_film):
    """A failed order is shown with its error's kind and sentence."""
    order_id = make_film("A lake [break]").headers["x-fal-request-id"]
    assert "engine_broke: the prompt of shot 1 said [break]" in orders("show", order_id).stdout
    listed = json.loads(orders("list", "--json", "--limit", "1").stdout)
    assert listed["orders"][0]["error"]["kind"] == "engine_broke"
    assert listed["counts"]["failed"] >= 1


def test_cancels_a_running_order(orders, http, ep, small, holding, until):
    """An order cancelled from the terminal stops; a second cancel says that it has ended."""
    order_id = http.post(f"/queue/{ep}", json={"prompt": holding, **small}).json()["request_id"]
    status = f"/queue/{ep}/requests/{order_id}/status"
    until(lambda: http.get(status).json()["status"], lambda word: word == "IN_PROGRESS")
    told = orders("cancel", order_id)
    assert (told.returncode, told.stderr) == (0, "")
    assert order_id in told.stdout
    until(lambda: http.get(status).json()["status"], lambda word: word == "COMPLETED")
    again = orders("cancel", order_id)
    assert again.returncode == 1
    assert "has ended already" in again.stderr


@pytest.mark.parametrize(("word", "order_id"), [("show", str(uuid.UUID(int=0))), ("cancel", "nothing")])
def test_unknown_orders_are_one_readable_line(orders, word, order_id):
    """No such order is one line on stderr and exit status 1."""
    told = orders(word, order_id)
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("soundstage: there is no order")
    assert len(told.stderr.splitlines()) == 1


def test_orders_of_a_named_database(orders, server, make_film, tmp_path):
    """`--database` reads the orders there, whatever data folder is at hand."""
    order_id = make_film().headers["x-fal-request-id"]
    dsn = EmbeddedPostgres(server.home, environ=server.environ).dsn()
    told = orders("list", "--json", "--limit", "1", "--database", dsn, "--home", str(tmp_path / "none"))
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["orders"][0]["id"] == order_id


def test_orders_without_a_server(orders, wire_environ, open_folder):
    """Without a server the folder's own database is opened for the moment: a new one has no orders."""
    folder = open_folder / "idle"
    folder.mkdir()
    told = subprocess.run(
        [sys.executable, "-m", "soundstage", "orders", "--home", str(folder / "home")],
        env=wire_environ, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "There are no orders.\n")
