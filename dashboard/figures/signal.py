"""Sensor values of a robot or machine over the run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard import theme
from dashboard.figures.cycle import ALL, Onset, add_onset
from dashboard.figures.sample import thinned
from dashboard.theme import Floats
from twin.flags import Flag
from twin.kpi import Window, series
from twin.run.run import Run

MOST_SIGNALS = 5
"""Signals shown at most: those that changed most with the first flag; without a flag, those of the
whole robot or machine before those of its joints."""

_UNITS = {
    "kpa": "kPa", "s": "s", "a": "A", "c": "°C", "mps": "m/s", "mps2": "m/s²", "w": "W",
    "kw": "kW", "n": "N", "nm": "N m", "bar": "bar", "v": "V", "pct": "%", "mm": "mm", "deg": "°",
    "g": "g", "mms": "mm/s",
}  # fmt: skip


@dataclass(frozen=True)
class Signal:
    """One sensor: its name, unit, and samples."""

    name: str
    t_s: Floats
    values: Floats
    thin_t_s: Floats
    thin_values: Floats

    @property
    def label(self) -> str:
        """Name for people, without the unit."""
        stem = self.name.rpartition("_")[0] if self.unit else self.name
        plain = stem.replace("_", " ")
        return plain[:1].upper() + plain[1:]

    @property
    def unit(self) -> str:
        """Unit by the ending of the name; empty where it has none."""
        return _UNITS.get(self.name.rpartition("_")[2], "") if "_" in self.name else ""

    @property
    def titled(self) -> str:
        """Name for people with the unit."""
        return f"{self.label} [{self.unit}]" if self.unit else self.label

    def change(self, since_s: float, until_s: float) -> float:
        """Return how much its mean changed in a stretch, over its spread before."""
        before = self.values[self.t_s < since_s]
        during = self.values[(self.t_s >= since_s) & (self.t_s <= until_s)]
        if len(before) < 2 or not len(during):
            return 0.0
        return float(abs(during.mean() - before.mean()) / max(before.std(), 1e-9))

    def at(self, t_s: float) -> float | None:
        """Return the last value up to a time."""
        index = int(np.searchsorted(self.t_s, t_s, side="right")) - 1
        return float(self.values[index]) if index >= 0 else None


@dataclass(frozen=True)
class SignalData:
    """Signals of one resource."""

    start: str
    end_s: float
    signals: tuple[Signal, ...]
    onsets: tuple[Onset, ...]


def has_signals(run: Run, resource: str) -> bool:
    """Whether a robot or machine has any sensor value."""
    return not run.sql("SELECT 1 FROM signals WHERE resource = ? LIMIT 1", [resource]).empty


def signal_data(run: Run, resource: str, flags: Sequence[Flag] = ()) -> SignalData:
    """Return the signals of a robot or machine."""
    window = Window(0.0, run.horizon_s)
    rows = series.signals(run, window, resource, max_points=ALL)
    signals = [
        _signal(str(name), part["time_s"].to_numpy(np.float64), part["value"].to_numpy(np.float64))
        for name, part in rows.groupby("signal", sort=True, observed=True)
    ]
    return SignalData(
        start=run.scenario.start,
        end_s=run.horizon_s,
        signals=tuple(_chosen(signals, flags)),
        onsets=tuple(Onset(f.since_s, f.until_s, f.severity, f.title) for f in flags),
    )


def _chosen(signals: list[Signal], flags: Sequence[Flag]) -> list[Signal]:
    """Return the signals worth showing, by name."""
    if flags:
        first = min(flags, key=lambda flag: flag.since_s)
        ranked = sorted(signals, key=lambda s: -s.change(first.since_s, first.until_s))
    else:
        ranked = sorted(signals, key=lambda s: re.search(r"_j\d", s.name) is not None)
    return sorted(ranked[:MOST_SIGNALS], key=lambda s: s.name)


def _signal(name: str, t_s: Floats, values: Floats) -> Signal:
    return Signal(name, t_s, values, *thinned(t_s, values, 1000))


def signal_figure(data: SignalData) -> go.Figure:
    """Draw each signal in its own row above one time axis."""
    n = max(len(data.signals), 1)
    fig = make_subplots(rows=n, cols=1, shared_xaxes=True, vertical_spacing=0.34 / n)
    for row, signal in enumerate(data.signals, start=1):
        fig.add_trace(
            go.Scatter(
                x=theme.clock_ms(data.start, signal.thin_t_s), y=signal.thin_values, mode="lines",
                line={"width": 1, "color": theme.MAIN}, name=signal.label,
                hovertemplate=f"%{{y:.2f}} {signal.unit}<extra>{signal.label}</extra>",
            ),
            row=row, col=1,
        )  # fmt: skip
    theme.layout(fig, margin={"l": 48, "r": 12, "t": 18, "b": 28})
    theme.time_axis(fig, data.start, 0.0, data.end_s)
    for row, signal in enumerate(data.signals, start=1):
        fig.add_annotation(
            text=signal.titled, xref="x domain", yref=f"y{row if row > 1 else ''} domain",
            x=0, y=1, yanchor="bottom", xanchor="left", showarrow=False,
            font={"size": 11, "color": theme.MUTED},
        )  # fmt: skip
    fig.update_yaxes(nticks=3)
    for onset in data.onsets:
        add_onset(fig, data.start, onset)
    return fig
