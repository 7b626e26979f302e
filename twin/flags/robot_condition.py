"""Robots that are stopped, wear, or lose a sensor, though their sub-steps take the usual time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from twin.flags.flag import Flag, name_of, period, severity_of
from twin.flags.impact import impact
from twin.flags.robot_cause import as_evidence, robot_cause
from twin.flags.robot_dropout import silent_sensors
from twin.kpi.ideal import ideal_row_s, nominal_robot_cycles
from twin.plant.robot import Robot
from twin.plant.station import Station
from twin.run.run import Run

Floats = npt.NDArray[np.float64]

STOP_ALPHA = 1e-4
"""Highest p-value of protective stops coming more often from some time on."""
LEAST_STOPS = 5
LEAST_STOP_SHARE = 0.005
"""Smallest share of time in protective stops worth a flag."""
LEAST_RISE = 0.25
"""Smallest rise of the vibration worth a flag ..."""
RISE_ERRORS = 8.0
"""... and in standard errors of the two means."""
LEAST_VALUES = 40
_PARTS = 200


def condition_flags(run: Run) -> Iterator[Flag]:
    """Find protective stops, worn bearings and silent sensors of robots."""
    stations = {s.robot: s for s in run.plant.stations.values() if s.robot}
    for robot in run.plant.robots.values():
        station = stations.get(robot.id)
        if station is not None:
            yield from _stop_flags(run, robot, station)
            yield from _vibration_flags(run, robot, station)
            yield from _sensor_flags(run, robot, station)


@dataclass(frozen=True)
class Finding:
    """What a test found, in the words of a flag."""

    since_s: float
    until_s: float
    expected: float
    observed: float
    unit: str
    n: int
    p_value: float
    method: str
    text: str
    lost_s: float = 0.0


def _stop_flags(run: Run, robot: Robot, station: Station) -> Iterator[Flag]:
    """Test for the moment from which protective stops come more often than before."""
    rows = run.sql(
        "SELECT start_s, end_s - start_s AS length_s FROM states WHERE resource = ?"
        " AND kind = 'robot' AND state = 'protective_stop' ORDER BY start_s",
        [robot.id],
    )
    begin, length = rows["start_s"].to_numpy(float), rows["length_s"].to_numpy(float)
    if len(begin) < LEAST_STOPS or length.sum() < LEAST_STOP_SHARE * run.horizon_s:
        return
    first, p = stop_onset(begin, run.horizon_s)
    since_s = float(begin[first])
    lost_s = float(length[first:].sum())
    n, mean_s = len(begin) - first, lost_s / (len(begin) - first)
    yield _flag(run, robot, station, Finding(
        since_s, run.horizon_s, float(first), float(n), "stops", n, p,
        "Poisson test of the rate of stops before and after, over all moments",
        f"{n} protective stops of {mean_s:.0f} s on average", lost_s,
    ))  # fmt: skip


def stop_onset(begin_s: Floats, end_s: float) -> tuple[int, float]:
    """Return from which stop on they come more often, and the p-value of that.

    Given their number, stops fall evenly if their rate is constant; every stop is tried as the
    first of a denser stretch (Bonferroni). Stop 0 and p-value 0 where they came all along: a robot
    has none in good order.
    """
    n = len(begin_s)
    k = np.arange(n)
    share_after = np.clip(1 - begin_s / end_s, 1e-12, 1.0)
    p = np.asarray(stats.binom.sf(n - k - 1, n, share_after))
    best = int(np.argmin(p))
    p_best = float(min(1.0, n * p[best]))
    return (best, p_best) if p_best <= STOP_ALPHA else (0, 0.0)


def _vibration_flags(run: Run, robot: Robot, station: Station) -> Iterator[Flag]:
    rows = run.sql(
        "SELECT time_s, value FROM signals WHERE resource = ? AND signal = 'vibration_mms'"
        " ORDER BY time_s",
        [robot.id],
    )
    times, values = rows["time_s"].to_numpy(float), rows["value"].to_numpy(float)
    onset = rise_onset(values)
    if onset is None:
        return
    before, during = float(values[:onset].mean()), float(values[onset:].mean())
    z = _errors(values, onset)
    yield _flag(run, robot, station, Finding(
        float(times[onset]), run.horizon_s, before, during, "mm/s", len(values) - onset,
        float(stats.norm.sf(z)), "two-sample z of the vibration, largest over all moments",
        f"vibration {during:.1f} mm/s instead of {before:.1f} mm/s on average",
    ))  # fmt: skip


def rise_onset(values: Floats) -> int | None:
    """Return where a series rises clearly and for good; None where it does not."""
    n = len(values)
    if n < LEAST_VALUES:
        return None
    edge = LEAST_VALUES // 2
    tried = np.unique(np.linspace(edge, n - edge, min(_PARTS, n)).astype(int))
    z = np.array([_errors(values, int(k)) for k in tried])
    best = int(tried[np.argmax(z)])
    rise = float(values[best:].mean() / max(values[:best].mean(), 1e-12)) - 1
    if z.max() < RISE_ERRORS or rise < LEAST_RISE:
        return None
    return _first_raised(values, best, edge)


def _first_raised(values: Floats, best: int, block: int) -> int:
    """Go back from the clearest moment of a rise as long as blocks are higher than at the start."""
    base = values[: max(block, best // 4)]
    limit = base.mean() + 4 * base.std() / np.sqrt(block)
    at = best
    while at - block >= len(base) and values[at - block : at].mean() > limit:
        at -= block
    return at


def _errors(values: Floats, at: int) -> float:
    before, after = values[:at], values[at:]
    error = np.sqrt(before.var() / len(before) + after.var() / len(after))
    return float((after.mean() - before.mean()) / max(error, 1e-12))


def _sensor_flags(run: Run, robot: Robot, station: Station) -> Iterator[Flag]:
    for silence in silent_sensors(run, robot.id):
        name = silence.signal.replace("_", " ")
        says = "nothing" if silence.how == "missing" else "one value over and over"
        yield _flag(run, robot, station, Finding(
            silence.since_s, silence.until_s, 0.0, silence.until_s - silence.since_s, "s",
            silence.n, 0.0, "length of the silence against the usual gaps",
            f"the sensor of {name} sent {says}",
        ))  # fmt: skip


def _flag(run: Run, robot: Robot, station: Station, found: Finding) -> Flag:
    cause = robot_cause(run, robot, found.since_s, found.until_s)
    ideal_s = ideal_row_s(station, nominal_robot_cycles(run) if found.lost_s else {})
    loss = impact(
        run, station.machine_ids, found.since_s, found.until_s, lost_s=found.lost_s,
        ideal_unit_s=ideal_s or 0.0,
    )  # fmt: skip
    name, is_open = name_of(robot.label, robot.id), found.until_s >= run.horizon_s
    when = period(run.scenario.start, found.since_s, found.until_s, is_open=is_open)
    capacity = found.lost_s / max(found.until_s - found.since_s, 1.0)
    return Flag(
        workcell=run.plant.workcell_of.get(robot.id, robot.workcell),
        resource=robot.id,
        since_s=found.since_s,
        until_s=found.until_s,
        cause=cause.name,
        substep=None,
        lost_units=loss.lost_units,
        severity=severity_of(capacity, loss.plant_loss_units),
        evidence={
            "expected": found.expected,
            "observed": found.observed,
            "unit": found.unit,
            "n": found.n,
            "p_value": found.p_value,
            "method": found.method,
            "open": is_open,
            "diagnosis": as_evidence(cause),
            **loss.evidence(),
        },
        title=f"{name}: {cause.name.replace('_', ' ')}",
        text=f"{name}: {found.text}, {when}. {cause.detail} {loss.sentence()}",
    )
