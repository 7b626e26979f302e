"""The time KPIs are counted over."""

from __future__ import annotations

from dataclasses import dataclass

from twin.run.run import Run


@dataclass(frozen=True)
class Window:
    """From `from_s` to `to_s`, seconds since the start of the run."""

    from_s: float
    to_s: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "from_s", float(self.from_s))
        object.__setattr__(self, "to_s", float(self.to_s))

    @property
    def length_s(self) -> float:
        """Length in seconds; 0 for a run that ended within its warm-up."""
        return max(0.0, self.to_s - self.from_s)

    @property
    def length_h(self) -> float:
        """Length in hours."""
        return self.length_s / 3600.0

    def overlap_sql(self, start: str = "start_s", end: str = "end_s") -> str:
        """Return the SQL expression of the seconds an interval has inside the window."""
        return f"greatest(0, least({end}, {self.to_s!r}) - greatest({start}, {self.from_s!r}))"

    def touches_sql(self, start: str = "start_s", end: str = "end_s") -> str:
        """Return the SQL condition of intervals with time inside the window."""
        return f"{end} > {self.from_s!r} AND {start} < {self.to_s!r}"

    def inside_sql(self, time: str = "end_s") -> str:
        """Return the SQL condition of moments inside the window, its start excluded."""
        return f"{time} > {self.from_s!r} AND {time} <= {self.to_s!r}"


def kpi_window(run: Run) -> Window:
    """Return the window of a run's KPIs: from the end of the warm-up to the end of the run."""
    return Window(min(run.warmup_s, run.horizon_s), run.horizon_s)
