"""Re-usable events on an unmodified SimPy environment."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

import simpy
from simpy.events import NORMAL


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
        self._next_id = env._eid.__next__  # noqa: SLF001
        self.callbacks = None  # type: ignore[assignment]
        self.due_s = 0.0

    def arm(self, due_s: float) -> None:
        """Ring at `due_s`; the timer must not be armed already."""
        self.due_s = due_s
        self.callbacks = self._actions
        heappush(self._queue, (due_s, NORMAL, self._next_id(), self))

    def cancelled(self) -> Timer:
        """Silence the timer if it is armed, and return the one to use from now on.

        SimPy cannot take an event out of its queue: the old one stays there without callbacks.
        """
        if self.callbacks is None:
            return self
        self.callbacks = []
        return Timer(self.env, self._actions[0])


def advance(env: simpy.Environment, until_s: float) -> None:
    """Process all events before `until_s` and set the clock to it.

    The same as ``env.run(until=until_s)``, without a function call for every event.
    """
    queue = env._queue  # noqa: SLF001
    while queue:
        due_s, _, _, timer = queue[0]
        if due_s >= until_s:
            break
        if type(timer) is not Timer:
            env.step()
            continue
        heappop(queue)
        env._now = due_s  # noqa: SLF001
        actions, timer.callbacks = timer.callbacks, None  # type: ignore[assignment]
        for action in actions:
            action(timer)
    env._now = until_s  # noqa: SLF001
