"""What previz costs at 1080p: CPU of a frame by place and by family of subjects, of films, and memory.

Claims: a set takes at most 60 cpu-ms a frame, what a film is about at most 60, a whole frame 165 with its
encoder (40 of it); 5 s of 1080p on two cores in 10 s, so in 20 s of CPU, under 900 MB; two workers draw at
1.8 times the pace of one; `soundstage warm` takes 30 s.

Run: python benchmarks/previz_cost.py [places] [subjects] [films] [workers] [--frames 3] [--size 1920x1080]
     [--only WORD] [--layers]
Prints medians of process time on one thread; `*` marks what is over its claim. On a machine that others use
at the same time compare figures of one run with each other, not with those of another day.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from soundstage.film import Camera, FrameSize, Seconds, Shot, Subject
from soundstage.render.engine import Brief, Workplace
from soundstage.render.previz.canvas import CanvasSet
from soundstage.render.previz.engine import PrevizEngine
from soundstage.render.previz.frame import moment_of
from soundstage.render.previz.repertoire import read_kinds, read_places
from soundstage.render.previz.scene import NO_LAMPS, LampSource, Moment
from soundstage.render.previz.staging import stage_shot

SET_MS, SUBJECT_MS, FRAME_MS = 60.0, 60.0, 125.0  #: cpu-ms a frame; the encoder takes 40 of 165 besides
FILM_CPU_S, FILM_MB, SPEED_UP, WARM_S = 20.0, 900.0, 1.8, 30.0

SUBJECTS = (
    ("woman", "walk"), ("old_man", "talk"), ("couple", "talk"), ("crowd", "walk"), ("dog", "run"),
    ("cat", "sit"), ("horse", "run"), ("elephant", "walk"), ("lion", "walk"), ("gull", "fly"),
    ("owl", "sit"), ("butterfly", "fly"), ("fish", "swim"), ("dolphin", "swim"), ("car", "drive"),
    ("bus", "drive"), ("train", "move"), ("bicycle", "stand"), ("airliner", "fly"), ("rocket", "fly"),
    ("ship", "sail"), ("sailboat", "sail"), ("castle", "stand"), ("skyscraper", "stand"),
    ("cottage", "stand"), ("chair", "stand"), ("cup", "stand"), ("cake", "stand"), ("sneaker", "stand"),
    ("letters", "stand"), ("firefly", "dance"),
)  # fmt: skip
FRAMINGS = ("wide", "medium", "close_up")
FILMS = {
    "fireflies": "Close-up of glowing fireflies dancing in a dark forest at twilight, bokeh lights",
    "retriever": "A golden retriever running along a beach at sunset, tracking shot",
    "neon car": "A red sports car drives down a neon city street at night in the rain",
    "two people": "A man and a woman talk in a cafe on a rainy evening, medium shot",
    "close-up": "Close-up portrait of a young woman by the window, soft morning light",
    "product": "A perfume bottle on a table, golden light, slow orbit",
}


@dataclass
class Cost:
    """What one shot takes."""

    build_ms: float = 0.0
    layers_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def layer(self, name: str) -> float:
        """Return the median of a layer, of all copies together."""
        return float(np.median(self.layers_ms[name]))

    def total(self, *names: str) -> float:
        """Return the sum of some layers' medians, or of all."""
        return sum(self.layer(name) for name in names or self.layers_ms)


def make_shot(**told: Any) -> Shot:
    """Return a shot of five seconds."""
    base: dict[str, Any] = {"camera": Camera(move="dolly_in"), "time_of_day": "sunset", "framing": "wide"}
    return Shot(index=0, start=Seconds(0.0), seconds=Seconds(5.0), text="", **(base | told))


