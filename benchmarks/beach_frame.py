"""Claim: the empty beach at sunset costs at most 35 cpu-ms a frame at 1080p, one core's AVX2.

Run: .venv/bin/python benchmarks/beach_frame.py
Prints the least process time of each layer over ten frames, after one that compiles.
"""

from __future__ import annotations

import time
from collections import defaultdict

import cv2

from soundstage.film import Camera, FrameSize, Lens, Seconds, Shot
from soundstage.render.engine import Brief
from soundstage.render.previz.canvas import CanvasSet
from soundstage.render.previz.frame import moment_of
from soundstage.render.previz.places.beach import build
from soundstage.render.previz.staging import stage_context

FRAMES = 11


def main():
    cv2.setNumThreads(1)
    size = FrameSize(width=1920, height=1080)
    shot = Shot(
        index=0, start=Seconds(0), seconds=Seconds(5), text="", place="beach", time_of_day="sunset",
        framing="wide", lens=Lens(focal_length_mm=35.0), camera=Camera(move="truck"),
    )  # fmt: skip
    context = stage_context(shot, Brief(size=size, fps=24, frame_count=120, seed=7, style="cinematic"))
    started = time.process_time()
    layers = build(context).layers
    print(f"build {time.process_time() - started:.2f} s, compiling included when it had to")
    canvases = CanvasSet.make(size.width, size.height)
    spent_s: dict[str, list[float]] = defaultdict(list)
    for index in range(FRAMES):
        moment = moment_of(index, frame_count=120, fps=24)
        view = context.camera.view(moment.progress, moment.t_s)
        for layer in layers:
            back = layer.focus == "back"
            started = time.process_time()
            layer.draw(canvases.back if back else canvases.full, view.scaled(0.5) if back else view, moment)
            spent_s[type(layer).__name__].append(time.process_time() - started)
    least = {name: 1000 * min(times[1:]) for name, times in spent_s.items()}
    for name, ms in least.items():
        print(f"{name:10s} {ms:6.1f} cpu-ms")
    print(f"{'all':10s} {sum(least.values()):6.1f} cpu-ms")


if __name__ == "__main__":
    main()
