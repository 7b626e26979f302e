"""Where time is lost: the OEE of one station, and the largest losses of the plant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard import theme
from dashboard.text import words
from twin.kpi.kpis import Kpis
from twin.kpi.oee import Oee
from twin.kpi.state_map import EXTERNAL_LOSSES, PLANNED_LOSSES
from twin.plant.plant import Plant

MOST_LOSSES = 7
LEAST_SHARE = 0.001
_PRODUCTIVE = "Productive"

NAMES: Mapping[str, str] = {"speed": "Reduced speed", "breakdowns": "Breakdowns", "scrap": "Scrap"}


def loss_name(loss: str) -> str:
    """Return a loss for people."""
    return NAMES.get(loss) or words(loss)


@dataclass(frozen=True)
class LossData:
    """Shares of planned time of one station, in the order they are taken off.

    ``shares`` of ``losses`` and ``productive`` add up to 1; `why` says why there is nothing.
    """

    losses: tuple[str, ...]
    shares: tuple[float, ...]
    productive: float
    why: str = ""


def loss_data(oee: Oee) -> LossData:
    """Return where the planned time of a station went."""
    if oee.planned_s <= 0 or oee.fully_productive_s is None:
        why = oee.why.get("fully_productive_s") or oee.why.get("oee") or "no planned time"
        return LossData((), (), 0.0, why)
    found = {k: (oee.losses[k] or 0.0) / oee.planned_s for k in PLANNED_LOSSES}
    shown = {k: s for k, s in found.items() if abs(s) >= LEAST_SHARE}
    productive = oee.fully_productive_s / oee.planned_s
    rest = 1.0 - productive - sum(shown.values())
    if abs(rest) >= LEAST_SHARE:
        shown["other"] = rest
    return LossData(tuple(shown), tuple(shown.values()), productive)


def loss_figure(data: LossData) -> go.Figure:
    """Draw planned time less each loss down to productive time (the OEE)."""
    names = ["Planned time", *(loss_name(k) for k in data.losses), _PRODUCTIVE]
    names = [name.replace(" ", "<br>") for name in names]
    shares = [1.0, *(-s for s in data.shares), data.productive]
    after = np.concatenate([[1.0], 1.0 - np.cumsum(data.shares)])
    fig = go.Figure(
        go.Waterfall(
            x=names, y=[100 * s for s in shares],
            measure=["absolute", *["relative"] * len(data.losses), "total"],
            text=[f"{100 * abs(s):.1f} %" for s in shares], textposition="outside",
            connector={"line": {"color": theme.LINE, "width": 1}},
            decreasing={"marker": {"color": theme.FAINT}},
            increasing={"marker": {"color": theme.FAINT}},
            totals={"marker": {"color": theme.MAIN}}, cliponaxis=False,
            textfont={"size": 11}, hovertemplate="%{x}: %{text}<extra></extra>",
        )
    )  # fmt: skip
    theme.layout(fig, margin={"l": 40, "r": 8, "t": 20, "b": 44})
    fig.update_yaxes(range=[min(0.0, 100 * float(after.min())), 108], ticksuffix=" %", nticks=5)
    fig.update_xaxes(tickangle=0, showgrid=False, tickfont={"size": 11 if len(names) < 8 else 10})
    return fig


@dataclass(frozen=True)
class PlantLossData:
    """The largest losses of machines themselves, in machine-hours; waiting is left out."""

    stations: tuple[str, ...]
    labels: tuple[str, ...]
    losses: tuple[str, ...]
    hours: tuple[float, ...]


def plant_loss_data(plant: Plant, kpis: Kpis) -> PlantLossData:
    """Return the largest losses over all stations; stores are judged by slots, so left out."""
    found = [
        (loss_s / 3600.0, name, loss)
        for name, station in kpis.stations.items()
        if plant.stations[name].kind != "store"
        for loss, loss_s in station.oee.losses.items()
        if loss in PLANNED_LOSSES and loss not in EXTERNAL_LOSSES and loss_s and loss_s > 1.0
    ]
    top = sorted(found, key=lambda f: (-f[0], f[1], f[2]))[:MOST_LOSSES]
    return PlantLossData(
        stations=tuple(name for _, name, _ in top),
        labels=tuple(plant.stations[name].label or words(name) for _, name, _ in top),
        losses=tuple(loss for _, _, loss in top),
        hours=tuple(hours for hours, _, _ in top),
    )


def plant_loss_figure(data: PlantLossData) -> go.Figure:
    """Draw the largest losses as bars, the largest on top."""
    names = [f"{n}<br><span style='font-size:10px;color:{theme.MUTED}'>{loss_name(loss)}</span>"
             for n, loss in zip(data.labels, data.losses, strict=True)]  # fmt: skip
    fig = go.Figure(
        go.Bar(
            y=names, x=list(data.hours), orientation="h", marker={"color": theme.MAIN}, width=0.62,
            text=[f"{h:.2f} h" for h in data.hours], textposition="outside", cliponaxis=False,
            textfont={"size": 11}, hovertemplate="%{text}<extra></extra>",
        )
    )  # fmt: skip
    theme.layout(fig, margin={"l": 20, "r": 44, "t": 2, "b": 4})
    fig.update_yaxes(automargin=True, autorange="reversed", showgrid=False, tickfont={"size": 11})
    fig.update_xaxes(visible=False)
    return fig
