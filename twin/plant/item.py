"""What flows: products and items (roll, sheet, stack, battery cell) with their carriers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from twin.plant.base import Fraction, Id, Model, NonNegative, Positive, Vec3


class Item(Model):
    """A kind of thing that flows, and the carrier it travels in."""

    id: Id
    label: str = Field("", description="Name for people")
    unit: str = Field("piece", description="What one unit is: piece, sheet, m")
    units_per_lot: int = Field(1, ge=1, description="Units in a full lot (the transfer unit)")
    carrier: Literal["none", "coil", "magazine", "tray", "box"] = Field(
        "none", description="What the lot travels in; decides its look"
    )
    size_m: Vec3 = Field((0.3, 0.1, 0.1), description="Outer size of one loaded lot")
    mass_kg: NonNegative = Field(0.0, description="Mass of one full lot")
    product: bool = Field(False, description="Counts as product (battery cell) in WIP and yield")


class Product(Model):
    """What the plant is built to make."""

    id: Id
    label: str = ""
    energy_wh: Positive = Field(description="Energy of one good battery cell")
    item: Id = Field(description="Item that leaves the plant as finished product")
    family: Id | None = Field(None, description="Setup family; None: the product is its own")
    priority: int = Field(0, description="Where its lots belong to no order")


class Nameplate(Model):
    """The plan the plant is judged against."""

    gwh_per_year: Positive
    operating_h_per_year: Positive
    expected_yield: Fraction = Field(description="Good over started, whole chain")
