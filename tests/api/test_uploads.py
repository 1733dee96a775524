"""Files that callers bring: by token, by signed URL, in parts; with and without keys. On a real store."""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from soundstage.api.auth import Gate

KEY = {"authorization": "Key ab12:sesame"}
NOW_S = 1_800_000_000.0


class Table:
    """Two keys, by their hash."""

    def find(self, key_id):
        names = {"ab12": ("sesame", False), "cd34": ("open", True)}
        if key_id not in names:
            return None
        secret, is_admin = names[key_id]
        return type(
            "Live", (), {"secret_hash": hashlib.sha256(secret.encode()).digest(), "is_admin": is_admin}
        )


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


def path_of(url):
    """Return a URL's path and query, for a client that has no sockets."""
    return urlsplit(url)._replace(scheme="", netloc="").geturl()


async def ask(client, path, **more):
    """POST JSON and return the answer's body."""
    answer = await client.post(path, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("path", ["/files/upload", "/files/upload/"])
async def test_the_body_is_the_file(client, path):
    """What is posted is served under the URL of the answer, with its type and name."""
    headers = {"content-type": "image/png", "x-fal-file-name": "my cat.png"}
    told = await ask(client, path, content=b"\x89PNG", headers=headers)
    assert set(told) == {"access_url"}
    served = await client.get(path_of(told["access_url"]))
    assert (served.content, served.headers["content-type"]) == (b"\x89PNG", "image/png")
    assert served.headers["content-disposition"] == "inline; filename*=UTF-8''my%20cat.png"
    assert told["access_url"].endswith("/my_cat.png")


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        ({}, "video/mp4"),
        ({"content-type": "application/x-www-form-urlencoded"}, "video/mp4"),
        ({"content-type": "text/plain; charset=utf-8"}, "text/plain; charset=utf-8"),
        ({"content-type": 'video/mp4;codecs="a;b";a=b=c'}, 'video/mp4;codecs="a;b";a=b=c'),
    ],
)
async def test_the_type_is_the_senders_or_the_suffix(client, sent, kind):
    """A type that was sent counts; what curl adds by itself does not, and the name's suffix tells."""
    told = await ask(client, "/files/upload", content=b"x", headers={"x-fal-file-name": "a.mp4", **sent})
    assert (await client.head(path_of(told["access_url"]))).headers["content-type"] == kind


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"content-type": "multipart/form-data; boundary=x"}, "--data-binary"),
        ({"content-type": "nonsense"}, "image/png"),
        ({"content-type": "a/b" + ";a=a" * 40 + '"'}, "image/png"),  # 2^40 ways to read it, once
        ({"content-type": "image/png", "x-fal-object-lifecycle": "{"}, "JSON"),
    ],
)
async def test_bad_headers_are_named(client, store, headers, words):
    """A header that does not read is a 422 in words, and nothing is kept."""
    answer = await client.post("/files/upload", content=b"x", headers=headers)
    (problem,) = answer.json()["detail"]
    assert (answer.status_code, problem["loc"][0]) == (422, "header")
    assert words in problem["msg"]
    assert not store.root.exists()


async def test_file_names_lead_nowhere(client, store):
    """A name with a path in it, or in another script, becomes a plain one in the store; people see theirs."""
    for sent, shown in ((b"../../evil.html", "evil.html"), ("电影.mp4".encode(), "%E7%94%B5%E5%BD%B1.mp4")):
        told = await ask(client, "/files/upload", content=b"x", headers=[(b"x-fal-file-name", sent)])
        served = await client.get(path_of(told["access_url"]))
        assert served.headers["content-disposition"].endswith(f"filename*=UTF-8''{shown}")
    assert {path.parent.parent for path in store.root.rglob("*") if path.suffix in (".html", ".mp4")} == {
        store.root
    }


async def test_too_large_is_told_with_the_limit(make_client, store):
    """A file over the limit is 422 `file_too_large` with `max_size`, announced or not, and nothing stays."""

    async def unannounced():
        for _ in range(20):
            yield bytes(100)

    async with make_client(upload_max_bytes=1000) as client:
        for content in (bytes(1001), unannounced()):
            answer = await client.post("/files/upload", content=content)
            (problem,) = answer.json()["detail"]
            assert (answer.status_code, problem["type"]) == (422, "file_too_large")
            assert problem["ctx"] == {"max_size": 1000}
        assert (await client.post("/files/upload", content=bytes(1000))).status_code == 200
    assert len([path for path in store.root.rglob("*.bin") if path.is_file()]) == 1


