"""The charge of a vehicle: driving uses it, standing on a charger restores it."""

from __future__ import annotations

from twin.plant.transport import Battery

ROUNDING = 1e-9


class Charge:
    """Share of full charge of one vehicle."""

    def __init__(self, model: Battery, level: float) -> None:
        self.model = model
        self.level = level

    @property
    def is_low(self) -> bool:
        """Whether the vehicle has to be charged before its next trip."""
        return self.level < self.model.charge_below

    def drive(self, driving_s: float) -> None:
        """Use charge for some time of driving."""
        self.level = max(0.0, self.level - driving_s / (self.model.runtime_h * 3600))

    def time_to_full_s(self) -> float:
        """Return how long charging takes up to the level at which it ends."""
        missing = self.model.charge_to - self.level
        return missing * self.model.charge_h * 3600 if missing > ROUNDING else 0.0

    def charge(self, charging_s: float) -> None:
        """Restore charge for some time on a charger."""
        gained = charging_s / (self.model.charge_h * 3600)
        self.level = min(max(self.level, self.model.charge_to), self.level + gained)
