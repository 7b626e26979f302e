"""Legs of vehicles: short rows of the table ``moves``, completed at a flush.

Where an edge leads and what it is called is noted once for each edge, not once for each leg.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from sim.record.log import Log, Rows

EdgeRow = tuple[float, float, float, float, float, float, float, float]
"""Numbers of the names of origin and target, and the positions of both."""

WIDTH = 12


class LegLog:
    """The legs of all vehicles.

    Parameters
    ----------
    others : Log
        The rows of ``moves`` that other movers note.
    kind : float
        Number of the text ``agv``.
    """

    def __init__(self, others: Log, kind: float) -> None:
        self._log = Log(WIDTH)
        self._others = others
        self._kind = kind
        self._edges: list[EdgeRow] = []
        self.add: Callable[[Iterable[float]], None] = self._log.add
        """Takes (vehicle, purpose, job, lot, edge, start, turn, end, v_max, rolling, lots,
        values of `others` so far); rolling: 2 if it was rolling before, 1 if it is after."""
        self.before = others.values

    def edge(self, row: EdgeRow) -> int:
        """Note an edge and return its number."""
        self._edges.append(row)
        return len(self._edges) - 1

    def take(self) -> Rows:
        """Return all rows of ``moves`` in the order in which they were noted."""
        legs, others = self._log.take(), self._others.take()
        if not len(legs):
            return others
        edges = np.array(self._edges)[legs[:, 4].astype(np.intp)]
        v_max, rolling = legs[:, 8], legs[:, 9]
        rows = np.column_stack([
            legs[:, 0], np.full(len(legs), self._kind), legs[:, 1:4], edges, legs[:, 5:8],
            v_max * (rolling >= 2), v_max * (rolling % 2), v_max, legs[:, 10],
        ])  # fmt: skip
        if not len(others):
            return rows
        width = others.shape[1]
        position = np.concatenate([legs[:, 11], (np.arange(len(others)) + 0.5) * width])
        order = np.argsort(position, kind="stable")
        return np.asarray(np.concatenate([rows, others])[order])
