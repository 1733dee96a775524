"""How long planning takes: prompts as people write them, and the worst anybody can send.

Claim: a median under 10 ms and a worst under 50 ms of CPU time a prompt, once the tables are loaded;
`soundstage plan` under 0.5 s, start to end. What it prints says which of them hold on this machine.
Sentences read before are forgotten before each prompt is timed: nobody sends the same prompt twice.
Run: `.venv/bin/python benchmarks/plan_speed.py`
"""

from __future__ import annotations

import random
import resource
import statistics
import subprocess
import sys
import time
import tomllib
from pathlib import Path

from soundstage.film import FrameSize, Order
from soundstage.plan import grammar, write_screenplay
from soundstage.plan.dialogue import read_dialogue
from soundstage.plan.meeting import people_in
from soundstage.plan.naming import clean_name
from soundstage.plan.sentences import read_sentences
from soundstage.plan.speech_words import sentences_in
from soundstage.plan.words import split_words

CORPUS = Path(__file__).parent.parent / "tests" / "plan" / "corpus"
#: The longest prompt the wire takes, in characters.
LONGEST = 2500
TOKENS = CORPUS.with_name("tokens.toml")
#: What is remembered of the texts that were read.
REMEMBERED = (
    grammar._parse,  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - see the claim
    clean_name, people_in, read_dialogue, read_sentences, sentences_in, split_words,
)  # fmt: skip


def order(prompt: str, shot_type: str, seconds: float = 15.0) -> Order:
    """Return an order as the wire would."""
    return Order(
        order_id="0",
        endpoint="bench",
        prompt=prompt,
        shots=(),
        seconds=seconds,
        size=FrameSize(width=1920, height=1080),
        fps=24,
        generate_audio=True,
        shot_type=shot_type,
        negative_prompt="blur, distort, and low quality",
        cfg_scale=0.5,
        seed=1,
        engine="previz",
        captions="both",
    )


def spent_ms(prompt: str, shot_type: str) -> float:
    """Return the CPU time one prompt takes, the best of two."""
    times = []
    for _ in range(2):
        for remembered in REMEMBERED:
            remembered.cache_clear()
        started = time.process_time()
        write_screenplay(order(prompt, shot_type))
        times.append(time.process_time() - started)
    return min(times) * 1000


def _long_prompt(prompts: list[str], seed: int) -> str:
    """Return as much of several prompts as the wire takes."""
    chosen = random.Random(seed).sample(prompts, 20)  # noqa: S311 - the same each time
    return "\n".join(chosen)[:LONGEST]


def process_s(prompt: str) -> float:
    """Return the CPU time of `soundstage plan`, the best of five, the first of which warms the disk."""
    spent: list[float] = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "soundstage", "plan", prompt]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(spent)


def main() -> None:
    """Print first use, typical and worst prompts."""
    started = time.process_time()
    write_screenplay(order("a dog", "customize"))
    print(f"first prompt, tables included: {(time.process_time() - started) * 1000:.0f} ms")
    for prompt in ("一只狗在森林里", "Un perro corre por la playa", "犬が走る"):
        write_screenplay(order(prompt, "customize"))
    for prompt in ("A dog runs", "一只狗在雨中奔跑"):
        print(f"soundstage plan {prompt!r}: {process_s(prompt):.2f} s")
    prompts = [
        (case["prompt"], case.get("shot_type", "customize"))
        for path in sorted(CORPUS.glob("*.toml"))
        for case in tomllib.loads(path.read_text("utf-8")).get("prompt", ())
        if "prompt" in case
    ]
    times = sorted((spent_ms(prompt, shot_type), prompt[:60]) for prompt, shot_type in prompts)
    print(f"{len(times)} prompts of the corpus: median {statistics.median(t for t, _ in times):.1f} ms")
    print(f"  slowest {times[-1][0]:.1f} ms: {times[-1][1]!r}")
    long = [_long_prompt([prompt for prompt, _ in prompts if prompt.isascii()], seed) for seed in range(40)]
    times = sorted((spent_ms(prompt, "intelligent"), prompt[:60]) for prompt in long)
    print(
        f"{len(long)} prompts of {LONGEST} characters: median {statistics.median(t for t, _ in times):.1f} ms"
    )
    print(f"  slowest {times[-1][0]:.1f} ms: {times[-1][1]!r}")
    worst = []
    tokens = tomllib.loads(TOKENS.read_text("utf-8"))
    for token in (*tokens["repeated"], *tokens["mixed"].values()):
        prompt = (token * LONGEST)[:LONGEST]
        worst += [(spent_ms(prompt, kind), kind, token) for kind in ("customize", "intelligent")]
    worst.sort(reverse=True)
    print(f"{len(worst)} prompts of {LONGEST} characters of one token: worst {worst[0][0]:.1f} ms")
    for spent, shot_type, token in worst[:12]:
        print(f"  {spent:7.1f} ms {shot_type:12} {token!r:.50}")


if __name__ == "__main__":
    main()
