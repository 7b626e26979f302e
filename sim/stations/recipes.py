"""What one machine does with each product, and what it is set up for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sim.core.decisions import Decisions
from sim.core.lot import Lot
from sim.core.world import World
from sim.stations.pace import Pace
from twin.plant.product_rules import family_of
from twin.plant.recipe import Recipe
from twin.plant.station import Station

PaceOf = Callable[[Recipe | None], Pace]


@dataclass(frozen=True, slots=True)
class Treatment:
    """How a machine treats one product.

    Attributes
    ----------
    pace : Pace
    quality : Decisions or None
        None: nothing is scrapped.
    family : str
        Setup family.
    cycle_s : float
        Mean time of a cycle of `per_cycle` units; 0 per cycle: of a whole lot.
    """

    pace: Pace
    quality: Decisions | None
    family: str
    cycle_s: float
    per_cycle: int

    def visit_s(self, units: int) -> float:
        """Return the mean time of a visit of a lot."""
        cycles = -(-units // self.per_cycle) if self.per_cycle else 1
        return cycles * self.cycle_s


class Recipes:
    """The treatments of one machine by product, and the family it is set up for.

    Attributes
    ----------
    set_for : str or None
        Family of the last setup; None: not set up for any yet.
    family_first : bool
        Whether lots that need no setup are taken first.
    """

    def __init__(self, world: World, station: Station, machine: str, *, pace: PaceOf) -> None:
        self._station = station
        self._changeover = station.changeover
        self.set_for = station.changeover.start if station.changeover else None
        self.family_first = bool(station.changeover and station.changeover.rule != "fifo")
        usual = _Usual(pace(None) if station.cycle or station.robot else None, None)
        if station.yield_ < 1:
            usual = _Usual(usual.pace, world.chances(station.yield_, machine, "quality"))
        names = ["", *sorted(product.id for product in world.plant.products)]
        self._of = {
            name: made
            for name in names
            if (made := _treatment(world, station, machine, product=name, usual=usual, pace=pace))
        }

    @property
    def usual(self) -> Pace:
        """A pace to begin with; each lot brings its own."""
        return next(iter(self._of.values())).pace

    def of(self, lot: Lot) -> Treatment:
        """Return how a lot is treated."""
        return self._of[lot.tag.product if lot.tag is not None else ""]

    def family(self, lot: Lot) -> str:
        """Return the setup family of a lot."""
        return self.of(lot).family

    def longest(self, lots: list[Lot]) -> Treatment:
        """Return the treatment that takes longest: that of a batch."""
        return max((self.of(lot) for lot in lots), key=lambda made: made.cycle_s)

    def change_pace(self, change: Callable[[Pace], Pace]) -> None:
        """Take the times of every product from what is made of its present pace."""
        self._of = {name: replace(made, pace=change(made.pace)) for name, made in self._of.items()}

    def change_quality(self, change: Callable[[Decisions | None], Decisions]) -> None:
        """Let what is made of the present decisions say which units of a product are good."""
        self._of = {n: replace(made, quality=change(made.quality)) for n, made in self._of.items()}

    def turn_to(self, family: str) -> float:
        """Set the machine up for a family; return the seconds it takes."""
        before, self.set_for = self.set_for, family
        return self._changeover.seconds(before, family) if self._changeover else 0.0


@dataclass(frozen=True, slots=True)
class _Usual:
    """What holds for products without a recipe."""

    pace: Pace | None
    quality: Decisions | None


def _treatment(
    world: World, station: Station, machine: str, *, product: str, usual: _Usual, pace: PaceOf
) -> Treatment | None:
    recipe = station.recipe(product)
    own = recipe is not None and recipe.cycle is not None
    made = pace(recipe) if own else usual.pace
    if made is None:
        return None
    quality = usual.quality
    if recipe is not None and recipe.yield_ is not None:
        purpose = f"quality/{product}"
        quality = world.chances(recipe.yield_, machine, purpose) if recipe.yield_ < 1 else None
    cycle = recipe.cycle if recipe is not None and recipe.cycle is not None else station.cycle
    return Treatment(
        pace=made,
        quality=quality,
        family=family_of(world.plant, station, product),
        cycle_s=cycle.mean_s if cycle else 0.0,
        per_cycle=0 if station.kind in {"batch", "store"} else station.units_per_cycle,
    )
