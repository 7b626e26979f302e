"""What machines and robots were doing over the run: one bar of states each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard import theme
from twin import palette
from twin.kpi import Window, series
from twin.kpi.state_map import MINOR_STOP
from twin.run.run import Run
from twin.run.tables import STATES, VEHICLE_STATES

MOST_BARS = 2000
FINEST = 400
FEWEST_ROWS = 3

NAMES = (*STATES, *VEHICLE_STATES, MINOR_STOP)
COLOURS = {**palette.STATE_COLOURS, MINOR_STOP: "#d9b48f"}


@dataclass(frozen=True)
class Segment:
    """A resource in one state (of a stretch of short ones: the state it was in longest)."""

    resource: str
    state: str
    from_s: float
    to_s: float


@dataclass(frozen=True)
class GanttData:
    """Segments of some resources, top to bottom, between two times."""

    start: str
    from_s: float
    to_s: float
    resources: tuple[str, ...]
    labels: tuple[str, ...]
    segments: tuple[Segment, ...]


def gantt_data(
    run: Run,
    resources: Sequence[str],
    labels: Sequence[str] | None = None,
    window: Window | None = None,
) -> GanttData:
    """Return the states of some resources, told apart as finely as a chart can show.

    Parameters
    ----------
    run : Run
    resources : sequence of str
        Machines and robots, from top to bottom.
    labels : sequence of str, optional
        Their names for people.
    window : Window, optional
        The time to show; default: the whole run.
    """
    n_steps = max(20, min(FINEST, MOST_BARS // max(len(resources), 1)))
    shown = window or Window(0.0, run.horizon_s)
    rows = series.gantt(run, shown, list(resources), max_intervals=n_steps)
    segments = [
        Segment(str(r), _state(str(state), str(reason)), float(start_s), float(end_s))
        for r, _, state, reason, start_s, end_s in rows.itertuples(index=False)
    ]
    return GanttData(
        start=run.scenario.start,
        from_s=shown.from_s,
        to_s=shown.to_s,
        resources=tuple(resources),
        labels=tuple(labels or resources),
        segments=tuple(segments),
    )


def _state(state: str, reason: str) -> str:
    return MINOR_STOP if state == "down" and reason == MINOR_STOP else state


def gantt_figure(data: GanttData) -> go.Figure:
    """Draw one row per resource; the legend names the states that occur."""
    label_of = dict(zip(data.resources, data.labels, strict=True))
    fig = go.Figure()
    for state in NAMES:
        mine = [s for s in data.segments if s.state == state]
        if not mine:
            continue
        name = state.replace("_", " ")
        fig.add_trace(
            go.Bar(
                y=[label_of[s.resource] for s in mine],
                base=theme.clock_ms(data.start, np.array([s.from_s for s in mine])),
                x=np.array([(s.to_s - s.from_s) * 1000.0 for s in mine]),
                orientation="h", name=name, width=0.72,
                marker={"color": COLOURS.get(state, palette.NORMAL), "line": {"width": 0}},
                hovertemplate=f"{name} from %{{base|%H:%M:%S}}<extra></extra>",
            )
        )  # fmt: skip
    longest = max((len(label) for label in data.labels), default=0)
    theme.layout(
        fig, barmode="overlay", showlegend=True, bargap=0,
        margin={"l": min(190, 24 + 7 * longest), "r": 12, "t": 8, "b": 28},
    )  # fmt: skip
    theme.time_axis(fig, data.start, data.from_s, data.to_s)
    fig.update_yaxes(
        categoryorder="array", categoryarray=list(data.labels), showgrid=False,
        range=[max(len(data.labels), FEWEST_ROWS) - 0.5, -0.5],
    )  # fmt: skip
    return fig
