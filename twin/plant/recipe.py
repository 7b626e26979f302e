"""What a station does with each product, and what a change of product costs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from twin.plant.base import Duration, Fraction, Id, Model, TimeS


class Recipe(Model):
    """How one station treats one product; what is not said is as for every other product."""

    product: Id
    cycle: Duration | None = Field(None, description="Default: the station's")
    yield_: Fraction | None = Field(None, alias="yield", description="Default: the station's")
    family: Id | None = Field(
        None, description="Setup family at this station; default: the product's own"
    )


class Changeover(Model):
    """Setup between lots of different families; the machine is in the state ``setup``."""

    default_s: TimeS = Field(0.0, description="From one family to another, where not listed")
    times_s: dict[Id, dict[Id, TimeS]] = Field(
        default_factory=dict, description="From family, to family: seconds"
    )
    start: Id | None = Field(
        None, description="Family machines are set up for at time 0; None: the first needs no setup"
    )
    rule: Literal["fifo", "same_family_first"] = Field(
        "fifo", description="same_family_first: lots that need no setup are taken before others"
    )

    def seconds(self, before: str | None, after: str) -> float:
        """Return the setup time from one family to another."""
        if before is None or before == after:
            return 0.0
        return self.times_s.get(before, {}).get(after, self.default_s)
