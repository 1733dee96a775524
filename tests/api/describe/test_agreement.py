"""Do the documents and the server say the same? The schema takes a body exactly where `read_order` takes it.

But for sums: what adds up is beyond JSON Schema, and named below.
"""

import json

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis import openapi as described

from soundstage.api.contract import endpoints, find_endpoint, read_order
from soundstage.api.describe.openapi import endpoint_document
from soundstage.api.describe.schemas import SHOT, input_schema, shot_schema
from soundstage.api.urls import Links
from soundstage.errors import OrderRefused

ENGINES = ("previz", "rehearsal")
SHOT_5 = {"prompt": "a dog runs", "duration": "5"}
P = {"prompt": "a dog runs"}


def whole_schema(endpoint):
    """Return an endpoint's schema with what it refers to."""
    return {**input_schema(endpoint, ENGINES), "components": {"schemas": {SHOT: shot_schema(endpoint)}}}


SCHEMAS = {endpoint.id: whole_schema(endpoint) for endpoint in endpoints()}
VALIDATORS = {name: Draft202012Validator(schema) for name, schema in SCHEMAS.items()}


def problems_of(endpoint_id, body):
    """Return what the server finds wrong with a body."""
    try:
        read_order(
            endpoint_id, json.dumps(body).encode(), order_id="id", pick_seed=lambda: 7, engines=ENGINES
        )
    except OrderRefused as refused:
        return list(refused.problems)
    return []


def is_beyond_a_schema(problem):
    """Tell whether this rule is one of sums, or one within a screenplay."""
    place = ".".join(str(part) for part in problem.loc[1:])
    if place.startswith("screenplay."):
        return True
    adds_up = place == "multi_prompt" and problem.type in ("less_than_equal", "greater_than_equal")
    agrees = place == "duration" and problem.type == "value_error"
    return adds_up or agrees


def assert_agreement(endpoint_id, body):
    """The schema refuses a body exactly if the server does, for a reason that a schema can say."""
    problems = problems_of(endpoint_id, body)
    sayable = [p.msg for p in problems if not is_beyond_a_schema(p)]
    refusals = [error.message for error in VALIDATORS[endpoint_id].iter_errors(body)]
    assert bool(sayable) == bool(refusals), (body, sayable, refusals)


BODIES = [
    {}, [], None, "prompt", 5, P, {"prompt": None}, {"prompt": ""}, {"prompt": " \t"}, {"prompt": "a" * 2500},
    {"prompt": "a" * 2501}, {"prompt": 5}, {"prompt": "a\0"}, {"prompt": "\n"}, {"prompt": "\u3000"},
    {"prompt": "\x1c"}, {"prompt": "\x85"}, {"prompt": "\ufeff"}, {"prompt": "\u200b"}, {"prompt": "a\n"},
    {"multi_prompt": [SHOT_5]}, {"multi_prompt": []}, {"multi_prompt": [SHOT_5] * 7}, {"multi_prompt": {}},
    {"multi_prompt": [{}]}, {"multi_prompt": [None]}, {"multi_prompt": [{"prompt": " "}]},
    {"multi_prompt": [{"prompt": "a" * 512}]}, {"multi_prompt": [{"prompt": "a" * 513}]},
    {"multi_prompt": [{"prompt": "a\0"}]}, {"multi_prompt": [{"prompt": None}]},
    {"multi_prompt": [{**SHOT_5, "duration": None}]}, {"multi_prompt": [{**SHOT_5, "duration": "0"}]},
    {"multi_prompt": [{**SHOT_5, "duration": "16"}]}, {"multi_prompt": [{**SHOT_5, "duration": 5}]},
    {"multi_prompt": [{**SHOT_5, "x": 1}]}, {"multi_prompt": [SHOT_5] * 4}, {**P, "multi_prompt": [SHOT_5]},
    {**P, "multi_prompt": None}, {"prompt": "", "multi_prompt": [SHOT_5]},
    {"prompt": " ", "multi_prompt": None},
    {"prompt": " " * 2500, "multi_prompt": [SHOT_5]}, {"prompt": " " * 2501, "multi_prompt": [SHOT_5]},
    {"prompt": 5, "multi_prompt": [SHOT_5]}, {"prompt": "", "multi_prompt": []},
    {"multi_prompt": [SHOT_5], "duration": "6"}, {"screenplay": []}, {"screenplay": None}, {"screenplay": {}},
    {**P, "screenplay": {}}, {"prompt": " ", "screenplay": {}}, {"multi_prompt": [SHOT_5], "screenplay": {}},
    *({**P, "duration": v} for v in ("2", "3", "15", "16", 5, None, "05", "", True, {})),
    *({**P, "generate_audio": v} for v in (True, False, None, 0, "true")),
    *({**P, "shot_type": v} for v in ("customize", "intelligent", "intelligence", None, 1)),
    *({**P, "aspect_ratio": v} for v in ("16:9", "9:16", "1:1", "4:3", None, "")),
    *({**P, "negative_prompt": v} for v in ("", "a" * 2500, "a" * 2501, "a\0", None, 5)),
    *({**P, "cfg_scale": v} for v in (0, 1, 0.5, 1.01, -0.01, "0.5", True, None)),
    *({**P, "character_orientation": v} for v in ("image", "video", "up", None)),
    *({**P, "seed": v} for v in (0, 2**32 - 1, 2**32, -1, 7.0, 7.5, "7", True, None)),
    *({**P, "resolution": v} for v in ("360p", "4k", "480p", None, 360)),
    *({**P, "fps": v} for v in (24, 24.0, 29, "24", None, True)),
    *({**P, "engine": v} for v in ("previz", "rehearsal", "sora", None, 5, "")),
    *({**P, "captions": v} for v in ("none", "both", "burned", None)),
    {**P, "sync_mode": True, "anything": {"else": [1]}},
]  # fmt: skip


