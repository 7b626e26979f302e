"""Electric energy: by user, by state of the machines, by area, and per unit and kWh of cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.kpi.reasons import Reasons
from twin.kpi.sources import Sources
from twin.kpi.station import StationKpis
from twin.plant.plant import Plant

POWERS = ("working", "idle", "down")
NO_AREA = "elsewhere"


@dataclass(frozen=True)
class Energy:
    """Electric energy in kWh. Vehicles and cranes are not metered."""

    stations_kwh: float
    base_load_kwh: float
    dry_room_kwh: float
    by_state_kwh: dict[str, float]
    by_area_kwh: dict[str, float]
    kwh_per_kwh: float | None
    why: dict[str, str] = field(default_factory=dict)

    @property
    def total_kwh(self) -> float:
        """All of it."""
        return self.stations_kwh + self.base_load_kwh + self.dry_room_kwh


def energy(sources: Sources, stations: Mapping[str, StationKpis], shipped: int) -> Energy:
    """Compute the energy of a window."""
    plant, hours = sources.run.plant, sources.window.length_h
    building = plant.building
    of_stations = sum(s.energy_kwh for s in stations.values())
    base, dry = building.base_load_kw * hours, building.dry_room_load_kw * hours
    why = Reasons()
    stored = stored_kwh(plant, shipped)
    missing = "nothing was shipped in the window" if plant.products else "the plant has no product"
    return Energy(
        stations_kwh=of_stations,
        base_load_kwh=base,
        dry_room_kwh=dry,
        by_state_kwh={
            power: sum(s.energy_by_state_kwh[power] for s in stations.values()) for power in POWERS
        },
        by_area_kwh=_by_area(plant, stations, base, dry),
        kwh_per_kwh=why.ratio("kwh_per_kwh", of_stations + base + dry, stored, missing),
        why=why.why,
    )


def stored_kwh(plant: Plant, shipped: int) -> float | None:
    """Return the energy of the battery cells shipped; None where the plant has no product."""
    return shipped * plant.products[0].energy_wh / 1000 if plant.products else None


def _by_area(
    plant: Plant, stations: Mapping[str, StationKpis], base: float, dry: float
) -> dict[str, float]:
    """Return energy by zone; the dry-room load is the dry rooms', the base load the building's."""
    found: dict[str, float] = {}
    for cell in plant.workcells():
        area = cell.area or NO_AREA
        found[area] = found.get(area, 0.0) + sum(stations[s.id].energy_kwh for s in cell.stations)
    rooms = [zone for zone in plant.zones if zone.kind == "dry_room"]
    surface = {zone.id: zone.size_m[0] * zone.size_m[1] for zone in rooms}
    for room, m2 in surface.items():
        found[room] = found.get(room, 0.0) + dry * m2 / sum(surface.values())
    found["building"] = base + (0.0 if rooms else dry)
    return found
