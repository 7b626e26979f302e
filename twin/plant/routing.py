"""Where lots go next and what they come from: routes, results of inspection, dispatch, release."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from twin.plant.base import Duration, Fraction, Id, Model, Positive, TimeS

SCRAP = "scrap"
"""The result of an inspection that ends the life of a unit."""
REWORK = "rework"
"""The result that counts neither as good nor as scrap."""

PickRule = Literal["priority", "round_robin", "longest", "oldest"]


class Way(Model):
    """One way out of a station. A lot may go it if its result and its product are listed."""

    to: Id = Field(description="Place that receives the lots")
    share: Positive | None = Field(None, description="rule share: relative weight of this way")
    priority: int = Field(0, description="rule priority: the smallest number is tried first")
    results: list[str] = Field(
        default_factory=list, description="Only lots with one of these results; empty: any"
    )
    products: list[Id] = Field(
        default_factory=list, description="Only lots of one of these products; empty: any"
    )
    max_passes: int | None = Field(
        None,
        ge=1,
        description="Makes this a rework route: it may lead back, and a lot that has gone it so "
        "often is scrapped instead. A cyclic route must contain such a way",
    )


class Route(Model):
    """Several ways out of a station, and the rule that chooses among those a lot may go.

    ``priority``: the first with room, by `priority`. ``least_full``: the one with room that is
    filled least. ``round_robin``: one after the other. ``share``: by lot, with the given weights.
    The first two wait at all ways if none has room; the last two wait at the one chosen.
    Ties go by the id of the place, never by the order in the file.
    """

    rule: Literal["priority", "least_full", "round_robin", "share"] = "priority"
    ways: list[Way] = Field(min_length=1)


class Result(Model):
    """One outcome of an inspection, unit by unit."""

    name: Id = Field(description="ok, rework, scrap or a grade of your own; scrap leaves the plant")
    share: Fraction = Field(description="Probability; those of a station add up to 1")


class Part(Model):
    """What one unit is taken apart into."""

    item: Id
    units: int = Field(1, ge=1, description="Units of the item from one unit")


class Release(Model):
    """When a source may bring its next lot (without it: whenever there is room).

    ``conwip``: only while fewer than `wip` of its lots are in the section that ends at `until`.
    """

    kind: Literal["conwip"]
    wip: int = Field(ge=1, description="Lots of this source allowed in the section")
    until: Id = Field(
        description="Station whose output, or sink whose input, ends the section; a lot that is "
        "scrapped or used up leaves it too, one sent to rework does not"
    )


class Demand(Model):
    """Pull by a sink: it accepts one lot for each demand; demands without a lot are backlog."""

    interval: Duration = Field(description="Time between two demands of one lot")


class Order(Model):
    """Something to be made: so many units of a product, in time."""

    id: Id
    product: Id
    units: int = Field(ge=1, description="Units to be started")
    release: TimeS = Field(0.0, description="Not started before this time of the run")
    due: TimeS | None = Field(None, description="To be finished by this time of the run")
    priority: int = Field(0, description="dispatch: priority takes the largest number first")
    source: Id | None = Field(
        None,
        alias="from",
        description="Source with `orders: true` that brings it; default: the only one",
    )
