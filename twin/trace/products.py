"""Forward: the product units in a lot or made from it, and where they are now."""

from __future__ import annotations

from dataclasses import dataclass

from twin.plant.plant import Plant
from twin.trace.genealogy import Family, is_use, rows_down
from twin.trace.result import Product
from twin.trace.rows import Event
from twin.trace.subject import serial, unit_item


def product_items(plant: Plant) -> frozenset[str]:
    """Return the items whose units are product units; all items where none is marked."""
    marked = {i.id for i in plant.items if i.product} | {p.item for p in plant.products}
    return frozenset(marked or {i.id for i in plant.items})


@dataclass(frozen=True)
class Products:
    """Product units in a lot or made from it, by number: how many, and the first of them."""

    n: int = 0
    first: tuple[Product, ...] = ()


def products_of_lot(family: Family, lot: int, plant: Plant, most: int | None) -> Products:
    """Return the product units in a lot, or else those made from it.

    Parameters
    ----------
    family : Family
    lot : int
    plant : Plant
    most : int or None
        So many are looked up; None for all.
    """
    items = product_items(plant)
    inside = [r for r in family.of_lot[lot] if r.item in items and _came_in(r)]
    made = inside or _units_known(family, rows_down(family, lot, items))
    first: dict[int, Event] = {}
    for row in made:
        for unit in row.units:
            first.setdefault(unit, row)
    looked_up = dict(sorted(first.items())[:most])
    return Products(len(first), tuple(_now(family, looked_up, plant)))


def _came_in(row: Event) -> bool:
    return row.event == "created" or (row.parent >= 0 and not is_use(row))


def _units_known(family: Family, rows: list[Event]) -> list[Event]:
    """Return rows that name their units; a row for a whole lot becomes that lot's creation."""
    unnamed = {row.lot for row in rows if row.unit < 0}
    family.fetch(unnamed)
    named = [row for row in rows if row.unit >= 0]
    for lot in sorted(unnamed):
        named += [row for row in family.of_lot[lot] if row.event == "created" and row.unit >= 0]
    return named


def _now(family: Family, first: dict[int, Event], plant: Plant) -> list[Product]:
    """Return product units, given with their first row, with where they are and what became."""
    last = dict(first)
    scrapped: dict[int, float] = {}
    for row in family.rows.events(units=first, only=("created", "packed", "scrapped")):
        for unit in row.units:
            if unit in first and row.event == "scrapped":
                scrapped[unit] = row.time_s
            elif unit in first and _came_in(row) and row.time_s >= last[unit].time_s:
                last[unit] = row
    lots = {row.lot for row in last.values()}
    shipped = {r.lot: r.time_s for r in family.rows.events(lots=lots, only=("shipped",))}
    named = {item: unit_item(plant, item) for item in {row.item for row in first.values()}}
    found = []
    for unit, row in first.items():
        lot = last[unit].lot
        fate, time_s = "in plant", None
        if unit in scrapped:
            fate, time_s = "scrapped", scrapped[unit]
        elif lot in shipped:
            fate, time_s = "shipped", shipped[lot]
        name = serial(named[row.item], unit)
        made_s = row.time_s if row.event in {"created", "joined"} else None
        found.append(Product(unit, name, made_s, lot, last[unit].item, fate, time_s))
    return found
