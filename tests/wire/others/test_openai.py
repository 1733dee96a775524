"""OpenAI's own package, unmodified, at `/v1/videos`."""

from __future__ import annotations

import io
import json
import uuid

import av
import httpx
import openai
import pytest

SMALL = {"seconds": "3", "size": "640x360"}


def test_created_video_is_polled_and_downloaded(videos, extra):
    """`create_and_poll` ends with a completed video of what was asked, whose content is that film."""
    video = videos.create_and_poll(prompt="A lake", model="v3-pro", **SMALL, extra_body=extra)
    assert (video.status, video.progress, video.error) == ("completed", 100, None)
    assert (video.seconds, video.size, video.prompt) == ("3", "640x360", "A lake")
    assert video.model == "fal-ai/kling-video/v3/pro/text-to-video"
    assert video.completed_at >= video.created_at
    with av.open(io.BytesIO(videos.download_content(video.id).content)) as film:
        stream = film.streams.video[0]
        assert (stream.width, stream.height, stream.frames) == (640, 360, 72)


async def test_async_client_does_all_the_same(server, extra):
    """The async client creates, polls, downloads, lists and deletes as the other does."""
    async with openai.AsyncOpenAI(base_url=f"{server.http}/v1", api_key="k") as client:
        video = await client.videos.create_and_poll(
            prompt="A lake", **SMALL, extra_body=extra, poll_interval_ms=50
        )
        assert video.status == "completed"
        content = await client.videos.download_content(video.id)
        assert content.content[4:8] == b"ftyp"
        listed = [found.id async for found in client.videos.list(limit=1)]
        assert video.id in listed
        assert (await client.videos.delete(video.id)).deleted
        with pytest.raises(openai.NotFoundError):
            await client.videos.retrieve(video.id)


def test_film_is_the_same_order_at_both_doors(videos, extra, http, until):
    """A video created here is found at the queue by the same id, and the other way round."""
    video = videos.create(prompt="A lake", **SMALL, extra_body=extra)
    url = f"/queue/fal-ai/kling-video/requests/{video.id}"
    until(lambda: http.get(f"{url}/status").json()["status"], lambda status: status == "COMPLETED")
    told = http.get(url).json()
    assert told["seed"] == extra["seed"]
    assert http.get(told["video"]["url"]).content == videos.download_content(video.id).content


def test_waiting_running_and_withdrawn(videos, holding, extra, http, until):
    """A video is queued, then in progress by true frames; withdrawn elsewhere it reads as failed, and why."""
    video = videos.create(prompt=holding, **SMALL, extra_body=extra)
    assert video.status in ("queued", "in_progress")
    seen = until(lambda: videos.retrieve(video.id), lambda found: found.progress > 0)
    assert seen.status == "in_progress"
    assert seen.progress < 100
    with pytest.raises(openai.BadRequestError, match="is in_progress"):
        videos.download_content(video.id)
    assert http.put(f"/queue/fal-ai/kling-video/requests/{video.id}/cancel").status_code == 202
    ended = videos.poll(video.id, poll_interval_ms=50)
    assert (ended.status, ended.error.code) == ("failed", "client_cancelled")


def test_delete_stops_a_running_video(videos, holding, extra, http, until):
    """Delete of a running video stops the work at once, and the video is gone."""
    video = videos.create(prompt=holding, **SMALL, extra_body=extra)
    until(lambda: videos.retrieve(video.id).status, lambda status: status == "in_progress")
    gone = videos.delete(video.id)
    assert (gone.id, gone.deleted, gone.object) == (video.id, True, "video.deleted")
    with pytest.raises(openai.NotFoundError):
        videos.retrieve(video.id)
    status = http.get(f"/queue/fal-ai/kling-video/requests/{video.id}/status").json()
    assert (status["status"], status["error_type"]) == ("COMPLETED", "client_cancelled")


def test_delete_removes_a_film_and_its_files(videos, extra, http):
    """After a delete nothing of the film can be had, at neither door, and it is not listed."""
    video = videos.create_and_poll(prompt="A lake", **SMALL, extra_body=extra, poll_interval_ms=50)
    told = http.get(f"/queue/fal-ai/kling-video/requests/{video.id}").json()
    videos.delete(video.id)
    assert http.get(told["video"]["url"]).status_code == 404
    assert http.get(told["poster"]["url"]).status_code == 404
    assert http.get(f"/queue/fal-ai/kling-video/requests/{video.id}").status_code == 404
    for ask in (videos.retrieve, videos.download_content, videos.delete):
        with pytest.raises(openai.NotFoundError):
            ask(video.id)
    assert video.id not in [found.id for found in videos.list(limit=5).data]


