"""Cycle times of a robot or machine over the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard import theme
from dashboard.figures.sample import thinned
from dashboard.theme import Floats
from twin import palette
from twin.flags import Flag
from twin.kpi import Window, series
from twin.kpi.ideal import ideal_row_s, nominal_robot_cycles
from twin.plant.station import Station
from twin.run.run import Run

N_BUCKETS = 160
WIDE_GAP = 4
"""Pauses so many times longer than usual between medians interrupt their line."""

ALL = 10**9


@dataclass(frozen=True)
class Onset:
    """A stretch that a flag marks."""

    since_s: float
    until_s: float
    severity: str
    title: str


@dataclass(frozen=True)
class CycleData:
    """Cycle times of one robot or station.

    Attributes
    ----------
    start : str
        Wall-clock time of second 0.
    end_s : float
        End of the run.
    n_cycles : int
        Cycles behind the points.
    t_s, cycle_s : array
        Begin and length of cycles, thinned.
    median_t_s, median_s : array
        Median per equal stretch of the run that has cycles; NaN where there was a long pause.
    ideal_s : float or None
        What a cycle takes by the plant file or the robot's program.
    onsets : tuple of Onset
    """

    start: str
    end_s: float
    n_cycles: int
    t_s: Floats
    cycle_s: Floats
    median_t_s: Floats
    median_s: Floats
    ideal_s: float | None
    onsets: tuple[Onset, ...]


def cycle_data(run: Run, resource: str, flags: Sequence[Flag] = ()) -> CycleData:
    """Return the cycle times of a robot or of all machines of a station."""
    robot = resource in run.plant.robots
    t_s, cycle_s = _cycles(run, resource)
    middle_s, median_s = _medians(t_s, cycle_s, run.horizon_s)
    shown_t_s, shown_s = thinned(t_s, cycle_s)
    return CycleData(
        start=run.scenario.start,
        end_s=run.horizon_s,
        n_cycles=len(t_s),
        t_s=shown_t_s,
        cycle_s=shown_s,
        median_t_s=middle_s,
        median_s=median_s,
        ideal_s=nominal_robot_cycles(run).get(resource) if robot else _ideal_s(run, resource),
        onsets=tuple(Onset(f.since_s, f.until_s, f.severity, f.title) for f in flags),
    )


def _cycles(run: Run, resource: str) -> tuple[Floats, Floats]:
    """Return begin and length of every cycle; units made together count once."""
    window = Window(0.0, run.horizon_s)
    if resource in run.plant.robots:
        rows = series.robot_cycle_times(run, window, resource, max_points=ALL)
        return rows["time_s"].to_numpy(np.float64), rows["actual_s"].to_numpy(np.float64)
    rows = series.cycle_times(run, window, resource, max_points=ALL)
    rows = rows.drop_duplicates(["machine", "time_s"])
    return rows["time_s"].to_numpy(np.float64), rows["duration_s"].to_numpy(np.float64)


def _ideal_s(run: Run, name: str) -> float | None:
    station: Station | None = run.plant.stations.get(name)
    if station is None:
        return None
    per_row_s = ideal_row_s(station, nominal_robot_cycles(run) if station.robot else {})
    if per_row_s is None:
        return None
    return per_row_s * (station.batch_lots if station.kind == "batch" else station.units_per_cycle)


def _medians(t_s: Floats, values: Floats, end_s: float) -> tuple[Floats, Floats]:
    edges = np.linspace(0.0, max(end_s, 1e-9), N_BUCKETS + 1)
    bucket = np.clip(np.searchsorted(edges, t_s, side="right") - 1, 0, N_BUCKETS - 1)
    used = np.unique(bucket)
    found = np.array([float(np.median(values[bucket == k])) for k in used], dtype=np.float64)
    gaps = np.diff(used)
    wide = np.flatnonzero(gaps > WIDE_GAP * np.median(gaps)) + 1 if len(gaps) else gaps
    middle = (edges[:-1] + edges[1:])[used] / 2
    return np.insert(middle, wide, np.nan), np.insert(found, wide, np.nan)


def cycle_figure(data: CycleData) -> go.Figure:
    """Draw cycles as dots, their running median as a line, and what should be as a dashed line."""
    fig = go.Figure(
        [
            go.Scatter(
                x=theme.clock_ms(data.start, data.t_s), y=data.cycle_s, mode="markers",
                marker={"size": 3, "color": theme.FAINT}, name="Cycles",
                hovertemplate="%{y:.2f} s<extra>cycle</extra>",
            ),
            go.Scatter(
                x=theme.clock_ms(data.start, data.median_t_s), y=data.median_s, mode="lines",
                line={"width": 2, "color": theme.MAIN}, name="Median",
                hovertemplate="%{y:.2f} s<extra>median</extra>",
            ),
        ]
    )  # fmt: skip
    theme.layout(fig, margin={"l": 52, "r": 12, "t": 8, "b": 28})
    theme.time_axis(fig, data.start, 0.0, data.end_s)
    fig.update_yaxes(range=_range(data), ticksuffix=" s")
    if data.ideal_s is not None:
        fig.add_hline(
            y=data.ideal_s, line={"color": theme.MUTED, "width": 1, "dash": "dash"},
            annotation={
                "text": f"expected {data.ideal_s:.2f} s", "font": {"size": 11, "color": theme.MUTED}
            },
            annotation_position="bottom right",
        )  # fmt: skip
    for onset in data.onsets:
        add_onset(fig, data.start, onset)
    return fig


def add_onset(fig: go.Figure, start: str, onset: Onset) -> None:
    """Shade a flagged stretch and mark its beginning."""
    colour = theme.SEVERITY_COLOURS.get(onset.severity, palette.WARNING)
    since, until = (float(theme.clock_ms(start, t)) for t in (onset.since_s, onset.until_s))
    fig.add_vrect(x0=since, x1=until, fillcolor=colour, opacity=0.07, line_width=0, layer="below")
    fig.add_vline(x=since, line={"color": colour, "width": 1.5})


def _range(data: CycleData) -> list[float]:
    """Return limits that show the bulk of the cycles; single very long ones may leave the chart."""
    bulk = np.quantile(data.cycle_s, [0.01, 0.99]) if len(data.cycle_s) else data.cycle_s
    known = np.concatenate([data.median_s[~np.isnan(data.median_s)], bulk])
    if data.ideal_s is not None:
        known = np.append(known, data.ideal_s)
    if not len(known):
        return [0.0, 1.0]
    low, high = float(known.min()), float(known.max())
    room = max(0.15 * (high - low), 0.04 * high, 1e-3)
    return [max(0.0, low - room), high + room]
