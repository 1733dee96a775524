"""Cases 16 to 19: what is refused at submit, and what fails later."""

import fal_client
import pytest

CALLS = ("submit", "run", "subscribe")


@pytest.mark.parametrize("call", CALLS)
def test_a_duration_out_of_range(client, ep, call, refusal, exchanges):
    """Case 16: `duration="2"` is a 422 at once, whose message is a list with loc, msg, type and url."""
    error = refusal(lambda: getattr(client, call)(ep, {"prompt": "A lake", "duration": "2"}))
    assert error.status_code == 422
    (problem,) = error.message
    assert problem["loc"] == ["body", "duration"]
    assert problem["type"]
    assert problem["url"].endswith("#" + problem["type"])
    assert '"2"' in problem["msg"], "the value"
    assert 'the nearest legal value is "3"' in problem["msg"]
    assert exchanges.sent == ["POST"]
    assert error.response_headers["x-fal-retryable"] == "false"


def test_no_prompt_at_all(client, ep, refusal):
    """Case 17: neither prompt nor multi_prompt is a 422 whose loc leads to prompt."""
    error = refusal(lambda: client.submit(ep, {}))
    assert error.status_code == 422
    assert [problem["loc"] for problem in error.message] == [["body", "prompt"], ["body", "multi_prompt"]]
    assert {problem["type"] for problem in error.message} == {"missing"}


def test_both_prompts(client, ep, refusal):
    """Case 17: both at once are refused, as docs/04-wire.md says: one text would be lost without a word."""
    both = {"prompt": "A lake", "multi_prompt": [{"prompt": "A hill", "duration": "5"}]}
    error = refusal(lambda: client.submit(ep, both))
    assert error.status_code == 422
    assert {problem["loc"][-1] for problem in error.message} <= {"prompt", "multi_prompt"}


def test_cfg_scale_over_one(client, ep, refusal):
    """Case 18: `cfg_scale=1.5` is of type less_than_equal with ctx.le 1."""
    error = refusal(lambda: client.submit(ep, {"prompt": "A lake", "cfg_scale": 1.5}))
    (problem,) = error.message
    assert problem["loc"] == ["body", "cfg_scale"]
    assert problem["type"] == "less_than_equal"
    assert problem["ctx"]["le"] == 1


def test_every_problem_is_told_at_once(client, ep, refusal):
    """Case 16: three mistakes are three entries."""
    wrong = {"prompt": "A lake", "cfg_scale": 1.5, "duration": "2", "aspect_ratio": "4:3"}
    error = refusal(lambda: client.submit(ep, wrong))
    assert {problem["loc"][-1] for problem in error.message} == {"cfg_scale", "duration", "aspect_ratio"}


def test_an_unknown_endpoint_lists_what_is_served(client, ep, refusal, exchanges):
    """Case 16: an endpoint that is not served is a 404 that lists those that are."""
    error = refusal(lambda: client.submit("fal-ai/sora", {"prompt": "A lake"}))
    assert error.status_code == 404
    assert ep in error.message
    assert exchanges.sent == ["POST"]


@pytest.mark.parametrize("command", ["break", "bug", "crash"])
def test_a_failing_render(client, ep, small, command, refusal):
    """Case 19: the status is Completed with error and error_type; `get` raises with the same type and the id.

    Whether the engine says it cannot, breaks by a bug of its own, or takes the process down with it.
    """
    arguments = {**small, "prompt": f"A lake [{command}]"}
    handle = client.submit(ep, arguments, headers={"X-Fal-No-Retry": "1"})
    *_, last = handle.iter_events(with_logs=True, interval=0.05)
    assert isinstance(last, fal_client.Completed)
    assert last.error
    assert last.error_type
    error = refusal(handle.get)
    assert error.status_code >= 500
    assert error.error_type == last.error_type
    assert error.response_headers["x-fal-request-id"] == handle.request_id
    assert client.run(ep, {**small, "prompt": "A lake"})["video"], "the next order is made all the same"
