"""What fleets and cranes can carry per hour.

A busy mover is pictured as doing its jobs in random order, in the proportions of the plan: each
trip is an empty run from where the last one ended to where this one starts, and a loaded run.
Waiting in traffic is left to the simulation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from twin.check.capacity import Capacity
from twin.check.need import Needs
from twin.check.network import Route, network_of, route, stop_at
from twin.check.rail import Floats, along_m, places, slot_points
from twin.motion.vehicle import leg_time_s, rest_to_rest_s
from twin.plant.plant import Plant
from twin.plant.transport import AgvFleet, Crane, RouteNetwork


@dataclass(frozen=True)
class _Job:
    """One kind of trip: where from, where to, how often per good product."""

    start: str
    end: str
    per_product: float


def fleet_capacities(plant: Plant, needs: Needs) -> list[Capacity]:
    """Return the trips per hour of every fleet that has transports."""
    rows = []
    for fleet in plant.fleets:
        own = [t for t in plant.transports if t.fleet == fleet.id]
        jobs = [_Job(t.source, t.target, needs.carried(t.id) / t.lots) for t in own]
        total = sum(job.per_product for job in jobs)
        if total > 0:
            trip_s = _trip_s(fleet, network_of(plant, fleet), jobs)
            per_h = len(fleet.homes) * 3600.0 / trip_s * _not_charging(fleet) * _up(fleet)
            rows.append(_row(fleet, "fleet", "trip", len(fleet.homes), (per_h, total)))
    return rows


def _row(
    mover: AgvFleet | Crane, kind: str, unit: str, count: int, figures: tuple[float, float]
) -> Capacity:
    label, address = mover.label or mover.id, f"{kind}s.{mover.id}"
    return Capacity(mover.id, label, kind, address, unit, count, *figures)


def _not_charging(fleet: AgvFleet) -> float:
    """Return the share of time a vehicle is not at a charger when it works without a pause."""
    if fleet.battery is None:
        return 1.0
    return fleet.battery.runtime_h / (fleet.battery.runtime_h + fleet.battery.charge_h)


def _up(fleet: AgvFleet) -> float:
    """Return the share of time a vehicle is not broken when it works without a pause."""
    if fleet.breakdown is None:
        return 1.0
    return 1 / (1 + fleet.breakdown.down_share(0.0))


def _trip_s(fleet: AgvFleet, network: RouteNetwork, jobs: list[_Job]) -> float:
    share = np.array([job.per_product for job in jobs])
    share /= share.sum()
    stops = {place: stop_at(network, place) for job in jobs for place in (job.start, job.end)}

    def drive_s(start: str, end: str, v_max_mps: float) -> float:
        return drive_time_s(fleet, route(network, stops[start], stops[end]), v_max_mps)

    loaded = np.array([drive_s(job.start, job.end, fleet.speed_loaded_mps) for job in jobs])
    empty = np.array([[drive_s(a.end, b.start, fleet.speed_empty_mps) for b in jobs] for a in jobs])
    return float(share @ empty @ share + share @ loaded) + fleet.load_s + fleet.unload_s


def drive_time_s(fleet: AgvFleet, way: Route, v_max_mps: float) -> float:
    """Return the time of a drive that stands still at every turn."""
    driven = (leg_time_s(m, 0.0, 0.0, v_max_mps, fleet.acceleration_mps2) for m in way.straights_m)
    return sum(driven) + way.turned_deg / fleet.turn_dps


def crane_capacities(plant: Plant, needs: Needs) -> list[Capacity]:
    """Return the moves per hour of every crane."""
    rows = []
    for crane in plant.cranes:
        jobs = _crane_jobs(plant, crane, needs)
        total = sum(job.per_product for job in jobs)
        if total > 0:
            rows.append(
                _row(crane, "crane", "move", 1, (3600.0 / _move_s(plant, crane, jobs), total))
            )
    return rows


def _crane_jobs(plant: Plant, crane: Crane, needs: Needs) -> list[_Job]:
    """Return the moves into the crane's stores and out of them to a place."""
    jobs = []
    for store in plant.stores.values():
        if store.crane != crane.id:
            continue
        lot = needs.item(store.id).units_per_lot
        jobs += [_Job(t.place, store.id, needs.input(store, t) / lot) for t in store.take]
        if store.put is not None:
            out = needs.processed(store) * store.yield_ / lot
            jobs.append(_Job(store.id, store.put, out))
    return jobs


def _move_s(plant: Plant, crane: Crane, jobs: list[_Job]) -> float:
    share = np.array([job.per_product for job in jobs])
    share /= share.sum()
    stores = [store for store in plant.stores.values() if store.crane == crane.id]
    points = {store.id: slot_points(crane, store) for store in stores}
    for name, (point, height) in places(plant, stores).items():
        points[name] = np.array([[along_m(crane, point), height]])
    loaded = np.array([_mean_travel_s(crane, points[j.start], points[j.end]) for j in jobs])
    empty = np.array(
        [[_mean_travel_s(crane, points[a.end], points[b.start]) for b in jobs] for a in jobs]
    )
    return float(share @ empty @ share + share @ loaded) + 2 * crane.fork_s


def _mean_travel_s(crane: Crane, start: Floats, end: Floats) -> float:
    """Return the mean time between two sets of points, along and up at the same time."""
    gaps = np.abs(start[:, None, :] - end[None, :, :]).reshape(-1, 2)
    laws = (
        (crane.speed_mps, crane.acceleration_mps2),
        (crane.lift_mps, crane.lift_acceleration_mps2),
    )
    times = [rest_to_rest_s(gaps[:, k], *law) for k, law in enumerate(laws)]
    return float(np.max(times, axis=0).mean())
