# ruff: noqa: RUF001 - prompts are typed with these marks
"""The Chinese tables: what they may hold, and that they are read."""

from __future__ import annotations

import pytest

from soundstage.plan import write_screenplay
from soundstage.plan.chinese.glossary import hits_of, meanings, table
from soundstage.plan.chinese.segmentation import LONGEST_WORD
from soundstage.plan.lexicon import TABLES, read_entries

FILES = ("nouns", "verbs", "looks", "world", "film")
SECTIONS = [(name, section) for name in FILES for section in table(name)]


def lines(name, section):
    """Return the lines of a section: English wording, Chinese words."""
    return [(gloss.replace("_", " "), words.split()) for gloss, words in table(name)[section].items()]


@pytest.mark.parametrize(("name", "section"), SECTIONS)
def test_every_line_means_something_in_its_table(name, section):
    """A line's English wording stands in the table its section names, or its words would mean nothing."""
    assert section in (*TABLES, "camera_moves")
    for gloss, words in lines(name, section):
        assert words, gloss
        assert any(hit.table == section for hit in hits_of(section, gloss)), gloss


@pytest.mark.parametrize(("name", "section"), SECTIONS)
def test_no_word_stands_twice_in_a_section(name, section):
    """A section says each word once, or reading it would depend on the order of lines."""
    seen = {}
    for gloss, words in lines(name, section):
        for word in words:
            assert word not in seen, f"{word} stands under {seen.get(word)} and {gloss}"
            seen[word] = gloss


def test_there_are_words_enough():
    """The scene words number well over two thousand, and none is longer than segmentation looks."""
    words = {word for name, section in SECTIONS for _, said in lines(name, section) for word in said}
    assert len(words) > 4000
    assert max(map(len, words)) <= LONGEST_WORD


def test_traditional_characters_come_in_pairs():
    """Each pair is one traditional character with its simplified one, and no character has two readings."""
    pairs = table("traditional")["characters"]["pairs"].split()
    assert all(len(pair) == 2 for pair in pairs)
    readings = {}
    for traditional, simplified in pairs:
        assert readings.setdefault(traditional, simplified) == simplified, traditional


def test_a_word_means_what_the_english_one_means():
    """Everything an English wording brings along, its Chinese word brings too; traditional ones as well."""
    tables = {(hit.table, hit.name) for hit in meanings("月光")}
    assert ("lights", "moonlight") in tables
    assert meanings("騎士") == meanings("骑士") != ()


def test_every_move_is_read_by_each_of_its_names(order):
    """A Chinese name of a camera move orders that move wherever it stands."""
    moves = {entry.name: entry.facts for entry, _ in read_entries("moves")}
    for gloss, words in lines("film", "moves"):
        name = hits_of("moves", gloss)[0].name
        for word in words:
            camera = write_screenplay(order(f"一个女孩站在海边，{word}")).shots[0].camera
            assert camera.move == moves[name].get("stands_for", name), (word, camera)


def test_every_framing_and_angle_is_read_by_each_of_its_names(order):
    """A Chinese name of a framing or an angle sets it; what two sections share is both."""
    for section in ("framings", "angles"):
        for gloss, words in lines("film", section):
            name = hits_of(section, gloss)[0].name
            for word in words:
                shot = write_screenplay(order(f"{word}，一个女孩站着")).shots[0]
                assert (shot.framing if section == "framings" else shot.angle) == name, word
