"""Routes: several places behind one output, and the rule that chooses among them."""

from __future__ import annotations

from sim.core.lot import Lot
from sim.core.tag import Tag
from sim.core.uniforms import Uniforms
from sim.core.world import World
from sim.places.place import Giver, Place
from twin.plant.routing import Route, Way


class Branch:
    """One way of a route and the place it leads to.

    Attributes
    ----------
    item : str or None
        Item the place is for; None: any (a sink).
    """

    __slots__ = ("item", "key", "place", "way")

    def __init__(self, way: Way, place: Place, item: str | None, station: str) -> None:
        self.way = way
        self.place = place
        self.item = item
        self.key = f"{station}/{way.to}"

    @property
    def id(self) -> str:
        """Where it leads."""
        return self.place.id

    def takes(self, lot: Lot, tag: Tag) -> bool:
        """Whether a lot may go this way."""
        way = self.way
        return (
            (self.item is None or self.item == lot.item)
            and (not way.results or tag.result in way.results)
            and (not way.products or tag.product in way.products)
        )

    def exhausted(self, tag: Tag) -> bool:
        """Whether a lot has gone this way so often that it may not again."""
        limit = self.way.max_passes
        return limit is not None and tag.passes.get(self.key, 0) >= limit


class Router:
    """The output of one machine with a route: to the machine it looks like a place."""

    def __init__(
        self, world: World, station: str, machine: str, *, route: Route, branches: list[Branch]
    ) -> None:
        self.id = station
        self.places = [branch.place for branch in branches]
        self._world = world
        self._rule = route.rule
        self._branches = sorted(branches, key=_rank)
        self._uniforms = Uniforms(world.stream(machine, "route"))
        self._turn = -1
        self._lot: Lot | None = None
        self._open: list[Branch] = []

    @property
    def givers(self) -> Router:
        """Who waits for room: asked to `remove` a giver only."""
        return self

    @property
    def outbound(self) -> int:
        """Lots promised to transports at the places the lot waits for."""
        return sum(branch.place.outbound for branch in self._open)

    def remove(self, giver: Giver) -> None:
        """Let a giver wait no longer."""
        for branch in self._open:
            if giver in branch.place.givers:
                branch.place.givers.remove(giver)

    def put(self, lot: Lot, giver: Giver, now: float) -> bool:
        """Put a lot where it belongs; else remember the giver and return False.

        A lot whose only ways are rework routes it has gone too often is scrapped: that counts as
        put.
        """
        tag = lot.tag or NO_TAG
        if lot is self._lot:
            self.remove(giver)
        else:
            self._lot, self._open = lot, self._choose(lot, tag)
        if not self._open:
            self._lot = None
            for unit in lot.numbers.tolist():
                self._world.scrap(now, lot, unit, self.id)
            return True
        free = [branch for branch in self._open if branch.place.room > 0]
        if not free:
            for branch in self._open:
                branch.place.givers.append(giver)
            return False
        self._lot = None
        branch = min(free, key=_fill) if self._rule == "least_full" else free[0]
        if branch.way.max_passes is not None:
            self._count(lot, branch, now)
        return branch.place.put(lot, giver, now)

    def _choose(self, lot: Lot, tag: Tag) -> list[Branch]:
        """Return the ways a lot waits for, the best first; empty: it has gone them too often."""
        able = [branch for branch in self._branches if branch.takes(lot, tag)]
        if not able:
            raise RuntimeError(f"no way of {self.id} takes lot {lot.id} of '{lot.item}'")
        if self._rule == "share" and len(able) > 1:
            able = [able[self._uniforms.choose([b.way.share or 0.0 for b in able])]]
        elif self._rule == "round_robin":
            able = [self._next_in_turn(able)]
        return [branch for branch in able if not branch.exhausted(tag)]

    def _next_in_turn(self, able: list[Branch]) -> Branch:
        n = len(self._branches)
        for k in range(1, n + 1):
            branch = self._branches[(self._turn + k) % n]
            if branch in able:
                self._turn = (self._turn + k) % n
                return branch
        raise RuntimeError(f"{self.id} has no way in turn")

    def _count(self, lot: Lot, branch: Branch, now: float) -> None:
        """Count a pass along a rework route."""
        if lot.tag is None:
            lot.tag = Tag()
        lot.tag.passes[branch.key] = lot.tag.passes.get(branch.key, 0) + 1
        self._world.note_units(now, "reworked", lot, place=self.id, n=lot.n)


NO_TAG = Tag()


def _rank(branch: Branch) -> tuple[int, str, list[str], list[str]]:
    """Return what ways are sorted by, so that their order in the plant file does not matter."""
    way = branch.way
    return way.priority, way.to, sorted(way.results), sorted(way.products)


def _fill(branch: Branch) -> tuple[float, str]:
    place = branch.place
    if not place.capacity:
        return 0.0, place.id
    return (place.capacity - place.room) / place.capacity, place.id
