"""Tables of manual handling, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.cli.output import clock, say, table

if TYPE_CHECKING:
    from twin.kpi.ergonomics import (
        Ergonomics,
        StationErgonomics,
        TaskErgonomics,
        WorkerErgonomics,
    )

    Judged = StationErgonomics | TaskErgonomics | WorkerErgonomics

_TOGETHER = "all tasks"
_VALIDITY = {
    "within": "within",
    "not_stated": "conditions not stated",
    "outside": "outside validity",
    "refused": "refused",
}


def print_handling(found: Ergonomics) -> None:
    """Print one row a station: its lifting index and whether the method covers it."""
    table(
        "Manual handling",
        ["station", "CLI", "band", "validity"],
        [
            [name, one.lifting_index, _band(one), _validity(one)]
            for name, one in found.stations.items()
        ],
    )
    _say_reasons(found)


def print_ergonomics(found: Ergonomics) -> None:
    """Print every task of every station, the remedies, and one row a worker."""
    columns = ["station", "task", "kg", "lifts/min", "worst", "duration", "RWL kg", "LI or CLI"]
    rows = [row for name, one in found.stations.items() for row in _tasks(name, one)]
    table("Lifting by hand", [*columns, "band", "validity"], rows)
    for name, station in found.stations.items():
        for task, one in station.tasks.items():
            told = one.why.get("lifting_index") or one.remedy
            if told:
                say(f"{name}, {task}: {told}.")
        if station.why and len(station.tasks) > 1:
            say(f"{name}, {_TOGETHER}: {station.why['lifting_index']}.")
    _say_reasons(found)
    _print_workers(found)
    say(f"{found.method}.")


def _tasks(name: str, station: StationErgonomics) -> list[list[object]]:
    """Return a row a task, and one of all of them where there are several."""
    rows: list[list[object]] = []
    for task, one in station.tasks.items():
        rate = [one.lifts_per_min, one.worst_lifts_per_min, station.duration]
        judged = [one.rwl_kg, one.lifting_index, _band(one), _validity(one)]
        rows.append([name, task, one.load_kg, *rate, *judged])
    if len(rows) > 1:
        judged = [station.lifting_index, _band(station), _validity(station)]
        rows.append([name, _TOGETHER, None, None, None, station.duration, None, *judged])
    return rows


def _print_workers(found: Ergonomics) -> None:
    table(
        "People",
        ["worker", "lifts", "CLI", "band", "validity", "walked m", "at work", "in dry rooms"],
        [
            [
                name,
                one.lifts,
                one.lifting_index,
                _band(one),
                _validity(one),
                one.walked_m,
                clock(one.at_work_s),
                clock(one.dry_room_s),
            ]
            for name, one in found.workers.items()
        ],
    )


def _band(one: Judged) -> str | None:
    if one.lifting_index is None and one.validity in {"within", "not_stated"}:
        why = one.why.get("lifting_index", "")
        return "not permitted" if why.startswith("not permitted") else None
    return one.band


def _validity(one: Judged) -> str | None:
    return None if one.validity is None else _VALIDITY[one.validity]


def _say_reasons(found: Ergonomics) -> None:
    """Say why the method does not cover some stations."""
    where: dict[str, list[str]] = {}
    for name, station in found.stations.items():
        for one in station.tasks.values():
            if one.validity in {"outside", "refused"}:
                reason = "; ".join(one.reasons)
                where.setdefault(reason, []).append(name)
    for reason, names in where.items():
        stations = ", ".join(dict.fromkeys(names))
        say(f"Outside the method's validity, no judgement: {stations} ({reason}).")
