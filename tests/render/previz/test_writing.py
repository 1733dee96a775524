"""Words in the picture: on the sign asked for, else over the picture; told where none can be drawn."""

from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import Subject
from soundstage.render.previz.repertoire import players, stand_ins
from soundstage.render.previz.subjects.writing_type import break_text, set_text

SIGN = Subject(noun="neon sign", kind="sign")


def a_shot_of_words(shot_of, *subjects, text=("OPEN",), said="", **rest):
    told = {"place": "open", "framing": "medium", "time_of_day": "night", "lens": (35.0, 4.0)} | rest
    return replace(shot_of(fireflies=False, **told), subjects=subjects, on_screen_text=text, text=said)


@pytest.mark.parametrize("size", [(128, 72), (72, 128), (96, 96)])
def test_words_are_seen_at_every_shape(shot_of, brief_of, draw, size):
    """A sign and a title change the picture in its middle, and reach no edge of it."""
    brief = brief_of(size=size)
    bare = draw(a_shot_of_words(shot_of, text=()), 12, brief=brief).luma
    board = Subject(noun="placard", kind="sign")
    for shot in (a_shot_of_words(shot_of, board), a_shot_of_words(shot_of, said="a caption")):
        seen = np.abs(draw(shot, 12, brief=brief).luma - bare) > 25
        assert seen.sum() > 20
        assert not seen[:, :2].any()
        assert not seen[:, -2:].any()


def test_a_longer_text_wraps_and_keeps_its_words():
    """Lines are about even; no word is lost or cut; signs without spaces break anywhere."""
    text = "The quick brown fox jumps over the lazy dog"
    lines = break_text(text, 16)
    assert " ".join(lines) == text
    assert 2 <= len(lines) <= 4
    assert max(map(len, lines)) < 2 * min(map(len, lines))
    assert "".join(break_text("欢迎光临我们的小店", 8)) == "欢迎光临我们的小店"


def test_letters_are_set_as_large_as_asked():
    """A line is as tall as its em, two lines taller, and every letter leaves ink."""
    one, two = set_text(["OPEN"], 40), set_text(["OPEN", "LATE"], 40)
    assert one.shape[0] < two.shape[0]
    assert one.max() == 1
    assert one.mean() > 0.05


def test_a_title_is_no_thing_on_the_set(shot_of):
    """A title, a caption, a label are words, not things: nothing stands in for them."""
    shot = a_shot_of_words(shot_of, Subject(noun="text overlay", kind=None), text=("Chapter One",))
    assert players(shot) == ()
    assert stand_ins(shot) == ()


def test_a_text_without_a_font_is_told(shot_of, monkeypatch):
    """Where no font draws a sign, the log says which and what to install; Latin needs none."""
    from soundstage.render.previz.subjects import writing_type

    monkeypatch.setattr(writing_type, "font_for", lambda _: None)
    told = stand_ins(a_shot_of_words(shot_of, SIGN, text=("欢迎",)))
    assert any("欢迎" in sentence and "install" in sentence for sentence in told)
    assert stand_ins(a_shot_of_words(shot_of, SIGN)) == ()
