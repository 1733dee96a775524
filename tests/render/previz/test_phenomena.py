"""Fire, smoke, worlds, cloth: every line of the table paints something finite that moves."""

from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import Subject
from soundstage.render.previz.subjects.phenomenon import choose_form, read_phenomena

FORMS = read_phenomena()


def a_picture(shot_of, draw, noun, kind, *indices, **rest):
    told = {"place": "open", "time_of_day": "twilight", "framing": "medium", "lens": (35.0, 4.0)} | rest
    shot = replace(shot_of(fireflies=False, **told), subjects=(Subject(noun=noun, kind=kind),))
    return draw(shot, *indices)


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_seen_and_moves(shot_of, draw, name):
    """Each form is finite, differs from the empty scene, and is not a still."""
    form = FORMS[name]
    noun = form.get("words", [name])[0]
    frames = a_picture(shot_of, draw, noun, form["kind"], 10, 12, 20)
    empty = draw(
        shot_of(fireflies=False, place="open", time_of_day="twilight", framing="medium", lens=(35.0, 4.0)), 10
    )
    assert all(np.isfinite(frame.light).all() for frame in frames)
    assert max(np.abs(frame.luma - empty.luma).max() for frame in frames) > 12
    if form.get("spin_hz", 1.0) and form["kind"] != "rainbow_arc":
        assert (
            max(np.abs(a.luma - b.luma).max() for a, b in ((frames[0], frames[1]), (frames[1], frames[2])))
            > 2
        )


@pytest.mark.parametrize(
    ("noun", "kind", "form"),
    [
        ("campfire", "fire", "campfire"), ("burning house", "fire", "flames"),
        ("fireworks", "fire", "fireworks"),
        ("ink in water", "smoke", "ink"), ("tornado", "smoke", "tornado"),
        ("black hole", "galaxy", "black_hole"),
        ("saturn", "planet", "saturn"), ("red flag", "cloth", "flag"), ("烟花", "fire", "fireworks"),
    ],
)  # fmt: skip
def test_a_noun_finds_its_form(noun, kind, form):
    """The longest word that was said wins; what no line names is shown by the first of its kind."""
    assert choose_form(kind, noun, ()) is FORMS[form]


def test_a_fire_lights_what_stands_by_it(shot_of):
    """A fire is a lamp by night; a planet is none."""
    from tests.render.previz.conftest import a_brief

    from soundstage.render.previz.frame import moment_of
    from soundstage.render.previz.scene import LampSource
    from soundstage.render.previz.staging import stage_shot

    shot = replace(
        shot_of(fireflies=False, time_of_day="night"), subjects=(Subject(noun="fire", kind="fire"),)
    )
    scene = stage_shot(shot, a_brief())
    moment = moment_of(3, frame_count=25, fps=24)
    lamps = np.concatenate([x.lamps(moment) for x in scene.layers if isinstance(x, LampSource)])
    assert len(lamps)
    assert lamps[:, 6].max() > 0


def test_a_colour_is_seen(shot_of, draw):
    """A blue fire is blue, a fire is not."""
    told = {"place": "open", "time_of_day": "night", "framing": "medium", "lens": (35.0, 4.0)}
    share = {}
    for colour in ((), ("blue",)):
        subject = Subject(noun="fire", kind="fire", attributes=colour)
        frame = draw(replace(shot_of(fireflies=False, **told), subjects=(subject,)), 8)
        bright = frame.bgr[frame.bgr.max(axis=2) > 120].astype(float)
        share[colour] = bright[:, 0].mean() / bright[:, 2].mean()
    assert share[()] < 0.8
    assert share[("blue",)] > 1.0
