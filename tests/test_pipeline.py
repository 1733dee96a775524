"""One order through the pipeline: what is reported, what is kept, what is closed."""

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from soundstage import app
from soundstage.errors import Cancelled, EngineBroke, EngineUnavailable
from soundstage.film import Frames, FrameSize, Seconds
from soundstage.pipeline import fingerprint, make_film
from soundstage.render.engine import Engine, EngineSpec, Workplace


class Slides(Engine):
    """An engine that counts what it is asked for."""

    spec = EngineSpec(
        name="slides",
        version="1",
        made_by="slides",
        max_size=FrameSize(width=640, height=640),
        max_seconds=Seconds(60.0),
        fps=(24,),
        repeatable=True,
    )

    def __init__(self, workplace):
        super().__init__(workplace)
        self.rendered, self.closed_early, self.fail_on = [], 0, None

    def check(self):
        """Runs everywhere."""

    def open(self):
        """Nothing heavy."""

    def close(self):
        """Nothing opened."""

    def render(self, shot, brief):
        """Yield a slide that moves."""
        self.rendered.append(shot.index)
        try:
            for i in range(brief.frame_count):
                if self.fail_on == (shot.index, i):
                    raise EngineBroke("the projector caught fire")
                rgb = np.full((1, brief.size.height, brief.size.width, 3), 40 + 3 * (i % 60), np.uint8)
                yield Frames(first=i, rgb=rgb)
        except GeneratorExit:
            self.closed_early += 1
            raise


@pytest.fixture
def slides(tmp_path):
    """The counting engine."""
    return Slides(Workplace(cache_dir=tmp_path, workers=1))


@pytest.fixture
def order():
    """Two shots, small, without sound."""
    body = {
        "multi_prompt": [{"prompt": "A beach", "duration": "1"}, {"prompt": "A forest", "duration": "2"}],
        "resolution": "360p",
        "generate_audio": False,
        "seed": 4,
    }
    endpoint = "fal-ai/kling-video/v3/pro/text-to-video"
    return app.read_request(body, endpoint=endpoint, settings=app.load_settings())


@pytest.fixture
def studio(tmp_path, slides):
    """The real parts around the counting engine; the draft is what comes out."""

    class Rack:
        @contextmanager
        def opened(self, _):
            yield slides

    return app.build_studio(
        app.load_settings(home=tmp_path), Rack(), bench=tmp_path / "bench", publish=lambda film: film
    )


def test_reports_tell_the_whole_way(order, studio):
    """Every frame is reported once, in order, against the film's total; stages come in order."""
    told = []
    film = make_film(order, studio, told.append)
    frames = [
        r.done for r in told if (r.stage == "render" and r.message is None) or "frames (" in (r.message or "")
    ]
    assert sorted(set(frames)) == list(range(1, 73))
    assert all(r.total == 72 for r in told if r.stage == "render")
    stages = list(dict.fromkeys(r.stage for r in told))
    assert stages == ["plan", "render", "stitch", "store"]
    assert film.facts.frame_count == 72
    assert set(film.facts.spent_s) == {"plan", "render", "stitch", "store"}


def test_finished_shots_are_never_made_twice(order, studio, slides):
    """An attempt that failed in shot 2 leaves shot 1 on the bench for the next attempt."""
    slides.fail_on = (1, 5)
    with pytest.raises(EngineBroke, match="caught fire"):
        make_film(order, studio, lambda _: None)
    slides.fail_on = None
    make_film(order, studio, lambda _: None)
    assert slides.rendered == [0, 1, 1]


def test_a_withdrawn_order_closes_the_engine_at_once(order, studio, slides):
    """`tell` raising Cancelled ends the render in flight and leaves no clip of that shot."""

    def tell(report):
        if report.stage == "render" and report.done == 10:
            raise Cancelled("withdrawn")

    with pytest.raises(Cancelled):
        make_film(order, studio, tell)
    assert slides.closed_early == 1
    make_film(order, studio, lambda _: None)
    assert slides.rendered == [0, 0, 1]


def test_fingerprint_follows_what_pixels_depend_on(order):
    """Another seed, text or engine version is another shot; the same is the same."""
    screenplay = app.write_screenplay(order)
    shot = screenplay.shots[0]
    brief = app.write_brief(screenplay, shot)
    same = fingerprint(shot, brief, "slides 1")
    assert same == fingerprint(shot, brief, "slides 1")
    others = {
        fingerprint(replace(shot, place="elsewhere"), brief, "slides 1"),
        fingerprint(shot, replace(brief, seed=5), "slides 1"),
        fingerprint(shot, brief, "slides 2"),
    }
    assert len(others | {same}) == 4


def test_film_files_exist_and_have_their_sizes(order, studio):
    """Each file of a film is where it says, as long as it says."""
    film = make_film(order, studio, lambda _: None)
    assert {f.role for f in film.files} >= {"video", "poster", "screenplay"}
    for file in film.files:
        assert Path(file.path).stat().st_size == file.bytes


def test_a_strangers_exception_gets_the_engines_name(order, studio, slides, monkeypatch):
    """Whatever an engine raises reaches the caller as EngineBroke, with engine and cause named."""

    def render(shot, brief):
        yield from ()
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(slides, "render", render)
    with pytest.raises(EngineBroke, match=r"'slides' failed on shot 1: ZeroDivisionError\('boom'\)"):
        make_film(order, studio, lambda _: None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fps": 60}, "60 fps was asked, engine 'slides' makes 24 fps"),
        ({"size": FrameSize(width=1920, height=1080)}, "1920x1080 was asked.*640x640; lower the resolution"),
    ],
)
def test_a_film_beyond_the_engine_is_refused_before_it_is_begun(order, studio, slides, change, said):
    """What `spec` says is held to, with both numbers and the way out."""
    with pytest.raises(EngineUnavailable, match=said):
        make_film(replace(order, **change), studio, lambda _: None)
    assert slides.rendered == []


def test_mouths_are_known_before_a_frame_is_drawn(studio, slides):
    """The brief of a shot in which somebody speaks holds their lips, on the shot's clock; others none."""
    body = {
        "multi_prompt": [
            {"prompt": "An empty beach", "duration": "1"},
            {"prompt": 'A woman says: "Come home now."', "duration": "3"},
        ],
        "resolution": "360p",
        "seed": 4,
    }
    endpoint = "fal-ai/kling-video/v3/pro/text-to-video"
    order = app.read_request(body, endpoint=endpoint, settings=app.load_settings())
    briefs, drawn = [], slides.render
    slides.render = lambda shot, brief: (briefs.append(brief), drawn(shot, brief))[1]
    film = make_film(order, studio, lambda _: None)
    (track,) = briefs[1].lips
    assert briefs[0].lips == ()
    assert 0.0 <= track.start_s < track.end_s <= 3.0
    assert track.speaker in {s.member for s in studio.write(order).shots[1].subjects}
    assert "speak" in film.facts.spent_s
