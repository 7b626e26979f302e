"""Sections of a plant: steps that keep pace with each other, between large stores.

A store or an oven of many hours decouples what is before it from what is after it: within a shift
a faster stacking machine ships no more, it fills the store faster. So the plant is cut at stores
and at stations whose cycle is long against the run; the rate of a section is that of its last
stations, in products. What the cut stations can do follows from the plant file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from twin.check.capacity import station_capacities
from twin.plant.flow import hops
from twin.plant.plant import Plant
from twin.plant.station import Station

LONGEST_CYCLE_SHARE = 1 / 8
"""Stations with longer cycles than this share of the window cut the plant."""


@dataclass(frozen=True)
class Section:
    """Steps between two stores.

    Attributes
    ----------
    name : str
        Its last station.
    members : frozenset of str
        Stations, buffers, conveyors, sources and sinks.
    needed : dict
        Last station -> units it processes for one good product.
    """

    name: str
    members: frozenset[str]
    needed: dict[str, float]


def sections(plant: Plant, window_s: float) -> list[Section]:
    """Return the sections with stations in them, in the order of their first station."""
    capacities, _ = station_capacities(plant)
    needed = {c.id: c.per_product for c in capacities if c.per_product > 0}
    cut = {s.id for s in plant.stations.values() if long_cycle(s, window_s)}
    following: dict[str, set[str]] = defaultdict(set)
    beside: dict[str, set[str]] = defaultdict(set)
    for hop in hops(plant):
        if hop.rework or {hop.start, hop.end} & cut:
            continue
        following[hop.start].add(hop.end)
        beside[hop.start].add(hop.end)
        beside[hop.end].add(hop.start)
    found: list[Section] = []
    for name in plant.stations:
        if name in cut or any(name in section.members for section in found):
            continue
        members = _connected(name, beside)
        last = [
            s
            for s in plant.stations
            if s in members and s in needed and not _after(s, following, needed)
        ]
        if last:
            named = {s: needed[s] for s in last}
            found.append(Section(last[-1], frozenset(members), named))
    return found


def long_cycle(station: Station, window_s: float) -> bool:
    """Whether a station decouples what is before it from what is after it."""
    return station.kind == "store" or station.mean_cycle_s > LONGEST_CYCLE_SHARE * window_s


def _connected(start: str, beside: dict[str, set[str]]) -> set[str]:
    found, open_ = {start}, [start]
    while open_:
        new = beside[open_.pop()] - found
        found |= new
        open_ += sorted(new)
    return found


def _after(station: str, following: dict[str, set[str]], needed: Iterable[str]) -> bool:
    """Whether another station that works for the product comes after one, in its section."""
    seen: set[str] = set()
    open_ = sorted(following[station])
    while open_:
        name = open_.pop()
        if name in needed and name != station:
            return True
        if name not in seen:
            seen.add(name)
            open_ += sorted(following[name])
    return False
