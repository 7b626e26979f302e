"""The revised NIOSH lifting equation, in its metric constants.

T. R. Waters, V. Putz-Anderson, A. Garg: Applications Manual for the Revised NIOSH Lifting Equation,
DHHS (NIOSH) 94-110, revised 9/2021, doi 10.26616/NIOSHPUB94110revised092021. Its metric and US
constants are no exact conversions of each other; these are the metric ones. Multipliers come from
the formulas, not from the rounded tables. Pages below are those of the manual.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from twin.plant.lifting import Hands, Lift

Duration = Literal["short", "moderate", "long"]
End = Literal["origin", "destination"]

LOAD_CONSTANT_KG = 23.0
LEAST_H_M, MOST_H_M = 0.25, 0.63
BEST_V_M, MOST_V_M = 0.75, 1.75
LEAST_D_M, MOST_D_M = 0.25, 1.75
MOST_A_DEG = 135.0
LEAST_F_PER_MIN = 0.2

_F_PER_MIN = (0.2, 0.5, *(float(n) for n in range(1, 16)))
_FM: dict[tuple[Duration, bool], tuple[float, ...]] = {
    ("short", False): (
        1.00, 0.97, 0.94, 0.91, 0.88, 0.84, 0.80, 0.75, 0.70, 0.60, 0.52, 0.45, 0.41, 0.37,
        0.0, 0.0, 0.0,
    ),
    ("short", True): (
        1.00, 0.97, 0.94, 0.91, 0.88, 0.84, 0.80, 0.75, 0.70, 0.60, 0.52, 0.45, 0.41, 0.37,
        0.34, 0.31, 0.28,
    ),
    ("moderate", False): (
        0.95, 0.92, 0.88, 0.84, 0.79, 0.72, 0.60, 0.50, 0.42, 0.35, 0.30, 0.26, 0.0, 0.0,
        0.0, 0.0, 0.0,
    ),
    ("moderate", True): (
        0.95, 0.92, 0.88, 0.84, 0.79, 0.72, 0.60, 0.50, 0.42, 0.35, 0.30, 0.26, 0.23, 0.21,
        0.0, 0.0, 0.0,
    ),
    ("long", False): (
        0.85, 0.81, 0.75, 0.65, 0.55, 0.45, 0.35, 0.27, 0.22, 0.18, 0.0, 0.0, 0.0, 0.0,
        0.0, 0.0, 0.0,
    ),
    ("long", True): (
        0.85, 0.81, 0.75, 0.65, 0.55, 0.45, 0.35, 0.27, 0.22, 0.18, 0.15, 0.13, 0.0, 0.0,
        0.0, 0.0, 0.0,
    ),
}  # fmt: skip
"""Table 5 (p. 15), by duration and whether the hands start at 75 cm or higher.

