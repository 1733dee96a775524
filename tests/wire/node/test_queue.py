"""Cases 34 to 43: run, subscribe, submit, status, result and cancel by @fal-ai/client, by each recipe."""

from __future__ import annotations

import urllib.parse

import pytest
from held_films import APP, SMALL, waiting_for


def test_run_returns_a_film_and_the_request_id(each_recipe, http):
    """Case 34: `fal.run` gives `data.video.url`, and `requestId` is what the answer's header says."""
    told = each_recipe.run("run", {"input": {"prompt": "A lake", **SMALL}})
    value = told["value"]
    assert len(told["trace"]) == 1
    assert value["requestId"] == told["trace"][0]["requestId"] != ""
    video = value["data"]["video"]
    film = http.get(video["url"])  # without a key
    assert (film.status_code, len(film.content)) == (200, video["file_size"])


def test_run_that_is_given_up_stops_its_work(recipe, held):
    """Case 34: a `fal.run` whose AbortSignal fired leaves no film behind that the next one would wait for."""
    told = recipe.run("run", {"input": {"prompt": held.prompt, **SMALL}, "abort_ms": 500})
    assert told["error"]["name"] in ("AbortError", "TimeoutError")
    assert len(told["trace"]) == 1
    # The held film is never let go: this one is made only if the worker was freed.
    assert recipe.run("run", {"input": {"prompt": "A lake", **SMALL}}, timeout_s=20)["value"]["requestId"]


def test_run_and_subscribe_work_over_tls(make_recipe):
    """Case 34: recipe J3, the user's own `fetch` over TLS with our CA, runs and subscribes in both modes."""
    recipe = make_recipe("J3")
    told = recipe.run("run", {"input": {"prompt": "A lake", **SMALL}})
    assert told["value"]["data"]["video"]["url"].startswith("https://")
    for mode in ("polling", "streaming"):
        options = {"input": {"prompt": "A lake", **SMALL}, "mode": mode, "pollInterval": 50}
        told = recipe.run("subscribe", {"options": options})
        assert told["value"]["data"]["video"]["url"].startswith("https://localhost")
        assert told["updates"][-1]["status"] == "COMPLETED"


def test_proxy_url_as_text_is_ignored_in_node(make_recipe):
    """Case 34: what the docs warn of: a plain string as `proxyUrl` (J5) sends Node to fal itself."""
    told = make_recipe("J5").run("run", {"input": {"prompt": "A lake", **SMALL}})
    assert told["error"]["message"].startswith("a request would have left: https://fal.run/")
    assert told["trace"] == []


def test_subscribe_by_polling_sees_each_status_in_turn(each_recipe, held_first, held, server):
    """Case 35: `onQueueUpdate` sees IN_QUEUE, IN_PROGRESS, COMPLETED; `requestId` is the one enqueued."""
    with waiting_for(server, held_first):
        options = {
            "input": {"prompt": held.prompt, **SMALL},
            "pollInterval": 20,
            "logs": True,
        }
        release = {"IN_QUEUE": held_first.file, "IN_PROGRESS": held.file}
        told = each_recipe.run("subscribe", {"options": options, "release": release})
    names = [update["status"] for update in told["updates"]]
    assert list(dict.fromkeys(names)) == ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]
    assert names == sorted(names, key=["IN_QUEUE", "IN_PROGRESS", "COMPLETED"].index)
    assert told["updates"][0]["queue_position"] == 0  # a film in the making is not ahead in the line
    assert all(isinstance(update["logs"], list) for update in told["updates"])
    assert told["value"]["requestId"] == told["enqueued"][0] == told["updates"][0]["request_id"] != ""
    assert told["value"]["data"]["video"]["url"].startswith(server.http)
    assert {entry["status"] for entry in each_recipe.called(told)} == {200, 202}


def test_streaming_hands_out_each_log_line_once(each_recipe, held):
    """Case 36: with `mode: "streaming"` and `logs: true` the client's list ends with each line once."""
    options = {"input": {"prompt": held.prompt, **SMALL}, "mode": "streaming", "logs": True}
    told = each_recipe.run("subscribe", {"options": options, "release": {"IN_PROGRESS": held.file}})
    assert told["updates"][-1]["status"] == "COMPLETED"
    lines = [(line["timestamp"], line["message"]) for line in told["updates"][-1]["logs"]]
    assert len(lines) > 1
    assert sorted(set(lines)) == sorted(lines)
    assert told["value"]["requestId"] == told["enqueued"][0]
    # The same lines, in the same order, as whoever asks for the whole status gets.
    asked = [["status", {"requestId": told["enqueued"][0], "logs": True}]]
    status = each_recipe.run("queue", asked)["outcomes"][0]["value"]
    assert [(line["timestamp"], line["message"]) for line in status["logs"]] == lines


