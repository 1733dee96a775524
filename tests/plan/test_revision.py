"""An edited screenplay, sent back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from soundstage.errors import ScreenplayInvalid
from soundstage.film import Camera, CameraChange, FrameSize, Seconds, Span, Subject
from soundstage.plan import write_screenplay


@pytest.fixture
def draft(order):
    """A screenplay of two shots and a line."""
    return write_screenplay(order(shots=[('A man says "hello there"', 3), ("a dog runs", 2)]))


def edited(order, draft, **fields):
    return order(None, screenplay=draft, seconds=fields.pop("seconds", draft.seconds), **fields)


def with_shot(draft, at, **fields):
    shots = list(draft.shots)
    shots[at] = replace(shots[at], **fields)
    return replace(draft, shots=tuple(shots))


def test_a_right_one_comes_back_as_it_is(order, draft):
    """Nothing is changed in a screenplay that agrees with its request."""
    assert write_screenplay(edited(order, draft)) == draft


def test_what_was_edited_is_kept(order, draft):
    """An edit survives."""
    orbiting = with_shot(draft, 1, camera=Camera(move="orbit"), place="beach")
    shot = write_screenplay(edited(order, orbiting)).shots[1]
    assert (shot.camera.move, shot.place) == ("orbit", "beach")


def test_the_request_wins(order, draft):
    """Size, frame rate, seed, sound and length are the request's; a note tells each difference."""
    small = FrameSize(width=640, height=360)
    asked = edited(order, draft, seconds=10.0, size=small, fps=30, seed=9, generate_audio=False)
    screenplay = write_screenplay(asked)
    assert (screenplay.size, screenplay.fps, screenplay.seed, screenplay.sound) == (small, 30, 9, False)
    assert [shot.seconds for shot in screenplay.shots] == [6, 4]
    line = screenplay.shots[0].dialogue[0]
    assert line.start == pytest.approx(draft.shots[0].dialogue[0].start * 2, abs=0.002)
    for name in ("size", "fps", "seed", "sound", "scaled"):
        assert any(name in note.text for note in screenplay.notes), name


@pytest.mark.parametrize(
    ("at", "fields", "named"),
    [
        (1, {"index": 5}, "shots[1].index"),
        (1, {"start": Seconds(4.0)}, "shots[1].start"),
        (0, {"seconds": Seconds(float("nan"))}, "shots[0].seconds"),
        (0, {"seconds": Seconds(-1.0)}, "shots[0].seconds"),
        (0, {"framing": "huge"}, "shots[0].framing"),
        (0, {"camera": Camera(amplitude=7.0)}, "shots[0].camera.amplitude"),
        (1, {"weather": "lava"}, "shots[1].weather"),
        (1, {"entrance": "explode"}, "shots[1].entrance"),
        (0, {"pace": "warp"}, "shots[0].pace"),
        (0, {"season": "monsoon"}, "shots[0].season"),
        (0, {"camera": Camera(then=(CameraChange(start=Seconds(4.0), move="pan"),))}, "camera.then[0].start"),
        (0, {"camera": Camera(then=(CameraChange(start=Seconds(1.0), move="hop"),))}, "camera.then[0].move"),
    ],
)
def test_what_cannot_be_filmed_is_named(at, fields, named, order, draft):
    """The refusal names the field."""
    with pytest.raises(ScreenplayInvalid) as refusal:
        write_screenplay(edited(order, with_shot(draft, at, **fields)))
    assert named in str(refusal.value)


def test_a_line_outside_its_shot_is_refused(order, draft):
    """A line must lie within its shot."""
    line = replace(draft.shots[0].dialogue[0], start=Seconds(4.0), end=Seconds(4.8))
    with pytest.raises(ScreenplayInvalid, match=r"shots\[0\]\.dialogue\[0\]\.start"):
        write_screenplay(edited(order, with_shot(draft, 0, dialogue=(line,))))


def test_a_total_that_lies_is_refused(order, draft):
    """`seconds` is the sum of the shots."""
    with pytest.raises(ScreenplayInvalid, match="seconds is 9"):
        write_screenplay(edited(order, replace(draft, seconds=Seconds(9.0)), seconds=5.0))


def test_a_new_speaker_joins_the_cast(order, draft):
    """Whoever speaks is in the cast afterwards."""
    line = replace(draft.shots[0].dialogue[0], speaker="Zoe")
    screenplay = write_screenplay(edited(order, with_shot(draft, 0, dialogue=(line,))))
    assert "Zoe" in {member.name for member in screenplay.cast}


def test_no_shots_are_refused(order, draft):
    """A film has a shot."""
    with pytest.raises(ScreenplayInvalid, match="shots has 0"):
        write_screenplay(edited(order, replace(draft, shots=()), seconds=5.0))


def test_camera_changes_move_with_their_shot(order, draft):
    """A scaled film keeps what the camera does at the same place of its shot."""
    turning = with_shot(draft, 1, camera=Camera(then=(CameraChange(start=Seconds(4.0), move="pan"),)))
    shot = write_screenplay(edited(order, turning, seconds=10.0)).shots[1]
    assert shot.start == 6
    assert shot.camera.then[0].start == 8


def test_what_was_added_gets_ids_and_stray_spans_go(order, draft):
    """New things are named like the others; spans that point behind the prompt are dropped."""
    stray = (Span(start=0, end=9999), Span(start=0, end=1, prompt=7), Span(start=0, end=5))
    cats = (Subject(noun="cat", kind="cat"), Subject(noun="cat", kind="cat", spans=stray))
    (first, second) = write_screenplay(edited(order, with_shot(draft, 0, subjects=cats))).shots[0].subjects
    assert (first.id, second.id) == ("shot-1.cat", "shot-1.cat-2")
    assert second.spans == (Span(start=0, end=5),)
