"""Compiles every kernel ahead of the first order, by drawing a tiny frame of everything there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.film import FrameSize, Seconds, Shot, Subject
from soundstage.render.engine import Brief
from soundstage.render.previz.repertoire import LETTERS, read_kinds, read_places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from soundstage.film import TimeOfDay, Weather
    from soundstage.render.engine import Engine

TINY = FrameSize(width=128, height=72)


def warm_kernels(engine: Engine, tell: Callable[[str], None]) -> None:
    """Draw a frame of each place, kind of subject, falling weather and hour that has kernels of its own."""
    brief = Brief(size=TINY, fps=24, frame_count=1, seed=1, style="cinematic")
    for what, shot in _all_shots():
        tell(f"compiling what draws {what}")
        for _ in engine.render(shot, brief):
            pass


def _all_shots() -> Iterator[tuple[str, Shot]]:
    falling: tuple[Weather, ...] = ("rain", "snow", "storm")
    for place in read_places():
        yield f"the {place}", _shot(place=place)
    # One of each builder: a fox runs the same kernels as a dog.
    first_of = {kind.builder: name for name, kind in reversed(list(read_kinds().items()))}
    for kind in first_of.values():
        noun = "letters" if kind == LETTERS else kind
        subject = Subject(noun=noun, kind=None if kind == LETTERS else kind, action="run")
        yield f"the {noun}", _shot(subjects=(subject,))
    for weather in falling:
        yield weather, _shot(weather=weather)
    # What the open place hides behind a name or an hour: rooms, lit windows, stars.
    yield "a studio", _shot(place="studio")
    yield "a city at night", _shot(place="city_street", time_of_day="night")


def _shot(
    *,
    place: str = "open",
    subjects: tuple[Subject, ...] = (),
    weather: Weather = "clear",
    time_of_day: TimeOfDay = "sunset",
) -> Shot:
    return Shot(
        index=0,
        start=Seconds(0.0),
        seconds=Seconds(1.0),
        text="",
        place=place,
        subjects=subjects,
        weather=weather,
        time_of_day=time_of_day,
    )
