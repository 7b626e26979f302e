"""Dispatch rules: plain functions that choose which vehicle carries out a trip."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.transport.vehicle import Vehicle

Rule = Callable[[str, Sequence[Vehicle], Callable[[Vehicle, str], float]], Vehicle]
"""(pick-up stop, free vehicles, distance of a vehicle to a stop) -> chosen vehicle."""


def nearest_first(
    stop: str, vehicles: Sequence[Vehicle], distance_m: Callable[[Vehicle, str], float]
) -> Vehicle:
    """Choose the vehicle with the shortest way to the pick-up; the first one of equals."""
    return min(vehicles, key=lambda vehicle: distance_m(vehicle, stop))
