"""What a submit asks beside its film: start limit, length of the line, retries, what is kept, webhook."""

import asyncio
import json
from urllib.parse import urlencode

import pytest

from soundstage.api.terms import read_webhook

PRO = "fal-ai/kling-video/v3/pro/text-to-video"
APP = "fal-ai/kling-video"
BODY = {"prompt": "a dog runs"}
HOOK = "https://example.org/hook?a=b&c=d%20e+f"


async def submit(client, path=f"/queue/{PRO}", body=None, **headers):
    """Send an order with headers (`x_fal_no_retry="1"`)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post(path, json=body or BODY, headers=named)


async def test_nothing_asked_is_everything_as_usual(client, book):
    """Without headers an order waits as long as it takes, is tried again, and is kept."""
    await submit(client)
    (new,) = book.taken
    assert (new.priority, new.start_within_s, new.retries, new.keeps_io) == ("normal", None, True, True)
    assert (new.max_waiting, new.webhook_url, new.answer_base, new.body_hash) == (None,) * 4
    assert (new.caller, json.loads(new.input)) == ("anonymous", BODY)


@pytest.mark.parametrize("sent", ["30.0", "30", " 3e1 "])
async def test_start_limit_reaches_the_book(client, book, sent):
    """The start limit is seconds, as both clients write them."""
    assert (await submit(client, x_fal_request_timeout=sent)).status_code == 200
    assert book.taken[0].start_within_s == 30.0


@pytest.mark.parametrize("sent", ["0.1", "0", "-5", "soon", "", "nan", "inf", "1e300", "1_0"])
async def test_a_bad_start_limit_is_400(client, book, sent):
    """A start limit that does not read is fal's 400 `bad_request`, told once, and nothing is queued."""
    answer = await submit(client, x_fal_request_timeout=sent)
    assert (answer.status_code, answer.json()["error_type"]) == (400, "bad_request")
    assert answer.headers["x-fal-error-type"] == "bad_request"
    assert "X-Fal-Request-Timeout" in answer.json()["detail"]
    assert not book.taken


async def test_an_order_that_began_too_late(client, book):
    """A start limit that ran out is COMPLETED with an error; its result is a 504 that no client repeats."""
    told = (await submit(client, x_fal_request_timeout="2")).json()
    book.move(
        told["request_id"], status="failed", error_kind="start_timeout", error_message="nobody began it"
    )
    status = (await client.get(told["status_url"])).json()
    assert (status["status"], status["error_type"]) == ("COMPLETED", "startup_timeout")
    answer = await client.get(told["response_url"])
    assert (answer.status_code, answer.json()["error_type"]) == (504, "startup_timeout")
    assert answer.headers["x-fal-request-timeout-type"] == "user"
    assert answer.headers["x-fal-request-id"] == told["request_id"]


async def test_a_direct_run_that_began_too_late(client, book):
    """The direct run's start limit answers the same 504."""
    running = asyncio.create_task(submit(client, f"/run/{PRO}", x_fal_request_timeout="2"))
    await book.until(lambda book: book.taken)
    (new,) = book.taken
    book.move(new.order_id, status="failed", error_kind="start_timeout", error_message="nobody began it")
    answer = await running
    assert (answer.status_code, answer.headers["x-fal-request-timeout-type"]) == (504, "user")


@pytest.mark.parametrize(
    ("header", "sent", "retries", "keeps_io"),
    [
        ("x_fal_no_retry", "1", False, True),
        ("x_fal_no_retry", "Yes", False, True),
        ("x_fal_no_retry", "true", False, True),
        ("x_fal_no_retry", "0", True, True),
        ("x_fal_store_io", "0", True, False),
        ("x_fal_store_io", "1", True, True),
    ],
)
async def test_retries_and_keeping_reach_the_book(client, book, header, sent, retries, keeps_io):
    """`X-Fal-No-Retry` and `X-Fal-Store-IO` are honoured; what is not to be kept is not written down."""
    await submit(client, **{header: sent})
    (new,) = book.taken
    assert (new.retries, new.keeps_io, new.input is not None) == (retries, keeps_io, keeps_io)


async def test_a_runner_hint_is_accepted(client, book):
    """A hint asks for nothing that could be refused: any runner is the right one."""
    assert (await submit(client, x_fal_runner_hint="session-7")).status_code == 200
    assert book.taken


