"""How long a film takes, whole process, and how much memory.

Claims, on two cores: a 5 s film at 1080p with sound takes 12 s or less when warm, 30 s or less on the first
run ever, under 900 MB; `soundstage --help` answers in 0.3 s, `import soundstage.app` in 0.4 s.

Run: python benchmarks/film_time.py [repeats]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROMPTS = {
    "fireflies": "Close-up of glowing fireflies dancing in a dark forest at twilight. Soft bioluminescent"
    " particles float through the air. Shallow depth of field, bokeh lights in background. Magical"
    " atmosphere, gentle movement.",
    "retriever": "A golden retriever running along a beach at sunset, tracking shot",
}


def measure(words: list[str], environ: dict[str, str]) -> tuple[float, float, float]:
    """Run a process; return wall seconds, CPU seconds (children included), peak MB of the process itself."""
    started = time.perf_counter()
    with subprocess.Popen(
        words, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, words
    scale = 1e6 if sys.platform == "darwin" else 1e3  # ru_maxrss is bytes there, kilobytes here
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale


def main() -> None:
    """Measure and print one line a claim."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    soundstage = [sys.executable, "-m", "soundstage"]
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "SOUNDSTAGE_HOME": f"{folder}/home"}
        environ.pop("NUMBA_CACHE_DIR", None)
        for name, prompt in PROMPTS.items():
            words = [*soundstage, "film", prompt, "-o", f"{folder}/{name}.mp4", "--seed", "7"]
            if name == "fireflies":
                wall_s, cpu_s, peak_mb = measure(words, environ)
                print(f"first run ever:  {wall_s:5.1f} s wall, {cpu_s:5.1f} s CPU, {peak_mb:4.0f} MB")
            runs = [measure(words, environ) for _ in range(repeats)]
            wall_s, cpu_s, peak_mb = (statistics.median(column) for column in zip(*runs, strict=True))
            size_mb = Path(f"{folder}/{name}.mp4").stat().st_size / 1e6
            told = f"{wall_s:5.1f} s wall, {cpu_s:5.1f} s CPU, {peak_mb:4.0f} MB"
            print(f"{name:14}   {told}, file {size_mb:.1f} MB")
        helps = [measure([*soundstage, "--help"], environ)[0] for _ in range(5)]
        imports = [measure([sys.executable, "-c", "import soundstage.app"], environ)[0] for _ in range(5)]
        print(f"soundstage --help      {statistics.median(helps):.2f} s")
        print(f"import soundstage.app  {statistics.median(imports):.2f} s")


if __name__ == "__main__":
    main()
