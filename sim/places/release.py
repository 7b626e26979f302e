"""Sources that bring products and orders, and that wait for cards (CONWIP)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.core.lot import Lot
from sim.core.tag import Group, Tag
from sim.core.timer import Timer
from sim.core.uniforms import Uniforms
from sim.core.world import World
from sim.orders import OrderList
from sim.places.place import Giver, Outgoing, Place, Queue
from twin.plant.place import Source


class Conwip:
    """The cards of a section: one for each lot in it.

    Attributes
    ----------
    free : int
        Cards that are free.
    """

    def __init__(self, cards: int) -> None:
        self.cards = cards
        self.free = cards
        self.source: Releases | None = None

    def state(self) -> dict[str, Any]:
        """Return what a snapshot keeps: cards in use, however many there are."""
        return {"used": self.cards - self.free}

    def from_state(self, state: dict[str, Any]) -> None:
        """Have as many cards in use."""
        self.free = self.cards - state.get("used", 0)

    def take(self) -> Group:
        """Take a card for a lot that enters."""
        self.free -= 1
        return Group(self, card=True)

    def emptied(self, group: Group, now: float) -> None:  # noqa: ARG002
        """All units of a lot have left the section: its card is free again."""
        self.free += 1
        if self.source is not None:
            self.source.card_free(now)


class SectionEnd:
    """The output of a machine that ends a section.

    What it puts leaves the section, unless it goes along a rework route.
    """

    def __init__(self, put: Outgoing, section: Conwip) -> None:
        self.inner = put
        self._section = section

    @property
    def givers(self) -> Queue:
        """Who waits for room."""
        return self.inner.givers

    @property
    def outbound(self) -> int:
        """Lots promised to transports."""
        return self.inner.outbound

    def put(self, lot: Lot, giver: Giver, now: float) -> bool:
        """Put a lot; if there was room and it goes on, its card is free."""
        tag, n = lot.tag, lot.n
        passes = tag.n_passes if tag is not None else 0
        if not self.inner.put(lot, giver, now):
            return False
        if tag is not None and tag.n_passes == passes:
            tag.leave(self._section, n, now)
        return True


class Releases:
    """Brings lots into the plant: of one product, a mix, or order by order.

    A lot comes when its interval is over (or its order is released), a card is free and there is
    room; the next interval begins then.

    Attributes
    ----------
    waits_for : str
        ``time``, ``card``, ``room`` or, when all orders have been brought or a script holds the
        source, ``nothing``.
    """

    def __init__(
        self, world: World, source: Source, place: Place, *,
        section: Conwip | None, orders: OrderList | None,
    ) -> None:  # fmt: skip
        self.id = source.id
        self.place = place
        self.waits_for = "time"
        self._world = world
        self._item = source.item
        self._n = source.units_per_lot or world.plant.item_by_id[source.item].units_per_lot
        self._mix = sorted(source.mix)
        self._weights = [source.mix[name] for name in self._mix]
        self._product = source.product or ""
        self._uniforms = Uniforms(world.stream(source.id, "mix"))
        self._orders = orders
        self._section = section
        if section is not None:
            section.source = self
        self._timer = Timer(world.env, self._rang)
        self._interval = (
            world.draws(source.interval, source.id, "interval") if source.interval else None
        )
        self._bringing = False

    def start(self, now: float) -> None:
        """Begin to supply."""
        if self._interval:
            self._timer.arm(now + self._interval.one())
        else:
            self._bring(now)

    def room_made(self, now: float) -> None:
        """There is room for one lot."""
        self._bring(now)

    def release(self, lots: int, now: float) -> int:
        """Bring lots now, beside what comes by itself; return how many may come."""
        released = 0
        while released < lots and not self._missing(now):
            self._place_lot(now)
            released += 1
        return released

    def hold(self) -> None:
        """Bring nothing more by itself."""
        self.waits_for = "nothing"
        self._timer = self._timer.cancelled()
        if self in self.place.givers:
            self.place.givers.remove(self)

    def go_on(self, now: float) -> None:
        """Bring lots by itself again."""
        self.hold()
        self.start(now)

    def catch_up(self, now: float) -> None:
        """Bring what may come now that there are other orders or cards (a changed plant)."""
        if self.waits_for in {"card", "nothing"}:
            self._bring(now)

    def card_free(self, now: float) -> None:
        """A card has come back."""
        if self.waits_for == "card" and not self._bringing:
            self._bring(now)

    def transport_ordered(self, now: float) -> None:
        """Nothing changes for a source."""

    def held(self) -> Iterator[Lot]:
        """Lots outside are not in the plant."""
        return iter(())

    def _bring(self, now: float) -> None:
        self._bringing = True
        while self._may(now):
            self._place_lot(now)
            if self._interval:
                self.waits_for = "time"
                self._timer.arm(now + self._interval.one())
                break
        self._bringing = False

    def _may(self, now: float) -> bool:
        """Whether the next lot may come now; else note what it waits for."""
        missing = self._missing(now)
        if not missing:
            return True
        self.waits_for = missing
        if missing == "time" and self._orders is not None:
            self._timer.arm(self._orders.next_release_s() or now)
        elif missing == "room":
            self.place.givers.append(self)
        return False

    def _missing(self, now: float) -> str:
        """Return what a lot would wait for now; empty: it may come."""
        if self._orders is not None:
            due_s = self._orders.next_release_s()
            if due_s is None:
                return "nothing"
            if due_s > now:
                return "time"
        if self._section is not None and self._section.free <= 0:
            return "card"
        return "room" if self.place.room <= 0 else ""

    def _place_lot(self, now: float) -> None:
        n, tag = self._n, Tag(self._product)
        if self._orders is not None:
            n, tag = self._orders.begin(self._n, now)
        elif self._mix:
            tag.product = self._mix[self._uniforms.choose(self._weights)]
        lot = self._world.create(now, self._item, n, self.id)
        if self._section is not None:
            tag.groups.append(self._section.take())
        self._world.label(now, lot, tag)
        tag.change(n, now)
        self.place.put(lot, self, now)

    def _rang(self, timer: Timer) -> None:
        self._bring(timer.due_s)
