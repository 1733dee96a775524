# ruff: noqa: RUF001 - prompts are typed with these marks
"""What an OpenAI-compatible endpoint is asked, and that no answer of it fails a film: by a real server."""

import json
import logging
import time

import pytest

from soundstage.config import Settings
from soundstage.errors import SettingsInvalid
from soundstage.film import FrameSize, Order, ShotRequest
from soundstage.planning import build_model, build_translator, build_writer

KEY = "sk-secret-8d1f"
PROMPT = 'A woman in a red coat walks along a beach. She says, "We should go." A dog barks.'


def order_of(prompt=PROMPT, *, seconds=8, shots=()):
    return Order(
        order_id="00000000-0000-4000-8000-000000000000", endpoint="e", prompt=None if shots else prompt,
        shots=tuple(ShotRequest(prompt=text, seconds=length) for text, length in shots), seconds=seconds,
        size=FrameSize(width=640, height=360), fps=24, generate_audio=True, shot_type="customize",
        negative_prompt="", cfg_scale=0.5, seed=1, engine="previz", captions="none",
    )  # fmt: skip


def planning(endpoint, **more):
    return Settings(
        planner_url=endpoint.url, planner_model="planner-1", planner_key=KEY, planner_timeout_s=1.0, **more
    )


def translating(endpoint):
    return Settings(
        translator_url=endpoint.url, translator_model="tongue-1", translator_key=KEY, translator_timeout_s=1.0
    )


def shot_of(seconds, *, lines=(), **said):
    told = {
        "seconds": seconds, "text": "She walks.", "framing": "medium", "angle": "low", "move": "track",
        "heading": None, "pace": "normal", "place": "beach", "setting": "a beach", "time_of_day": "sunset",
        "weather": "clear", "season": None, "light": [], "mood": [], "effects": [], "ambience": ["surf"],
        "subjects": [
            {"noun": "woman", "kind": "woman", "count": 1, "attributes": ["red"], "action": "walk"}
        ],
        "lines": [{"speaker": "woman", "text": text} for text in lines],
    }  # fmt: skip
    return {**told, **said}


def plan_of(*shots):
    return {"shots": list(shots), "style": "cinematic"}


GOOD = plan_of(shot_of(3), shot_of(5, lines=["We should go."]))


def plain(order):
    """Return the grammar's own screenplay."""
    return build_writer(Settings())(order)


def test_a_model_that_keeps_the_rules_plans_the_film(endpoint):
    """Its shots stand, on whole frames that fill the film; lines are the grammar's, and it is named."""
    endpoint.say(GOOD)
    written = build_writer(planning(endpoint))(order_of())
    assert written.planner == "planner-1"
    assert [(shot.start, shot.seconds, shot.angle) for shot in written.shots] == [
        (0.0, 3.0, "low"),
        (3.0, 5.0, "low"),
    ]
    (line,) = written.shots[1].dialogue
    assert (line.text, line.speaker) == ("We should go.", "woman")
    assert 3.0 <= line.start < line.end <= 8.0
    span = written.shots[0].subjects[0].spans[0]
    assert written.prompts[0][span.start : span.end] == "woman"


def test_a_model_is_asked_for_a_schema_and_told_the_contract(endpoint):
    """The question carries the key, a JSON Schema, and the grammar's lines."""
    endpoint.say(GOOD)
    build_writer(planning(endpoint))(order_of())
    headers, body = endpoint.asked[0]
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert body["response_format"]["type"] == "json_schema"
    assert body["response_format"]["json_schema"]["schema"]["properties"]["shots"]["type"] == "array"
    told = json.loads(body["messages"][1]["content"])
    assert [line["text"] for shot in told["grammar"] for line in shot["lines"]] == ["We should go."]


def test_the_same_question_is_asked_once(endpoint):
    """A film's second attempt has the same screenplay, whatever the model would say now."""
    endpoint.say(GOOD)
    write = build_writer(planning(endpoint))
    first = write(order_of())
    endpoint.say(plan_of(shot_of(8, lines=["We should go."])))
    assert write(order_of()) == first
    assert len(endpoint.asked) == 1


