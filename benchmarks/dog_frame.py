"""What the running dog costs per 1080p frame: CPU of its own layers, alone on a plain ground.

Run: python benchmarks/dog_frame.py [frames]. Claims: at most 45 ms of CPU per frame with the dog over a
third of the width, its body built within 0.5 s of CPU once kernels are compiled.
"""

import sys
import time

import numpy as np

from soundstage.film import Camera, FrameSize, Seconds, Shot, Subject
from soundstage.render.engine import Brief
from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.frame import moment_of
from soundstage.render.previz.scene import Ground
from soundstage.render.previz.staging import stage_context
from soundstage.render.previz.subjects.quadruped import build
from soundstage.render.previz.subjects.quadruped_rig import make_rig

SIZE = FrameSize(width=1920, height=1080)


def measure(framing: str, frames: int) -> None:
    who = Subject(noun="golden retriever", kind="dog", action="run")
    shot = Shot(
        index=0, start=Seconds(0.0), seconds=Seconds(5.0), text="", framing=framing, subjects=(who,),
        camera=Camera(move="track"), time_of_day="sunset", place="beach",
    )  # fmt: skip
    ctx = stage_context(shot, Brief(size=SIZE, fps=24, frame_count=120, seed=1, style="cinematic"))
    depth = ctx.camera.focus_m
    ground = Ground(wetness=0.8, stage_m=depth, half_width_m=ctx.start.half_width_m(depth))
    layers = build(who, 0, ctx, ground)
    canvas = Canvas(SIZE.width, SIZE.height)
    costs = []
    for index in range(frames + 1):
        moment = moment_of(index, frame_count=120, fps=24)
        view = ctx.camera.view(moment.progress, moment.t_s)
        start = time.process_time()
        for layer in layers:
            layer.draw(canvas, view, moment)
        costs.append((time.process_time() - start) * 1e3)
    warm = costs[1:]
    width = 1.25 / (2 * ground.half_width_m)
    cost = f"{min(warm):.1f} cpu-ms least, {np.median(warm):.1f} median"
    print(f"{framing:>16}: dog over {width:.0%} of the width: {cost}")


def main() -> None:
    frames = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    make_rig("dog", "", 1.0, 99)
    start = time.process_time()
    make_rig("dog", "", 1.0, 100)
    print(f"building a dog: {time.process_time() - start:.2f} s of CPU")
    for framing in ("extreme_wide", "wide", "medium", "close_up"):
        measure(framing, frames)


if __name__ == "__main__":
    main()
