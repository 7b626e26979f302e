"""Invariants: what must hold in every run, whatever the plant. Checked at every flush."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sim.build import Factory
from sim.core.tag import Group
from sim.errors import InvariantBroken
from sim.people.pool import Pool
from sim.places.coupling import Coupling
from sim.places.ends import Exit
from sim.places.place import Place
from sim.stations.store import Store
from sim.transport.fleet import Fleet
from sim.transport.guarded import GuardedTraffic
from sim.transport.traffic import Traffic

MANY_LOTS = 20_000
"""In a plant with more lots than this, lots are looked at once a day and not every hour."""

DAY_S = 86_400.0


class Watch:
    """The invariants of one run, checked again and again.

    Counting every unit of a plant takes as long as simulating it for some minutes where many
    thousand lots are stored. There it is done at the beginning, after every day and at the end.
    """

    def __init__(self, factory: Factory) -> None:
        self._factory = factory
        self._counted_s = -DAY_S
        self._lots = 0

    def check(self, now: float, *, final: bool = False) -> None:
        """Check what must hold now.

        Raises
        ------
        InvariantBroken
            Names the first one that does not hold.
        """
        if final or self._lots <= MANY_LOTS or now - self._counted_s >= DAY_S:
            self._lots = units_conserved(self._factory)
            self._counted_s = now
            groups_add_up(self._factory)
        levels_add_up(self._factory)


def check_levels(factory: Factory) -> None:
    """Check everything but the units of every item.

    Raises
    ------
    InvariantBroken
        Names the first one that does not hold.
    """
    groups_add_up(factory)
    levels_add_up(factory)


def levels_add_up(factory: Factory) -> None:
    """Check what can be checked without looking at every lot.

    Raises
    ------
    InvariantBroken
        Names the first one that does not hold.
    """
    for place in factory.places.values():
        if not isinstance(place, Exit):
            levels_in_range(place)
    for cards in factory.cards.values():
        if cards.free < 0:
            raise InvariantBroken("cards_in_range", f"{cards.place.id} has {cards.free} free cards")
    for store in factory.stores.values():
        slots_add_up(store)
    one_vehicle_per_node(factory.fleets.values())
    for traffic in factory.traffic.values():
        waiting_vehicles_are_barred(traffic)
    for pool in factory.pools.values():
        workers_answer_their_calls(pool)


def units_conserved(factory: Factory) -> int:
    """Initial + created = consumed + scrapped + shipped + inside, for every item.

    Returns
    -------
    int
        Lots in the plant.
    """
    held = [*factory.held()]
    lots = Counter([lot.id for lot in held])
    inside: Counter[str] = Counter()
    for lot in held:
        inside[lot.item] += lot.n
    expected = factory.world.ledger.expected()
    for item in {*inside, *expected}:
        if inside[item] != expected[item]:
            raise InvariantBroken(
                "units_conserved",
                f"{inside[item]} units of '{item}' are in the plant, the books say "
                f"{expected[item]}",
            )
    twice = [lot for lot, n in lots.items() if lot and n > 1]
    if twice:
        raise InvariantBroken("one_place_per_lot", f"lots {twice[:5]} are in two places")
    return len(held)


def groups_add_up(factory: Factory) -> None:
    """Every order and every CONWIP card counts the units that are there, no more and no fewer."""
    counted: Counter[Group] = Counter()
    for lot in factory.held():
        if lot.tag is not None:
            counted.update(dict.fromkeys(lot.tag.groups, lot.n))
    wrong = [group for group, n in counted.items() if group.inside != n]
    if wrong:
        raise InvariantBroken(
            "groups_add_up", f"a group counts {wrong[0].inside} units of {counted[wrong[0]]}"
        )


def levels_in_range(place: Place) -> None:
    """0 <= level <= capacity, and every lot and every room is accounted for."""
    if isinstance(place, Coupling):
        nothing_between(place)
        return
    level = sum(1 for _ in place.held())
    if not 0 <= level <= place.capacity:
        raise InvariantBroken("level_in_range", f"{place.id} holds {level} of {place.capacity}")
    if place.stock < 0 or place.stock + place.outbound > level:
        raise InvariantBroken("stock_in_range", f"{place.id} offers {place.stock} of {level} lots")
    if place.room < 0 or place.room + place.inbound + level != place.capacity:
        raise InvariantBroken(
            "room_adds_up",
            f"{place.id}: level {level}, room {place.room}, inbound {place.inbound}, "
            f"capacity {place.capacity}",
        )


def nothing_between(place: Coupling) -> None:
    """A coupling holds nothing, and nobody waits for a lot that somebody waits to hand over."""
    if any(True for _ in place.held()):
        raise InvariantBroken("level_in_range", f"{place.id} holds a lot, but has no room")
    for taker in place.takers if place.givers else ():
        if getattr(getattr(taker, "station", None), "loading", "") != "simultaneous":
            raise InvariantBroken("handed_over", f"lots are offered and waited for at {place.id}")


def slots_add_up(store: Store) -> None:
    """No slot is both free and occupied, and none is lost."""
    free = set(store.free)
    if len(free) != len(store.free) or free & store.slots.keys():
        raise InvariantBroken("slots_add_up", f"{store.id} has a slot that is free twice or taken")
    if len(free) + len(store.slots) > store.n_slots:
        raise InvariantBroken("slots_add_up", f"{store.id} has more slots than its rack")


def one_vehicle_per_node(fleets: Iterable[Fleet]) -> None:
    """Every vehicle that stands on a node holds it, and every stop has one vehicle at most."""
    stands: dict[str, str] = {}
    for fleet in fleets:
        for driver in (carrier.driver for carrier in fleet.vehicles):
            node, stop = driver.stands_on, driver.stands_at
            at = f"{fleet.model.network}/{driver.here.name}"
            if node is not None and node.holder is not driver:
                raise InvariantBroken(
                    "one_vehicle_per_node", f"{driver.id} stands on '{node.name}' without a claim"
                )
            if (node or stop) and stands.setdefault(at, driver.id) != driver.id:
                raise InvariantBroken(
                    "one_vehicle_per_node", f"{driver.id} and {stands[at]} are both at {at}"
                )


def waiting_vehicles_are_barred(traffic: Traffic) -> None:
    """Who waits for nodes waits for somebody; blocks, zones and lanes keep to their limits."""
    for point in traffic.points:
        if point.queue and point.holder is None:
            raise InvariantBroken("waiting_is_barred", f"'{point.name}' is free, but waited for")
    if isinstance(traffic, GuardedTraffic):
        for driver in traffic.waiting:
            if not traffic.is_barred(driver):
                raise InvariantBroken("waiting_is_barred", f"{driver.id} waits for nobody")
        for group in traffic.groups:
            if len(group.members) > group.limit:
                names = ", ".join(driver.id for driver in group.members)
                raise InvariantBroken("limits_kept", f"'{group.name}' holds {names}")
            if len(set(group.ways.values())) > 1:
                raise InvariantBroken("one_direction", f"two ways are driven in '{group.name}'")
        if len(traffic.on_lanes) > traffic.max_on_lanes:
            raise InvariantBroken("limits_kept", f"{len(traffic.on_lanes)} are on the lanes")


def workers_answer_their_calls(pool: Pool) -> None:
    """Every worker with a call is of its team, and every team has the workers it takes."""
    for worker in pool.workers:
        call = worker.call
        if call is not None and (worker not in call.team or len(call.team) != call.n):
            raise InvariantBroken(
                "workers_answer_their_calls",
                f"{worker.id} answers the call of {call.place} with {len(call.team)} of {call.n}",
            )
