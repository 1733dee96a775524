"""What /v1/plan answers and refuses, held to stored ones. How prompts are read is tested with the planner."""

from golden import check_golden

#: Written by hand, so that no better reading of a prompt changes it.
EDITED = {
    "shots": [
        {
            "seconds": 3, "framing": "close_up", "place": "beach", "time_of_day": "sunset",
            "camera": {"move": "dolly_in", "then": [{"start": 2, "move": "tilt", "heading": "up"}]},
            "subjects": [{"noun": "golden retriever", "action": "run"}],
            "effects": [{"name": "splash", "start": 1, "end": 2}],
        },
        {"seconds": 2, "subjects": [{"noun": "woman"}], "dialogue": [{"speaker": "woman", "text": "Come!"}]},
    ]
}  # fmt: skip


def test_plans(http):
    """A screenplay with what follows from it, and as an engine would be told."""
    body = {"screenplay": EDITED, "seed": 7, "resolution": "360p"}
    check_golden("v1/plan", http.post("/v1/plan", json=body))
    check_golden("v1/plan_h3", http.post("/v1/plan?dialect=h3", json=body))


def test_plans_that_are_refused(http):
    """Bad fields, a bad edit, endpoints and dialects that there are not, a wrong method."""
    check_golden("v1/plan_nothing", http.post("/v1/plan", json={}))
    bad = {"shots": [{**EDITED["shots"][0], "effects": [{"name": "splash", "start": 1, "end": 9}]}]}
    check_golden("v1/plan_edit", http.post("/v1/plan", json={"screenplay": bad}))
    check_golden("v1/plan_endpoint", http.post("/v1/plan?endpoint_id=fal-ai/sora", json={"prompt": "A lake"}))
    check_golden("v1/plan_dialect", http.post("/v1/plan?dialect=klingon", json={"prompt": "A lake"}))
    check_golden("v1/plan_by_get", http.get("/v1/plan"))


def test_rates(start_own_server):
    """More plans than the setting allows: 429, and when to come again."""
    import httpx

    server = start_own_server(SOUNDSTAGE_PLAN_PER_MINUTE="1")
    with httpx.Client(base_url=server.http, timeout=60) as http:
        assert http.post("/v1/plan", json={"prompt": "A lake"}).status_code == 200
        refused = http.post("/v1/plan", json={"prompt": "A lake"})
    assert 50 <= int(refused.headers["retry-after"]) <= 60
    check_golden("v1/plan_rate", refused, wait=refused.headers["retry-after"])
