"""KPIs by workcell: product units in it, what it puts out, and the time they spend there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.kpi.flow import product_items
from twin.kpi.reasons import Reasons
from twin.kpi.records import seconds_in
from twin.kpi.sources import Sources
from twin.kpi.station import StationKpis
from twin.plant.plant import Plant, Workcell
from twin.plant.station import Station


@dataclass(frozen=True)
class WorkcellKpis:
    """Product units of one workcell; transports between workcells belong to none."""

    mean_wip: float
    throughput_per_h: float | None
    flow_time_s: float | None
    energy_kwh: float
    why: dict[str, str] = field(default_factory=dict)


def workcell_kpis(sources: Sources, stations: Mapping[str, StationKpis]) -> dict[str, WorkcellKpis]:
    """Compute the KPIs of every workcell."""
    plant = sources.run.plant
    return {w.id: _workcell(sources, w, stations) for w in plant.workcells()}


def _workcell(
    sources: Sources, workcell: Workcell, stations: Mapping[str, StationKpis]
) -> WorkcellKpis:
    plant, why = sources.run.plant, Reasons()
    items = product_items(plant)
    makers = [s for s in workcell.stations if output_item(plant, s) in items]
    wip = _waiting(sources, workcell, items) + sum(_in_work(sources, s) for s in makers)
    no_product = "no product units pass here"
    rate = stations[makers[-1].id].throughput_per_h if makers else None
    return WorkcellKpis(
        mean_wip=wip,
        throughput_per_h=why.value("throughput_per_h", rate, no_product),
        flow_time_s=why.ratio(
            "flow_time_s",
            wip * 3600,
            rate,
            "no product unit left in the window" if makers else no_product,
        ),
        energy_kwh=sum(stations[s.id].energy_kwh for s in workcell.stations),
        why=why.why,
    )


def _waiting(sources: Sources, workcell: Workcell, items: frozenset[str]) -> float:
    """Product units in buffers, conveyors and stores (their mean level times units per lot)."""
    plant = sources.run.plant
    lots = [(b.id, b.item) for b in workcell.buffers]
    lots += [(c.id, c.item) for c in workcell.conveyors]
    lots += [(s.id, output_item(plant, s)) for s in workcell.stations if s.kind == "store"]
    return sum(
        sources.levels[place].mean * plant.item_by_id[item].units_per_lot
        for place, item in lots
        if item in items and place in sources.levels
    )


def _in_work(sources: Sources, station: Station) -> float:
    """Product units in work; of a batch station while it works, all units of a full batch."""
    if station.kind == "store" or sources.window.length_s <= 0:
        return 0.0
    if station.kind == "batch":
        item = sources.run.plant.item_by_id[output_item(sources.run.plant, station)]
        full = station.batch_lots * item.units_per_lot
        times = sources.times_of(station.machine_ids)
        return seconds_in(times, ("working",)) / sources.window.length_s * full
    inside_s = sum(c.unit_s for c in sources.cycles.get(station.id, {}).values())
    return inside_s / sources.window.length_s


def output_item(plant: Plant, station: Station) -> str:
    """Return the item that leaves a station: its product, or what it takes ('' if unknown)."""
    seen: set[str] = set()
    while station.id not in seen:
        seen.add(station.id)
        if station.product:
            return station.product
        for name in (*(t.place for t in station.take), *station.puts):
            place = plant.buffers.get(name) or plant.conveyors.get(name)
            if place is not None:
                return place.item
        upstream = [t.place for t in station.take if t.place in plant.stations]
        if not upstream:
            break
        station = plant.stations[upstream[0]]
    return ""
