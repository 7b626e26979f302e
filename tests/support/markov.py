"""Stationary distributions of small Markov chains, from their transition rates."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

State = tuple[int, ...]
Rates = Callable[[State], Iterable[tuple[State, float]]]


def stationary(start: State, rates: Rates) -> dict[State, float]:
    """Return the stationary probabilities of every state reachable from `start`.

    Solves pi Q = 0, sum pi = 1.
    """
    index = {start: 0}
    rows: list[tuple[int, int, float]] = []
    ahead = [start]
    while ahead:
        state = ahead.pop()
        for other, rate in rates(state):
            if other not in index:
                index[other] = len(index)
                ahead.append(other)
            rows.append((index[state], index[other], rate))
    q = np.zeros((len(index), len(index)))
    for i, j, rate in rows:
        q[i, j] += rate
        q[i, i] -= rate
    equations = np.vstack([q.T[:-1], np.ones(len(index))])
    p = np.linalg.solve(equations, np.append(np.zeros(len(index) - 1), 1.0))
    return dict(zip(index, p.tolist(), strict=True))
