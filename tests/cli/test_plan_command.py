"""`soundstage plan` as a user types it: a storyboard, JSON, a dialect; requests from files; refusals."""

import json
import unicodedata

import pytest
from typer.testing import CliRunner

from soundstage.cli.commands import cli

RAIN = 'Close-up of a woman in a rainy street at night. She whispers: "I never left." Slow dolly in.'
FILM = {
    "prompts": ["a dog"],
    "shots": [
        {
            "seconds": 3,
            "setting": "old cafe",
            "place": "cafe",
            "sources": {"framing": [{"start": 0, "end": 1}]},
            "subjects": [{"noun": "dog", "kind": "dog"}, {"noun": "lamp", "kind": "lamp", "invented": True}],
            "effects": [{"name": "thunder", "start": 1, "end": 2.5}],
            "music": {"said": "slow jazz", "in_scene": True},
            "on_screen_text": ["OPEN"],
        },
        {"seconds": 2, "dialogue": [{"speaker": "女人", "text": "我回来了。" * 12, "manner": ["softly"]}]},
    ],
    "notes": [{"kind": "conflict", "text": "two moves at once", "shot": "shot-1"}],
}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command in a folder of its own; gives exit code, stdout and stderr."""
    monkeypatch.setenv("SOUNDSTAGE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*words, stdin=None):
        told = CliRunner().invoke(cli, ["plan", *words], input=stdin)
        assert not told.exception or isinstance(told.exception, SystemExit), told.exception
        return told.exit_code, told.stdout, told.stderr

    return run


def width(line):
    """Return how many columns a line takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def test_a_storyboard_is_printed(run):
    """Without a flag it is words for a person: shots with their times, camera, place, who speaks when."""
    code, told, _ = run(RAIN, "--seed", "7", "--seconds", "4")
    assert code == 0
    assert "SHOT 1  0-4 s" in told
    assert "close-up, slowly pushes in" in told
    assert '"I never left."' in told
    assert "night, rain" in told
    assert "\x1b" not in told


def test_what_nobody_said_is_marked(run):
    """Assumed, invented and doubtful things carry a mark, and the marks are explained."""
    code, told, _ = run("--input", "-", stdin=json.dumps({"screenplay": FILM}))
    assert code == 0
    for said in (
        "wide shot, ~holds still", "~afternoon, ~clear", "+ a lamp", "! conflict: two moves at once",
        "1-2.5 s  thunder", "slow jazz, heard in the scene", '"OPEN"', "~assumed", "+ invented",
    ):  # fmt: skip
        assert said in told, said


def test_it_fits_eighty_columns(run):
    """No line is wider than 80 columns, wide letters counted as two."""
    _, told, _ = run("--input", "-", stdin=json.dumps({"screenplay": FILM}))
    assert max(width(line) for line in told.splitlines()) <= 80
    assert "我回来了" in told


def test_json_comes_back_as_it_is(run):
    """`--json` prints the screenplay, with the keys that are promised; sent back it plans the same."""
    code, told, _ = run(RAIN, "--seed", "7", "--json")
    screenplay = json.loads(told)
    assert code == 0
    assert {"shots", "cast", "notes"} <= set(screenplay)
    wanted = {"start", "seconds", "camera", "place", "subjects", "dialogue", "effects"}
    assert all(wanted <= set(shot) for shot in screenplay["shots"])
    _, again, _ = run("--json", "--screenplay", "-", stdin=told)
    assert json.loads(again) == screenplay


def test_a_request_may_have_every_field_of_the_wire(run, tmp_path):
    """`--input` reads a request file in the wire's fields, and flags go before it."""
    body = {
        "multi_prompt": [{"prompt": "A beach", "duration": "3"}, {"prompt": "A forest", "duration": "2"}],
        "generate_audio": False, "shot_type": "customize", "aspect_ratio": "9:16", "cfg_scale": 0.9,
        "negative_prompt": "people", "resolution": "540p", "fps": 30, "seed": 4, "engine": "previz",
        "captions": "none", "duration": "5", "character_orientation": "video",
    }  # fmt: skip
    (tmp_path / "request.json").write_text(json.dumps(body))
    code, told, stderr = run("--input", "request.json", "--json", "--seed", "9")
    assert code == 0, stderr
    screenplay = json.loads(told)
    assert [shot["place"] for shot in screenplay["shots"]] == ["beach", "forest"]
    assert (screenplay["size"]["height"], screenplay["fps"], screenplay["seed"]) == (960, 30, 9)
    assert (screenplay["sound"], screenplay["excluded"], screenplay["adherence"]) == (False, ["people"], 0.9)


def test_it_is_written_to_a_file(run, tmp_path):
    """`--output` writes what would be printed; a name in .json means JSON."""
    assert run(RAIN, "--output", "board.txt") == (0, "", "")
    assert "SHOT 1" in (tmp_path / "board.txt").read_text("utf-8")
    run(RAIN, "-o", "film.json")
    assert "shots" in json.loads((tmp_path / "film.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ("prose", "whispers: "),
        ("h3", "integrated_multimodal_description: [Shot 1]"),
        ("shots", "The film is in"),
    ],
)
def test_a_dialect_is_printed(run, dialect, said):
    """`--dialect` prints what a neural engine would be told."""
    code, told, _ = run(RAIN, "--dialect", dialect)
    assert code == 0
    assert said in told


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        ([], None, "'prompt' is missing"),
        (["x", "--seconds", "99"], None, "'duration'"),
        (["x", "--cfg", "7"], None, "'cfg_scale'"),
        (["x", "--aspect", "4:3"], None, "'aspect_ratio'"),
        (["x", "--shot-type", "random"], None, "'shot_type'"),
        (["--input", "/no/such.json"], None, "/no/such.json cannot be read"),
        (["--input", "-"], "{", "no JSON"),
        (["--input", "-", "--seed", "1"], "[]", "a request is a JSON object"),
        (["--screenplay", "-"], "nonsense", "is not JSON"),
        (["--screenplay", "-"], '{"shots": [{"seconds": "long"}]}', "screenplay.shots.0.seconds"),
        (["x", "--endpoint", "fal-ai/flux"], None, "fal-ai/flux"),
        (["x", "--dialect", "klingon"], None, "klingon"),
        (["x", "--output", "/no/such/folder/x"], None, "/no/such/folder/x cannot be written"),
    ],
)
def test_bad_input_ends_with_2_and_a_reason(run, words, stdin, said):
    """A mistake is told in a line that names it, and nothing is printed as an answer."""
    code, told, stderr = run(*words, stdin=stdin)
    assert code == 2
    assert said in stderr
    assert told == ""


def test_every_mistake_has_its_line(run):
    """Several mistakes are told at once, each in a line of its own."""
    _, _, stderr = run("x", "--cfg", "7", "--fps", "23")
    assert len([line for line in stderr.splitlines() if line.startswith("soundstage: ")]) == 2
