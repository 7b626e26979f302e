"""What speaks against a cause, and what else fits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from twin.flags.flag import Flag, name_of
from twin.flags.robot_cause import rivals
from twin.flags.robot_hypothesis import Hypothesis
from twin.run.run import Run

SURE = 0.75
"""A cause less sure than this is told as a guess."""
FEW = 30
"""Cycles of a baseline that make it a weak one."""
STILL = 0.01
"""Relative change of a signal that counts as none."""
OF_MOVES = frozenset({"mistaught_point", "speed_override", "joint_friction", "acceleration_loss"})
"""Causes that are told by the pattern of the moves."""
OTHER_SIGNAL = {
    "vacuum_leak": ("tool_current_a", "a worn tool, which would change the tool's current"),
    "tool_wear": ("vacuum_kpa", "a leak, which would lower the vacuum"),
}
"""Cause -> the signal of what would cost the same time, and what that is."""


def against(run: Run, flag: Flag, cause: str, sure: float | None, others: list[Flag]) -> list[str]:
    """Return sentences on what speaks against a cause; empty where nothing does."""
    return [
        *_doubts(flag, sure),
        *_rivals(run, flag, cause),
        *_other_signals(flag, cause),
        *_at_the_same_time(run, flag, others),
    ]


def _doubts(flag: Flag, sure: float | None) -> Iterator[str]:
    found = flag.evidence
    if sure is not None and sure < SURE:
        yield f"The cause is a guess: it is {100 * sure:.0f} % sure."
    n = found.get("baseline_n")
    if n == 0:
        yield (
            "There is no time before it to compare with: it is judged by the plant file alone, and "
            "wrong data there would look the same."
        )
    elif isinstance(n, int) and n < FEW:
        yield f"The baseline is short: {n} cycles."
    if found.get("scope") == "local":
        yield (
            "Identical machines beside it did not change: that speaks for this machine's own "
            "fault, and against material, product or energy supply."
        )
    elif found.get("scope") == "common":
        yield "Most identical machines changed with it: look at what they share first."


def _rivals(run: Run, flag: Flag, cause: str) -> Iterator[str]:
    """Return how much worse other patterns of the moves fit."""
    robot = run.plant.robots.get(flag.resource)
    if robot is None or cause not in OF_MOVES:
        return
    fitting = flag.evidence.get("diagnosis", {}).get("joints_that_fit", [])
    if len(fitting) > 1:
        joints = ", ".join(str(k) for k in fitting)
        yield f"The times of the moves fit joints {joints} alike; the currents had to decide."
    ranked = rivals(run, robot, flag.since_s, flag.until_s)
    if not ranked:
        return
    best = ranked[0]
    other = next((h for h in ranked if (h.kind, h.point) != (best.kind, best.point)), None)
    if other is not None and other.kind != "nothing":
        yield (
            f"The next best explanation of the moves, {_words(other)}, leaves {other.left_over:.4g}"
            f" instead of {best.left_over:.4g} squared standard errors unexplained."
        )


def _words(one: Hypothesis) -> str:
    if one.kind == "joint":
        return f"less acceleration of joint {one.joint}"
    if one.kind == "point":
        return f"the point '{one.point.replace('_', ' ')}'"
    return "all moves slower"


def _other_signals(flag: Flag, cause: str) -> Iterator[str]:
    """Return what the signal of a rival says."""
    if cause not in OTHER_SIGNAL:
        return
    signal, rival = OTHER_SIGNAL[cause]
    pair: Any = flag.evidence.get("diagnosis", {}).get(signal)
    name = signal.rpartition("_")[0].replace("_", " ")
    if not isinstance(pair, dict):
        yield f"No {name} is recorded, so {rival}, is not ruled out."
        return
    change = pair["during"] / pair["before"] - 1 if pair["before"] else 0.0
    if abs(change) < STILL:
        yield f"The {name} stayed the same ({100 * change:+.1f} %): that rules out {rival}."
    else:
        yield f"The {name} changed, too ({100 * change:+.1f} %): that fits {rival}."


def _at_the_same_time(run: Run, flag: Flag, others: list[Flag]) -> Iterator[str]:
    for other in others:
        if other is not flag and other.since_s < flag.until_s and flag.since_s < other.until_s:
            cell = next((w for w in run.plant.workcells() if w.id == other.workcell), None)
            where = name_of(cell.label, cell.id) if cell else "the whole plant"
            yield f"At the same time at {where}: {other.title}."
