"""Edited screenplays: what reads, what may be sent beside one, and what is refused with its place."""

import math

import pytest

from soundstage.api.contract import TERMINAL_LIMITS
from soundstage.errors import OrderRefused
from soundstage.film import Camera, FrameSize, Line, Screenplay, Shot, Subject
from soundstage.plain import to_json


def written(**changes):
    """A screenplay of two shots and a line, as JSON, with some places changed: {"shots.0.index": 5}."""
    line = Line(speaker="Ann", text="Hello", language="en", start=2.5, end=3.5)
    shots = (
        Shot(index=0, start=0.0, seconds=2.0, text="a dog", subjects=(Subject(noun="dog", kind="dog"),)),
        Shot(index=1, start=2.0, seconds=3.0, text="a cat", camera=Camera(move="pan"), dialogue=(line,)),
    )
    screenplay = Screenplay(
        title="Dogs", seconds=5.0, size=FrameSize(width=640, height=360), fps=25, seed=3, sound=True,
        shots=shots, adherence=0.25,
    )  # fmt: skip
    data = to_json(screenplay)
    for place, value in changes.items():
        *way, last = [int(p) if p.isdigit() else p for p in place.split(".")]
        spot = data
        for step in way:
            spot = spot[step]
        spot[last] = value
    return data


def test_a_screenplay_is_an_order(read):
    """A screenplay that comes back makes the film it describes, in its size, length and seed."""
    order = read({"screenplay": written()})
    assert (order.prompt, order.shots, order.seconds, order.fps, order.seed) == (None, (), 5.0, 25, 3)
    assert (order.size, order.generate_audio) == (FrameSize(width=640, height=360), True)
    assert to_json(order.screenplay) == written()


def test_fields_beside_a_screenplay_change_it(read):
    """Seed, size, fps, sound and adherence that are sent count, and order and screenplay agree on them."""
    body = {
        "screenplay": written(), "seed": 9, "resolution": "1080p", "aspect_ratio": "1:1", "fps": 24,
        "generate_audio": False, "cfg_scale": 1.0, "prompt": "", "duration": "5",
    }  # fmt: skip
    order = read(body)
    play = order.screenplay
    assert (order.seed, order.size.width, order.fps, order.generate_audio, order.cfg_scale) == (
        9,
        1440,
        24,
        False,
        1,
    )
    assert (play.seed, play.size, play.fps, play.sound, play.adherence) == (9, order.size, 24, False, 1)


