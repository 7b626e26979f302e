"""Lot sizes: cycles, lots and items divide without remainder."""

from __future__ import annotations

from collections.abc import Callable

from twin.plant.plant import Plant
from twin.plant.reporter import Reporter
from twin.plant.station import Station


def check_lots(plant: Plant, arriving: Callable[[str], frozenset[str]], report: Reporter) -> None:
    """Report lot sizes that leave a remainder or contradict the item.

    Parameters
    ----------
    plant : Plant
    arriving : callable
        Items that reach a station, by its id.
    report : Reporter
        Receives every problem.
    """
    for source in plant.sources:
        full = plant.item_by_id[source.item].units_per_lot
        if source.units_per_lot is not None and source.units_per_lot > full:
            what = f"'units_per_lot' is {source.units_per_lot}, but a full lot of '{source.item}'"
            report.at("sources", source.id, "units_per_lot", f"{what} holds {full}.")
    for station in plant.stations.values():
        names = sorted(arriving(station.id))
        sizes = {name: plant.item_by_id[name].units_per_lot for name in names}
        _check_cycle(station, sizes, report)
        _check_out(station, sizes, plant, report)


def _check_cycle(station: Station, sizes: dict[str, int], report: Reporter) -> None:
    """A cycle of several units must divide the lots that come in."""
    if station.kind not in {"discrete", "robot"}:
        return
    for item, size in sizes.items():
        if size % station.units_per_cycle:
            what = f"'units_per_cycle' is {station.units_per_cycle}, which does not divide"
            remedy = f"{size} = {station.units_per_cycle} x {size / station.units_per_cycle:.4g}."
            text = f"{what} the lot of {size} '{item}' that comes in."
            report.at("stations", station.id, "units_per_cycle", text, remedy)


def _check_out(station: Station, sizes: dict[str, int], plant: Plant, report: Reporter) -> None:
    """Lots going out must be full lots of their item."""
    made = [station.product] if station.product is not None else sorted(sizes)
    for name in made:
        full = plant.item_by_id[name].units_per_lot
        given = station.units_per_lot_out
        if given is not None and given != full:
            what = f"'units_per_lot_out' is {given}, but a full lot of '{name}' holds {full}."
            report.at("stations", station.id, "units_per_lot_out", what, "Make them equal.")
        elif given is None and station.kind not in {"web", "assembly"}:
            _check_kept(station, name, full, sizes, report)


def _check_kept(
    station: Station, name: str, full: int, sizes: dict[str, int], report: Reporter
) -> None:
    """Without `units_per_lot_out` lots stay together, so the sizes must agree."""
    for item, size in sizes.items():
        if size != full:
            what = f"turns lots of {size} '{item}' into '{name}', whose lots hold {full}."
            remedy = f"Write 'units_per_lot_out: {full}' to collect them anew."
            report.at("stations", station.id, "product", what, remedy)
