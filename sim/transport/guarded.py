"""Traffic on a network with blocks or zones.

A vehicle claims its way through a block as a whole: every node up to the first one behind the
block, or to its stop, and the block itself. So it never waits inside. Who waits, waits in one
queue; a younger one may not take what an older one needs, unless a vehicle that stands bars it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.errors import Gridlock
from sim.transport.group import Group
from sim.transport.network import Point, Roads
from sim.transport.traffic import SMALLEST_RING, Driver, Traffic, set_off
from twin.plant.blocks import max_on_lanes


class GuardedTraffic(Traffic):
    """The claims on the nodes, blocks and zones of one network."""

    def __init__(self, roads: Roads) -> None:
        super().__init__(roads.points.values())
        model = roads.model
        self.max_on_lanes = max_on_lanes(model) or len(self.points)
        self.groups: list[Group] = []
        self.on_lanes: dict[Driver, int] = {}
        self.waiting: dict[Driver, None] = {}
        for name, block in sorted(model.blocks.items()):
            one_way = block.allow == "one_direction"
            order = {node: k for k, node in enumerate(block.nodes)} if one_way else None
            self._add(Group(name, len(block.nodes) if one_way else 1, order))
            for node in block.nodes:
                roads.points[node].block = self.groups[-1]
        for name, zone in sorted(model.zones.items()):
            self._add(Group(name, zone.max_vehicles))
            for node in zone.nodes:
                roads.points[node].zone = self.groups[-1]

    def claim(self, driver: Driver, needs: list[Point]) -> bool:
        """Claim nodes for a driver if nobody bars it and no older one needs them."""
        if next(self._barring(driver, needs), None) or self._older(driver, needs):
            return False
        self._hold(driver, needs)
        return True

    def wait(self, driver: Driver, needs: list[Point], now: float) -> None:
        """Let a driver who stands still wait for nodes; the oldest goes first."""
        driver.needs = needs
        self.waiting[driver] = None
        self._settle(now)

    def give_up(self, driver: Driver, now: float) -> None:
        """Let a driver stop waiting: it has another way to go, or is broken."""
        if driver.needs:
            del self.waiting[driver]
            driver.needs = []
            self._settle(now)

    def look_again(self, now: float) -> None:
        """Let others go on whom a vehicle that has broken down does not bar any more."""
        if self.waiting:
            self._settle(now)

    def release(self, point: Point, driver: Driver, now: float) -> None:
        """Give a node back, if the driver still has it, and let others go on."""
        if point.holder is not driver:
            return
        point.holder = None
        self._unhold(driver, point)
        if self.waiting:
            self._settle(now)

    def is_barred(self, driver: Driver) -> bool:
        """Whether a waiting driver has somebody to wait for."""
        return bool(next(self._barring(driver, driver.needs), None)) or bool(
            self._older(driver, driver.needs)
        )

    def _add(self, group: Group) -> None:
        self.groups.append(group)

    def _barring(self, driver: Driver, needs: list[Point]) -> Iterator[Driver]:
        """Yield the drivers without whose moving on this one cannot go."""
        for point in needs:
            if point.holder is not None and point.holder is not driver:
                yield point.holder
        for block in _blocks(needs):
            yield from block.conflicts(driver, block.way(needs))
        for zone in _zones(needs):
            if driver not in zone.members and len(zone.members) >= zone.limit:
                yield from zone.members
        if driver not in self.on_lanes and len(self.on_lanes) >= self.max_on_lanes:
            yield from self.on_lanes

    def _older(self, driver: Driver, needs: list[Point]) -> list[Driver]:
        """Return who has waited longer for something this one needs, and will get it soon."""
        wanted = {*needs, *_blocks(needs)}
        found = []
        for other in self.waiting:
            if other is driver:
                break
            if (
                not wanted.isdisjoint(other.needs)
                or not wanted.isdisjoint(_blocks(other.needs))
                or self._last_place(driver, needs, other)
            ) and all(self._moves(d) for d in self._barring(other, other.needs)):
                found.append(other)
        return found

    @staticmethod
    def _moves(driver: Driver) -> bool:
        return not driver.needs and not driver.halted

    def _last_place(self, driver: Driver, needs: list[Point], other: Driver) -> bool:
        """Whether both need to enter the same zone, or the lanes, and one place is left there."""
        common = set(_zones(needs)) & set(_zones(other.needs))
        for zone in common:
            outside = driver not in zone.members and other not in zone.members
            if outside and len(zone.members) + 1 >= zone.limit:
                return True
        outside = driver not in self.on_lanes and other not in self.on_lanes
        return outside and len(self.on_lanes) + 1 >= self.max_on_lanes

    def _settle(self, now: float) -> None:
        """Let everybody go who can; then see that nobody waits in vain."""
        while self._grant_one(now) or self._turn_one(now):
            pass
        self._name_gridlock()

    def _grant_one(self, now: float) -> bool:
        for driver in self.waiting:
            if next(self._barring(driver, driver.needs), None) is None and not self._older(
                driver, driver.needs
            ):
                self._grant(driver, now)
                return True
        return False

    def _grant(self, driver: Driver, now: float) -> None:
        self._hold(driver, driver.needs)
        del self.waiting[driver]
        driver.needs = []
        driver.granted(now, now)

    def _turn_one(self, now: float) -> bool:
        for driver in self.waiting:
            ring = self._ring(driver)
            if ring:
                self._turn(ring, now)
                return True
        return False

    def _ring(self, first: Driver) -> list[Driver]:
        """Return a ring of waiting drivers through `first` that can move on, or nothing."""
        seen = {first}
        path, ahead = [first], [self._before(first)]
        while path:
            driver = next(ahead[-1], None)
            if driver is None:
                path.pop()
                ahead.pop()
            elif driver is first:
                if self._can_turn(path):
                    return path
            elif driver not in seen:
                seen.add(driver)
                path.append(driver)
                ahead.append(self._before(driver))
        return []

    def _before(self, driver: Driver) -> Iterator[Driver]:
        """Yield the waiting drivers on whose place this one could move up."""
        for point in driver.needs:
            holder = point.holder
            if holder is not None and holder.needs and holder is not driver:
                yield holder
        for zone in _zones(driver.needs):
            if driver not in zone.members and len(zone.members) >= zone.limit:
                yield from (
                    other
                    for other in zone.members
                    if other.needs and zone not in _zones(other.needs)
                )

    def _can_turn(self, ring: list[Driver]) -> bool:
        """Whether all drivers of a ring can move on at once."""
        members = set(ring)
        left = {driver.here for driver in ring}
        needed = [point for driver in ring for point in driver.needs]
        blocks = [block for driver in ring for block in _blocks(driver.needs)]
        if len(ring) < SMALLEST_RING and not blocks and left == set(needed):
            return False
        if len(needed) != len(set(needed)) or len(blocks) != len(set(blocks)):
            return False
        if any(p.holder is not None and p not in left for p in needed):
            return False
        for driver in ring:
            for block in _blocks(driver.needs):
                inside = block.conflicts(driver, block.way(driver.needs))
                if not members.issuperset(inside):
                    return False
        if any(driver not in self.on_lanes for driver in ring):
            return False
        return all(_fits(zone, ring) for driver in ring for zone in _zones(driver.needs))

    def _turn(self, ring: list[Driver], now: float) -> None:
        self.n_rings += 1
        taken = {point for driver in ring for point in driver.needs}
        for driver in ring:
            here = driver.here
            if here in taken:
                here.holder = None
                self._unhold(driver, here)
            elif here.zone is not None:
                here.zone.leave(driver)
        for driver in ring:
            self._hold(driver, driver.needs)
            del self.waiting[driver]
            driver.needs = []
        set_off(ring, now)

    def _name_gridlock(self) -> None:
        """Raise if somebody waits only for vehicles that wait themselves."""
        alive: set[Driver] = set()
        for first in self.waiting:
            stuck = self._stuck(first, alive)
            if stuck:
                raise Gridlock(stuck)

    def _stuck(self, first: Driver, alive: set[Driver]) -> list[Driver]:
        """Return all a driver waits for, directly or not, if every one of them waits as well."""
        seen, todo = {first: None}, [first]
        while todo:
            driver = todo.pop()
            if not driver.needs or driver in alive:
                alive.add(first)
                return []
            barring = dict.fromkeys(self._barring(driver, driver.needs))
            for other in barring or self._older(driver, driver.needs):
                if other not in seen:
                    seen[other] = None
                    todo.append(other)
        return [*seen]

    def _hold(self, driver: Driver, needs: list[Point]) -> None:
        for block in _blocks(needs):
            block.ways[driver] = block.way(needs)
        for point in needs:
            point.holder = driver
            self.on_lanes[driver] = self.on_lanes.get(driver, 0) + 1
            for group in (point.block, point.zone):
                if group is not None:
                    group.enter(driver)

    def _unhold(self, driver: Driver, point: Point) -> None:
        for group in (point.block, point.zone):
            if group is not None:
                group.leave(driver)
        self.on_lanes[driver] -= 1
        if not self.on_lanes[driver]:
            del self.on_lanes[driver]


def _blocks(needs: list[Point]) -> list[Group]:
    return list(dict.fromkeys(p.block for p in needs if p.block is not None))


def _zones(needs: Iterable[Point]) -> list[Group]:
    return list(dict.fromkeys(p.zone for p in needs if p.zone is not None))


def _fits(zone: Group, ring: list[Driver]) -> bool:
    """Whether a zone keeps to its limit when all drivers of a ring have moved on."""
    inside = {*zone.members}
    for driver in ring:
        inside.discard(driver)
        if zone in _zones(driver.needs):
            inside.add(driver)
    return len(inside) <= zone.limit


def traffic_on(roads: Roads) -> Traffic:
    """Return the traffic of a network: the simple one where it has neither blocks nor zones."""
    model = roads.model
    if model.blocks or model.zones:
        return GuardedTraffic(roads)
    return Traffic(roads.points.values())
