"""Re-usable events on an unmodified SimPy environment."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

import simpy
from simpy.events import NORMAL, Process, ProcessGenerator


class Clock(simpy.Environment):
    """SimPy's environment, which also knows the processes that users have added.

    Attributes
    ----------
    processes : list of simpy.Process
        Those alive, and some that have ended. The engine itself has none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.processes: list[Process] = []
        self._tidy_at = 64

    def process(self, generator: ProcessGenerator) -> Process:
        """Start a process."""
        if len(self.processes) >= self._tidy_at:
            self.processes = [process for process in self.processes if process.is_alive]
            self._tidy_at = 2 * len(self.processes) + 64
        started = Process(self, generator)
        self.processes.append(started)
        return started


class Timer(simpy.Event):
    """An event that rings `action(timer)` at the time it was armed for, again and again.

    It replaces a fresh ``Timeout`` per wait: no object, no generator and no zero-delay event.
    The time of ringing is `due_s`, so that behaviours never have to ask the clock.

    Parameters
    ----------
    env : simpy.Environment
    action : callable
        Called with the timer; it may arm it again.
    """

    def __init__(self, env: simpy.Environment, action: Callable[[Timer], None]) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        self._actions = [action]
        self._queue = env._queue  # noqa: SLF001 - the one place that knows SimPy's event list
        self._ids = env._eid  # noqa: SLF001
        self.callbacks = None  # type: ignore[assignment]
        self.due_s = 0.0

    def arm(self, due_s: float) -> None:
        """Ring at `due_s`; the timer must not be armed already."""
        self.due_s = due_s
        self.callbacks = self._actions
        heappush(self._queue, (due_s, NORMAL, next(self._ids), self))

    def cancelled(self) -> Timer:
        """Silence the timer if it is armed, and return the one to use from now on.

        SimPy cannot take an event out of its queue: the old one stays there without callbacks.
        """
        if self.callbacks is None:
            return self
        self.callbacks = []
        return Timer(self.env, self._actions[0])

    def state(self) -> dict[str, Any]:
        """Return what a snapshot keeps of it; whether it is armed is in the event list."""
        return {"due_s": self.due_s, "action": self._actions[0]}

    def from_state(self, state: dict[str, Any]) -> None:
        """Take over what differs from a new timer."""
        self.due_s = state.get("due_s", self.due_s)
        self._actions[0] = state.get("action", self._actions[0])


def disarm_all(env: simpy.Environment) -> list[Timer]:
    """Empty the event list of a plant that has not begun to run; return the armed timers."""
    queue = sorted(env._queue, key=lambda entry: entry[:3])  # noqa: SLF001
    timers = [event for *_, event in queue if isinstance(event, Timer)]
    env._queue.clear()  # noqa: SLF001
    for timer in timers:
        timer.callbacks = None  # type: ignore[assignment]
    return timers


def set_clock(env: simpy.Environment, now_s: float) -> None:
    """Set the clock of a plant that is restored."""
    env._now = now_s  # noqa: SLF001


def advance(env: simpy.Environment, until_s: float) -> None:
    """Process all events before `until_s` and set the clock to it.

    The same as ``env.run(until=until_s)``, without a function call for every event.
    """
    queue = env._queue  # noqa: SLF001
    while queue:
        entry = heappop(queue)
        due_s, _, _, timer = entry
        if due_s >= until_s:
            heappush(queue, entry)
            break
        if type(timer) is not Timer:
            heappush(queue, entry)
            env.step()
            continue
        env._now = due_s  # noqa: SLF001
        actions, timer.callbacks = timer.callbacks, None  # type: ignore[assignment]
        for action in actions:
            action(timer)
    env._now = until_s  # noqa: SLF001
