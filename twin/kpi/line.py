"""KPIs by line: what it puts out, and the OEE of the station that limits it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.kpi.bottleneck import bottleneck
from twin.kpi.flow import product_items
from twin.kpi.reasons import Reasons
from twin.kpi.sources import Sources
from twin.kpi.station import StationKpis
from twin.kpi.workcell import WorkcellKpis, output_item
from twin.plant.plant import Line


@dataclass(frozen=True)
class LineKpis:
    """Key figures of one line.

    A line can make no more than its bottleneck, so every loss there is a loss of the line, and a
    loss elsewhere is none until it starves or blocks the bottleneck. OEE of a line is therefore the
    OEE of its bottleneck, and `oee_station` names it.
    """

    oee: float | None
    oee_station: str
    throughput_per_h: float | None
    mean_wip: float
    energy_kwh: float
    why: dict[str, str] = field(default_factory=dict)


def line_kpis(
    sources: Sources, stations: Mapping[str, StationKpis], workcells: Mapping[str, WorkcellKpis]
) -> dict[str, LineKpis]:
    """Compute the KPIs of every line."""
    return {line.id: _line(sources, line, stations, workcells) for line in sources.run.plant.lines}


def _line(
    sources: Sources,
    line: Line,
    stations: Mapping[str, StationKpis],
    workcells: Mapping[str, WorkcellKpis],
) -> LineKpis:
    plant, why = sources.run.plant, Reasons()
    items = product_items(plant)
    own = [s for w in line.workcells for s in w.stations]
    makers = [s for s in own if output_item(plant, s) in items]
    rate = stations[makers[-1].id].throughput_per_h if makers else None
    limit = bottleneck({s.id: stations[s.id] for s in own})
    value = stations[limit.station].oee.oee if limit else None
    no_oee = f"{limit.station} limits it, whose OEE is unknown" if limit else "no station worked"
    return LineKpis(
        oee=why.value("oee", value, no_oee),
        oee_station=limit.station if limit else "",
        throughput_per_h=why.value("throughput_per_h", rate, "no product units pass here"),
        mean_wip=sum(workcells[w.id].mean_wip for w in line.workcells),
        energy_kwh=sum(workcells[w.id].energy_kwh for w in line.workcells),
        why=why.why,
    )
