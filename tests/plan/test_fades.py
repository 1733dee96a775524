"""Fades are made where a prompt asks for one, and nowhere else."""

import pytest

from soundstage.film import Seconds, Shot
from soundstage.plan.fades import with_fades


def ends(*texts):
    """Return how shots of these words come in and end."""
    shots = [Shot(index=i, start=Seconds(i), seconds=Seconds(1), text=t) for i, t in enumerate(texts)]
    return [(shot.entrance, shot.exit) for shot in with_fades(shots, texts)]


@pytest.mark.parametrize(
    ("text", "entrance", "exit_"),
    [
        ("Fade in from black: a lighthouse at dawn.", "fade", "cut"),
        ("A candle burns down. Fade to black.", "cut", "fade"),
        ("Fade in. A man walks. Fade out.", "fade", "fade"),
        ("The music fades out as she leaves.", "cut", "cut"),
        ("The light fades in the valley, colours fade to grey.", "cut", "cut"),
        ("A woman walks.", "cut", "cut"),
        ("雪山日出。画面渐暗", "cut", "fade"),
    ],
)
def test_a_fade_is_read_where_the_picture_fades(text, entrance, exit_):
    """Sound, light and colours that fade are none of the picture's."""
    assert ends(text) == [(entrance, exit_)]


def test_only_the_last_shot_fades_at_the_end():
    """A film of two shots that fades to black does so once."""
    assert ends("A man walks.", "A dog barks. Fade to black.") == [("cut", "cut"), ("cut", "fade")]
