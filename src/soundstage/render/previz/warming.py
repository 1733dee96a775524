"""Compiles every kernel ahead of the first order, by drawing a tiny frame of everything there is.

Compiling is Python's work and holds the interpreter's lock, so two processes do it side by side where the
machine has the cores: each takes the next thing that nobody has drawn yet, and waits for a function that the
other is just compiling.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from soundstage.errors import EngineBroke
from soundstage.film import FrameSize, Seconds, Shot, Subject
from soundstage.locks import held
from soundstage.render.engine import Brief, Workplace
from soundstage.render.previz.repertoire import LETTERS, read_kinds, read_places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from soundstage.film import TimeOfDay, Weather
    from soundstage.render.engine import Engine

TINY = FrameSize(width=128, height=72)
STUDIO = ("softbox",)  #: the open place in this light is a room
PROCESSES = 2  #: a third would mostly wait for what the first two compile
_CODE = "from soundstage.render.previz.warming import help_compiling; help_compiling()"


def warm_kernels(engine: Engine, tell: Callable[[str], None]) -> None:
    """Draw a frame of each place, kind of subject, falling weather and hour that has kernels of its own.

    Raises:
        EngineBroke: a part failed.
    """
    if engine.workplace.workers < PROCESSES:
        for what, shot in _all_shots():
            _compile(engine, what, shot, tell)
        return
    with tempfile.TemporaryDirectory(prefix="soundstage-warm-") as folder:
        _compile_side_by_side(Path(folder), tell)


def _compile(engine: Engine, what: str, shot: Shot, tell: Callable[[str], None]) -> None:
    tell(f"compiling what draws {what}")
    brief = Brief(size=TINY, fps=24, frame_count=1, seed=1, style="cinematic")
    for _ in engine.render(shot, brief):
        pass


def _compile_side_by_side(folder: Path, tell: Callable[[str], None]) -> None:
    """Have helpers compile, and pass on what they tell; `folder` is where they agree who does what."""
    from numba.core import config  # noqa: PLC0415 - the list of engines must not wait for it

    kept = cast("str", cast("Any", config).CACHE_DIR)
    environ = {**os.environ, **({"NUMBA_CACHE_DIR": kept} if kept else {})}
    ours, theirs = os.pipe()
    with ExitStack() as stack:
        helpers: list[tuple[subprocess.Popen[bytes], Path]] = []
        told = stack.enter_context(os.fdopen(ours, encoding="utf-8"))
        try:
            for nth in range(PROCESSES):
                wrong = folder / f"{nth}.err"
                words = [sys.executable, "-c", _CODE, str(folder), str(nth)]
                with wrong.open("wb") as stderr:
                    helper = subprocess.Popen(words, env=environ, stdout=theirs, stderr=stderr)
                stack.callback(_end, helper)
                helpers.append((helper, wrong))
        finally:
            os.close(theirs)
        for line in told:
            tell(line.rstrip("\n"))
        for helper, wrong in helpers:
            if helper.wait() != 0:
                said = wrong.read_text(encoding="utf-8", errors="replace").strip().splitlines()
                raise EngineBroke(f"previz broke while compiling: {said[-1] if said else helper.returncode}")


def _end(helper: subprocess.Popen[bytes]) -> None:
    """Leave no helper behind when another has failed or the caller was stopped."""
    if helper.poll() is None:
        helper.kill()
    helper.wait()


def help_compiling() -> None:
    """Be one of the helpers: compile what nobody has claimed yet, until nothing is left."""
    from soundstage.render.previz.engine import PrevizEngine  # noqa: PLC0415 - it imports this module

    folder, nth = Path(sys.argv[1]), int(sys.argv[2])
    _compile_once(folder)
    engine = PrevizEngine(Workplace(cache_dir=folder, workers=1))
    engine.open()
    shots = list(enumerate(_all_shots()))
    # From both ends, so that they meet late and seldom wait for each other.
    for number, (what, shot) in shots[:: -1 if nth else 1]:
        if _claim(folder / f"shot-{number}"):
            _compile(engine, what, shot, lambda sentence: print(sentence, flush=True))  # noqa: T201 - to the pipe
    engine.close()


def _claim(path: Path) -> bool:
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _compile_once(folder: Path) -> None:
    """Have numba compile a function only while no other helper does, and take over what that one has kept."""
    from numba.core.caching import FunctionCache  # noqa: PLC0415 - heavy

    patched = cast("Any", FunctionCache)
    load, save = patched.load_overload, patched.save_overload
    mine: dict[str, ExitStack] = {}

    def name_of(cache: Any) -> str:
        function = cache._py_func  # noqa: SLF001 - nothing public names what a cache is of
        return f"{function.__module__}.{function.__qualname__}"

    def load_overload(cache: Any, *told: Any) -> Any:
        found, name = load(cache, *told), name_of(cache)
        if found is not None or name in mine:
            return found
        mine[name] = ExitStack()
        mine[name].enter_context(held(folder / f"{name}.lock"))
        found = load(cache, *told)
        if found is not None:
            mine.pop(name).close()
        return found

    def save_overload(cache: Any, *told: Any) -> None:
        save(cache, *told)
        if name_of(cache) in mine:
            mine.pop(name_of(cache)).close()

    patched.load_overload, patched.save_overload = load_overload, save_overload


def _all_shots() -> Iterator[tuple[str, Shot]]:
    """Yield what to draw; its two ends have little in common, so that two helpers seldom meet."""
    falling: tuple[Weather, ...] = ("rain", "snow", "storm")
    for place in _first_of_each(read_places()):
        yield f"the {place}", _shot(place=place)
    for weather in falling:
        yield weather, _shot(weather=weather)
    yield "a city at night", _shot(place="city_street", time_of_day="night")
    # A room has no sky and no sea to wait for.
    for kind in _first_of_each({name: kind.builder for name, kind in read_kinds().items()}):
        noun = "letters" if kind == LETTERS else kind
        subject = Subject(noun=noun, kind=None if kind == LETTERS else kind, action="run")
        yield f"the {noun}", _shot(light=STUDIO, subjects=(subject,))
    # What the open place hides behind a light.
    yield "a bare studio", _shot(light=STUDIO)


def _first_of_each(builders: Mapping[str, str]) -> Iterable[str]:
    """Return one name for each builder: a fox runs the same kernels as a dog."""
    return {builder: name for name, builder in reversed(list(builders.items()))}.values()


def _shot(
    *,
    place: str = "open",
    subjects: tuple[Subject, ...] = (),
    weather: Weather = "clear",
    time_of_day: TimeOfDay = "sunset",
    light: tuple[str, ...] = (),
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
        light=light,
    )
