"""Which lots come from one origin: those that left it in some time, and all made from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sim.core.lot import Lot
from sim.core.world import World
from sim.faults.window import Window, holds
from sim.places.place import Giver, Outgoing, Queue
from sim.record.recorder import UNITS

_TIME, _EVENT, _LOT, _PARENT, _PLACE = (
    UNITS.index(name) for name in ("time_s", "event", "lot", "parent", "station")
)


class Mark:
    """The lots of one origin.

    Attributes
    ----------
    lots : set of int
        Numbers of the lots that left the origin while the fault held, and of those made from them.
    """

    def __init__(self, origin: str, fault: Window) -> None:
        self.id = f"{origin}@{fault.at:g}"
        self.origin = origin
        self.lots: set[int] = set()
        self._fault = fault

    def has(self, lots: Iterable[Lot]) -> bool:
        """Whether one of some lots is marked."""
        return any(lot.id in self.lots for lot in lots)

    def left(self, lot: int, now: float) -> None:
        """A lot leaves the origin."""
        if holds(self._fault, now):
            self.lots.add(lot)


class Marks:
    """All marks of a run; it reads the genealogy as it is noted."""

    def __init__(self, world: World) -> None:
        self.all: list[Mark] = []
        self._recorder = world.recorder
        self._add = world.recorder.add_units

    def of(self, origin: str, fault: Window) -> Mark:
        """Return the mark of an origin and a time, a new one if need be."""
        if not self.all:
            self._recorder.add_units = self.add
        made = Mark(origin, fault)
        self.all.append(made)
        return made

    def add(self, values: Iterable[float]) -> None:
        """Note rows of the genealogy, and see which lots are made from which."""
        rows = [*values]
        for k in range(0, len(rows), len(UNITS)):
            self._see(rows[k : k + len(UNITS)])
        self._add(rows)

    def _see(self, row: Sequence[float]) -> None:
        names = self._recorder.names
        created = row[_EVENT] == names["created"]
        for mark in self.all:
            if row[_PARENT] in mark.lots:
                mark.lots.add(int(row[_LOT]))
            elif created and row[_PLACE] == names[mark.origin]:
                mark.left(int(row[_LOT]), row[_TIME])


class MarkingOutput:
    """What a machine puts to, where the lots that leave it are marked."""

    def __init__(self, put: Outgoing, marks: list[Mark]) -> None:
        self._put = put
        self._marks = marks

    @property
    def givers(self) -> Queue:
        """Who waits for room."""
        return self._put.givers

    @property
    def outbound(self) -> int:
        """Lots promised to transports."""
        return self._put.outbound

    def put(self, lot: Lot, giver: Giver, now: float) -> bool:
        """Mark a lot and put it."""
        for mark in self._marks:
            mark.left(lot.id, now)
        return self._put.put(lot, giver, now)
