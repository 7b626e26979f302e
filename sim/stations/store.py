"""Stores: racks whose slots each keep a lot for its time (soaking, formation, aging).

A store has no machine that works through lots: every lot has its own time of leaving, and one
timer waits for the earliest. A crane brings and fetches. A tower that fails pauses its lots; a
failure clock of a tower runs by the calendar, because towers are never idle in practice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np

from sim.core.decisions import Decisions
from sim.core.lot import Lot
from sim.core.timer import Timer
from sim.core.world import World
from sim.stations.pace import Pace
from sim.stations.recipes import Recipes
from sim.stations.tower import Tower
from twin.errors import PlantError, Problem
from twin.plant.failure import UnitPolicy
from twin.plant.station import Station


@dataclass(slots=True)
class Stay:
    """One lot in its slot.

    Attributes
    ----------
    since_s : float
        When its time began.
    length_s : float
        How long it must stay.
    due_s : float
        When it may leave; pauses are added.
    ready : bool
        Whether it may leave now.
    """

    lot: Lot
    since_s: float
    length_s: float
    due_s: float
    ready: bool = False


class Store:
    """All towers of one store.

    Attributes
    ----------
    slots : dict of int to Stay
        Occupied slots; slot numbers run over all towers.
    free : list of int
        Heap of free slots: the lowest is filled first.
    n_down : int
        Towers that are down.
    watchers : list of callables
        Called with the time whenever a lot becomes ready or a slot free.
    """

    def __init__(
        self, world: World, station: Station, pace: Pace | None, recipes: Recipes | None = None
    ) -> None:
        if station.rack is None:
            raise PlantError(Problem(station.id, "a store without 'rack'.", "Add its rack."))
        self.id = station.id
        self.station = station
        self.watchers: list[Callable[[float], None]] = []
        self.per_tower = station.rack.slots
        self.n_slots = self.per_tower * station.machines
        self.slots: dict[int, Stay] = {}
        self.n_down = 0
        self.free = list(range(self.n_slots))
        self.towers = [Tower(world, self, k) for k in range(station.machines)]
        self._world = world
        self._pace = pace
        self._recipes = recipes
        self._quality: Decisions = world.chances(station.yield_, self.id, "quality")
        self._note = world.recorder.levels(self.id).add
        self._due: list[tuple[float, int, int]] = []
        self._order = 0
        self._ready: list[tuple[float, int]] = []
        self._timer = Timer(world.env, self._rang)

    def held(self) -> Iterator[Lot]:
        """Every lot in a slot."""
        return (stay.lot for stay in self.slots.values())

    def held_lots(self) -> Iterator[Lot]:
        """No lot is worked on alone."""
        return iter(())

    def change_quality(self, change: Callable[[Decisions | None], Decisions]) -> None:
        """Let what is made of the present decisions say which units are good."""
        self._quality = change(self._quality)
        if self._recipes is not None:
            self._recipes.change_quality(change)

    def tower_of(self, slot: int) -> Tower:
        """Return the tower a slot belongs to."""
        return self.towers[slot // self.per_tower]

    # For the crane -----------------------------------------------------------------------------

    def has_room(self) -> bool:
        """Whether a slot is free in a tower that is up."""
        if not self.n_down:
            return bool(self.free)
        return any(not self.tower_of(slot).down for slot in self.free)

    def has_ready(self) -> bool:
        """Whether a lot may leave from a tower that is up."""
        ready = self._ready
        if not self.n_down or not ready:
            return bool(ready)
        return any(not self.tower_of(slot).down for _, slot in ready)

    def reserve_slot(self) -> int:
        """Take the lowest free slot of a tower that is up."""
        if not self.tower_of(self.free[0]).down:
            return heappop(self.free)
        slot = min(s for s in self.free if not self.tower_of(s).down)
        self.free.remove(slot)
        heapify(self.free)
        return slot

    def promise_lot(self) -> int:
        """Return the slot of the lot that has been ready longest, and promise it."""
        if not self.tower_of(self._ready[0][1]).down:
            return heappop(self._ready)[1]
        entry = min(e for e in self._ready if not self.tower_of(e[1]).down)
        self._ready.remove(entry)
        heapify(self._ready)
        return entry[1]

    def take_slots(self, slots: Iterable[int]) -> None:
        """Take free slots for lots that are about to enter them (initial state)."""
        taken = {*slots}
        self.free = [slot for slot in self.free if slot not in taken]

    def lay_all(self, lots: list[Lot], slots: list[int], times: list[tuple[float, float]]) -> None:
        """Put lots into slots, each with (time it has been there, time left) (initial state)."""
        self.take_slots(slots)
        for lot, slot, (done_s, left_s) in zip(lots, slots, times, strict=True):
            self._settle(Stay(lot, -done_s, done_s + left_s, left_s), slot, 0.0)

    def lay(self, stays: Iterable[tuple[Lot, int, float]]) -> None:
        """Put lots into slots, some share of their time being over (initial state)."""
        for lot, slot, share_done in stays:
            self.enter(lot, slot, 0.0, share_done=share_done)
        self.free = [slot for slot in range(self.n_slots) if slot not in self.slots]

    def enter(self, lot: Lot, slot: int, now: float, *, share_done: float = 0.0) -> None:
        """Put a lot into its reserved slot; its time begins."""
        length_s = self._pace_of(lot).one(now)
        since_s = now - share_done * length_s
        self._settle(Stay(lot, since_s, length_s, since_s + length_s), slot, now)

    def _settle(self, stay: Stay, slot: int, now: float) -> None:
        lot = stay.lot
        self.slots[slot] = stay
        self._note((now, lot.id, slot))
        tower = self.tower_of(slot)
        tower.in_process += 1
        tower.show(now)
        if tower.down:
            tower.paused.append(slot)
        else:
            self._expect(stay, slot)

    def bring(self, slot: int, lot: Lot, now: float) -> None:
        """Put a lot that a crane brings into its reserved slot."""
        self.enter(lot, slot, now)

    def leave(self, slot: int, now: float) -> Lot:
        """Take a lot out of its slot."""
        lot = self.slots.pop(slot).lot
        self._note((now, -lot.id, slot))
        tower = self.tower_of(slot)
        tower.n_ready -= 1
        tower.show(now)
        self._release(slot, now)
        return lot

    # Time --------------------------------------------------------------------------------------

    def pause(self, tower: Tower) -> None:
        """Stop the time of the lots of a tower."""
        self.n_down += 1
        first, last = tower.index * self.per_tower, (tower.index + 1) * self.per_tower
        tower.paused = [slot for _, _, slot in sorted(self._due) if first <= slot < last]
        self._due = [entry for entry in self._due if not first <= entry[2] < last]
        heapify(self._due)
        self._rearm()

    def resume(self, tower: Tower, now: float, paused_s: float, policy: UnitPolicy) -> None:
        """Go on with the lots of a tower, by the policy for units in work."""
        self.n_down -= 1
        for slot in tower.paused:
            stay = self.slots[slot]
            if policy == "scrap":
                self._scrap_all(stay, slot, now)
                continue
            if policy == "resume":
                stay.due_s += min(paused_s, now - stay.since_s)
            else:
                stay.due_s = now + stay.length_s
            self._expect(stay, slot)
        tower.paused = []
        for watch in self.watchers:
            watch(now)

    def _expect(self, stay: Stay, slot: int) -> None:
        heappush(self._due, (stay.due_s, self._order, slot))
        self._order += 1
        self._rearm()

    def _rearm(self) -> None:
        first = self._due[0][0] if self._due else None
        if self._timer.callbacks is not None:
            if first == self._timer.due_s:
                return
            self._timer = self._timer.cancelled()
        if first is not None:
            self._timer.arm(first)

    def _rang(self, timer: Timer) -> None:
        now = timer.due_s
        while self._due and self._due[0][0] <= now:
            self._finish(heappop(self._due)[2], now)
        self._rearm()

    def _finish(self, slot: int, now: float) -> None:
        stay, tower = self.slots[slot], self.tower_of(slot)
        lot = stay.lot
        stay.ready = True
        tower.cycles.add_lot((lot.id, stay.since_s, stay.length_s, now, lot.n))
        tower.in_process -= 1
        good = self._good(lot)
        if lot.n == 1 or np.count_nonzero(good) < lot.n:
            units = lot.numbers
            for unit in units[~good].tolist():
                self._world.scrap(now, lot, unit, self.id)
            lot.keep(units[good])
        if lot.n:
            tower.n_ready += 1
            heappush(self._ready, (now, slot))
        else:
            self._vanish(slot, now)
        tower.show(now)
        for watch in self.watchers:
            watch(now)

    def _pace_of(self, lot: Lot) -> Pace:
        pace = self._pace if self._recipes is None else self._recipes.of(lot).pace
        if pace is None:
            raise ValueError(f"store {self.id} has no time for lot {lot.id}")
        return pace

    def _good(self, lot: Lot) -> np.ndarray:
        if self._recipes is None:
            return self._quality.many(lot.n)
        quality = self._recipes.of(lot).quality
        return np.ones(lot.n, dtype=bool) if quality is None else quality.many(lot.n)

    def _scrap_all(self, stay: Stay, slot: int, now: float) -> None:
        for unit in stay.lot.numbers.tolist():
            self._world.scrap(now, stay.lot, unit, self.id)
        self.tower_of(slot).in_process -= 1
        self._vanish(slot, now)

    def _vanish(self, slot: int, now: float) -> None:
        lot = self.slots.pop(slot).lot
        self._note((now, -lot.id, slot))
        self._release(slot, now)

    def _release(self, slot: int, now: float) -> None:
        heappush(self.free, slot)
        for watch in self.watchers:
            watch(now)
