"""Condition and alarms of a run, computed once until somebody does something about an alarm."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.card import Shown
from twin.condition import Alarm, Condition, alarms, condition
from twin.condition.acknowledgement import FILE_NAME
from twin.condition.condition import PositionState
from twin.condition.monitor import STATES


def condition_of(now: Shown) -> Condition:
    """Return the condition of the assets of a run."""
    return now.open.once(("condition", _stamp(now)), lambda: condition(now.run))


def alarms_of(now: Shown) -> list[Alarm]:
    """Return the alarms of a run, the latest state of each."""
    return now.open.once(("alarms", _stamp(now)), lambda: alarms(now.run, judged=condition_of(now)))


def first_position(now: Shown, found: Sequence[PositionState]) -> PositionState | None:
    """Return the position to show first: the worst of the asset the address is about, or of all."""
    mine = [p for p in found if p.asset == now.view.resource] or list(found)
    return max(mine, key=lambda p: STATES.index(p.state), default=None)


def _stamp(now: Shown) -> int:
    """Tell whether alarms.json is another one."""
    try:
        return (now.run.folder / FILE_NAME).stat().st_mtime_ns
    except OSError:
        return 0
