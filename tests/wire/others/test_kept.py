"""What is kept of a film, for how long, and who may know: cases 55 and 60 to 64."""

from __future__ import annotations

import json
import socket
import threading
import time

import pytest
from openapi_spec_validator import validate

LIFECYCLE = "X-Fal-Object-Lifecycle-Preference"


def test_queue_length_limit_refuses(http, ep, small, holding, until):
    """Case 55: `fal_max_queue_length=0` with one order waiting is a 429; nothing is queued."""
    first = http.post(f"/queue/{ep}", json={"prompt": holding, **small}).json()
    until(lambda: http.get(first["status_url"]).json()["status"], lambda word: word == "IN_PROGRESS")
    second = http.post(f"/queue/{ep}", json={"prompt": "A lake", **small}).json()
    refused = http.post(f"/queue/{ep}?fal_max_queue_length=0", json={"prompt": "A lake", **small})
    assert refused.status_code == 429
    assert refused.json()["detail"]
    http.put(first["cancel_url"])
    until(lambda: http.get(second["status_url"]).status_code, lambda code: code == 200)


@pytest.fixture
def stranger():
    """A server that is not ours, under a name that is not loopback's: the name, and what connected to it."""
    with socket.create_server(("", 0)) as listening:
        came = []

        def listen():
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                came.append(connection.recv(100))  # nothing from our own knock
                connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        host = (socket.gethostname(), listening.getsockname()[1])
        socket.create_connection(host).close()  # whoever fetched it would get there
        yield f"{host[0]}:{host[1]}", came
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_proxy_calls_no_strangers(http, stranger, ep):
    """Case 60: the proxy route answers 400 to a foreign host, however it is written, and calls nobody."""
    host, came = stranger
    for url in (
        f"http://{host}/{ep}",
        f"http://queue.fal.run@{host}/{ep}",
        f"http://{host}#queue.fal.run",
        f"//{host}/{ep}",
        "https://fal.run.example.org/x",
        "file:///etc/passwd",
        "",
    ):
        told = http.post("/api/fal/proxy", headers={"x-fal-target-url": url}, json={"prompt": "A lake"})
        assert told.status_code == 400, url
        assert told.json()["detail"]
    assert not any(came)


def test_expired_files_are_gone(http, make_film):
    """Case 61: before the seconds it was given have passed a film can be had, afterwards it is a 404."""
    told = make_film(headers={LIFECYCLE: json.dumps({"expiration_duration_seconds": 4})})
    url = told.json()["video"]["url"]
    assert http.get(url).status_code == 200
    time.sleep(4.5)  # the rule itself is time; the film was published before we began to count
    assert http.get(url).status_code == 404
    assert http.head(url).status_code == 404


def test_io_that_is_not_stored_is_not_in_the_history(http, make_film, ep):
    """Case 62: with `X-Fal-Store-IO: 0` the history has no input and output; the result is there."""
    told = make_film("A lake nobody may read of", headers={"X-Fal-Store-IO": "0"})
    assert told.status_code == 200
    order_id = told.headers["x-fal-request-id"]
    query = {"endpoint_id": ep, "request_id": order_id, "expand": "payloads"}
    (item,) = http.get("/v1/models/requests/by-endpoint", params=query).json()["items"]
    assert item["request_id"] == order_id
    assert item.get("json_input") is None
    assert item.get("json_output") is None
    assert http.get(told.json()["video"]["url"]).status_code == 200


def test_stored_io_is_in_the_history(http, make_film, ep):
    """Case 62: without that header the history has both, word for word."""
    told = make_film("A lake for the record")
    query = {"endpoint_id": ep, "request_id": told.headers["x-fal-request-id"], "expand": "payloads"}
    (item,) = http.get("/v1/models/requests/by-endpoint", params=query).json()["items"]
    assert item["json_input"]["prompt"] == "A lake for the record"
    assert item["json_output"]["video"]["file_size"] == told.json()["video"]["file_size"]


def test_deleted_payloads_are_gone(http, make_film):
    """Case 63: after DELETE of its payloads a request's result and files are 404; an uploaded file stays."""
    headers = {"Content-Type": "text/plain", "X-Fal-File-Name": "input.txt"}
    token = http.post("/storage/auth/token?storage_type=fal-cdn-v3", json={}).json()
    headers["Authorization"] = f"{token['token_type']} {token['token']}"
    kept = http.post("/files/upload", content=b"mine", headers=headers).json()["access_url"]
    told = make_film(f"A lake as in {kept}")
    order_id = told.headers["x-fal-request-id"]
    deleted = http.delete(f"/v1/models/requests/{order_id}/payloads")
    assert deleted.status_code == 200, deleted.text
    links = {row["link"]: row["exception"] for row in deleted.json()["cdn_delete_results"]}
    files = [file["url"] for file in told.json().values() if isinstance(file, dict) and "url" in file]
    assert set(files) <= set(links)
    assert set(links.values()) == {None}
    assert http.get(f"/queue/fal-ai/kling-video/requests/{order_id}").status_code == 404
    assert {http.get(url).status_code for url in files} == {404}
    assert http.get(kept).content == b"mine"


def test_models_describe_what_is_accepted(http, ep, small, until):
    """Case 64: the listed model's OpenAPI is valid, and its example is an order the server takes."""
    query = {"endpoint_id": ep, "expand": "openapi-3.0"}
    (model,) = http.get("/v1/models", params=query).json()["models"]
    document = model["openapi"]
    validate(document)
    assert model["endpoint_id"] == ep
    path = document["paths"][f"/{ep}"]["post"]
    reference = path["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    fields = document["components"]["schemas"][reference.rpartition("/")[2]]["properties"]
    known = {"prompt", "multi_prompt", "duration", "aspect_ratio", "negative_prompt", "cfg_scale", "seed"}
    assert known <= set(fields)
    example = {
        name: field["examples"][0]
        for name, field in fields.items()
        if field.get("examples") and name not in ("multi_prompt", "screenplay")
    }
    told = http.post(f"/queue/{ep}", json={**example, **small, "prompt": "A lake"})
    assert told.status_code == 200, told.text
    until(lambda: http.get(told.json()["status_url"]).status_code, lambda code: code == 200)
