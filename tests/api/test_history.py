"""The history as the door tells it; what it knows is tested with the database, in tests/wire."""

from types import SimpleNamespace

PRO = "fal-ai/kling-video/v3/pro/text-to-video"


async def test_a_number_beyond_json_spoils_no_page(client, book):
    """One caller's 1e999, in a field that nobody reads, must not hide the history of all others."""
    sent = b'{"prompt": "a", "more": [1e999, -1e999, 1.5, 2]}'
    told = (await client.post(f"/queue/{PRO}", content=sent)).json()
    book.finish(told["request_id"])
    ended = (await book.find(told["request_id"]),)

    async def history(*_, **__):
        return SimpleNamespace(items=ended, next_cursor=None)

    book.history = history
    query = {"endpoint_id": PRO, "expand": "payloads"}
    answer = await client.get("/v1/models/requests/by-endpoint", params=query)
    assert answer.status_code == 200
    (item,) = answer.json()["items"]
    assert item["json_input"] == {"prompt": "a", "more": ["1e999", "-1e999", 1.5, 2]}
