"""Rules of routes, inspections, picking and release: what a station can do with its neighbours."""

from __future__ import annotations

import math

from twin.plant.plant import Plant
from twin.plant.reporter import Reporter
from twin.plant.routing import SCRAP, Way
from twin.plant.station import Station

_INSPECTS = frozenset({"discrete", "robot", "assembly"})
_TAKES_APART = frozenset({"discrete", "robot"})
_KEYS = {
    "loading": "assembly",
    "batch_min_lots": "batch",
    "max_wait": "batch",
    "batch_mix": "batch",
}
"""Keys that only one kind of station uses."""

_UNIT_BY_UNIT = ("recipes", "changeover", "results", "parts")
"""Keys that a station with `record: lot` does not know."""


def check_routes(plant: Plant, report: Reporter) -> None:
    """Report routes and picks that cannot work.

    Parameters
    ----------
    plant : Plant
    report : Reporter
        Receives every problem.
    """
    for station in plant.stations.values():
        _check_kind(station, report)
        _check_ways(station, report)
        _check_results(station, report)
        _check_batch(station, report)
        _check_pick(station, plant, report)
    _check_kanban(plant, report)


def _check_kind(station: Station, report: Reporter) -> None:
    kind, given = station.kind, station.model_fields_set
    for key, only in _KEYS.items():
        if key in given and kind != only:
            what = f"'{key}' is for stations of kind '{only}', this is '{kind}'."
            report.at("stations", station.id, key, what, "Remove it or correct 'kind'.")
    if station.route is not None and kind == "store":
        what = "a store has no 'route': its crane brings every lot to 'put'."
        report.at("stations", station.id, "route", what, "Put a buffer between.")
    if station.results and kind not in _INSPECTS:
        what = f"a station of kind '{kind}' does not inspect."
        report.at("stations", station.id, "results", what, "Let a discrete station inspect.")
    if station.parts and kind not in _TAKES_APART:
        what = f"a station of kind '{kind}' does not take apart."
        report.at("stations", station.id, "parts", what, "Let a discrete station do it.")
    for key in _UNIT_BY_UNIT if station.record == "lot" else ():
        if getattr(station, key):
            what = f"'{key}' and 'record: lot' exclude each other."
            remedy = "Remove one of them, or write two stations."
            report.at("stations", station.id, key, what, remedy)
    others = ("product", "units_per_lot_out", "results")
    for key in others if station.parts else ("units_per_lot_out",) if station.results else ():
        if getattr(station, key):
            what = f"'{key}' and '{'parts' if station.parts else 'results'}' exclude each other."
            report.at("stations", station.id, key, what, "Remove one, or write two stations.")


def _check_ways(station: Station, report: Reporter) -> None:
    route = station.route
    if route is None:
        return
    if station.put is not None:
        what = "has both 'put' and 'route'."
        report.at("stations", station.id, "put", what, "Make it one way of the route.")
    named = {result.name for result in station.results}
    for k, way in enumerate(route.ways):
        key = f"route.ways.{k}"
        if any(_same(way, other) for other in route.ways[:k]):
            what = f"names '{way.to}' twice for the same lots."
            report.at("stations", station.id, f"{key}.to", what, "Make it one way.")
        if (way.share is not None) != (route.rule == "share"):
            said = "needs a 'share'" if route.rule == "share" else "has a 'share'"
            what = f"the way to '{way.to}' {said}, but the rule is '{route.rule}'."
            report.at("stations", station.id, f"{key}.share", what)
        for result in way.results:
            if result not in named or result == SCRAP:
                what = f"the way to '{way.to}' is for '{result}', which is no result that goes on."
                allowed = ", ".join(sorted(named - {SCRAP})) or "none ('results' is empty)"
                report.at("stations", station.id, f"{key}.results", what, f"Results: {allowed}.")


def _same(way: Way, other: Way) -> bool:
    """Whether two ways lead to one place for the same lots."""
    return (way.to, sorted(way.results), sorted(way.products)) == (
        other.to,
        sorted(other.results),
        sorted(other.products),
    )