Parts of `moderate` and `long` were not compared with the original.
"""

_CM: dict[str, tuple[float, float]] = {
    "good": (1.0, 1.0),
    "fair": (0.95, 1.0),
    "poor": (0.90, 0.90),
}
"""Table 7 (p. 18): hands below 75 cm, and from there on."""


def horizontal(h_m: float) -> float:
    """Return HM = 25 / H; 1 up to 25 cm, 0 beyond 63 cm."""
    return 0.0 if h_m > MOST_H_M else LEAST_H_M / max(h_m, LEAST_H_M)


def vertical(v_m: float) -> float:
    """Return VM = 1 - 0.003 |V - 75|; 0 above 175 cm."""
    return 0.0 if v_m > MOST_V_M else 1.0 - 0.3 * abs(v_m - BEST_V_M)


def travel(d_m: float) -> float:
    """Return DM = 0.82 + 4.5 / D; D is at least 25 cm, 0 beyond 175 cm."""
    return 0.0 if d_m > MOST_D_M else 0.82 + 0.045 / max(d_m, LEAST_D_M)


def asymmetric(a_deg: float) -> float:
    """Return AM = 1 - 0.0032 A; 0 beyond 135 degrees."""
    return 0.0 if a_deg > MOST_A_DEG else 1.0 - 0.0032 * a_deg


def coupled(coupling: str, v_m: float) -> float:
    """Return CM of a grip at a height."""
    return _CM[coupling][v_m >= BEST_V_M]


def frequent(f_per_min: float, duration: Duration, v_origin_m: float) -> float:
    """Return FM, linear between the rows of table 5 (p. 7).

    Below 0.2 lifts a minute it is that of 0.2; above the last row that is not 0 it is 0 ("lifting
    above the maximum frequency results in a RWL of 0.0", p. 15).
    """
    column = _FM[duration, v_origin_m >= BEST_V_M]
    f_per_min = max(round(f_per_min, 9), LEAST_F_PER_MIN)  # sums of lifts are not exact
    k = bisect_right(_F_PER_MIN, f_per_min) - 1
    low = column[k]
    if f_per_min == _F_PER_MIN[k]:
        return low
    high = column[k + 1] if k + 1 < len(column) else 0.0
    if high == 0.0:
        return 0.0
    return low + (high - low) * (f_per_min - _F_PER_MIN[k]) / (_F_PER_MIN[k + 1] - _F_PER_MIN[k])


@dataclass(frozen=True)
class Limit:
    """The weight limit of one lift and what it is made of.

    Attributes
    ----------
    end : {"origin", "destination"}
        The end that counts: the one with the lower limit.
    hm, vm, dm, am, cm : float
        Multipliers there.
    firwl_kg : float
        Limit at any frequency (FM = 1).
    fm : float
    rwl_kg : float
        ``firwl_kg * fm``; 0: not permitted at all.
    """

    end: End
    hm: float
    vm: float
    dm: float
    am: float
    cm: float
    firwl_kg: float
    fm: float
    rwl_kg: float


def weight_limit(lift: Lift, f_per_min: float, duration: Duration) -> Limit:
    """Return the recommended weight limit of a lift done `f_per_min` times a minute.

    The destination counts only where the load needs significant control there (p. 21, 26).
    """
    fm = frequent(f_per_min, duration, lift.origin.v_m)
    limit = _limit(lift, lift.origin, "origin", fm)
    if not lift.significant_control:
        return limit
    there = _limit(lift, lift.destination, "destination", fm)
    return there if there.firwl_kg < limit.firwl_kg else limit


def _limit(lift: Lift, hands: Hands, end: End, fm: float) -> Limit:
    hm, vm, am = horizontal(hands.h_m), vertical(hands.v_m), asymmetric(hands.asymmetry_deg)
    dm = travel(abs(lift.destination.v_m - lift.origin.v_m))
    cm = coupled(lift.coupling, hands.v_m)
    firwl = LOAD_CONSTANT_KG * hm * vm * dm * am * cm
    return Limit(end, hm, vm, dm, am, cm, firwl, fm, firwl * fm)


@dataclass(frozen=True)
class Task:
    """One task of a job: its load, its limit, and how it is done."""

    load_kg: float
    limit: Limit
    f_per_min: float
    v_origin_m: float

    @property
    def fili(self) -> float | None:
        """Lifting index at any frequency (FILI); None: not permitted."""
        return self.load_kg / self.limit.firwl_kg if self.limit.firwl_kg > 0 else None

    @property
    def stli(self) -> float | None:
        """Lifting index of the task by itself (STLI); None: not permitted."""
        return self.load_kg / self.limit.rwl_kg if self.limit.rwl_kg > 0 else None


def task(lift: Lift, f_per_min: float, duration: Duration) -> Task:
    """Return a lift as a task of a job."""
    limit = weight_limit(lift, f_per_min, duration)
    return Task(lift.load_kg, limit, f_per_min, lift.origin.v_m)


def composite(tasks: Sequence[Task], duration: Duration) -> float | None:
    """Return the composite lifting index of a job; None: not permitted, or no tasks.

    CLI = STLI_1 + sum over k of FILI_k (1 / FM(F_1 + ... + F_k) - 1 / FM(F_1 + ... + F_k-1)), tasks
    by falling STLI, of equal ones the more frequent first (p. 27, 28, 57). Where the tasks start at
    different heights, both FM of a term are those of the task it adds.
    """
    indices = [(one.stli, one) for one in tasks]
    known = [(index, one) for index, one in indices if index is not None]
    if not known or len(known) < len(indices):
        return None
    known.sort(key=lambda pair: (-pair[0], -pair[1].f_per_min))
    total, first = known[0]
    together = first.f_per_min
    for _, one in known[1:]:
        before = frequent(together, duration, one.v_origin_m)
        together += one.f_per_min
        after = frequent(together, duration, one.v_origin_m)
        if after == 0.0:
            return None
        total += (one.fili or 0.0) * (1.0 / after - 1.0 / before)
    return total
