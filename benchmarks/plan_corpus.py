"""Claim: the planner reads prompts nobody showed it.

Lines 98 %, speakers 92 %, boundaries 98 %, world, camera and subjects 95 %, speech nobody wrote in under 1 %
of prompts; median under 10 ms CPU a prompt, none over 50.

Run: `.venv/bin/python benchmarks/plan_corpus.py [--tag camera] [--misses] [--sealed]`
The sealed prompts are scored without a word of them shown.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "plan"))

from cases import OPEN, SEALED, load_cases, order_of
from scoring import score_case, tally

from soundstage.plan import write_screenplay


def score(cases):
    """Return the points of all prompts; reading them once also warms the tables."""
    return [point for case in cases for point in score_case(case, write_screenplay(order_of(case)))]


def spent_ms(cases):
    """Return the CPU time each prompt takes once tables are loaded, in ms."""
    times = []
    for case in cases:
        order = order_of(case)
        started = time.process_time()
        write_screenplay(order)
        times.append((time.process_time() - started) * 1000)
    return times


def show_misses(points):
    """Print what was wanted and what was read instead."""
    for point in points:
        if not point.hit:
            print(f"{point.prompt}: {point.category}, {point.what}")
            print(f"    wanted {point.wanted!r}, read {point.read!r}")
    print()


def main() -> None:
    """Print a score for each category, and the time."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tag", help="only prompts with this tag")
    parser.add_argument("--category", help="only points of this category")
    parser.add_argument(
        "--misses", action="store_true", help="also print what was not read (never of sealed ones)"
    )
    parser.add_argument("--sealed", action="store_true", help="score the sealed third")
    chosen = parser.parse_args()
    cases = [
        case
        for case in load_cases(SEALED if chosen.sealed else OPEN)
        if chosen.tag is None or chosen.tag in case["tags"]
    ]
    if not cases:
        sys.exit("no prompt bears that tag")
    points = [point for point in score(cases) if chosen.category in (None, point.category)]
    if chosen.misses and not chosen.sealed:
        show_misses(points)
    print(f"{len(cases)} prompts, {'sealed' if chosen.sealed else 'open'}")
    for category, (hits, total) in tally(points).items():
        if category == "false_speech":
            false = total - hits
            print(f"{category:14s} {false:5d} of {total:5d} prompts {false / max(total, 1):7.1%}")
        elif total:
            print(f"{category:14s} {hits:5d} of {total:5d} points  {hits / total:7.1%}")
    times = spent_ms(cases)
    slowest = "" if chosen.sealed else f" ({cases[times.index(max(times))]['id']})"
    print(f"CPU a prompt: median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms{slowest}")


if __name__ == "__main__":
    main()
