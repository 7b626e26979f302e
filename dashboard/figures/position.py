"""One signal of one asset over the run, with its limit and what happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard import theme
from dashboard.figures.sample import thinned
from dashboard.figures.signal import Signal
from dashboard.theme import Floats
from twin import palette
from twin.condition.condition import Condition, Happening, PositionState
from twin.run.run import Run

COLOURS = {"warning": palette.WARNING, "alarm": palette.CRITICAL, "maintenance": palette.SELECTED}
_NONE: Floats = np.empty(0)


@dataclass(frozen=True)
class Stretch:
    """A time in one state."""

    state: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class PositionData:
    """A signal, the limit it is judged by now, and the times in which it was not healthy."""

    start: str
    end_s: float
    signal: Signal
    limit: float | None
    stretches: tuple[Stretch, ...]


def signal_name(name: str) -> Signal:
    """Return a signal without values: its name and unit for people."""
    return Signal(name, _NONE, _NONE, _NONE, _NONE)


def position_data(run: Run, position: PositionState, found: Condition) -> PositionData:
    """Return what the chart of a position shows."""
    rows = run.sql(
        "SELECT time_s, value FROM signals WHERE resource = ? AND signal = ? ORDER BY time_s",
        [position.asset, position.position],
    )
    t_s = rows["time_s"].to_numpy(np.float64)
    values = rows["value"].to_numpy(np.float64)
    events = [
        h for h in found.history
        if (h.asset, h.position, h.judge) == (position.asset, position.position, position.judge)
    ]  # fmt: skip
    limits = [h.limit for h in events if h.limit is not None]
    return PositionData(
        start=run.scenario.start,
        end_s=run.horizon_s,
        signal=Signal(position.position, t_s, values, *thinned(t_s, values)),
        limit=limits[-1] if limits else position.limit,
        stretches=tuple(_stretches(events, found.until_s)),
    )


def _stretches(events: list[Happening], until_s: float) -> list[Stretch]:
    """Return the times in which the position was not healthy."""
    ends = [*(h.time_s for h in events[1:]), until_s]
    return [
        Stretch(h.state, h.time_s, end_s)
        for h, end_s in zip(events, ends, strict=False)
        if h.state != "healthy" and end_s > h.time_s
    ]


def position_figure(data: PositionData) -> go.Figure:
    """Draw the signal, its limit as a dashed line, and warnings and alarms as shades."""
    signal = data.signal
    fig = go.Figure(
        go.Scatter(
            x=theme.clock_ms(data.start, signal.thin_t_s), y=signal.thin_values, mode="lines",
            line={"width": 1, "color": theme.MAIN}, name=signal.label,
            hovertemplate=f"%{{y:.3g}} {signal.unit}<extra>{signal.label}</extra>",
        )
    )  # fmt: skip
    theme.layout(fig, margin={"l": 52, "r": 12, "t": 10, "b": 28})
    theme.time_axis(fig, data.start, 0.0, data.end_s)
    fig.update_yaxes(title={"text": signal.unit, "font": {"size": 11}}, nticks=5)
    for stretch in data.stretches:
        since, until = (
            float(theme.clock_ms(data.start, t)) for t in (stretch.start_s, stretch.end_s)
        )
        fig.add_vrect(x0=since, x1=until, fillcolor=COLOURS[stretch.state], opacity=0.12,
                      line_width=0, layer="below")  # fmt: skip
    if data.limit is not None:
        fig.add_hline(
            y=data.limit, line={"color": palette.CRITICAL, "width": 1, "dash": "dash"},
            annotation={"text": "limit", "font": {"size": 11, "color": palette.CRITICAL}},
            annotation_position="top left",
        )  # fmt: skip
    return fig
