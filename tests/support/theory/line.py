"""Serial lines with blocking after service as Markov chains.

Service is Erlang (``stages`` exponential stages; 1 is exponential). Machines may fail and are
repaired in exponential times: only while they work (operating clock) or whatever they do
(calendar). The first machine always finds work, the last one always finds room.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.support.theory.markov import Chain, explore

EMPTY, DONE = 0, -1
"""Status of a machine without a unit, and with a unit it has finished but not handed over."""

Status = tuple[int, bool]
"""Stages still to do (or `EMPTY`, `DONE`), and whether the machine is down."""
State = tuple[tuple[Status, ...], tuple[int, ...]]
"""Machines, and levels of the buffers between them."""


@dataclass(frozen=True)
class Server:
    """One machine of a line.

    Attributes
    ----------
    mean_s : float
        Mean service time.
    stages : int
        Erlang stages; the coefficient of variation is 1 / sqrt(stages).
    mtbf_s, mttr_s : float or None
        Mean time to failure and to repair; None: it never fails.
    calendar : bool
        Whether it also fails while it does not work.
    """

    mean_s: float = 1.0
    stages: int = 1
    mtbf_s: float | None = None
    mttr_s: float = 1.0
    calendar: bool = False


@dataclass(frozen=True)
class SerialLine:
    """Machines in a row and the capacities of the buffers between them."""

    servers: tuple[Server, ...]
    buffers: tuple[int, ...]

    def chain(self) -> Chain[State]:
        """Return the chain that starts with an empty line; its gain is the throughput."""
        machines: list[Status] = [(EMPTY, False)] * len(self.servers)
        levels = [0] * len(self.buffers)
        self._settle(machines, levels)
        return explore((tuple(machines), tuple(levels)), self.transitions)

    def transitions(self, state: State) -> Iterator[tuple[State, float, float]]:
        """Yield what can happen next: a stage is done, a machine fails, a machine is repaired."""
        for i, (server, (stage, down)) in enumerate(zip(self.servers, state[0], strict=True)):
            if down:
                yield self._after(state, i, (stage, False), 1 / server.mttr_s)
                continue
            if stage > 0:
                left = stage - 1 or DONE
                yield self._after(state, i, (left, False), server.stages / server.mean_s)
            if server.mtbf_s is not None and (stage > 0 or server.calendar):
                yield self._after(state, i, (stage, True), 1 / server.mtbf_s)

    def _after(
        self, state: State, i: int, status: Status, rate: float
    ) -> tuple[State, float, float]:
        machines, levels = list(state[0]), list(state[1])
        machines[i] = status
        shipped = self._settle(machines, levels)
        return (tuple(machines), tuple(levels)), rate, shipped

    def _settle(self, machines: list[Status], levels: list[int]) -> int:
        """Hand over all that can be handed over now; a machine that is down neither takes nor
        gives. Return the units that left the line.
        """
        last = len(machines) - 1
        shipped, changed = 0, True
        while changed:
            changed = False
            for i in range(last, -1, -1):
                if machines[i] == (DONE, False) and (i == last or self._pass(machines, levels, i)):
                    machines[i] = (EMPTY, False)
                    shipped += i == last
                    changed = True
                if machines[i] == (EMPTY, False) and (i == 0 or levels[i - 1]):
                    if i:
                        levels[i - 1] -= 1
                    machines[i] = (self.servers[i].stages, False)
                    changed = True
        return shipped

    def _pass(self, machines: list[Status], levels: list[int], i: int) -> bool:
        """Pass a finished unit on: into the buffer, or to the next machine if that waits for it."""
        if levels[i] < self.buffers[i]:
            levels[i] += 1
            return True
        if levels[i] == 0 and machines[i + 1] == (EMPTY, False):
            machines[i + 1] = (self.servers[i + 1].stages, False)
            return True
        return False


def throughput(servers: list[Server], buffers: list[int] | int) -> float:
    """Return the exact throughput of a line, in units per second."""
    inner = [buffers] * (len(servers) - 1) if isinstance(buffers, int) else buffers
    return SerialLine(tuple(servers), tuple(inner)).chain().gain
