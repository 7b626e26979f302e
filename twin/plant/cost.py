"""What things cost. Costs never change a run: they are applied to its tables afterwards."""

from __future__ import annotations

from pydantic import Field

from twin.plant.base import Id, Model, NonNegative, Positive


class MachineCost(Model):
    """What one machine costs: a rate per hour, or an investment written off over its life."""

    per_h: NonNegative | None = Field(None, description="Per hour, whatever the machine does")
    investment: NonNegative | None = Field(None, description="Of one machine")
    life_years: Positive | None = Field(
        None, description="Written off in equal parts over these years"
    )

    def rate_per_h(self, hours_per_year: float) -> float:
        """Return the cost of one machine per hour."""
        written_off = 0.0
        if self.investment is not None and self.life_years is not None:
            written_off = self.investment / (self.life_years * hours_per_year)
        return (self.per_h or 0.0) + written_off


class Costs(Model):
    """Prices and rates, all in one currency. What is left out is not counted, and named so."""

    currency: str = Field("EUR", description="Name of the currency, for people")
    energy_per_kwh: NonNegative | None = None
    materials: dict[Id, NonNegative] = Field(
        default_factory=dict, description="By item: per unit (m, sheet, piece) a source brings"
    )
    step_materials: dict[Id, NonNegative] = Field(
        default_factory=dict,
        description="By station: material added there, per unit processed (electrolyte, pouch)",
    )
    labour_per_h: dict[Id, NonNegative] = Field(
        default_factory=dict, description="By pool: per worker and hour on duty"
    )
    machines: dict[Id, MachineCost] = Field(
        default_factory=dict, description="By station: cost of one of its machines"
    )
    floor_per_m2_year: NonNegative | None = Field(
        None, description="Rent, or building cost written off, per square metre and year"
    )
    floor_m2: NonNegative | None = Field(None, description="Floor area; default: the building's")
    hours_per_year: Positive = Field(
        8760.0, description="Hours a year's investment and rent are spread over"
    )
