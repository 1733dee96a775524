"""The platform's answers: models, prices, history, queue, keys that sign, health. Held to stored ones."""

from golden import check_golden

APP = "fal-ai/kling-video"


def test_models(http, ep):
    """Search, one endpoint, prices, and what is wrong with a query."""
    check_golden("v1/models", http.get("/v1/models", params={"endpoint_id": ep}))
    check_golden("v1/models_none", http.get("/v1/models", params={"q": "a model that nobody has"}))
    check_golden("v1/models_limit", http.get("/v1/models", params={"limit": "1000"}))
    check_golden("v1/models_cursor", http.get("/v1/models", params={"cursor": "nowhere"}))
    check_golden("v1/model", http.get(f"/v1/models/{ep}"))
    check_golden("v1/model_unknown", http.get("/v1/models/fal-ai/sora"))
    check_golden("v1/pricing", http.get("/v1/models/pricing", params={"endpoint_id": ep}))
    check_golden("v1/pricing_unknown", http.get("/v1/models/pricing", params={"endpoint_id": "fal-ai/sora"}))
    check_golden("v1/meta", http.get("/v1/meta"))
    check_golden("v1/unknown", http.get("/v1/nowhere"))
    check_golden("v1/meta_by_post", http.post("/v1/meta"))


def test_openapi_and_guides(http, ep):
    """The endpoint's OpenAPI and its guide, whole."""
    found = http.get("/api/openapi/queue/openapi.json", params={"endpoint_id": ep})
    check_golden("v1/openapi", found)
    check_golden("v1/openapi_unknown", http.get("/api/openapi/queue/openapi.json?endpoint_id=fal-ai/sora"))
    check_golden("v1/llms", http.get(f"/models/{ep}/llms.txt"))
    check_golden("v1/llms_site", http.get("/llms.txt"))


def test_history(http, done, ep, path):
    """An order in the history, with and without payloads, before and after they are deleted."""
    asked = {"endpoint_id": ep, "request_id": done}
    check_golden("v1/history", http.get("/v1/models/requests/by-endpoint", params=asked))
    whole = http.get("/v1/models/requests/by-endpoint", params={**asked, "expand": "payloads"})
    check_golden("v1/history_payloads", whole)
    check_golden("v1/history_no_endpoint", http.get("/v1/models/requests/by-endpoint"))
    bad = {**asked, "status": "fine"}
    check_golden("v1/history_status", http.get("/v1/models/requests/by-endpoint", params=bad))
    check_golden("v1/payloads_deleted", http.delete(f"/v1/models/requests/{done}/payloads"))
    check_golden(
        "v1/history_forgotten",
        http.get("/v1/models/requests/by-endpoint", params={**asked, "expand": "payloads"}),
    )
    check_golden("queue/result_forgotten", http.get(path(done)))
    check_golden("queue/status_forgotten", http.get(path(done, "/status?logs=1")))
    nobody = "8a0cf7d3-0c0b-4b7a-9b0e-000000000000"
    check_golden("v1/payloads_unknown", http.delete(f"/v1/models/requests/{nobody}/payloads"))


def test_payloads_of_what_is_running(http, submit, follow, path, holding):
    """What has not ended cannot be forgotten."""
    order_id = submit(holding).json()["request_id"]
    follow(order_id, lambda body: body["status"] == "IN_PROGRESS")
    check_golden("v1/payloads_early", http.delete(f"/v1/models/requests/{order_id}/payloads"))
    http.put(path(order_id, "/cancel"))
    follow(order_id)


def test_queue_size_and_flush(http, submit, follow, path, holding):
    """How many wait, and all of them withdrawn; the one that runs goes on."""
    running = submit(holding).json()["request_id"]
    follow(running, lambda body: body["status"] == "IN_PROGRESS")
    waiting = submit().json()["request_id"]
    check_golden("v1/queue_size", http.get(f"/v1/serverless/apps/{APP}/queue"))
    check_golden("v1/queue_flush", http.delete(f"/v1/serverless/apps/{APP}/queue"))
    assert follow(waiting).json()["error_type"] == "client_cancelled"
    assert http.get(path(running, "/status")).json()["status"] == "IN_PROGRESS"
    http.put(path(running, "/cancel"))
    follow(running)


def test_jwks_and_health(http):
    """The keys that sign, liveness, readiness, and the greeting."""
    keys = http.get("/.well-known/jwks.json")
    (key,) = keys.json()["keys"]
    assert len(key["x"]) == 44, "fal's documented verifier adds no padding"
    check_golden("jwks", keys, x=key["x"], key_id=key["kid"])
    check_golden("health/live", http.get("/health/live"))
    check_golden("health/ready", http.get("/health/ready"))
    check_golden("health/greeting", http.get("/"))
