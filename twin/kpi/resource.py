# ruff: noqa: S608 - queries are made of column names and numbers only
"""KPIs of what serves the stations: robots, vehicles, cranes, workers, buffers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from twin.kpi.reasons import Reasons
from twin.kpi.records import seconds_in
from twin.kpi.sources import Sources
from twin.kpi.state_map import BUSY_STATES

NOTHING_STORED = "its capacity is 0: lots are handed over without being stored"


@dataclass(frozen=True)
class BufferKpis:
    """Level of one buffer, conveyor or store, in lots."""

    mean_level: float
    max_level: int
    min_level: int
    final_level: int
    capacity: int
    fill_share: float | None
    why: dict[str, str] = field(default_factory=dict)


def buffer_kpis(sources: Sources) -> dict[str, BufferKpis]:
    """Compute the KPIs of every buffer, conveyor and store."""
    plant = sources.run.plant
    capacities = {b.id: b.capacity for b in plant.buffers.values()}
    capacities |= {c.id: c.capacity for c in plant.conveyors.values()}
    for store in plant.stores.values():
        capacities[store.id] = store.machines * (store.rack.slots if store.rack else 1)
    found = {}
    for place, capacity in capacities.items():
        sums = sources.levels.get(place)
        mean = sums.mean if sums else 0.0
        why = Reasons()
        found[place] = BufferKpis(
            mean_level=mean,
            max_level=sums.highest if sums else 0,
            min_level=sums.lowest if sums else 0,
            final_level=sums.final if sums else 0,
            capacity=capacity,
            fill_share=why.ratio("fill_share", mean, capacity, NOTHING_STORED),
            why=why.why,
        )
    return found


@dataclass(frozen=True)
class ResourceKpis:
    """Use of a fleet, a crane, a pool of workers or a robot."""

    members: int
    utilisation: float | None
    loaded_share: float | None
    trips: int
    distance_m: float | None
    state_shares: dict[str, float]
    why: dict[str, str] = field(default_factory=dict)


def resource_kpis(sources: Sources, kind: str, members: Iterable[str]) -> ResourceKpis:
    """Compute the use of the resources `members` of one kind (see `BUSY_STATES`)."""
    ids = tuple(members)
    total = sources.times_of(ids)
    why = Reasons()
    recorded = sum(total.values()) or None
    present = (recorded or 0.0) - seconds_in(total, ("off_shift",))
    no_time = "no states are recorded" if recorded is None else "nobody was present"
    busy_s = seconds_in(total, BUSY_STATES[kind])
    moved = [sources.moves[m] for m in ids if m in sources.moves]
    return ResourceKpis(
        members=len(ids),
        utilisation=why.ratio("utilisation", busy_s, present, no_time),
        loaded_share=why.ratio("loaded_share", seconds_in(total, ("loaded",)), present, no_time),
        trips=sum(m.jobs for m in moved),
        distance_m=sum(m.distance_m for m in moved),
        state_shares={
            state: seconds_in(total, (state,)) / recorded
            for state in sorted({state for state, _ in total})
            if recorded
        },
        why=why.why,
    )


@dataclass(frozen=True)
class SubstepKpis:
    """One sub-step of a robot program over all cycles of the window, in seconds."""

    name: str
    nominal_s: float
    mean_s: float
    p95_s: float
    n: int


@dataclass(frozen=True)
class RobotKpis:
    """One robot: cycles, use and its sub-steps in the order of the program."""

    station: str | None
    cycles: int
    mean_cycle_s: float | None
    nominal_cycle_s: float | None
    utilisation: float | None
    substeps: dict[str, SubstepKpis]
    why: dict[str, str] = field(default_factory=dict)


def robot_kpis(sources: Sources) -> dict[str, RobotKpis]:
    """Compute the KPIs of every robot."""
    plant = sources.run.plant
    station_of = {s.robot: s.id for s in plant.stations.values() if s.robot}
    steps = _substeps(sources)
    found = {}
    for robot in plant.robots:
        mine = steps.get(robot, {})
        why = Reasons()
        n = max((s.n for s in mine.values()), default=0)
        none = "it did not work in the window"
        total_s = sum(s.mean_s for s in mine.values())
        found[robot] = RobotKpis(
            station=station_of.get(robot),
            cycles=n,
            mean_cycle_s=why.value("mean_cycle_s", total_s if n else None, none),
            nominal_cycle_s=why.value(
                "nominal_cycle_s", sources.robot_cycles_s.get(robot), "it never worked"
            ),
            utilisation=why.ratio(
                "utilisation",
                sum(s.mean_s * s.n for s in mine.values()),
                sources.window.length_s,
                "the window is empty",
            ),
            substeps=mine,
            why=why.why,
        )
    return found


def _substeps(sources: Sources) -> dict[str, dict[str, SubstepKpis]]:
    window = sources.window
    rows = sources.run.sql(
        "SELECT robot, step, any_value(name), avg(nominal_s), avg(actual_s),"
        " quantile_cont(actual_s, 0.95), count(*) FROM substeps"
        f" WHERE start_s >= {window.from_s!r} AND start_s + actual_s <= {window.to_s!r}"
        " GROUP BY robot, step ORDER BY robot, step"
    )
    found: dict[str, dict[str, SubstepKpis]] = {}
    for robot, step, name, nominal, mean, p95, n in rows.itertuples(index=False):
        mine = found.setdefault(str(robot), {})
        key = str(name) if str(name) not in mine else f"{name}_{step}"
        mine[key] = SubstepKpis(str(name), float(nominal), float(mean), float(p95), int(n))
    return found
