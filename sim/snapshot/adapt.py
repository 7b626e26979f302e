"""What follows from a change of the plant: numbers that depend on capacities, and what is new."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sim.build import Factory
from sim.core.timer import Timer
from sim.faults import Forced
from sim.places.demand import DemandExit
from sim.places.ends import Exit, Supply
from sim.places.place import Place
from sim.places.release import Releases
from sim.record.log import StateLog
from sim.snapshot.calendars import catch_up
from sim.snapshot.kinds import SnapshotError
from sim.stations.batch import BatchMachine
from sim.stations.breakdown import WorkAge
from sim.stations.lot_outlet import Collected
from sim.stations.machine import Machine
from sim.stations.outlet import Packed
from sim.stations.store import Store
from sim.transport.carrier import Carrier
from sim.transport.crane import Crane
from sim.transport.order import Order
from twin.errors import Problem


@dataclass(frozen=True)
class Change:
    """What is different in a plant that goes on from a snapshot.

    Attributes
    ----------
    factory : Factory
        The plant, with the state of the snapshot laid over it.
    now : float
        The time.
    added : dict
        Address -> thing that was not in the plant of the snapshot.
    armed : list of (Timer, float)
        Timers that a fresh plant had armed, and for when.
    racks : dict
        Store -> (slots of a tower, towers) it had.
    """

    factory: Factory
    now: float
    added: dict[str, object]
    armed: list[tuple[Timer, float]]
    racks: dict[str, tuple[int, int]]

    def new(self, group: type) -> list[object]:
        """Return the added things of a class."""
        return [thing for thing in self.added.values() if isinstance(thing, group)]


def adapt(change: Change) -> None:
    """Make a changed plant consistent, then set going what is new in it.

    Raises
    ------
    SnapshotError
        Something has no place any more; holds every problem found.
    """
    problems = [
        *_rooms(change.factory),
        *_slots(change),
        *_cards(change.factory),
        *_batches(change.factory),
        *_collected(change.factory),
        *_late_faults(change),
    ]
    if problems:
        raise SnapshotError(problems)
    _ages(change)
    for log in change.new(StateLog):
        if isinstance(log, StateLog):
            log.begin_at(change.now)
    for fleet in change.factory.fleets.values():
        fleet.stops.refit()
    _arm(change)
    _wake(change)


def _rooms(factory: Factory) -> Iterator[Problem]:
    for place in factory.places.values():
        if isinstance(place, Exit):
            continue
        level = sum(1 for _ in place.held())
        place.room = room = place.capacity - level - place.inbound
        if room < 0:
            coming = f" and {place.inbound} on their way" if place.inbound else ""
            yield Problem(
                place.id,
                f"holds {level} lots{coming}, but its capacity is {place.capacity} now.",
                f"It must be {level + place.inbound} or more.",
            )


def _slots(change: Change) -> Iterator[Problem]:
    for store in change.factory.stores.values():
        per_tower, towers = change.racks.get(store.id, (store.per_tower, len(store.towers)))
        if (per_tower, towers) == (store.per_tower, len(store.towers)):
            continue
        if per_tower != store.per_tower and max(towers, len(store.towers)) > 1:
            yield Problem(store.id, "has towers of another size.", "Change 'machines' instead.")
            continue
        reserved = {*range(per_tower * towers)} - {*store.free} - store.slots.keys()
        used = reserved | store.slots.keys()
        beyond = sum(1 for slot in used if slot >= store.n_slots)
        if beyond:
            what = f"has {beyond} lots in slots that do not exist any more."
            yield Problem(store.id, what, "Leave it as large as it was.")
        store.free = [slot for slot in range(store.n_slots) if slot not in used]


def _cards(factory: Factory) -> Iterator[Problem]:
    for name, cards in factory.cards.items():
        if cards.free < 0:
            used = cards.cards - cards.free
            what = f"has {used} cards in use, but 'kanban' is {cards.cards} now."
            yield Problem(name, what, f"It must be {used} or more.")


def _batches(factory: Factory) -> Iterator[Problem]:
    for machine in factory.machines.values():
        if isinstance(machine, BatchMachine):
            n, most = sum(1 for _ in machine.held()), machine.station.batch_lots
            if n > most:
                yield Problem(machine.id, f"holds {n} lots, but 'batch_lots' is {most} now.")


def _collected(factory: Factory) -> Iterator[Problem]:
    for machine in factory.machines.values():
        outlet = getattr(machine, "outlet", None)
        if isinstance(outlet, Packed | Collected) and not outlet.refit():
            yield Problem(machine.id, "has collected more units than an outgoing lot has now.")


def _late_faults(change: Change) -> Iterator[Problem]:
    for thing in change.new(Forced):
        if isinstance(thing, Forced) and thing.at_s < change.now:
            what = f"the fault is at {thing.at_s:g} s, before the snapshot at {change.now:g} s."
            yield Problem(thing.id, what, "Move it, or leave it out.")


def _ages(change: Change) -> None:
    """Let new causes of stops begin at the present age of their machine."""
    for machine in change.factory.machines.values():
        age = machine.age
        prefix = f"machines/{machine.id}/"
        if isinstance(age, WorkAge) and f"{prefix}age" not in change.added:
            age.refit({id(thing) for a, thing in change.added.items() if a.startswith(prefix)})


def _arm(change: Change) -> None:
    """Arm the timers of what is new: as a fresh plant has them, counted from now."""
    added = {id(thing): address for address, thing in change.added.items()}
    for timer, due_s in change.armed:
        address = added.get(id(timer))
        if address is None:
            continue
        if address.startswith("struck/"):
            timer.arm(max(due_s, change.now))
        else:
            timer.arm(due_s if address.startswith("forced/") else change.now + due_s)


def _wake(change: Change) -> None:
    """Start what is new, and let those go on who wait for room that there is now."""
    factory, now = change.factory, change.now
    catch_up(factory, {id(thing) for thing in change.added.values()}, now)
    starters: list[Callable[[float], None]] = []
    for thing in reversed([*change.added.values()]):
        if isinstance(thing, Carrier | Crane | DemandExit | Machine | Releases | Supply):
            starters.append(thing.start)
        elif isinstance(thing, Order):
            starters.append(thing.check)
    for start in starters:
        start(now)
    added = {id(thing) for thing in change.added.values()}
    for supply in factory.supplies:
        if isinstance(supply, Releases) and id(supply) not in added:
            supply.catch_up(now)
    for place in factory.places.values():
        _wake_givers(place, now)
    for store in factory.stores.values():
        _wake_watchers(store, now)


def _wake_givers(place: Place, now: float) -> None:
    for _ in range(len(place.givers)):
        if place.room and place.givers:
            place.givers.popleft().room_made(now)
    for watch in place.watchers:
        watch(now)


def _wake_watchers(store: Store, now: float) -> None:
    for watch in store.watchers:
        watch(now)
