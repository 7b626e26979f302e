"""Trips: what vehicles are asked to carry."""

from __future__ import annotations

from dataclasses import dataclass

from sim.places.place import Place


@dataclass(frozen=True)
class Trip:
    """Lots promised at one place and room reserved at another."""

    number: int
    origin: Place
    target: Place
    n: int
