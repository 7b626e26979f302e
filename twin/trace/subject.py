"""What is to be traced: ``123``, ``lot:123`` or ``battery_cell-123``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from twin.errors import Problem, RunError, nearest
from twin.plant.plant import Plant

FORMS = "Write a unit number (123), lot:123, or item and number (battery_cell-123)."


@dataclass(frozen=True)
class Subject:
    """A unit or lot by its number, as the user wrote it; `item` where one was named."""

    kind: Literal["unit", "lot"]
    number: int
    text: str
    item: str | None = None


def serial(item: str, number: int) -> str:
    """Return the name for people: item and number (of the unit, or of the lot in a carrier)."""
    return f"{item}-{number}"


def unit_item(plant: Plant, item: str) -> str:
    """Return the item a unit is called by.

    A product unit is called what it is outside of trays and boxes: by the last product item of
    the plant file that has no carrier. Any other unit is called by the item it was made as.
    """
    found = plant.item_by_id.get(item)
    if found is None or not found.product:
        return item
    single = [i.id for i in plant.items if i.product and i.carrier == "none"]
    return single[-1] if single else item


def parse_subject(text: str, plant: Plant) -> Subject:
    """Read what a user wants to trace.

    An item that travels in a carrier (coil, magazine, tray, box) is numbered by its lots, any
    other by its units.

    Raises
    ------
    RunError
        The text is no number, or names no item of the plant.
    """
    plain = re.fullmatch(r"(?:(lot|unit):)?(\d{1,18})", text.strip())
    if plain:
        return Subject("lot" if plain[1] == "lot" else "unit", int(plain[2]), text)
    named = re.fullmatch(r"(\w+)-(\d{1,18})", text.strip())
    if named is None:
        raise RunError(Problem(f"'{text}'", "is no unit and no lot.", FORMS))
    item = plant.item_by_id.get(named[1])
    if item is None:
        known = [*plant.item_by_id]
        what = f"the plant has no item '{named[1]}'{nearest(named[1], known)}."
        raise RunError(Problem(text, what, f"Items are {', '.join(known)}."))
    return Subject("unit" if item.carrier == "none" else "lot", int(named[2]), text, item.id)
