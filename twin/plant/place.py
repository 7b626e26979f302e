"""Places where lots wait or travel on their own: buffers, conveyors, sources, sinks."""

from __future__ import annotations

from pydantic import Field

from twin.plant.base import Duration, Id, Model, NonNegative, Positive, Vec2, Vec3
from twin.plant.lifting import Climate
from twin.plant.routing import Demand, Release


class Buffer(Model):
    """A place for lots between stations; its capacity excludes what is inside stations."""

    id: Id
    label: str = ""
    item: Id = Field(description="Item kept here")
    capacity: int = Field(
        ge=0,
        description="Lots; 0: nothing is stored, a station hands its lots straight to the next one "
        "and keeps each until that takes it over",
    )
    initial: int | None = Field(
        None, ge=0, description="Lots at time 0 (default: 0 if empty start, half if steady)"
    )
    kanban: int | None = Field(
        None,
        ge=1,
        description="Cards: a station that puts here starts only while fewer lots are here and "
        "in work for here",
    )
    position_m: Vec3 = Field(description="Centre of the footprint on the floor")
    heading_deg: float = 0.0
    size_m: Vec3 = Field(description="Length, width, height")


class Conveyor(Model):
    """An accumulating conveyor: a first-in first-out place with a minimum travel time."""

    id: Id
    label: str = ""
    item: Id
    capacity: int = Field(ge=1, description="Lots that fit on it")
    path_m: list[Vec2] = Field(min_length=2, description="Centre line, in flow direction")
    speed_mps: Positive
    height_m: Positive = Field(0.9, description="Top of belt above the floor")
    width_m: Positive = 0.5
    initial: int | None = Field(None, ge=0)


class Source(Model):
    """Lots that enter the plant. Without `interval` it supplies whenever there is room."""

    id: Id
    label: str = ""
    item: Id
    units_per_lot: int | None = Field(None, ge=1, description="Default: the item's")
    put: Id = Field(description="Place that receives the lots")
    interval: Duration | None = Field(None, description="Time between lots; None: unlimited")
    product: Id | None = Field(None, description="Product its lots are to become")
    mix: dict[Id, Positive] = Field(
        default_factory=dict,
        description="Product by relative weight: each lot is drawn, instead of `product`",
    )
    orders: bool = Field(False, description="Brings the lots of `orders`, and nothing else")
    release: Release | None = Field(None, description="What else must hold for the next lot")
    position_m: Vec3
    size_m: Vec3 = (3.0, 3.0, 0.1)


class Sink(Model):
    """Where finished lots leave the plant."""

    id: Id
    label: str = ""
    demand: Demand | None = Field(None, description="Accepts lots on demand only; None: any time")
    position_m: Vec3
    size_m: Vec3 = (3.0, 3.0, 0.1)


class Zone(Model):
    """A named rectangle of floor with a meaning: dry room, high-bay, walkway, robot cell."""

    id: Id
    label: str = ""
    kind: str = Field(
        pattern=r"^(dry_room|high_bay|walkway|agv_aisle|robot_cell|restricted|airlock|office)$"
    )
    corner_m: Vec2 = Field(description="Lower-left corner")
    size_m: Vec2
    height_m: NonNegative = Field(0.0, description="Height of its walls; 0: a floor marking only")
    max_people: int | None = None
    climate: Climate | None = Field(None, description="Its air; changes no run")
