"""What webhooks say and to whom: real server, real worker, real receiver."""

import asyncio
import json

import pytest
from listening import listening


async def test_url_arrives_intact(hooked, ep, small):
    """Case 22: a URL with a query of its own, submitted by fal_client, is called as it was given."""
    async with listening() as receiver:
        url = f"{receiver.url}?token=a%2Fb&next=https%3A%2F%2Fx.example%2F%3Fq%3D1&utf=%C3%BC"
        arguments = {**small, "prompt": "A lake"}
        asked = f"fal_client.submit({ep!r}, arguments={arguments!r}, webhook_url={url!r})"
        code = f"import fal_client; print({asked}.request_id)"
        told = await asyncio.to_thread(hooked.client, code)
        assert told.returncode == 0, told.stderr
        (call,) = await receiver.wait()
    assert call.target == "/hook?token=a%2Fb&next=https%3A%2F%2Fx.example%2F%3Fq%3D1&utf=%C3%BC"
    assert json.loads(call.body)["request_id"] == told.stdout.strip()


async def test_film_is_told(submit, calling):
    """Case 56: OK carries the very JSON the result's URL gives, with URLs that work; a 2xx ends it."""
    async with listening(204) as receiver:
        request_id = await submit(receiver.url)
        (call,) = await receiver.wait()
        body = json.loads(call.body)
        result = await calling.get(f"/queue/fal-ai/kling-video/requests/{request_id}")
        film = await calling.get(body["payload"]["video"]["url"])
    assert list(body) == ["request_id", "gateway_request_id", "status", "payload"]
    assert body["request_id"] == body["gateway_request_id"] == request_id
    assert (body["status"], body["payload"]) == ("OK", result.json())
    assert film.status_code == 200
    assert call.method == "POST"
    assert call.headers["content-type"] == "application/json"
    assert call.headers["x-fal-webhook-request-id"] == request_id


@pytest.mark.parametrize(("prompt", "code"), [("A lake [break]", 500)])
async def test_failure_is_told(submit, calling, prompt, code):
    """Case 56: ERROR carries fal's words and the very JSON the result's URL gives."""
    async with listening() as receiver:
        request_id = await submit(receiver.url, prompt)
        (call,) = await receiver.wait()
        result = await calling.get(f"/queue/fal-ai/kling-video/requests/{request_id}")
    body = json.loads(call.body)
    assert result.status_code == code
    assert list(body) == ["request_id", "gateway_request_id", "status", "error", "payload"]
    assert (body["status"], body["error"]) == ("ERROR", f"Invalid status code: {code}")
    assert body["payload"] == result.json()


async def test_withdrawal_is_told(submit, calling, hooked):
    """Case 56: who waits for a webhook hears of a cancelled request too: ERROR, 499."""
    gate = hooked.home / "cache" / "rehearsal" / "withdrawn"
    gate.parent.mkdir(parents=True, exist_ok=True)
    gate.touch()
    async with listening() as receiver:
        request_id = await submit(receiver.url, f"A lake [hold {gate.name}]")
        asked = await calling.put(f"/queue/fal-ai/kling-video/requests/{request_id}/cancel")
        (call,) = await receiver.wait()
    gate.unlink()
    assert asked.status_code == 202
    body = json.loads(call.body)
    assert (body["status"], body["error"]) == ("ERROR", "Invalid status code: 499")
    assert body["payload"]["error_type"] == "client_cancelled"


async def test_output_that_cannot_be_told(submit, calling, terminal, settled):
    """Case 56: an output that is gone is `payload: null` with `payload_error`, and still OK."""
    async with listening() as receiver:
        request_id = await submit(receiver.url)
        await receiver.wait()
        gone = await calling.delete(f"/v1/models/requests/{request_id}/payloads")
        assert gone.status_code == 200, gone.text
        await settled(request_id, "delivered")
        await asyncio.to_thread(terminal, "webhooks", "redeliver", request_id)
        _, again = await receiver.wait(2)
    body = json.loads(again.body)
    assert list(body) == ["request_id", "gateway_request_id", "status", "payload", "payload_error"]
    assert (body["status"], body["payload"]) == ("OK", None)
    assert "not kept" in body["payload_error"]


async def test_invalid_submit_that_is_queued(calling, ep, small):
    """Case 56: where what is invalid is queued as at fal, its webhook is ERROR with the list of problems."""
    async with listening() as receiver:
        answer = await calling.post(
            f"/queue/{ep}", params={"fal_webhook": receiver.url}, json={**small, "prompt": "", "fps": 7}
        )
        (call,) = await receiver.wait()
    assert answer.status_code == 200
    body = json.loads(call.body)
    assert (body["request_id"], body["status"]) == (answer.json()["request_id"], "ERROR")
    assert body["error"] == "Invalid status code: 422"
    assert {problem["loc"][-1] for problem in body["payload"]["detail"]} == {"prompt", "fps"}


async def test_invalid_submit_is_told_at_once(http, ep, small):
    """Without that setting an invalid submit is a 422 at once, and no webhook is owed; unlike fal."""
    url = "http://127.0.0.1:9/"
    answer = http.post(f"/queue/{ep}", params={"fal_webhook": url}, json={**small, "prompt": ""})
    assert answer.status_code == 422
    assert "request_id" not in answer.json()


@pytest.mark.parametrize("url", ["ftp://example.org/", "example.org/hook", "https://"])
async def test_bad_url_is_told_at_once(calling, ep, small, url):
    """What can never be called is a 422 that names the parameter."""
    answer = await calling.post(
        f"/queue/{ep}", params={"fal_webhook": url}, json={**small, "prompt": "A lake"}
    )
    assert answer.status_code == 422
    assert [problem["loc"] for problem in answer.json()["detail"]] == [["query", "fal_webhook"]]