def measure(shot: Shot, size: FrameSize, frames: int) -> Cost:
    """Draw some frames of a shot, layer by layer as `draw_frame` does, after one that compiles."""
    cost = Cost()
    brief = Brief(size=size, fps=24, frame_count=120, seed=7, style="cinematic")
    started = time.process_time()
    scene = stage_shot(shot, brief)
    cost.build_ms = (time.process_time() - started) * 1e3
    canvases = CanvasSet.make(size.width, size.height)
    for nth in range(frames + 1):
        index = nth * 110 // max(frames, 1)
        bare = moment_of(index, frame_count=120, fps=24, rate=scene.rate)
        lit = [layer.lamps(bare) for layer in scene.layers if isinstance(layer, LampSource)]
        lamps = np.concatenate(lit).astype(np.float32) if lit else NO_LAMPS
        moment = Moment(index=index, frame_count=120, t_s=bare.t_s, progress=bare.progress, lamps=lamps)
        view = scene.camera.view(moment.progress, moment.t_s, hand_s=index / 24)
        half = view.scaled(0.5)
        spent: dict[str, float] = defaultdict(float)

        def timed(name: str, act: Any, spent: dict[str, float] = spent) -> None:
            begun = time.process_time()
            act()
            spent[name] += (time.process_time() - begun) * 1e3

        timed("frame", lambda: canvases.back.clear(scene.light.fog_colour))
        for layer in scene.layers:
            if layer.focus == "back":
                timed(_name(layer), lambda it=layer: it.draw(canvases.back, half, moment))  # noqa: B023
        timed("frame", lambda: canvases.full.fill_from(canvases.back))
        for layer in scene.layers:
            if layer.focus == "full":
                timed(_name(layer), lambda it=layer: it.draw(canvases.full, view, moment))  # noqa: B023
        timed("frame", lambda: canvases.full.finish(scene.light.grade, seed=7))
        if nth:
            for name, ms in spent.items():
                cost.layers_ms[name].append(ms)
    return cost


def _name(layer: object) -> str:
    return f"{type(layer).__module__.rpartition('.')[2]}.{type(layer).__name__}"


def _subject_layers(cost: Cost, place: Cost) -> tuple[str, ...]:
    """Return the layers that a shot has and the same shot without its subject has not."""
    return tuple(name for name in cost.layers_ms if name not in place.layers_ms)


def _mark(value: float, most: float) -> str:
    return f"{value:6.0f}{'*' if value > most else ' '}"


def _tell_layers(cost: Cost) -> None:
    for name in sorted(cost.layers_ms, key=cost.layer, reverse=True):
        print(f"      {name:34s} {cost.layer(name):6.1f}")


def tell_places(asked: argparse.Namespace, size: FrameSize) -> None:
    """Print what each place costs, nobody in it."""
    print(f"{'place':18s} {'set-up ms':>10s} {'set':>7s} {'frame':>7s}   cpu-ms, limits {SET_MS:.0f} and -")
    for place in sorted(read_places()):
        if asked.only not in place:
            continue
        for hour in ("noon", "night"):
            measure(make_shot(place=place, time_of_day=hour), FrameSize(width=128, height=72), 0)
            cost = measure(make_shot(place=place, time_of_day=hour), size, asked.frames)
            own = cost.total() - cost.layer("frame")
            name = f"{place}, {hour}"
            print(f"{name:18s} {cost.build_ms:10.0f} {_mark(own, SET_MS)} {_mark(cost.total(), FRAME_MS)}")
            if asked.layers:
                _tell_layers(cost)


def tell_subjects(asked: argparse.Namespace, size: FrameSize) -> None:
    """Print what subjects cost in an open place, their own layers alone, near and far."""
    print(f"{'subject':12s} {'set-up ms':>10s} " + " ".join(f"{f:>9s}" for f in FRAMINGS) + "   cpu-ms")
    kinds = read_kinds()
    bare = measure(make_shot(place="open"), FrameSize(width=128, height=72), 1)
    for noun, action in SUBJECTS:
        if asked.only not in noun or noun not in kinds:
            continue
        subject = Subject(noun=noun, kind=None if noun == "letters" else noun, action=action)
        told: list[str] = []
        details: list[Cost] = []
        build_ms = 0.0
        for framing in FRAMINGS:
            shot = make_shot(place="open", framing=framing, subjects=(subject,))
            if framing == FRAMINGS[0]:
                measure(shot, FrameSize(width=128, height=72), 0)
            cost = measure(shot, size, asked.frames)
            build_ms = max(build_ms, cost.build_ms)
            told.append(_mark(cost.total(*_subject_layers(cost, bare)), SUBJECT_MS))
            details.append(cost)
        print(f"{noun:12s} {build_ms:10.0f}   " + "   ".join(told))
        if asked.layers:
            for cost in details:
                _tell_layers(cost)


