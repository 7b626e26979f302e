"""The charge of a vehicle: driving and standing use it, a charger restores it."""

from __future__ import annotations

import math

from twin.plant.transport import Battery

ROUNDING = 1e-9


class Charge:
    """Share of full charge of one vehicle.

    Attributes
    ----------
    level : float
        Share of what it holds when full.
    capacity, rate : float
        What it holds when full, and its charging power, over what the plant file says.
    """

    def __init__(self, model: Battery, level: float) -> None:
        self.model = model
        self.level = level
        self.charged_s = 0.0
        self.capacity = self.rate = 1.0
        self._trips = 0
        self._known_s = 0.0

    @property
    def is_low(self) -> bool:
        """Whether the vehicle has to be charged before its next trip."""
        return self.level < self.model.charge_below

    def drive(self, driving_s: float, loaded_s: float) -> None:
        """Use charge for some time of driving, part of it with a load."""
        used = driving_s / (self.model.runtime_h * 3600)
        if self.model.runtime_loaded_h is not None:
            used += loaded_s / (self.model.runtime_loaded_h * 3600)
            used -= loaded_s / (self.model.runtime_h * 3600)
        self.level = max(0.0, self.level - used / self.capacity)

    def stand(self, now: float, driving_s: float, *, at_charger: bool) -> None:
        """Use charge for the time since the last call in which the vehicle did not drive."""
        if self.model.idle_h is not None and not at_charger:
            standing_s = max(0.0, now - self._known_s - driving_s)
            used = standing_s / (self.model.idle_h * 3600)
            self.level = max(0.0, self.level - used / self.capacity)
        self._known_s = now

    def time_to_low_s(self) -> float:
        """Return how long the vehicle can stand before it is low; infinite if it uses nothing."""
        if self.model.idle_h is None:
            return math.inf
        left = max(0.0, self.level - self.model.charge_below)
        return left * self.capacity * self.model.idle_h * 3600 + ROUNDING

    def time_to_full_s(self) -> float:
        """Return how long charging takes up to the level at which it ends."""
        missing = self.model.charge_to - self.level
        if missing <= ROUNDING:
            return 0.0
        return missing * self.capacity / self.rate * self.model.charge_h * 3600

    def charge(self, charging_s: float, now: float) -> None:
        """Restore charge for some time on a charger."""
        gained = charging_s / (self.model.charge_h * 3600) * self.rate / self.capacity
        self.level = min(max(self.level, self.model.charge_to), self.level + gained)
        self.charged_s, self._trips, self._known_s = now, 0, now

    def trip_done(self) -> None:
        """Count a trip."""
        self._trips += 1

    def is_due(self, now: float) -> bool:
        """Whether the vehicle drives to a charger after a trip, however full it is."""
        model = self.model
        if model.charge_when == "after_trips":
            return self._trips >= model.charge_after_trips
        return model.charge_when == "after_time" and now - self.charged_s >= model.charge_after
