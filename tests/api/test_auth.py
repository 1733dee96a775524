"""Who may call: keys where they are asked for; where they are not, nobody whom a stranger's web page sent."""

import hashlib
import logging
from dataclasses import dataclass

import pytest
from starlette.requests import Request

from soundstage.api import UrlRule
from soundstage.api.auth import ANYBODY, Caller, Gate, caller_of, require_admin
from soundstage.api.visitors import VisitorRule
from soundstage.caller_errors import AdminOnly
from soundstage.errors import DatabaseUnavailable, StorageError, StorageFull

PRO = "fal-ai/kling-video/v3/pro/text-to-video"
APP = "fal-ai/kling-video"
GOOD, ADMIN = "ab12:sesame", "cd34:open"


@dataclass(frozen=True)
class Live:
    """A key in the table."""

    secret_hash: bytes
    is_admin: bool


class Table:
    """Keys in a dict."""

    def __init__(self, *keys):
        self.keys = {}
        for text, is_admin in keys:
            key_id, _, secret = text.partition(":")
            self.keys[key_id] = Live(hashlib.sha256(secret.encode()).digest(), is_admin)

    def find(self, key_id):
        return self.keys.get(key_id)


@pytest.fixture
def table():
    """One key for all, one of an admin."""
    return Table((GOOD, False), (ADMIN, True))


@pytest.fixture
async def keyed(make_client, table):
    """A caller of a server that asks for keys."""
    async with make_client(gate=Gate(keys=table)) as client:
        yield client


@pytest.fixture
async def keyless(make_client):
    """A caller of a server that asks for none."""
    urls = UrlRule(allowed_hosts=("films.example",))
    rule = VisitorRule(urls=urls, allowed_origins=("https://app.example",))
    async with make_client(gate=Gate(visitors=rule), urls=urls) as client:
        yield client


NO_KEY = "Authentication is required: send the header 'Authorization: Key <key_id>:<key_secret>'."
NO_FORMAT = "Invalid Key Authorization header format. Expected '<key_id>:<key_secret>'."
NO_USER = "No user found for Key ID and Secret"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (None, NO_KEY),
        (b"", NO_KEY),
        (b"Key", NO_FORMAT),
        (b"Key nocolon", NO_FORMAT),
        (b"Basic ab12:sesame", NO_FORMAT),
        (b"Bearer eyJhbGciOi.J9", NO_FORMAT),
        (b"ab12:sesame", NO_FORMAT),
        (b"Key :", NO_USER),
        (b"Key ab12:", NO_USER),
        (b"Key ab12:wrong", NO_USER),
        (b"Key ab12:sesame:more", NO_USER),
        (b"Key AB12:sesame", NO_USER),
        (b"Key nobody:sesame", NO_USER),
        (b"Key \xff\xfe:\x80", NO_USER),
        (b"Key cd34:sesame", NO_USER),
        (b"Key " + b"a" * 4000 + b":b", NO_USER),
    ],
)
async def test_a_wrong_key_is_401_in_fals_words(keyed, book, header, words):
    """Each way to be wrong has fal's words and its status, and nothing is done."""
    headers = {} if header is None else {"authorization": header}
    answer = await keyed.post(f"/queue/{PRO}", json={"prompt": "a dog"}, headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"detail": words})
    assert answer.headers["www-authenticate"] == "Key"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert not book.taken


@pytest.mark.parametrize("scheme", ["Key", "key", "KEY", "Bearer", "bearer", "Key "])
async def test_a_good_key_opens_by_either_scheme(keyed, book, scheme):
    """`Key` is fal's, `Bearer` is what OpenAI's clients send; the same keys open."""
    headers = {"authorization": f"{scheme} {GOOD}"}
    answer = await keyed.post(f"/queue/{PRO}", json={"prompt": "a dog"}, headers=headers)
    assert answer.status_code == 200
    assert book.taken[0].caller == "ab12"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("GET", "/a/b/c"),
        ("GET", f"/queue/{APP}/requests/x/status"),
        ("GET", f"/queue/{APP}/requests/x/status/stream"),
        ("PUT", f"/queue/{APP}/requests/x/cancel"),
        ("POST", "/queue/a/b"),
        ("POST", f"/run/{PRO}"),
        ("DELETE", "/files/ab/output.mp4"),
        ("POST", "/health/live"),
        ("POST", "/storage/auth/token"),
        ("GET", "/v1/models"),
        ("GET", "/v1/videos/x"),
        ("GET", f"/applications/{APP}/queue"),
        ("POST", "/files/../queue/a/b"),
        ("HEAD", "/nowhere"),
    ],
)
async def test_401_comes_before_404(keyed, method, path):
    """A stranger learns neither what is served nor what exists."""
    assert (await keyed.request(method, path)).status_code == 401
    proxied = {"x-fal-target-url": f"https://fal.run{path}"}
    assert (await keyed.request(method, "/api/fal/proxy", headers=proxied)).status_code == 401