async def test_token_opens_uploads_until_it_expires(keyed, clock):
    """A token is for who has a key; with it anybody uploads in the key's name, for an hour."""
    assert (await keyed.post("/storage/auth/token", json={})).status_code == 401
    told = await ask(keyed, "/storage/auth/token?storage_type=fal-cdn-v3", json={}, headers=KEY)
    assert told["token_type"] == "Bearer"
    assert told["base_url"] == "https://localhost:8443"
    assert told["expires_at"].endswith("+00:00"), "Python 3.10 reads no Z, and compares no naive time"
    expires = datetime.fromisoformat(told["expires_at"])
    assert expires - datetime.fromtimestamp(NOW_S, UTC) == timedelta(hours=1)
    bearer = {"authorization": f"Bearer {told['token']}"}
    await ask(keyed, "/files/upload", content=b"x", headers=bearer)
    await ask(keyed, "/files/upload/multipart", headers=bearer)
    clock.now_s += 3600
    answer = await keyed.post("/files/upload", content=b"x", headers=bearer)
    assert answer.status_code == 401
    assert "expired" in answer.json()["detail"]


@pytest.mark.parametrize("authorization", [None, "Bearer x.y", "Bearer ", "Basic eDp5", "Key ab12:wrong"])
async def test_without_key_or_token_nothing_is_taken(keyed, store, authorization):
    """Where keys are asked for, an upload without one is a 401 before a byte is kept."""
    headers = {} if authorization is None else {"authorization": authorization}
    for path in ("/files/upload", "/files/upload/multipart"):
        answer = await keyed.post(path, content=b"x", headers=headers)
        assert (answer.status_code, type(answer.json()["detail"])) == (401, str)
    for path in ("/storage/upload/initiate", "/storage/upload/initiate-multipart"):
        assert (await keyed.post(path, json={}, headers=headers)).status_code == 401
    assert not store.root.exists()


async def test_signed_url_takes_the_file_without_a_key(keyed, clock):
    """`initiate` gives a URL that takes the bytes from anybody, and the URL under which they are read."""
    body = {"file_name": "Über.png", "content_type": "image/png"}
    told = await ask(keyed, "/storage/upload/initiate?storage_type=fal-cdn-v3", json=body, headers=KEY)
    assert (await keyed.get(path_of(told["file_url"]))).status_code == 404
    upload = path_of(told["upload_url"])
    other = {"content-type": "text/html"}  # what was announced counts
    assert (await keyed.put(upload, content=b"1", headers=other)).status_code == 200
    with_key = await keyed.put(upload, content=b"22", headers=KEY)  # Python sends it along
    assert (with_key.status_code, with_key.json()["access_url"]) == (200, told["file_url"])
    served = await keyed.get(path_of(told["file_url"]))
    assert (served.content, served.headers["content-type"]) == (b"22", "image/png")
    assert served.headers["content-disposition"] == "inline; filename*=UTF-8''%C3%9Cber.png"
    clock.now_s += 3600
    assert (await keyed.put(upload, content=b"x")).status_code == 403


async def test_signed_url_cannot_be_changed(client):
    """Neither the ticket nor the name can be exchanged, and another kind of seal opens nothing."""
    told = await ask(client, "/storage/upload/initiate", json={"file_name": "a.txt"})
    other = await ask(client, "/storage/upload/initiate", json={"file_name": "b.txt"})
    token = (await ask(client, "/storage/auth/token", json={}))["token"]
    upload, ticket = path_of(told["upload_url"]).split("?ticket=")
    stranger = path_of(other["upload_url"]).split("?")[0]
    forgeries = [f"{upload}?ticket={bad}" for bad in ("", ticket[:-1], f"A{ticket[1:]}", token, "ä.ä")]
    for forged in (upload, f"{stranger}?ticket={ticket}", *forgeries):
        assert (await client.put(forged, content=b"x")).status_code == 403, forged
    assert (await client.put(f"{upload}?ticket={ticket}", content=b"x")).status_code == 200


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"file_name": 5}', b'{"content_type": "a b"}', b"\xff"])
async def test_bad_announcements_are_422(client, body):
    """An announcement that does not read is refused in words; an empty one is none."""
    for path in ("/storage/upload/initiate", "/storage/upload/initiate-multipart"):
        answer = await client.post(path, content=body)
        assert answer.status_code == 422
        assert answer.json()["detail"][0]["msg"]
        await ask(client, path)


