"""Rules of failures and maintenance: each has a time, a repair, and a clock that fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from twin.plant.failure import Breakdown, Maintenance
from twin.plant.plant import Plant
from twin.plant.reporter import Reporter
from twin.plant.station import Station

DUE_BY = ("every_cycles", "every_operating_h", "every_h", "at")
TAKEN = frozenset({"minor_stop", "breakdown"})
"""Names that mean something else already."""

_Said = tuple[str, str, str]
"""Key, what is wrong, remedy."""


def check_failures(plant: Plant, report: Reporter) -> None:
    """Report failures and maintenance that cannot be as they say."""
    for station in plant.stations.values():
        check = _Station(station, report)
        check.modes()
        check.maintenance()
    movers = [("fleets", fleet.id, fleet.breakdown, "vehicle") for fleet in plant.fleets]
    movers += [("cranes", crane.id, crane.breakdown, "crane") for crane in plant.cranes]
    for group, name, mode, kind in movers:
        for key, what, remedy in _mover(mode, kind) if mode is not None else ():
            report.at(group, name, f"breakdown.{key}", f"its {what}", remedy)
        if mode is not None and "unit" in mode.model_fields_set:
            what = f"a {kind} has no unit in work: what it carries stays on it."
            report.at(group, name, "breakdown.unit", what, "Remove 'unit'.")


@dataclass(frozen=True)
class _Station:
    station: Station
    report: Reporter

    def at(self, key: str, what: str, remedy: str = "") -> None:
        self.report.at("stations", self.station.id, key, what, remedy)

    def modes(self) -> None:
        station = self.station
        if station.breakdown and station.breakdowns:
            self.at(
                "breakdowns", "has both 'breakdown' and 'breakdowns'.", "Move all into the last."
            )
        for name in TAKEN & station.breakdowns.keys():
            self.at(
                f"breakdowns.{name}", f"'{name}' cannot be the name of a failure.", "Rename it."
            )
        named = {"breakdown": station.breakdown} if station.breakdown else {}
        named |= {f"breakdowns.{name}": mode for name, mode in station.breakdowns.items()}
        for address, mode in named.items():
            for key, what, remedy in self.wrong(mode):
                name = address.partition(".")[2]
                quoted = f"'{name}' " if name else ""
                self.at(f"{address}.{key}", f"its {quoted}{what}", remedy)

    def wrong(self, mode: Breakdown) -> Iterator[_Said]:
        yield from _times(mode)
        if mode.when_idle == "wait" and mode.clock != "calendar":
            what = (
                f"breakdown has 'when_idle: wait', but its clock '{mode.clock}' stands still then."
            )
            yield "when_idle", what, "Remove it, or write 'clock: calendar'."
        if self.station.kind == "store" and mode.clock == "cycles":
            yield (
                "clock",
                "breakdown counts cycles, but a store has none.",
                "Write 'clock: calendar'.",
            )
        yield from _crew_only(mode)

    def maintenance(self) -> None:
        for name, one in self.station.maintenance.items():
            if self.station.kind == "store":
                what = f"has maintenance '{name}', but a store is never maintained as a whole."
                self.at(f"maintenance.{name}", what, "Remove it.")
            for key, what, remedy in _upkeep(one):
                self.at(f"maintenance.{name}.{key}", f"maintenance '{name}' {what}", remedy)


def _mover(mode: Breakdown, kind: str) -> Iterator[_Said]:
    """Yield what is wrong with the breakdowns of vehicles or cranes: they have no cycles."""
    if mode.clock == "cycles":
        yield "clock", f"breakdown counts cycles, but a {kind} has none.", "Write 'operating'."
    else:
        yield from _timed(mode)
    yield from _spread(mode)
    if "when_idle" in mode.model_fields_set:
        yield "when_idle", "breakdown has 'when_idle', which is for machines.", "Remove it."
    yield from _crew_only(mode)


def _times(mode: Breakdown) -> Iterator[_Said]:
    """Yield what is wrong with the times of a kind of failure."""
    yield from _counted(mode) if mode.clock == "cycles" else _timed(mode)
    yield from _spread(mode)


def _spread(mode: Breakdown) -> Iterator[_Said]:
    yield from _one_of("mttr_h", "time_to_repair", mode)
    for key, beside in (("failure_cv", "time_to_failure"), ("repair_cv", "time_to_repair")):
        if key in mode.model_fields_set and getattr(mode, beside) is not None:
            yield key, f"breakdown has '{key}', but '{beside}' says its spread.", "Remove it."


def _counted(mode: Breakdown) -> Iterator[_Said]:
    if mode.mcbf is None:
        yield "clock", "breakdown counts cycles and needs 'mcbf'.", "E.g. 'mcbf: 20000'."
    elif not mode.failure_cv and mode.mcbf % 1:
        yield "mcbf", f"breakdown comes after {mode.mcbf:g} cycles, no whole number.", ""
    for key in ("mtbf_h", "time_to_failure"):
        if getattr(mode, key) is not None:
            yield key, f"breakdown counts cycles, so it has no '{key}'.", "Use 'mcbf'."


def _timed(mode: Breakdown) -> Iterator[_Said]:
    if mode.mcbf is not None:
        yield "mcbf", "breakdown has 'mcbf', which is for the clock 'cycles'.", "Use 'mtbf_h'."
    else:
        yield from _one_of("mtbf_h", "time_to_failure", mode)


def _one_of(first: str, other: str, mode: Breakdown) -> Iterator[_Said]:
    given = [key for key in (first, other) if getattr(mode, key) is not None]
    if not given:
        yield first, f"breakdown needs '{first}' or '{other}'.", ""
    elif len(given) > 1:
        yield other, f"breakdown has both '{first}' and '{other}'.", "Keep one."


def _crew_only(one: Breakdown | Maintenance) -> Iterator[_Said]:
    for key in ("workers", "skill"):
        if one.crew is None and key in one.model_fields_set:
            what = f"needs a crew: who are its '{key}'?"
            yield key, what if isinstance(one, Maintenance) else f"breakdown {what}", "Add 'crew'."


def _upkeep(one: Maintenance) -> Iterator[_Said]:
    """Yield what is wrong with one maintenance."""
    given = [key for key in DUE_BY if getattr(one, key) is not None]
    if not given:
        yield "", "is never due.", f"Give one of {', '.join(DUE_BY)}."
    if len(given) > 1:
        yield given[1], f"is due by both '{given[0]}' and '{given[1]}'.", "Write two of them."
    if one.days and one.at is None:
        yield "days", "has 'days', which go with 'at'.", "Remove them, or give the time of day."
    if one.at is not None and one.at >= 86_400:
        yield "at", f"is due at {one.at / 3600:g} h, which is no time of day.", "E.g. 06:00."
    yield from _crew_only(one)