BAD_PLANS = {
    "no JSON": "I would rather write prose.",
    "a list": [GOOD],
    "no shots": {"shots": [], "style": "cinematic"},
    "seven shots": plan_of(*[shot_of(1) for _ in range(6)], shot_of(2, lines=["We should go."])),
    "too long": plan_of(shot_of(5), shot_of(5, lines=["We should go."])),
    "no number": plan_of(shot_of("five"), shot_of(3, lines=["We should go."])),
    "a changed line": plan_of(shot_of(3), shot_of(5, lines=["We must go!"])),
    "a lost line": plan_of(shot_of(3), shot_of(5)),
    "an added line": plan_of(shot_of(3, lines=["Hello."]), shot_of(5, lines=["We should go."])),
    "an unknown framing": plan_of(shot_of(3, framing="cowboy"), shot_of(5, lines=["We should go."])),
    "an unknown place": plan_of(shot_of(3, place="narnia"), shot_of(5, lines=["We should go."])),
    "an unknown kind": plan_of(
        shot_of(3, subjects=[{"noun": "x", "kind": "xyzzy", "count": 1}]),
        shot_of(5, lines=["We should go."]),
    ),
    "a number for a word": plan_of(shot_of(3, mood=[7]), shot_of(5, lines=["We should go."])),
}


@pytest.mark.parametrize("plan", BAD_PLANS.values(), ids=BAD_PLANS)
def test_a_plan_that_breaks_a_rule_leaves_the_grammar_s(endpoint, caplog, plan):
    """The grammar's screenplay stands as it was, with the reason in a note and in the log."""
    endpoint.say(plan)
    with caplog.at_level(logging.WARNING):
        written = build_writer(planning(endpoint))(order_of())
    expected = plain(order_of())
    assert written.planner == "grammar"
    assert (written.shots, written.cast) == (expected.shots, expected.cast)
    assert any("not by planner-1" in note.text for note in written.notes)
    assert [record.planner for record in caplog.records if hasattr(record, "planner")] == ["planner-1"]


def test_ordered_shots_keep_their_lengths(endpoint):
    """A model may not change the shots of a multi_prompt."""
    endpoint.say(plan_of(shot_of(4), shot_of(4)))
    order = order_of(shots=[("A dog runs", 3), ("A cat sleeps", 5)])
    assert build_writer(planning(endpoint))(order).planner == "grammar"


def hang(fake):
    return lambda *_: fake.stopping.wait(30)


def fail(status):
    def behave(handler, _):
        from conftest import send

        send(handler, status, b'{"error": "no"}')

    return behave


def drip(fake):
    """Send a byte now and then, for ever."""

    def behave(handler, _):
        handler.send_response(200)
        handler.end_headers()
        while not fake.stopping.wait(0.05):
            handler.wfile.write(b" ")
            handler.wfile.flush()

    return behave


