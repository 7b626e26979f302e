"""Condition monitoring: states of assets by their signals, and alarms with what was done."""

from __future__ import annotations

from twin.condition.alarms import Alarm, acknowledge, alarms
from twin.condition.condition import Condition, condition
from twin.condition.watch import Watch

__all__ = ["Alarm", "Condition", "Watch", "acknowledge", "alarms", "condition"]
