"""Health: alive is not ready, and unready says why."""

import pytest

from soundstage.errors import EngineUnavailable, StorageFull


async def test_ready_when_every_part_answers(client, store):
    """Database and store are asked, and the question leaves nothing behind."""
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ready", "checks": {"database": "ok", "storage": "ok"}},
    )
    assert not [path for path in store.root.rglob("*") if path.is_file()]


async def test_unready_says_why_and_is_alive(client, book):
    """A database that is away makes the server unready, not dead."""
    book.away = True
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "unready")
    assert answer.json()["checks"]["storage"] == "ok"
    assert "PostgreSQL" in answer.json()["checks"]["database"]
    assert (await client.get("/health/live")).json() == {"status": "live"}


async def test_a_store_that_takes_nothing_makes_it_unready(client, store, monkeypatch):
    """A full disk is found before a film is rendered for nothing."""

    async def full(*_):
        raise StorageFull("no room for it")

    monkeypatch.setattr(store, "put", full)
    answer = await client.get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]["storage"]) == (503, "no room for it")


@pytest.mark.parametrize("fails", [False, True])
async def test_more_checks_can_be_asked(make_client, fails):
    """What the composition root adds is asked too."""

    async def check():
        if fails:
            raise EngineUnavailable("no GPU here")

    async with make_client(checks={"engine": check}) as client:
        answer = await client.get("/health/ready")
    assert answer.status_code == (503 if fails else 200)
    assert answer.json()["checks"]["engine"] == ("no GPU here" if fails else "ok")


async def test_greeting_names_the_doors(client):
    """Who opens the address in a browser learns where to go."""
    assert (await client.get("/")).json()["queue"] == "/queue/{endpoint}"