async def test_parts_as_python_sends_them(keyed):
    """Parts by the access URL, in parallel and out of order; each answer has its tag in a header."""
    headers = {**KEY, "content-type": "video/mp4", "x-fal-file-name": "big.mp4"}
    begun = await ask(keyed, "/files/upload/multipart", headers=headers)
    base = f"{path_of(begun['access_url'])}/multipart/{begun['uploadId']}"

    async def send(number):
        answer = await keyed.put(f"{base}/{number}", content=bytes([number]) * 1000)
        assert answer.status_code == 200, answer.text
        return {"partNumber": number, "etag": answer.headers["etag"]}

    parts = await asyncio.gather(*(send(number) for number in (3, 1, 4, 2)))
    told = await ask(keyed, f"{base}/complete", json={"parts": parts})
    assert told["access_url"] == begun["access_url"]
    served = await keyed.get(path_of(begun["access_url"]))
    assert served.content == b"".join(bytes([number]) * 1000 for number in (1, 2, 3, 4))
    assert served.headers["content-type"] == "video/mp4"
    assert (await ask(keyed, f"{base}/complete", json={"parts": parts}))["access_url"] == begun["access_url"]


async def test_parts_as_javascript_sends_them(keyed):
    """Parts by the upload URL's path, without a key; each answer has number and tag in its body."""
    body = {"file_name": "big.bin", "content_type": "application/octet-stream"}
    begun = await ask(keyed, "/storage/upload/initiate-multipart", json=body, headers=KEY)
    url = urlsplit(begun["upload_url"])
    parts = []
    for number in (1, 2):
        answer = await keyed.put(f"{url.path}/{number}?{url.query}", content=bytes([number]))
        parts.append(answer.json())
    assert [part["partNumber"] for part in parts] == [1, 2]
    await ask(keyed, f"{url.path}/complete?{url.query}", json={"parts": parts[::-1]})
    assert (await keyed.get(path_of(begun["file_url"]))).content == b"\1\2"


async def test_wrong_parts_are_clear_errors(client):
    """An unknown upload is 404; a part that never came is 400 and named; a list that does not read is 422."""
    begun = await ask(client, "/files/upload/multipart")
    base = f"{path_of(begun['access_url'])}/multipart"
    mine = f"{base}/{begun['uploadId']}"
    assert (await client.put(f"{base}/{'0' * 32}/1", content=b"x")).status_code == 404
    assert (await client.put(f"{mine}/0", content=b"x")).status_code == 400
    assert (await client.put(f"{mine}/99999999999999999999", content=b"x")).status_code == 400
    for body, status in (
        ({"parts": [{"partNumber": 1, "etag": "x"}]}, 400), ({"parts": []}, 400),
        ({}, 422), ({"parts": 5}, 422), ({"parts": [5]}, 422),
        ({"parts": [{"partNumber": "1", "etag": "x"}]}, 422),
        ({"parts": [{"partNumber": True, "etag": "x"}]}, 422),
    ):  # fmt: skip
        answer = await client.post(f"{mine}/complete", json=body)
        assert (answer.status_code, bool(answer.json()["detail"])) == (status, True), body
    assert (
        "part 1"
        in (await client.post(f"{mine}/complete", json={"parts": [{"partNumber": 1, "etag": "x"}]})).text
    )


async def test_a_number_without_end_is_no_part(client):
    """More digits than a number may have are the 404 of their path."""
    answer = await client.put(f"/files/ab12/a.mp4/multipart/{'0' * 32}/{'9' * 5000}", content=b"x")
    assert answer.status_code == 404


async def test_parts_together_are_bounded(make_client):
    """The limit is of the whole file."""
    async with make_client(upload_max_bytes=1000) as client:
        begun = await ask(client, "/files/upload/multipart")
        base = f"{path_of(begun['access_url'])}/multipart/{begun['uploadId']}"
        assert (await client.put(f"{base}/1", content=bytes(700))).status_code == 200
        answer = await client.put(f"{base}/2", content=bytes(700))
        assert answer.json()["detail"][0]["type"] == "file_too_large"


async def test_realtime_tokens_are_not_given(client):
    """No endpoint is realtime; who asks for a token learns so."""
    for path in ("/tokens", "/tokens/"):
        answer = await client.post(path, json={"allowed_apps": ["kling-video"], "token_expiration": 120})
        assert (answer.status_code, "realtime" in answer.json()["detail"]) == (404, True)


@pytest.mark.parametrize("path", ["/files/upload", "/storage/upload/initiate", "/storage/upload/signed/a/b"])
async def test_browsers_may_upload(client, path):
    """Every upload route answers a preflight, and errors have CORS too."""
    asked = {"origin": "https://a.example", "access-control-request-method": "PUT",
             "access-control-request-headers": "x-fal-file-name"}  # fmt: skip
    answer = await client.options(path, headers=asked)
    assert "PUT" in answer.headers["access-control-allow-methods"]
    assert "x-fal-file-name" in answer.headers["access-control-allow-headers"]
    assert (await client.put(path)).headers["access-control-allow-origin"] == "*"
