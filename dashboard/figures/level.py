"""How full buffers, conveyors and stores were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard import theme
from dashboard.text import words
from dashboard.theme import Floats
from twin.kpi import Window, series
from twin.plant.plant import Workcell
from twin.run.run import Run

MOST_PLACES = 4
MOST_POINTS = 800
_COLOURS = (theme.MAIN, "#a98a52", "#8f86b5", "#a3adb5")


@dataclass(frozen=True)
class Level:
    """One place: lots as steps, and how many it holds."""

    place: str
    label: str
    capacity: int
    t_s: Floats
    lots: Floats


@dataclass(frozen=True)
class LevelData:
    """Places of one workcell."""

    start: str
    end_s: float
    levels: tuple[Level, ...]


def level_data(run: Run, workcell: Workcell) -> LevelData:
    """Return the levels of the places in a workcell."""
    places = _places(workcell)[:MOST_PLACES]
    names = [place for place, _, _ in places]
    rows = series.levels(run, Window(0.0, run.horizon_s), names, max_points=MOST_POINTS)
    levels = []
    for place, label, capacity in places:
        mine = rows[rows["place"] == place]
        t_s = np.append(mine["time_s"].to_numpy(np.float64), run.horizon_s)
        lots = mine["level"].to_numpy(np.float64)
        lots = np.append(lots, lots[-1:] if len(lots) else [0.0])
        levels.append(Level(place, label, capacity, t_s, lots))
    return LevelData(run.scenario.start, run.horizon_s, tuple(levels))


def _places(workcell: Workcell) -> list[tuple[str, str, int]]:
    stores = [s for s in workcell.stations if s.kind == "store" and s.rack]
    found = [(s.id, s.label, s.machines * s.rack.slots) for s in stores if s.rack]
    found += [(c.id, c.label, c.capacity) for c in workcell.conveyors]
    found += [(b.id, b.label, b.capacity) for b in workcell.buffers if b.capacity]
    return [(name, label or words(name), capacity) for name, label, capacity in found]


def level_figure(data: LevelData) -> go.Figure:
    """Draw each place as a share of what it holds."""
    fig = go.Figure(
        [
            go.Scatter(
                x=theme.clock_ms(data.start, level.t_s), y=100.0 * level.lots / level.capacity,
                mode="lines", name=f"{level.label} ({level.capacity})",
                line={"shape": "hv", "width": 1.6, "color": colour},
                customdata=level.lots,
                hovertemplate="%{customdata:.0f} lots<extra>" + level.label + "</extra>",
            )
            for level, colour in zip(data.levels, _COLOURS, strict=False)
        ]
    )  # fmt: skip
    theme.layout(fig, showlegend=True, margin={"l": 48, "r": 12, "t": 44, "b": 28})
    theme.time_axis(fig, data.start, 0.0, data.end_s)
    fig.update_yaxes(range=[0, 104], ticksuffix=" %", nticks=5)
    return fig
