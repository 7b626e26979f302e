"""The data a verdict rests on: cycles, sensors and gaps of one machine or robot; odd cycles."""

from __future__ import annotations

import numpy as np

from twin.diagnose.finding import Judged, OddCycle, lasting
from twin.errors import RunError
from twin.flags.cycle_stream import cycle_of
from twin.flags.flag import name_of
from twin.kpi.ideal import cycles_in_row, nominal_robot_cycles, running_pace
from twin.plant.station import Station
from twin.run.run import Run
from twin.signature import Signature, signature
from twin.signature.score import is_imported

MOST_ODD = 12
"""Odd cycles that are told one by one."""
MOST_MACHINES = 12
"""Machines whose cycles are scored one by one."""


def judge(run: Run, station: Station, resource: str) -> tuple[Judged, Signature | None]:
    """Return what is known of a robot or machine, and the scores of its cycles where it has any."""
    n, observed_s = _cycles(run, station, resource)
    names, silent_s = _sensors(run, resource)
    scores, why = _scores(run, resource) if names else (None, "it has no sensors")
    return (
        Judged(
            resource=resource,
            label=label_of(run, station, resource),
            n=n,
            expected_s=_expected_s(run, station, resource),
            observed_s=observed_s,
            signals=names,
            silent_s=silent_s,
            recorded=_recorded(run, resource),
            odd=_counts(scores),
            usual=dict(scores.baseline) if scores else {},
            not_told=scores.missing if scores else (f"single cycles: {why}",),
        ),
        scores,
    )


def label_of(run: Run, station: Station, resource: str) -> str:
    """Return the name of a robot or machine for people."""
    robot = run.plant.robots.get(resource)
    if robot is not None:
        return name_of(robot.label, robot.id)
    name = name_of(station.label, station.id)
    if station.machines == 1 or resource not in station.machine_ids:
        return name
    return f"{name} {station.machine_ids.index(resource) + 1}"


def oddest(scores: Signature) -> list[OddCycle]:
    """Return the oddest cycles: stops and lost loads before what is merely unusual."""
    told = ["normal", *lasting(_counts(scores))]
    rows = scores.cycles[~scores.cycles["verdict"].isin(told)]
    columns = [c for c in rows.columns if str(c).endswith("_score")]
    worst = rows[columns].abs().max(axis=1)
    plain = (rows["verdict"] == "unusual").astype(int)
    order = np.lexsort((-worst.fillna(0.0).to_numpy(), plain.to_numpy()))
    chosen = rows.iloc[order[:MOST_ODD]].sort_values("start_s")
    return [
        OddCycle(
            resource=scores.resource,
            cycle=int(row["cycle"]),
            start_s=float(row["start_s"]),
            verdict=str(row["verdict"]),
            duration_s=float(row["duration_s"]),
            standstill_s=_known(row.get("standstill_s")),
            load_a=_known(row.get("load_a")),
            signal=str(row["signal"]) if _known(row.get("signal_score")) is not None else None,
            signal_score=_known(row.get("signal_score")),
        )
        for row in chosen.to_dict("records")
    ]


def _known(value: object) -> float | None:
    number = float(value) if isinstance(value, int | float) else float("nan")
    return number if np.isfinite(number) else None


def _scores(run: Run, resource: str) -> tuple[Signature | None, str]:
    try:
        return signature(run, resource), ""
    except RunError as error:
        return None, error.problems[0].what.rstrip(".")


def _counts(scores: Signature | None) -> dict[str, int]:
    if scores is None:
        return {}
    counts = scores.cycles["verdict"].value_counts()
    return {str(word): int(n) for word, n in counts.items()}


def _cycles(run: Run, station: Station, resource: str) -> tuple[int, float | None]:
    """Return number and median length of the cycles, stops left out."""
    if resource in run.plant.robots:
        rows = run.sql(
            "SELECT sum(actual_s) AS s, 1 AS n FROM substeps WHERE robot = ? GROUP BY cycle",
            [resource],
        )
    elif station.kind == "store":
        rows = run.sql("SELECT duration_s AS s, n FROM cycles WHERE machine = ?", [resource])
    else:
        rows = run.sql(
            "SELECT max(duration_s) AS s, sum(n) AS n FROM cycles WHERE machine = ?"
            " GROUP BY start_s",
            [resource],
        )
    if rows.empty:
        return 0, None
    per_row = np.array([1 if resource == station.robot else cycles_in_row(station, n)
                        for n in rows["n"]])  # fmt: skip
    return len(rows), float(np.median(rows["s"].to_numpy(float) / per_row))


def _expected_s(run: Run, station: Station, resource: str) -> float | None:
    """Return what one cycle takes by the plant file; None where that depends on the product."""
    if resource in run.plant.robots:
        return nominal_robot_cycles(run).get(resource)
    cycle = None if station.recipes else cycle_of(station, "")
    return cycle.mean_s * running_pace(station) if cycle is not None else None


def _sensors(run: Run, resource: str) -> tuple[tuple[str, ...], float]:
    """Return the sensors of a resource and the longest time one of them sent nothing."""
    rows = run.sql(
        "SELECT signal::TEXT AS signal, max(gap) AS gap FROM (SELECT signal, time_s - lag(time_s)"
        " OVER (PARTITION BY signal ORDER BY time_s) AS gap FROM signals WHERE resource = ?)"
        " GROUP BY signal ORDER BY 1",
        [resource],
    )
    gap = rows["gap"].max() if len(rows) else 0.0
    return tuple(map(str, rows["signal"])), float(gap) if gap == gap else 0.0  # noqa: PLR0124


def _recorded(run: Run, resource: str) -> float:
    """Return the share of the run in which the state of a resource is known.

    An import writes a gap in its logs as time off shift.
    """
    seconds = run.sql(
        "SELECT coalesce(sum(end_s - start_s), 0) AS s FROM states"
        " WHERE resource = ? AND state <> ?",
        [resource, "off_shift" if is_imported(run) else ""],
    )["s"].iloc[0]
    return min(1.0, float(seconds) / run.horizon_s) if run.horizon_s > 0 else 0.0
