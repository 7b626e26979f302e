"""The board as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from benchmarks.diagnosis.faults import not_scored
from benchmarks.diagnosis.healthy import Healthy, total
from benchmarks.diagnosis.lines import Named
from benchmarks.diagnosis.paired import Paired
from benchmarks.diagnosis.runs import RunScores, kinds
from benchmarks.diagnosis.score import Score
from benchmarks.table import grid

METHODS = ("method", "false alarms / 1,000 h", "recall", "precision", "F1", "cause right")
RUNS = (
    "kind",
    "runs",
    "recall",
    "cause right",
    "strictly",
    "wrong flags",
    "dated late by (median)",
)
HEALTHY = ("plant", "runs", "station-hours", "false alarms", "per 1,000 h", "plain thresholds")
PAIRED = (
    "fault", "lost output", "plant_loss_units", "lost_units", "others waited more, min",
    "waits_caused_s, min",
)  # fmt: skip
GOALS = ("goal", "value", "target", "reached")


def methods(scores: Sequence[Score]) -> str:
    """Return the table of methods on synthetic streams."""
    return grid(METHODS, [_method(s) for s in scores])


def _method(s: Score) -> list[str]:
    cause = f"{s.cause_accuracy:.3f}" if s.cause_accuracy else "names none"
    return [
        s.method, f"{s.false_per_1000_h:.2f}", f"{s.recall:.3f}", f"{s.precision:.3f}",
        f"{s.f1:.3f}", cause,
    ]  # fmt: skip


def families(scores: Sequence[Score]) -> str:
    """Return recall / median delay / share with the right cause, fault by fault."""
    groups = list(dict.fromkeys(o.group for o in scores[0].outcomes))
    head = ("fault", *(s.method for s in scores))
    return grid(head, [[group, *(_cell(s.of(group)) for s in scores)] for group in groups])


def _cell(s: Score) -> str:
    if s.median_delay is None:
        return "0.00"
    return f"{s.recall:.2f} / {s.median_delay:.0f} / {s.cause_accuracy:.2f}"


def others(found: Sequence[tuple[Score, Score]]) -> str:
    """Return false alarms, recall and causes on streams of other families, of both settings."""
    head = ("healthy cycles", "false alarms / 1,000 h", "recall", "cause right")
    rows = [
        [
            short.method,
            f"{short.false_per_1000_h:.1f}, {used.false_per_1000_h:.1f}",
            f"{short.recall:.2f}, {used.recall:.2f}",
            f"{short.cause_accuracy:.2f}, {used.cause_accuracy:.2f}",
        ]
        for short, used in found
    ]
    return grid(head, rows)


def runs(score: Score) -> str:
    """Return the table of injected faults, scored kindly and strictly."""
    rows = [
        [
            s.method, str(len(s.outcomes)), f"{s.recall:.2f}", f"{s.cause_accuracy:.2f}",
            f"{s.strict_accuracy:.2f}", str(sum(o.wrong for o in s.outcomes)), _seconds(s),
        ]
        for s in kinds(score)
    ]  # fmt: skip
    return f"{grid(RUNS, rows)}\n\n{_all(score)}"


def _all(score: Score) -> str:
    return (
        f"Together, kindly: recall {score.recall:.3f}, precision {score.precision:.3f}, F1"
        f" {score.f1:.3f}, cause right {score.cause_accuracy:.3f}. Strictly: found and named"
        f" {score.strict_accuracy:.3f}, precision {score.strict_precision:.3f}."
    )


def injected(score: Score) -> str:
    """Return the table of single faults, with the kinds that are not injected."""
    return f"{runs(score)} Kinds without an injection: {', '.join(not_scored()) or 'none'}."


def healthy(seen: Sequence[Healthy]) -> str:
    """Return the table of flags on healthy runs."""
    rows = [
        [
            one.plant, str(one.runs), f"{one.station_hours:,.0f}", _counted(one.tested),
            f"{one.per_1000_h():.2f}", _counted(one.plain),
        ]
        for one in [*seen, total(seen)]
    ]  # fmt: skip
    return grid(HEALTHY, rows)


def paired(found: Sequence[Paired]) -> str:
    """Return the table of stated losses against those between paired runs."""
    rows = [
        [
            one.name, f"{one.truth:,.0f}", f"{one.plant_loss:,.0f}", f"{one.lost_units:,.0f}",
            f"{one.true_waits_s / 60:,.0f}", f"{one.waits_s / 60:,.0f}",
        ]
        for one in found
    ]  # fmt: skip
    return grid(PAIRED, rows)


def _counted(found: Counter[str]) -> str:
    return ", ".join(f"{n} {cause}" for cause, n in sorted(found.items())) or "none"


def _seconds(s: Score) -> str:
    return "" if s.median_delay is None else f"{s.median_delay:.0f} s"


def bottlenecks(found: Sequence[Named]) -> str:
    """Return the table of methods that name a bottleneck."""
    head = ("method", "top-1", "top-1 where clear", "mean lost gain")
    return grid(
        head,
        [
            [b.method, f"{b.top_1:.3f}", f"{b.top_1_clear:.3f}", f"{100 * b.lost_gain:.1f} %"]
            for b in found
        ],
    )


def goals(rows: Sequence[Sequence[str]]) -> str:
    """Return the table of what is reached of the goals."""
    return grid(GOALS, rows)


def stream_goals(scores: Sequence[Score]) -> list[list[str]]:
    """Return the goals of streams."""
    short, long = scores[0], scores[1]
    delay = short.of("step 5 %, CV 10 %").median_delay
    return [
        _goal("false alarms / 1,000 h, 500 cycles", short.false_per_1000_h, 1.5, more=False),
        _goal("recall, 500 cycles", short.recall, 0.84),
        _goal("F1, 500 cycles", short.f1, 0.90),
        _goal("false alarms / 1,000 h, 2,000 cycles", long.false_per_1000_h, 1.5, more=False),
        _goal("recall, 2,000 cycles", long.recall, 0.93),
        _goal("delay of 5 % at CV 10 %, cycles", delay or float("inf"), 130, more=False),
        _goal("cause right, streams", short.cause_accuracy, 0.95),
    ]


def run_goals(found: RunScores, seen: Sequence[Healthy]) -> list[list[str]]:
    """Return the goals of runs."""
    rate = total(seen).per_1000_h()
    return [
        _goal("recall, runs", found.single.recall, 0.95),
        _goal("cause right, runs", found.single.cause_accuracy, 0.95),
        _goal("found and named, runs, strictly", found.single.strict_accuracy, 0.90),
        _goal("found and named, two faults, strictly", found.pairs.strict_accuracy, 0.90),
        _goal("false alarms / 1,000 h, runs", rate, 1.5, more=False),
    ]


def bottleneck_goals(found: Sequence[Named]) -> list[list[str]]:
    """Return the goals of bottlenecks."""
    return [
        _goal("bottleneck top-1, critical path of the log", found[0].top_1, 0.90),
        _goal("bottleneck top-1, turning point", found[1].top_1, 0.90),
        _goal("bottleneck top-1, twin", found[2].top_1, 0.90),
    ]


def _goal(name: str, value: float, target: float, *, more: bool = True) -> list[str]:
    reached = value >= target if more else value <= target
    sign = ">=" if more else "<="
    return [name, f"{value:.3g}", f"{sign} {target:g}", "yes" if reached else "no"]
