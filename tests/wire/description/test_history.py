"""The history of a real server: found, narrowed, sorted, in pages; and 4K films in real frames."""

import io
import json
import time
import uuid
from datetime import datetime, timedelta

import av
import pytest

HISTORY = "/v1/models/requests/by-endpoint"
FOUR_K = "fal-ai/kling-video/v3/4k/text-to-video"
O3 = "fal-ai/kling-video/o3/standard/text-to-video"


def make(http, endpoint, body, deadline_s=60):
    """Order a film and return its id, once it has ended."""
    told = http.post(f"/queue/{endpoint}", json=body)
    assert told.status_code == 200, told.text
    end = time.monotonic() + deadline_s
    while http.get(told.json()["status_url"]).status_code != 200:
        assert time.monotonic() < end, "it does not end"
        time.sleep(0.05)
    return told.json()["request_id"]


def items(http, **query):
    """Return a page of the history."""
    told = http.get(HISTORY, params=query)
    assert told.status_code == 200, told.text
    return told.json()["items"]


def ids(told, made):
    """Return the ids of those of ours, in their order: other tests order from the same server."""
    return [item["request_id"] for item in told if item["request_id"] in made]


@pytest.fixture(scope="module")
def made(server, small):
    """Three requests to an endpoint that no other test calls: one broke, two are films, in this order."""
    import httpx

    with httpx.Client(base_url=server.http, timeout=60) as http:
        prompts = ("A lake [break]", "A lake [slow 1]", "A lake")
        return [make(http, O3, {**small, "prompt": prompt}) for prompt in prompts]


def test_the_newest_end_comes_first(http, made):
    """Without a wish the history is ordered by the end; `sort_by=duration` has the longest first."""
    assert ids(items(http, endpoint_id=O3), made) == made[::-1]
    longest = items(http, endpoint_id=O3, sort_by="duration")
    assert set(made) <= {item["request_id"] for item in longest}
    assert [i["duration"] for i in longest] == sorted((i["duration"] for i in longest), reverse=True)


def test_the_history_is_narrowed(http, made):
    """By outcome, by time of the end, by endpoint, by request."""
    broke, slow, quick = made
    assert ids(items(http, endpoint_id=O3, status="success"), made) == [quick, slow]
    failures = items(http, endpoint_id=O3, status="error")
    (failed,) = [item for item in failures if item["request_id"] in made]
    assert (failed["request_id"], failed["status_code"]) == (broke, 500)
    assert ids(items(http, endpoint_id=O3, status="user_error"), made) == []
    assert {item["endpoint_id"] for item in items(http, endpoint_id=O3)} == {O3}
    (second,) = items(http, endpoint_id=O3, request_id=slow)
    assert second["status_code"] == 200
    after = datetime.fromisoformat(second["ended_at"]) + timedelta(microseconds=1)
    assert ids(items(http, endpoint_id=O3, start=after.isoformat()), made) == [quick]
    assert ids(items(http, endpoint_id=O3, end=second["ended_at"]), made) == [broke]
    assert items(http, endpoint_id=O3, request_id=str(uuid.uuid4())) == []


def test_the_history_comes_in_pages(http, made):
    """A cursor leads from page to page, in either order, without a gap or a double."""
    for sort_by in ("ended_at", "duration"):
        whole = [item["request_id"] for item in items(http, endpoint_id=O3, sort_by=sort_by)]
        seen, cursor = [], ""
        while cursor is not None:
            query = {"endpoint_id": O3, "limit": 1, "sort_by": sort_by, "cursor": cursor}
            page = http.get(HISTORY, params=query).json()
            seen += [item["request_id"] for item in page["items"]]
            cursor = page["next_cursor"]
            assert page["has_more"] is (cursor is not None)
        assert seen == whole
        assert len(set(seen)) == len(seen)
        assert set(made) <= set(seen)


def test_payloads_say_what_was_asked_and_answered(http, made):
    """`expand=payloads` brings the body as it was sent and the result as it is answered, errors too."""
    broke, slow, _ = made
    told = {i["request_id"]: i for i in items(http, endpoint_id=O3, expand="payloads")}
    assert told[slow]["json_input"]["prompt"] == "A lake [slow 1]"
    result = http.get(f"/queue/fal-ai/kling-video/requests/{slow}")
    assert told[slow]["json_output"] == result.json()
    failure = http.get(f"/queue/fal-ai/kling-video/requests/{broke}")
    assert told[broke]["json_output"] == failure.json()


def test_deleting_twice_is_no_error(http, small, ep):
    """A repeated DELETE finds nothing left and says so; the status stays."""
    order_id = make(http, ep, {**small, "prompt": "A lake"})
    path = f"/v1/models/requests/{order_id}/payloads"
    first, second = http.delete(path), http.delete(path)
    assert first.status_code == second.status_code == 200
    assert first.json()["cdn_delete_results"]
    assert second.json()["cdn_delete_results"] == []
    assert http.get(f"/queue/fal-ai/kling-video/requests/{order_id}/status").json()["status"] == "COMPLETED"


def test_apps_that_are_not_served_have_no_queue(http):
    """Size and flush of an unknown app are a 404 that names those there are; both addresses say the same."""
    for path in ("/v1/serverless/apps/fal-ai/flux/queue", "/applications/fal-ai/flux/queue"):
        told = http.get(path)
        assert told.status_code == 404
        assert "fal-ai/kling-video" in told.json()["error"]["message"]
    sizes = [
        http.get(f"{root}/fal-ai/kling-video/queue").json()
        for root in ("/v1/serverless/apps", "/applications")
    ]
    assert sizes[0] == sizes[1]


def frame_of(http, url):
    """Download a film and return its first frame's width and height, as decoded."""
    with av.open(io.BytesIO(http.get(url).content)) as film:
        frame = next(film.decode(video=0))
        return frame.width, frame.height


@pytest.mark.parametrize(
    ("aspect_ratio", "size"),
    [("16:9", (3840, 2160)), pytest.param("9:16", (2160, 3840), marks=pytest.mark.full)],
)
def test_4k_is_real(http, small, aspect_ratio, size):
    """The 4K endpoint's films have as many pixels as it says, in the answer and in the file."""
    body = {**small, "prompt": "A lake", "aspect_ratio": aspect_ratio}
    del body["resolution"]
    order_id = make(http, FOUR_K, body)
    video = http.get(f"/queue/fal-ai/kling-video/requests/{order_id}").json()["video"]
    assert (video["width"], video["height"]) == size
    assert frame_of(http, video["url"]) == size


@pytest.mark.full
def test_4k_is_rendered_by_our_own_engine(http):
    """The built-in engine draws a whole 4K film, not a smaller one made larger."""
    body = {"prompt": "Fireflies in a dark forest", "duration": "3", "generate_audio": False, "seed": 7}
    order_id = make(http, FOUR_K, body, deadline_s=280)
    output = http.get(f"/queue/fal-ai/kling-video/requests/{order_id}").json()
    assert frame_of(http, output["video"]["url"]) == (3840, 2160)
    assert json.loads(http.get(output["screenplay"]["url"]).content)["size"] == {
        "width": 3840,
        "height": 2160,
    }
