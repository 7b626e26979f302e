"""Sub-steps of a robot cycle: what each should take and what it took."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard import theme
from dashboard.text import words
from dashboard.theme import Floats
from twin.flags import Flag
from twin.run.run import Run

ABNORMAL_SHARE = 0.10
ABNORMAL_S = 0.05
"""A sub-step is marked when it takes this much longer, relative and absolute."""


@dataclass(frozen=True)
class SubstepData:
    """Mean times of the sub-steps of one robot in the order of its program, seconds.

    Attributes
    ----------
    robot : str
    from_s, to_s : float
        The time the cycles are taken from.
    n_cycles : int
    names : tuple of str
    nominal_s, actual_s, begin_s : array
        Per sub-step: program time, mean actual time, mean begin within the actual cycle.
    causes : tuple of str
        Fault recorded with the sub-step; empty without.
    severity : str
        Severity of the flag, for the colour of what takes too long.
    """

    robot: str
    from_s: float
    to_s: float
    n_cycles: int
    names: tuple[str, ...]
    nominal_s: Floats
    actual_s: Floats
    causes: tuple[str, ...]
    severity: str = "warning"

    @property
    def begin_s(self) -> Floats:
        """Where each sub-step begins in the mean actual cycle."""
        return np.concatenate([[0.0], np.cumsum(self.actual_s)[:-1]])

    @property
    def extra_s(self) -> Floats:
        """Actual less nominal."""
        return self.actual_s - self.nominal_s

    @property
    def abnormal(self) -> tuple[bool, ...]:
        """Which sub-steps take clearly longer than their program."""
        limit = np.maximum(ABNORMAL_S, ABNORMAL_SHARE * self.nominal_s)
        return tuple(bool(x) for x in self.extra_s > limit)


def substep_data(run: Run, robot: str, flag: Flag | None = None) -> SubstepData:
    """Return the mean sub-steps of the cycles a robot began while flagged, or over the run."""
    from_s, to_s = (flag.since_s, flag.until_s) if flag else (0.0, run.horizon_s)
    rows = run.sql(
        "SELECT step, any_value(name), median(nominal_s), avg(actual_s), count(DISTINCT cycle),"
        " coalesce(max(cause) FILTER (cause <> ''), '') FROM substeps"
        " WHERE robot = ? AND start_s >= ? AND start_s < ? GROUP BY step ORDER BY step",
        [robot, from_s, to_s],
    )
    columns = list(zip(*rows.itertuples(index=False), strict=True)) or [()] * 6
    return SubstepData(
        robot=robot,
        from_s=from_s,
        to_s=to_s,
        n_cycles=int(max(columns[4], default=0)),
        names=tuple(str(n) for n in columns[1]),
        nominal_s=np.asarray(columns[2], dtype=np.float64),
        actual_s=np.asarray(columns[3], dtype=np.float64),
        causes=tuple(str(c) for c in columns[5]),
        severity=flag.severity if flag else "warning",
    )


def substep_figure(data: SubstepData) -> go.Figure:
    """Draw the cycle as a staircase of sub-steps; what takes too long is coloured."""
    names = [words(n) for n in data.names]
    begin, extra = data.begin_s, data.extra_s
    inside = np.minimum(data.actual_s, data.nominal_s)
    over = np.maximum(extra, 0.0)
    colour = theme.SEVERITY_COLOURS[data.severity]
    colours = [colour if a else theme.FAINT for a in data.abnormal]
    marks = [f"+{x:.2f} s" if a else "" for x, a in zip(extra, data.abnormal, strict=True)]
    fig = go.Figure(
        [
            go.Bar(
                y=names, x=data.nominal_s, base=begin, orientation="h", name="Program", width=0.82,
                marker={"color": theme.GRID, "line": {"color": theme.FAINT, "width": 1}},
                hovertemplate="%{y}: program %{x:.2f} s<extra></extra>",
            ),
            go.Bar(
                y=names, x=inside, base=begin, orientation="h", name="Actual", width=0.46,
                marker={"color": theme.MAIN}, customdata=data.actual_s,
                hovertemplate="%{y}: actual %{customdata:.2f} s<extra></extra>",
            ),
            go.Bar(
                y=names, x=over, base=begin + inside, orientation="h", name="Longer than program",
                marker={"color": colours}, text=marks, textposition="outside", width=0.46,
                constraintext="none",
                textfont={"color": theme.TEXT, "size": 13}, cliponaxis=False,
                customdata=extra, hovertemplate="%{y}: %{customdata:+.2f} s<extra></extra>",
            ),
        ]
    )  # fmt: skip
    total_s = float(max(data.actual_s.sum(), data.nominal_s.sum(), 0.0))
    theme.layout(fig, barmode="overlay", margin={"l": 110, "r": 20, "t": 8, "b": 34})
    fig.update_yaxes(autorange="reversed", showgrid=False)
    fig.update_xaxes(range=[0, total_s * 1.12 or 1.0], ticksuffix=" s")
    return fig
