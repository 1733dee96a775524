"""The ladder for what nobody models: the nearest of its family, letters last; the log says who stood in."""

import tomllib
from dataclasses import replace
from importlib.resources import files

from soundstage.film import Subject
from soundstage.render.previz.repertoire import LETTERS, kind_of, players, read_kinds, stand_ins
from soundstage.render.previz.understudy import framing_of, player_of, read_understudies, told_of

#: Kinds that have no builder yet and nobody near; whoever makes one takes it out.
UNBUILT: set[str] = set()


def test_no_kind_of_the_planner_ends_as_letters():
    """Every kind of the lexicon has a builder, or a nearest one that has."""
    families = tomllib.loads(files("soundstage.plan").joinpath("data/nouns.toml").read_text(encoding="utf-8"))
    kinds = [kind for family in families.values() for kind in family]
    lost = [k for k in kinds if player_of(Subject(noun=k, kind=k), read_kinds()) is None]
    assert set(lost) <= UNBUILT, lost


def test_the_table_names_kinds_that_exist():
    """Who stands in has a builder, or somebody who stands in for him in turn."""
    table = read_understudies()["nearest"]
    for names in table.values():
        assert any(n in read_kinds() or n in table or n in UNBUILT for n in names), names


def test_a_stand_in_is_told(shot_of):
    """What is played by another is said; what plays itself is not; what nobody plays stands as letters."""
    kinds = {"bear", "letters"}
    assert told_of(Subject(noun="bear", kind="bear"), kinds) is None
    assert "bear" in (told_of(Subject(noun="gorilla", kind="monkey"), kinds) or "")
    assert "letters" in (told_of(Subject(noun="zorbotron", kind=None), kinds) or "")
    shot = replace(shot_of(fireflies=False), subjects=(Subject(noun="zorbotron", kind=None),))
    assert kind_of(players(shot)[0]).name == LETTERS
    assert "zorbotron" in stand_ins(shot)[0]


def test_a_noun_of_no_kind_finds_one_by_its_last_word():
    """A "distant tornado" is a tornado, whoever knows it."""
    assert player_of(Subject(noun="distant tornado", kind=None), read_kinds()) == "smoke"


def test_a_part_is_shown_from_near(shot_of):
    """An eye is a face from very near, whatever the shot's framing says."""
    shot = replace(shot_of(framing="wide"), subjects=(Subject(noun="eye", kind="eye"),))
    assert framing_of(shot) == "extreme_close_up"
    assert framing_of(shot_of(framing="wide")) is None
