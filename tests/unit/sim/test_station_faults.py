"""Faults of stations, people, vehicles and data: what each changes, against the same seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import simulate
from sim.checkpoints import Checkpoints
from sim.restore import WhatIf, restore
from tests.support.plants import buffer, exponential, scenario, sink, source, station, tiny_plant
from twin.plant.plant import Plant
from twin.run.run import Run

Faults = list[dict[str, Any]]
Make = Callable[..., Run]
HOUR = 3600.0


def one_station(cycle: Any = 10.0, **more: Any) -> Plant:
    """A station that always has work and room."""
    return tiny_plant(
        [station("s1", take="b0", put="out", cycle=cycle, **more)],
        buffers=[buffer("b0")],
        sources=[source("src", "b0")],
        sinks=[sink()],
    )


def vehicles() -> Plant:
    """Two vehicles on a loop of four nodes, always with work."""
    law = {
        "size_m": [1, 1, 1], "speed_loaded_mps": 1.0, "speed_empty_mps": 1.0,
        "acceleration_mps2": 0.5, "load_s": 5.0, "unload_s": 5.0,
        "battery": {"runtime_h": 1.5, "charge_h": 0.5},
    }  # fmt: skip
    roads = {
        "id": "roads",
        "nodes": {"n1": [0, 0], "n2": [20, 0], "n3": [20, 10], "n4": [0, 10]},
        "lanes": [["n1", "n2", "n3", "n4", "n1"]],
        "stops": {
            "pick": {"node": "n2", "position_m": [23, 0], "place": "here"},
            "drop": {"node": "n4", "position_m": [-3, 10], "place": "out"},
            "home_1": {"node": "n3", "position_m": [23, 10], "charger": True},
            "home_2": {"node": "n3", "position_m": [20, 13], "charger": True},
        },
    }
    return tiny_plant(
        [],
        buffers=[buffer("here")],
        sources=[source("src", "here")],
        networks=[roads],
        fleets=[{"id": "agv", "network": "roads", "homes": ["home_1", "home_2"], **law}],
        transports=[{"id": "t", "from": "here", "to": "out", "fleet": "agv"}],
    )


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def run(plant: Plant, faults: Faults = [], horizon_s: float = 4 * HOUR, **more: Any) -> Run:  # noqa: B006
        made = scenario(plant, horizon_s, faults=faults, **more)
        return simulate(made, tmp_path / f"run_{len([*tmp_path.iterdir()])}")

    return run


def cycles(run: Run, name: str = "s1") -> pd.DataFrame:
    return run.sql("SELECT * FROM cycles WHERE station = ? ORDER BY start_s", [name])


def seconds(run: Run, state: str, resource: str = "s1", reason: str = "") -> float:
    found = run.sql(
        "SELECT coalesce(sum(end_s - start_s), 0) AS s FROM states"
        " WHERE resource = ? AND state = ? AND (? = '' OR reason = ?)",
        [resource, state, reason, reason],
    )
    return float(found["s"].iloc[0])


def fault(kind: str, at: str = "1h", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "at": at, "station": "s1", **more}


# Cycle times ---------------------------------------------------------------------------------


def test_wear_grows_by_the_hour_until_the_tool_is_changed(make: Make) -> None:
    run = make(one_station(), [fault("machine_wear", growth_per_h=0.2, until="3h")])
    rows = cycles(run)
    start, took = rows["start_s"].to_numpy(), rows["duration_s"].to_numpy()
    worn = (start >= HOUR) & (start < 3 * HOUR)
    assert took[~worn] == pytest.approx(10.0)
    assert took[worn] == pytest.approx(10.0 * (1 + 0.2 * (start[worn] - HOUR) / HOUR))


def test_wear_grows_by_the_cycle(make: Make) -> None:
    run = make(one_station(), [fault("machine_wear", at="0s", growth_per_cycle=0.001)])
    took = cycles(run)["duration_s"].to_numpy()
    assert took == pytest.approx(10.0 * (1 + 0.001 * np.arange(len(took))))


def test_wear_inside_a_lot_grows_from_cycle_to_cycle(make: Make) -> None:
    plant = tiny_plant(
        [station("s1", take="b0", put="out", cycle=10.0)],
        buffers=[buffer("b0")],
        sources=[source("src", "b0", units_per_lot=20)],
    )
    run = make(plant, [fault("machine_wear", at="0s", growth_per_cycle=0.01)], horizon_s=HOUR)
    took = cycles(run)["duration_s"].to_numpy()
    assert took[:60] == pytest.approx(10.0 * (1 + 0.01 * np.arange(60)))


def test_planned_maintenance_makes_the_tool_new(make: Make) -> None:
    service = {"change": {"every_h": 2, "work": {"mean_s": 60, "kind": "constant"}}}
    run = make(one_station(maintenance=service), [fault("machine_wear", at="0s", growth_per_h=0.3)])
    rows = cycles(run)
    last_before = rows[rows["end_s"] <= 2 * HOUR].iloc[-1]["duration_s"]
    first_after = rows[rows["start_s"] >= 2 * HOUR + 60].iloc[0]["duration_s"]
    assert last_before > 10 * 1.55
    assert first_after == pytest.approx(10.0, rel=0.02)


def test_variance_grows_around_the_same_mean(make: Make) -> None:
    plant = one_station({"mean_s": 10, "cv": 0.05})
    healthy, wide = make(plant), make(plant, [fault("variance_growth", factor=3, until="3h")])
    rows = cycles(wide)
    inside = rows[(rows["start_s"] >= HOUR) & (rows["start_s"] < 3 * HOUR)]["duration_s"]
    assert inside.std() == pytest.approx(1.5, rel=0.15)
    assert inside.mean() == pytest.approx(10.0, abs=2.58 * 1.5 / np.sqrt(len(inside)))
    n = int((cycles(healthy)["end_s"] < HOUR).sum())
    assert (rows["duration_s"][:n] == cycles(healthy)["duration_s"][:n]).all()


def test_variance_grows_where_lots_are_drawn_at_once(make: Make) -> None:
    plant = tiny_plant(
        [station("s1", take="b0", put="out", cycle={"mean_s": 1, "cv": 0.1}, record="lot")],
        buffers=[buffer("b0")],
        sources=[source("src", "b0", units_per_lot=50)],
    )
    healthy = cycles(make(plant))["duration_s"]
    wide = cycles(make(plant, [fault("variance_growth", at="0s", factor=4)]))["duration_s"]
    assert healthy.std() == pytest.approx(0.1 * np.sqrt(50), rel=0.2)
    assert wide.std() == pytest.approx(0.4 * np.sqrt(50), rel=0.2)
    assert wide.mean() == pytest.approx(50.0, abs=1.0)


PRODUCTS = {
    "products": [
        {"id": "red", "item": "part", "energy_wh": 1},
        {"id": "blue", "item": "part", "energy_wh": 1},
    ]
}


def two_products() -> Plant:
    return tiny_plant(
        [station("s1", take="b0", put="out", cycle=10.0, **{"yield": 0.9})],
        buffers=[buffer("b0")],
        sources=[source("src", "b0", mix={"red": 1, "blue": 1})],
        **PRODUCTS,
    )


def products_of(run: Run) -> pd.DataFrame:
    return run.sql(
        "SELECT c.*, p.product FROM cycles c JOIN lot_products p ON c.lot = p.lot ORDER BY start_s"
    )


def test_one_product_takes_longer(make: Make) -> None:
    run = make(two_products(), [fault("product_effect", product="blue", factor=1.5)])
    rows = products_of(run)
    slow = (rows["product"] == "blue") & (rows["start_s"] >= HOUR)
    assert slow.sum() > 50
    assert rows["duration_s"][slow].to_numpy() == pytest.approx(15.0)
    assert rows["duration_s"][~slow].to_numpy() == pytest.approx(10.0)


def test_one_product_is_scrapped_more(make: Make) -> None:
    run = make(two_products(), [fault("scrap_burst", product="blue", extra_scrap=0.5)])
    rows = products_of(run)
    bad = rows["result"] == "scrap"
    hit = (rows["product"] == "blue") & (rows["end_s"] >= HOUR)
    n = int(hit.sum())
    assert bad[hit].mean() == pytest.approx(0.55, abs=2.58 * np.sqrt(0.25 / n))
    assert bad[~hit].mean() == pytest.approx(0.1, abs=2.58 * np.sqrt(0.09 / (~hit).sum()))


def coil_line() -> Plant:
    """Two machines cut coils into lots that one station works on."""
    return tiny_plant(
        [
            station("cut", take="coils", put="b1", cycle=1.0, machines=2, units_per_lot_out=5,
                    product="sheet"),
            station("s1", take="b1", put="out", cycle=2.0),
        ],
        buffers=[buffer("coils", item="coil"), buffer("b1", item="sheet", capacity=3)],
        sources=[source("src", "coils", item="coil", units_per_lot=20)],
        items=[
            {"id": "coil", "size_m": [1, 1, 1]},
            {"id": "sheet", "size_m": [0.3, 0.2, 0.1], "product": True},
        ],
    )  # fmt: skip


@pytest.mark.parametrize("origin", ["src", "cut_1"])
def test_lots_of_one_origin_take_longer_and_no_others(make: Make, origin: str) -> None:
    window = {"at": "10min", "until": "20min"}
    run = make(
        coil_line(), [fault("lot_effect", origin=origin, factor=2, **window)], horizon_s=HOUR
    )
    rows = run.sql(
        "WITH parents AS (SELECT DISTINCT lot, parent FROM units WHERE event = 'packed'),"
        " born AS (SELECT lot, time_s FROM units WHERE event = 'created' AND station = 'src'),"
        " cut AS (SELECT lot, any_value(machine) AS machine FROM cycles WHERE station = 'cut'"
        " GROUP BY lot)"
        " SELECT c.duration_s, b.time_s AS born_s, cut.machine,"
        " (SELECT min(time_s) FROM units u WHERE u.lot = c.lot AND event = 'packed') AS left_s"
        " FROM cycles c JOIN parents p ON p.lot = c.lot JOIN born b ON b.lot = p.parent"
        " JOIN cut ON cut.lot = p.parent WHERE c.station = 's1'"
    )
    took = rows["duration_s"].to_numpy()
    if origin == "src":
        concerned = rows["born_s"].between(600, 1200, inclusive="left").to_numpy()
    else:
        concerned = (rows["machine"] == "cut_1").to_numpy() & (took > 2.0)
        inside = rows["left_s"].between(600, 1100) & (rows["machine"] == "cut_1")
        assert took[inside.to_numpy()] == pytest.approx(4.0)
        assert set(rows["machine"][took > 2.0]) == {"cut_1"}
    assert 10 < concerned.sum() < len(rows) / 2
    assert took[concerned] == pytest.approx(4.0)
    assert took[~concerned] == pytest.approx(2.0)


def test_units_of_one_coil_are_scrapped(make: Make) -> None:
    window = {"at": "10min", "until": "12min"}
    run = make(coil_line(), [fault("scrap_burst", origin="src", extra_scrap=1.0, **window)],
               horizon_s=HOUR)  # fmt: skip
    scrapped = run.sql("SELECT count(*) AS n FROM units WHERE event = 'scrapped'")["n"].iloc[0]
    born = run.sql(
        "SELECT coalesce(sum(n), 0) AS n FROM units WHERE event = 'created' AND station = 'src'"
        " AND time_s >= 600 AND time_s < 720"
    )["n"].iloc[0]
    assert scrapped == born > 0


# Scrap and stops -----------------------------------------------------------------------------


@pytest.mark.parametrize("record", ["unit", "lot"])
def test_a_burst_of_scrap_comes_and_goes(make: Make, record: str) -> None:
    plant = tiny_plant(
        [station("s1", take="b0", put="out", cycle=1.0, record=record, **{"yield": 0.95})],
        buffers=[buffer("b0")],
        sources=[source("src", "b0", units_per_lot=10)],
    )
    run = make(plant, [fault("scrap_burst", extra_scrap=0.2, until="2h")], horizon_s=3 * HOUR)
    bad = run.sql("SELECT time_s, n FROM units WHERE event = 'scrapped'")
    inside = bad["time_s"].between(HOUR + 10, 2 * HOUR + 10)
    assert bad["n"][inside].sum() / 3600 == pytest.approx(0.24, abs=2.58 * 0.43 / 60)
    assert bad["n"][~inside].sum() / 7200 == pytest.approx(0.05, abs=2.58 * 0.22 / 85)


def test_micro_stops_come_while_it_works(make: Make) -> None:
    run = make(one_station(), [fault("micro_stops", per_h=60, length_s=8, until="4h")],
               horizon_s=5 * HOUR)  # fmt: skip
    stops = run.sql("SELECT start_s, end_s FROM states WHERE reason = 'minor_stop'")
    assert stops["start_s"].between(HOUR, 4 * HOUR).all()
    worked_h = 3 - (stops["end_s"] - stops["start_s"]).sum() / HOUR
    n = len(stops)
    assert n == pytest.approx(60 * worked_h, abs=2.58 * np.sqrt(60 * worked_h))
    length = stops["end_s"] - stops["start_s"]
    assert length.mean() == pytest.approx(8.0, abs=2.58 * 8 / np.sqrt(n))
    assert cycles(run)["duration_s"].to_numpy() == pytest.approx(10.0)


def test_micro_stops_interrupt_long_work_at_once(make: Make) -> None:
    """A visit that began before the fault is stopped too, also where cycles are counted."""
    service = {"rare": {"every_cycles": 1000, "work": {"mean_s": 60, "kind": "constant"}}}
    run = make(one_station(2 * HOUR, maintenance=service),
               [fault("micro_stops", at="10min", per_h=120, length_s=1)], HOUR)  # fmt: skip
    assert run.sql("SELECT min(start_s) AS s FROM states WHERE reason = 'minor_stop'")["s"][0] < 900


def test_repairs_take_longer_while_the_fault_holds(make: Make) -> None:
    down = {"time_to_failure": {"mean_s": 600, "kind": "constant"},
            "time_to_repair": {"mean_s": 60, "kind": "constant"}}  # fmt: skip
    run = make(one_station(breakdown=down), [fault("slow_repair", factor=5, until="2h")],
               horizon_s=3 * HOUR)  # fmt: skip
    stops = run.sql("SELECT start_s, end_s - start_s AS s FROM states WHERE state = 'down'")
    slow = stops["start_s"].between(HOUR, 2 * HOUR, inclusive="left")
    assert slow.sum() >= 3
    assert stops["s"][slow].to_numpy() == pytest.approx(300.0)
    assert stops["s"][~slow].to_numpy() == pytest.approx(60.0)


def test_the_truth_differs_from_the_plant_file_and_the_run_keeps_the_file(make: Make) -> None:
    wrong = {"kind": "wrong_master_data", "station": "s1", "cycle_factor": 1.2}
    run = make(one_station(), [wrong])
    assert run.plant.stations["s1"].mean_cycle_s == 10.0
    assert cycles(run)["duration_s"].to_numpy() == pytest.approx(12.0)


def test_a_true_yield_can_be_lower(make: Make) -> None:
    wrong = {"kind": "wrong_master_data", "station": "s1", "yield_factor": 0.5}
    rows = cycles(make(one_station(1.0, **{"yield": 0.9}), [wrong]))
    bad = (rows["result"] == "scrap").mean()
    assert bad == pytest.approx(0.55, abs=2.58 * np.sqrt(0.25 / len(rows)))


# People, vehicles, roads ---------------------------------------------------------------------


def test_a_crew_that_is_short_lets_machines_wait(make: Make) -> None:
    people: dict[str, Any] = {
        "pools": [
            {"id": "crew", "kind": "operator", "home_m": [1, 1], "walk_mps": 1, "staff": {"all": 2}}
        ],
        "shifts": [{"id": "all", "start": "00:00", "hours": 24}],
    }
    attend = {"pool": "crew", "work": {"mean_s": 30, "kind": "constant"}}
    plant = tiny_plant(
        [station(f"s{k}", take=f"b{k}", put="out", cycle=10.0, attend=attend) for k in (1, 2)],
        buffers=[buffer("b1"), buffer("b2")],
        sources=[source("src1", "b1"), source("src2", "b2")],
        **people,
    )
    healthy = make(plant, horizon_s=2 * HOUR)
    short = make(plant, [{"kind": "worker_shortage", "pool": "crew", "missing": 1, "at": "1h",
                          "until": "90min"}], horizon_s=2 * HOUR)  # fmt: skip
    waits = [
        sum(seconds(run, "waiting_worker", s) for s in ("s1", "s2")) for run in (healthy, short)
    ]
    assert waits[1] > waits[0] + 600
    off = short.sql(
        "SELECT min(start_s) AS a, max(end_s) AS b FROM states WHERE kind = 'worker'"
        " AND state = 'off_shift' AND end_s > start_s"
    ).iloc[0]
    assert off["a"] == pytest.approx(HOUR, abs=60)
    assert off["b"] == pytest.approx(1.5 * HOUR)


def test_an_old_battery_is_charged_more_often(make: Make) -> None:
    plant = vehicles()
    healthy = make(plant)
    old = make(plant, [{"kind": "agv_battery_ageing", "fleet": "agv", "at": "0s",
                        "capacity_factor": 0.4}])  # fmt: skip
    weak = make(plant, [{"kind": "agv_battery_ageing", "fleet": "agv", "at": "0s",
                         "charge_rate_factor": 0.25}])  # fmt: skip

    def charges(run: Run) -> tuple[int, float]:
        rows = run.sql(
            "SELECT count(*) AS n, coalesce(sum(end_s - start_s), 0) AS s FROM states"
            " WHERE kind = 'agv' AND state = 'charging' AND end_s - start_s > 60"
        ).iloc[0]
        return int(rows["n"]), float(rows["s"])

    assert charges(old)[0] >= 2 * charges(healthy)[0] > 0
    assert charges(weak)[1] > 1.5 * charges(healthy)[1]


def test_no_vehicle_drives_over_a_closed_node(make: Make) -> None:
    plant = vehicles()
    node = "n1"
    healthy = make(plant)
    closed = make(plant, [{"kind": "lane_closed", "network": "roads", "node": node, "at": "1h",
                           "until": "2h"}])  # fmt: skip

    def passed(run: Run) -> int:
        rows = run.sql(
            "SELECT count(*) AS n FROM moves WHERE kind = 'agv' AND target = ? AND origin <> ?"
            " AND end_s > 3720 AND end_s < 7200", [node, node],
        )  # fmt: skip
        return int(rows["n"].iloc[0])

    assert passed(healthy) > 10
    assert passed(closed) == 0
    after = closed.sql("SELECT count(*) AS n FROM moves WHERE target = ? AND end_s > 7300", [node])
    assert after["n"].iloc[0] > 10
    traffic = [r.sql("SELECT sum(end_s - start_s) AS s FROM states WHERE state = 'waiting_traffic'")
               for r in (healthy, closed)]  # fmt: skip
    assert float(traffic[1]["s"].iloc[0]) > 3000


# All together --------------------------------------------------------------------------------

SEVERAL: Faults = [
    fault("machine_wear", growth_per_h=0.1),
    fault("variance_growth", factor=2),
    fault("micro_stops", per_h=20, length_s=5),
    fault("scrap_burst", extra_scrap=0.1),
    fault("slow_cycle", factor=1.1),
    fault("slow_repair", factor=2),
]


def worn_station() -> Plant:
    down = {"mtbf_h": 0.5, "mttr_h": 0.05}
    return one_station({"mean_s": 10, "cv": 0.1}, breakdown=down)


def test_faults_compose_and_the_same_seed_gives_the_same_run(make: Make) -> None:
    runs = [make(worn_station(), faults) for faults in (SEVERAL, SEVERAL[::-1])]
    assert runs[0].manifest.digest == runs[1].manifest.digest
    assert runs[0].manifest.digest != make(worn_station()).manifest.digest


def test_a_run_with_faults_goes_on_from_a_snapshot(tmp_path: Path) -> None:
    made = scenario(worn_station(), 3 * HOUR, faults=SEVERAL)
    whole = simulate(made, tmp_path / "whole", checkpoints=Checkpoints(every_s=4000.0))
    path = sorted((whole.folder / "checkpoint").iterdir())[0]
    again = restore(path, tmp_path / "again")
    assert again.manifest.digest == whole.manifest.digest


def test_a_mark_survives_a_snapshot(tmp_path: Path) -> None:
    late = fault("lot_effect", origin="src", factor=2, at="10min", until="20min")
    made = scenario(coil_line(), HOUR, faults=[late])
    whole = simulate(made, tmp_path / "whole", checkpoints=Checkpoints(every_s=1000.0))
    path = sorted((whole.folder / "checkpoint").iterdir())[0]
    assert restore(path, tmp_path / "again").manifest.digest == whole.manifest.digest


def test_exponential_cycles_can_spread_more(make: Make) -> None:
    plant = one_station(exponential(10.0))
    took = cycles(make(plant, [fault("variance_growth", at="0s", factor=1.5)]))["duration_s"]
    assert took.std() / took.mean() == pytest.approx(1.5, rel=0.2)


def test_a_what_if_goes_on_with_the_faults(tmp_path: Path) -> None:
    made = scenario(worn_station(), 3 * HOUR, faults=SEVERAL)
    whole = simulate(made, tmp_path / "whole", checkpoints=Checkpoints(every_s=4000.0))
    path = sorted((whole.folder / "checkpoint").iterdir())[0]
    changed = WhatIf(changes={"stations.s1.machines": 2})
    more = restore(path, tmp_path / "more", changed)
    late = "SELECT count(*) AS n FROM cycles WHERE start_s > 4100"
    assert more.sql(late)["n"].iloc[0] > 1.5 * whole.sql(late)["n"].iloc[0]
    stops = more.sql(
        "SELECT resource, count(*) AS n FROM states WHERE reason = 'minor_stop' AND start_s > 4100"
        " GROUP BY resource"
    ).set_index("resource")["n"]
    assert len(stops) == 2
