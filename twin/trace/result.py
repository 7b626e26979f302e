"""What a trace found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Visit:
    """Work at one machine: of one unit, or of all units of a lot (``n`` > 1)."""

    lot: int
    station: str
    machine: str
    start_s: float
    end_s: float
    duration_s: float
    n: int
    result: str


@dataclass(frozen=True)
class Stay:
    """A lot in a buffer, on a conveyor or in a store; ``until_s`` is None while it is there.

    ``tower`` is the machine of a store, ``slot`` its place there from 0: of a formation tower the
    channel group of the tray.
    """

    lot: int
    place: str
    from_s: float
    until_s: float | None
    tower: str | None
    slot: int | None


@dataclass(frozen=True)
class Carrier:
    """A lot the unit travelled in: tray, magazine, coil, box, or the unit on its own."""

    lot: int
    item: str
    serial: str
    from_s: float
    until_s: float | None
    station: str


@dataclass(frozen=True)
class Component:
    """A lot something was made of, ``level`` steps back (1: directly).

    ``units`` were taken from it, as far as it is known; ``event`` says how (joined, packed).
    """

    level: int
    lot: int
    item: str
    serial: str
    event: str
    units: int
    station: str
    time_s: float
    born_s: float
    born_at: str
    visits: tuple[Visit, ...]
    stays: tuple[Stay, ...]


@dataclass(frozen=True)
class Product:
    """A product unit (battery cell) with where it is now."""

    unit: int
    serial: str
    made_s: float | None
    lot: int
    item: str
    fate: str
    time_s: float | None


@dataclass(frozen=True)
class Trace:
    """The history of a unit or lot, backward and forward.

    Attributes
    ----------
    run, status : str
        Name and status of the run; a run that is not complete is traced as far as it got.
    until_s : float
        How far it got.
    kind : str
        ``unit`` or ``lot``.
    number : int
        Number of the unit or lot.
    serial, item : str
        Name for people, and item it began as.
    units : int
        Units in it: 1, or those of the lot when it was made.
    born_s, born_at
        When and where it came into being; at 0 in the initial state.
    fate : str
        ``in plant``, ``shipped``, ``scrapped`` or ``used``; a lot: of its last event.
    fate_s : float or None
        When it was shipped, scrapped or used up.
    carriers : tuple of Carrier
        Lots a unit travelled in, in order; a lot travels as itself.
    visits, stays
        Machines and places it passed, in order.
    components : tuple of Component
        What it was made of, back to what came into the plant.
    n_products : int
        Forward: how many product units are in it or were made from it.
    products : tuple of Product
        These product units, by number; the first ones, where only so many were asked for.
    exact : bool
        False where a mixed lot lost units, so that it is not known which of its components went
        into what: then all that may have are listed.
    """

    run: str
    status: str
    until_s: float
    kind: str
    number: int
    serial: str
    item: str
    units: int
    born_s: float
    born_at: str
    fate: str
    fate_s: float | None
    carriers: tuple[Carrier, ...]
    visits: tuple[Visit, ...]
    stays: tuple[Stay, ...]
    components: tuple[Component, ...]
    n_products: int
    products: tuple[Product, ...]
    exact: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return asdict(self)
