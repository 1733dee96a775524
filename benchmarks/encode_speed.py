"""Claim: a 1080p frame costs under 50 ms of CPU to encode, in under 250 MB; joining 5 s of film, under 1 s.

Run: python benchmarks/encode_speed.py [--size 1920x1080] [--seconds 5]
CPU seconds count, not wall time: they do not change with what else the machine does. Memory is what the
process grew by while encoding, the frames at hand included. Each row is a process of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

FPS = 24


def drawn(size, count):
    """Yield moving I420 pictures with light grain, one by one, as an engine does."""
    from soundstage.film import Frames

    width, height = size.width, size.height
    rng = np.random.default_rng(1)
    grain = rng.normal(0, 1.2, (4, height, width)).round().astype(np.int16)
    x, y = np.arange(2 * width) / width, np.arange(height) / height
    far = 110 + 60 * np.sin(40 * x)[None] * np.cos(25 * y)[:, None]
    near = 110 + 80 * np.sin(90 * x)[None] * np.cos(60 * y)[:, None]
    for n in range(count):
        luma = far[:, 2 * n : 2 * n + width].astype(np.int16)
        luma[height // 2 :] = near[height // 2 :, 6 * n : 6 * n + width]
        picture = np.full((1, height * 3 // 2, width), 128, np.uint8)
        picture[0, :height] = np.clip(luma + grain[n % 4], 16, 235)
        yield Frames(first=n, yuv420=picture)


def peak_mb():
    """Return the most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def measure(name, size, seconds, out):
    """Shoot and join one film; put the figures into `out`."""
    from soundstage.film import Facts, FrameSize, Screenplay, Seconds, Shot, Soundtrack, Waveform
    from soundstage.stitch import Bench, ClipKey

    size = FrameSize(width=size[0], height=size[1])
    count = round(seconds * FPS)
    key = ClipKey(index=0, fingerprint="bench", size=size, fps=FPS, frame_count=count)
    # What drawing alone costs and holds is taken off both figures.
    start = time.process_time()
    for _ in drawn(size, count):
        pass
    drawing_s, drawing_mb = time.process_time() - start, peak_mb()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        start, start_wall = time.process_time(), time.perf_counter()
        bench.shoot(key, drawn(size, count), lambda _: None)
        encoding_s, wall_s = time.process_time() - start - drawing_s, time.perf_counter() - start_wall
        encoding_mb = peak_mb() - drawing_mb
        samples = np.random.default_rng(2).normal(0, 0.1, (2, count * 2000)).astype(np.float32)
        shot = Shot(index=0, start=Seconds(0), seconds=Seconds(seconds), text="")
        play = Screenplay(
            title=name, seconds=Seconds(seconds), size=size, fps=FPS, seed=1, sound=True, shots=(shot,)
        )
        facts = Facts(
            made_by="benchmark",
            engine="benchmark",
            engine_version="1",
            seed=1,
            size=size,
            fps=FPS,
            frame_count=count,
            seconds=Seconds(seconds),
            has_audio=True,
            loudness_lufs=None,
        )
        track = Soundtrack(waveform=Waveform(samples=samples), cues=(), loudness_lufs=-16.0)
        start = time.process_time()
        film = bench.join([key], play, track, "both", facts)
        joining_s = time.process_time() - start
        megabytes = film.file("video").bytes / 1e6
    out.put((name, count, encoding_s, wall_s, encoding_mb, joining_s, megabytes))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", action="append", help="as 1920x1080; may be given again")
    parser.add_argument("--seconds", type=float, default=5.0)
    told = parser.parse_args()
    print(
        f"{'size':>10} {'frames':>7} {'CPU s':>7} {'ms/frame':>9} {'wall s':>7}"
        f" {'MB':>5} {'join s':>7} {'file MB':>8}"
    )
    context = multiprocessing.get_context("spawn")
    for name in told.size or ["1280x720", "1920x1080"]:
        width, height = (int(side) for side in name.split("x"))
        out = context.Queue()
        child = context.Process(target=measure, args=(name, (width, height), told.seconds, out))
        child.start()
        _, count, cpu_s, wall_s, mb, join_s, file_mb = out.get()
        child.join()
        per_frame = 1000 * cpu_s / count
        print(
            f"{name:>10} {count:7} {cpu_s:7.2f} {per_frame:9.1f} {wall_s:7.2f}"
            f" {mb:5.0f} {join_s:7.2f} {file_mb:8.2f}"
        )


if __name__ == "__main__":
    main()
