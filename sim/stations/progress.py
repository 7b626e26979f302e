"""How far a machine is: what a plant state says of it, and how a run begins in the middle."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sim.core.lot import Lot
from sim.core.timer import Timer
from sim.stations.phase import DOWN, RUNNING
from twin.plant.state import LotState, MachineState

if TYPE_CHECKING:
    from sim.record.columns import Gaps
    from sim.stations.breakdown import Stop, WorkAge
    from sim.stations.halt import Halts


def lot_state(lot: Lot, n: int | None = None, *, travel_s: float = 0.0) -> LotState:
    """Return what a plant state says of a lot, or of `n` units of it."""
    tag = lot.tag
    return LotState(
        item=lot.item,
        n=lot.n if n is None else n,
        product=tag.product if tag is not None else "",
        result=tag.result if tag is not None else "",
        travel_s=travel_s,
    )


class Progress:
    """The progress of a machine; `sim.stations.machine.Machine` has the attributes."""

    __slots__ = (
        "_clock", "_left_s", "_phase", "_since", "_stop", "_then", "_timer", "_total_s", "halts",
    )  # fmt: skip

    halts: Halts | None
    age: WorkAge
    _gaps: Gaps
    _clock: Timer
    _left_s: float
    _phase: int
    _since: float
    _stop: Stop | None
    _then: Callable[[float], None]
    _timer: Timer
    _total_s: float

    def content(self, now: float) -> MachineState:
        """Return what is inside, as a plant state says it."""
        raise NotImplementedError

    def _hand_over(self, now: float) -> None:
        raise NotImplementedError

    def _run(self, now: float) -> None:
        raise NotImplementedError

    def work_left_s(self, now: float) -> float | None:
        """Return the work left of the visit; None if it has not begun."""
        if self._phase is RUNNING:
            return max(self._left_s - (now - self._since), 0.0)
        return self._left_s if self._left_s and self._phase is DOWN else None

    def waits_for_room(self) -> bool:
        """Whether what it does next is to put what is finished."""
        then = self._then
        if isinstance(then, partial):
            then = then.keywords.get("goes_on", then)
        return then == self._hand_over

    def repair_left_s(self, now: float) -> float | None:
        """Return how long the stop will last at most; None if it is not stopped."""
        resting = self.halts is not None and self.halts.resting
        if self._phase is not DOWN or self._stop is None or resting:
            return None
        return self._timer.due_s - now if self._timer.callbacks else self._stop.length_s

    def work_on(self, now: float, left_s: float) -> None:
        """Have only `left_s` left of the work that has just begun (initial state)."""
        self._clock = self._clock.cancelled()
        self._left_s = min(left_s, self._total_s)
        self._same_visit()
        self._run(now)

    def replan(self, now: float, change: Callable[[], None]) -> None:
        """Change the clocks of its age; work under way stops when they now say."""
        if self._phase is not RUNNING:
            change()
            return
        self._clock = self._clock.cancelled()
        self._left_s -= now - self._since
        self.age.age_s += now - self._since
        change()
        self._same_visit()
        self._run(now)

    def _same_visit(self) -> None:
        """Count the cycles of the visit in work once, although it is planned anew."""
        if self.age.counts and not self._gaps:
            self.age.same_visit()
