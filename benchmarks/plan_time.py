"""How long planning takes: tables once, then a prompt. Claim: a few milliseconds, 50 at worst, in CPU time.

Run: `.venv/bin/python benchmarks/plan_time.py`
"""

from __future__ import annotations

import statistics
import time
import tomllib
from pathlib import Path

from soundstage.film import FrameSize, Order
from soundstage.plan import write_screenplay

PROMPTS = Path(__file__).parent.parent / "tests" / "plan" / "prompts.toml"
WORST = {
    "one word": "dog " * 625,
    "hyphens": "a-" * 1250,
    "characters": "森林" * 1250,
    "labels": "A: b\n" * 500,
    "quotes": '"' * 2500,
    "prose": "An old man walks his small brown dog along the sea. " * 48,
}


def order(prompt: str, shot_type: str) -> Order:
    """Return a 15 s order."""
    return Order(
        order_id="0",
        endpoint="bench",
        prompt=prompt,
        shots=(),
        seconds=15.0,
        size=FrameSize(width=1920, height=1080),
        fps=24,
        generate_audio=True,
        shot_type=shot_type,
        negative_prompt="blur",
        cfg_scale=0.5,
        seed=1,
        engine="previz",
        captions="both",
    )


def spent_ms(prompt: str, shot_type: str = "customize") -> float:
    """Return the CPU time one prompt takes, the best of three."""
    times = []
    for _ in range(3):
        started = time.process_time()
        write_screenplay(order(prompt, shot_type))
        times.append(time.process_time() - started)
    return min(times) * 1000


def main() -> None:
    """Print first use, typical and worst prompts."""
    started = time.process_time()
    write_screenplay(order("a dog", "customize"))
    print(f"first prompt, tables included: {(time.process_time() - started) * 1000:.0f} ms CPU")
    prompts = [case["prompt"] for case in tomllib.loads(PROMPTS.read_text("utf-8"))["case"]]
    typical = sorted(spent_ms(prompt) for prompt in prompts)
    print(f"{len(prompts)} prompts: median {statistics.median(typical):.1f} ms, slowest {typical[-1]:.1f} ms")
    for name, prompt in WORST.items():
        print(f"2,500 characters, {name}: {spent_ms(prompt[:2500], 'intelligent'):.0f} ms")


if __name__ == "__main__":
    main()
