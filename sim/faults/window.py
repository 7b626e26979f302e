"""When a fault holds, and what it switches at its two ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sim.core.timer import Timer
from sim.core.world import World


class Window(Protocol):
    """A fault with a beginning and, perhaps, an end."""

    @property
    def at(self) -> float:
        """When it begins."""

    @property
    def until(self) -> float | None:
        """When it ends; None: never."""


def holds(fault: Window, now: float) -> bool:
    """Whether a fault holds at a time."""
    return fault.at <= now and (fault.until is None or now < fault.until)


class Switch:
    """Calls `act(now, on)` when a fault begins and when it ends.

    Parameters
    ----------
    world : World
    name : str
        What it switches.
    fault : Window
    act : callable
        A bound method.
    """

    def __init__(
        self, world: World, name: str, fault: Window, act: Callable[[float, bool], None]
    ) -> None:
        self.id = f"{name}@{fault.at:g}"
        self._fault = fault
        self._act = act
        self._timer = Timer(world.env, self._rang)
        self._timer.arm(fault.at)

    def _rang(self, timer: Timer) -> None:
        now, until_s = timer.due_s, self._fault.until
        on = holds(self._fault, now)
        if on and until_s is not None:
            self._timer.arm(until_s)
        self._act(now, on)
