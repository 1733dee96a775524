"""POST /v1/plan: the wire's fields in, the screenplay out, by the same rules as a submit."""

import asyncio
import threading

import httpx
import pytest
from jsonschema import Draft202012Validator

from soundstage.api.plan import DIALECTS
from soundstage.api.rates import RateLimit
from soundstage.caller_errors import CallsTooMany
from soundstage.plan import dialects

PLAN = "/v1/plan"
FIREFLIES = {"prompt": "Close-up of glowing fireflies dancing in a dark forest at twilight", "seed": 7}
O3 = "fal-ai/kling-video/o3/pro/text-to-video"


async def test_a_request_is_read_as_a_screenplay(client, book):
    """The answer is the screenplay that the request would be filmed from; nothing is written down."""
    told = await client.post(PLAN, json=FIREFLIES)
    assert told.status_code == 200
    screenplay = told.json()
    assert (screenplay["seed"], screenplay["seconds"], screenplay["sound"]) == (7, 5, True)
    assert screenplay["shots"][0]["place"] == "forest"
    assert {"shots", "cast", "notes"} <= set(screenplay)
    assert book.orders == {}


async def test_its_schema_is_served_and_true(client):
    """The served schema fits what the route answers."""
    schema = (await client.get(f"{PLAN}/schema")).json()
    screenplay = (await client.post(PLAN, json=FIREFLIES)).json()
    Draft202012Validator(schema).validate(screenplay)


async def test_an_answer_can_be_edited_and_sent_back(client):
    """The answer is taken as `screenplay`, by this route and by a submit."""
    screenplay = (await client.post(PLAN, json=FIREFLIES)).json()
    screenplay["shots"][0]["place"] = "beach"
    again = await client.post(PLAN, json={"screenplay": screenplay})
    assert again.json()["shots"][0]["place"] == "beach"
    screenplay["shots"][0]["camera"]["then"] = [{"start": 9, "move": "pan"}]
    refused = await client.post(PLAN, json={"screenplay": screenplay})
    assert refused.status_code == 422
    place = ["body", "screenplay", "shots", 0, "camera", "then", 0, "start"]
    assert refused.json()["detail"][0]["loc"] == place


async def test_the_endpoint_decides_on_fields_and_defaults(client):
    """`endpoint_id` names whose defaults count; v3 pro's do without it, and an unknown one is a 404."""
    assert (await client.post(PLAN, json=FIREFLIES)).json()["sound"] is True
    assert (await client.post(PLAN, params={"endpoint_id": O3}, json=FIREFLIES)).json()["sound"] is False
    lost = await client.post(PLAN, params={"endpoint_id": "fal-ai/flux"}, json=FIREFLIES)
    assert lost.status_code == 404
    assert O3 in lost.json()["detail"]


BAD = [
    {},
    {"prompt": " "},
    {"prompt": "a", "duration": 5, "cfg_scale": 7},
    {"screenplay": {"shots": [{}]}},
    [],
]


@pytest.mark.parametrize("body", BAD, ids=["nothing", "blank", "fields", "screenplay", "list"])
async def test_it_refuses_what_a_submit_refuses(client, body):
    """A bad body is the same 422 as at a submit, word for word."""
    told = await client.post(PLAN, json=body)
    submitted = await client.post("/queue/fal-ai/kling-video/v3/pro/text-to-video", json=body)
    assert told.status_code == submitted.status_code == 422
    assert told.json() == submitted.json()


async def test_a_long_body_is_refused(client):
    """Its body has the limit of every request."""
    told = await client.post(PLAN, content=b"x" * 2_000_000)
    assert told.json()["detail"][0]["type"] == "file_too_large"


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_a_dialect_is_answered_as_prompts(client, dialect):
    """`dialect` answers what a neural engine would be told."""
    told = (await client.post(PLAN, params={"dialect": dialect}, json=FIREFLIES)).json()
    assert told["dialect"] == dialect
    assert "glowing fireflies dance" in told["prompts"][0]


async def test_dialects_are_those_of_the_planner(client):
    """The door offers the planner's dialects, and refuses others by name."""
    assert dialects.DIALECTS == DIALECTS
    told = await client.post(PLAN, params={"dialect": "sora"}, json=FIREFLIES)
    assert told.status_code == 422
    assert told.json()["detail"][0]["loc"] == ["query", "dialect"]


async def test_who_asks_too_often_is_told_when_to_come_again(make_client):
    """Beyond its rate a caller gets a 429 with Retry-After, in the shape of a request's errors."""
    async with make_client(plan_rate=RateLimit(2, clock=lambda: 0.0)) as client:
        told = [await client.post(PLAN, json=FIREFLIES) for _ in range(3)]
    assert [answer.status_code for answer in told] == [200, 200, 429]
    assert told[2].json()["error_type"] == "rate_limit_exceeded"
    assert told[2].headers["retry-after"] == "30"
    assert told[2].headers["x-fal-retryable"] == "true"


def test_a_bucket_fills_again():
    """A caller's calls come back evenly, never above a minute's, and others are not counted with them."""
    now = 0.0
    rate = RateLimit(6, clock=lambda: now)
    for _ in range(6):
        rate.take("ann")
    with pytest.raises(CallsTooMany) as refused:
        rate.take("ann")
    assert refused.value.retry_after_s == 10
    rate.take("bob")
    now = 10.0
    rate.take("ann")
    with pytest.raises(CallsTooMany):
        rate.take("ann")
    now = 1000.0
    for _ in range(6):
        rate.take("ann")
    with pytest.raises(CallsTooMany):
        rate.take("ann")


async def test_a_slow_planner_holds_nobody_up(make_client):
    """While plans are in the making, even more than there are places, other routes answer."""

    class Waiting:
        def __init__(self):
            self.go, self.begun = threading.Event(), threading.Semaphore(0)

        def write(self, _order):
            self.begun.release()
            assert self.go.wait(20)

        def speak(self, _screenplay, _dialect):
            return ("told",)

    planner = Waiting()
    async with make_client(planner=planner) as client:
        plans = [
            asyncio.create_task(client.post(PLAN, params={"dialect": "h3"}, json=FIREFLIES)) for _ in range(6)
        ]
        for _ in range(4):
            assert await asyncio.to_thread(planner.begun.acquire, timeout=20)
        assert (await client.get("/health/live")).status_code == 200
        assert not planner.begun.acquire(blocking=False)
        planner.go.set()
        assert [answer.status_code for answer in await asyncio.gather(*plans)] == [200] * 6


def test_a_real_server_plans(running):
    """A server with sockets of its own answers, in the screenplay's own order of fields."""
    told = httpx.post(f"http://127.0.0.1:{running.ports.http}{PLAN}", json=FIREFLIES, timeout=20)
    assert told.status_code == 200
    assert list(told.json())[:2] == ["title", "seconds"]