def _run(words: list[str], environ: dict[str, str]) -> tuple[float, float, float]:
    """Run the command in a process; return wall seconds, CPU seconds with its children's, peak MB."""
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "soundstage", *words], env=environ, stdout=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, words
    peak_mb = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, peak_mb


def tell_films(asked: argparse.Namespace) -> None:
    """Print what warming costs, then whole films of five seconds, sound and encoder included."""
    resolution = "4k" if asked.size == "3840x2160" else f"{asked.size.partition('x')[2]}p"
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "SOUNDSTAGE_HOME": folder, "NUMBA_CACHE_DIR": f"{folder}/kernels"}
        wall_s, cpu_s, peak_mb = _run(["warm"], environ)
        print(f"{'film, 5 s':12s} {'wall s':>7s} {'CPU s':>8s} {'peak MB':>8s}")
        print(f"{'(warm)':12s} {wall_s:7.1f} {cpu_s:7.0f}  {peak_mb:7.0f}    claim: {WARM_S:.0f} s wall")
        print(f"{'(claims)':12s} {'':7s} {FILM_CPU_S:7.0f}  {FILM_MB:7.0f}")
        for name, prompt in FILMS.items():
            if asked.only not in name:
                continue
            words = ["film", prompt, "-o", f"{folder}/it.mp4", "--seed", "7", "--resolution", resolution]
            wall_s, cpu_s, peak_mb = _run(words, environ)
            print(
                f"{name:12s} {wall_s:7.1f}  {_mark(cpu_s, FILM_CPU_S)}  {_mark(peak_mb, FILM_MB)}", flush=True
            )


def tell_workers(size: FrameSize) -> None:
    """Print how much faster two workers draw than one; idle cores are needed to tell."""
    shot = make_shot(place="forest", subjects=(Subject(noun="dog", kind="dog", action="run"),))
    brief = Brief(size=size, fps=24, frame_count=25, seed=7, style="cinematic")
    least: dict[int, float] = {}
    for workers in (1, 2, 4) * 2:
        engine = PrevizEngine(Workplace(cache_dir=Path(tempfile.gettempdir()), workers=workers))
        engine.open()
        frames = engine.render(shot, brief)
        next(frames)
        started = time.perf_counter()
        for _ in frames:
            pass
        took = time.perf_counter() - started
        least[workers] = min(least.get(workers, took), took)
    for workers, took in least.items():
        print(f"{workers} workers: {took:5.2f} s for 24 frames, {least[1] / took:.2f} times the pace of one")
    print(f"claim: {SPEED_UP} with two")


def main() -> None:
    """Measure what was asked, by default all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", nargs="*", default=["places", "subjects", "films", "workers"])
    parser.add_argument("--frames", type=int, default=3)
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--only", default="", help="part of a name")
    parser.add_argument("--layers", action="store_true", help="tell each layer's share")
    asked = parser.parse_args()
    width, height = map(int, asked.size.split("x"))
    size = FrameSize(width=width, height=height)
    cv2.setNumThreads(1)
    if "places" in asked.what:
        tell_places(asked, size)
    if "subjects" in asked.what:
        tell_subjects(asked, size)
    if "films" in asked.what:
        tell_films(asked)
    if "workers" in asked.what:
        tell_workers(size)


if __name__ == "__main__":
    main()
