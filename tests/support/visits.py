"""What verification tests read out of a run: visits of units to the machines of a line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.run.run import Run


@dataclass(frozen=True)
class Visits:
    """The visits to one machine in the order they began; times in seconds."""

    start_s: np.ndarray
    duration_s: np.ndarray
    end_s: np.ndarray
    lot: np.ndarray

    def __len__(self) -> int:
        return len(self.start_s)


def visits(run: Run, station: str) -> Visits:
    """Return the visits to all machines of a station."""
    rows = run.sql(
        "SELECT start_s, duration_s, end_s, lot FROM cycles WHERE station = ?"
        " ORDER BY start_s, lot",
        [station],
    )
    return Visits(*(rows[name].to_numpy() for name in ("start_s", "duration_s", "end_s", "lot")))


def seconds_in(run: Run, resource: str) -> dict[str, float]:
    """Return how long a resource was in each of its states."""
    rows = run.sql(
        "SELECT state, sum(end_s - start_s) AS s FROM states WHERE resource = ? GROUP BY state",
        [resource],
    )
    return {str(state): float(s) for state, s in zip(rows["state"], rows["s"], strict=True)}