def test_list_goes_page_by_page(videos, extra):
    """The list runs over pages of any size, newest first or oldest first, and holds each video once."""
    ids = [videos.create(prompt="A lake", **SMALL, extra_body=extra).id for _ in range(3)]
    page = videos.list(limit=2)
    assert [video.id for video in page.data] == [ids[2], ids[1]]
    assert page.has_more
    assert page.get_next_page().data[0].id == ids[0]
    assert [video.id for video in videos.list(limit=1, order="asc", after=ids[0]).data] == [ids[1]]
    everything = [video.id for video in videos.list(limit=2)]
    assert everything[:3] == ids[::-1]
    assert len(everything) == len(set(everything))
    for video_id in ids:
        videos.poll(video_id, poll_interval_ms=50)


def test_thumbnail_is_a_picture_and_parts_are_to_be_had(videos, extra, http):
    """`variant="thumbnail"` is the poster; a range of the content is that part of it."""
    video = videos.create_and_poll(prompt="A lake", **SMALL, extra_body=extra, poll_interval_ms=50)
    assert videos.download_content(video.id, variant="thumbnail").content[:2] == b"\xff\xd8"
    whole = videos.download_content(video.id).content
    part = http.get(f"/v1/videos/{video.id}/content", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole[10:20])
    with pytest.raises(openai.BadRequestError) as caught:
        videos.download_content(video.id, variant="spritesheet")
    assert caught.value.param == "variant"


def test_failed_video_says_why(videos, extra):
    """A film that cannot be made is a failed video with the error's type and sentence."""
    video = videos.create_and_poll(prompt="A lake [break]", **SMALL, extra_body=extra, poll_interval_ms=50)
    assert video.status == "failed"
    assert "[break]" in video.error.message
    with pytest.raises(openai.BadRequestError) as caught:
        videos.download_content(video.id)
    assert caught.value.code == "video_failed"


def test_json_bodies_are_taken_too(http, extra, until):
    """SGLang's clients send JSON with numbers; it means the same as a form."""
    told = http.post(
        "/v1/videos", json={"prompt": "A lake", "seconds": 3, "size": "640x360", "num_frames": 999, **extra}
    )
    assert told.status_code == 200, told.text
    video = told.json()
    assert (video["seconds"], video["size"], video["seed"], video["fps"]) == ("3", "640x360", 5, 24)
    assert video["status"] == "queued"
    ask = lambda: http.get(f"/v1/videos/{video['id']}").json()["status"]  # noqa: E731 - one line to poll
    assert until(ask, lambda status: status in ("completed", "failed")) == "completed"


@pytest.mark.parametrize(
    ("sent", "seconds", "size"),
    [
        ({"num_frames": 121, "fps": 24}, "5", "1920x1080"),
        ({"width": "360", "height": "640", "num_frames": "96"}, "4", "360x640"),
        ({"extra_params": json.dumps({"size": "480x480"})}, "4", "480x480"),
        ({"multi_prompt": [{"prompt": "A lake", "duration": "1"}, {"prompt": "Rain", "duration": "2"}]},
         "3", "1920x1080"),
        ({"model": "o3-standard"}, "4", "1280x720"),
        ({"model": "sora-2", "seconds": "8"}, "8", "1280x720"),
    ],
)  # fmt: skip
def test_fields_of_vllm_and_sglang_are_mapped(videos, holding, extra, sent, seconds, size):
    """Frames, width and height, extra_params, shots and short names of models mean what they say."""
    more = {} if "multi_prompt" in sent else {"prompt": holding}
    body = videos._client.post(
        "/videos",
        cast_to=httpx.Response,
        body={**more, **extra, **sent},
        options={"headers": {"Content-Type": "multipart/form-data"}},
    ).json()
    assert (body["seconds"], body["size"]) == (seconds, size)
    videos.delete(body["id"])


def test_real_progress_is_the_frames(videos, extra):
    """A rendering video's progress grows and never falls."""
    video = videos.create(prompt="A lake [slow 1]", **SMALL, extra_body=extra)
    seen = []
    while video.status in ("queued", "in_progress"):
        seen.append(video.progress)
        video = videos.retrieve(video.id)
    assert seen == sorted(seen)
    assert any(0 < progress < 99 for progress in seen)


def test_repeated_create_is_the_same_video(videos, extra):
    """The same key and fields are the same video, though the form differs; other fields are refused."""
    told = {"extra_body": extra, "extra_headers": {"Idempotency-Key": f"lake-{uuid.uuid4()}"}}
    first = videos.create(prompt="A lake", **SMALL, **told)
    assert videos.create(prompt="A lake", **SMALL, **told).id == first.id
    with pytest.raises(openai.BadRequestError, match=r"(?i)idempotency-key"):
        videos.create(prompt="A river", **SMALL, **told)
    videos.poll(first.id, poll_interval_ms=50)


def test_expiry_is_told(videos, extra):
    """A film that is to be kept for an hour says when its hour is over."""
    wish = {"X-Fal-Object-Lifecycle-Preference": json.dumps({"expiration_duration_seconds": 3600})}
    video = videos.create_and_poll(
        prompt="A lake", **SMALL, extra_body=extra, extra_headers=wish, poll_interval_ms=50
    )
    assert video.expires_at == video.completed_at + 3600
