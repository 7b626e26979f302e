"""Rules between the faults of stations, vehicles and people and the plant they are injected in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from twin.errors import nearest
from twin.plant.base import Duration
from twin.plant.plant import Plant
from twin.plant.product_rules import has_products, products_at
from twin.plant.station import Station
from twin.plant.station_faults import (
    BatteryAgeing,
    LaneClosed,
    LotEffect,
    MachineWear,
    MicroStops,
    ProductEffect,
    ScrapBurst,
    SlowRepair,
    StationFault,
    VarianceGrowth,
    WorkerShortage,
    WrongMasterData,
)
from twin.plant.tree import Node, Problems
from twin.plant.widened import widened


class Said(NamedTuple):
    """One problem: the key it stands at, what is wrong, and the remedy."""

    key: str
    what: str
    remedy: str = ""


def check_station_fault(node: Node, fault: StationFault, plant: Plant, problems: Problems) -> None:
    """Report a fault that names nothing in the plant, or changes nothing there.

    Parameters
    ----------
    node : Node
        Where it stands in the scenario file.
    fault : StationFault
    plant : Plant
        With all changes.
    problems : Problems
        Receives every problem.
    """
    for said in _wrong(fault, plant):
        at = node.fields.get(said.key, node)
        problems.add(at, said.what, said.remedy, subject=f"fault '{fault.kind}'")


def check_overlaps(nodes: Sequence[Node], faults: Iterable[object], problems: Problems) -> None:
    """Report faults that cannot hold at the same time: two spreads, one closed node twice."""
    seen: list[tuple[tuple[str, ...], float, float]] = []
    for node, fault in zip(nodes, faults, strict=False):
        if isinstance(fault, VarianceGrowth):
            key = ("station", fault.station, fault.machine or "")
        elif isinstance(fault, LaneClosed):
            key = ("node", fault.network, fault.node)
        else:
            continue
        until = float("inf") if fault.until is None else fault.until
        for other, begin, end in seen:
            same = other[:2] == key[:2] and (other[2] == key[2] or "" in {other[2], key[2]})
            if same and fault.at < end and begin < until:
                what = f"overlaps with another '{fault.kind}' of {key[0]} '{key[2] or key[1]}'."
                remedy = "Let one end before the other begins."
                problems.add(node, what, remedy, subject=f"fault '{fault.kind}'")
                break
        seen.append((key, fault.at, until))


def _wrong(fault: StationFault, plant: Plant) -> Iterator[Said]:
    if isinstance(fault, WorkerShortage):
        yield from _shortage(fault, plant)
    elif isinstance(fault, BatteryAgeing):
        yield from _battery(fault, plant)
    elif isinstance(fault, LaneClosed):
        yield from _lane(fault, plant)
    elif fault.station not in plant.stations:
        yield _missing("station", fault.station, plant.stations, plant)
    else:
        station = plant.stations[fault.station]
        machine = getattr(fault, "machine", None)
        if machine is not None and machine not in station.machine_ids:
            near = nearest(machine, station.machine_ids)
            what = f"station '{station.id}' has no machine '{machine}'{near}."
            yield Said("machine", what, f"It has {', '.join(station.machine_ids[:6])}.")
        yield from _CHECKS[type(fault)](fault, station, plant)


def _missing(key: str, name: str, known: Iterable[str], plant: Plant) -> Said:
    remedy = f"'celltwin check' shows the names of plant '{plant.id}'."
    return Said(key, f"{key} '{name}' does not exist{nearest(name, [*known])}.", remedy)


def _shortage(fault: WorkerShortage, plant: Plant) -> Iterator[Said]:
    pools = {pool.id: pool for pool in plant.pools}
    if fault.pool not in pools:
        yield _missing("pool", fault.pool, pools, plant)
        return
    most = len(pools[fault.pool].worker_ids)
    if fault.missing > most:
        what = f"{fault.missing} of pool '{fault.pool}' cannot be missing: it has {most}."
        yield Said("missing", what, f"Give 1 to {most}.")


def _battery(fault: BatteryAgeing, plant: Plant) -> Iterator[Said]:
    fleets = {fleet.id: fleet for fleet in plant.fleets}
    if fault.fleet not in fleets:
        yield _missing("fleet", fault.fleet, fleets, plant)
        return
    fleet = fleets[fault.fleet]
    if fleet.battery is None:
        what = f"fleet '{fleet.id}' has no 'battery' that could age."
        yield Said("fleet", what, "Add one to the fleet in the plant file.")
    if fault.vehicle is not None and fault.vehicle not in fleet.vehicle_ids:
        near = nearest(fault.vehicle, fleet.vehicle_ids)
        yield Said("vehicle", f"fleet '{fleet.id}' has no vehicle '{fault.vehicle}'{near}.")
    if fault.capacity_factor == 1 and fault.charge_rate_factor == 1:
        what = "changes nothing: both factors are 1."
        yield Said("fleet", what, "Give 'capacity_factor' or 'charge_rate_factor'.")


def _lane(fault: LaneClosed, plant: Plant) -> Iterator[Said]:
    networks = {network.id: network for network in plant.networks}
    if fault.network not in networks:
        yield _missing("network", fault.network, networks, plant)
        return
    network = networks[fault.network]
    if fault.node not in network.nodes:
        near = nearest(fault.node, [*network.nodes])
        yield Said("node", f"network '{network.id}' has no node '{fault.node}'{near}.")
    guarded = [
        name
        for groups in (network.blocks, network.zones)
        for name, group in groups.items()
        if fault.node in group.nodes
    ]
    if guarded or network.blocks or network.zones:
        what = f"network '{network.id}' has blocks or zones: a closed node may lock them for ever."
        yield Said("network", what, "Use the fault 'breakdown' with one of its vehicles instead.")


def _no_robot(station: Station) -> Iterator[Said]:
    if station.robot is not None:
        what = f"the cycle of station '{station.id}' is the program of its robot."
        yield Said("station", what, "Use a fault of its robot, such as 'speed_override'.")


def _no_store(station: Station, what: str) -> Iterator[Said]:
    if station.kind == "store":
        yield Said("station", f"station '{station.id}' is a store: {what}.")


def _wear(fault: MachineWear, station: Station, _plant: Plant) -> Iterator[Said]:
    yield from _no_robot(station)
    yield from _no_store(station, "its lots keep their own time, no tool wears")
    if not fault.growth_per_h and not fault.growth_per_cycle:
        what = "changes nothing: it does not grow."
        yield Said("station", what, "Give 'growth_per_h' or 'growth_per_cycle'.")
    if fault.reset_by is not None and fault.reset_by not in station.maintenance:
        near = nearest(fault.reset_by, [*station.maintenance])
        what = f"station '{station.id}' has no maintenance '{fault.reset_by}'{near}."
        yield Said("reset_by", what, "Correct it, or leave it out to reset by any of them.")


def _spread(fault: VarianceGrowth, station: Station, _plant: Plant) -> Iterator[Said]:
    yield from _no_robot(station)
    yield from _no_store(station, "its lots keep their own time")
    for duration in _cycles(station):
        if widened(duration, fault.factor) is None:
            cv = duration.variation
            what = f"a '{duration.kind}' cycle with a cv of {cv:g} cannot spread {fault.factor:g}"
            remedy = "Give a smaller 'factor', or the cycle a 'cv' and the kind 'lognormal'."
            yield Said("factor", f"{what} times as much around the same mean.", remedy)
            return


def _cycles(station: Station) -> list[Duration]:
    own = [station.cycle] if station.cycle is not None else []
    return own + [recipe.cycle for recipe in station.recipes if recipe.cycle is not None]


def _stops(_fault: MicroStops, station: Station, _plant: Plant) -> Iterator[Said]:
    yield from _no_store(station, "its towers do not work, so they have no short stops")


def _scrap(fault: ScrapBurst, station: Station, plant: Plant) -> Iterator[Said]:
    if not fault.extra_scrap:
        yield Said("extra_scrap", "changes nothing: no more is scrapped.", "Give a share above 0.")
    if fault.product is None and fault.origin is None:
        return
    yield from _single(station)
    if fault.product is not None:
        yield from _product(fault.product, station, plant)
    if fault.origin is not None:
        yield from _origin(fault.origin, plant)


def _single(station: Station) -> Iterator[Said]:
    """Lots must be worked on one by one for a fault that concerns some of them."""
    if station.kind in {"batch", "store"}:
        what = f"station '{station.id}' treats several lots at once"
        yield Said("station", f"{what}: a fault cannot concern some of them.")


def _product(product: str, station: Station, plant: Plant) -> Iterator[Said]:
    known = [one.id for one in plant.products]
    if product not in known:
        yield _missing("product", product, known, plant)
    elif not has_products(plant) or product not in products_at(plant).get(station.id, ()):
        what = f"no lot of product '{product}' comes to station '{station.id}'."
        yield Said("product", what, "Give a source of the plant this product, or leave it out.")


def _origin(origin: str, plant: Plant) -> Iterator[Said]:
    stores = [s.id for s in plant.stations.values() if s.kind == "store"]
    stations = [s for s in plant.stations.values() if s.kind != "store"]
    known = [source.id for source in plant.sources] + [s.id for s in stations]
    known += [machine for s in stations for machine in s.machine_ids]
    if origin in stores:
        what = f"origin '{origin}' is a store, which lots leave as they came."
        yield Said("origin", what, "Name the station before it.")
    elif origin not in known:
        what = f"source, station or machine '{origin}' does not exist{nearest(origin, known)}."
        yield Said("origin", what, "Correct the name.")


def _lot(fault: LotEffect, station: Station, plant: Plant) -> Iterator[Said]:
    yield from _no_robot(station)
    yield from _single(station)
    yield from _origin(fault.origin, plant)


def _of_product(fault: ProductEffect, station: Station, plant: Plant) -> Iterator[Said]:
    yield from _no_robot(station)
    yield from _single(station)
    yield from _product(fault.product, station, plant)


def _truth(fault: WrongMasterData, station: Station, _plant: Plant) -> Iterator[Said]:
    if fault.cycle_factor != 1:
        yield from _no_robot(station)
    yields = [station.yield_, *(r.yield_ for r in station.recipes if r.yield_ is not None)]
    if max(yields) * fault.yield_factor > 1:
        what = f"a yield of {max(yields):g} times {fault.yield_factor:g} is above 1."
        yield Said("yield_factor", what, f"Give at most {1 / max(yields):.4g}.")
    factors = (fault.cycle_factor, fault.yield_factor, fault.mtbf_factor, fault.repair_factor)
    if all(factor == 1 for factor in factors):
        yield Said("station", "changes nothing: all factors are 1.", "Give one of the factors.")
    if (fault.mtbf_factor != 1 or fault.repair_factor != 1) and not station.failure_modes:
        yield Said("station", f"station '{station.id}' has no failures.")


def _repair(_fault: SlowRepair, station: Station, _plant: Plant) -> Iterator[Said]:
    if not station.failure_modes:
        what = f"station '{station.id}' has no failures that could be repaired."
        yield Said("station", what, "Give it a 'breakdown' in the plant file.")


_CHECKS: dict[type, Callable[[Any, Station, Plant], Iterator[Said]]] = {
    MachineWear: _wear,
    VarianceGrowth: _spread,
    MicroStops: _stops,
    ScrapBurst: _scrap,
    LotEffect: _lot,
    ProductEffect: _of_product,
    WrongMasterData: _truth,
    SlowRepair: _repair,
}
