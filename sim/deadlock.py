"""Deadlock: machines that wait for each other so that none can ever go on.

Everybody who waits for room waits for those who take from that place; everybody who waits for lots
waits for those who bring them. Whoever is not waiting (works, is repaired, is on the way) will
act. Those from whom no chain of waiting leads to somebody who will act are stuck for ever. It is a
deadlock if one of them holds material it cannot get rid of, or if a source has a lot for which
its cards never come back. Whoever waits for a source that has brought all its orders has merely run
dry: that is the end of the work, not a deadlock.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from sim.build import Factory
from sim.errors import Deadlocked
from sim.places.ends import Exit
from sim.places.release import Releases
from twin.plant.transport import Transport

MOST_NAMED = 12


@dataclass(frozen=True)
class Wait:
    """Who waits for what, and for whom.

    Attributes
    ----------
    who : str
        Id of a machine, source or transport.
    what : str
        In words.
    whom : frozenset of str
        Any of these could end the wait.
    holds : bool
        Whether it holds material that cannot leave.
    """

    who: str
    what: str
    whom: frozenset[str]
    holds: bool


class Neighbours:
    """Who brings to each place and who takes from it; found once for a plant."""

    def __init__(self, factory: Factory) -> None:
        plant = factory.world.plant
        self.takers: dict[str, set[str]] = {name: set() for name in factory.places}
        self.feeders: dict[str, set[str]] = {name: set() for name in factory.places}
        for station in plant.stations.values():
            names = (station.crane or "",) if station.kind == "store" else station.machine_ids
            for take in station.take:
                self.takers.setdefault(take.place, set()).update(names)
            for place in station.puts:
                self.feeders.setdefault(place, set()).update(names)
        for transport in plant.transports:
            self.takers[transport.source].add(transport.id)
            self.feeders[transport.target].add(transport.id)
        for source in plant.sources:
            self.feeders[source.put].add(source.id)


def check_deadlock(factory: Factory, neighbours: Neighbours, now: float) -> None:
    """Look for machines that are stuck for ever.

    Raises
    ------
    Deadlocked
        Names who waits for whom.
    """
    waits = stuck(waiting(factory, neighbours))
    if any(wait.holds for wait in waits.values()):
        raise Deadlocked(now, [w.what for w in _ring(waits)], len(waits))


def waiting(factory: Factory, neighbours: Neighbours) -> dict[str, Wait]:
    """Return everybody who waits for somebody else."""
    found: dict[str, Wait] = {}
    for place in factory.places.values():
        if isinstance(place, Exit):
            continue
        for giver in place.givers if not place.outbound else ():
            _add(found, _name(giver), _full(_name(giver), place.id, place.capacity),
                 whom=neighbours.takers[place.id], holds=True)  # fmt: skip
        under_way = place.capacity - place.room - place.stock - place.outbound
        for taker in place.takers if under_way <= 0 else ():
            if getattr(taker, "patient", False):
                continue
            what = f"'{_name(taker)}' waits for a lot in '{place.id}'"
            _add(found, _name(taker), what, whom=neighbours.feeders[place.id], holds=False)
    for cards in factory.cards.values():
        for machine in cards.waiting:
            what = f"'{_name(machine)}' waits for a card of '{cards.place.id}'"
            whom = neighbours.takers[cards.place.id] | neighbours.feeders[cards.place.id]
            _add(found, _name(machine), what, whom=whom - {_name(machine)}, holds=True)
    for machine_id, machine in factory.machines.items():
        gate = getattr(machine, "gate", None)
        if gate is not None and machine in gate.waiting and gate.holder is not None:
            holder = _name(gate.holder)
            what = f"'{machine_id}' waits until '{holder}' has collected its batch"
            _add(found, machine_id, what, whom={holder}, holds=False)
    _add_transports(factory, neighbours, found)
    _add_sources(factory, found)
    return found


def stuck(waits: dict[str, Wait]) -> dict[str, Wait]:
    """Return those who wait only for others that are stuck as well."""
    waiters: dict[str, list[str]] = {}
    for wait in waits.values():
        for name in wait.whom:
            waiters.setdefault(name, []).append(wait.who)
    left = dict(waits)
    free = deque(name for name in waiters if name not in waits)
    while free:
        for who in waiters.get(free.popleft(), ()):
            if left.pop(who, None) is not None:
                free.append(who)
    return left


def _add(found: dict[str, Wait], who: str, what: str, *, whom: set[str], holds: bool) -> None:
    """Note a wait; somebody who waits at several places waits for any of them."""
    other = found.get(who)
    if other is not None:
        what, whom = f"{other.what} or {what.split('waits ', 1)[-1]}", whom | other.whom
        holds = holds or other.holds
    found[who] = Wait(who, what, frozenset(whom), holds)


def _full(who: str, place: str, capacity: int) -> str:
    if not capacity:
        return f"'{who}' waits until its lot is taken over through '{place}' (capacity 0)"
    return f"'{who}' waits for room in '{place}' ({capacity} of {capacity} lots)"


def _name(waiter: object) -> str:
    return str(getattr(waiter, "id", ""))


def _add_transports(factory: Factory, neighbours: Neighbours, found: dict[str, Wait]) -> None:
    for model in factory.world.plant.transports:
        source, target = factory.places[model.source], factory.places[model.target]
        loaded = next(factory.fleets[model.fleet].held(), None) is not None
        if loaded or target.inbound or source.outbound:
            continue
        needed = _least_lots(model)
        if source.stock < needed:
            what = f"transport '{model.id}' waits for {needed} lots in '{source.id}'"
            _add(found, model.id, what, whom=neighbours.feeders[source.id], holds=False)
        elif target.room < needed and not isinstance(target, Exit):
            what = f"transport '{model.id}' waits for room in '{target.id}'"
            _add(found, model.id, what, whom=neighbours.takers[target.id], holds=True)


def _least_lots(model: Transport) -> int:
    """Return the lots with which a transport starts sooner or later."""
    if model.period is not None:
        return 1
    return model.lots if model.max_wait is None else min(model.min_lots, model.lots)


def _add_sources(factory: Factory, found: dict[str, Wait]) -> None:
    """A source without a card waits for everybody else to bring one back."""
    for supply in factory.supplies:
        if isinstance(supply, Releases) and supply.waits_for == "card":
            whom = set(factory.machines) | {other.id for other in factory.supplies}
            whom |= {transport.id for transport in factory.world.plant.transports}
            what = f"source '{supply.id}' waits for a card"
            _add(found, supply.id, what, whom=whom - {supply.id}, holds=True)


def _ring(waits: dict[str, Wait]) -> list[Wait]:
    """Return a chain of waits that leads back to itself, or to one that has run dry."""
    name = min(wait.who for wait in waits.values() if wait.holds)
    chain: list[str] = []
    while name in waits and name not in chain:
        chain.append(name)
        name = min(waits[name].whom, default="")
    first = chain.index(name) if name in chain else 0
    return [waits[who] for who in chain[first:]][:MOST_NAMED]
