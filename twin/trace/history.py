"""Machines visited and places passed: rows of ``cycles`` and ``levels`` as visits and stays."""

from __future__ import annotations

from collections.abc import Iterable

from twin.plant.plant import Plant
from twin.trace.genealogy import Family, Link
from twin.trace.result import Component, Stay, Visit
from twin.trace.rows import Cycle, Level, Rows
from twin.trace.subject import serial


def visits(cycles: Iterable[Cycle]) -> list[Visit]:
    """Return cycles as visits, in the order they began."""
    made = [
        Visit(c.lot, c.station, c.machine, c.start_s, c.end_s, c.duration_s, c.n, c.result)
        for c in cycles
    ]
    return sorted(made, key=lambda visit: (visit.start_s, visit.end_s))


def stays(rows: Rows, lots: Iterable[int]) -> list[Stay]:
    """Return where lots were and when, in the order they came there."""
    made: list[Stay] = []
    plant = rows.run.plant
    inside: dict[tuple[int, str], Level] = {}
    for row in rows.levels(lots):
        key = (row.lot, row.place)
        if row.change > 0:
            inside[key] = row
        elif key in inside:
            made.append(_stay(plant, inside.pop(key), row.time_s))
    made += [_stay(plant, row, None) for row in inside.values()]
    return sorted(made, key=lambda stay: stay.from_s)


def _stay(plant: Plant, came: Level, until_s: float | None) -> Stay:
    store = plant.stores.get(came.place)
    if store is None or store.rack is None or came.slot < 0:
        return Stay(came.lot, came.place, came.time_s, until_s, None, None)
    tower, slot = divmod(came.slot, store.rack.slots)
    return Stay(came.lot, came.place, came.time_s, until_s, store.machine_ids[tower], slot)


def components(family: Family, links: list[Link]) -> list[Component]:
    """Return the lots above, nearest first: each once, with the units all its children took."""
    first: dict[int, Link] = {}
    units: dict[int, int] = {}
    for link in links:
        first.setdefault(link.parent, link)
        units[link.parent] = units.get(link.parent, 0) + link.units
    worked: dict[int, list[Visit]] = {}
    for visit in visits(family.rows.lot_cycles(first)):
        worked.setdefault(visit.lot, []).append(visit)
    been: dict[int, list[Stay]] = {}
    for stay in stays(family.rows, first):
        been.setdefault(stay.lot, []).append(stay)
    family.fetch(first)
    return [
        _component(family, link, units[lot], (worked.get(lot, []), been.get(lot, [])))
        for lot, link in first.items()
    ]


def _component(
    family: Family, link: Link, units: int, history: tuple[list[Visit], list[Stay]]
) -> Component:
    born = family.of_lot[link.parent][0]
    return Component(
        level=link.level,
        lot=link.parent,
        item=born.item,
        serial=serial(born.item, link.parent),
        event=link.row.event,
        units=units,
        station=link.row.station,
        time_s=link.row.time_s,
        born_s=born.time_s,
        born_at=born.station,
        visits=tuple(history[0]),
        stays=tuple(history[1]),
    )
