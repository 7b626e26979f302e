"""What a machine takes next: from which of several places, and which of the lots there."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sim.core.lot import Lot
from sim.core.world import World
from sim.dispatch import Job, Rule
from sim.places.kanban import Kanban
from sim.places.place import Place, Taker
from sim.places.shelf import Shelf
from sim.record import mode as modes
from sim.stations.recipes import Recipes
from twin.plant.routing import PickRule
from twin.plant.station import Station


class Inputs:
    """The places a machine takes from, in an order that does not depend on the plant file."""

    def __init__(self, station: Station, places: Iterable[Place]) -> None:
        ranked = zip(station.take, places, strict=True)
        by_rank = sorted(ranked, key=lambda pair: (pair[0].priority, pair[0].place))
        self.places = [place for _, place in by_rank]
        self.rule: PickRule = station.pick or "priority"
        self._turn = -1

    def order(self, candidates: list[tuple[Place, float]]) -> Place:
        """Return the place to take from; candidates come with the age of their lot."""
        able = [place for place, _ in candidates]
        if self.rule == "longest":
            return min(able, key=lambda place: (-place.stock, place.id))
        if self.rule == "oldest":
            return min(candidates, key=lambda pair: (pair[1], pair[0].id))[0]
        if self.rule == "round_robin":
            n = len(self.places)
            turns = [(self._turn + k) % n for k in range(1, n + 1)]
            self._turn = next(k for k in turns if self.places[k] in able)
            return self.places[self._turn]
        return next(place for place in self.places if place in able)


class Selection:
    """The input of one machine that chooses: to the machine it looks like a place.

    Attributes
    ----------
    only : str or None
        Family or product that alone is taken now (a batch that has begun to be collected).
    """

    def __init__(
        self,
        world: World,
        inputs: Inputs,
        *,
        rule: Rule | None,
        recipes: Recipes | None,
        cards: Kanban | None,
    ) -> None:
        self.inputs = inputs
        self.places = inputs.places
        self.cards = cards
        self.only: str | None = None
        self.key_of: Callable[[Lot], str] | None = None
        self._world = world
        self._rule = rule
        self._recipes = recipes
        self._family_first = recipes is not None and recipes.family_first

    @property
    def takers(self) -> Selection:
        """Who waits for lots: asked to `remove` a taker only."""
        return self

    @property
    def inbound(self) -> int:
        """Lots on the way to one of the places by transport."""
        return sum(place.inbound for place in self.places)

    def remove(self, taker: Taker) -> None:
        """Let a taker wait no longer."""
        for place in self.places:
            if taker in place.takers:
                place.takers.remove(taker)
        if self.cards is not None and taker in self.cards.waiting:
            self.cards.waiting.remove(taker)

    @property
    def stock(self) -> int:
        """Lots it might take now."""
        if self.only is None:
            return sum(place.stock for place in self.places)
        return sum(len(self._jobs(place, 0.0)) for place in self.places)

    def mode(self, now: float) -> int:
        """Return the state of a machine that found nothing: no lot, or no card."""
        found = self.cards is not None and self._find(now) is not None
        return modes.NO_CARD if found else modes.STARVED

    def take(self, taker: Taker, now: float) -> Lot | None:
        """Give the lot that is next by all rules; else remember the taker and return None."""
        self.remove(taker)
        cards = self.cards
        if cards is not None:
            cards.end(taker)
            cards.serve(now)
        found = self._find(now)
        if found is None:
            for place in self.places:
                place.takers.append(taker)
            return None
        if cards is not None:
            if cards.free <= 0:
                cards.waiting.append(taker)
                return None
            cards.begin(taker)
        place, lot = found
        if lot is not None and isinstance(place, Shelf):
            return place.take_lot(lot, taker, now)
        return place.take(taker, now)

    def rest(self, taker: Taker, now: float) -> None:
        """The taker takes nothing for a while: the card of what it has finished is not with it."""
        if self.cards is not None:
            self.cards.end(taker)
            self.cards.serve(now)

    def _find(self, now: float) -> tuple[Place, Lot | None] | None:
        """Return where the next lot is and which it is; None for the lot: the first."""
        stocked = [place for place in self.places if place.stock]
        if not stocked:
            return None
        if not all(isinstance(place, Shelf) for place in stocked):  # so it takes the first lot
            return self.inputs.order([(place, 0.0) for place in stocked]), None
        jobs = {place.id: self._jobs(place, now) for place in stocked}
        if self._family_first and self._recipes is not None:
            ready = {name: [j for j in own if j.family == self._recipes.set_for]
                     for name, own in jobs.items()}  # fmt: skip
            jobs = ready if any(ready.values()) else jobs
        best = [(place, self._first(jobs[place.id], now)) for place in stocked if jobs[place.id]]
        if not best:
            return None
        place = self.inputs.order([(place, job.arrived_s) for place, job in best])
        return place, next(job.lot for own, job in best if own is place)

    def _first(self, jobs: list[Job], now: float) -> Job:
        rule = self._rule
        return jobs[0] if rule is None else min(jobs, key=lambda job: rule(job, now))

    def _jobs(self, place: Place, now: float) -> list[Job]:
        """Return what may be taken from a place, the oldest first."""
        waiting = place.waiting() if isinstance(place, Shelf) else ()
        made = [self._job(lot, since, now) for lot, since in waiting]
        if self.only is None or self.key_of is None:
            return made
        return [job for job in made if self.key_of(job.lot) == self.only]

    def _job(self, lot: Lot, arrived_s: float, now: float) -> Job:
        tag, recipes = lot.tag, self._recipes
        treatment = recipes.of(lot) if recipes is not None else None
        order = tag.order if tag is not None else None
        product = tag.product if tag is not None else ""
        return Job(
            lot=lot,
            arrived_s=arrived_s,
            waited_s=now - arrived_s,
            product=product,
            family=treatment.family if treatment else product,
            units=lot.n,
            priority=order.priority if order else self._world.priorities.get(product, 0),
            due_s=order.due if order and order.due is not None else float("inf"),
            processing_s=treatment.visit_s(lot.n) if treatment else 0.0,
        )
