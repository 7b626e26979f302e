"""Flags and key figures of whole shifts of the pilot plant: the fault is found, nothing else."""

from __future__ import annotations

import pytest

from sim import simulate
from twin.flags import flags
from twin.kpi import Kpis, kpis
from twin.kpi.oee import Oee
from twin.kpi.state_map import PLANNED_LOSSES, UNPLANNED_LOSSES
from twin.plant.load import load_scenario
from twin.run.run import Run

FAULT_S = 7200.0


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return simulate(load_scenario("pilot_shift"), tmp_path_factory.mktemp("runs") / "healthy")


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return simulate(load_scenario("slow_robot"), tmp_path_factory.mktemp("runs") / "slow")


@pytest.fixture(scope="module")
def figures(healthy: Run) -> Kpis:
    return kpis(healthy)


def test_the_slow_robot_is_flagged_with_substep_time_and_size(slow: Run) -> None:
    fault = slow.scenario.faults[0]
    assert fault.kind == "vacuum_leak"
    found = [f for f in flags(slow) if f.substep is not None]
    (flag,) = found
    assert flag.resource == fault.robot
    assert flag.workcell == slow.plant.workcell_of[fault.robot]
    assert flag.substep == "grip"
    assert flag.cause == "vacuum_leak"
    assert abs(flag.since_s - FAULT_S) < 300
    assert flag.evidence["extra_s"] == pytest.approx(fault.extra_grip_s, abs=0.02)
    assert flag.until_s == slow.horizon_s


def test_the_same_shift_without_fault_has_no_flag_there(healthy: Run, slow: Run) -> None:
    robot = slow.scenario.faults[0].robot  # type: ignore[union-attr]
    workcell = healthy.plant.workcell_of[robot]
    assert [f for f in flags(healthy) if f.workcell == workcell] == []


def test_a_healthy_shift_has_no_robot_or_cycle_flags(healthy: Run) -> None:
    """18 stations for 8 h are 144 station-hours; the goal allows 0.2 false alarms in that."""
    assert [f.title for f in flags(healthy) if f.evidence["method"] != "threshold"] == []


def closed(result: Oee) -> bool:
    inside = sum(result.losses[k] or 0.0 for k in PLANNED_LOSSES)
    outside = sum(result.losses[k] or 0.0 for k in UNPLANNED_LOSSES)
    productive = result.fully_productive_s or 0.0
    return inside + productive + outside == pytest.approx(result.calendar_s, rel=1e-9)


def test_losses_of_every_station_close(figures: Kpis) -> None:
    assert all(closed(s.oee) for s in figures.stations.values())
    assert all(abs(s.oee.losses["unrecorded"] or 0) < 1e-6 for s in figures.stations.values())


def test_every_station_gets_an_oee_or_says_why(figures: Kpis) -> None:
    for name, station in figures.stations.items():
        if station.oee.oee is None:
            assert station.oee.why["oee"], name
        else:
            assert 0 <= station.oee.oee <= 1.01, name
        assert sum(station.state_shares.values()) == pytest.approx(1.0), name


def test_work_in_progress_agrees_with_the_books_of_the_engine(healthy: Run, figures: Kpis) -> None:
    totals = healthy.manifest.totals
    items = [i.id for i in healthy.plant.items if i.product]
    left = sum(
        sign * totals.get(f"{account}.{item}", 0.0)
        for item in items
        for account, sign in (
            ("initial", 1), ("created", 1), ("consumed", -1), ("scrapped", -1), ("shipped", -1),
        )
    )  # fmt: skip
    assert figures.final_wip == left
    assert figures.shipped_units == sum(totals.get(f"shipped.{item}", 0.0) for item in items)


def test_final_levels_agree_with_the_last_state(healthy: Run, figures: Kpis) -> None:
    levels = healthy.state_at(healthy.horizon_s).levels
    assert {k: figures.buffers[k].final_level for k in levels} == levels
    assert all(b.max_level <= b.capacity for b in figures.buffers.values())
