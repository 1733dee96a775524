"""What holds of every prompt anybody can send."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import make_order
from soundstage.film import Screenplay
from soundstage.plain import from_json, to_json
from soundstage.plan import write_screenplay

#: The longest prompt the wire takes, in characters.
LONGEST = 2500
WORDS = tomllib.loads(Path(__file__).with_name("tokens.toml").read_text("utf-8"))
#: What prompts are made of, put together at random: closer to them than random characters are.
PIECES = st.sampled_from(WORDS["pieces"])
PROMPTS = st.one_of(
    st.text(min_size=1, max_size=300),
    st.lists(PIECES, min_size=1, max_size=60).map(" ".join),
    st.lists(PIECES, min_size=1, max_size=60).map("".join),
)
SLOW_MACHINE = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


def check(screenplay, prompts, seconds):
    """Assert what holds of every screenplay."""
    at = 0
    for index, shot in enumerate(screenplay.shots):
        first, count = shot.start * screenplay.fps, shot.seconds * screenplay.fps
        assert abs(first - at) < 1e-6
        assert abs(count - round(count)) < 1e-6
        assert round(count) >= 1
        at += round(count)
        assert (shot.index, shot.id) == (index, f"shot-{index + 1}")
        for event in (*shot.dialogue, *shot.effects):
            assert shot.start - 1e-3 <= event.start <= event.end <= shot.start + shot.seconds + 2e-3, event
        for one, other in pairwise(shot.dialogue):
            assert one.end <= other.start + 1e-3
        nouns = (*shot.subjects, *shot.dialogue, *shot.effects)
        assert len({noun.id for noun in nouns}) == len(nouns)
        assert all(noun.id.startswith(f"{shot.id}.") for noun in nouns)
        assert {line.speaker for line in shot.dialogue} <= {member.name for member in screenplay.cast}
    assert at == max(len(screenplay.shots), round(seconds * screenplay.fps))
    assert screenplay.prompts == prompts
    for span in spans_in(to_json(screenplay)):
        assert 0 <= span["start"] < span["end"] <= len(prompts[span["prompt"]]), span


def spans_in(value):
    """Yield every span of a screenplay's JSON."""
    if isinstance(value, dict):
        if set(value) == {"start", "end", "prompt"}:
            yield value
        for part in value.values():
            yield from spans_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from spans_in(part)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW_MACHINE)
@given(
    prompt=PROMPTS,
    seconds=st.integers(3, 15),
    shot_type=st.sampled_from(["customize", "intelligent"]),
    negative=st.sampled_from(["", "blur, no people", "dog; 人"]),
    cfg_scale=st.sampled_from([0.0, 0.5, 1.0]),
)
def test_any_prompt_makes_a_valid_screenplay(prompt, seconds, shot_type, negative, cfg_scale):
    """Whole frames fill the film, lines lie in their shots, ids are unique, spans point into the prompt."""
    fields = {"seconds": float(seconds), "shot_type": shot_type, "negative_prompt": negative}
    screenplay = write_screenplay(make_order(prompt, cfg_scale=cfg_scale, **fields))
    check(screenplay, (prompt,), seconds)


@settings(max_examples=15, deadline=None, suppress_health_check=SLOW_MACHINE)
@given(shots=st.lists(st.tuples(PROMPTS, st.integers(1, 5)), min_size=1, max_size=6))
def test_any_list_of_prompts_makes_a_valid_screenplay(shots):
    """A `multi_prompt` is a shot an element, as long as it says, whatever stands in it."""
    seconds = float(sum(length for _, length in shots))
    screenplay = write_screenplay(make_order(shots=shots, seconds=seconds))
    check(screenplay, tuple(prompt for prompt, _ in shots), seconds)
    assert [shot.seconds for shot in screenplay.shots] == [length for _, length in shots]


@settings(max_examples=10, deadline=None, suppress_health_check=SLOW_MACHINE)
@given(prompt=PROMPTS)
def test_a_screenplay_survives_json(prompt):
    """To JSON and back it is the same, and sent back as it is it is filmed as it is."""
    asked = make_order(prompt, shot_type="intelligent", seconds=6.0)
    screenplay = write_screenplay(asked)
    assert from_json(Screenplay, to_json(screenplay)) == screenplay
    again = write_screenplay(make_order(None, screenplay=screenplay, seconds=6.0))
    assert again.shots == screenplay.shots


@pytest.mark.parametrize("token", WORDS["repeated"][::4])
def test_one_token_without_end_is_read(token):
    """The longest prompt of nothing but one token is a valid screenplay too."""
    prompt = (token * LONGEST)[:LONGEST]
    screenplay = write_screenplay(make_order(prompt, shot_type="intelligent", seconds=15.0))
    check(screenplay, (prompt,), 15.0)
