"""Rules between a scenario and its plant."""

from __future__ import annotations

from datetime import datetime

from twin.errors import nearest
from twin.plant.plant import Plant
from twin.plant.robot_fault_rules import RobotFault, check_robot_fault
from twin.plant.robot_faults import NewRobotFault
from twin.plant.scenario import (
    Fault,
    ForcedBreakdown,
    ScenarioFile,
    ScriptFault,
    SlowCycle,
    SpeedOverride,
    VacuumLeak,
)
from twin.plant.station_fault_rules import check_overlaps, check_station_fault
from twin.plant.station_faults import StationFault
from twin.plant.tree import Node, Problems

_Targeted = VacuumLeak | SpeedOverride | SlowCycle | ForcedBreakdown | NewRobotFault


def check_scenario(
    said: Node, scenario: ScenarioFile, plant: Plant | None, problems: Problems
) -> None:
    """Report faults that name nothing or never happen, and times that do not fit.

    Parameters
    ----------
    said : Node
        The scenario file as read.
    scenario : ScenarioFile
    plant : Plant or None
        The plant with all changes; None where it is wrong itself.
    problems : Problems
        Receives every problem.
    """
    if scenario.horizon <= 0:
        problems.add(_at(said, "horizon"), "'horizon' must be longer than 0 s.")
    elif scenario.warmup >= scenario.horizon:
        what = f"'warmup' ({scenario.warmup:g} s) must be shorter than 'horizon'"
        problems.add(_at(said, "warmup"), f"{what} ({scenario.horizon:g} s).")
    try:
        datetime.fromisoformat(scenario.start)
    except ValueError:
        what = f"'start' is '{scenario.start}', must be a date and time."
        problems.add(_at(said, "start"), what, "Example: 2026-01-05T00:00:00.")
    for node, fault in zip(_at(said, "faults").items, scenario.faults, strict=False):
        if isinstance(fault, ScriptFault):
            _check_script(node, fault, scenario, problems)
        _check_times(node, fault, scenario.horizon, problems)
        if plant is None:
            continue
        if isinstance(fault, StationFault):
            check_station_fault(node, fault, plant, problems)
        elif not isinstance(fault, ScriptFault):
            _check_target(node, fault, plant, problems)
    check_overlaps(_at(said, "faults").items, scenario.faults, problems)


def _at(node: Node, key: str) -> Node:
    return node.fields.get(key, node)


def _check_times(node: Node, fault: Fault, horizon_s: float, problems: Problems) -> None:
    subject = f"fault '{fault.kind}'"
    if fault.at >= horizon_s:
        what = f"starts at {fault.at:g} s, after the end of the run at {horizon_s:g} s."
        problems.add(_at(node, "at"), what, "Move it, or lengthen 'horizon'.", subject=subject)
    if (
        not isinstance(fault, ForcedBreakdown)
        and fault.until is not None
        and fault.until <= fault.at
    ):
        what = f"ends at {fault.until:g} s, before it starts at {fault.at:g} s."
        problems.add(_at(node, "until"), what, subject=subject)


def _check_script(
    node: Node, fault: ScriptFault, scenario: ScenarioFile, problems: Problems
) -> None:
    if scenario.script is None:
        what = "is defined by a script, and the scenario has none."
        remedy = "Add 'script: my_script.py'."
        problems.add(_at(node, "kind"), what, remedy, subject=f"fault '{fault.name}'")


def _check_target(node: Node, fault: _Targeted, plant: Plant, problems: Problems) -> None:
    if isinstance(fault, ForcedBreakdown):
        known = [name for station in plant.stations.values() for name in station.machine_ids]
        known += [name for fleet in plant.fleets for name in fleet.vehicle_ids]
        known += [crane.id for crane in plant.cranes]
        key, name = "machine", fault.machine
    elif isinstance(fault, SlowCycle):
        known = [s.id for s in plant.stations.values() if s.kind != "robot"]
        key, name = "station", fault.station
    else:
        known = list(plant.robots)
        key, name = "robot", fault.robot
    subject = f"fault '{fault.kind}'"
    if name not in known:
        if key == "station" and name in plant.stations:
            what = f"station '{name}' is a robot station, whose cycle is a program."
            remedy = "Use the kind 'speed_override' with its robot."
            problems.add(_at(node, key), what, remedy, subject=subject)
            return
        remedy = f"'celltwin check' shows the names of plant '{plant.id}'."
        what = f"{key} '{name}' does not exist{nearest(name, known)}."
        problems.add(_at(node, key), what, remedy, subject=subject)
    elif isinstance(fault, ForcedBreakdown):
        _check_mode(node, fault, plant, problems)
    elif isinstance(fault, RobotFault):
        check_robot_fault(node, fault, plant, problems)


def _modes(machine: str, plant: Plant) -> list[str]:
    """Return the kinds of failure of a machine, vehicle or crane."""
    for station in plant.stations.values():
        if machine in station.machine_ids:
            return [*station.failure_modes]
    found = [crane.breakdown for crane in plant.cranes if crane.id == machine]
    found += [fleet.breakdown for fleet in plant.fleets if machine in fleet.vehicle_ids]
    return ["breakdown"] if any(found) else []


def _check_mode(node: Node, fault: ForcedBreakdown, plant: Plant, problems: Problems) -> None:
    known = _modes(fault.machine, plant)
    subject = f"fault '{fault.kind}'"
    if fault.mode is None and len(known) > 1:
        what = f"machine '{fault.machine}' has several kinds of failure: name one with 'mode'."
        problems.add(node, what, f"Known: {', '.join(known)}.", subject=subject)
    elif fault.mode is not None and fault.mode not in known:
        what = f"machine '{fault.machine}' has no kind of failure '{fault.mode}'"
        close = nearest(fault.mode, known)
        problems.add(_at(node, "mode"), f"{what}{close}.", "Correct or remove it.", subject=subject)
