"""Orders: which lots are started for them, and when they begin and end."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from sim.core.lot import Lot
from sim.core.tag import Group, Tag
from sim.core.world import World
from twin.plant.product_rules import orders_of
from twin.plant.routing import Order

NEVER = math.nan


@dataclass
class Progress:
    """How far an order has got.

    Attributes
    ----------
    to_start : int
        Units not brought into the plant yet.
    released_s, start_s, finished_s : float
        When its first lot came, its first cycle began and its last unit left; NaN: not yet.
    """

    order: Order
    to_start: int
    group: Group = field(init=False)
    released_s: float = NEVER
    start_s: float = NEVER
    finished_s: float = NEVER
    lots: list[int] = field(default_factory=list)
    noted: bool = False

    def __post_init__(self) -> None:
        self.group = Group(self, card=False)

    def emptied(self, group: Group, now: float) -> None:  # noqa: ARG002
        """No unit of the order is in the plant: it is finished if all have been started."""
        if not self.to_start:
            self.finished_s = now


class OrderBook:
    """All orders of the run, and the table `orders`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.progress = {
            order.id: Progress(order, order.units)
            for order in sorted(world.plant.orders, key=lambda order: order.id)
        }
        self._of_lot: dict[int, Progress] = {}
        world.labels = self
        world.recorder.add_cycle_reader(self)

    def labelled(self, lot: Lot, tag: Tag) -> None:
        """A lot belongs to an order."""
        if tag.order is not None:
            progress = self.progress[tag.order.id]
            progress.lots.append(lot.id)
            self._of_lot[lot.id] = progress

    def read(self, lots: np.ndarray, start_s: np.ndarray) -> None:
        """Find when the first cycle of each order began."""
        known = np.isin(lots, np.fromiter(self._of_lot, dtype=float, count=len(self._of_lot)))
        for lot, begun_s in zip(lots[known].tolist(), start_s[known].tolist(), strict=True):
            progress = self._of_lot[int(lot)]
            progress.start_s = float(np.fmin(progress.start_s, begun_s))

    def flush(self, *, final: bool) -> None:
        """Note the orders that are finished; all of them, at the end of the run."""
        for progress in self.progress.values():
            if not progress.noted and (final or not math.isnan(progress.finished_s)):
                self._note(progress)

    def _note(self, progress: Progress) -> None:
        order, group = progress.order, progress.group
        due_s = NEVER if order.due is None else order.due
        late_s = progress.finished_s - due_s
        self._world.recorder.row(
            "orders", order.id, order.product, order.units, order.priority, order.release,
            progress.released_s, progress.start_s, progress.finished_s, due_s,
            group.good, group.scrap,
            late_s if math.isnan(late_s) else max(late_s, 0.0),
        )  # fmt: skip
        progress.noted = True
        for lot in progress.lots:
            self._of_lot.pop(lot, None)
        progress.lots = []


class OrderList:
    """The orders one source brings, in turn."""

    def __init__(self, book: OrderBook, source: str, world: World) -> None:
        self._waiting = [book.progress[order.id] for order in orders_of(world.plant, source)]

    def state(self) -> dict[str, object]:
        """Return what a snapshot keeps: nothing, the orders know what is left to start."""
        return {}

    def next_release_s(self) -> float | None:
        """Return when the next lot may come; None if all have come."""
        while self._waiting and not self._waiting[0].to_start:
            self._waiting.pop(0)
        return self._waiting[0].order.release if self._waiting else None

    def begin(self, n: int, now: float) -> tuple[int, Tag]:
        """Start up to `n` units of the next order; return how many, and the tag of the lot."""
        progress = self._waiting[0]
        n = min(n, progress.to_start)
        progress.to_start -= n
        if math.isnan(progress.released_s):
            progress.released_s = now
        tag = Tag(progress.order.product, progress.order)
        tag.groups.append(progress.group)
        return n, tag
