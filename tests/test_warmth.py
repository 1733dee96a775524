"""What is compiled ahead, and how it is noted."""

from dataclasses import replace

import pytest

from soundstage import app, warmth

ENDPOINT = "fal-ai/kling-video/v3/pro/text-to-video"


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A data folder whose kernel cache is empty."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))
    return app.load_settings(home=tmp_path)


@pytest.fixture
def screenplay(settings):
    """Two letters on a beach, without sound."""
    body = {"prompt": "A zorb and a snarkle on a beach", "generate_audio": False, "seed": 1}
    return app.write_screenplay(app.read_request(body, endpoint=ENDPOINT, settings=settings))


class Counting:
    """An engine that draws nothing and counts."""

    def __init__(self):
        self.drawn = []

    def render(self, shot, brief):
        """Count a shot and its size."""
        self.drawn.append((shot.index, brief.size.width, brief.frame_count))
        return iter(())


def warm(screenplay, settings):
    """Warm for a film; return what was drawn and what was said."""
    engine, said = Counting(), []
    briefs = [app.write_brief(screenplay, shot) for shot in screenplay.shots]
    warmth.warm_for(screenplay, settings, engine, briefs, say=said.append)
    return engine.drawn, said


def test_a_film_is_warmed_for_once(settings, screenplay):
    """One tiny frame a shot the first time, and a line that says why; then nothing."""
    drawn, said = warm(screenplay, settings)
    assert drawn == [(0, 128, 1)]
    assert "compiling" in said[0]
    assert warm(screenplay, settings) == ([], [])


def test_other_letters_need_no_other_kernels(settings, screenplay):
    """A noun without a model stands as letters, whatever it is: the next one is warm already."""
    warm(screenplay, settings)
    shot = screenplay.shots[0]
    other = replace(shot, subjects=tuple(replace(s, noun="quindle", kind=None) for s in shot.subjects))
    assert warm(replace(screenplay, shots=(other,)), settings) == ([], [])


@pytest.mark.parametrize("place", ["x" * 500, "../../outside", "nul\0", "all"])
def test_any_place_of_an_edited_screenplay_can_be_noted(settings, screenplay, tmp_path, place):
    """Hostile text becomes no path: it is noted once, inside the cache, and makes nothing else look warm."""
    strange = replace(screenplay, shots=(replace(screenplay.shots[0], place=place),))
    assert warm(strange, settings)[0]
    assert warm(strange, settings) == ([], [])
    assert not (tmp_path.parent / "outside").exists()
    assert not warmth.is_warm(settings)
