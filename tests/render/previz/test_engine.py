"""The engine's own doors; what every engine keeps is in `test_engine_contract.py`."""

import threading
from dataclasses import replace

import pytest

from soundstage.errors import EngineBroke
from soundstage.film import Subject
from soundstage.render.engine import Workplace
from soundstage.render.previz.engine import PrevizEngine


@pytest.fixture
def engine(tmp_path):
    made = PrevizEngine(Workplace(cache_dir=tmp_path, workers=2))
    made.check()
    made.open()
    yield made
    made.close()


def test_frames_are_i420_one_by_one(engine, shot_of, brief_of):
    """Each frame comes by itself as I420 planes with its number."""
    frames = list(engine.render(shot_of(), brief_of((64, 36), frame_count=4)))
    assert [f.first for f in frames] == [0, 1, 2, 3]
    assert all(f.rgb is None and f.yuv420.shape == (1, 54, 64) for f in frames)


def test_workers_do_not_change_the_film(tmp_path, shot_of, brief_of):
    """One worker or three: the same bytes."""
    films = []
    for workers in (1, 3):
        engine = PrevizEngine(Workplace(cache_dir=tmp_path, workers=workers))
        engine.open()
        films.append(
            b"".join(f.yuv420.tobytes() for f in engine.render(shot_of(), brief_of((64, 36), frame_count=6)))
        )
    assert films[0] == films[1]


def test_closing_early_leaves_no_thread(engine, shot_of, brief_of):
    """A caller that stops after one frame gets its threads back."""
    before = threading.active_count()
    frames = engine.render(shot_of(), brief_of((64, 36), frame_count=500))
    next(frames)
    frames.close()
    assert threading.active_count() == before


@pytest.mark.parametrize("size", [(65, 36), (64, 37), (16, 16), (3842, 2160)])
def test_unfit_sizes_are_refused_by_name(engine, shot_of, brief_of, size):
    """Odd, tiny and huge frames are refused with the size in the message."""
    with pytest.raises(EngineBroke, match=f"{size[0]}x{size[1]}"):
        next(engine.render(shot_of(), brief_of(size)))


def test_a_broken_layer_is_this_engines_fault(engine, shot_of, brief_of, monkeypatch):
    """Whatever a layer raises leaves the engine as EngineBroke, naming the shot, with its cause."""
    from soundstage.render.previz.canvas import Canvas

    def broken(*_, **__):
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(Canvas, "finish", broken)
    with pytest.raises(EngineBroke, match=r"shot 0 \(forest\).*planted") as told:
        list(engine.render(shot_of(), brief_of((64, 36))))
    assert isinstance(told.value.__cause__, ZeroDivisionError)


def test_warming_draws_everything_once(engine):
    """Warming tells what it compiles: places, builders of subjects, weather that falls, rooms, nights."""
    told = []
    engine.warm(told.append)
    assert all(sentence.startswith("compiling what draws ") for sentence in told)
    for word in ("forest", "firefly", "letters", "rain", "snow", "bare studio", "night"):
        assert sum(sentence.endswith(f" {word}") for sentence in told) == 1, (word, told)


def test_stand_ins_are_told(engine, shot_of):
    """Every place and noun that something stands in for is named; what is built is not."""
    shot = shot_of(place="volcano_of_doom")
    shot = replace(shot, subjects=(*shot.subjects, Subject(noun="unicorn", kind=None)))
    told = engine.stand_ins(shot)
    assert len(told) == 2
    assert "volcano_of_doom" in told[0]
    assert "unicorn" in told[1]
    assert engine.stand_ins(shot_of()) == ()
