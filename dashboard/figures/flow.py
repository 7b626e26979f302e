"""Product flow over the run: output against the plan, and work in progress."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard import theme
from dashboard.theme import Floats
from twin.kpi import Window, series
from twin.run.run import Run

INTERVALS_S = (300.0, 900.0, 1800.0, 3600.0, 14_400.0, 28_800.0, 86_400.0)
MOST_INTERVALS = 16
MOST_STEPS = 800


@dataclass(frozen=True)
class ThroughputData:
    """Good battery cells per hour in equal intervals; ``plan_per_h`` is None without a plan."""

    start: str
    end_s: float
    interval_s: float
    t_s: Floats
    length_s: Floats
    per_h: Floats
    plan_per_h: float | None


def interval_s(length_s: float) -> float:
    """Return an interval that gives a readable number of bars."""
    return next((i for i in INTERVALS_S if length_s / i <= MOST_INTERVALS), 604_800.0)


def throughput_data(run: Run) -> ThroughputData:
    """Return the output of the plant over the whole run."""
    every_s = interval_s(run.horizon_s)
    rows = series.throughput(run, Window(0.0, run.horizon_s), interval_s=every_s)
    plan = float(rows["plan_per_h"].iloc[0]) if len(rows) else np.nan
    return ThroughputData(
        start=run.scenario.start,
        end_s=run.horizon_s,
        interval_s=every_s,
        t_s=rows["time_s"].to_numpy(np.float64),
        length_s=rows["length_s"].to_numpy(np.float64),
        per_h=rows["per_h"].to_numpy(np.float64),
        plan_per_h=None if np.isnan(plan) else plan,
    )


def throughput_figure(data: ThroughputData) -> go.Figure:
    """Draw the output as bars and the plan as a line."""
    fig = go.Figure(
        go.Bar(
            x=theme.clock_ms(data.start, data.t_s + data.length_s / 2), y=data.per_h,
            width=data.length_s * 1000.0 * 0.86, marker={"color": theme.MAIN}, name="Output",
            hovertemplate="%{y:.0f} per h<extra></extra>",
        )
    )  # fmt: skip
    theme.layout(fig, margin={"l": 42, "r": 10, "t": 22, "b": 26})
    theme.time_axis(fig, data.start, 0.0, data.end_s, nticks=6)
    top = float(max([*data.per_h, data.plan_per_h or 0.0, 1.0]))
    fig.update_yaxes(range=[0, top * 1.18], nticks=5)
    if data.plan_per_h is not None:
        fig.add_hline(
            y=data.plan_per_h, line={"color": theme.TEXT, "width": 1, "dash": "dash"},
        )  # fmt: skip
        fig.add_annotation(
            text=f"dashed: plan, {data.plan_per_h:.0f} per h", xref="paper", yref="paper", x=1, y=1,
            xanchor="right", yanchor="bottom", showarrow=False,
            font={"size": 11, "color": theme.MUTED},
        )  # fmt: skip
    return fig


@dataclass(frozen=True)
class WipData:
    """Battery cells in the plant as steps, and their mean over the run."""

    start: str
    end_s: float
    t_s: Floats
    units: Floats
    mean: float


def wip_data(run: Run) -> WipData:
    """Return the work in progress over the whole run."""
    rows = series.wip(run, Window(0.0, run.horizon_s), max_points=10**9)
    t_s, units = rows["time_s"].to_numpy(np.float64), rows["units"].to_numpy(np.float64)
    held_s = np.diff(np.append(t_s, run.horizon_s))
    mean = float((units * held_s).sum() / held_s.sum()) if held_s.sum() > 0 else 0.0
    thin = series.thinned(rows, "units", MOST_STEPS)
    return WipData(
        start=run.scenario.start,
        end_s=run.horizon_s,
        t_s=np.append(thin["time_s"].to_numpy(np.float64), run.horizon_s),
        units=np.append(thin["units"].to_numpy(np.float64), units[-1:]),
        mean=mean,
    )


def wip_figure(data: WipData) -> go.Figure:
    """Draw the work in progress as a stepped line."""
    fig = go.Figure(
        go.Scatter(
            x=theme.clock_ms(data.start, data.t_s), y=data.units, mode="lines",
            line={"shape": "hv", "width": 1.5, "color": theme.MAIN}, name="Work in progress",
            hovertemplate="%{y:,.0f} battery cells<extra></extra>",
        )
    )  # fmt: skip
    theme.layout(fig, margin={"l": 56, "r": 10, "t": 14, "b": 26})
    theme.time_axis(fig, data.start, 0.0, data.end_s, nticks=6)
    low, high = float(data.units.min()), float(data.units.max())
    room = max(0.25 * (high - low), 0.002 * high, 1.0)
    fig.update_yaxes(range=[max(0.0, low - room), high + room], nticks=5, tickformat=",.0f")
    return fig
