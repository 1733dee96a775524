"""The request contract: every field, default, limit and exclusion, through the door that all callers take."""

# ruff: noqa: E501 - the table of bad requests reads across
import json
import math

import pytest

from soundstage.api.contract import TERMINAL_LIMITS, WIRE_LIMITS, endpoints
from soundstage.errors import EndpointUnknown, OrderRefused
from soundstage.film import FrameSize, Order
from soundstage.plain import from_json, to_json

SHOT = {"prompt": "a dog runs"}
P = {"prompt": "a dog runs"}

#: body -> for each problem its place, its type, and words its sentence must have
REFUSED = [
    (b"", ("prompt", "missing", "multi_prompt"), ("multi_prompt", "missing", "prompt")),
    (b" \n", ("prompt", "missing", "2500"), ("multi_prompt", "missing", "1 to 6")),
    (b"{}", ("prompt", "missing", "multi_prompt"), ("multi_prompt", "missing", "prompt")),
    ({"prompt": None, "multi_prompt": None}, ("prompt", "missing", ""), ("multi_prompt", "missing", "")),
    (b"{", ("", "json_invalid", "line 1")),
    (b'{"prompt": NaN}', ("", "json_invalid", "")),
    (b'{"prompt": Infinity}', ("", "json_invalid", "")),
    (b'{"prompt": "\\ud800"}', ("", "json_invalid", "")),
    (b"\xff\xfe", ("", "json_invalid", "")),
    (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", ("", "json_invalid", "recursion")),
    (b'{"prompt": "a"} x', ("", "json_invalid", "trailing")),
    (b'{"seed": ' + b"9" * 5000 + b"}", ("", "json_invalid", "")),
    (b"[]", ("", "dict_type", "a list")),
    (b"null", ("", "dict_type", "null")),
    (b'"prompt"', ("", "dict_type", "a string")),
    (b"5", ("", "dict_type", "a number")),
    ({"prompt": ""}, ("prompt", "string_too_short", "empty")),
    ({"prompt": " \t\n"}, ("prompt", "value_error", "blank (3 characters")),
    ({"prompt": "a" * 2501}, ("prompt", "string_too_long", "2501 characters long", "2500")),
    ({"prompt": 5}, ("prompt", "string_type", "5", '"5"')),
    ({"prompt": ["a"]}, ("prompt", "string_type", "a list")),
    ({"prompt": "a\0b"}, ("prompt", "value_error", "NUL")),
    ({"prompt": "\ud800"}, ("prompt", "string_unicode", "surrogate")),
    ({**P, "multi_prompt": [SHOT]}, ("prompt", "value_error", "both"), ("multi_prompt", "value_error", "both")),
    ({"multi_prompt": []}, ("multi_prompt", "sequence_too_short", "0 elements", "at least 1")),
    ({"multi_prompt": [SHOT] * 7}, ("multi_prompt", "less_than_equal", "35"), ("multi_prompt", "sequence_too_long", "7 elements", "at most 6")),
    ({"multi_prompt": [{**SHOT, "duration": "2"}] * 7}, ("multi_prompt", "sequence_too_long", "7", "6")),
    ({"multi_prompt": "a dog"}, ("multi_prompt", "list_type", '"a dog"')),
    ({"multi_prompt": [None]}, ("multi_prompt.0", "dict_type", "null")),
    ({"multi_prompt": ["a"]}, ("multi_prompt.0", "dict_type", '"a"')),
    ({"multi_prompt": [{}]}, ("multi_prompt.0.prompt", "missing", "required")),
    ({"multi_prompt": [{"prompt": None}]}, ("multi_prompt.0.prompt", "missing", "required")),
    ({"multi_prompt": [{"prompt": "  "}]}, ("multi_prompt.0.prompt", "value_error", "blank")),
    ({"multi_prompt": [SHOT, {"prompt": "a" * 513, "duration": "3"}]}, ("multi_prompt.1.prompt", "string_too_long", "513", "512")),
    ({"multi_prompt": [{**SHOT, "duration": "16"}]}, ("multi_prompt.0.duration", "literal_error", '"16"', '"15"')),
    ({"multi_prompt": [{**SHOT, "duration": "0"}]}, ("multi_prompt.0.duration", "literal_error", '"0"', '"1"')),
    ({"multi_prompt": [{**SHOT, "duration": 5}]}, ("multi_prompt.0.duration", "literal_error", "string", '"5"')),
    ({"multi_prompt": [{**SHOT, "duration": "1"}] * 2}, ("multi_prompt", "greater_than_equal", "1 + 1", "2 seconds", "3")),
    ({"multi_prompt": [SHOT] * 4}, ("multi_prompt", "less_than_equal", "20 seconds", "15")),
    ({"multi_prompt": [SHOT] * 2, "duration": "5"}, ("duration", "value_error", '"5"', "5 + 5", '"10"')),
    ({**P, "duration": 5}, ("duration", "literal_error", "is 5:", "string", 'is "5"')),
    ({**P, "duration": "2"}, ("duration", "literal_error", 'is "2"', '"3" to "15"', 'value is "3"')),
    ({**P, "duration": "16"}, ("duration", "literal_error", 'value is "15"')),
    ({**P, "duration": "05"}, ("duration", "literal_error", 'value is "5"')),
    ({**P, "duration": "5.4"}, ("duration", "literal_error", 'value is "5"')),
    ({**P, "duration": "five"}, ("duration", "literal_error", '"five"')),
    ({**P, "duration": True}, ("duration", "literal_error", "true", "string")),
    ({**P, "duration": {}}, ("duration", "literal_error", "an object")),
    ({**P, "cfg_scale": 1.5}, ("cfg_scale", "less_than_equal", "1.5", "at most 1", "value is 1")),
    ({**P, "cfg_scale": -0.1}, ("cfg_scale", "greater_than_equal", "-0.1", "value is 0")),
    ({**P, "cfg_scale": "0.5"}, ("cfg_scale", "float_type", '"0.5"', "without quotes", "value is 0.5")),
    ({**P, "cfg_scale": True}, ("cfg_scale", "float_type", "true")),
    ({**P, "cfg_scale": math.nan}, ("cfg_scale", "finite_number", "NaN")),
    ({**P, "cfg_scale": 10**400}, ("cfg_scale", "float_type", "an integer of")),
    ({**P, "generate_audio": "false"}, ("generate_audio", "bool_type", '"false"', "value is false")),
    ({**P, "generate_audio": 1}, ("generate_audio", "bool_type", "1", "value is true")),
    ({**P, "shot_type": "intelligence"}, ("shot_type", "literal_error", '"intelligence"', 'value is "intelligent"')),
    ({**P, "aspect_ratio": "4:3"}, ("aspect_ratio", "literal_error", "'16:9', '9:16' or '1:1'")),
    ({**P, "negative_prompt": "a" * 2501}, ("negative_prompt", "string_too_long", "2501", "2500")),
    ({**P, "negative_prompt": 0}, ("negative_prompt", "string_type", "")),
    ({**P, "character_orientation": "up"}, ("character_orientation", "literal_error", "'image' or 'video'")),
    ({**P, "seed": -1}, ("seed", "greater_than_equal", "-1", "value is 0")),
    ({**P, "seed": 2**32}, ("seed", "less_than_equal", str(2**32), str(2**32 - 1))),
    ({**P, "seed": 10**5000}, ("seed", "less_than_equal", "an integer of")),
    ({**P, "seed": 1.5}, ("seed", "int_type", "1.5")),
    ({**P, "seed": "7"}, ("seed", "int_type", "value is 7")),
    ({**P, "resolution": "480p"}, ("resolution", "literal_error", '"480p"', 'value is "540p"')),
    ({**P, "resolution": "2k"}, ("resolution", "literal_error", 'value is "1080p"')),
    ({**P, "fps": 29}, ("fps", "literal_error", "29", "value is 30")),
    ({**P, "fps": "24"}, ("fps", "literal_error", '"24"', "value is 24")),
    ({**P, "fps": 10**5000}, ("fps", "int_type", "64 bits")),
    ({**P, "engine": "sora"}, ("engine", "one_of", '"sora"', "'previz'")),
    ({**P, "engine": 5}, ("engine", "string_type", "5")),
    ({**P, "captions": "burned"}, ("captions", "literal_error", '"burned"', "'none', 'file', 'track' or 'both'")),
    ({**P, "screenplay": {}}, ("prompt", "value_error", "both"), ("screenplay", "value_error", "both"), ("screenplay.shots", "missing", ""), ...),
    ({"screenplay": []}, ("screenplay", "dict_type", "an object")),
    # every problem is found at once
    ({"prompt": "", "duration": 5, "cfg_scale": 2, "fps": 1}, ("prompt", "string_too_short", ""),
     ("duration", "literal_error", ""), ("cfg_scale", "less_than_equal", ""), ("fps", "literal_error", "")),
]  # fmt: skip


@pytest.mark.parametrize(
    "case", REFUSED, ids=[f"{i}-{case[1][0]}-{case[1][1]}" for i, case in enumerate(REFUSED)]
)
def test_bad_requests_are_refused_with_every_reason(read, case):
    """A bad request is refused with place, type and a sentence of field, value, rule and nearest legal value."""
    body, *expected = case
    exact = expected[-1] is not ...
    expected = expected if exact else expected[:-1]
    with pytest.raises(OrderRefused) as refused:
        read(body)
    problems = list(refused.value.problems)
    for place, kind, *words in expected:
        found = [p for p in problems if ".".join(map(str, p.loc[1:])) == place and p.type == kind]
        assert found, f"no {kind} at {place!r} in {problems}"
        assert all(word in found[0].msg for word in words), found[0].msg
        assert not place or place.split(".")[0] in found[0].msg
        assert found[0].loc[0] == "body"
    assert not exact or len(problems) == len(expected), problems
    json.dumps([to_json(p) for p in problems], allow_nan=False).encode()


def test_numbers_of_a_rule_stand_in_ctx(read):
    """A program can read the limit without reading the sentence."""
    for body, ctx in [
        ({**P, "cfg_scale": 1.5}, {"le": 1}),
        ({"prompt": "a" * 2501}, {"max_length": 2500}),
        ({"multi_prompt": []}, {"min_length": 1}),
        ({**P, "engine": "sora"}, {"expected": ["previz"]}),
        ({**P, "fps": 1}, {"expected": "24, 25, 30, 48 or 60"}),
    ]:
        with pytest.raises(OrderRefused) as refused:
            read(body)
        assert [p.ctx for p in refused.value.problems] == [ctx]


def test_what_was_sent_comes_back_shortened(read):
    """`input` has what was sent, but a long text is not sent back whole."""
    with pytest.raises(OrderRefused) as refused:
        read({"prompt": "a" * 100_000, "cfg_scale": 7})
    prompt, scale = refused.value.problems
    assert scale.input == 7
    assert prompt.input.startswith("aaa")
    assert len(prompt.input) < 600


def test_defaults_are_fals(read):
    """A prompt alone means what fal's page says it means."""
    assert read(P) == Order(
        order_id="id", endpoint="fal-ai/kling-video/v3/pro/text-to-video", prompt="a dog runs", shots=(),
        seconds=5.0, size=FrameSize(width=1920, height=1080), fps=24, generate_audio=True,
        shot_type="customize", negative_prompt="blur, distort, and low quality", cfg_scale=0.5, seed=7,
        engine="previz", captions="both", screenplay=None,
    )  # fmt: skip


def test_every_field_is_taken(read):
    """What is sent is what the order says; null is absent, unknown keys are ignored, of equal keys the last counts."""
    order = read(
        b'{"prompt": "no", "prompt": "yes", "duration": "15", "generate_audio": false, "shot_type": "intelligent",'
        b'"aspect_ratio": "9:16", "negative_prompt": "", "cfg_scale": 1, "character_orientation": "video",'
        b'"seed": 0, "resolution": "360p", "fps": 60, "engine": "previz", "captions": "none",'
        b'"sync_mode": true, "multi_prompt": null}'
    )
    assert order == Order(
        order_id="id", endpoint="fal-ai/kling-video/v3/pro/text-to-video", prompt="yes", shots=(),
        seconds=15.0, size=FrameSize(width=360, height=640), fps=60, generate_audio=False,
        shot_type="intelligent", negative_prompt="", cfg_scale=1.0, seed=0,
        engine="previz", captions="none", screenplay=None,
    )  # fmt: skip
    assert from_json(Order, json.loads(json.dumps(to_json(order)))) == order


def test_the_longest_legal_values_pass(read):
    """A limit is the last legal value: 2500 and 512 characters, six shots, 15 seconds, the highest seed."""
    order = read({"prompt": "字" * 2500, "negative_prompt": "b" * 2500, "seed": 2**32 - 1})
    assert len(order.prompt) == 2500
    order = read(
        {"multi_prompt": [{"prompt": "c" * 512, "duration": d} for d in ("1", "2", "3", "4", "4", "1")]}
    )
    assert [shot.seconds for shot in order.shots] == [1, 2, 3, 4, 4, 1]
    assert order.seconds == 15


def test_shots_make_the_films_length(read):
    """With shots the film lasts their sum, a duration that equals it is fine, and the prompt is nobody's."""
    order = read({"multi_prompt": [SHOT, {**SHOT, "duration": None}], "duration": "10", "prompt": " "})
    assert (order.prompt, order.seconds, [s.seconds for s in order.shots]) == (None, 10, [5, 5])


@pytest.mark.parametrize("endpoint", [e.id for e in endpoints()])
@pytest.mark.parametrize("resolution", ["360p", "540p", "720p", "1080p", "4k"])
@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
def test_every_frame_is_even_and_of_one_area(read, endpoint, resolution, aspect):
    """Each resolution has every shape, with even sides and the wide frame's number of pixels."""
    size = read({**P, "resolution": resolution, "aspect_ratio": aspect}, endpoint=endpoint).size
    wide = read({**P, "resolution": resolution}, endpoint=endpoint).size
    assert size.width % 2 == size.height % 2 == 0
    assert size.width * size.height == wide.width * wide.height
    assert (
        aspect == "1:1"
        or min(size.width, size.height) == {"4k": 2160}.get(resolution)
        or int(resolution[:-1])
    )


@pytest.mark.parametrize(
    ("endpoint", "sizes"),
    [
        ("fal-ai/kling-video/v3/pro/text-to-video", [(1920, 1080), (1080, 1920), (1440, 1440)]),
        ("fal-ai/kling-video/v3/standard/text-to-video", [(1280, 720), (720, 1280), (960, 960)]),
        ("fal-ai/kling-video/v3/4k/text-to-video", [(3840, 2160), (2160, 3840), (2880, 2880)]),
        ("fal-ai/kling-video/v3/turbo/pro/text-to-video", [(1920, 1080), (1080, 1920), (1440, 1440)]),
        ("fal-ai/kling-video/o3/pro/text-to-video", [(1920, 1080), (1080, 1920), (1440, 1440)]),
        ("fal-ai/kling-video/o3/standard/text-to-video", [(1280, 720), (720, 1280), (960, 960)]),
    ],
)
def test_endpoints_have_klings_sizes(read, endpoint, sizes):
    """An endpoint's own resolution is the one its sister at Kling has."""
    made = [read({**P, "aspect_ratio": a}, endpoint=endpoint).size for a in ("16:9", "9:16", "1:1")]
    assert [(size.width, size.height) for size in made] == sizes


@pytest.mark.parametrize(
    ("endpoint", "ignored", "generate_audio"),
    [
        ("fal-ai/kling-video/v3/4k/text-to-video", {}, True),
        (
            "fal-ai/kling-video/v3/turbo/pro/text-to-video",
            {"generate_audio": False, "shot_type": 5, "negative_prompt": 5, "cfg_scale": 9, "character_orientation": 5},
            True,
        ),
        ("fal-ai/kling-video/o3/pro/text-to-video", {"negative_prompt": 5, "cfg_scale": 9, "character_orientation": 5}, False),
        ("fal-ai/kling-video/o3/standard/text-to-video", {"negative_prompt": 5, "cfg_scale": 9, "character_orientation": 5}, False),
    ],
)  # fmt: skip
def test_sisters_ignore_what_they_lack(read, endpoint, ignored, generate_audio):
    """A field that an endpoint does not have is ignored like any unknown key, and its own defaults hold."""
    order = read({**P, **ignored}, endpoint=endpoint)
    assert order == read(P, endpoint=endpoint)
    assert order.generate_audio is generate_audio
    assert (order.negative_prompt, order.cfg_scale) == ("blur, distort, and low quality", 0.5)


def test_o3_has_sound_where_it_is_asked_for(read):
    """o3 is silent by default, and has sound when told so."""
    order = read({**P, "generate_audio": True}, endpoint="fal-ai/kling-video/o3/pro/text-to-video")
    assert order.generate_audio


def test_a_long_blank_prompt_is_refused_beside_shots_too(read):
    """Blank beside another source is absent only within the prompt's own length, as its schema says."""
    assert read({"multi_prompt": [SHOT], "prompt": " " * 2500}).prompt is None
    with pytest.raises(OrderRefused):
        read({"multi_prompt": [SHOT], "prompt": " " * 2501})


def test_seed_is_kept_or_picked(read):
    """A seed that is sent is the order's; without one it is picked."""
    assert read({**P, "seed": 4_000_000_000}).seed == 4_000_000_000
    assert read(P, pick_seed=lambda: 99).seed == 99


def test_the_terminal_allows_a_minute(read):
    """The terminal takes whole numbers and up to 60 seconds; the wire's own limits do not move."""
    assert read({**P, "duration": 60}, limits=TERMINAL_LIMITS).seconds == 60
    assert read({**P, "duration": "45"}, limits=TERMINAL_LIMITS).seconds == 45
    shots = [{**SHOT, "duration": 20}, {**SHOT, "duration": "40"}]
    assert read({"multi_prompt": shots}, limits=TERMINAL_LIMITS).seconds == 60
    for bad in (2, 61, True, 5.0, 10**5000):
        with pytest.raises(OrderRefused):
            read({**P, "duration": bad}, limits=TERMINAL_LIMITS)
    with pytest.raises(OrderRefused):
        read({**P, "duration": "16"}, limits=WIRE_LIMITS)


def test_unknown_endpoints_are_told_what_is_served(read):
    """The error for a misspelt endpoint lists the right ones."""
    with pytest.raises(EndpointUnknown) as unknown:
        read(P, endpoint="fal-ai/kling-video/v3/pro/text-to-vide")
    for endpoint in endpoints():
        assert endpoint.id in str(unknown.value)
    assert str(unknown.value).split("served here: ")[1].startswith("fal-ai/kling-video/v3/pro/text-to-video")


def test_missing_engines_are_told(read):
    """Without any engine the request is refused in words, not by a crash."""
    with pytest.raises(OrderRefused, match="no engine is installed"):
        read(P, engines=())
