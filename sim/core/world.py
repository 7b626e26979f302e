"""What all behaviours of one run share: clock, recorder, random streams, numbers and books."""

from __future__ import annotations

from typing import Protocol

from numpy.random import Generator

from sim.core.ledger import Ledger
from sim.core.lot import Lot, Numbers, Units
from sim.core.streams import Chances, Draws, stream
from sim.core.tag import Tag
from sim.core.timer import Clock
from sim.record.recorder import Recorder
from twin.plant.base import Duration
from twin.plant.plant import Plant
from twin.plant.product_rules import has_products, products_at


class LabelReader(Protocol):
    """Who wants to know which lots belong to which order."""

    def labelled(self, lot: Lot, tag: Tag) -> None:
        """A lot has been given a tag."""


class World:
    """The shared surroundings of all behaviours of one run."""

    def __init__(self, plant: Plant, seed: int, recorder: Recorder) -> None:
        self.env = Clock()
        self.plant = plant
        self.seed = seed
        self.recorder = recorder
        self.numbers = Numbers()
        self.ledger = Ledger()
        self.priorities = {product.id: product.priority for product in plant.products}
        self.products_at = products_at(plant) if has_products(plant) else {}
        self.labels: LabelReader | None = None

    def stream(self, entity: str, purpose: str) -> Generator:
        """Return the random stream of an entity for a purpose."""
        return stream(self.seed, entity, purpose)

    def draws(self, duration: Duration, entity: str, purpose: str) -> Draws:
        """Return durations of an entity for a purpose."""
        return Draws(duration, self.seed, entity, purpose)

    def chances(self, share: float, entity: str, purpose: str) -> Chances:
        """Return yes/no decisions of an entity for a purpose."""
        return Chances(share, self.seed, entity, purpose)

    def note_units(
        self,
        now: float,
        event: str,
        lot: Lot,
        *,
        place: str,
        n: int,
        unit: int = -1,
        parent: int = -1,
    ) -> None:
        """Note an event in the life of a lot or unit in the genealogy."""
        names, add = self.recorder.names, self.recorder.add_units
        add((now, names[event], lot.id, unit, 1, names[lot.item], n, parent, names[place]))

    def create(self, now: float, item: str, n: int, place: str) -> Lot:
        """Bring a lot of `n` fresh units into the plant."""
        lot = self.numbers.new_lot(item, n)
        self.ledger.created[item] += n
        names, add, unit = self.recorder.names, self.recorder.add_units, lot.unit
        add((now, names["created"], lot.id, unit, 1, names[item], n, -1, names[place]))
        return lot

    def initial(self, item: str, n: int, place: str, *, product: str = "", result: str = "") -> Lot:
        """Return a lot that is in the plant when the run begins."""
        lot = self.numbers.new_lot(item, n)
        self.ledger.initial[item] += n
        self.note_units(0.0, "created", lot, place=place, n=n, unit=lot.unit)
        if product or result:
            self.label(0.0, lot, Tag(product, result=result))
        return lot

    def ship(self, now: float, lot: Lot, place: str) -> None:
        """Let a lot leave the plant as finished."""
        item, n = lot.item, lot.n
        self.ledger.shipped[item] += n
        names, add = self.recorder.names, self.recorder.add_units
        add((now, names["shipped"], lot.id, -1, 1, names[item], n, -1, names[place]))
        if lot.tag is not None:
            lot.tag.shipped(lot.n, now)

    def note_each(
        self, now: float, event: str, lot: Lot, *, units: Units, place: str, parent: Lot
    ) -> None:
        """Note an event in the life of several units of a lot, one row for each."""
        names, add = self.recorder.names, self.recorder.add_units
        ends = (names[lot.item], 1, parent.id, names[place])
        begins = (now, names[event], lot.id)
        n, first = len(units), int(units[0]) if len(units) else 0
        if n and int(units[-1]) - first == n - 1:
            add((*begins, first, n, *ends))
            return
        for unit in units.tolist():
            add((*begins, unit, 1, *ends))

    def scrap_some(self, now: float, lot: Lot, n: int, place: str) -> None:
        """Let `n` units of a lot leave the plant as scrap, without saying which."""
        self.ledger.scrapped[lot.item] += n
        self.note_units(now, "scrapped", lot, place=place, n=n)
        if lot.tag is not None:
            lot.tag.scrapped(now, n)

    def scrap(self, now: float, lot: Lot, unit: int, place: str) -> None:
        """Let one unit leave the plant as scrap."""
        self.ledger.scrapped[lot.item] += 1
        self.note_units(now, "scrapped", lot, place=place, n=1, unit=unit)
        if lot.tag is not None:
            lot.tag.scrapped(now)

    def label(self, now: float, lot: Lot, tag: Tag) -> None:
        """Give a lot its tag, and note its product and order if it has one."""
        lot.tag = tag
        if tag.product or tag.order is not None:
            order = tag.order.id if tag.order is not None else ""
            self.recorder.row("lot_products", now, lot.id, tag.product, order)
        if self.labels is not None and tag.order is not None:
            self.labels.labelled(lot, tag)

    def inherit(self, now: float, made: Lot, parent: Lot, used: int) -> None:
        """Let a new lot have the tag of one it is made from, of which `used` units are gone.

        A lot that has a tag keeps it: the first parent gives it.
        """
        if parent.tag is None:
            return
        if made.tag is None:
            self.label(now, made, parent.tag.copy())
            parent.tag.change(made.n, now)
        parent.tag.change(-used, now)