BAD = [
    ({"title": 5}, "screenplay.title", "string_type"),
    ({"colour": "red"}, "screenplay.colour", "extra_forbidden"),
    ({"shots.0.camera.move": "fly"}, "screenplay.shots.0.camera.move", "literal_error"),
    (
        {"shots.1.dialogue.0.speeker": "Bob"},
        "screenplay.shots.1.dialogue.0.speeker",
        "extra_forbidden",
    ),
    ({"shots.0.camera.speed": 2}, "screenplay.shots.0.camera.speed", "value_error"),
    ({"shots.0.subjects.0.count": 10**6}, "screenplay.shots.0.subjects.0.count", "value_error"),
    ({"adherence": math.nan}, "screenplay.adherence", "value_error"),
    ({"seed": -1}, "screenplay.seed", "value_error"),
    ({"size.width": 641}, "screenplay.size.width", "multiple_of"),
    ({"size.height": 100_000}, "screenplay.size.height", "value_error"),
    ({"fps": 23}, "screenplay.fps", "one_of"),
    ({"seconds": 16}, "screenplay.seconds", "value_error"),
    ({"seconds": 6}, "screenplay.seconds", "value_error"),
    ({"shots": []}, "screenplay.shots", "sequence_too_short"),
    ({"shots.1.index": 5}, "screenplay.shots.1.index", "value_error"),
    ({"shots.1.start": 2.5}, "screenplay.shots.1.start", "value_error"),
    ({"shots.0.seconds": 0.001}, "screenplay.shots.0.seconds", "value_error"),
    ({"shots.1.dialogue.0.start": 9}, "screenplay.shots.1.dialogue.0.start", "value_error"),
    ({"shots.1.dialogue.0.end": 2}, "screenplay.shots.1.dialogue.0.end", "value_error"),
    ({"shots.1.dialogue.0.end": 5.5}, "screenplay.shots.1.dialogue.0.end", "value_error"),
    ({"shots.1.dialogue.0.end": 2.5}, "screenplay.shots.1.dialogue.0.end", "value_error"),
    ({"shots.1.dialogue.0.end": math.inf}, "screenplay.shots.1.dialogue.0.end", "value_error"),
    ({"shots.1.dialogue.0.text": " "}, "screenplay.shots.1.dialogue.0.text", "value_error"),
    (
        {"shots.1.dialogue": [{"speaker": "Ann", "text": "a", "start": s, "end": 4} for s in (2, 3)]},
        "screenplay.shots.1.dialogue.1.start",
        "value_error",
    ),
    (
        {"shots.0.effects": [{"name": "rain", "start": 1, "end": 3}]},
        "screenplay.shots.0.effects.0.end",
        "value_error",
    ),
    ({"shots.0.camera.then": [{"start": 1}]}, "screenplay.shots.0.camera.then.0.move", "missing"),
    (
        {"shots.0.camera.then": [{"start": 1, "move": "zoom", "framing": "near"}]},
        "screenplay.shots.0.camera.then.0.framing",
        "literal_error",
    ),
    (
        {"shots.0.camera.then": [{"start": 3, "move": "zoom"}]},
        "screenplay.shots.0.camera.then.0.start",
        "value_error",
    ),
    (
        {"shots.0.camera.then": [{"start": 1, "move": "zoom", "speed": 2}]},
        "screenplay.shots.0.camera.then.0.speed",
        "value_error",
    ),
    ({"shots.0.camera.amplitude": math.nan}, "screenplay.shots.0.camera.amplitude", "value_error"),
    ({"shots.0.subjects.0.count": 0}, "screenplay.shots.0.subjects.0.count", "value_error"),
    ({"shots.0.pace": "fast"}, "screenplay.shots.0.pace", "literal_error"),
    ({"shots.0.entrance": "boom"}, "screenplay.shots.0.entrance", "literal_error"),
    ({"shots.0.season": "monsoon"}, "screenplay.shots.0.season", "literal_error"),
    ({"shots.0.music": {"said": "x", "tempo": 3}}, "screenplay.shots.0.music.tempo", "literal_error"),
    ({"shots.0.spans": [{"start": 0, "end": 1}]}, "screenplay.shots.0.spans.0.prompt", "value_error"),
    (
        {"prompts": ["a dog"], "shots.0.sources": {"place": [{"start": 2, "end": 9}]}},
        "screenplay.shots.0.sources.place.0.end",
        "value_error",
    ),
    (
        {"prompts": ["a dog"], "shots.0.subjects.0.spans": [{"start": 3, "end": 2}]},
        "screenplay.shots.0.subjects.0.spans.0.end",
        "value_error",
    ),
    ({"cast": [{"name": "Ann"}, {"name": "Ann"}]}, "screenplay.cast.1.name", "value_error"),
    ({"shots.0": None}, "screenplay.shots.0", "dict_type"),
    ({"shots": None}, "screenplay.shots", "list_type"),
    ({"shots.1.dialogue": {}}, "screenplay.shots.1.dialogue", "list_type"),
    ({"shots.0.text": "a\0"}, "screenplay.shots.0.text", "value_error"),
    ({"shots.0.text": "a" * 5000}, "screenplay.shots.0.text", "string_too_long"),
    ({"notes": [{"kind": "assumed", "text": "n"}] * 3000}, "screenplay", "value_error"),
]


@pytest.mark.parametrize(("changes", "place", "kind"), BAD, ids=[next(iter(b[0])) for b in BAD])
def test_bad_screenplays_are_refused_at_the_place(read, changes, place, kind):
    """What cannot be filmed is refused with the path to it, the value and the rule."""
    with pytest.raises(OrderRefused) as refused:
        read({"screenplay": written(**changes)})
    found = {".".join(map(str, p.loc[1:])): p for p in refused.value.problems}
    assert place in found, found
    assert found[place].type == kind
    assert place in found[place].msg


def test_a_duration_beside_a_screenplay_must_be_its_own(read):
    """A duration that differs from the screenplay's is refused, naming both."""
    with pytest.raises(OrderRefused, match=r'"7".*lasts 5 seconds'):
        read({"screenplay": written(), "duration": "7"})


def test_the_terminal_films_long_screenplays(read):
    """A minute is fine in the terminal."""
    changes = {"seconds": 60, "shots.1.seconds": 58}
    assert read({"screenplay": written(**changes)}, limits=TERMINAL_LIMITS).seconds == 60


@pytest.mark.parametrize("shots", [[{}] * 30_000, [{"subjects": [[]] * 30_000}]])
def test_what_has_no_end_is_refused_at_a_glance(read, shots):
    """A body of a megabyte costs no seconds and gets no megabytes back: all callers share one server."""
    with pytest.raises(OrderRefused, match="at most 20000 in all"):
        read({"screenplay": written(shots=shots)})


@pytest.mark.parametrize(
    "shots", [[{}] * 19_000, [to_json(Shot(index=9, start=-1.0, seconds=0.0, text=""))] * 60]
)
def test_a_hundred_problems_are_enough(read, shots):
    """The hundredth problem of a screenplay is the last that is told."""
    with pytest.raises(OrderRefused) as caught:
        read({"screenplay": written(shots=shots)})
    assert len(caught.value.problems) == 100
