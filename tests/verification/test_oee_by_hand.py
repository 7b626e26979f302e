"""OEE of runs whose losses are known by construction.

OEE = availability x performance x quality = ideal time of good units / planned time; the losses
inside planned time and the fully productive time add up to planned time (`twin.kpi.oee`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim import simulate
from tests.support.plants import buffer, everything, line, scenario, source, station, tiny_plant
from twin.kpi.kpis import kpis
from twin.kpi.oee import Oee
from twin.kpi.state_map import PLANNED_LOSSES, UNPLANNED_LOSSES
from twin.kpi.station import StationKpis
from twin.run.run import Run

EVERY_20_S = {"mean_s": 20.0, "kind": "constant"}


def of(run: Run, name: str) -> StationKpis:
    return kpis(run).stations[name]


def assert_closed(result: Oee) -> None:
    inside = sum(result.losses[k] or 0.0 for k in PLANNED_LOSSES)
    outside = sum(result.losses[k] or 0.0 for k in UNPLANNED_LOSSES)
    assert inside + (result.fully_productive_s or 0.0) == pytest.approx(result.planned_s)
    assert result.planned_s + outside == pytest.approx(result.calendar_s)


def losses(result: Oee) -> dict[str, float]:
    """Return the losses that are not zero, in seconds."""
    return {k: s for k, s in result.losses.items() if s is not None and abs(s) > 1e-6}


def test_slow_running_a_breakdown_and_starvation(tmp_path: Path) -> None:
    """A unit every 20 s from 20 s on; 10 s each at performance 0.8 take 12.5 s.

    Of 1000 s: 49 units, the last from 980 to 992.5 s, are 612.5 s of work; one repair of 50 s in
    the unit that began at 100 s; the rest is starvation. The ideal time is 490 s.
    """
    made = line([10.0], horizon_s=1000.0, arrivals=EVERY_20_S,
                station_options={"performance": 0.8},
                faults=[{"kind": "breakdown", "at": 105.0, "machine": "s1", "repair": 50.0}],
                )  # fmt: skip
    figures = of(simulate(made, tmp_path / "r"), "s1")
    result = figures.oee
    assert (figures.processed, figures.scrapped, figures.failures) == (49, 0, 1)
    assert losses(result) == pytest.approx(
        {"breakdowns": 50.0, "starved": 337.5, "speed": 122.5}, rel=1e-9
    )
    assert result.availability == pytest.approx(0.6125)
    assert result.performance == pytest.approx(0.8)
    assert result.quality == 1.0
    assert result.oee == pytest.approx(0.49)
    assert result.technical_oee == pytest.approx(490 / 662.5)
    assert_closed(result)


def test_blocking_behind_a_slower_machine(tmp_path: Path) -> None:
    """1 s before 2 s with one place: from 3 s on, 1 s of work and 1 s of blocking in turn."""
    run = simulate(line([1.0, 2.0], horizon_s=1003.0, capacity=1), tmp_path / "r")
    first, second = of(run, "s1").oee, of(run, "s2").oee
    assert losses(first) == pytest.approx({"blocked": 500.0})
    assert first.oee == pytest.approx(503 / 1003)
    assert losses(second) == pytest.approx({"starved": 1.0})
    assert second.oee == pytest.approx(1002 / 1003)
    assert_closed(first)
    assert_closed(second)


def test_setup_of_a_web(tmp_path: Path) -> None:
    """Every roll: 30 s of change, 40 sheets of 0.5 s. Two rolls are 100 s."""
    items = [
        {"id": "roll", "unit": "m", "units_per_lot": 10},
        {"id": "sheet", "units_per_lot": 20, "product": True},
    ]
    plant = tiny_plant(
        [station("cut", take="rolls", put="out", cycle=0.5, kind="web", product="sheet",
                 units_per_m=4.0, setup_s=30.0)],
        items=items,
        buffers=[buffer("rolls", item="roll")],
        sources=[source("src", "rolls", item="roll")],
    )  # fmt: skip
    result = of(simulate(scenario(plant, 100.0), tmp_path / "r"), "cut").oee
    assert losses(result) == pytest.approx({"setup": 60.0})
    assert (result.availability, result.performance, result.quality) == pytest.approx((0.4, 1, 1))
    assert_closed(result)


def test_attendance_by_a_worker(tmp_path: Path) -> None:
    """The worker walks 2.1 m at 1 m/s to the first unit; then 3 s of work for every 10 s of cycle.

    A unit is done and the next is there at once, but the worker is on the way home: having walked
    10 s, which is all the way, he comes from home again each time. So a round is 2.1 + 3 + 10 s.
    """
    plant = tiny_plant(
        [station("s1", take="b", put="out", cycle=10.0,
                 attend={"pool": "people", "work": {"mean_s": 3.0, "kind": "constant"}})],
        buffers=[buffer("b")],
        sources=[source("src", "b")],
        shifts=[{"id": "day", "start": "00:00", "hours": 24}],
        pools=[{"id": "people", "kind": "operator", "home_m": [0, -3.0], "staff": {"day": 1},
                "walk_mps": 1.0}],
    )  # fmt: skip
    result = of(simulate(scenario(plant, 15.1 * 20), tmp_path / "r"), "s1").oee
    assert losses(result) == pytest.approx({"waiting_worker": 42.0, "setup": 60.0}, rel=1e-9)
    assert result.oee == pytest.approx(200 / 302)
    assert_closed(result)


def test_scrap_counts_the_good_units(tmp_path: Path) -> None:
    """A busy machine of 10 s, yield 0.9: OEE is the share of good units."""
    run = simulate(line([10.0], horizon_s=5000.0, station_options={"yield": 0.9}), tmp_path / "r")
    share = (run.table("cycles")["result"] == "ok").to_numpy().mean()
    result = of(run, "s1").oee
    assert 0.85 < share < 0.95
    assert result.quality == pytest.approx(share)
    assert (result.availability, result.performance) == pytest.approx((1.0, 1.0))
    assert result.oee == pytest.approx(share)
    assert losses(result) == pytest.approx({"scrap": 5000.0 * (1 - share)})


def test_parallel_machines_share_the_calendar(tmp_path: Path) -> None:
    """Two machines of 4 s share a unit every 4 s from 4 s on: 24 units of 4 s in 2 x 100 s."""
    arrivals: Any = {"mean_s": 4.0, "kind": "constant"}
    made = line([4.0], horizon_s=100.0, arrivals=arrivals, station_options={"machines": 2})
    result = of(simulate(made, tmp_path / "r"), "s1").oee
    assert result.calendar_s == 200.0
    assert losses(result) == pytest.approx({"starved": 104.0})
    assert result.oee == pytest.approx(96 / 200)


@pytest.mark.parametrize("initial", ["empty", "steady"])
def test_losses_close_for_every_station_of_a_troubled_plant(initial: str, tmp_path: Path) -> None:
    plant = everything(
        breakdown={"mtbf_h": 0.05, "mttr_h": 0.005, "crew": "crew", "unit": "scrap"},
        attend=True, performance=0.9,
    )  # fmt: skip
    made = scenario(plant, 3_000.0, initial=initial, warmup_s=300.0)
    for figures in kpis(simulate(made, tmp_path / "r")).stations.values():
        assert_closed(figures.oee)
        assert figures.oee.oee is not None
