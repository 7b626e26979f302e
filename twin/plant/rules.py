"""Rules between the fields of one object, kind by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from twin.plant.coupling_rules import check_couplings
from twin.plant.durations import check_durations
from twin.plant.failure_rules import check_failures
from twin.plant.fleet_rules import check_fleets
from twin.plant.lifting_rules import check_lifting
from twin.plant.origin import Index
from twin.plant.people_rules import check_people
from twin.plant.place import Buffer, Conveyor
from twin.plant.plant import Plant
from twin.plant.reporter import Reporter
from twin.plant.robot import Robot, Step
from twin.plant.route_rules import check_routes
from twin.plant.station import Station
from twin.plant.transport import Transport
from twin.plant.tree import Problems

_ONLY_FOR = {
    "robot": "robot",
    "units_per_m": "web",
    "setup_s": "web",
    "batch_lots": "batch",
    "rack": "store",
    "crane": "store",
    "lanes": "web",
}
"""Station keys that one kind alone uses."""

_NEEDS = {
    "discrete": ("cycle",),
    "web": ("cycle", "product"),
    "assembly": ("cycle", "product"),
    "batch": ("cycle",),
    "store": ("cycle", "rack", "crane"),
    "robot": ("robot",),
}


_LOT_KINDS = ("web", "batch", "discrete")
"""Kinds whose lots can be worked through as a whole."""


def check_rules(plant: Plant, index: Index, problems: Problems) -> None:
    """Report objects whose fields do not fit together.

    Parameters
    ----------
    plant : Plant
    index : Index
        Where things stand in the file.
    problems : Problems
        Receives every problem.
    """
    report = Reporter(index, problems)
    for station in plant.stations.values():
        _check_station(station, plant, report)
    check_routes(plant, report)
    check_couplings(plant, report)
    check_durations(plant, report)
    _check_robots(plant, report)
    _check_places(plant, report)
    for transport in plant.transports:
        _check_transport(transport, plant, report)
    check_failures(plant, report)
    check_people(plant, report)
    check_fleets(plant, report)
    check_lifting(plant, report)
    for crane in plant.cranes:
        if crane.rail_m[0] == crane.rail_m[1]:
            report.at("cranes", crane.id, "rail_m", "'rail_m' has no length.")


def _places(plant: Plant) -> dict[str, Buffer | Conveyor]:
    return {**plant.buffers, **plant.conveyors}


def _check_places(plant: Plant, report: Reporter) -> None:
    for name, place in _places(plant).items():
        if place.initial is not None and place.initial > place.capacity:
            kind = "buffers" if name in plant.buffers else "conveyors"
            what = f"'initial' is {place.initial}, more than its capacity {place.capacity}."
            report.at(kind, name, "initial", what)


def _check_station(station: Station, plant: Plant, report: Reporter) -> None:
    kind = station.kind
    given = station.model_fields_set
    for key in _NEEDS[kind]:
        if key == "cycle" and station.recipes:
            continue
        if getattr(station, key) is None:
            report.at("stations", station.id, key, f"a station of kind '{kind}' needs '{key}'.")
    for key, only in _ONLY_FOR.items():
        if key in given and kind != only and getattr(station, key) is not None:
            what = f"'{key}' is for stations of kind '{only}', this is '{kind}'."
            report.at("stations", station.id, key, what, "Remove it or correct 'kind'.")
    if kind == "robot" and station.cycle is not None:
        what = "a robot station has no 'cycle': the robot's program is its cycle."
        report.at("stations", station.id, "cycle", what, "Remove it.")
    if kind == "robot" and station.machines > 1:
        what = f"'machines' is {station.machines}, but a robot station has one robot."
        report.at("stations", station.id, "machines", what, "Write one station for each robot.")
    if kind == "web" and station.units_per_m is None and _takes_metres(station, plant):
        what = "a web station fed in metres needs 'units_per_m'."
        report.at("stations", station.id, "", what)
    if station.performance < 1 and station.minor_stop_s and kind == "store":
        report.at("stations", station.id, "minor_stop_s", "a store has no minor stops.")
    _check_record(station, report)
    _check_takes(station, report)
    _check_rolls(station, plant, report)
    _check_crane_work(station, plant, report)


def _check_record(station: Station, report: Reporter) -> None:
    if station.record == "lot" and station.kind not in _LOT_KINDS:
        what = f"'record: lot' is for stations of kind {', '.join(_LOT_KINDS)}."
        remedy = f"Remove it: a station of kind '{station.kind}' follows every unit or lot anyway."
        report.at("stations", station.id, "record", what, remedy)
    if station.lanes is not None and station.record != "lot" and station.kind == "web":
        what = "'lanes' needs 'record: lot': the metres of a cut roll are not followed one by one."
        report.at("stations", station.id, "lanes", what, "Add 'record: lot'.")
    if station.lanes is not None and station.units_per_lot_out is not None:
        what = "'lanes' and 'units_per_lot_out' contradict each other."
        report.at("stations", station.id, "lanes", what, "Remove one of them.")


def _takes_metres(station: Station, plant: Plant) -> bool:
    places = _places(plant)
    items = {places[take.place].item for take in station.take if take.place in places}
    return any(plant.item_by_id[name].unit == "m" for name in items if name in plant.item_by_id)


def _check_takes(station: Station, report: Reporter) -> None:
    if not station.take and station.kind != "store":
        report.at("stations", station.id, "take", "'take' is empty: nothing feeds it.")
    for k, take in enumerate(station.take):
        if take.units > 1 and station.kind != "assembly":
            what = f"takes {take.units} units, but only an assembly takes single units."
            remedy = "Remove 'units': whole lots move."
            report.at("stations", station.id, f"take.{k}.units", what, remedy)
    for name in _twice(take.place for take in station.take):
        report.at("stations", station.id, "take", f"takes from '{name}' twice.")


def _check_rolls(station: Station, plant: Plant, report: Reporter) -> None:
    """A web station may take rolls from several places, but all of one item."""
    places = _places(plant)
    items = sorted({places[take.place].item for take in station.take if take.place in places})
    if station.kind == "web" and len(items) > 1:
        names = " and ".join(f"'{name}'" for name in items)
        what = f"takes {names}, but a web station works on rolls of one item."
        report.at("stations", station.id, "take.1.from", what, "Write one station for each item.")


def _check_crane_work(station: Station, plant: Plant, report: Reporter) -> None:
    """Cranes move lots between stores, buffers and conveyors; nothing else reaches a store."""
    remedy = "Put a buffer between."
    if station.kind == "store":
        if station.put in {sink.id for sink in plant.sinks}:
            what = f"its crane cannot deliver to the sink '{station.put}'."
            report.at("stations", station.id, "put", what, remedy)
        return
    for k, take in enumerate(station.take):
        if take.place in plant.stores:
            what = f"takes from the store '{take.place}', which only a crane can."
            report.at("stations", station.id, f"take.{k}.from", what, remedy)
    if station.put in plant.stores:
        what = f"puts into the store '{station.put}', which only a crane can."
        report.at("stations", station.id, "put", what, remedy)


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _check_robots(plant: Plant, report: Reporter) -> None:
    user: dict[str, str] = {}
    for station in plant.stations.values():
        if station.kind != "robot" or station.robot is None:
            continue
        if station.robot in user:
            what = f"robot '{station.robot}' already serves station '{user[station.robot]}'."
            report.at("stations", station.id, "robot", what, "Give each station its own robot.")
        user.setdefault(station.robot, station.id)
    for robot in plant.robots.values():
        _check_program(robot, report)
        if robot.id not in user:
            report.at("robots", robot.id, "", "no robot station uses it.", "Name it in a station.")


def _check_program(robot: Robot, report: Reporter) -> None:
    program = robot.program
    for k, step in enumerate(program.steps):
        said = _step_problem(step)
        if said:
            report.at("robots", robot.id, f"program.steps.{k}", f"step '{step.name}' {said}")
    for name in _twice(step.name for step in program.steps):
        report.at("robots", robot.id, "program.steps", f"step '{name}' occurs twice.")
    moves = [(k, step.to) for k, step in enumerate(program.steps) if step.to is not None]
    if not moves:
        report.at("robots", robot.id, "program.steps", "the program never moves.")
    elif moves[-1][1] != program.start:
        k, last = moves[-1]
        what = f"the program ends at '{last}', not at its start '{program.start}'."
        report.at("robots", robot.id, f"program.steps.{k}.to", what, "Add a move back.")
    path = [program.start, *(pose for _, pose in moves if pose is not None)]
    for (k, _), (before, after) in zip(moves, pairwise(path), strict=True):
        if before == after:
            what = f"step '{program.steps[k].name}' moves to '{after}', where the tool is already."
            report.at("robots", robot.id, f"program.steps.{k}.to", what, "Remove the step.")


def _step_problem(step: Step) -> str:
    if step.to is None and step.wait is None:
        return "neither moves ('to') nor waits ('wait')."
    if step.to is not None and step.wait is not None:
        return "both moves ('to') and waits ('wait'): write two steps."
    if step.action != "none" and step.wait is None:
        return f"is to {step.action}, which takes a 'wait'."
    return ""


def _check_transport(transport: Transport, plant: Plant, report: Reporter) -> None:
    places = _places(plant)
    for key, name in (("from", transport.source), ("to", transport.target)):
        if name in places and 0 < places[name].capacity < transport.lots:
            what = f"carries {transport.lots} lots, but '{name}' holds {places[name].capacity}."
            report.at("transports", transport.id, "lots", what)
        networks = {fleet.id: fleet.network for fleet in plant.fleets}
        network = next((n for n in plant.networks if n.id == networks.get(transport.fleet)), None)
        if network and name not in {stop.place for stop in network.stops.values()}:
            what = f"network '{network.id}' has no stop with 'place: {name}'."
            report.at("transports", transport.id, key, what, "Add a stop to the network.")
