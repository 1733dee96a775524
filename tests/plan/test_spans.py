"""Where each thing was said: spans point into the prompts as they were sent."""

from __future__ import annotations

import pytest

from soundstage.plan import write_screenplay
from soundstage.plan.sources import Source, join


def said(screenplay, spans):
    """Return the words of the prompts that spans point at."""
    return [screenplay.prompts[span.prompt][span.start : span.end] for span in spans]


def test_a_tidied_text_maps_back():
    """Blanks that were merged and marks that were dropped do not shift what stands behind them."""
    prompt = "\t A\u200b  dog \r\n\r\n\r\n\r\n runs\u3000home  "
    source = Source.of(prompt)
    assert source.text == "A dog\n\nruns home"
    for word in ("dog", "runs", "home"):
        at = source.text.index(word)
        assert [prompt[s.start : s.end] for s in source.spans(at, at + len(word))] == [word]


def test_joined_pieces_map_back_one_by_one():
    """A stretch over a joint is two spans: what stood between the pieces is not claimed."""
    prompt = Source.of("one two three")
    both = join([prompt.cut(0, 4), prompt.cut(8)], " ")
    assert both.text == "one three"
    assert [(s.start, s.end) for s in both.spans(0, 9)] == [(0, 3), (8, 13)]


def test_what_a_shot_shows_points_at_its_words(order):
    """Subjects, effects, lines and fields carry the words they were read from, behind tidied blanks too."""
    prompt = (
        'A   red fox \u200bruns in a  forest at night, close-up.  A woman whispers  "stay  here". Footsteps.'
    )
    screenplay = write_screenplay(order(prompt))
    (shot,) = screenplay.shots
    fox = next(subject for subject in shot.subjects if subject.kind == "fox")
    assert said(screenplay, fox.spans)[0] == "A   red fox"
    assert said(screenplay, shot.dialogue[0].spans) == ['"stay  here"']
    assert said(screenplay, shot.effects[0].spans) == ["Footsteps"]
    assert said(screenplay, shot.sources["place"]) == ["forest"]
    assert said(screenplay, shot.sources["time_of_day"]) == ["at night"]
    assert said(screenplay, shot.sources["framing"]) == ["close-up"]
    assert "weather" not in shot.sources


def test_each_prompt_of_a_list_is_counted_by_itself(order):
    """Spans of a `multi_prompt` name the element they point into."""
    screenplay = write_screenplay(order(shots=[("a dog on a beach", 3), ("  a cat in a kitchen", 2)]))
    assert screenplay.prompts == ("a dog on a beach", "  a cat in a kitchen")
    for shot in screenplay.shots:
        assert {span.prompt for span in shot.spans} == {shot.index}
        assert said(screenplay, shot.subjects[0].spans) == [("a dog", "a cat")[shot.index]]


def test_what_goes_over_a_cut_keeps_its_words(order):
    """A later shot's place points at the words of the shot that said it."""
    screenplay = write_screenplay(order(shots=[("a dog on a beach", 3), ("it sleeps", 2)]))
    assert said(screenplay, screenplay.shots[1].sources["place"]) == ["beach"]
    assert screenplay.shots[1].sources["place"][0].prompt == 0


@pytest.mark.parametrize("shot_type", ["customize", "intelligent"])
def test_cut_prompts_map_back(shot_type, order):
    """Pieces of a cut prompt point at themselves."""
    prompt = "Shot 1 (2s): a  dog runs.\nShot 2 (3s): a  cat   sleeps.\nStyle: anime."
    screenplay = write_screenplay(order(prompt, shot_type=shot_type))
    assert [said(screenplay, shot.spans) for shot in screenplay.shots] == [
        ["a  dog runs."],
        ["a  cat   sleeps."],
    ]


def test_ids_are_counted_and_stable(order):
    """Ids name shot and noun, twins are numbered, and the same order gives the same ids."""
    asked = order('A cat and a dog. Another cat. Anna says "hi there." Anna says "bye now." Footsteps.')
    screenplay = write_screenplay(asked)
    (shot,) = screenplay.shots
    assert shot.id == "shot-1"
    assert {"shot-1.cat", "shot-1.dog", "shot-1.cat-2"} <= {subject.id for subject in shot.subjects}
    assert [line.id for line in shot.dialogue] == ["shot-1.line-1", "shot-1.line-2"]
    assert [effect.id for effect in shot.effects] == ["shot-1.effect-1"]
    assert "cast.anna" in [member.id for member in screenplay.cast]
    assert write_screenplay(asked) == screenplay
