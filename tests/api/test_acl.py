"""Who may read a file: allow, forbid, hide; owners, rules, signed links. On a real store."""

import hashlib
import json
from urllib.parse import quote, urlsplit

import pytest

from soundstage.api.auth import Gate

OWNER, OTHER, ADMIN = ({"authorization": f"Key {name}:secret"} for name in ("owner", "other", "admin"))
NOBODY = {}
NOW_S = 1_800_000_000.0


class Table:
    """Three keys, one of an admin."""

    def find(self, key_id):
        if key_id not in ("owner", "other", "admin"):
            return None
        told = {"secret_hash": hashlib.sha256(b"secret").digest(), "is_admin": key_id == "admin"}
        return type("Live", (), told)


class Clock:
    """Seconds since 1970, as a test turns them."""

    now_s = NOW_S

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    """A clock that stands until it is turned."""
    return Clock()


@pytest.fixture
async def keyed(make_client, clock):
    """A caller of a server that asks for keys."""
    async with make_client(gate=Gate(keys=Table()), clock=clock) as client:
        yield client


async def bring(client, acl=None, headers=OWNER):
    """Upload a file with an ACL, and return its URL."""
    life = {} if acl is None else {"x-fal-object-lifecycle": json.dumps({"initial_acl": acl})}
    answer = await client.post("/files/upload", content=b"mine", headers={**headers, **life})
    assert answer.status_code == 200, answer.text
    return answer.json()["access_url"]


async def status(client, url, headers=NOBODY):
    """Return how a GET ends."""
    parts = urlsplit(url)
    return (await client.get(f"{parts.path}?{parts.query}", headers=headers)).status_code


@pytest.mark.parametrize(
    ("acl", "nobody", "other"),
    [
        (None, 200, 200),
        ({"default": "allow"}, 200, 200),
        ({"default": "forbid"}, 403, 403),
        ({"default": "hide"}, 404, 404),
        ({"default": "forbid", "rules": [{"user": "other", "decision": "allow"}]}, 403, 200),
        ({"default": "allow", "rules": [{"user": "other", "decision": "hide"}]}, 200, 404),
        ({"rules": [{"user": "anonymous", "decision": "forbid"}]}, 403, 200),
    ],
)
async def test_acl_decides(keyed, acl, nobody, other):
    """The default counts for all who have no rule of their own; the owner and admins always read."""
    url = await bring(keyed, acl)
    assert await status(keyed, url) == nobody
    assert await status(keyed, url, OTHER) == other
    assert await status(keyed, url, OWNER) == 200
    assert await status(keyed, url, ADMIN) == 200


async def test_hidden_looks_like_unknown(keyed):
    """The answer about a hidden file is that about a file which never was."""
    path = urlsplit(await bring(keyed, {"default": "hide"})).path
    hidden, never = await keyed.get(path), await keyed.get(path[:-1])
    assert hidden.json()["detail"].replace(path[7:], "") == never.json()["detail"].replace(path[7:-1], "")


async def test_no_cache_keeps_what_is_not_for_all(keyed):
    """What one reader may see is not for a shared cache."""
    path = urlsplit(await bring(keyed, {"default": "forbid"})).path
    assert (await keyed.get(path, headers=OWNER)).headers["cache-control"] == "private, no-cache"
    refused = await keyed.get(path)
    assert refused.headers["cache-control"] == "no-store"
    assert "signed link" in refused.json()["detail"]


async def test_signed_link_opens_for_a_while(keyed, clock):
    """A signed link opens the file to anybody until it expires, whatever the ACL, and no other file."""
    for acl, shut in (("forbid", 403), ("hide", 404)):
        url, other = await bring(keyed, {"default": acl}), await bring(keyed, {"default": acl})
        answer = await keyed.post(
            f"/v1/storage/files/sign?url={quote(url)}", json={"expiration_seconds": 60}, headers=OWNER
        )
        signed = answer.json()["signed_url"]
        assert signed.startswith(f"{url}?identity=")
        assert await status(keyed, signed) == 200
        assert await status(keyed, signed[:-1]) == shut
        assert await status(keyed, signed.replace(urlsplit(url).path, urlsplit(other).path)) == shut
        clock.now_s += 60
        assert await status(keyed, signed) == shut


async def test_expired_link_says_so(keyed, clock):
    """Who comes late with a link to a forbidden file learns why it is shut."""
    url = await bring(keyed, {"default": "forbid"})
    sign = f"/v1/storage/files/sign?url={url}"
    answer = await keyed.post(sign, json={"expiration_seconds": 1}, headers=OWNER)
    clock.now_s += 2
    parts = urlsplit(answer.json()["signed_url"])
    assert "expired" in (await keyed.get(f"{parts.path}?{parts.query}")).json()["detail"]


