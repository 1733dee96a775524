"""What an error says in its headers: come again or not, which type, what it cost."""

import uuid

PRO = "fal-ai/kling-video/v3/pro/text-to-video"
APP = "fal-ai/kling-video"
BODY = {"prompt": "a dog runs"}


async def submit(client):
    """Send an order; returns the answer's body."""
    return (await client.post(f"/queue/{PRO}", json=BODY)).json()


async def test_a_database_that_is_away_is_429_everywhere(client, book):
    """Submit, status, result and cancel say "come again" in a way both clients ride out, with an id."""
    told = await submit(client)
    book.away = True
    asked = [
        client.post(f"/queue/{PRO}", json=BODY),
        client.get(told["status_url"]),
        client.get(told["status_url"], params={"logs": "1"}),
        client.get(told["response_url"]),
        client.put(told["cancel_url"]),
    ]
    for answer in [await one for one in asked]:
        assert (answer.status_code, answer.json()["error_type"]) == (429, "internal_error")
        assert (answer.headers["retry-after"], answer.headers["x-fal-retryable"]) == ("1", "true")
        assert uuid.UUID(answer.headers["x-fal-request-id"])
    book.away = False
    assert (await client.get(told["status_url"])).status_code == 202


async def test_nothing_is_billed_and_errors_tell_their_type(client, book):
    """Results and errors cost nothing and say so; the first reason of a 422 stands in a header too."""
    told = await submit(client)
    book.finish(told["request_id"])
    assert (await client.get(told["response_url"])).headers["x-fal-billable-units"] == "0"
    refused = await client.post(f"/queue/{PRO}", json={"prompt": "a", "cfg_scale": 2})
    assert refused.headers["x-fal-error-type"] == refused.json()["detail"][0]["type"] == "less_than_equal"
    unknown = await client.get(f"/queue/{APP}/requests/{uuid.uuid4()}")
    assert refused.headers["x-fal-billable-units"] == unknown.headers["x-fal-billable-units"] == "0"