async def test_a_line_that_is_too_long_is_429(client, book):
    """`fal_max_queue_length`: when more requests wait, the submit is a 429 and writes nothing."""
    await submit(client)
    answer = await submit(client, f"/queue/{PRO}?fal_max_queue_length=0")
    assert (answer.status_code, answer.json()["error_type"]) == (429, "queue_full")
    assert answer.headers["retry-after"] == "1"
    assert (await submit(client, f"/queue/{PRO}?fal_max_queue_length=1")).status_code == 200
    assert len(book.taken) == 2


@pytest.mark.parametrize("sent", ["-1", "two", "", "1.5", "9999999999"])
async def test_a_length_that_does_not_read_is_422(client, book, sent):
    """A line's length that is no number names itself."""
    answer = await submit(client, f"/queue/{PRO}?fal_max_queue_length={sent}")
    assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["query", "fal_max_queue_length"])
    assert not book.taken


@pytest.mark.parametrize(
    ("query", "url"),
    [
        ("", None),
        ("logs=1", None),
        (urlencode({"fal_webhook": HOOK}), HOOK),
        (urlencode({"a": "b", "fal_webhook": HOOK, "c": "d"}), HOOK),
        (f"fal_webhook={HOOK}", HOOK),
        (f"fal_webhook={HOOK}&fal_max_queue_length=3", HOOK),
        (f"x=1&fal_webhook={HOOK}", HOOK),
        ("fal_webhook=", ""),
    ],
)
def test_webhook_urls_keep_their_own_query(query, url):
    """Encoded as both clients do, or pasted as it is: the URL arrives whole, and nothing of ours in it."""
    assert read_webhook(query.encode()) == url


async def test_a_webhook_reaches_the_book(client, book):
    """The URL is kept with the base that the URLs in its body begin with."""
    for query in (urlencode({"fal_webhook": HOOK}), f"fal_webhook={HOOK}&fal_max_queue_length=9"):
        answer = await submit(client, f"/queue/{PRO}?{query}")
        assert answer.status_code == 200, answer.text
    assert {(new.webhook_url, new.answer_base) for new in book.taken} == {(HOOK, "https://localhost:8443")}
    assert [new.max_waiting for new in book.taken] == [None, 9]


async def test_a_webhook_nobody_can_call_is_refused(client, book):
    """A webhook that could never be delivered is a 422 at submit, and nothing is queued."""
    answer = await submit(client, f"/queue/{PRO}?fal_webhook=ftp://example.org/hook")
    assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["query", "fal_webhook"])
    assert not book.taken


async def test_a_direct_run_sends_no_webhook(client, book):
    """`fal_webhook` is the queue's: who waits for the answer gets no call besides."""
    running = asyncio.create_task(submit(client, f"/run/{PRO}?fal_webhook=https://example.org/x"))
    await book.until(lambda book: book.taken)
    assert book.taken[0].webhook_url is None
    book.finish(book.taken[0].order_id)
    assert (await running).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b'{"prompt": "", "duration": 5}', b"{", b"", b'{"prompt": "a", "cfg_scale": 2}',
        '{"prompt": "a"}'.encode("utf-16"),
    ],
)  # fmt: skip
async def test_bad_bodies_can_be_queued_as_fal_does(make_client, book, body):
    """With `enqueue_invalid` a bad body is COMPLETED at once, and its result is the 422 with every reason."""
    async with make_client(enqueue_invalid=True) as client:
        refused = await client.post(f"/run/{PRO}", content=body)
        submitted = await client.post(f"/queue/{PRO}", content=body)
        told = submitted.json()
        assert (submitted.status_code, told["status"]) == (200, "COMPLETED")
        answer = await client.get(told["response_url"])
    assert (answer.status_code, answer.json()) == (422, refused.json())
    assert answer.headers["x-fal-request-id"] == told["request_id"]
    (new,) = book.taken
    assert (new.payload, new.refused is not None) == ({}, True)
    assert new.input is None or json.loads(new.input)


async def test_what_was_forgotten_is_404_and_was_completed(client, book):
    """Once input and output are gone the result is a readable 404; the status stays COMPLETED."""
    told = (await submit(client)).json()
    book.finish(told["request_id"])
    await book.forget(told["request_id"])
    answer = await client.get(told["response_url"])
    assert (answer.status_code, answer.json()["status"]) == (404, "NOT_FOUND")
    assert told["request_id"] in answer.json()["detail"]
    status = await client.get(told["status_url"])
    assert (status.status_code, status.json()["status"]) == (200, "COMPLETED")
