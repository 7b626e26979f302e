"""The frame of the hall: columns on the grid of the trusses, the roof, and what hangs from it."""

from __future__ import annotations

import math

import numpy as np

from twin.plant.plant import Plant
from twin.usd.floor import Floor, floor_of
from twin.usd.light import light_rows
from twin.usd.path import BUILDING
from twin.usd.shape import AssetSpec
from twin.usd.site import Add

ROOF, COLUMNS = f"{BUILDING}/Roof", f"{BUILDING}/Columns"
BAY_M = 12.0
"""From truss to truss."""

SPAN_M = 32.0
"""How far a truss reaches from column to column, at most."""

SHIFT_M, SLIP_M, STEP_M = 5.0, 3.0, 0.5
"""How far a row of columns may be moved off its even place, and a column along its row."""

TRUSS_M = 1.7
SERVICES_M = 60.0
COLUMN_M = (0.36, 0.3)
"""Size of a column; inside the hall it stands with a guard around its foot."""

Rows = list[tuple[float, list[float]]]
"""Where each row of columns is across the hall, and where its columns are along it."""

FOOT_M, CLEAR_M = 0.62, 0.1
EDGE_M = 0.3


def add_frame(plant: Plant, rows: Rows, add: Add) -> None:
    """Add columns, trusses, girders, roof, rows of lights and services."""
    size = plant.building.size_m
    length, width, height = size
    spec = AssetSpec("column", (*COLUMN_M, height))
    for k, (x, y, heading) in enumerate(columns(plant, rows)):
        add(f"{COLUMNS}/C{k}", spec, (x, y, 0.0), heading)
    add(f"{ROOF}/Deck", AssetSpec("roof", size), (0.0, 0.0, height + TRUSS_M + 0.25), 0.0)
    ends = (0.0, *(y for y, _ in rows), width)
    truss = AssetSpec("truss", (0.2, width, TRUSS_M), {"rows_m": ends})
    for k, x in enumerate(even(length, BAY_M)[1:-1]):
        add(f"{ROOF}/Truss{k}", truss, (x, 0.0, height), 0.0)
    girder = AssetSpec("girder", (length, 0.2, TRUSS_M - 0.3))
    for k, (y, _) in enumerate(rows):
        add(f"{ROOF}/Girder{k}", girder, (length / 2, y, height + 0.2), 0.0)
    lights = AssetSpec("lights", (length - 4.0, 0.2, 0.7))
    for k, y in enumerate(light_rows(width)):
        add(f"{ROOF}/Lights{k}", lights, (length / 2, y, height - 0.1), 0.0)
    spans = even(width, SERVICES_M)
    services = AssetSpec("services", (length - 6.0, spans[1] * 0.3, 1.0))
    for k, y in enumerate(spans[:-1]):
        add(f"{ROOF}/Services{k}", services, (length / 2, y + spans[1] * 0.42, height + 0.4), 0.0)


def column_rows(plant: Plant) -> Rows:
    """Return the rows of columns inside the hall: where each is across it, and its columns along.

    A row stands where most columns find room, within `SHIFT_M` of its even place. Where there is
    no room, the girder along the row carries the truss.
    """
    length, width, _ = plant.building.size_m
    floor, found = floor_of(plant), []
    for even_y in even(width, SPAN_M)[1:-1]:
        shifts = np.arange(-SHIFT_M, SHIFT_M + STEP_M / 2, STEP_M).tolist()
        shifts.sort(key=lambda shift: (abs(shift), shift))
        rows = [(even_y + shift, _standing(length, even_y + shift, floor)) for shift in shifts]
        found.append(max(rows, key=lambda row: len(row[1])))
    return found


def even(length_m: float, pitch_m: float) -> list[float]:
    """Return evenly spread spots from 0 to a length, at most a pitch apart."""
    n = max(1, math.ceil(length_m / pitch_m - 1e-9))
    return [length_m * k / n for k in range(n + 1)]


def _standing(length: float, y: float, floor: Floor) -> list[float]:
    """Return where columns find room along a row: under the trusses, or near them."""
    slips = np.array(sorted(np.arange(-SLIP_M, SLIP_M + STEP_M / 2, STEP_M).tolist(), key=abs))
    x = np.array(even(length, BAY_M)[1:-1])[:, None] + slips
    spots = np.stack([x.ravel(), np.full(x.size, y)], axis=1)
    free = floor.free_spots(spots, FOOT_M / 2 + CLEAR_M).reshape(x.shape)
    return [float(along[ok.argmax()]) for along, ok in zip(x, free, strict=True) if ok.any()]


def columns(plant: Plant, rows: Rows) -> list[tuple[float, float, float]]:
    """Return where columns stand and where they face (x, y, heading): at the walls and inside."""
    length, width, _ = plant.building.size_m
    far = (length - EDGE_M, width - EDGE_M)
    spots = [(x, y) for x in even(length, BAY_M) for y in (EDGE_M, far[1])]
    spots += [(x, y) for y in even(width, BAY_M)[1:-1] for x in (EDGE_M, far[0])]
    outer = [(min(max(x, EDGE_M), far[0]), y, 90.0 if y < width / 2 else -90.0) for x, y in spots]
    return outer + [(x, y, 90.0) for y, along in rows for x in along]
