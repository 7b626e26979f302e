"""Streams of cycle times, one for each machine and product, and the shifts in them.

What is expected is what the plant file says, and what identical machines do: the other machines of
the station, and stations that differ in name and place only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from twin.flags.detector import Design, Known, Options, Peers
from twin.flags.detector.channels import WARM
from twin.flags.detector.frame import Floats
from twin.flags.detector.peers import Level, agree, joined, level_of, peers_of
from twin.flags.shift import Shift, shifts
from twin.kpi.ideal import cycles_in_row, running_pace
from twin.plant.base import Duration
from twin.plant.station import Station
from twin.run.run import Run

LEAST_SHARE = 0.02
"""Smallest relative shift of the cycle time worth a flag; half of it keeps one open."""

DESIGN, PEERS, BOTH = "design", "peers", "design and peers"
"""What a cycle is expected by."""

PLACES = (
    "id", "label", "machines", "position_m", "pitch_m", "heading_deg", "take", "put", "workcell",
    "route", "robot",
)  # fmt: skip
"""Fields in which stations that do the same may differ."""


@dataclass(frozen=True)
class CycleShift:
    """A shift in the cycles of one machine with one product."""

    machine: str
    product: str
    n_units: int
    shift: Shift
    expected_by: str = DESIGN
    n_peers: int = 0

    @property
    def family(self) -> str:
        """Shifts of one family are one finding."""
        cause = self.shift.cause
        if cause in {"slow", "fast", "drift"}:
            return "up" if self.shift.effect > 0 else "down"
        return cause


def cycle_of(station: Station, product: str) -> Duration | None:
    """Return the cycle of a station with a product by the plant file."""
    recipe = station.recipe(product)
    return station.cycle if recipe is None or recipe.cycle is None else recipe.cycle


@dataclass(frozen=True)
class Stream:
    """The cycles of one machine with one product, and what the plant file says of them."""

    station: Station
    machine: str
    product: str
    durations: Floats
    starts: Floats
    n: npt.NDArray[np.int64]
    design: Design
    level: Level | None


def streams_of(station: Station, rows: pd.DataFrame) -> Iterator[Stream]:
    """Yield the streams of a station, of its rows in `cycles` with their products."""
    for (machine, product), mine in rows.groupby(["machine", "product"], observed=True):
        cycle = cycle_of(station, str(product))
        if cycle is not None and cycle.mean_s > 0:
            yield _stream(station, str(machine), str(product), cycle=cycle, rows=mine)


def _stream(
    station: Station, machine: str, product: str, *, cycle: Duration, rows: pd.DataFrame
) -> Stream:
    if station.kind != "store":  # rows that share a start are one cycle
        sums = rows.groupby("start_s").agg(duration_s=("duration_s", "first"), n=("n", "sum"))
        rows = sums.reset_index()
    starts: Floats = rows["start_s"].to_numpy(dtype=np.float64)
    cycles = np.array([cycles_in_row(station, n) for n in rows["n"]])
    durations: Floats = rows["duration_s"].to_numpy(dtype=np.float64) / cycles
    cv = cycle.variation / float(np.sqrt(np.median(cycles)))
    return Stream(
        station, machine, product, durations, starts, rows["n"].to_numpy(dtype=np.int64),
        Design(cycle.mean_s * running_pace(station), cv), level_of(durations),
    )  # fmt: skip


def stream_shifts(run: Run, one: Stream, streams: dict[str, list[Stream]]) -> Iterator[CycleShift]:
    """Find shifts of a stream from its design, and from its peers where those are off it.

    Where the peers run as designed, both together are what is expected. Where they do not, all
    are off their design for one reason; what one is off from the others is its own.
    """
    peers = peers_of([p.level for p in _peers(one, streams) if p.level is not None])
    if peers is None:
        yield from _shifts_from(run, one, one.design, DESIGN)
    elif agree(one.design, peers):
        yield from _shifts_from(run, one, joined(one.design, peers), BOTH)
    else:
        yield from _shifts_from(run, one, one.design, DESIGN)
        for shift in _shifts_from(run, one, peers, PEERS):
            if shift.shift.first < WARM and shift.shift.cause in {"slow", "fast"}:
                yield shift


def _shifts_from(run: Run, one: Stream, known: Known, expected_by: str) -> Iterator[CycleShift]:
    spread = max(1.25, 1.0 + LEAST_SHARE / one.design.sd)
    options = Options(least_level=LEAST_SHARE, least_spread=spread)
    n_peers = known.n if isinstance(known, Peers) else 0
    for shift in shifts(one.durations, one.starts, known, options, end_s=run.horizon_s):
        n_units = int(one.n[shift.first : shift.stop].sum())
        yield CycleShift(one.machine, one.product, n_units, shift, expected_by, n_peers)


def _peers(one: Stream, streams: dict[str, list[Stream]]) -> Iterator[Stream]:
    """Yield the streams of other machines that do the same: of the station, and of equal ones."""
    for others in streams.values():
        for other in others:
            if (
                other.product == one.product
                and other.machine != one.machine
                and _alike(one.station, other.station)
            ):
                yield other


def _alike(one: Station, other: Station) -> bool:
    """Whether stations differ in name and place only."""
    return one.id == other.id or (
        one.kind == other.kind
        and one.cycle == other.cycle
        and one.model_copy(update={name: getattr(other, name) for name in PLACES}) == other
    )
