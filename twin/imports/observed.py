"""What the logs tell, in one form: cycles, states, samples and gaps; times in seconds."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

CYCLE_COLUMNS = ("machine", "start", "end", "unit", "product", "result", "text")
STATE_COLUMNS = ("machine", "start", "end", "state", "reason")
SAMPLE_COLUMNS = ("resource", "signal", "t", "value")


@dataclass
class Observed:
    """Frames of what was observed.

    Attributes
    ----------
    cycles : list of DataFrame
        Columns `CYCLE_COLUMNS`; ``unit`` and ``product`` may be missing values.
    states : list of DataFrame
        Columns `STATE_COLUMNS`: states told by the log itself.
    samples : list of DataFrame
        Columns `SAMPLE_COLUMNS`.
    gaps : dict
        Machine -> (from, to) without data.
    spans : dict
        Machine -> first and last moment it was watched.
    """

    cycles: list[pd.DataFrame] = field(default_factory=list)
    states: list[pd.DataFrame] = field(default_factory=list)
    samples: list[pd.DataFrame] = field(default_factory=list)
    gaps: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    spans: dict[str, tuple[float, float]] = field(default_factory=dict)

    def watched(self, machine: str, first: float, last: float) -> None:
        """Note that a machine was watched from `first` to `last`."""
        known = self.spans.get(machine, (first, last))
        self.spans[machine] = min(known[0], first), max(known[1], last)


@dataclass(frozen=True)
class Content:
    """What goes into the run.

    Attributes
    ----------
    cycles, told, samples : DataFrame
        Columns `CYCLE_COLUMNS` (and ``stopped``: seconds of other states inside),
        `STATE_COLUMNS` and `SAMPLE_COLUMNS`.
    span : (float, float)
        First and last moment, seconds since 1970.
    """

    cycles: pd.DataFrame
    told: pd.DataFrame
    samples: pd.DataFrame
    span: tuple[float, float]


def joined(frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    """Return frames below each other; one without rows where there are none."""
    if not frames:
        return pd.DataFrame({name: [] for name in columns})
    return pd.concat(frames, ignore_index=True)[list(columns)]
