"""``python -m benchmarks.diagnosis``: how well flags find faults; writes only what is asked for."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import page
from benchmarks.diagnosis import report
from benchmarks.diagnosis.healthy import healthy_runs
from benchmarks.diagnosis.lines import bottleneck_scores
from benchmarks.diagnosis.paired import paired_losses
from benchmarks.diagnosis.runs import faults_score
from benchmarks.diagnosis.sections import GOALS, Sections, merged, text_of, written
from benchmarks.diagnosis.synthetic import SETTINGS, Sizes, other_scores, scores

PAGE = Path(__file__).parents[2] / "docs" / "diagnosis.md"
FULL = Sizes(faulty=30, healthy=900, tuning=600, other_faulty=2, other_healthy=180)
QUICK = Sizes(faulty=1, healthy=12, tuning=60, other_faulty=1, other_healthy=6)
PARTS = ("streams", "runs", "bottlenecks")

Measured = tuple[list[list[str]], Sections]
"""Rows of goals, and sections."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the board."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.diagnosis", description="Measure how well flags find faults."
    )
    parser.add_argument("--quick", action="store_true", help="few runs: seconds, rough numbers")
    parser.add_argument("--write", action="store_true", help=f"refresh docs/{PAGE.name}")
    parser.add_argument(
        "--only", choices=PARTS, action="append", help="measure and refresh only this part"
    )
    chosen = parser.parse_args(arguments)
    told = board(quick=chosen.quick, only=chosen.only or PARTS)
    print(text_of(told))
    if chosen.write:
        page.refresh(text_of(merged(written(PAGE), told)), PAGE)
    return 0


def board(*, quick: bool, only: Sequence[str] = PARTS) -> Sections:
    """Return the sections of the board, or of some parts of it."""
    goals: list[list[str]] = []
    sections: Sections = {}
    for part, measure in MEASURES.items():
        if part in only:
            begin = time.process_time()
            reached, found = measure(quick)
            goals += reached
            sections |= found
            used = time.process_time() - begin
            *_, last = found
            sections[last] += f"\n\n{part.capitalize()}: measured in {used:.0f} s of CPU time."
    return {GOALS: report.goals(goals), **sections}


def _streams(quick: bool) -> Measured:
    sizes = QUICK if quick else FULL
    found, others = scores(sizes), other_scores(sizes)
    return report.stream_goals(found), {
        "Streams: all faults": report.methods(found),
        "Streams: fault by fault (recall / median delay in cycles / cause right)": report.families(
            found[: len(SETTINGS)]
        ),
        "Streams: other families (500 cycles, and as used)": report.others(others),
    }


def _runs(quick: bool) -> Measured:
    found, seen = faults_score([1] if quick else [1, 2, 3]), healthy_runs(3 if quick else 18)
    return report.run_goals(found, seen), {
        "Runs: one injected fault at a time": report.injected(found.single),
        "Runs: two faults at a time": report.runs(found.pairs),
        "Runs: healthy": report.healthy(seen),
        "Runs: stated losses against the truth": report.paired(paired_losses(1 if quick else 3)),
    }


def _bottlenecks(quick: bool) -> Measured:
    found = (
        bottleneck_scores(20, truth_parts=3000, truth_runs=1)
        if quick
        else bottleneck_scores(150, truth_parts=20_000, truth_runs=6)
    )
    return report.bottleneck_goals(found), {"Bottlenecks": report.bottlenecks(found)}


MEASURES: dict[str, Callable[[bool], Measured]] = {
    "streams": _streams,
    "runs": _runs,
    "bottlenecks": _bottlenecks,
}
"""What is measured, part by part: goals and sections."""


if __name__ == "__main__":
    sys.exit(main())
