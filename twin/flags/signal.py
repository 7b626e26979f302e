"""Sensor values that changed together with a finding: evidence for its cause."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from twin.run.run import Run

LEAST_CHANGE = 0.05
"""Smallest relative change of a signal's mean worth telling."""
LEAST_STANDARD_ERRORS = 6.0
LEAST_SAMPLES = 5


@dataclass(frozen=True)
class SignalShift:
    """Mean of one signal before and during a finding."""

    signal: str
    before: float
    during: float
    n_before: int
    n_during: int
    standard_errors: float

    @property
    def weaker(self) -> bool:
        """The signal is closer to zero than before."""
        return abs(self.during) < abs(self.before)

    def sentence(self) -> str:
        """Return the change for people."""
        name, _, unit = self.signal.rpartition("_")
        text = name.replace("_", " ").capitalize()
        return f"{text}: {self.during:.3g} instead of {self.before:.3g} {_UNITS.get(unit, unit)}."

    def to_json(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return asdict(self)


_UNITS = {"kpa": "kPa", "s": "s", "a": "A", "c": "°C", "mm": "mm", "mms": "mm/s", "pct": "%"}


def signal_shifts(run: Run, resource: str, since_s: float, until_s: float) -> list[SignalShift]:
    """Return the signals of a resource whose mean differs clearly from before `since_s`.

    Two-sample z of the means; samples in the first second of the finding do not count.
    """
    rows = run.sql(
        "SELECT signal, avg(value) FILTER (time_s < ?) AS before, avg(value) FILTER (time_s > ?),"
        " var_samp(value) FILTER (time_s < ?), var_samp(value) FILTER (time_s > ?),"
        " count(*) FILTER (time_s < ?), count(*) FILTER (time_s > ?)"
        " FROM signals WHERE resource = ? AND time_s <= ? GROUP BY signal ORDER BY signal",
        [since_s, since_s + 1, since_s, since_s + 1, since_s, since_s + 1, resource, until_s],
    )
    found = []
    for signal, before, during, var0, var1, n0, n1 in rows.itertuples(index=False):
        if min(n0, n1) < LEAST_SAMPLES or not before:
            continue
        error = (float(var0) / n0 + float(var1) / n1) ** 0.5
        z = (float(during) - float(before)) / max(error, 1e-12 * abs(float(before)))
        if abs(during / before - 1) >= LEAST_CHANGE and abs(z) >= LEAST_STANDARD_ERRORS:
            found.append(
                SignalShift(str(signal), float(before), float(during), int(n0), int(n1), float(z))
            )
    return found
