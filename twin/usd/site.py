"""The site around the hall: ground, trees, parked cars and what supplies a battery plant.

Everything follows from the size of the hall, with random numbers of a fixed seed: the site of a
plant is always the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator

import numpy as np

from twin.plant.base import Vec3
from twin.usd.path import BUILDING
from twin.usd.shape import AssetSpec

SITE = f"{BUILDING}/Site"
SEED = 20
MAX_TREES = 90
TREE_PITCH_M = 9.0
FENCE_M = 60.0
"""From the hall to the fence; trees stand on either side of it."""

BAY_M = 2.6
ROWS_M = ((-16.2, 90.0), (-27.0, -90.0))
"""Middle of each row of parked cars, and where they face."""

PARKED = 0.62
"""Share of bays that are taken."""

_CARS = (("paint_white", 5), ("paint_grey", 4), ("dark", 4), ("metal", 4), ("paint_blue", 2),
         ("paint_red", 1), ("paint_green", 1))  # fmt: skip
_FORMS = ((4.3, 1.8, 1.5), (4.3, 1.8, 1.5), (4.7, 1.86, 1.62))
_SUPPLIES = (
    ("tank", (2.8, 2.8, 11.0), 5.5, 3),
    ("chiller", (5.6, 2.3, 2.5), 6.6, 4),
    ("transformer", (3.4, 2.6, 2.9), 6.0, 2),
)
"""What stands behind the hall: kind, size, pitch, and how many for a hall of 100 m."""

LORRY_M = 2.5
Add = Callable[[str, AssetSpec, Vec3, float], None]
"""Adds an instance: path, what to draw, position and heading."""


def add_site(size: Vec3, add: Add, taken_m: Collection[float]) -> None:
    """Add ground, trees, cars and supplies; `taken_m` are the spots along x of lorries behind."""
    random = np.random.default_rng(SEED)
    add(f"{SITE}/Ground", AssetSpec("site", size), (0.0, 0.0, 0.0), 0.0)
    _add_trees(size, add, random)
    _add_cars(size, add, random)
    _add_supplies(size, add, taken_m)
    for k, (x, y, heading) in enumerate(_poles(size)):
        add(f"{SITE}/Pole{k}", AssetSpec("pole", (0.4, 2.2, 9.0)), (x, y, -0.1), heading)


def _add_trees(size: Vec3, add: Add, random: np.random.Generator) -> None:
    for k, (x, y) in enumerate(_trees(size, random)):
        form = int(random.choice(4, p=(0.4, 0.25, 0.2, 0.15)))
        tall = (8.0, 11.0, 6.0, 3.0)[form] * (1.0, 1.25)[int(random.integers(2))]
        wide = round(tall * (0.72, 0.6, 0.8, 1.1)[form], 3)
        spec = AssetSpec("tree", (wide, wide, tall), {"form": form})
        add(f"{SITE}/Tree{k}", spec, (x, y, -0.15), round(float(random.uniform(0, 360)), 1))


def _trees(size: Vec3, random: np.random.Generator) -> Iterator[tuple[float, float]]:
    """Yield where trees stand: in groups along the fence and the road, none on another."""
    length, width, _ = size
    groups = [_edge_spot(size, random) for _ in range(14)]
    found: list[tuple[float, float]] = []
    for _ in range(MAX_TREES * 4):
        x, y = _edge_spot(size, random)
        if random.random() < 0.7:
            gx, gy = groups[int(random.integers(len(groups)))]
            x, y = (float(v) for v in random.normal((gx, gy), (11.0, 5.0)))
        road = -50.0 < y < -33.0 or -33.0 <= y < width + 26.0
        if (road and -28.0 < x < length + 28.0) or -48.0 < y < -37.0:
            continue
        if all(math.hypot(x - a, y - b) > TREE_PITCH_M * 0.45 for a, b in found):
            found.append((round(x, 2), round(y, 2)))
            yield found[-1]
        if len(found) == MAX_TREES:
            return


def _edge_spot(size: Vec3, random: np.random.Generator) -> tuple[float, float]:
    """Return a spot on the green strip along the fence."""
    length, width, _ = size
    depth = float(random.uniform(30.0, FENCE_M + 18.0))
    share = float(random.random())
    side = int(random.choice(4, p=(0.4, 0.2, 0.2, 0.2)))
    if side == 0:
        return share * length, width + depth
    if side == 1:
        return -depth, share * width
    if side == 2:
        return length + depth, share * width
    return share * (length + 100) - 50, -float(random.uniform(50.0, FENCE_M + 22.0))


def _add_cars(size: Vec3, add: Add, random: np.random.Generator) -> None:
    looks = [name for name, _ in _CARS]
    share = np.array([weight for _, weight in _CARS], dtype=float)
    for row, (y, facing) in enumerate(ROWS_M):
        for k, x in enumerate(parking_m(size[0])):
            if random.random() > PARKED:
                continue
            look = looks[int(random.choice(len(looks), p=share / share.sum()))]
            form = _FORMS[int(random.integers(len(_FORMS)))]
            turn = facing + (180.0 if random.random() < 0.25 else 0.0) + random.normal(0, 1.2)
            spot = (x + random.normal(0, 0.09), y + random.normal(0, 0.22), -0.1)
            spec = AssetSpec("car", form, {"look": look})
            x_m, y_m, z_m = (round(float(v), 3) for v in spot)
            add(f"{SITE}/Car{row}_{k}", spec, (x_m, y_m, z_m), round(float(turn), 2))


def parking_m(length_m: float) -> list[float]:
    """Return the middle of every bay along the front of a hall; at most 60, with gaps for trees."""
    n = max(1, min(60, int(length_m * 0.4 / BAY_M)))
    bays = [length_m * 0.08 + (k + 0.5) * BAY_M for k in range(n)]
    return [x for k, x in enumerate(bays) if k % 11 != 10]


def _add_supplies(size: Vec3, add: Add, taken_m: Collection[float]) -> None:
    """Add tanks, chillers and transformers in the yard behind the hall, off the lorries."""
    length, width, _ = size
    x = 0.12 * length
    for kind, box, pitch, per in _SUPPLIES:
        n = max(1, min(2 * per, round(per * length / 100.0))) if length > 30.0 else 0
        for k in range(n):
            while any(abs(x - lorry) < pitch / 2 + LORRY_M for lorry in taken_m):
                x += 1.0
            if x < length - 5.0:
                add(f"{SITE}/{kind.title()}{k}", AssetSpec(kind, box), (x, width + 9.0, -0.1), 0.0)
            x += pitch
        x += 8.0


def _poles(size: Vec3) -> Iterator[tuple[float, float, float]]:
    """Yield where lamps of the yard stand."""
    length, width, _ = size
    for x in np.arange(12.0, length, 36.0):
        yield float(x), -21.7, 0.0
    for y in np.arange(12.0, width, 36.0):
        yield -20.5, float(y), -90.0
        yield length + 20.5, float(y), 90.0