def flood(handler, _):
    """Send 100 MB."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" " * 1_000_000)


def garble(handler, _):
    handler.wfile.write(b"\x00\x01 this is no HTTP\r\n\r\n")


MISBEHAVIOUR = {
    "hangs": hang, "drips": drip, "fails": lambda _: fail(503), "refuses": lambda _: fail(401),
    "redirects": lambda _: fail(302), "floods": lambda _: flood, "garbles": lambda _: garble,
}  # fmt: skip


@pytest.mark.parametrize("misbehave", MISBEHAVIOUR.values(), ids=MISBEHAVIOUR)
def test_an_endpoint_that_misbehaves_costs_a_second_and_no_film(endpoint, caplog, misbehave):
    """Time and bytes are bounded, both for a planner and for a translator, and no key is told."""
    endpoint.behave = misbehave(endpoint)
    settings = Settings(**planning(endpoint).model_dump() | translating(endpoint).model_dump(include={
        "translator_url", "translator_model", "translator_key", "translator_timeout_s",
    }))  # fmt: skip
    started = time.monotonic()
    with caplog.at_level(logging.DEBUG):
        written = build_writer(settings)(order_of("Ein Mann sagt: „Guten Morgen, wie geht es dir?“"))
    assert (
        time.monotonic() - started < 20
    )  # two bounds of a second on a busy machine; unbounded, it never ends
    assert written.planner == "grammar"
    (line,) = written.shots[0].dialogue
    assert (line.language, line.translated, line.original) == ("de", False, None)
    told = [note.text for note in written.notes] + [record.getMessage() for record in caplog.records]
    told += [str(vars(record)) for record in caplog.records]
    assert any("tongue-1" in text for text in told)
    assert not any(KEY in text for text in told)


def test_nobody_listens():
    """An address where nothing answers leaves the line, too."""
    settings = Settings(translator_url="http://127.0.0.1:9/v1", translator_model="m")
    (line,) = build_writer(settings)(order_of('Una mujer dice: "Hola, amigo mío."')).shots[0].dialogue
    assert line.translated is False


def test_lines_become_english_and_keep_what_was_said(endpoint):
    """A translated line has English text, its original, and a voice that speaks English."""
    endpoint.say({"lines": ["Good morning, my love."]})
    written = build_writer(translating(endpoint))(order_of("Un homme dit : « Bonjour, mon amour. »"))
    (line,) = written.shots[0].dialogue
    assert (line.text, line.language) == ("Good morning, my love.", "en")
    assert (line.original, line.translated) == ("Bonjour, mon amour.", True)
    span = line.spans[0]
    assert "Bonjour" in written.prompts[0][span.start : span.end]
    assert json.loads(endpoint.asked[0][1]["messages"][1]["content"])["source"] == "fr"


@pytest.mark.parametrize(
    "answer",
    [{"lines": []}, {"lines": ["a", "b"]}, {"lines": [" "]}, {"lines": [7]}, ["x"], {"lines": ["x" * 5000]}],
)
def test_a_translation_that_is_none_leaves_the_line(endpoint, answer):
    """Too few, too many, empty, endless or no text: the line stays in its language."""
    endpoint.say(answer)
    (line,) = (
        build_writer(translating(endpoint))(order_of("Un homme dit : « Bonjour, mon amour. »"))
        .shots[0]
        .dialogue
    )
    assert (line.text, line.translated) == ("Bonjour, mon amour.", False)


def test_english_and_chinese_lines_are_nobody_s_business(endpoint):
    """They are spoken as they are: no translator is asked, no field says anything of it."""
    endpoint.say({"lines": ["x"]})
    written = build_writer(translating(endpoint))(
        order_of('A man says "Hello there." A woman says “你好，船长！”')
    )
    lines = written.shots[0].dialogue
    assert {(line.language, line.translated) for line in lines} == {("en", None), ("zh", None)}
    assert endpoint.asked == []


def test_nothing_is_asked_by_default():
    """Without settings there is neither translator nor model."""
    assert build_translator(Settings()) is None
    assert build_model(Settings()) is None


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"planner_url": "http://x/v1"}, "planner_model"),
        ({"planner_url": "ftp://x", "planner_model": "m"}, "planner_url"),
        ({"translator_url": "http://[", "translator_model": "m"}, "translator_url"),
        ({"translator_url": "http://x", "translator_model": "m", "translator_dir": "/x"}, "translator_dir"),
    ],
)
def test_settings_that_contradict_are_named(settings, said):
    """A half setting is a mistake, and says which is missing."""
    with pytest.raises(SettingsInvalid, match=said):
        build_writer(Settings(**settings))


def test_a_key_is_printed_nowhere():
    """Settings may be shown and logged."""
    assert KEY not in f"{Settings(planner_key=KEY)!r} {Settings(planner_key=KEY)}"
