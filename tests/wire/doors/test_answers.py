"""Refusals at the gate, held to stored ones."""

from golden import check_golden

APP = "fal-ai/kling-video"
NOBODY = "8a0cf7d3-0c0b-4b7a-9b0e-000000000000"


def test_who_may_not_come_in(keyed, ep):
    """No key, none that reads, and a wrong one: in fal's words, before any 404, on every door."""
    with keyed.caller(None) as caller:
        check_golden("keys/none", caller.post(f"/queue/{ep}", json={}))
        check_golden("keys/none_status", caller.get(f"/queue/{APP}/requests/{NOBODY}/status"))
        check_golden("keys/none_platform", caller.get("/v1/models"))
        check_golden("keys/none_videos", caller.get("/v1/videos"))
        check_golden("keys/none_upload", caller.post("/files/upload", content=b"x"))
        check_golden("keys/none_unknown_path", caller.get("/nowhere"))
        malformed = caller.post(f"/queue/{ep}", json={}, headers={"authorization": "Key nothing"})
        check_golden("keys/malformed", malformed)
        other = caller.post(f"/queue/{ep}", json={}, headers={"authorization": "Basic eDp5"})
        check_golden("keys/another_scheme", other)
    with keyed.caller("nobody:nothing") as caller:
        check_golden("keys/wrong", caller.post(f"/queue/{ep}", json={}))
        check_golden("keys/wrong_status", caller.get(f"/queue/{APP}/requests/{NOBODY}/status"))


def test_what_takes_an_admins_key(keyed, ep):
    """History and flush with a key that is no admin's."""
    with keyed.caller(keyed.key) as caller:
        asked = {"endpoint_id": ep}
        check_golden("keys/history", caller.get("/v1/models/requests/by-endpoint", params=asked))
        check_golden("keys/flush", caller.delete(f"/v1/serverless/apps/{APP}/queue"))
        check_golden("keys/status_unknown", caller.get(f"/queue/{APP}/requests/{NOBODY}/status"))


def test_what_needs_no_key(keyed):
    """Health and the keys that webhooks are signed with are for everybody."""
    with keyed.caller(None) as caller:
        assert caller.get("/health/live").status_code == 200
        assert caller.get("/.well-known/jwks.json").status_code == 200
