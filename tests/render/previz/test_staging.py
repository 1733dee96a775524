"""Who stands where: what is great behind, small things as large as they are, each at home."""

from dataclasses import replace

import pytest

from soundstage.film import Subject
from soundstage.render.previz.repertoire import kind_of
from soundstage.render.previz.scene import Ground
from soundstage.render.previz.staging import ground_of, stage_context

GROUND = Ground(stage_m=5.0, half_width_m=2.0)


def subject(noun, kind=None):
    return Subject(id=noun, noun=noun, kind=kind or noun)


def a_shot(shot_of, place, *subjects):
    return replace(shot_of(fireflies=False, place=place), subjects=subjects)


def distances(context):
    return [ground_of(s, context, GROUND).stage_m for s in context.shot.subjects]


@pytest.mark.parametrize("first", ["train", "man"])
def test_a_man_stands_before_a_train(shot_of, brief_of, first):
    """Whoever is named first, a train hides nobody."""
    kinds = ["train", "man"] if first == "train" else ["man", "train"]
    shot = a_shot(shot_of, "open", *map(subject, kinds))
    context = stage_context(shot, brief_of())
    places = dict(zip((s.kind for s in context.shot.subjects), distances(context), strict=True))
    assert places["man"] < places["train"] - 1


def test_equals_share_a_plane(shot_of, brief_of):
    """Two people stay in the plane that the camera focuses on."""
    shot = a_shot(shot_of, "open", subject("woman"), subject("man"))
    assert distances(stage_context(shot, brief_of())) == [5.0, 5.0]


def test_a_small_thing_fills_its_own_frame(shot_of, brief_of):
    """A flask of perfume is framed as it is modelled, nearer than the bottle its kind is named for."""
    shots = [a_shot(shot_of, "studio", subject(noun, "bottle")) for noun in ("wine bottle", "perfume")]
    bottle, flask = (stage_context(shot, brief_of()).camera.view(0.0, 0.0).focus_m for shot in shots)
    assert flask < 0.6 * bottle


def test_a_small_thing_brings_its_table(shot_of, brief_of):
    """A cup on a table has one table."""
    shot = a_shot(shot_of, "cafe", subject("cup"), subject("table"))
    assert [kind_of(s).name for s in stage_context(shot, brief_of()).shot.subjects] == ["cup"]


@pytest.mark.parametrize(("kind", "place"), [("bottle", "studio"), ("whale", "ocean"), ("galaxy", "space")])
def test_who_is_nowhere_is_at_home(shot_of, brief_of, kind, place):
    """Where no place was said, a subject is where it would be; where one was, it is there."""
    shot = a_shot(shot_of, "open", subject(kind))
    assert stage_context(shot, brief_of()).shot.place == place
    shot = a_shot(shot_of, "beach", subject(kind))
    assert stage_context(shot, brief_of()).shot.place == "beach"