def test_submit_status_result(each_recipe, held, http):
    """Case 37: `queue.submit`, `queue.status({logs: true})`, then `queue.result` once it is COMPLETED."""
    told = each_recipe.run(
        "queue",
        [
            ["submit", {"input": {"prompt": held.prompt, **SMALL}}],
            ["status", {"requestId": "$id", "logs": True}],
            ["status", {"requestId": "$id"}],
        ],
    )
    submitted, with_logs, without = (outcome["value"] for outcome in told["outcomes"])
    order_id = submitted["request_id"]
    assert submitted["status"] == "IN_QUEUE"
    for name, ending in (("response_url", ""), ("status_url", "/status"), ("cancel_url", "/cancel")):
        assert urllib.parse.urlsplit(submitted[name]).path == f"/queue/{APP}/requests/{order_id}{ending}"
        assert submitted[name].startswith(each_recipe.server.http)
    assert isinstance(with_logs["logs"], list)
    assert without["logs"] is None
    held.let_go()
    subscribed = [["subscribeToStatus", {"requestId": order_id, "pollInterval": 20}]]
    told = each_recipe.run("queue", [*subscribed, ["result", {"requestId": order_id}]])
    ended, result = (outcome["value"] for outcome in told["outcomes"])
    assert ended["status"] == "COMPLETED"
    assert result["requestId"] == order_id
    assert http.head(result["data"]["video"]["url"]).status_code == 200


@pytest.mark.parametrize("state", ["IN_QUEUE", "IN_PROGRESS"])
def test_cancel_once_resolves_twice_is_400(recipe, held, held_first, server, http, state):
    """Case 38: `queue.cancel` resolves; a second one rejects with an ApiError 400; the film is not made."""
    with waiting_for(server, held_first) if state == "IN_QUEUE" else waiting_for(server, held) as running:
        if state == "IN_QUEUE":
            submitted = recipe.run("queue", [["submit", {"input": {"prompt": held.prompt, **SMALL}}]])
            order_id = submitted["outcomes"][0]["value"]["request_id"]
        else:
            order_id = running
        asked = [["cancel", {"requestId": order_id}], ["subscribeToStatus", {"requestId": order_id}]]
        told = recipe.run("queue", [*asked, asked[0], ["result", {"requestId": order_id}]])
    first, ended, second, result = told["outcomes"]
    assert first == {}  # resolved, with nothing in hand
    assert ended["value"]["status"] == "COMPLETED"
    assert ended["value"]["error_type"] == "client_cancelled"
    assert (second["error"]["isApiError"], second["error"]["status"]) == (True, 400)
    assert second["error"]["body"]["status"] == "ALREADY_COMPLETED"
    assert (result["error"]["isApiError"], result["error"]["status"]) == (True, 499)
    assert result["error"]["message"] == "Client Closed Request"
    assert [entry["status"] for entry in recipe.called(told) if entry["method"] == "PUT"] == [202, 400]
    assert http.get(f"/queue/{APP}/requests/{order_id}/status").json()["status"] == "COMPLETED"


def test_result_before_the_end_rejects(recipe, held):
    """Case 39: `queue.result` of a film in the making rejects with an ApiError 400, and is asked once."""
    asked = [["submit", {"input": {"prompt": held.prompt, **SMALL}}], ["result", {"requestId": "$id"}]]
    told = recipe.run("queue", [*asked, ["cancel", {"requestId": "$id"}]])
    submitted, early, _ = told["outcomes"]
    error = early["error"]
    assert (error["name"], error["status"]) == ("ApiError", 400)
    assert error["body"]["detail"] == "Request is still in progress"
    assert error["requestId"] == submitted["value"]["request_id"]
    assert len(told["trace"]) == 3


def test_unknown_request_rejects_with_404(recipe):
    """Case 39: status, result and cancel of an id that nobody was given reject with a readable 404, once."""
    unknown = {"requestId": "00000000-0000-4000-8000-000000000000"}
    told = recipe.run("queue", [["status", unknown], ["result", unknown], ["cancel", unknown]])
    for outcome in told["outcomes"]:
        assert (outcome["error"]["name"], outcome["error"]["status"]) == ("ApiError", 404)
        assert unknown["requestId"] in outcome["error"]["body"]["detail"]
    assert len(told["trace"]) == 3


