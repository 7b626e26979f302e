"""Ways for cameras through the hall that go around machines and through doors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from twin.plant.base import Vec2
from twin.plant.plant import Plant
from twin.usd.floor import Box, around, conveyors, machine_boxes, walls, whole
from twin.usd.room import portals

Floats = NDArray[np.float64]

MARGIN_M = 0.45
"""How far a camera keeps off everything."""

DOOR_M = (0.6, 1.6)
"""What is kept free in the middle of a door: along its wall, and across it."""

MAX_CELLS = 200_000
AROUND_M = (18.0, 60.0, np.inf)
"""How far around both ends a way is looked for, one after the other."""

_DEAR = 6.0
_STEP_M = 0.5
_WINDOW = 1


@dataclass(frozen=True)
class Grid:
    """What it costs to pass each cell of the floor; infinite where something is in the way."""

    cost: Floats
    cell_m: float

    def at(self, spot: Sequence[float]) -> tuple[int, int]:
        """Return the free cell nearest to a spot."""
        nx, ny = self.cost.shape
        i = int(np.clip(spot[0] / self.cell_m, 0, nx - 1))
        j = int(np.clip(spot[1] / self.cell_m, 0, ny - 1))
        for reach in (0, 4, 12, max(nx, ny)):
            low, left = max(i - reach, 0), max(j - reach, 0)
            part = np.argwhere(np.isfinite(self.cost[low : i + reach + 1, left : j + reach + 1]))
            if len(part):
                part += np.array((low, left))
                a, b = part[((part - (i, j)) ** 2).sum(axis=1).argmin()].tolist()
                return int(a), int(b)
        return i, j

    def middle(self, cell: tuple[int, int]) -> Vec2:
        """Return the spot in the middle of a cell."""
        return (cell[0] + 0.5) * self.cell_m, (cell[1] + 0.5) * self.cell_m

    def way(self, start: Sequence[float], end: Sequence[float]) -> Floats:
        """Return a way (n, 2) between the free cells nearest to two spots, smooth, in even steps.

        All free cells of a grid are connected, so that there always is one.
        """
        a, b = self.at(start), self.at(end)
        found = (self._cells(a, b, reach_m) for reach_m in AROUND_M)
        cells = next((cells for cells in found if cells), [a, b])
        spots = np.array([self.middle(cell) for cell in self._pulled(cells)])
        return _smooth(_even(spots))

    def _cells(
        self, a: tuple[int, int], b: tuple[int, int], reach_m: float
    ) -> list[tuple[int, int]]:
        """Return the cheapest chain of cells in a box around both ends; empty: none."""
        reach = int(min(reach_m / self.cell_m, max(self.cost.shape)))
        low = (max(min(a[0], b[0]) - reach, 0), max(min(a[1], b[1]) - reach, 0))
        part = self.cost[low[0] : max(a[0], b[0]) + reach + 1, low[1] : max(a[1], b[1]) + reach + 1]
        wide = part.shape[1]
        first = (a[0] - low[0]) * wide + a[1] - low[1]
        last = (b[0] - low[0]) * wide + b[1] - low[1]
        _, before = dijkstra(_graph(part), indices=first, return_predecessors=True)
        chain = [last]
        while chain[-1] != first:
            chain.append(int(before[chain[-1]]))
            if chain[-1] < 0:
                return []
        return [(k // wide + low[0], k % wide + low[1]) for k in reversed(chain)]

    def _pulled(self, cells: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the corners of a chain: where one cannot go straight on."""
        kept, k = [cells[0]], 0
        while k < len(cells) - 1:
            ahead = k + 1
            while ahead + 1 < len(cells) and self._clear(cells[k], cells[ahead + 1]):
                ahead += 1
            k = ahead
            kept.append(cells[k])
        return kept

    def _clear(self, a: tuple[int, int], b: tuple[int, int]) -> bool:
        n = 3 * max(abs(a[0] - b[0]), abs(a[1] - b[1])) + 1
        line = np.round(np.linspace(a, b, n)).astype(int)
        return bool((self.cost[line[:, 0], line[:, 1]] <= 1.0).all())


