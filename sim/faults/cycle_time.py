"""Faults that change how long the cycles of a machine take: wear, spread, lots and products."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from sim.core.families import Floats
from sim.core.lot import Lot
from sim.core.streams import Draws
from sim.core.world import World
from sim.faults.marks import Mark
from sim.faults.timed import SlowDown
from sim.faults.window import holds
from sim.record.columns import Gaps
from sim.stations.lot import SumPace
from sim.stations.pace import DrawnPace, Pace
from twin.plant.base import Duration
from twin.plant.station import Station
from twin.plant.station_faults import LotEffect, MachineWear, ProductEffect, VarianceGrowth
from twin.plant.widened import widened

LotsInWork = Callable[[], Iterable[Lot]]


class Wear:
    """The wear of the tool of one machine, since it was new or was changed last."""

    def __init__(self, fault: MachineWear) -> None:
        self.fault = fault
        self._since_s = fault.at
        self._cycles = 0

    def reset(self, now: float) -> None:
        """Take a new tool."""
        self._since_s = max(now, self.fault.at)
        self._cycles = 0

    def factors(self, usual_s: Floats, now: float) -> Floats | None:
        """Return what each of some cycles in a row takes, over its usual time; None: nothing.

        A tool that is worn when the first begins is worn for all; hours count to the time at which
        each would usually begin.
        """
        if not holds(self.fault, now):
            return None
        n = len(usual_s)
        begins_s = now - self._since_s + np.concatenate([[0.0], np.cumsum(usual_s[:-1])])
        cycles = self._cycles + np.arange(n)
        self._cycles += n
        hours = begins_s / 3600
        return 1.0 + self.fault.growth_per_h * hours + self.fault.growth_per_cycle * cycles


class CycleEffects:
    """What the faults of a scenario do to the cycle times of one machine.

    Parameters
    ----------
    world : World
    machine : str
    slow : SlowDown
        The slow cycles of its station, which spread times take too.
    faults : sequence
        Of the machine, each with the mark of its origin where it has one.
    lots : callable
        Returns the lots in work.
    """

    def __init__(
        self,
        world: World,
        machine: str,
        slow: SlowDown,
        *,
        faults: Sequence[tuple[object, Mark | None]],
        lots: LotsInWork,
    ) -> None:
        self.machine = machine
        self.slow = slow
        self.wears = [Wear(f) for f, _ in faults if isinstance(f, MachineWear)]
        self.spreads = [f for f, _ in faults if isinstance(f, VarianceGrowth)]
        self._on_lots = [(f, m) for f, m in faults if isinstance(f, LotEffect | ProductEffect)]
        self._lots = lots
        self._world = world
        self._wide: dict[str, Draws] = {}

    def wide(self, duration: Duration, purpose: str, fault: VarianceGrowth) -> Draws:
        """Return the draws of a duration with more spread."""
        key = f"{purpose}/spread@{fault.at:g}"
        if key not in self._wide:
            more = widened(duration, fault.factor) or duration
            self._wide[key] = self._world.draws(more, self.machine, key)
        return self._wide[key]

    def applied(self, usual_s: Floats, now: float) -> Floats:
        """Return the times of some cycles in a row, the first of which begins now."""
        times_s = usual_s * self._lot_factor()
        for wear in self.wears:
            factors = wear.factors(usual_s, now)
            if factors is not None:
                times_s = times_s * factors
        return times_s

    def _lot_factor(self) -> float:
        factor = 1.0
        for fault, mark in self._on_lots:
            if mark is not None:
                concerned = mark.has(self._lots())
            else:
                product = getattr(fault, "product", "")
                concerned = holds(fault, self._world.env.now) and any(
                    lot.tag is not None and lot.tag.product == product for lot in self._lots()
                )
            if concerned:
                factor *= fault.factor
        return factor


class FaultyPace:
    """The times of a machine's cycles, changed by faults."""

    noted = False
    draw: Callable[[], float] | None = None

    def __init__(self, effects: CycleEffects, pace: Pace) -> None:
        self._effects = effects
        self._pace = pace
        self._spreads = (
            [(f, effects.wide(pace.duration, pace.purpose, f)) for f in effects.spreads]
            if isinstance(pace, DrawnPace)
            else []
        )

    def one(self, now: float) -> float:
        """Return the time of a cycle that begins now."""
        return float(self._applied(np.array([self._pace.one(now)]), now)[0])

    def many(self, n: int, now: float) -> Floats:
        """Return the times of `n` cycles in a row, the first of which begins now."""
        return self._applied(self._pace.many(n, now), now)

    def _applied(self, usual_s: Floats, now: float) -> Floats:
        for fault, draws in self._spreads:
            if holds(fault, now):
                usual_s = draws.many(len(usual_s)) * self._effects.slow.factor(now)
        return self._effects.applied(usual_s, now)

    def done(self, start_s: float, units: np.ndarray, cut_s: Floats | None, gaps: Gaps) -> None:
        """Nothing to note beside the cycles themselves."""


class FaultySumPace(SumPace):
    """The time of many cycles in a row, changed by faults."""

    def __init__(
        self, effects: CycleEffects, world: World, station: Station, pace: SumPace
    ) -> None:
        self._effects = effects
        self._pace = pace
        self._wide = [
            (f, SumPace(world, _spread(station, f), effects.machine, effects.slow,
                        purpose=f"cycle/spread@{f.at:g}"))
            for f in effects.spreads
        ]  # fmt: skip

    def total(self, n: int, now: float) -> float:
        """Return the time of `n` cycles."""
        total_s = self._pace.total(n, now)
        for fault, pace in self._wide:
            if holds(fault, now):
                total_s = pace.total(n, now)
        return float(self._effects.applied(np.full(n, total_s / n), now).sum()) if n else 0.0


def _spread(station: Station, fault: VarianceGrowth) -> Station:
    """Return a station with more spread in its cycle."""
    cycle = station.cycle and (widened(station.cycle, fault.factor) or station.cycle)
    return station.model_copy(update={"cycle": cycle})
