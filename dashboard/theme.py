"""The look: one palette for page and charts, grey where all is normal."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from twin import palette

TEXT = "#20272d"
MUTED = "#5d6871"
LINE = "#d3d8dc"
GRID = "#e6e9ec"
SURFACE = "#ffffff"
BACKGROUND = "#e9ecee"
MAIN = "#4b6576"
FAINT = "#c3ccd3"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"

SEVERITY_COLOURS = {"critical": palette.CRITICAL, "warning": palette.WARNING}

CSS_VARIABLES = {
    "--text": TEXT,
    "--muted": MUTED,
    "--line": LINE,
    "--grid": GRID,
    "--surface": SURFACE,
    "--background": BACKGROUND,
    "--main": MAIN,
    "--normal": palette.NORMAL,
    "--selected": palette.SELECTED,
    "--warning": palette.WARNING,
    "--critical": palette.CRITICAL,
    "--good": palette.GOOD,
    "--font": FONT,
}
"""Set on the root element, so that the style sheet repeats no colour that has a meaning."""

Floats = npt.NDArray[np.float64]


def start_ms(start: str) -> float:
    """Return a run's wall-clock start as milliseconds, as the time axes count them."""
    return datetime.fromisoformat(start).replace(tzinfo=UTC).timestamp() * 1000.0


def clock_ms(start: str, t_s: Floats | float) -> Any:
    """Return times of a run as the milliseconds of a time axis."""
    return start_ms(start) + np.asarray(t_s, dtype=np.float64) * 1000.0


def layout(fig: go.Figure, **changes: Any) -> go.Figure:
    """Give a figure the look of all charts; `changes` go to its layout."""
    fig.update_layout(
        template="none",
        font={"family": FONT, "size": 12, "color": TEXT},
        margin={"l": 48, "r": 12, "t": 8, "b": 32},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"font": {"family": FONT, "size": 12}},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "font": {"size": 11}},
        showlegend=False,
        dragmode="zoom",
    )
    axis = {"gridcolor": GRID, "linecolor": LINE, "zeroline": False, "ticks": "", "title": None}
    fig.update_xaxes(**axis)
    fig.update_yaxes(**axis)
    fig.update_layout(**changes)
    return fig


def time_axis(fig: go.Figure, start: str, from_s: float, to_s: float, **changes: Any) -> go.Figure:
    """Make the x axes of a figure show the wall-clock time of a run."""
    fig.update_xaxes(
        type="date",
        range=[float(clock_ms(start, from_s)), float(clock_ms(start, to_s))],
        hoverformat="%a %H:%M:%S",
        tickformatstops=[
            {"dtickrange": [None, 60_000], "value": "%H:%M:%S"},
            {"dtickrange": [60_000, 86_400_000], "value": "%H:%M"},
            {"dtickrange": [86_400_000, None], "value": "%a %d"},
        ],
        **{"nticks": 9, **changes},
    )
    return fig
