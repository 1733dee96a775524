"""The door `/v1/videos` where something behind it fails; what goes well is tested with OpenAI's package."""

import pytest

from soundstage.api.videos import door

UNKNOWN = "00000000-0000-0000-0000-000000000000"


async def test_absent_database_is_told_in_their_shape(client, book):
    """While the database is away a call is a 429 to be repeated; OpenAI's package does that by itself."""
    book.away = True
    for method, path in (("POST", "/v1/videos"), ("GET", f"/v1/videos/{UNKNOWN}")):
        told = await client.request(method, path, json={"prompt": "A lake"} if method == "POST" else None)
        assert (told.status_code, told.headers["retry-after"]) == (429, "1")
        assert told.json()["error"]["type"] == "server_error"
        assert "does not answer" in told.json()["error"]["message"]


async def test_video_that_does_not_stop_is_not_called_deleted(client, book, monkeypatch):
    """A delete whose video is still at work when patience ends is a 503, and nothing is forgotten."""
    monkeypatch.setattr(door, "STOP_S", 0.05)
    video = (await client.post("/v1/videos", json={"prompt": "A lake"})).json()
    book.move(video["id"], status="running")

    async def cancel(order_id):
        return await book.find(order_id)

    monkeypatch.setattr(book, "cancel", cancel)
    told = await client.delete(f"/v1/videos/{video['id']}")
    assert (told.status_code, told.json()["error"]["code"]) == (503, "still_stopping")
    assert (await client.get(f"/v1/videos/{video['id']}")).json()["status"] == "in_progress"


async def test_film_without_a_poster_has_no_thumbnail(client, book):
    """A variant that this film lacks is a 404, not somebody else's picture."""
    video = (await client.post("/v1/videos", json={"prompt": "A lake"})).json()
    film = book.finish(video["id"]).result
    book.move(video["id"], result={**film, "files": [f for f in film["files"] if f["role"] == "video"]})
    told = await client.get(f"/v1/videos/{video['id']}/content?variant=thumbnail")
    assert (told.status_code, told.json()["error"]["code"]) == (404, "variant_unavailable")


@pytest.mark.parametrize(
    ("report", "progress"),
    [
        (None, 0),
        ({"stage": "plan", "done": 1, "total": 1}, 0),
        ({"stage": "render", "done": 0, "total": 72}, 0),
        ({"stage": "render", "done": 36, "total": 72}, 49),
        ({"stage": "render", "done": 72, "total": 72}, 99),
        ({"stage": "stitch", "done": 0, "total": 1}, 99),
        ({"stage": "store", "done": 1, "total": 1}, 99),
    ],
)
async def test_progress_is_the_share_of_frames(client, book, report, progress):
    """Progress counts frames, and is 100 only once the film can be had."""
    video = (await client.post("/v1/videos", json={"prompt": "A lake"})).json()
    book.move(video["id"], status="running", progress=report)
    assert (await client.get(f"/v1/videos/{video['id']}")).json()["progress"] == progress
    book.finish(video["id"])
    assert (await client.get(f"/v1/videos/{video['id']}")).json()["progress"] == 100
