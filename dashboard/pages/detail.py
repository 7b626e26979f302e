"""What is known of one object of the plant at one time."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.card import Shown
from dashboard.moment import (
    Level,
    ResourceState,
    active,
    levels_at,
    resource_label,
    states_at,
)
from dashboard.text import clock, span, words
from twin.flags import Flag
from twin.plant.plant import Plant


@dataclass(frozen=True)
class ObjectFacts:
    """One machine, robot, vehicle, crane, worker or place at one time."""

    label: str
    kind: str
    state: str
    level: Level
    workcell: str | None
    rows: tuple[tuple[str, str], ...]
    flags: tuple[Flag, ...]


def object_facts(now: Shown, name: str) -> ObjectFacts | None:
    """Return what is known of an object at the playhead; None if it is none of the plant's."""
    plant = now.run.plant
    state = states_at(now.run, now.t_s).get(name)
    level = levels_at(now.run, now.t_s).get(name)
    kind = object_kind(plant, name)
    if kind is None and state is None:
        return None
    flags = flags_of(plant, active(now.open.flags, now.t_s), name)
    stopped = state is not None and state.stopped
    return ObjectFacts(
        label=resource_label(plant, name),
        kind=kind or "resource",
        state=_state_text(plant, name, state, level),
        level="critical" if stopped else "normal",
        workcell=plant.workcell_of.get(name),
        rows=tuple(_rows(now, name, state, level)),
        flags=tuple(flags),
    )


def flags_of(plant: Plant, flags: list[Flag], name: str) -> list[Flag]:
    """Return the flags of a resource: its own, and those of its station or robot."""
    names = {name}
    for station in plant.stations.values():
        if name == station.id or name in station.machine_ids or name == station.robot:
            names |= {station.id, *station.machine_ids, station.robot or station.id}
    return [f for f in flags if f.resource in names]


def object_kind(plant: Plant, name: str) -> str | None:
    """Return what an object is, for people; None for what the plant does not have."""
    for station in plant.stations.values():
        if name == station.id or name in station.machine_ids:
            return "rack store" if station.kind == "store" else "machine"
    for fleet in plant.fleets:
        if name in fleet.vehicle_ids:
            return "vehicle"
    if any(name in pool.worker_ids for pool in plant.pools):
        return "worker"
    for kind, things in (
        ("robot", plant.robots),
        ("buffer", plant.buffers),
        ("conveyor", plant.conveyors),
        ("crane", {c.id: c for c in plant.cranes}),
        ("goods in", {s.id: s for s in plant.sources}),
        ("goods out", {s.id: s for s in plant.sinks}),
    ):
        if name in things:
            return kind
    return None


def capacity_of(plant: Plant, name: str) -> int | None:
    """Return how many lots a place holds; None for what is no place."""
    place = plant.buffers.get(name) or plant.conveyors.get(name)
    if place is not None:
        return place.capacity
    for store in plant.stores.values():
        slots = store.rack.slots if store.rack else 1
        if name == store.id:
            return store.machines * slots
    return None


def _state_text(plant: Plant, name: str, state: ResourceState | None, level: int | None) -> str:
    if state is not None:
        return words(state.text)
    capacity = capacity_of(plant, name)
    if capacity is not None:
        return f"{level or 0} of {capacity} lots"
    return "In place"


def _rows(
    now: Shown, name: str, state: ResourceState | None, level: int | None
) -> list[tuple[str, str]]:
    plant, start = now.run.plant, now.run.scenario.start
    rows = []
    if state is not None:
        since = clock(start, state.since_s, seconds=True)
        rows.append(("Since", f"{since} ({span(max(0.0, now.t_s - state.since_s))})"))
        if state.reason and state.reason.replace("_", " ") != state.text:
            rows.append(("Reason", state.reason.replace("_", " ")))
    capacity = capacity_of(plant, name)
    if state is not None and capacity is not None:
        rows.append(("Level", f"{level or 0} of {capacity} lots"))
    workcell = plant.workcell_of.get(name)
    if workcell:
        labels = {w.id: w.label for w in plant.workcells()}
        rows.append(("Workcell", labels[workcell] or words(workcell)))
    rows.append(("Id", name))
    return rows
