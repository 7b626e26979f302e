"""What everything was doing at one moment, and whether that needs attention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.text import cause_text, words
from twin.flags import Flag
from twin.kpi.state_map import MINOR_STOP
from twin.plant.plant import Plant, Workcell
from twin.run.run import Run

Level = Literal["normal", "warning", "critical"]

STOPPED = ("down", "waiting_repair", "protective_stop")
"""States that need somebody; minor stops excepted."""


@dataclass(frozen=True)
class ResourceState:
    """State of one machine, robot, vehicle, crane or worker."""

    state: str
    reason: str
    since_s: float
    until_s: float

    @property
    def stopped(self) -> bool:
        """Whether somebody has to come."""
        return self.state in STOPPED and self.reason != MINOR_STOP

    @property
    def text(self) -> str:
        """The state for people."""
        if self.state == "down" and self.reason == MINOR_STOP:
            return "minor stop"
        return self.state.replace("_", " ")


@dataclass(frozen=True)
class Condition:
    """Whether a workcell needs attention, and why."""

    level: Level
    text: str

    @property
    def icon(self) -> str:
        """Name of its icon."""
        return {"normal": "", "warning": "warning", "critical": "critical"}[self.level]


def states_at(run: Run, t_s: float) -> dict[str, ResourceState]:
    """Return the state of every resource at a time."""
    moment_s = min(t_s, run.horizon_s - 1e-6)
    rows = run.sql(
        "SELECT resource, state, reason, start_s, end_s FROM states"
        " WHERE start_s <= ? AND end_s > ? ORDER BY resource",
        [moment_s, moment_s],
    )
    return {
        str(r): ResourceState(str(s), str(why), float(a), float(b))
        for r, s, why, a, b in rows.itertuples(index=False)
    }


def levels_at(run: Run, t_s: float) -> dict[str, int]:
    """Return the lots in every place at a time."""
    rows = run.sql(
        "SELECT place, CAST(sum(change) AS BIGINT) FROM levels WHERE time_s <= ? GROUP BY place",
        [t_s],
    )
    return {str(place): int(n) for place, n in rows.itertuples(index=False)}


def active(flags: Iterable[Flag], t_s: float) -> list[Flag]:
    """Return the flags that hold at a time (those still open hold at the end, too)."""
    return [
        f
        for f in flags
        if f.since_s <= t_s and (t_s < f.until_s or (t_s == f.until_s and is_open(f)))
    ]


def is_open(flag: Flag) -> bool:
    """Whether the finding goes on at the end of the run."""
    return bool(flag.evidence.get("open"))


def worst(flags: Sequence[Flag]) -> Flag | None:
    """Return the most severe flag, of equals the one that costs most."""
    return min(flags, key=lambda f: (f.severity != "critical", -f.lost_units), default=None)


def condition(
    workcell: Workcell,
    states: Mapping[str, ResourceState],
    flags: Sequence[Flag],
    levels: Mapping[str, int] | None = None,
) -> Condition:
    """Return the condition of a workcell.

    Parameters
    ----------
    workcell : Workcell
    states : mapping
        States at the moment, by resource.
    flags : sequence of Flag
        Flags that hold at the moment.
    levels : mapping, optional
        Lots by place; tell of a workcell of stores alone how full it is.
    """
    machines = [m for s in workcell.stations for m in s.machine_ids if m in states]
    stopped = [m for m in machines if states[m].stopped]
    flag = worst([f for f in flags if f.workcell == workcell.id])
    if stopped and len(stopped) == len(machines):
        return Condition("critical", _count("stopped", len(stopped), len(machines)))
    if flag is not None:
        return Condition(flag.severity, cause_text(flag.cause))
    if stopped:
        return Condition("warning", _count("stopped", len(stopped), len(machines)))
    usual = _usual(Counter(states[m].text for m in machines))
    return Condition("normal", usual or _filling(workcell, levels or {}))


def _usual(texts: Counter[str]) -> str:
    if not texts:
        return ""
    text = "working" if texts.get("working") else texts.most_common(1)[0][0]
    return _count(text, texts[text], texts.total())


def _filling(workcell: Workcell, levels: Mapping[str, int]) -> str:
    racks = [s for s in workcell.stations if s.rack is not None]
    slots = sum(s.machines * s.rack.slots for s in racks if s.rack)
    if not slots:
        return "no machines"
    return f"{100 * sum(levels.get(s.id, 0) for s in racks) / slots:.0f} % full"


def _count(text: str, n: int, total: int) -> str:
    return text if total == 1 else f"{n} of {total} {text}"


def resource_label(plant: Plant, name: str) -> str:
    """Return the name for people of any machine, robot, place, vehicle, crane or worker."""
    found = _labels(plant).get(name)
    return found or words(name)


def _labels(plant: Plant) -> dict[str, str]:
    found = {s.id: s.label for s in plant.stations.values()}
    found |= {s.id: s.label for s in plant.sources} | {s.id: s.label for s in plant.sinks}
    found |= {r.id: r.label for r in plant.robots.values()}
    found |= {b.id: b.label for b in plant.buffers.values()}
    found |= {c.id: c.label for c in plant.conveyors.values()}
    found |= {c.id: c.label for c in plant.cranes}
    groups = [(s.id, s.label, s.machine_ids) for s in plant.stations.values() if s.machines > 1]
    groups += [(f.id, f.label, f.vehicle_ids) for f in plant.fleets]
    groups += [(p.id, p.label, p.worker_ids) for p in plant.pools]
    for group, label, members in groups:
        name = label or group.replace("_", " ")
        found |= {member: f"{name} {k + 1}" for k, member in enumerate(members)}
    return found
