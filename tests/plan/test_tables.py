"""The tables, and the door they stand behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

import soundstage.plan
from soundstage.film import Screenplay
from soundstage.plain import from_json, to_json
from soundstage.plan import write_screenplay
from soundstage.plan.lexicon import RULES, TABLES, read_entries, rules
from soundstage.plan.sentences import read_sentences
from soundstage.plan.subjects import read_subjects
from soundstage.plan.tables import read_table
from soundstage.plan.words import split_words

DATA = Path(soundstage.plan.__file__).with_name("data")
FAL = "Close-up of glowing fireflies dancing in a dark forest at twilight. Shallow depth of field."
PLACES = """
forest jungle snowy_forest meadow flower_field wheat_field mountains canyon desert beach cliff_coast
ocean reef deep_sea lake river waterfall swamp cave volcano polar_ice savanna village garden
city_street neon_street rooftop highway train_station harbour bridge old_town castle_hall temple
cafe kitchen room office studio space
"""


@pytest.mark.parametrize("table", TABLES)
def test_no_wording_appears_twice(table):
    """A table says each wording once, or reading it would depend on the order of lines."""
    seen = {}
    for entry, wordings in read_entries(table):
        for wording in wordings:
            key = (entry.table, tuple(word.lower for word in split_words(wording)))
            assert key[1], (entry.name, wording)
            assert key not in seen, f"{wording!r} stands under {seen.get(key)} and {entry.name}"
            seen[key] = entry.name


@pytest.mark.parametrize("table", RULES)
def test_rules_load(table):
    """Every table read whole is there and is read-only."""
    loaded = rules(table)
    assert loaded
    with pytest.raises(TypeError):
        loaded["new"] = 1


@pytest.mark.parametrize("table", sorted(DATA.glob("*.toml")), ids=lambda path: path.stem)
def test_tables_are_toml(table):
    """The quick reader says of every table what a TOML parser says."""
    text = table.read_text("utf-8")
    assert to_plain(read_table(text)) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        'a = [\n  "x",\n  "y = [1]",\n]\nb = 1_000',
        "a = 'single' # not JSON\nb = true",
        'a = """\n[b]\n"""',
        '[a]\nb = 1\n[a.c]\nd = ["e"]',
        'a.b = "dotted"\n"quoted key" = [1979-05-27]',
        "a = { b = [1, 2], c = inf }",
        "[[a]]\nb = 1\n[[a]]\nb = 2",
    ],
)
def test_any_toml_is_read(text):
    """A table may be written in any way TOML allows."""
    assert to_plain(read_table(text)) == tomllib.loads(text)


@pytest.mark.parametrize("text", ['a = "b', "a = 1\na = 2", "[a]\n[a]", "a", "a = [1,\n"])
def test_what_is_no_toml_is_refused(text):
    """A slip of the pen is found, not guessed around."""
    with pytest.raises(tomllib.TOMLDecodeError):
        read_table(text)


def to_plain(value):
    """Return a read-only value as dicts and lists."""
    if isinstance(value, Mapping):
        return {key: to_plain(item) for key, item in value.items()}
    return [to_plain(item) for item in value] if isinstance(value, tuple) else value


def test_coverage():
    """Places, styles, moves and nouns cover what the engines are to draw."""
    assert {entry.name for entry, _ in read_entries("places")} >= set(PLACES.split())
    assert len({entry.name for entry, _ in read_entries("styles")}) >= 20
    assert len({entry.name for entry, _ in read_entries("moves")}) >= 15
    assert len({entry.name for entry, _ in read_entries("nouns")}) >= 150
    air = [entry for table in ("times", "weathers", "lights") for entry, _ in read_entries(table)]
    assert len(air) >= 20


def test_every_place_is_read_by_its_first_wording(order):
    """A prompt that only names a place is set there."""
    for entry, wordings in read_entries("places"):
        if entry.table == "hints":
            continue
        assert write_screenplay(order(f"A robot in a {wordings[0]}")).shots[0].place == entry.name, wordings[
            0
        ]


def test_every_noun_is_read_as_its_kind():
    """A prompt that names one wording of the lexicon shows its kind, and nothing else."""
    for entry, wordings in read_entries("nouns"):
        for wording in wordings:
            kinds = [draft.kind for draft in read_subjects(read_sentences(f"there is a {wording}"))]
            assert kinds == [entry.name], (wording, kinds)


def test_same_order_same_screenplay(order):
    """The planner is pure: twice the same, in processes with other hash seeds too."""
    one = write_screenplay(order(FAL))
    assert one == write_screenplay(order(FAL))
    code = (
        "import json, sys; sys.path.insert(0, 'tests/plan'); from conftest import make_order;"
        "from soundstage.plain import to_json; from soundstage.plan import write_screenplay;"
        f"print(json.dumps(to_json(write_screenplay(make_order({FAL!r})))))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert texts == {json.dumps(to_json(one)) + "\n"}


def test_json_both_ways(order):
    """A screenplay survives JSON unchanged."""
    prompt = 'Shot 1 (2s): Anna runs, footsteps. Shot 2: she says "hi" in a cafe, neon sign reading "BAR"'
    screenplay = write_screenplay(order(prompt))
    assert from_json(Screenplay, json.loads(json.dumps(to_json(screenplay)))) == screenplay


def test_import_is_light():
    """Importing the planner, and planning, loads no heavy library; importing loads no table."""
    code = (
        "import sys, soundstage.plan; heavy = {'numpy', 'pydantic', 'numba', 'cv2', 'av'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules);"
        "assert 'soundstage.plan.lexicon' not in sys.modules;"
        "sys.path.insert(0, 'tests/plan')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_shop_window():
    """The package shows what it offers, sorted."""
    assert soundstage.plan.__all__ == sorted(soundstage.plan.__all__)
    assert all(hasattr(soundstage.plan, name) for name in soundstage.plan.__all__)


HOSTILE = {
    "emoji": "🦊🌲" * 1250,
    "control": "\x00\x01\x02\n\t" * 500,
    "rtl": "\u202eكلب يجري على الشاطئ " * 100,
    "punctuation": ".,!?;:" * 416,
    "quotes": '"' * 2500,
    "apostrophes": "'a " * 833,
    "curly": "“" * 2500,
    "han": "森林" * 1250,
    "labels": "A: b\n" * 500,
    "shots": "Shot 1: " * 312,
    "brackets": "[" * 2500,
    "one word": "dog " * 625,
    "hyphens": "a-" * 1250,
    "blanks": " " * 2499 + "x",
    "digits": "1" * 2500,
    "surrogates": "\ud800" * 100,
    "joiners": "\u200d" * 2500,
    "says": 'he says "hi there" ' * 130,
    "and": "red and " * 312,
    "negators": "no " * 833,
    "nested": "“a „b «c " * 277,
    "one mark": ".",
    "ranges": "0-4s: " * 416,
    "tags": "<d>" * 833,
    "zero width": "\u200b",
    "prose": "An old man walks his small brown dog along the sea. " * 48,
}


@pytest.mark.budget
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("shot_type", ["customize", "intelligent"])
def test_hostile_prompts(name, shot_type, order):
    """Any text gives a valid screenplay quickly: no runaway pattern, no gap, no crash."""
    write_screenplay(order("warm"))
    text = HOSTILE[name][:2500]
    asked = order(text, shot_type=shot_type, seconds=15, negative_prompt=text)
    spent_s = []
    for _ in range(3):
        started = time.process_time()
        screenplay = write_screenplay(asked)
        spent_s.append(time.process_time() - started)
    # About 50 ms on an idle machine; ten times that here, since a runaway pattern takes seconds. The best of
    # three: late in a long run one collection of the whole heap takes as long.
    assert min(spent_s) < 0.5
    assert sum(round(shot.seconds * 24) for shot in screenplay.shots) == 360
    assert from_json(Screenplay, to_json(screenplay)) == screenplay
    assert screenplay.title
