"""What a case hands back: comparisons with other simulators, and figures."""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.check import Estimate


@dataclass(frozen=True)
class Row:
    """One simulator in a comparison; without `cpu_s` it has not been measured.

    Attributes
    ----------
    cpu_s : float or None
        Best of the rounds.
    spread : float
        Median of the rounds over the best.
    visits : int
        Visits of units to machines.
    observed : Estimate or None
        What the simulator found: throughput, or mean time in the system.
    agrees : bool
        Whether that is the exact value, as far as chance allows.
    why : str
        Why there are no numbers.
    """

    subject: str
    records: str
    cpu_s: float | None = None
    spread: float = 1.0
    visits: int = 0
    observed: Estimate | None = None
    agrees: bool = True
    why: str = ""

    @property
    def rate(self) -> float | None:
        """Visits per CPU second."""
        return None if self.cpu_s is None else self.visits / self.cpu_s


@dataclass(frozen=True)
class Figure:
    """One measured number, and what it should be.

    Attributes
    ----------
    target : float or None
        What the number must not exceed, or must reach if `more_is_better`.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    more_is_better: bool = False
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None without one."""
        if self.target is None:
            return None
        return self.value >= self.target if self.more_is_better else self.value <= self.target


@dataclass(frozen=True)
class Result:
    """One case: a comparison (`rows`) or figures, or why it was left out.

    Attributes
    ----------
    quantity : str
        What `expected` and the rows' `observed` are.
    """

    case: str
    title: str
    rows: tuple[Row, ...] = ()
    quantity: str = ""
    expected: Estimate | None = None
    figures: tuple[Figure, ...] = ()
    left_out: str = ""
    seconds: float = field(default=0.0, compare=False)

    def ratio(self, row: Row, base: str) -> float | None:
        """Return how many times as fast as `base` a row is."""
        rates = {other.subject: other.rate for other in self.rows}
        own, of_base = row.rate, rates.get(base)
        return own / of_base if own and of_base else None

    @property
    def agrees(self) -> bool:
        """Whether every simulator simulated the same thing."""
        return all(row.agrees for row in self.rows)
