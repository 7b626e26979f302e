"""Joining components into as many units of the product as the open lots allow at once.

An assembly machine that puts out lots of several units (a stacker that fills cassettes) works on
the units of one lot in one visit, as far as its open magazines reach; it takes new magazines in
between two visits, when they are needed. So the machine does what it would do unit by unit, with
one event for many units; every unit is still noted with the lots it was made from.
"""

from __future__ import annotations

from sim.core.lot import Lot
from sim.core.world import World
from sim.places.place import Place
from sim.stations.feed import JoinFeed
from sim.stations.machine import Machine
from sim.stations.outlet import Outlet
from twin.plant.station import Station


class JoinLotFeed(JoinFeed):
    """Joins components into units for the lot that the outlet has open."""

    def __init__(
        self, world: World, station: Station, places: list[Place], *, outlet: Outlet
    ) -> None:
        super().__init__(world, station, places)
        self._outlet = outlet
        names = world.recorder.names
        self._event, self._where = names["joined"], names[station.id]
        self._item = names[self._product]

    def next_lot(self, machine: Machine, now: float) -> Lot | None:
        """Return as many units as are missing in the outgoing lot and can be made now."""
        if not self._supplied(machine, now):
            return None
        n = self._outlet.need or 1
        for entry in self.inputs:
            n = min(n, entry.products())
        product = self._world.create(now, self._product, n, self._station)
        for entry in self.inputs:
            for first, units, parent, used in entry.use_for(n):
                self._world.ledger.consumed[parent.item] += units * used
                self._world.recorder.add_units((
                    now, self._event, product.id, product.unit + first, units, self._item, used,
                    parent.id, self._where,
                ))  # fmt: skip
                if parent.tag is not None:
                    self._world.inherit(now, product, parent, units * used)
        return product
