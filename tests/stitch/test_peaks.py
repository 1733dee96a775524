"""Peaks: what the lanes of a film's sound look like, beside the film, as long as the film."""

import json
from dataclasses import replace

from soundstage.film import Lane


def joined(cutter, make, lanes, frames=48):
    keys = cutter.shoot(frames)
    return cutter.join(keys, soundtrack=replace(make.soundtrack(frames), lanes=lanes))


def test_peaks_lie_beside_the_film(cutter, make):
    """Each lane has 100 points for every second of the film, whatever the mix brought."""
    lanes = (Lane(name="voices", peaks=(0.5,) * 203), Lane(name="music", peaks=(0.25,) * 150))
    file = joined(cutter, make, lanes).file("peaks")
    assert (file.name, file.content_type) == ("film.peaks.json", "application/json")
    told = json.loads(file.path.read_text("utf-8"))
    assert (told["version"], told["points_per_second"], told["seconds"]) == (1, 100, 2.0)
    assert [lane["name"] for lane in told["lanes"]] == ["voices", "music"]
    assert [len(lane["peaks"]) for lane in told["lanes"]] == [200, 200]
    assert told["lanes"][1]["peaks"][149:151] == [0.25, 0.0]


def test_nothing_measured_nothing_beside(cutter, make):
    """Sound without lanes, as an engine of its own may bring, has no file of peaks."""
    assert joined(cutter, make, ()).file("peaks") is None
