"""Faults of a scenario: when they hold, and what they change."""

from __future__ import annotations

from sim.faults.timed import (
    Failing,
    Forced,
    SlowDown,
    Timed,
    schedule_breakdowns,
)
from sim.faults.window import holds

__all__ = ["Failing", "Forced", "SlowDown", "Timed", "holds", "schedule_breakdowns"]
