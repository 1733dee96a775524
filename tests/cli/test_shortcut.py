"""The short way of `soundstage plan`: where it answers, it answers as the long one; else it keeps silent."""

import io
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from soundstage.api.contract import TERMINAL_LIMITS, read_bare_order, read_order
from soundstage.cli.commands import cli
from soundstage.cli.shortcut import DEFAULT_ENDPOINT, answer_at_once
from soundstage.errors import OrderRefused

RAIN = 'Shot 1 (2s): a woman in the rain. She whispers: "Go." Shot 2 (3s): a dog runs.'
STANDARD = DEFAULT_ENDPOINT.replace("/pro/", "/standard/")


def at_once(*words):
    """Return what the short way prints, or None."""
    out = io.StringIO()
    return out.getvalue() if answer_at_once(["plan", *words], out) else None


@pytest.mark.parametrize(
    "words",
    [
        [RAIN, "--seed", "7"],
        [RAIN, "--json", "--seed=7", "--seconds", "12", "--no-audio"],
        ["--seed", "3", "--dialect", "h3", "一只狗在雨中奔跑。她说“走吧。”"],
        [
            "Un perro corre por la playa",
            "--seed",
            "3",
            "--cfg",
            "0.2",
            "--json",
            "--shot-type",
            "intelligent",
        ],
        [
            "A dog",
            "--seed",
            "1",
            "--negative",
            "cats, blur",
            "--aspect=9:16",
            "--resolution",
            "540p",
            "--json",
        ],
        ["A dog", "--seed", "1", "--endpoint", STANDARD, "--json"],
    ],
)
def test_both_ways_say_the_same(words, tmp_path, monkeypatch):
    """A prompt with plain flags prints what the command prints."""
    monkeypatch.setenv("SOUNDSTAGE_HOME", str(tmp_path / "home"))
    told = at_once(*words)
    assert told
    assert told == CliRunner().invoke(cli, ["plan", *words]).stdout


@pytest.mark.parametrize(
    "words",
    [
        [], ["--help"], ["a dog", "a cat"], ["a dog", "--seconds", "99"], ["a dog", "--seconds"], ["  "],
        ["a dog", "--seed", "-1"], ["a dog", "--seed", "1_0"], ["a dog", "--cfg", "2"],
        ["a dog", "--cfg", "nan"], ["a dog", "--fps", "30"], ["a dog", "--dialect", "klingon"],
        ["a dog", "--endpoint", "fal-ai/flux"],
        ["a dog", "--aspect", "4:3"], ["a dog", "--output", "x"], ["a dog", "--input", "x"], ["a\0dog"],
        ["a dog", "--shot", "a cat=3"], ["a" * 2501], ["a dog", "--shot-type", "random"], ["\ud83d"],
    ],
)  # fmt: skip
def test_what_is_not_plain_goes_the_long_way(words):
    """Mistakes and everything unusual are left to the command, which says what is wrong."""
    assert at_once(*words) is None


def test_settings_go_the_long_way(monkeypatch, tmp_path):
    """Who names a model, misspells a setting or names a file as the data folder is heard."""
    (tmp_path / "file").write_text("")
    for name, text in (
        ("PLANNER_URL", "http://localhost:1"), ("PLANER_URL", "x"), ("HOME", str(tmp_path / "file")),
    ):  # fmt: skip
        with monkeypatch.context() as patched:
            patched.setenv(f"SOUNDSTAGE_{name}", text)
            assert at_once("a dog") is None


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 2**33), st.floats(-1, 2), st.text(max_size=8),
    st.lists(st.text()), st.sampled_from([0, 0.5, 1, 7]),
    st.sampled_from(["a dog", "5", "customize", "16:9", "720p", ""]),
)  # fmt: skip
NAMES = (
    "prompt", "duration", "seed", "shot_type", "negative_prompt", "cfg_scale", "generate_audio", "resolution",
    "aspect_ratio", "fps", "screenplay", "unknown",
)  # fmt: skip


@given(fields=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4), prompt=st.text(max_size=20))
def test_bare_fields_read_as_all_fields_do(fields, prompt):
    """An order of bare fields is the order that the whole contract reads, or none."""
    known = {"order_id": "1", "pick_seed": lambda: 4, "limits": TERMINAL_LIMITS}
    fields = {"prompt": prompt, **fields}
    order = read_bare_order(DEFAULT_ENDPOINT, fields, **known)
    if order is None:
        return
    try:
        assert order == read_order(DEFAULT_ENDPOINT, fields, engines=("previz",), **known)
    except OrderRefused as refused:
        pytest.fail(str(refused.problems))


def test_it_loads_no_library():
    """Neither what reads flags nor what reads requests is loaded for a plain prompt, in two languages."""
    code = (
        "import io, sys; from soundstage.cli.shortcut import answer_at_once;"
        "assert all(answer_at_once(['plan', text, '--json'], io.StringIO()) for text in ('a dog', '一只狗'));"
        "print(sorted({'typer', 'click', 'pydantic', 'numpy', 'py3langid', 'rich'} & set(sys.modules)))"
    )
    env = {"PATH": "/usr/bin"}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert told.stdout.strip() == "[]"
