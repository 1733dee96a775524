"""The published schema of a screenplay: stored as it is made, and of one mind with the reading."""

import importlib.util
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from soundstage.api.describe.screenplays import screenplay_schema
from soundstage.errors import OrderRefused
from soundstage.film import Screenplay
from soundstage.plain import from_json, to_json

ROOT = Path(__file__).parents[3]
VALIDATOR = Draft202012Validator(screenplay_schema())
MINIMAL = {
    "shots": [
        {"seconds": 3, "subjects": [{"noun": "dog"}], "effects": [{"name": "waves"}]},
        {"seconds": 2, "dialogue": [{"speaker": "Ann", "text": "Hello"}]},
    ]
}


@pytest.fixture(scope="module")
def script():
    """The script that writes the schema into docs/."""
    path = ROOT / "scripts" / "write_screenplay_schema.py"
    spec = importlib.util.spec_from_file_location("write_screenplay_schema", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_stored_schema_is_that_of_the_nouns(script):
    """docs/screenplay.schema.json is what the nouns give now; the script writes it anew."""
    assert script.SCHEMA.read_text("utf-8") == script.schema_text()


def test_the_tables_in_the_page_are_those_of_the_nouns(script):
    """The tables in docs/02-screenplay.md are what the nouns give now; the script writes them anew."""
    page = script.PAGE.read_text("utf-8")
    assert page == script.page_text(page)


def test_the_schema_is_a_schema():
    """It is valid JSON Schema, and says of each noun and of most fields what they mean."""
    Draft202012Validator.check_schema(screenplay_schema())
    nouns = {"Screenplay": screenplay_schema(), **screenplay_schema()["$defs"]}
    assert all(noun["description"] for noun in nouns.values())
    assert nouns["Line"]["properties"]["end"]["description"] == "of the slot it must fit, not of the voice"
    assert nouns["Shot"]["properties"]["sources"]["description"].startswith("Where each field was said")


def test_little_is_required(read):
    """A screenplay of nothing but what is required fits the schema and makes a film; the docs' too."""
    page = (ROOT / "docs" / "02-screenplay.md").read_text("utf-8")
    for written in (MINIMAL, json.loads(page.partition("```json\n")[2].partition("```")[0])):
        VALIDATOR.validate(written)
        order = read({"screenplay": written, "seed": 3})
        assert (order.seconds, order.fps, order.size.width, order.seed) == (5, 24, 1920, 3)
        assert [shot.start for shot in order.screenplay.shots] == [0, 3]
        line = order.screenplay.shots[1].dialogue[0]
        assert (line.start, line.end) == (3, 5)


@pytest.mark.parametrize(
    ("noun", "field", "value"),
    [
        ("shots", "framing", "huge"),
        ("shots", "colour", "red"),
        ("shots", "camera", {"speed": 2}),
        ("shots", "camera", {"then": [{"start": 1, "move": "pan", "amplitude": -1}]}),
        ("shots", "subjects", [{"noun": "dog", "count": 0}]),
        ("shots", "spans", [{"start": -1, "end": 2}]),
        ("shots", "sources", {"place": [{"start": 0}]}),
        ("notes", "kind", "rumour"),
    ],
)
def test_schema_and_server_refuse_alike(read, noun, field, value):
    """What a schema can say of a field, both say: a bad value is refused by the schema and by the server."""
    written = json.loads(json.dumps({**MINIMAL, "notes": [{"kind": "assumed", "text": "n"}]}))
    written[noun][0][field] = value
    assert list(VALIDATOR.iter_errors(written))
    with pytest.raises(OrderRefused) as refused:
        read({"screenplay": written})
    assert refused.value.problems[0].loc[:4] == ("body", "screenplay", noun, 0)


def test_what_the_planner_writes_fits_the_schema(read):
    """A screenplay in full, as an output has it, fits the schema and reads back as it is."""
    full = read({"screenplay": MINIMAL}).screenplay
    data = to_json(full)
    VALIDATOR.validate(data)
    assert from_json(Screenplay, data) == full
