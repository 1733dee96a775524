"""What callers wish for files: the header as it is read, and files that expire."""

import json
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from soundstage.api.files import CACHE_CONTROL
from soundstage.api.lifecycle import read_lifecycle
from soundstage.errors import OrderRefused
from soundstage.lifecycle import Acl, AclRule, Lifecycle
from soundstage.storage import LocalStore

NEWER, OLDER = "x-fal-object-lifecycle-preference", "x-fal-object-lifecycle"
PRO = "/queue/fal-ai/kling-video/v3/pro/text-to-video"


@pytest.mark.parametrize("name", [NEWER, OLDER])
@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"expiration_duration_seconds": 60}, Lifecycle(expires_s=60, owner="k")),
        ({"expiration_duration_seconds": 0.5}, Lifecycle(expires_s=0.5, owner="k")),
        ({"expiration_duration_seconds": None}, Lifecycle(owner="k")),
        ({"expiration_duration_seconds": 0}, Lifecycle(owner="k")),
        ({}, Lifecycle(owner="k")),
        (None, Lifecycle(owner="k")),
        ({"something_new": 1}, Lifecycle(owner="k")),
        ({"initial_acl": {"default": "hide"}}, Lifecycle(acl=Acl(default="hide"), owner="k")),
        ({"initial_acl": {"rules": None}}, Lifecycle(owner="k")),
        (
            {"initial_acl": {"default": "forbid", "rules": [{"user": "u", "decision": "allow"}]}},
            Lifecycle(acl=Acl(default="forbid", rules=(AclRule(user="u", decision="allow"),)), owner="k"),
        ),
    ],
)
def test_header_is_read(name, sent, read):
    """Both names are read; null and 0 seconds mean for ever, what is not known is passed over."""
    assert read_lifecycle({name: json.dumps(sent)}, owner="k") == read


def test_no_header_is_no_wish():
    """Who sends nothing wishes nothing, and owns the files yet; the newer name goes before the older."""
    assert read_lifecycle({}) is None
    assert read_lifecycle({}, owner="k") == Lifecycle(owner="k")
    both = {NEWER: '{"expiration_duration_seconds": 1}', OLDER: '{"expiration_duration_seconds": 2}'}
    assert read_lifecycle(both) == Lifecycle(expires_s=1)


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "5", '"1h"', "[" * 100_000, '{"expiration_duration_seconds": -1}',
        '{"expiration_duration_seconds": "60"}', '{"expiration_duration_seconds": true}',
        '{"expiration_duration_seconds": 1e300}', '{"expiration_duration_seconds": NaN}',
        '{"initial_acl": "forbid"}', '{"initial_acl": {"default": "maybe"}}',
        '{"initial_acl": {"default": []}}', '{"initial_acl": {"rules": {}}}',
        '{"initial_acl": {"rules": [5]}}', f'{{"expiration_duration_seconds": {"9" * 400}}}',
        f'{{"expiration_duration_seconds": {"9" * 5000}}}', '{"initial_acl": ' + "[" * 992 + "]" * 992 + "}",
        '{"initial_acl": {"rules": [{"user": "", "decision": "allow"}]}}',
        '{"initial_acl": {"rules": [{"user": "u"}]}}',
        '{"initial_acl": {"rules": [{"user": "\\u0000", "decision": "allow"}]}}',
        f'{{"initial_acl": {{"rules": [{{"user": "{"u" * 65}", "decision": "allow"}}]}}}}',
    ],
)  # fmt: skip
async def test_bad_header_names_itself(client, book, text):
    """A header that does not read is a 422 that names header, value and rule, for orders and uploads."""
    with pytest.raises(OrderRefused) as caught:
        read_lifecycle({NEWER: text})
    (problem,) = caught.value.problems
    assert problem.loc[:2] == ("header", NEWER)
    for path in (PRO, "/files/upload"):
        answer = await client.post(path, json={"prompt": "a dog"}, headers={NEWER: text[:1000]})
        assert (answer.status_code, answer.json()["detail"][0]["loc"][0]) == (422, "header")
    assert not book.orders


async def test_order_carries_the_wish(client, book):
    """The order that the worker gets has what its caller wishes for the film's files, or nothing."""
    headers = {NEWER: '{"expiration_duration_seconds": 60, "initial_acl": {"default": "hide"}}'}
    for more in (headers, {}):
        assert (await client.post(PRO, json={"prompt": "a dog"}, headers=more)).status_code == 200
    told, silent = (new.payload["lifecycle"] for new in book.taken)
    assert told == {"expires_s": 60.0, "acl": {"default": "hide", "rules": []}, "owner": None}
    assert silent is None


async def test_upload_expires(client, store):
    """A file is served until its time is over, to caches for so long only, and is then unknown."""
    headers = {OLDER: '{"expiration_duration_seconds": 60}'}
    url = (await client.post("/files/upload", content=b"x", headers=headers)).json()["access_url"]
    path = urlsplit(url).path
    served = await client.get(path)
    kept = int(served.headers["cache-control"].removeprefix("public, max-age="))
    assert (served.status_code, 0 < kept <= 60) == (200, True)
    store._shelf._clock = lambda: time.time() + 60
    assert (await client.get(path)).status_code == 404
    assert (await client.head(path)).status_code == 404
    assert await LocalStore(store.root, clock=lambda: time.time() + 60).tidy() == 1
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_cache_control_never_outlives_the_file():
    """A shared cache keeps a file no longer than we do, and one that is not for all not at all."""
    from soundstage.api.files import _cache_control as told

    at = datetime(2026, 1, 1, tzinfo=UTC)
    expires = SimpleNamespace(acl=Acl(), expires_at=at + timedelta(seconds=9.7))
    assert told(expires, at.timestamp()) == "public, max-age=9"
    assert told(expires, at.timestamp() + 20) == "public, max-age=0"
    assert told(SimpleNamespace(acl=Acl(), expires_at=None), 0) == CACHE_CONTROL
    assert told(SimpleNamespace(acl=Acl(default="hide"), expires_at=None), 0) == "private, no-cache"
