"""The wire's own smoke: a submit is answered."""


def test_submit_and_a_life(http, holding, small, ep):
    """A submit is answered 200."""
    submitted = http.post(f"/queue/{ep}", json={**small, "prompt": holding})
    assert submitted.status_code == 200, submitted.text