@pytest.mark.parametrize("endpoint", [e.id for e in endpoints()])
def test_schema_and_server_agree_on_a_table(endpoint):
    """Every limit, from both sides, at every endpoint: taken by both or refused by both."""
    for body in BODIES:
        assert_agreement(endpoint, body)


ODD = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just([]) | st.just({})
_WORDS = st.sampled_from(["a dog", "", " ", "\0", "x" * 512, "x" * 513, "y" * 2500, "y" * 2501, "狗\n"])
_SECONDS = st.sampled_from([str(n) for n in range(17)])
_SHOT = st.fixed_dictionaries({"prompt": _WORDS}, optional={"duration": _SECONDS | ODD}) | ODD
#: values that are nearly right, by field
NEARLY = {
    "prompt": _WORDS,
    "multi_prompt": st.lists(_SHOT, max_size=7),
    "screenplay": st.just({}),
    "duration": _SECONDS,
    "generate_audio": st.booleans(),
    "shot_type": st.sampled_from(["customize", "intelligent", "Customize"]),
    "aspect_ratio": st.sampled_from(["16:9", "9:16", "1:1", "1:2"]),
    "negative_prompt": _WORDS,
    "cfg_scale": st.floats(-0.5, 1.5) | st.integers(-1, 2),
    "character_orientation": st.sampled_from(["image", "video", "both"]),
    "seed": st.integers(-2, 2**32 + 2) | st.floats(-1, 9),
    "resolution": st.sampled_from(["360p", "540p", "720p", "1080p", "4k", "8k"]),
    "fps": st.sampled_from([23.976, 24, 25, 29, 30, 48, 60]),
    "engine": st.sampled_from([*ENGINES, "sora"]),
    "captions": st.sampled_from(["none", "file", "track", "both", "all"]),
    "unheard_of": ODD,
}
BODY = st.fixed_dictionaries({}, optional={name: value | ODD for name, value in NEARLY.items()})
ENDPOINT = st.sampled_from([e.id for e in endpoints()])


@given(endpoint=ENDPOINT, body=BODY)
@settings(max_examples=400, deadline=None, database=None)
def test_schema_and_server_agree_on_what_is_nearly_right(endpoint, body):
    """Bodies with any fields, each right or nearly so: taken by both or refused by both."""
    assert_agreement(endpoint, body)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_schema_and_server_agree_on_what_a_generator_makes(mode):
    """What schemathesis makes of a document, to fit it or to break it: taken or refused by both."""
    endpoint = endpoints()[0].id
    links = Links(base="http://localhost:8000", queue="http://localhost:8000/queue")
    document = described.from_dict(endpoint_document(find_endpoint(endpoint), links, ENGINES))

    @given(case=document[f"/{endpoint}"]["POST"].as_strategy(generation_mode=mode))
    @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def check(case):
        try:
            body = json.loads(json.dumps(case.body, allow_nan=False))
        except (TypeError, ValueError):
            reject()  # bytes that are no JSON, which no schema speaks of
        assert_agreement(endpoint, body)

    check()
