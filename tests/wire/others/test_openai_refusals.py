"""What `/v1/videos` refuses: each in OpenAI's shape, naming field, value, rule and what would do."""

from __future__ import annotations

import openai
import pytest


@pytest.mark.parametrize(
    ("sent", "param", "words"),
    [
        ({"size": "1024x1792"}, "size", "1080x1920"),
        ({"size": "big"}, "size", "1280x720"),
        ({"seconds": "2"}, "seconds", '"3"'),
        ({"seconds": "16"}, "seconds", '"15"'),
        ({"extra_body": {"seed": -1}}, "seed", "at least 0"),
        ({"extra_body": {"seed": "many"}}, "seed", "whole number"),
        ({"extra_body": {"fps": 23}}, "fps", "24"),
        ({"extra_body": {"num_frames": 100}, "prompt": "A lake"}, "num_frames", "96"),
        ({"extra_body": {"num_frames": 10**400}}, "num_frames", "360"),
        ({"extra_body": {"width": 640}}, "height", "missing"),
        ({"extra_body": {"cfg_scale": "nan"}}, "cfg_scale", "number"),
        ({"extra_body": {"extra_params": "x"}}, "extra_params", "object"),
        ({"extra_body": {"n": 2}}, "n", "1"),
        ({"extra_body": {"engine": "sora"}}, "engine", "rehearsal"),
        ({"prompt": " "}, "prompt", "word"),
        ({"prompt": "x" * 2501}, "prompt", "2500"),
        ({"input_reference": ("a.png", b"\x89PNG", "image/png")}, "input_reference", "words alone"),
    ],
)
def test_bad_fields_are_refused_by_name(videos, sent, param, words):
    """A field that will not do is a BadRequestError with its name, and the nearest that would."""
    with pytest.raises(openai.BadRequestError) as caught:
        videos.create(**{"prompt": "A lake", **sent})
    assert caught.value.param == param
    assert caught.value.type == "invalid_request_error"
    assert words in caught.value.body["message"]


def test_referenced_picture_is_refused(http):
    """A picture named by its URL, in JSON or in a form, is refused as an uploaded one is."""
    for sent in (
        {"json": {"prompt": "A lake", "input_reference": {"image_url": "http://localhost/a.png"}}},
        {"data": {"prompt": "A lake", "input_reference[file_id]": "file-1"}},
    ):
        told = http.post("/v1/videos", **sent)
        assert (told.status_code, told.json()["error"]["param"]) == (400, "input_reference")


def test_message_names_fields_as_they_were_sent(videos):
    """Who sent `seconds` reads of `seconds`, not of what it is called inside."""
    with pytest.raises(openai.BadRequestError) as caught:
        videos.create(prompt="A lake", seconds="99")
    words = caught.value.body["message"]
    assert words.startswith("'seconds' is")
    assert "duration" not in words


def test_unknown_model_lists_those_served(videos):
    """No such model is a NotFoundError that names every one there is."""
    with pytest.raises(openai.NotFoundError, match=r"v3-pro.*o3-standard") as caught:
        videos.create(prompt="A lake", model="veo-9")
    assert caught.value.code == "model_not_found"


@pytest.mark.parametrize("video_id", ["00000000-0000-0000-0000-000000000000", "video_123", "x" * 300])
def test_unknown_video_is_not_found(videos, video_id):
    """No such video is a NotFoundError for every call."""
    for ask in (videos.retrieve, videos.download_content, videos.delete):
        with pytest.raises(openai.NotFoundError) as caught:
            ask(video_id)
        assert caught.value.code == "not_found"


def test_what_is_not_offered_says_what_to_do(videos):
    """Remix, edit, extension and characters are NotFoundErrors with a way to go on."""
    some = "00000000-0000-0000-0000-000000000000"
    with pytest.raises(openai.NotFoundError, match="same seed"):
        videos.remix(some, prompt="A lake")
    film = ("a.mp4", b"0")
    with pytest.raises(openai.NotFoundError, match="screenplay"):
        videos.edit(prompt="A lake", video=film)
    with pytest.raises(openai.NotFoundError, match="multi_prompt"):
        videos.extend(prompt="A lake", seconds="4", video=film)
    with pytest.raises(openai.NotFoundError, match="prompt"):
        videos.create_character(name="Ann", video=film)
    with pytest.raises(openai.NotFoundError, match="prompt"):
        videos.get_character("ann")


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("limit=999", "limit"),
        ("order=up", "order"),
        ("after=x", "after"),
    ],
)
def test_bad_pages_are_refused(http, query, param):
    """A page that cannot be is a 400 naming the parameter."""
    told = http.get(f"/v1/videos?{query}")
    assert (told.status_code, told.json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"--x", "multipart/form-data; boundary=y"),
        (b"--x", "multipart/form-data"),
        (b"", "application/json"),
        (b"prompt=%00", "application/x-www-form-urlencoded"),
        (b'{"prompt": "\\u0000"}', "application/json"),
        (b'{"prompt": "a", "cfg_scale": 1e999}', "application/json"),
        (b"[" * 9999, "application/json"),
        (b"a=&" * 9999, "application/x-www-form-urlencoded"),
    ],
)
def test_unreadable_bodies_are_refused(http, content, kind):
    """A body that is neither a JSON object nor a form, or names no film, is a 400 that says so."""
    told = http.post("/v1/videos", content=content, headers={"Content-Type": kind})
    assert told.status_code == 400, told.text
    assert told.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("empty", [None, ""])
def test_empty_fields_count_as_not_sent(http, empty):
    """A field that is null or an empty text leaves its default in place, as its description says."""
    told = http.post("/v1/videos", json={"prompt": "A lake", "model": empty, "size": empty, "seconds": empty})
    assert told.status_code == 200, told.text
    assert (told.json()["seconds"], told.json()["model"]) == ("4", "fal-ai/kling-video/v3/pro/text-to-video")
    assert http.post("/v1/videos", json={"prompt": empty}).status_code == 400


def test_long_bodies_are_refused(http):
    """A body over the limit is refused with the limit, however it is packed."""
    for more in ({"data": {"prompt": "x" * 1_100_000}}, {"files": {"input_reference": b"0" * 1_100_000}}):
        told = http.post("/v1/videos", **more)
        assert (told.status_code, told.json()["error"]["code"]) == (400, "file_too_large")


def test_wrong_methods_are_told_the_right_ones(http):
    """A method that a path does not take is a 405 that lists those it takes."""
    refused = [("PUT", ""), ("PATCH", "/x"), ("POST", "/x"), ("POST", "/x/content")]
    for method, path in refused:
        told = http.request(method, f"/v1/videos{path}")
        assert (told.status_code, "GET" in told.headers["allow"]) == (405, True)
        assert "it takes" in told.json()["error"]["message"]
