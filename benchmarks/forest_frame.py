"""Claim: one 1920x1080 forest frame with its fireflies takes 100 ms of one core or less, on AVX2 alone.

Run: .venv/bin/python benchmarks/forest_frame.py [--size 1920x1080] [--frames 24]
Prints JSON: milliseconds of CPU per frame, drawn one after the other on one thread, and what the set-up took.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time

import cv2
import numpy as np

from soundstage.film import Camera, FrameSize, Lens, Seconds, Shot, Subject
from soundstage.render.engine import Brief
from soundstage.render.previz.canvas import CanvasSet
from soundstage.render.previz.frame import draw_frame
from soundstage.render.previz.staging import stage_shot

BUDGET_MS = 100.0
SHOT = Shot(
    index=0,
    start=Seconds(0.0),
    seconds=Seconds(5.0),
    text="glowing fireflies dancing in a dark forest at twilight",
    framing="close_up",
    lens=Lens(focal_length_mm=50.0, f_number=2.0),
    camera=Camera(move="truck"),
    place="forest",
    time_of_day="twilight",
    light=("bioluminescent", "particles", "bokeh"),
    mood=("magical",),
    subjects=(Subject(noun="fireflies", kind="firefly", count=12, action="dance"),),
)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", default="1920x1080")
    parser.add_argument("--frames", type=int, default=24)
    asked = parser.parse_args()
    width, height = map(int, asked.size.split("x"))
    size = FrameSize(width=width, height=height)
    brief = Brief(size=size, fps=24, frame_count=120, seed=7, style="cinematic")
    cv2.setNumThreads(1)
    canvases = CanvasSet.make(width, height)
    draw_frame(stage_shot(SHOT, brief), brief, 0, canvases)  # compiles what is not in the cache
    start = time.process_time()
    scene = stage_shot(SHOT, brief)
    setup_ms = (time.process_time() - start) * 1e3
    spent = []
    for index in range(asked.frames):
        start = time.process_time()
        draw_frame(scene, brief, index * 119 // max(asked.frames - 1, 1), canvases)
        spent.append((time.process_time() - start) * 1e3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    told = {
        "size": asked.size,
        "frame_cpu_ms": {"least": round(min(spent), 1), "median": round(float(np.median(spent)), 1)},
        "setup_cpu_ms": round(setup_ms, 1),
        "budget_ms": BUDGET_MS,
        "kept": min(spent) <= BUDGET_MS,
        "peak_memory_mb": round(peak),
    }
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