def _check_results(station: Station, report: Reporter) -> None:
    if not station.results:
        return
    total = math.fsum(result.share for result in station.results)
    if not math.isclose(total, 1, abs_tol=1e-9):
        what = f"the shares of 'results' add up to {total:g}, must be 1."
        report.at("stations", station.id, "results", what)
    names = [result.name for result in station.results]
    for name in sorted({name for name in names if names.count(name) > 1}):
        report.at("stations", station.id, "results", f"result '{name}' occurs twice.")
    if station.yield_ < 1:
        what = "has 'results' and a 'yield'."
        remedy = "Write what is lost as the result 'scrap'."
        report.at("stations", station.id, "yield", what, remedy)
    if station.route is None:
        return
    for name in sorted(set(names) - {SCRAP}):
        if not any(name in way.results or not way.results for way in station.route.ways):
            what = f"no way of its route takes the result '{name}'."
            report.at("stations", station.id, "route", what, "Add a way with it in 'results'.")


def _check_batch(station: Station, report: Reporter) -> None:
    least = station.batch_min_lots
    if station.kind != "batch":
        return
    if least is not None and least > station.batch_lots:
        what = f"'batch_min_lots' is {least}, more than the {station.batch_lots} of 'batch_lots'."
        report.at("stations", station.id, "batch_min_lots", what)
    if station.max_wait and least is None:
        what = "'max_wait' without 'batch_min_lots' has no meaning: it starts only when full."
        report.at("stations", station.id, "max_wait", what, "Add 'batch_min_lots'.")


def _check_pick(station: Station, plant: Plant, report: Reporter) -> None:
    several = len(station.take) > 1 and station.kind not in {"assembly", "store"}
    if several and station.pick is None:
        what = f"takes from {len(station.take)} places without saying by which rule."
        remedy = (
            "Add 'pick' (priority, round_robin, longest or oldest), or join them in one buffer."
        )
        report.at("stations", station.id, "take.1.from", what, remedy)
    if station.pick is not None and not several:
        what = "'pick' is for stations that take whole lots from several places."
        report.at("stations", station.id, "pick", what, "Remove it.")
    if not chooses_lots(station):
        return
    for k, take in enumerate(station.take):
        if take.place in plant.conveyors:
            what = f"chooses among the lots of '{take.place}', but a conveyor gives the first only."
            report.at("stations", station.id, f"take.{k}.from", what, "Put a buffer between.")
    if station.kind in {"assembly", "web", "store"} and station.dispatch != "fifo":
        what = f"a station of kind '{station.kind}' has no 'dispatch': it takes the first lot."
        report.at("stations", station.id, "dispatch", what, "Remove it.")


def chooses_lots(station: Station) -> bool:
    """Whether a station may leave lots lying that came first, or needs to know since when."""
    family_first = station.changeover is not None and station.changeover.rule != "fifo"
    return (
        station.dispatch != "fifo"
        or family_first
        or station.batch_mix != "any"
        or station.loading == "simultaneous"
        or station.pick == "oldest"
    )


def _check_kanban(plant: Plant, report: Reporter) -> None:
    for buffer in plant.buffers.values():
        if buffer.kanban is None:
            continue
        if buffer.kanban > buffer.capacity:
            what = f"has {buffer.kanban} cards ('kanban') but room for {buffer.capacity} lots."
            report.at("buffers", buffer.id, "kanban", what)
        feeders = [s for s in plant.stations.values() if buffer.id in s.puts]
        others = [s.id for s in plant.sources if s.put == buffer.id]
        others += [t.id for t in plant.transports if t.target == buffer.id]
        others += [
            s.id for s in feeders if s.kind not in {"discrete", "robot"} or s.units_per_lot_out
        ]
        others += [s.id for s in feeders if s.route is not None or s.parts]
        for name in sorted(set(others)):
            what = f"has cards ('kanban'), but '{name}' does not bring one lot for one card."
            remedy = "Only discrete and robot stations with one 'put' can; remove 'kanban'."
            report.at("buffers", buffer.id, "kanban", what, remedy)