async def test_what_is_public_stays_public(keyed, store, tmp_path):
    """Films by their names, health, the signing keys and preflights are for everybody."""
    (tmp_path / "film").write_bytes(b"film")
    store.keep(tmp_path / "film", "ab/output.mp4", "video/mp4")
    for path in ("/files/ab/output.mp4", "/health/live", "/"):
        assert (await keyed.get(path)).status_code == 200
        assert (await keyed.get(path, headers={"authorization": "Key wrong:wrong"})).status_code == 200
        assert (await keyed.options(path)).status_code == 204
    assert (await keyed.options(f"/queue/{PRO}")).status_code == 204
    assert (await keyed.get("/files/none.mp4")).status_code == 404


def _request(caller):
    return Request({"type": "http", "headers": [], "caller": caller})


@pytest.mark.parametrize("error", [StorageError, StorageFull, DatabaseUnavailable])
async def test_a_stranger_learns_nothing_of_the_machine(keyed, store, book, monkeypatch, error):
    """Where files lie and how the database is reached is told to who has a key."""

    async def fail(*_, **__):
        raise error("/srv/secret is broken")

    monkeypatch.setattr(store, "head", fail)
    monkeypatch.setattr(store, "put", fail)
    monkeypatch.setattr(book, "ping", fail)
    for path in ("/files/ab12/a.mp4", "/health/ready"):
        told = await keyed.get(path)
        assert told.status_code in (429, 500, 503)
        assert "/srv/secret" not in told.text
        assert "/srv/secret" in (await keyed.get(path, headers={"authorization": f"Key {GOOD}"})).text


def test_an_admin_may_more():
    """History and flush need a key of scope admin; where no key is asked for, the machine is theirs."""
    for fine in (ANYBODY, Caller(name="cd34", is_admin=True)):
        require_admin(_request(fine), "read the history")
        assert caller_of(_request(fine)) is fine
    with pytest.raises(AdminOnly, match=r"To read the history.*keys add --admin"):
        require_admin(_request(Caller(name="ab12", is_admin=False)), "read the history")


async def test_the_table_is_asked_each_time(keyed, table):
    """A key that was revoked opens nothing from then on; a new one opens at once."""
    headers = {"authorization": f"Key {GOOD}"}
    assert (await keyed.get("/nowhere", headers=headers)).status_code == 404
    gone = table.keys.pop("ab12")
    assert (await keyed.get("/nowhere", headers=headers)).status_code == 401
    table.keys["ab12"] = gone
    assert (await keyed.get("/nowhere", headers=headers)).status_code == 404


async def test_a_revoked_key_takes_its_tokens_with_it(keyed, keyless, table):
    """A token opens uploads while its key opens the door; one made before keys were asked for opens none."""
    told = await keyed.post("/storage/auth/token", headers={"authorization": f"Key {GOOD}"})
    older = await keyless.post("/storage/auth/token")
    bearers = [{"authorization": f"Bearer {answer.json()['token']}"} for answer in (told, older)]
    assert (await keyed.post("/files/upload", content=b"x", headers=bearers[0])).status_code == 200
    del table.keys["ab12"]
    for headers in bearers:
        answer = await keyed.post("/files/upload", content=b"x", headers=headers)
        assert answer.status_code == 401
        assert "upload-token" in answer.json()["detail"]


