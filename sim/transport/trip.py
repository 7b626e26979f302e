"""Trips: what vehicles are asked to carry."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.places.place import Place


@dataclass(frozen=True, eq=False)
class Trip:
    """Lots promised at one place and room reserved at another.

    Attributes
    ----------
    number : int
        Transport number, in the order of request.
    origin, target : Place
    n : int
        Lots to carry.
    priority : int
        Higher is more urgent.
    asked_s, due_s : float
        When it was asked for, and by when it should be done.
    """

    number: int
    origin: Place
    target: Place
    n: int
    priority: int = 0
    asked_s: float = 0.0
    due_s: float = math.inf
