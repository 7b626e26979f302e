"""The history of one unit: lots it travelled in, machines, places, components, fate."""

from __future__ import annotations

from dataclasses import replace

from twin.trace.genealogy import Family, Link, is_use, links_up
from twin.trace.history import components, stays, visits
from twin.trace.products import Products, product_items, products_of_lot
from twin.trace.result import Carrier, Stay, Trace
from twin.trace.rows import Cycle, Event, Rows
from twin.trace.subject import serial, unit_item


def trace_unit(rows: Rows, number: int, most: int | None) -> Trace | None:
    """Trace a unit, with `most` products; None where there is no such unit."""
    own = [row for row in rows.events(units=[number]) if number in row.units]
    cycles = rows.cycles(units=[number])
    family = Family(rows)
    born = _birth(family, own, cycles)
    if born is None:
        return None
    carriers = _carriers(family, own, born, cycles)
    fate, fate_s = _fate(family, own, carriers[-1].lot)
    carriers[-1] = replace(carriers[-1], until_s=fate_s)
    lots = [carrier.lot for carrier in carriers]
    of_lots = [c for c in rows.cycles(lots=lots) if c.unit < 0]
    whole = [c for c in of_lots if _was_in(c.start_s, c.lot, carriers)]
    item = unit_item(rows.run.plant, born.item)
    made = _products(family, born, carriers, most)
    return Trace(
        run=rows.run.name,
        status=rows.run.manifest.status,
        until_s=rows.run.horizon_s,
        kind="unit",
        number=number,
        serial=serial(item, number),
        item=item,
        units=1,
        born_s=born.time_s,
        born_at=born.station,
        fate=fate,
        fate_s=fate_s,
        carriers=tuple(carriers),
        visits=tuple(visits([*cycles, *whole])),
        stays=tuple(s for s in stays(rows, lots) if _stayed(s, carriers)),
        components=tuple(components(family, _links(family, own, carriers))),
        n_products=made.n,
        products=made.first,
        exact=family.exact and made.n < 2,
    )


def _birth(family: Family, own: list[Event], cycles: list[Cycle]) -> Event | None:
    """Return the row in which a unit began; of units not named there, that of its lot."""
    named = [row for row in own if row.event == "created"]
    if named or not cycles:
        return named[0] if named else next(iter(own), None)
    family.fetch([cycles[0].lot])
    of_lot = family.of_lot[cycles[0].lot]
    return next((row for row in reversed(of_lot) if row.event == "created"), None)


def _carriers(family: Family, own: list[Event], born: Event, cycles: list[Cycle]) -> list[Carrier]:
    """Return the lots a unit travelled in, in order."""
    moved = [r for r in own if r.parent >= 0 and not is_use(r) and r.lot != born.lot]
    if not moved and born.unit < 0:  # packed with many at once: into the next lot after its work
        done_s = cycles[-1].end_s if cycles else born.time_s
        family.fetch((), [born.lot])
        later = [r for r in family.of_parent[born.lot] if not is_use(r) and r.time_s >= done_s]
        moved = later[:1]
    made: list[Carrier] = []
    for row in [born, *moved]:
        if made:
            made[-1] = replace(made[-1], until_s=row.time_s)
        name = serial(row.item, row.lot)
        made.append(Carrier(row.lot, row.item, name, row.time_s, None, row.station))
    return made


def _products(family: Family, born: Event, carriers: list[Carrier], most: int | None) -> Products:
    """Return what a component may be in: the product units made from the last lot it was in."""
    plant = family.rows.run.plant
    if born.item in product_items(plant):
        return Products()
    return products_of_lot(family, carriers[-1].lot, plant, most)


def _was_in(t_s: float, lot: int, carriers: list[Carrier]) -> bool:
    return any(
        c.lot == lot and c.from_s <= t_s and (c.until_s is None or t_s <= c.until_s)
        for c in carriers
    )


def _stayed(stay: Stay, carriers: list[Carrier]) -> bool:
    """Whether a stay of a lot overlaps the time the unit was in that lot."""
    return any(
        c.lot == stay.lot
        and (c.until_s is None or stay.from_s < c.until_s)
        and (stay.until_s is None or stay.until_s > c.from_s)
        for c in carriers
    )


def _fate(family: Family, own: list[Event], lot: int) -> tuple[str, float | None]:
    scrapped = [row.time_s for row in own if row.event == "scrapped"]
    return ("scrapped", scrapped[0]) if scrapped else lot_fate(family, lot)


def lot_fate(family: Family, lot: int) -> tuple[str, float | None]:
    """Return what became of a lot and when: shipped, used up, scrapped, or in the plant."""
    family.fetch([lot], [lot])
    left = filled(family, lot)
    for row in family.of_lot[lot]:
        if row.event == "shipped":
            return "shipped", row.time_s
    gone = [r for r in family.of_lot[lot] if r.event == "scrapped"]
    used = family.of_parent[lot]
    if used and sum(row.n for row in [*used, *gone]) >= left:
        return "used", max(row.time_s for row in used)
    if gone and sum(row.n for row in gone) >= left:
        return "scrapped", gone[-1].time_s
    return "in plant", None


def filled(family: Family, lot: int) -> int:
    """Return how many units were in a lot when it was made; of a coil, the sheets cut from it."""
    rows = family.of_lot[lot]
    packed = sum(row.n for row in rows if row.parent >= 0 and not is_use(row))
    created = [row.n for row in rows if row.event == "created"]
    return packed or (created[-1] if created else 0)


def _links(family: Family, own: list[Event], carriers: list[Carrier]) -> list[Link]:
    """Return the lots above a unit: of its first lot those joined into this unit."""
    joined = [row for row in own if is_use(row)]
    first = carriers[0].lot
    links = links_up(family, [first])
    if not joined:
        return links
    mine = {row.parent for row in joined}
    return [link for link in links if link.child != first or link.parent in mine]
