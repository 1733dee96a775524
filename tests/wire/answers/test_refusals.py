"""Every refusal of a request, held to a stored one."""

import json

import pytest
from golden import check_golden

#: name -> body; what is no dict is sent as it is
BODIES = {
    "empty": b"",
    "no_json": b'{"prompt": ',
    "a_list": b"[]",
    "not_utf8": b'{"prompt": "\xff"}',
    "no_prompt": {},
    "blank_prompt": {"prompt": "  "},
    "long_prompt": {"prompt": "x" * 2501},
    "both_prompts": {"prompt": "A lake", "multi_prompt": [{"prompt": "A hill"}]},
    "no_shots": {"multi_prompt": []},
    "seven_shots": {"multi_prompt": [{"prompt": "A hill", "duration": "1"}] * 7},
    "shots_too_long": {"multi_prompt": [{"prompt": "A hill", "duration": "9"}] * 2},
    "shot_without_prompt": {"multi_prompt": [{"duration": "5"}]},
    "duration_number": {"prompt": "A lake", "duration": 5},
    "duration_short": {"prompt": "A lake", "duration": "2"},
    "duration_word": {"prompt": "A lake", "duration": "five"},
    "cfg_scale_high": {"prompt": "A lake", "cfg_scale": 1.5},
    "cfg_scale_low": {"prompt": "A lake", "cfg_scale": -0.1},
    "aspect_ratio": {"prompt": "A lake", "aspect_ratio": "4:3"},
    "shot_type": {"prompt": "A lake", "shot_type": "random"},
    "seed": {"prompt": "A lake", "seed": -1},
    "resolution": {"prompt": "A lake", "resolution": "8k"},
    "fps": {"prompt": "A lake", "fps": 23},
    "engine": {"prompt": "A lake", "engine": "rehearsl"},
    "captions": {"prompt": "A lake", "captions": "all"},
    "generate_audio": {"prompt": "A lake", "generate_audio": "maybe"},
    "screenplay": {"screenplay": {"title": "x"}},
    "many": {"prompt": "A lake", "cfg_scale": 1.5, "duration": "2", "aspect_ratio": "4:3"},
}
HEADERS = {
    "priority": {"X-Fal-Queue-Priority": "urgent"},
    "start_timeout_word": {"X-Fal-Request-Timeout": "soon"},
    "start_timeout_zero": {"X-Fal-Request-Timeout": "0"},
    "idempotency_key": {"Idempotency-Key": "x" * 256},
    "lifecycle_no_json": {"X-Fal-Object-Lifecycle-Preference": "{"},
    "lifecycle_negative": {"X-Fal-Object-Lifecycle-Preference": '{"expiration_duration_seconds": -1}'},
    "lifecycle_acl": {"X-Fal-Object-Lifecycle-Preference": '{"initial_acl": {"default": "maybe"}}'},
}
QUERIES = {
    "max_queue_length": "fal_max_queue_length=many",
    "webhook_no_url": "fal_webhook=nowhere",
    "webhook_ftp": "fal_webhook=ftp%3A%2F%2Fx.example%2F",
    "webhook_empty": "fal_webhook=",
}
PATHS = {
    "unknown_endpoint": ("POST", "/queue/fal-ai/sora"),
    "unknown_endpoint_run": ("POST", "/run/fal-ai/sora"),
    "unknown_path": ("GET", "/nowhere"),
    "submit_by_get": ("GET", "/queue/{ep}"),
    "status_by_post": (
        "POST",
        "/queue/fal-ai/kling-video/requests/8a0cf7d3-0c0b-4b7a-9b0e-000000000000/status",
    ),
    "cancel_by_post": (
        "POST",
        "/queue/fal-ai/kling-video/requests/8a0cf7d3-0c0b-4b7a-9b0e-000000000000/cancel",
    ),
    "stream_of_endpoint": ("POST", "/run/{ep}/stream"),
    "realtime_token": ("POST", "/tokens/"),
}


@pytest.mark.parametrize("name", BODIES)
def test_bodies(http, ep, name):
    """What breaks the contract is told in fal's shape, every problem at once."""
    body = BODIES[name]
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = http.post(f"/queue/{ep}", content=sent, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    check_golden(f"refused/{name}", answer)


def test_a_body_over_the_limit(http, ep):
    """A body of a megabyte and more is refused in words, not by a closed connection."""
    check_golden("refused/too_large", http.post(f"/queue/{ep}", content=b" " * 1_000_001))


@pytest.mark.parametrize("name", HEADERS)
def test_headers(http, ep, small, name):
    """A header that does not read is refused by name."""
    answer = http.post(f"/queue/{ep}", json={**small, "prompt": "A lake"}, headers=HEADERS[name])
    assert answer.status_code in (400, 422)
    check_golden(f"refused/{name}", answer)


@pytest.mark.parametrize("name", QUERIES)
def test_queries(http, ep, small, name):
    """A query that does not read is refused by name."""
    answer = http.post(f"/queue/{ep}?{QUERIES[name]}", json={**small, "prompt": "A lake"})
    assert answer.status_code == 422
    check_golden(f"refused/{name}", answer)


@pytest.mark.parametrize("name", PATHS)
def test_paths(http, ep, name):
    """A path or a method that is not served is told in words."""
    method, path = PATHS[name]
    answer = http.request(method, path.format(ep=ep))
    assert answer.status_code in (404, 405)
    check_golden(f"refused/{name}", answer)


def test_a_foreign_target(http, ep):
    """The proxy routes by host and fetches nothing."""
    for name, target in (
        ("proxy_foreign", "https://example.org/fal-ai/x"),
        ("proxy_nearly_fal", f"https://fal.run.example.org/{ep}"),
        ("proxy_no_url", "nowhere"),
    ):
        answer = http.post("/api/fal/proxy", json={}, headers={"x-fal-target-url": target})
        assert answer.status_code == 400
        check_golden(f"refused/{name}", answer)
    check_golden("refused/proxy_untold", http.post("/api/fal/proxy", json={}))


def test_a_preflight(http, ep):
    """What a browser asks before it calls."""
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,x-own"}
    answer = http.options(f"/queue/{ep}", headers={**asked, "origin": "https://page.example"})
    assert answer.status_code == 204
    allowed = {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}
    check_golden("refused/no_preflight", allowed)