def test_validation_error_names_the_field(each_recipe):
    """Case 40: a bad value rejects with a ValidationError whose field errors are found by field."""
    told = each_recipe.run("mistakes", {"input": {"prompt": " ", "duration": "2", "cfg_scale": 1.5}})
    error = told["error"]
    assert (error["isValidationError"], error["status"]) == (True, 422)
    assert error["message"] == "Unprocessable Entity"
    assert error["requestId"]
    by_field = told["fieldErrors"]
    assert by_field["prompt"]
    assert by_field["duration"][0]["type"] == "literal_error"
    assert by_field["cfg_scale"][0]["ctx"] == {"le": 1}
    for found in (*by_field["prompt"], *by_field["duration"], *by_field["cfg_scale"]):
        assert {"loc", "msg", "type", "url"} <= found.keys()
    assert len(told["trace"]) == 1


def test_submit_without_input_is_a_422(recipe):
    """Case 41: `fal.queue.submit(EP, {})` sends an empty body; it is refused with 422, as `{}` is."""
    told = recipe.run("queue", [["submit", {}], ["submit", {"input": {}}]])
    assert "body" not in told["trace"][0]
    for outcome in told["outcomes"]:
        error = outcome["error"]
        assert (error["isValidationError"], error["status"]) == (True, 422)
        assert any("prompt" in problem["loc"] for problem in error["body"]["detail"])
    assert len(told["trace"]) == 2


def test_every_option_of_submit_is_accepted(recipe, http):
    """Case 42: `startTimeout`, `priority`, `hint`, `storageSettings` and `headers` are sent and accepted."""
    options = {
        "input": {"prompt": "A lake", **SMALL},
        "startTimeout": 60,
        "priority": "low",
        "hint": "lora-1",
        "storageSettings": {"expiresIn": "1d", "initialAcl": {"default": "allow"}},
        "headers": {"X-Fal-Store-IO": "0", "X-Fal-No-Retry": "1", "X-My-Own": "yes"},
        "pollInterval": 20,
    }
    told = recipe.run("subscribe", {"options": options})
    sent = told["trace"][0]["headers"]
    assert sent["x-fal-request-timeout"] == "60"
    assert sent["x-fal-queue-priority"] == "low"
    assert sent["x-fal-runner-hint"] == "lora-1"
    assert '"expiration_duration_seconds":86400' in sent["x-fal-object-lifecycle-preference"]
    assert (sent["x-fal-store-io"], sent["x-my-own"]) == ("0", "yes")
    assert http.get(told["value"]["data"]["video"]["url"]).status_code == 200


def test_start_timeout_is_the_users_own(recipe, held_first, server):
    """Case 42: `startTimeout` behind a busy worker ends in an ApiError 504, which is not asked again."""
    with waiting_for(server, held_first):
        options = {"input": {"prompt": "A lake", **SMALL}, "startTimeout": 1.1, "pollInterval": 50}
        told = recipe.run("subscribe", {"options": options})
    error = told["error"]
    assert (error["name"], error["status"], error["isUserTimeout"]) == ("ApiError", 504, True)
    order_id = told["enqueued"][0]
    results = [entry for entry in recipe.called(told) if entry["url"].endswith(f"/requests/{order_id}")]
    assert [entry["status"] for entry in results] == [504]
    assert sum(entry["method"] == "POST" for entry in told["trace"]) == 1


def test_client_timeout_cancels(recipe, held, http):
    """Case 43: `timeout: 900` rejects, and the cancel that the client sends ends the order."""
    options = {"input": {"prompt": held.prompt, **SMALL}, "timeout": 900, "pollInterval": 50}
    told = recipe.run("subscribe", {"options": options})
    assert told["error"]["message"] == "Client timed out waiting for the request to complete after 900ms"
    cancels = [entry for entry in recipe.called(told) if entry["method"] == "PUT"]
    assert [(entry["url"].rsplit("/")[-1], entry["status"]) for entry in cancels] == [("cancel", 202)]
    order_id = told["enqueued"][0]
    with http.stream("GET", f"/queue/{APP}/requests/{order_id}/status/stream") as stream:
        last = [line for line in stream.iter_lines() if line.startswith("data:")][-1]
    assert '"COMPLETED"' in last
    assert http.get(f"/queue/{APP}/requests/{order_id}").status_code == 499


def test_stream_is_not_offered(recipe):
    """Case 24: `fal.stream` of this endpoint rejects with a 404 that says so, and does not hang."""
    told = recipe.run("stream", {"input": {"prompt": "A lake", **SMALL}})
    assert (told["error"]["name"], told["error"]["status"]) == ("ApiError", 404)
    assert "stream" in told["error"]["body"]["detail"]
    assert len(told["trace"]) == 1
