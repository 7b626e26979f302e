"""``python -m benchmarks.diagnosis``: how well flags find faults; writes only what is asked for."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import page
from benchmarks.diagnosis import report
from benchmarks.diagnosis.lines import bottleneck_scores
from benchmarks.diagnosis.runs import faults_score
from benchmarks.diagnosis.synthetic import SETTINGS, Sizes, other_scores, scores

PAGE = Path(__file__).parents[2] / "docs" / "diagnosis.md"
FULL = Sizes(faulty=30, healthy=900, tuning=600, other_faulty=2, other_healthy=180)
QUICK = Sizes(faulty=1, healthy=12, tuning=60, other_faulty=1, other_healthy=6)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the board."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.diagnosis", description="Measure how well flags find faults."
    )
    parser.add_argument("--quick", action="store_true", help="few runs: seconds, rough numbers")
    parser.add_argument("--write", action="store_true", help=f"refresh docs/{PAGE.name}")
    chosen = parser.parse_args(arguments)
    told = board(quick=chosen.quick)
    print(told)
    if chosen.write:
        page.refresh(told, PAGE)
    return 0


def board(*, quick: bool) -> str:
    """Return the whole board as Markdown."""
    begin = time.process_time()
    sizes = QUICK if quick else FULL
    on_streams = scores(sizes)
    on_others = other_scores(sizes)
    on_runs = faults_score(1 if quick else 4)
    lines = (
        bottleneck_scores(20, truth_parts=3000, truth_runs=1)
        if quick
        else bottleneck_scores(150, truth_parts=20_000, truth_runs=6)
    )
    used = time.process_time() - begin
    parts = [
        ("Goals", report.goals(on_streams, on_runs, lines)),
        ("Streams: all faults", report.methods(on_streams)),
        (
            "Streams: fault by fault (recall / median delay in cycles / cause right)",
            report.families(on_streams[: len(SETTINGS)]),
        ),
        ("Streams: other families (500 cycles, and as used)", report.others(on_others)),
        ("Runs: one injected fault at a time", report.runs(on_runs)),
        ("Bottlenecks", report.bottlenecks(lines)),
    ]
    text = "\n\n".join(f"### {title}\n\n{table}" for title, table in parts)
    return f"{text}\n\nMeasured in {used:.0f} s of CPU time."


if __name__ == "__main__":
    sys.exit(main())
