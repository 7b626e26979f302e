"""Faults of a scenario: when they hold, and what they change."""

from __future__ import annotations

from sim.faults.timed import (
    Failing,
    Forced,
    SlowDown,
    Timed,
    holds,
    schedule_breakdowns,
)

__all__ = ["Failing", "Forced", "SlowDown", "Timed", "holds", "schedule_breakdowns"]
