"""What limits the output over time: the momentary bottleneck, and the turning point by windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard import theme
from dashboard.theme import Floats
from twin import palette
from twin.kpi.shifting import OverTime, Shift

N_BUCKETS = 300
"""Parts of the run that are told apart."""
MOST_STATIONS = 8


@dataclass(frozen=True)
class Strip:
    """When one station is the momentary bottleneck: begin and length of each stretch."""

    station: str
    label: str
    share: float
    from_s: Floats
    length_s: Floats


@dataclass(frozen=True)
class BottleneckData:
    """Strips of the stations that are the momentary bottleneck most often, the first on top.

    Attributes
    ----------
    start : str
    from_s, to_s : float
        The window looked at.
    strips : tuple of Strip
    others : float
        Share of the time of stations that are not shown.
    turning : tuple of (float, float, str)
        (from, to, station) of the turning point; windows that follow each other are joined.
    """

    start: str
    from_s: float
    to_s: float
    strips: tuple[Strip, ...]
    others: float
    turning: tuple[tuple[float, float, str], ...]


def bottleneck_data(found: OverTime, start: str, labels: dict[str, str]) -> BottleneckData:
    """Return strips and turning points of a run.

    Parameters
    ----------
    found : OverTime
    start : str
        Wall-clock time of second 0.
    labels : dict
        Names of stations for people.
    """
    turning = tuple(_joined([(a, b, w.station) for a, b, w in found.windows if w is not None]))
    names = [*found.shares][:MOST_STATIONS]
    names += [n for n in dict.fromkeys(n for _, _, n in turning) if n not in names]
    from_s = found.windows[0][0] if found.windows else 0.0
    to_s = found.windows[-1][1] if found.windows else 1.0
    owner = _owners(found.shifts, from_s, to_s)
    edges = np.linspace(from_s, to_s, N_BUCKETS + 1)
    return BottleneckData(
        start=start,
        from_s=from_s,
        to_s=to_s,
        strips=tuple(
            Strip(name, labels.get(name, name), found.shares.get(name, 0.0),
                  *_stretches([o == name for o in owner], edges))
            for name in names
        ),
        others=sum(share for name, share in found.shares.items() if name not in names),
        turning=turning,
    )  # fmt: skip


def _joined(windows: list[tuple[float, float, str]]) -> list[tuple[float, float, str]]:
    found: list[tuple[float, float, str]] = []
    for since_s, until_s, name in windows:
        if found and found[-1][1:] == (since_s, name):
            found[-1] = (found[-1][0], until_s, name)
        else:
            found.append((since_s, until_s, name))
    return found


def _owners(shifts: Sequence[Shift], from_s: float, to_s: float) -> list[str]:
    """Return which station is the bottleneck longest in each of equal parts; '' for none."""
    step = max((to_s - from_s) / N_BUCKETS, 1e-9)
    times: list[dict[str, float]] = [{} for _ in range(N_BUCKETS)]
    for one in shifts:
        first = max(0, int((one.from_s - from_s) / step))
        last = min(N_BUCKETS - 1, int((one.to_s - from_s) / step))
        for k in range(first, last + 1):
            begin, end = from_s + k * step, from_s + (k + 1) * step
            inside = min(one.to_s, end) - max(one.from_s, begin)
            if inside > 0:
                times[k][one.station] = times[k].get(one.station, 0.0) + inside
    return [max(part, key=lambda name: (part[name], name)) if part else "" for part in times]


def _stretches(mine: list[bool], edges: Floats) -> tuple[Floats, Floats]:
    """Return begin and length of every stretch of parts that hold."""
    change = np.flatnonzero(np.diff(np.array([False, *mine, False]).astype(int)))
    begin, end = edges[change[::2]], edges[change[1::2]]
    return begin, end - begin


def bottleneck_figure(data: BottleneckData) -> go.Figure:
    """Draw a row for each station: bars while it is the bottleneck, a frame where it turns."""
    fig = go.Figure()
    rows = [strip.label for strip in data.strips]
    for k, strip in enumerate(data.strips):
        fig.add_trace(
            go.Bar(
                base=theme.clock_ms(data.start, strip.from_s), x=strip.length_s * 1000.0,
                y=[strip.label] * len(strip.from_s), orientation="h", width=0.62,
                marker={"color": theme.MAIN if k == 0 else theme.FAINT, "line": {"width": 0}},
                name=strip.label,
                hovertemplate="%{base|%a %H:%M}<extra>momentary bottleneck</extra>",
            )
        )  # fmt: skip
    height_of = {strip.station: k for k, strip in enumerate(data.strips)}
    for since_s, until_s, name in data.turning:
        since, until = (float(theme.clock_ms(data.start, t)) for t in (since_s, until_s))
        row = height_of[name]
        fig.add_shape(
            type="rect", x0=since, x1=until, y0=row - 0.44, y1=row + 0.44,
            line={"color": palette.SELECTED, "width": 1.5}, fillcolor="rgba(0,0,0,0)",
        )  # fmt: skip
    theme.layout(fig, margin={"l": 12, "r": 12, "t": 8, "b": 28}, barmode="overlay")
    theme.time_axis(fig, data.start, data.from_s, data.to_s)
    fig.update_yaxes(
        type="category", categoryorder="array", categoryarray=rows, autorange="reversed",
        automargin=True, showgrid=False,
    )  # fmt: skip
    return fig
