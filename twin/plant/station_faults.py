"""Faults of stations, vehicles, people and data that a scenario can inject: one class per kind."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.plant.base import Id, Model, NonNegative, Positive, Share, TimeS

At = Annotated[TimeS, Field(description="Start, time since the start of the run")]
Until = Annotated[TimeS | None, Field(description="End; None: to the end of the run")]
OneMachine = Annotated[
    Id | None, Field(description="One machine of the station; None: all of them")
]


class TimedFault(Model):
    """What all faults that hold for a time say."""

    at: At
    until: Until = None


class MachineWear(TimedFault):
    """A tool that wears: the cycle time grows linearly until the tool is changed."""

    kind: Literal["machine_wear"]
    station: Id
    machine: OneMachine = None
    growth_per_h: NonNegative = Field(
        0.0, description="Growth of the cycle time per hour, as a share of the usual one"
    )
    growth_per_cycle: NonNegative = Field(
        0.0, description="Growth per cycle, as a share of the usual cycle time"
    )
    reset_by: Id | None = Field(
        None,
        description="Planned maintenance of the station that changes the tool; None: any of them",
    )


class VarianceGrowth(TimedFault):
    """A station whose cycle times spread more around the same mean."""

    kind: Literal["variance_growth"]
    station: Id
    machine: OneMachine = None
    factor: Positive = Field(description="Standard deviation over the usual one")


class MicroStops(TimedFault):
    """Short stops beside those of the plant file, as chance brings them while it works."""

    kind: Literal["micro_stops"]
    station: Id
    machine: OneMachine = None
    per_h: Positive = Field(description="Stops per hour of work of one machine")
    length_s: Positive = Field(description="Mean length of a stop; exponential")


class ScrapBurst(TimedFault):
    """A station that scraps more than usual."""

    kind: Literal["scrap_burst"]
    station: Id
    machine: OneMachine = None
    extra_scrap: Share = Field(description="Share of the otherwise good units that is scrapped")
    product: Id | None = Field(None, description="Only lots of this product; None: all")
    origin: Id | None = Field(
        None,
        description="Only what was made from lots that left this source, station or machine "
        "between `at` and `until`; it is scrapped whenever it comes. None: all, in that time",
    )


class LotEffect(TimedFault):
    """Lots of one origin that take longer at a station: a bad coil, a bad upstream machine."""

    kind: Literal["lot_effect"]
    station: Id
    origin: Id = Field(
        description="Source, station or machine; affected is what is made from lots that leave it "
        "between `at` and `until`, whenever it comes to the station"
    )
    factor: Positive = Field(description="Cycle time of these lots over the usual one")


class ProductEffect(TimedFault):
    """A product that takes longer at a station than the plant file says."""

    kind: Literal["product_effect"]
    station: Id
    product: Id
    factor: Positive = Field(description="Cycle time of this product over the usual one")


class WrongMasterData(Model):
    """A station whose true values differ from what the plant file says, for the whole run.

    The engine takes the true values. The run folder keeps the plant file's, so every expectation
    of key figures and flags is the wrong one.
    """

    kind: Literal["wrong_master_data"]
    station: Id
    cycle_factor: Positive = Field(1.0, description="True over stated cycle time")
    yield_factor: Positive = Field(1.0, description="True over stated yield")
    mtbf_factor: Positive = Field(1.0, description="True over stated time between failures")
    repair_factor: Positive = Field(1.0, description="True over stated time to repair")

    @property
    def at(self) -> float:
        """From the start of the run."""
        return 0.0

    @property
    def until(self) -> None:
        """To the end of the run."""
        return


class SlowRepair(TimedFault):
    """A station whose repairs take longer: a missing spare part, a new crew."""

    kind: Literal["slow_repair"]
    station: Id
    machine: OneMachine = None
    factor: Positive = Field(description="Repair time over the usual one")


class WorkerShortage(TimedFault):
    """A pool of workers or a repair crew that is short of people."""

    kind: Literal["worker_shortage"]
    pool: Id
    missing: int = Field(ge=1, description="Workers fewer on duty than planned")


class BatteryAgeing(TimedFault):
    """Vehicles with old batteries: they hold less, or charge more slowly."""

    kind: Literal["agv_battery_ageing"]
    fleet: Id
    vehicle: Id | None = Field(None, description="One vehicle of the fleet; None: all of them")
    capacity_factor: Positive = Field(1.0, description="Energy held when full over the usual one")
    charge_rate_factor: Positive = Field(1.0, description="Charging power over the usual one")


class LaneClosed(Model):
    """A lane node that no vehicle may drive over: goods left on the road, a spill.

    A vehicle that is there drives on first. Who has to pass waits, as behind a broken vehicle.
    """

    kind: Literal["lane_closed"]
    at: At
    until: TimeS = Field(description="End; a road that is never opened again stops the plant")
    network: Id
    node: Id


StationFault = (
    MachineWear
    | VarianceGrowth
    | MicroStops
    | ScrapBurst
    | LotEffect
    | ProductEffect
    | WrongMasterData
    | SlowRepair
    | WorkerShortage
    | BatteryAgeing
    | LaneClosed
)
"""All of them; part of the union `twin.plant.faults.Fault`."""
