"""What would ease a lift most: the one change that lowers its lifting index furthest."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from twin.kpi.niosh import BEST_V_M, LEAST_D_M, LEAST_F_PER_MIN, LEAST_H_M, Duration, End, task
from twin.plant.lifting import Hands, Lift

GOAL = 1.0
"""Lifting index jobs should be designed for (p. 20 of the manual)."""


@dataclass(frozen=True)
class _Change:
    text: str
    lift: Lift
    f_per_min: float


def remedy(lift: Lift, f_per_min: float, duration: Duration) -> str | None:
    """Return the change of one thing that lowers the lifting index most, and what it would be.

    None: the index is 1.0 or less already, or nothing but a lighter load would lower it.
    """
    now = task(lift, f_per_min, duration)
    if now.stli is not None and now.stli <= GOAL:
        return None
    best: tuple[float, str] | None = None
    for change in _changes(lift, now.limit.end, f_per_min, now.stli):
        then = task(change.lift, change.f_per_min, duration).stli
        better = then is not None and (now.stli is None or then < now.stli - 1e-9)
        if then is not None and better and (best is None or then < best[0]):
            best = (then, f"{change.text} would give {then:.2f}")
    return best[1] if best else None


def _changes(lift: Lift, end: End, f_per_min: float, index: float | None) -> Iterator[_Change]:
    hands: Hands = getattr(lift, end)
    if hands.h_m > LEAST_H_M:
        h_m = _closer_m(hands.h_m, index)
        text = f"bring it closer: H at the {end} from {hands.h_m:.2f} to {h_m:.2f} m"
        yield _Change(text, _with(lift, end, h_m=h_m), f_per_min)
    if hands.v_m != BEST_V_M:
        word = "higher" if hands.v_m < BEST_V_M else "lower"
        text = f"{word}: V at the {end} from {hands.v_m:.2f} to {BEST_V_M:.2f} m"
        yield _Change(text, _with(lift, end, v_m=BEST_V_M), f_per_min)
    if abs(lift.destination.v_m - lift.origin.v_m) > LEAST_D_M:
        yield _shorter(lift, end, f_per_min)
    if hands.asymmetry_deg > 0:
        text = f"turn to it: asymmetry at the {end} from {hands.asymmetry_deg:g} to 0 degrees"
        yield _Change(text, _with(lift, end, asymmetry_deg=0.0), f_per_min)
    if lift.coupling != "good":
        good = lift.model_copy(update={"coupling": "good"})
        yield _Change(f"handles: coupling from {lift.coupling} to good", good, f_per_min)
    if f_per_min > LEAST_F_PER_MIN:
        text = f"fewer lifts: from {f_per_min:.2g} to {LEAST_F_PER_MIN} a minute"
        yield _Change(text, lift, LEAST_F_PER_MIN)


def _closer_m(h_m: float, index: float | None) -> float:
    """Return the largest whole centimetre that brings the index to 1.0, but not below 25 cm.

    The index is proportional to H between 25 and 63 cm.
    """
    if index is None:
        return LEAST_H_M
    return max(LEAST_H_M, math.floor(100.0 * h_m * GOAL / index) / 100.0)


def _shorter(lift: Lift, end: End, f_per_min: float) -> _Change:
    """Return the same lift with the end that does not count 25 cm from the other one."""
    other: End = "destination" if end == "origin" else "origin"
    here, there = getattr(lift, end).v_m, getattr(lift, other).v_m
    v_m = here + math.copysign(LEAST_D_M, there - here)
    text = f"a shorter way: V at the {other} from {there:.2f} to {v_m:.2f} m"
    return _Change(text, _with(lift, other, v_m=v_m), f_per_min)


def _with(lift: Lift, end: End, **changed: float) -> Lift:
    hands: Hands = getattr(lift, end)
    return lift.model_copy(update={end: hands.model_copy(update=changed)})