async def test_refusals_are_logged_seldom_and_without_the_key(make_client, table, caplog):
    """Who tries a million keys fills no disk; the log says how many, from where, and no secret."""
    now = [0.0]
    async with make_client(gate=Gate(keys=table, clock=lambda: now[0])) as client:
        with caplog.at_level(logging.WARNING, logger="soundstage.api.auth"):
            for _ in range(50):
                await client.get("/nowhere", headers={"authorization": "Key ab12:hush-hush"})
            now[0] = 11.0
            await client.get("/nowhere", headers={"authorization": "Key ab12:hush-hush"})
    first, last = caplog.records
    assert (first.times, last.times) == (1, 50)
    assert last.client == "127.0.0.1"
    assert "hush" not in caplog.text + str([record.__dict__ for record in caplog.records])


@pytest.mark.parametrize(
    "origin",
    ["http://localhost:3000", "http://127.0.0.1:5173", "https://[::1]:3000", "http://app.localhost",
     "https://films.example", "https://app.example"],
)  # fmt: skip
async def test_pages_of_this_machine_may_call_without_a_key(keyless, book, origin):
    """Pages that this machine serves, and those that were allowed, need no key."""
    answer = await keyless.post(f"/queue/{PRO}", json={"prompt": "a dog"}, headers={"origin": origin})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://localhost.evil.example", "null", "", "file://", "https://app.example.evil",
     "http://app.example", "https://app.example:444", "chrome-extension://abc", "https://fal.ai"],
)  # fmt: skip
async def test_a_strangers_page_may_not_call_without_a_key(keyless, book, origin):
    """Any page in a browser here can send requests to localhost: it is told no, and nothing is done."""
    headers = {"origin": origin, "content-type": "text/plain"}
    answer = await keyless.post(f"/queue/{PRO}", content='{"prompt": "a dog"}', headers=headers)
    assert answer.status_code == 403
    assert "--allowed-origins" in answer.json()["detail"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert not book.taken
    proxied = {"origin": origin, "x-fal-target-url": f"https://queue.fal.run/{PRO}"}
    assert (await keyless.post("/api/fal/proxy", json={"prompt": "x"}, headers=proxied)).status_code == 403
    assert (await keyless.get("/", headers={"origin": origin})).status_code == 403


async def test_files_play_in_any_page(keyless, store, tmp_path):
    """A film is open to whoever has its name: a page of any site may play it."""
    (tmp_path / "film").write_bytes(b"film")
    store.keep(tmp_path / "film", "ab/output.mp4", "video/mp4")
    origin = {"origin": "https://evil.example"}
    assert (await keyless.get("/files/ab/output.mp4", headers=origin)).status_code == 200
    assert (await keyless.post("/files/upload", content=b"x", headers=origin)).status_code == 403


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8443", 200), ("127.0.0.1:8000", 200), ("[::1]:8443", 200), ("queue.localhost", 200),
        ("films.example", 200), ("queue.fal.run", 200), ("rest.fal.ai", 200),
        ("evil.example", 403), ("evil.example:8443", 403), ("127.0.0.1.evil.example", 403), ("0x7f.1", 403),
    ],
)  # fmt: skip
async def test_a_strangers_name_for_this_machine_is_refused(keyless, host, status):
    """A name made to resolve to 127.0.0.1 (DNS rebinding) passes every rule of the browser but this."""
    for _ in range(2):
        answer = await keyless.get("/health/live", headers={"host": host})
        assert answer.status_code == status
    assert status == 200 or "--allowed-hosts" in answer.json()["detail"]


async def test_pages_are_let_into_the_private_network_only_where_they_may_call(keyless, keyed):
    """Browsers ask before a public page reaches into a private network: yes for allowed pages."""
    asked = {"access-control-request-private-network": "true", "access-control-request-method": "POST"}

    async def told(client, origin):
        answer = await client.options(f"/queue/{PRO}", headers={**asked, "origin": origin})
        assert answer.status_code == 204
        assert "origin" in answer.headers["vary"]
        return answer.headers.get("access-control-allow-private-network")

    assert await told(keyless, "https://app.example") == "true"
    assert await told(keyless, "http://localhost:3000") == "true"
    assert await told(keyless, "https://evil.example") is None
    assert await told(keyed, "https://evil.example") == "true"  # it has no key


async def test_every_page_is_one_word(make_client):
    """`*` lets every page call: whoever sets it was told what it means."""
    rule = VisitorRule(urls=UrlRule(), allowed_origins=("*",))
    async with make_client(gate=Gate(visitors=rule)) as client:
        answer = await client.get("/health/live", headers={"origin": "https://evil.example"})
        assert answer.status_code == 200
