"""How machines shared their time between states, stretch by stretch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard import theme
from dashboard.figures.gantt import COLOURS, NAMES
from dashboard.theme import Floats
from twin import palette
from twin.kpi.state_map import MINOR_STOP
from twin.run.run import Run

N_STRETCHES = 48


@dataclass(frozen=True)
class ShareData:
    """Shares of recorded time; ``shares[k]`` belongs to ``states[k]``, one value per stretch."""

    start: str
    end_s: float
    edges_s: Floats
    states: tuple[str, ...]
    shares: Floats


def share_data(run: Run, resources: Sequence[str]) -> ShareData:
    """Return the shares of time of some resources together over equal stretches of the run."""
    edges = np.linspace(0.0, max(run.horizon_s, 1e-9), N_STRETCHES + 1)
    width_s = float(edges[1])
    rows = run.sql(
        "SELECT i, CASE WHEN state = 'down' AND reason = ? THEN reason ELSE state END AS state,"
        " sum(least(end_s, (i + 1) * ?) - greatest(start_s, i * ?)) AS s"
        " FROM states JOIN range(?) AS stretch(i) ON start_s < (i + 1) * ? AND end_s > i * ?"
        " WHERE resource IN (SELECT unnest(?)) GROUP BY ALL",
        [MINOR_STOP, width_s, width_s, N_STRETCHES, width_s, width_s, list(resources)],
    )
    states = tuple(s for s in NAMES if s in set(rows["state"].astype(str)))
    seconds = np.zeros((len(states), N_STRETCHES))
    for i, state, s in rows.itertuples(index=False):
        seconds[states.index(str(state)), int(i)] = float(s)
    total = seconds.sum(axis=0)
    shares = np.divide(seconds, total, out=np.zeros_like(seconds), where=total > 0)
    return ShareData(run.scenario.start, run.horizon_s, edges, states, shares)


def share_figure(data: ShareData) -> go.Figure:
    """Draw the shares as stacked bars."""
    width_ms = float(data.edges_s[1]) * 1000.0
    middle = theme.clock_ms(data.start, (data.edges_s[:-1] + data.edges_s[1:]) / 2)
    fig = go.Figure(
        [
            go.Bar(
                x=middle, y=100.0 * shares, width=width_ms, name=state.replace("_", " "),
                marker={"color": COLOURS.get(state, palette.NORMAL), "line": {"width": 0}},
                hovertemplate="%{y:.0f} %<extra>" + state.replace("_", " ") + "</extra>",
            )
            for state, shares in zip(data.states, data.shares, strict=True)
        ]
    )  # fmt: skip
    theme.layout(
        fig, barmode="stack", bargap=0, showlegend=True, hovermode="x unified",
        margin={"l": 48, "r": 12, "t": 8, "b": 28},
    )  # fmt: skip
    fig.update_layout(legend={"traceorder": "normal", "itemwidth": 30})
    theme.time_axis(fig, data.start, 0.0, data.end_s)
    fig.update_yaxes(range=[0, 100], ticksuffix=" %", nticks=5)
    return fig
