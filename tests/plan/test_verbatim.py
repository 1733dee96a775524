"""Lines are said word for word, wherever they stand and however often they repeat."""

import pytest

from soundstage.plan import write_screenplay


@pytest.mark.parametrize(
    "line", [("ha " * 150).strip(), "哈" * 250, ("no no no no! " * 40).strip(), "A" * 400]
)
@pytest.mark.parametrize("form", ['A man laughs and says: "{}" Then he sits.', "MAN: {}\nHe stops."])
def test_a_line_that_repeats_is_kept_whole(order, line, form):
    """What a prompt repeats without end is passed over by the reader, and heard whole."""
    if line.isupper() and form.startswith("MAN"):
        pytest.skip("a line of one long word in capitals is a heading")
    screenplay = write_screenplay(order(form.format(line)))
    assert [said.text for shot in screenplay.shots for said in shot.dialogue] == [line]
    span = screenplay.shots[0].dialogue[0].spans[0]
    assert span.start < span.end <= len(screenplay.prompts[0])


@pytest.mark.parametrize("shot_type", ["customize", "intelligent"])
@pytest.mark.parametrize(
    "prompt",
    [
        'A dog runs on a beach. A cat sleeps in a kitchen. Throughout, a narrator says: "Home is near."',
        'Shot 1: a dog runs. Shot 2: a cat sleeps.\n\nThroughout, a narrator says: "Home is near."',
        'Style: noir. Voiceover: "Home is near."\nShot 1: a wet street.\nShot 2: a man at a bar.',
        "Overall: the narrator says “Home is near.” throughout. Shot 1: a forest. Shot 2: a lake.",
    ],
)
def test_a_line_of_the_whole_film_is_said_once(order, prompt, shot_type):
    """A line that stands with what holds for every shot is said in one of them."""
    screenplay = write_screenplay(order(prompt, seconds=10.0, shot_type=shot_type))
    assert [said.text for shot in screenplay.shots for said in shot.dialogue] == ["Home is near."]


def test_shots_of_less_than_a_second_are_told_of(order):
    """Who asks for more shots than the film has seconds is told so."""
    many = " ".join(f"Shot {at}: a dog runs." for at in range(1, 9))
    told = [note.text for note in write_screenplay(order(many, seconds=5.0)).notes if note.kind == "timing"]
    assert any("less than 1 s" in text for text in told)
    roomy = write_screenplay(order("Shot 1: a dog runs. Shot 2: a cat sleeps.", seconds=5.0))
    assert not any("less than" in note.text for note in roomy.notes)
