"""Faults of a scenario: when they hold and what they change."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sim.core.timer import Timer
from sim.core.world import World
from sim.stations.breakdown import Stop
from twin.plant.scenario import Fault, ForcedBreakdown, SlowCycle, SpeedOverride, VacuumLeak

Timed = SlowCycle | SpeedOverride | VacuumLeak


def holds(fault: Timed, now: float) -> bool:
    """Whether a fault holds at a time."""
    return fault.at <= now and (fault.until is None or now < fault.until)


class SlowDown:
    """The slow cycles a scenario asks for at one station."""

    __slots__ = ("_faults", "active")

    def __init__(self, faults: Iterable[Fault], station: str) -> None:
        self._faults = [f for f in faults if isinstance(f, SlowCycle) and f.station == station]
        self.active = bool(self._faults)

    def factor(self, now: float) -> float:
        """Return what cycle times are multiplied with now."""
        product = 1.0
        for fault in self._faults:
            if holds(fault, now):
                product *= fault.factor
        return product


class ForcedStop:
    """Makes a machine fail at the time the scenario says."""

    def __init__(
        self, world: World, fault: ForcedBreakdown, fail: Callable[[float, Stop], None]
    ) -> None:
        self.id = f"{fault.machine}@{fault.at:g}"
        self._fail = fail
        self._stop = Stop(fault.repair, cause="scenario")
        self._timer = Timer(world.env, self._due)
        self._timer.arm(fault.at)

    def _due(self, timer: Timer) -> None:
        self._fail(timer.due_s, self._stop)


def schedule_breakdowns(
    world: World, faults: Iterable[Fault], fail: dict[str, Callable[[float, Stop], None]]
) -> list[ForcedStop]:
    """Let machines fail at the times the scenario says; `fail` is by machine id."""
    return [
        ForcedStop(world, fault, fail[fault.machine])
        for fault in faults
        if isinstance(fault, ForcedBreakdown)
    ]
