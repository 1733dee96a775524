"""Refusals of the second door, held to stored ones. Its answers to a life are in `others/test_openai.py`."""

from golden import check_golden

#: OpenAI's own fields, and what makes it cheap.
BODY = {"prompt": "A lake", "seconds": "3", "size": "640x360", "generate_audio": False}


def test_what_a_video_is_not(http, done):
    """A picture of many, of a film that was ordered at the first door."""
    assert http.get(f"/v1/videos/{done}").json()["status"] == "completed"
    check_golden("videos/spritesheet", http.get(f"/v1/videos/{done}/content?variant=spritesheet"))


def test_refusals(http):
    """What is no video, and what is no order."""
    check_golden("videos/no_prompt", http.post("/v1/videos", json={"seconds": "3"}))
    check_golden("videos/bad_size", http.post("/v1/videos", json={**BODY, "size": "1x1"}))
    check_golden("videos/bad_model", http.post("/v1/videos", json={**BODY, "model": "veo"}))
    check_golden("videos/unknown", http.get("/v1/videos/nobody"))
    check_golden("videos/remix", http.post("/v1/videos/nobody/remix", json={"prompt": "A hill"}))