def grid_of(plant: Plant, more: Sequence[Box], low_m: float) -> Grid:
    """Return the grid of a plant for eyes above everything lower than `low_m`.

    Parameters
    ----------
    plant : Plant
    more : boxes
        What stands there besides machines, places and walls.
    low_m : float
        Machines lower than this can be passed, though it is better to go around them.
    """
    length, width, _ = plant.building.size_m
    cell = max(0.5, float(np.sqrt(length * width / MAX_CELLS)))
    cost = np.ones((max(1, int(length / cell)), max(1, int(width / cell))))
    for box, height in machine_boxes(plant):
        _fill(cost, cell, box, _DEAR if height < low_m else np.inf)
    for box in conveyors(plant):
        _fill(cost, cell, box, _DEAR)
    for zone in plant.zones:
        if zone.kind == "robot_cell":
            _fill(cost, cell, whole(zone), np.inf)
        elif zone.kind == "office":
            _fill(cost, cell, whole(zone), _DEAR, margin_m=0.0)
    for box in more:
        _fill(cost, cell, box, np.inf)
    for box in walls(plant, 0.06):
        _fill(cost, cell, box, np.inf, margin_m=0.2)
    for (x, y), kind, side in portals(plant):
        if kind != "airlock":
            across, along = (DOOR_M[1], DOOR_M[0]) if side % 2 else DOOR_M
            _fill(cost, cell, around((x, y, 0.0), (across, along, 0.0)), 1.0, margin_m=0.0)
    return Grid(_connected(cost), cell)


def _connected(cost: Floats) -> Floats:
    """Return the cost without cells that are cut off from most others."""
    parts, n = label(np.isfinite(cost), structure=np.ones((3, 3)))
    if n < 2:
        return cost
    largest = int(np.bincount(parts.ravel())[1:].argmax()) + 1
    return np.where(parts == largest, cost, np.inf)


def _fill(cost: Floats, cell: float, box: Box, value: float, margin_m: float = MARGIN_M) -> None:
    """Set what it costs to pass a rectangle; the dearest of several counts."""
    low = [max(int(np.floor((v - margin_m) / cell)), 0) for v in box[:2]]
    high = [int(np.ceil((v + margin_m) / cell)) for v in box[2:]]
    part = cost[low[0] : high[0], low[1] : high[1]]
    part[...] = value if value == 1.0 else np.maximum(part, value)


def _graph(cost: Floats) -> csr_array:
    """Return the cells as a graph: from each to its eight neighbours."""
    nx, ny = cost.shape
    index = np.arange(nx * ny).reshape(nx, ny)
    rows, columns, weights = [], [], []
    for a, b, far in _neighbours():
        price = (cost[a] + cost[b]) * 0.5 * far
        open_ = np.isfinite(price)
        rows.append(index[a][open_])
        columns.append(index[b][open_])
        weights.append(price[open_])
    ends = np.concatenate(rows), np.concatenate(columns)
    both = np.concatenate([ends[0], ends[1]]), np.concatenate([ends[1], ends[0]])
    price = np.tile(np.concatenate(weights), 2)
    return csr_array((price, both), shape=(nx * ny, nx * ny))


def _neighbours() -> Iterator[tuple[tuple[slice, slice], tuple[slice, slice], float]]:
    """Yield the slices of all pairs of neighbours in four directions, and their distance."""
    every, head, tail = slice(None), slice(None, -1), slice(1, None)
    yield (head, every), (tail, every), 1.0
    yield (every, head), (every, tail), 1.0
    yield (head, head), (tail, tail), 2**0.5
    yield (head, tail), (tail, head), 2**0.5


def _even(spots: Floats) -> Floats:
    """Return a way as points about half a metre apart."""
    far = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(spots, axis=0), axis=1))])
    n = max(2, int(far[-1] / _STEP_M) + 1)
    along = np.linspace(0.0, far[-1], n)
    return np.stack([np.interp(along, far, spots[:, k]) for k in range(2)], axis=1)


def _smooth(spots: Floats) -> Floats:
    """Return a way with its corners rounded; the ends stay."""
    if len(spots) < 2 * _WINDOW:
        return spots
    ends = np.repeat(spots[:1], _WINDOW, axis=0), np.repeat(spots[-1:], _WINDOW, axis=0)
    padded = np.vstack([ends[0], spots, ends[1]])
    weight = np.ones(2 * _WINDOW + 1) / (2 * _WINDOW + 1)
    made = np.stack([np.convolve(padded[:, k], weight, "valid") for k in range(2)], axis=1)
    made[0], made[-1] = spots[0], spots[-1]
    return made
