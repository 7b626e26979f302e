"""Tables of a run's key figures and flags, for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from twin.cli.handling import print_handling
from twin.cli.output import clock, say, table

if TYPE_CHECKING:
    from twin.flags import Flag
    from twin.kpi import Kpis
    from twin.kpi.cost import CostKpis

_STATES = ("working", "starved", "blocked", "down")


def print_kpis(kpis: Kpis) -> None:
    """Print the plant's key figures, then one row a station and one a robot sub-step."""
    data = kpis.to_json()
    window = f"{clock(kpis.from_s)} to {clock(kpis.to_s)}"
    table(f"{kpis.run}: {window}, {kpis.status}", ["key figure", "value", "unit"], _headline(data))
    if kpis.cost is not None:
        _print_cost(kpis.cost)
    if data["script"]:
        columns = ["key figure", "value", "unit", "what it is"]
        rows = [_own(name, values) for name, values in data["script"].items()]
        table("Of the script, over the whole run", columns, rows)
    table(
        "Stations",
        ["station", "good/h", "OEE %", "avail. %", "perf. %", "qual. %"]
        + [f"{state} %" for state in _STATES]
        + ["kWh"],
        [_station(name, values) for name, values in data["stations"].items()],
    )
    policy = kpis.oee_policy
    say(f"OEE policy {policy['name']}: {policy['title']}. Planned: {policy['planned_time']}.")
    if kpis.ergonomics is not None:
        print_handling(kpis.ergonomics)
    substeps = [
        [robot, name, *(values.get(key) for key in ("nominal_s", "mean_s", "p95_s", "n"))]
        for robot, found in data["robots"].items()
        for name, values in found["substeps"].items()
    ]
    if substeps:
        table("Robots", ["robot", "sub-step", "nominal s", "mean s", "p95 s", "n"], substeps)


def print_flags(flags: Sequence[Flag]) -> None:
    """Print every flag: what, since when, how much, why."""
    if not flags:
        say("No workcell is below its expectation.")
        return
    table(
        "Flags",
        ["workcell", "resource", "since", "cause", "sub-step", "lost units", "severity"],
        [
            [f.workcell, f.resource, clock(f.since_s), f.cause, f.substep, f.lost_units, f.severity]
            for f in flags
        ],
    )
    for flag in flags:
        say(f"{flag.workcell}: {flag.text}")


def _headline(data: dict[str, Any]) -> list[list[object]]:
    rows: list[list[object]] = []
    for path, definition in data["definitions"].items():
        if "." in path or not isinstance(data.get(path), int | float | None):
            continue
        if path in {"seed", "from_s", "to_s"}:
            continue
        rows.append([path, data.get(path), definition["unit"]])
    return rows


def _print_cost(cost: CostKpis) -> None:
    rows: list[list[object]] = [[kind, value] for kind, value in cost.by_kind.items()]
    rows += [["total", cost.total], ["per good unit", cost.per_good_unit]]
    rows += [["per kWh of cells", cost.per_kwh], ["of scrap", cost.scrap]]
    table("Cost", ["kind", cost.currency], rows)
    if cost.left_out:
        say(f"The plant file gives no cost of: {'; '.join(cost.left_out)}.")


def _own(name: str, values: dict[str, Any]) -> list[object]:
    text = values["definition"]
    why = values.get("why")
    return [name, values["value"], values["unit"], f"{text} ({why})" if why else text]


def _station(name: str, values: dict[str, Any]) -> list[object]:
    oee = values["oee"]
    parts = [oee["oee"], oee["availability"], oee["performance"], oee["quality"]]
    shares = [values["state_shares"].get(state) for state in _STATES]
    percents = [None if p is None else 100.0 * p for p in (*parts, *shares)]
    return [name, values["throughput_per_h"], *percents, values["energy_kwh"]]
