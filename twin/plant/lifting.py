"""Lifting by hand: what people lift at a station, and the air of the place they lift in."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from twin.plant.base import Id, Model, Positive

Coupling = Literal["good", "fair", "poor"]
NotCovered = Literal[
    "one_handed",
    "seated_or_kneeling",
    "restricted_space",
    "unstable_load",
    "while_carrying_or_pushing",
    "wheelbarrow_or_shovel",
    "high_speed",
    "slippery_floor",
]
"""Conditions the revised NIOSH lifting equation does not apply to (its manual, section 1.2)."""

Celsius = Annotated[float, Field(ge=-90, le=60)]


class Hands(Model):
    """Where the hands are at one end of a lift, seen from the person who stands there."""

    h_m: float = Field(
        gt=0,
        le=1.2,
        description="Horizontal distance of the hands from the middle between the ankles",
    )
    v_m: float = Field(ge=0, le=2.5, description="Height of the hands above the floor")
    asymmetry_deg: float = Field(
        0.0, ge=0, le=180, description="Angle of the load out of the straight-ahead direction"
    )


class Lift(Model):
    """Something a person lifts or lowers with two hands at a station, and how often.

    It says what the work asks of people; it takes no time of its own and changes no run.
    """

    label: str = ""
    load_kg: Positive = Field(description="Weight lifted, with its container")
    per: Literal["visit", "lot", "unit"] = Field(
        description="visit: each time workers come to a machine (`attend`); lot: each lot worked "
        "there, as it came in; unit: each unit finished there"
    )
    times: Positive = Field(
        1.0, description="Lifts each time; 0.25: once in four. The workers of a visit share them"
    )
    origin: Hands = Field(description="Where the hands take the load")
    destination: Hands = Field(description="Where they put it down")
    coupling: Coupling = Field(
        description="Grip. good: handles or cut-outs of an optimal container; fair: fingers bent "
        "by 90 degrees under it; poor: anything else"
    )
    significant_control: bool = Field(
        False,
        description="Whether it has to be held, guided or gripped anew where it is put down: then "
        "the worse of both ends counts",
    )
    not_covered: tuple[NotCovered, ...] = Field(
        (), description="Conditions the lifting equation does not apply to; it is not judged then"
    )
    pool: Id | None = Field(
        None, description="Who lifts; default: the pool of `attend`, which must be there otherwise"
    )


class Climate(Model):
    """Air of a zone: its temperature, and its humidity in one of two ways."""

    temperature_c: Celsius
    humidity_pct: float | None = Field(None, ge=0, le=100, description="Relative humidity")
    dew_point_c: Celsius | None = Field(None, description="Dew point, instead of `humidity_pct`")

    @property
    def relative_humidity_pct(self) -> float | None:
        """Relative humidity, from the dew point where that is given; None if neither is.

        Magnus formula with the constants of O. A. Alduchov and R. E. Eskridge, Improved Magnus
        form approximation of saturation vapor pressure, J. Appl. Meteor. 35 (1996) 601-609.
        """
        if self.dew_point_c is None:
            return self.humidity_pct
        return 100.0 * math.exp(_magnus(self.dew_point_c) - _magnus(self.temperature_c))


def _magnus(temperature_c: float) -> float:
    return 17.625 * temperature_c / (243.04 + temperature_c)
