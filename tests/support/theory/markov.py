"""Markov chains in continuous time: explored from a start state, solved by sparse matrices.

A model is one function ``state -> [(next state, rate, gain), ...]``. States are anything hashable;
``gain`` is what the transition counts for (1 for a finished unit, 0 for a change of state). Events
that take no time (handing over a finished unit) belong into the function, not into the chain.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.linalg import expm_multiply, splu

S = TypeVar("S", bound=Hashable)
Transitions = Callable[[S], Iterable[tuple[S, float, float]]]

LARGEST = 200_000
"""More states than this are an unbounded model by mistake."""


@dataclass(frozen=True)
class Chain(Generic[S]):
    """A finite chain.

    Attributes
    ----------
    states : list
        Every state that can be reached, the start state first.
    rates : sparse array (n, n)
        Rates between different states, row -> column.
    gains : array (n,)
        Gain per unit of time in each state: sum of rate x gain.
    """

    states: list[S]
    rates: csr_array
    gains: np.ndarray

    @cached_property
    def generator(self) -> csr_array:
        """The generator: rates, with minus their row sums on the diagonal."""
        n = len(self.states)
        out = np.asarray(self.rates.sum(axis=1)).ravel()
        return csr_array(self.rates - csr_array((out, (range(n), range(n))), shape=(n, n)))

    @cached_property
    def stationary(self) -> np.ndarray:
        """Stationary distribution: p Q = 0 with sum(p) = 1 in place of the last equation."""
        n = len(self.states)
        if n == 1:
            return np.ones(1)
        system = self.generator.T.tolil()
        system[n - 1, :] = np.ones(n)
        right = np.zeros(n)
        right[-1] = 1.0
        try:
            return np.asarray(splu(system.tocsc()).solve(right))
        except RuntimeError as error:
            raise ArithmeticError("the chain has no single stationary law") from error

    @property
    def gain(self) -> float:
        """Stationary gain per unit of time: the throughput if finished units count 1."""
        return float(self.stationary @ self.gains)

    def mean(self, value: Callable[[S], float]) -> float:
        """Return the stationary mean of a value of the state."""
        return float(self.stationary @ np.array([value(state) for state in self.states]))

    def law(self, t: float) -> np.ndarray:
        """Return the distribution at time `t` after the start state."""
        start = np.zeros(len(self.states))
        start[0] = 1.0
        return np.asarray(expm_multiply(self.generator.T.tocsr() * t, start))

    def gain_until(self, t: float) -> float:
        """Return the expected gain from the start state up to time `t`."""
        n = len(self.states)
        column = csr_array(self.gains.reshape(n, 1))
        rows = [self.generator.tocoo(), column.tocoo()]
        data = np.concatenate([rows[0].data, rows[1].data])
        at = np.concatenate([rows[0].row, rows[1].row])
        to = np.concatenate([rows[0].col, np.full(len(rows[1].data), n)])
        wide = csr_array((data, (at, to)), shape=(n + 1, n + 1))
        start = np.zeros(n + 1)
        start[0] = 1.0
        return float(expm_multiply(wide.T.tocsr() * t, start)[n])

    def time_to(self, goal: Callable[[S], bool]) -> float:
        """Return the mean time from the start state to the first state that is a goal."""
        ahead = np.flatnonzero([not goal(state) for state in self.states])
        if not len(ahead) or ahead[0] != 0:
            return 0.0
        inner = self.generator[ahead][:, ahead].tocsc()
        return float(splu(inner).solve(-np.ones(len(ahead)))[0])


def explore(start: S, transitions: Transitions[S]) -> Chain[S]:
    """Return the chain of all states that can be reached from `start`.

    Parameters
    ----------
    start : hashable
        A state.
    transitions : callable
        Returns (next state, rate, gain) for each event in a state; rates of 0 are left out.
    """
    index = {start: 0}
    states = [start]
    gains: list[float] = []
    at: list[int] = []
    to: list[int] = []
    rates: list[float] = []
    for k, state in enumerate(states):
        gains.append(0.0)
        for target, rate, gain in transitions(state):
            if rate <= 0:
                continue
            if target not in index:
                index[target] = len(states)
                states.append(target)
                if len(states) > LARGEST:
                    raise ArithmeticError(f"more than {LARGEST} states")
            gains[k] += rate * gain
            if target != state:
                at.append(k)
                to.append(index[target])
                rates.append(rate)
    n = len(states)
    return Chain(states, csr_array((rates, (at, to)), shape=(n, n)), np.array(gains))


def throughput(start: S, transitions: Transitions[S]) -> float:
    """Return the stationary gain per unit of time of a model."""
    return explore(start, transitions).gain
