"""Trees as subjects: they are seen, sway, know the season, and come in the colours that were said."""

from dataclasses import replace

import numpy as np
import pytest

from soundstage.film import Subject
from soundstage.render.previz.subjects.plant import read_plants

TOLD = {
    "place": "open", "time_of_day": "afternoon", "framing": "medium", "lens": (35.0, 4.0), "fireflies": False,
}  # fmt: skip


@pytest.mark.parametrize("name", read_plants())
def test_every_tree_is_seen_and_sways(shot_of, draw, name):
    """Each line grows something finite that differs from the empty place, and moves in the wind."""
    form = read_plants()[name]
    subject = Subject(noun=form["words"][0], kind=form["kind"])
    first, later = draw(replace(shot_of(**TOLD), subjects=(subject,)), 2, 20)
    empty = draw(shot_of(**TOLD), 2)
    assert np.isfinite(first.light).all()
    assert np.abs(first.luma - empty.luma).max() > 30
    assert np.abs(first.luma - later.luma).max() > 3


def test_autumn_is_red_and_spring_is_green(shot_of, draw):
    """An oak's leaves follow the season; a word for their colour wins."""
    green = {}
    for season in ("spring", "autumn"):
        shot = replace(shot_of(**TOLD, season=season), subjects=(Subject(noun="oak", kind="tree"),))
        crown = draw(shot, 4).bgr[12:34, 44:84].astype(float)
        green[season] = (crown[..., 1] - crown[..., 2]).mean()
    assert green["spring"] > green["autumn"] + 10
