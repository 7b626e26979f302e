"""Trees and bushes: a trunk, and a crown of many uneven tufts."""

from __future__ import annotations

import itertools

import numpy as np

from twin.usd.shape import AssetSpec, Shape

_FORMS = {
    0: ("round", 20, 0.34, 0.62),
    1: ("tall", 18, 0.28, 0.58),
    2: ("spread", 20, 0.34, 0.66),
    3: ("bush", 9, 0.46, 0.42),
}
"""Form -> name, number of tufts, size of a tuft in half widths, height of the crown's middle."""

_RINGS = ((-0.8, 0.5), (-0.1, 1.0), (0.7, 0.62))


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw a tree of a ``form`` (0 to 3) into its size."""
    wide, _, high = spec.size_m
    form = int(str(spec.options.get("form", 0)))
    name, tufts, size, middle = _FORMS[form]
    random = np.random.default_rng(100 + form)
    half = wide / 2
    if name != "bush":
        shape.rod("bark", (0, 0, -0.2), (0, 0, high * middle), 0.024 * high, 0.012 * high, sides=7)
        for turn in (0.4, 2.5, 4.4):
            tip = (0.55 * half * np.cos(turn), 0.55 * half * np.sin(turn), high * middle)
            shape.rod("bark", (0, 0, high * 0.3), tip, 0.011 * high, 0.006 * high, sides=5)
    for k in range(tufts):
        way = random.normal(size=3)
        way *= random.uniform(0.35, 0.66) / np.linalg.norm(way)
        x, y = way[:2] * half * 1.05
        z = high * (middle + way[2] * (1.0 - middle) * 1.15)
        tuft = half * size * random.uniform(0.75, 1.2)
        _tuft(shape, ("leaf", "leaf_dark", "leaf")[k % 3], np.array([x, y, z]), tuft)


def _tuft(shape: Shape, look: str, spot: np.ndarray, radius: float) -> None:
    """Draw one rounded tuft: three cones on each other."""
    low = (spot[0], spot[1], spot[2] + _RINGS[0][0] * radius)
    for (z0, r0), (z1, r1) in itertools.pairwise(_RINGS):
        a = (low[0], low[1], spot[2] + z0 * radius)
        b = (low[0], low[1], spot[2] + z1 * radius)
        shape.rod(look, a, b, r0 * radius, r1 * radius, sides=7)
