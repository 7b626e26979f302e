"""Invariants: what must hold in every run, whatever the plant. Checked at every flush."""

from __future__ import annotations

from collections import Counter

from sim.build import Factory
from sim.core.tag import Group
from sim.errors import InvariantBroken
from sim.places.ends import Exit
from sim.places.place import Place
from sim.stations.store import Store
from sim.transport.fleet import Fleet


def check(factory: Factory) -> None:
    """Check every invariant.

    Raises
    ------
    InvariantBroken
        Names the first one that does not hold.
    """
    units_conserved(factory)
    for place in factory.places.values():
        if not isinstance(place, Exit):
            levels_in_range(place)
    groups_add_up(factory)
    for cards in factory.cards.values():
        if cards.free < 0:
            raise InvariantBroken("cards_in_range", f"{cards.place.id} has {cards.free} free cards")
    for store in factory.stores.values():
        slots_add_up(store)
    for fleet in factory.fleets.values():
        one_vehicle_per_node(fleet)


def units_conserved(factory: Factory) -> None:
    """Initial + created = consumed + scrapped + shipped + inside, for every item."""
    inside: Counter[str] = Counter()
    lots: Counter[int] = Counter()
    for lot in factory.held():
        inside[lot.item] += lot.n
        lots[lot.id] += 1
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


def slots_add_up(store: Store) -> None:
    """No slot is both free and occupied, and none is lost."""
    free = set(store.free)
    if len(free) != len(store.free) or free & store.slots.keys():
        raise InvariantBroken("slots_add_up", f"{store.id} has a slot that is free twice or taken")
    if len(free) + len(store.slots) > store.n_slots:
        raise InvariantBroken("slots_add_up", f"{store.id} has more slots than its rack")


def one_vehicle_per_node(fleet: Fleet) -> None:
    """Every vehicle that stands on a node holds it, and no two hold or stand on the same."""
    standing = [carrier.driver.stands_on for carrier in fleet.vehicles]
    nodes = [node for node in standing if node is not None]
    if len(nodes) != len(set(nodes)):
        raise InvariantBroken("one_vehicle_per_node", f"two vehicles of {fleet.model.id} share one")
    for carrier, node in zip(fleet.vehicles, standing, strict=True):
        if node is not None and fleet.traffic.holder.get(node) is not carrier.driver:
            raise InvariantBroken(
                "one_vehicle_per_node", f"{carrier.driver.id} stands on '{node}' without a claim"
            )
