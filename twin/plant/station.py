"""Stations: where work is done on lots."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from twin.plant.base import Duration, Fraction, Id, Model, NonNegative, Positive, TimeS, Vec2, Vec3
from twin.plant.failure import Breakdown, Maintenance
from twin.plant.lifting import Lift
from twin.plant.people import Attend
from twin.plant.recipe import Changeover, Recipe
from twin.plant.routing import Part, PickRule, Result, Route
from twin.plant.vibration_class import VibrationClass

StationKind = Literal["discrete", "robot", "web", "assembly", "batch", "store"]


class Take(Model):
    """One input of a station."""

    place: Id = Field(alias="from", description="Buffer, conveyor, source-fed buffer or store")
    units: int = Field(
        1, ge=1, description="Units needed for one product (assembly); otherwise whole lots move"
    )
    priority: int = Field(0, description="pick: priority takes the smallest number first")


class Power(Model):
    """Electric power of one machine by state."""

    working_kw: NonNegative = 0.0
    idle_kw: NonNegative = Field(0.0, description="Starved, blocked, waiting, setup")
    down_kw: NonNegative = 0.0


class Rack(Model):
    """Slots of one store tower, seen from the crane aisle."""

    columns: int = Field(ge=1)
    levels: int = Field(ge=1)
    deep: int = Field(1, ge=1, description="Lots behind each other in one slot position")

    @property
    def slots(self) -> int:
        """Lots one tower holds."""
        return self.columns * self.levels * self.deep


class Station(Model):
    """One production step: `machines` identical machines with a common input and output.

    Kinds: ``discrete`` and ``robot`` work through the units of a lot one cycle after the other
    (a robot's cycle is its program); ``web`` cuts a roll into lots; ``assembly`` joins inputs into
    one product; ``batch`` treats several lots together; ``store`` keeps each lot for its duration
    in a slot, and is itself a place other steps can take from and put to.
    """

    id: Id
    label: str = ""
    kind: StationKind
    machines: int = Field(1, ge=1, description="Identical machines (towers of a store)")
    position_m: Vec3 = Field(description="Centre of the first machine's footprint on the floor")
    pitch_m: Vec2 = Field((0.0, 0.0), description="Offset from one machine to the next")
    heading_deg: float = 0.0
    size_m: Vec3 = Field(description="Length, width, height of one machine")
    vibration_class: VibrationClass | None = Field(
        None,
        description="Vibration zones of its machines: class I to IV of ISO 10816-1, or group and "
        "support of ISO 10816-3; default: assumed from `power.working_kw`",
    )
    asset: str = Field(
        "",
        description="Look: the name of an asset, or a USD file, relative to this one; default: "
        "chosen by the station's type name or kind",
    )

    take: list[Take] = Field(default_factory=list, description="Inputs; a store may have none")
    pick: PickRule | None = Field(
        None, description="Rule for the next lot where there are several inputs (no assembly)"
    )
    dispatch: Id = Field(
        "fifo",
        description="Rule for the next lot of an input: fifo, priority, earliest_due_date, "
        "shortest_processing_time, or a rule of your own",
    )
    loading: Literal["one_by_one", "simultaneous"] = Field(
        "one_by_one",
        description="assembly: components are loaded as they come, or all at once when all are "
        "there",
    )
    put: Id | None = Field(None, description="Place that receives the output")
    route: Route | None = Field(None, description="Several ways out, instead of `put`")
    parts: list[Part] = Field(
        default_factory=list, description="Each unit is taken apart into these, instead of passed"
    )
    results: list[Result] = Field(
        default_factory=list, description="Outcomes of an inspection; a way of `route` for each"
    )
    product: Id | None = Field(None, description="Item produced; None: what came in")
    units_per_lot_out: int | None = Field(
        None, ge=1, description="Units collected into one outgoing lot; None: lots stay together"
    )

    cycle: Duration | None = Field(
        None,
        description="discrete: per cycle of `units_per_cycle`; web: per unit; assembly: per "
        "product; batch: per batch; store: per lot. A robot station has none",
    )
    units_per_cycle: int = Field(1, ge=1)
    units_per_m: Positive | None = Field(
        None, description="web: units made from one unit (metre, kilogram) of what comes in"
    )
    record: Literal["unit", "lot"] = Field(
        "unit",
        description="What is one row in the table of cycles, and one draw: a unit, or a whole lot "
        "(web, batch, and discrete without robot), for sheets and metres that are not followed "
        "one by one",
    )
    lanes: int | None = Field(
        None,
        ge=1,
        description="web with `record: lot`: a roll becomes this many rolls that leave together "
        "(1: it stays one roll); None: full lots of the product leave one by one",
    )
    batch_lots: int = Field(1, ge=1, description="batch: lots of a full batch")
    batch_min_lots: int | None = Field(
        None, ge=1, description="batch: lots needed to start; default: a full batch"
    )
    max_wait: TimeS = Field(
        0.0,
        description="batch: how long the first lot waits for a full batch; then the batch starts "
        "with what it has, if that is `batch_min_lots` or more, else as soon as it is",
    )
    batch_mix: Literal["any", "family", "product"] = Field(
        "any", description="batch: what the lots of one batch must have in common"
    )
    rack: Rack | None = Field(None, description="store: slots of one tower")
    crane: Id | None = Field(None, description="store: the crane that serves it")
    recipes: list[Recipe] = Field(
        default_factory=list,
        description="What differs from product to product. Without a `cycle` of its own, the "
        "station does these products only",
    )
    changeover: Changeover | None = Field(None, description="Setup between product families")
    performance: Fraction = Field(
        1.0,
        description="Share of running time at nominal speed; the rest is minor stops, or "
        "slower running where `minor_stop_s` is 0",
    )
    minor_stop_s: NonNegative = Field(0.0, description="Mean length of one minor stop")
    yield_: Fraction = Field(1.0, alias="yield", description="Good over processed units")
    breakdown: Breakdown | None = Field(None, description="Failures of one kind")
    breakdowns: dict[Id, Breakdown] = Field(
        default_factory=dict, description="Failures of several kinds, by name, instead"
    )
    maintenance: dict[Id, Maintenance] = Field(
        default_factory=dict, description="Planned maintenance, by name; not for stores"
    )
    calendar: Id | None = Field(
        None, description="When it is worked; default: the line's, then the plant's, else always"
    )
    off_shift: Literal["finish", "pause", "run_through"] = Field(
        "finish",
        description="When its calendar closes: finish the cycle in work, pause it, or do not stop "
        "at all. Stores always run through",
    )
    priority: int = Field(
        0, description="Calls of its machines for workers: the highest first, then the longest wait"
    )
    attend: Attend | None = None
    lifts: dict[Id, Lift] = Field(
        default_factory=dict, description="What people lift here by hand, by name; changes no run"
    )
    setup_s: TimeS = Field(0.0, description="web: change of roll")
    power: Power = Power()
    robot: Id | None = Field(None, description="robot: the robot whose program is the cycle")
    workcell: str = Field("", description="Set by the loader: the workcell that holds it")
    line: str = Field("", description="Set by the loader: the line that holds it")

    @property
    def failure_modes(self) -> dict[str, Breakdown]:
        """Kinds of failure by name; the one of `breakdown` has the name ``breakdown``."""
        return {"breakdown": self.breakdown} if self.breakdown else self.breakdowns

    @property
    def machine_ids(self) -> tuple[str, ...]:
        """Ids of the machines: the station's own where there is one, else ``stack_1``..."""
        if self.machines == 1:
            return (self.id,)
        return tuple(f"{self.id}_{k + 1}" for k in range(self.machines))

    @property
    def puts(self) -> tuple[str, ...]:
        """Every place it puts to."""
        if self.route is not None:
            return tuple(way.to for way in self.route.ways)
        return () if self.put is None else (self.put,)

    @property
    def mean_cycle_s(self) -> float:
        """Mean of its `cycle`; without one, of its recipes, each counted once."""
        if self.cycle is not None:
            return self.cycle.mean_s
        means = [recipe.cycle.mean_s for recipe in self.recipes if recipe.cycle is not None]
        return sum(means) / len(means) if means else 0.0

    def recipe(self, product: str) -> Recipe | None:
        """What it does with a product, where that differs; None: as with every other."""
        return next((r for r in self.recipes if r.product == product), None)

    def machine_position_m(self, index: int) -> Vec3:
        """Floor position of the machine with this index (0-based)."""
        x, y, z = self.position_m
        return (x + index * self.pitch_m[0], y + index * self.pitch_m[1], z)