@pytest.mark.parametrize("seconds", [None, 0, 604_801, True, 1.5, "60", []])
async def test_link_lasts_a_week_at_most(keyed, seconds):
    """A time that is none, or is over seven days, is refused in the platform's shape."""
    url, body = await bring(keyed), {"expiration_seconds": seconds}
    answer = await keyed.post(f"/v1/storage/files/sign?url={url}", json=body, headers=OWNER)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "validation_error")
    longest = await keyed.post(
        f"/v1/storage/files/sign?url={url}", json={"expiration_seconds": 604_800}, headers=OWNER
    )
    assert longest.status_code == 200


async def test_acl_is_shown_and_changed(keyed):
    """The owner and admins read and change an ACL; the next GET obeys it."""
    url = await bring(keyed)
    place = f"/v1/storage/files/acl?url={quote(url, safe='')}"
    assert (await keyed.get(place, headers=OWNER)).json() == {"default": "allow", "rules": []}
    wished = {"default": "hide", "rules": [{"user": "other", "decision": "allow"}]}
    for who in (OWNER, ADMIN):
        assert (await keyed.put(place, json=wished, headers=who)).json() == wished
    assert [await status(keyed, url), await status(keyed, url, OTHER)] == [404, 200]
    assert (await keyed.get(place, headers=ADMIN)).json() == wished


async def test_only_the_owner_decides(keyed):
    """Another key may neither sign, read nor change what is somebody's; no key may do nothing at all."""
    for acl, code in (("forbid", 403), ("hide", 404), ("allow", 403)):
        url = await bring(keyed, {"default": acl})
        for who, expected in ((OTHER, code), (NOBODY, 401)):
            place = f"/v1/storage/files/acl?url={url}"
            sign = f"/v1/storage/files/sign?url={url}"
            assert (await keyed.get(place, headers=who)).status_code == expected
            assert (await keyed.put(place, json={}, headers=who)).status_code == expected
            answer = await keyed.post(sign, json={"expiration_seconds": 5}, headers=who)
            assert answer.status_code == expected


@pytest.mark.parametrize("url", ["", "nonsense", "https://h/queue/x", "http://[", "https://h/files/none"])
async def test_unknown_urls_are_told(keyed, url):
    """A URL that is none of a file here is refused in words."""
    answer = await keyed.get(f"/v1/storage/files/acl?url={quote(url, safe='')}", headers=OWNER)
    assert (answer.status_code in (400, 404), bool(answer.json()["error"]["message"])) == (True, True)


async def test_without_keys_links_still_count(client):
    """On a server that knows nobody, a forbidden file is read by a signed link only; anybody makes one."""
    url = await bring(client, {"default": "forbid"}, headers=NOBODY)
    assert await status(client, url) == 403
    answer = await client.post(f"/v1/storage/files/sign?url={url}", json={"expiration_seconds": 60})
    assert await status(client, answer.json()["signed_url"]) == 200
    await client.put(f"/v1/storage/files/acl?url={url}", json={"default": "allow"})
    assert await status(client, url) == 200


async def test_a_file_has_its_owner_without_a_wish(keyed):
    """Who sent no lifecycle owns the file all the same: another key does not decide over it."""
    url = await bring(keyed)
    changed = f"/v1/storage/files/acl?url={quote(url)}"
    assert (await keyed.put(changed, json={"default": "hide"}, headers=OTHER)).status_code == 403
    assert (await keyed.put(changed, json={"default": "hide"}, headers=OWNER)).status_code == 200
    assert await status(keyed, url, OWNER) == 200


async def test_a_file_sent_again_keeps_its_acl(keyed):
    """Who has an upload URL may send the bytes again, and does not decide over who reads them."""
    told = (await keyed.post("/storage/upload/initiate", json={"file_name": "a.txt"}, headers=OWNER)).json()
    up = urlsplit(told["upload_url"])
    assert (await keyed.put(f"{up.path}?{up.query}", content=b"one")).status_code == 200
    changed = f"/v1/storage/files/acl?url={quote(told['file_url'])}"
    assert (await keyed.put(changed, json={"default": "hide"}, headers=OWNER)).status_code == 200
    assert (await keyed.put(f"{up.path}?{up.query}", content=b"two")).status_code == 200
    assert await status(keyed, told["file_url"]) == 404
    assert await status(keyed, told["file_url"], OWNER) == 200


async def test_the_longest_acl_goes_into_an_upload_url(keyed):
    """Whatever lifecycle was taken, the URL that was given for it is good."""
    rules = [{"user": f"{n:064}", "decision": "forbid"} for n in range(100)]
    life = {"x-fal-object-lifecycle": json.dumps({"initial_acl": {"rules": rules}})}
    body = {"file_name": "\U0001f3ac" * 255}
    told = (await keyed.post("/storage/upload/initiate", json=body, headers={**OWNER, **life})).json()
    up = urlsplit(told["upload_url"])
    assert (await keyed.put(f"{up.path}?{up.query}", content=b"one")).status_code == 200
