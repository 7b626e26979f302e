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


def scrapping(cycle: Any, folder: Path, *, at: list[float], **options: Any) -> StationKpis:
    """A busy machine whose breakdowns of 5 s scrap the unit in work, at given times."""
    faults = [{"kind": "breakdown", "at": t, "machine": "s1", "repair": 5.0} for t in at]
    breakdown = {"mtbf_h": 1e6, "mttr_h": 1.0, "unit": "scrap"}
    made = line([cycle], horizon_s=1000.0, faults=faults,
                station_options={"breakdown": breakdown, **options})  # fmt: skip
    return of(simulate(made, folder / "r"), "s1")


def test_units_scrapped_half_way_count_by_what_was_done(tmp_path: Path) -> None:
    """Units of 10 s; failures 4 s into a unit at 104 s and 9 s into one at 318 s (309 + 9).

    1000 s less two repairs are 990 s of work: 4 s and 9 s of it in scrapped units, 97 good units
    and 7 s of one under way. All of it at full speed; the scrap is 13 s of 983 s.
    """
    figures = scrapping(10.0, tmp_path, at=[104.0, 318.0])
    result = figures.oee
    assert (figures.processed, figures.scrapped) == (99, 2)
    assert result.performance == pytest.approx(1.0)
    assert losses(result) == pytest.approx({"breakdowns": 10.0, "scrap": 13.0 * 990 / 983})
    assert result.quality == pytest.approx(970 / 983)
    assert_closed(result)


def test_a_wrong_ideal_time_still_shows(tmp_path: Path) -> None:
    """At performance 0.8 the same machine takes 12.5 s for what should take 10 s."""
    figures = scrapping(10.0, tmp_path, at=[104.0, 318.0], performance=0.8)
    assert figures.oee.performance == pytest.approx(0.8)
    assert_closed(figures.oee)


def test_lots_scrapped_half_way_in_a_batch_machine(tmp_path: Path) -> None:
    """Batches of 2 lots, 20 s; a failure at 110 s, 10 s into the sixth batch."""
    plant = tiny_plant(
        [station("s1", take="b", put="out", kind="batch", cycle=20.0, batch_lots=2,
                 breakdown={"mtbf_h": 1e6, "mttr_h": 1.0, "unit": "scrap"})],
        buffers=[buffer("b")],
        sources=[source("src", "b")],
    )  # fmt: skip
    faults = [{"kind": "breakdown", "at": 110.0, "machine": "s1", "repair": 5.0}]
    result = of(simulate(scenario(plant, 1020.0, faults=faults), tmp_path / "r"), "s1").oee
    assert result.performance == pytest.approx(1.0)
    assert result.quality == pytest.approx(100 / 101)
    assert_closed(result)


def test_units_of_a_lot_scrapped_half_way(tmp_path: Path) -> None:
    """Lots of 4 units, 2 at a time in 10 s; a failure 6 s into a cycle scraps both.

    Until 1003 s there are 99 whole cycles and 6 s of a scrapped one.
    """
    plant = tiny_plant(
        [station("s1", take="b", put="out", cycle=10.0, units_per_cycle=2,
                 breakdown={"mtbf_h": 1e6, "mttr_h": 1.0, "unit": "scrap"})],
        items=[{"id": "part", "units_per_lot": 4, "product": True}],
        buffers=[buffer("b")],
        sources=[source("src", "b")],
    )  # fmt: skip
    faults = [{"kind": "breakdown", "at": 106.0, "machine": "s1", "repair": 4.0}]
    figures = of(simulate(scenario(plant, 1003.0, faults=faults), tmp_path / "r"), "s1")
    assert figures.scrapped == 2
    assert figures.oee.performance == pytest.approx(1.0)
    assert figures.oee.quality == pytest.approx(990 / 996)
    assert_closed(figures.oee)


def test_products_with_cycles_of_their_own(tmp_path: Path) -> None:
    """Red takes the usual 10 s, blue 4 s; at performance 0.5 both take twice as long."""
    plant = tiny_plant(
        [station("s1", take="b", put="out", cycle=10.0, performance=0.5,
                 recipes=[{"product": "blue", "cycle": {"mean_s": 4.0, "kind": "constant"}}])],
        buffers=[buffer("b")],
        sources=[source("src", "b", mix={"red": 1, "blue": 1})],
        products=[{"id": name, "energy_wh": 1.0, "item": "part"} for name in ("red", "blue")],
    )  # fmt: skip
    figures = of(simulate(scenario(plant, 5000.0), tmp_path / "r"), "s1")
    assert figures.oee.performance == pytest.approx(0.5)
    assert figures.ideal_cycle_s is not None
    assert 6.0 < figures.ideal_cycle_s < 8.0
    assert figures.mean_cycle_s == pytest.approx(2 * figures.ideal_cycle_s)
    assert_closed(figures.oee)
