"""One vehicle on a square of one-way lanes, computed by hand.

The square has sides of 20 m: n1 (0, 0), n2 (20, 0), n3 (20, 20), n4 (0, 20), driven
counter-clockwise; stops lie 2 m outside n1 and n3.  Cruising speed 1 m/s, acceleration
0.5 m/s2: a leg of L m from rest to rest takes L + 2 s (L >= 2 m).  A right angle takes 1 s.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.plants import buffer, scenario, source, station, tiny_plant
from twin.run.run import Run

LOAD_S, UNLOAD_S = 10.0, 5.0


def square(folder: Path, *, homes: int = 1, horizon_s: float = 4000.0, **more: Any) -> Run:
    nodes = {"n1": [0, 0], "n2": [20, 0], "n3": [20, 20], "n4": [0, 20]}
    stops: dict[str, Any] = {
        "pick": {"node": "n1", "position_m": [-2, 0], "place": "a"},
        "drop": {"node": "n3", "position_m": [22, 20], "place": "b"},
    }
    for k in range(homes):
        stops[f"home_{k + 1}"] = {"node": "n4", "position_m": [-2.0 * (k + 1), 20]}
    plant = tiny_plant(
        [station("s", take="b", put="out", cycle=1.0)],
        buffers=[buffer("a", capacity=5), buffer("b", capacity=5)],
        sources=[source("src", "a")],
        networks=[{"id": "roads", "nodes": nodes, "lanes": [["n1", "n2", "n3", "n4", "n1"]],
                   "stops": stops}],
        fleets=[{"id": "agv", "network": "roads", "homes": [f"home_{k + 1}" for k in range(homes)],
                 "size_m": [1, 1, 1], "speed_loaded_mps": 1.0, "speed_empty_mps": 1.0,
                 "acceleration_mps2": 0.5, "turn_dps": 90.0, "load_s": LOAD_S,
                 "unload_s": UNLOAD_S, **more}],
        transports=[{"id": "t", "from": "a", "to": "b", "fleet": "agv"}],
    )  # fmt: skip
    return simulate(scenario(plant, horizon_s), folder)


def test_first_trip_by_hand(tmp_path: Path) -> None:
    """Home (-2, 20) faces west, so it turns 180 deg (2 s) to leave; 2 m to n4: 4 s, at 6 s.

    n4 -> n1 is south: 1 s + 22 s, at 29 s.  n1 -> pick is west: 1 s + 4 s, at 34 s; loaded at 44 s.
    Turn 2 s + 4 s to n1 (50 s); pick -> n1 -> n2 is straight east, so it drives through n1 at
    1 m/s: 2 m from rest to 1 m/s take 3 s (2 + 3 = 49 s), then 20 m braking at the end 21 s, at
    70 s.  n2 -> n3: 1 + 22 s, at 93 s.  n3 -> drop east: 1 + 4 s, at 98 s; unloaded at 103 s.
    """
    run = square(tmp_path / "r")
    b = run.table("levels", where="place = 'b' AND change = 1")
    assert b["time_s"].iloc[0] == pytest.approx(103.0, abs=1e-9)


def test_every_later_trip_takes_the_same_time(tmp_path: Path) -> None:
    """Drop -> pick -> drop: 2 + 3 s to n3 (no: n3 -> n4 is straight west), and so on: one period.

    Turn 180 deg at the drop 2 s, 2 m to n3 at 3 s, through n3 without stopping, 20 m to n4 21 s,
    turn 1 s and 22 s to n1, turn 1 s and 4 s to the pick: 54 s.  Load 10 s.  Then 54 s to the drop
    in the same way, unload 5 s: 123 s in all.
    """
    run = square(tmp_path / "r")
    times = run.table("levels", where="place = 'b' AND change = 1")["time_s"].to_numpy()
    np.testing.assert_allclose(np.diff(times), 123.0, atol=1e-9)


def legs(run: Run) -> Any:
    return run.table("moves", where="kind = 'agv'").sort_values(["mover", "start_s"])


@pytest.mark.parametrize("homes", [1, 4])
def test_legs_are_continuous_in_place_time_and_speed(homes: int, tmp_path: Path) -> None:
    run = square(tmp_path / "r", homes=homes)
    for _, own in legs(run).groupby("mover", observed=True):
        before, after = own.iloc[:-1], own.iloc[1:]
        for axis in "xyz":
            np.testing.assert_array_equal(before[f"to_{axis}_m"], after[f"from_{axis}_m"])
        assert (after["start_s"].to_numpy() >= before["end_s"].to_numpy()).all()
        np.testing.assert_array_equal(before["v_out_mps"], after["v_in_mps"])
        rolling = (before["v_out_mps"] > 0).to_numpy()
        np.testing.assert_array_equal(
            before["end_s"].to_numpy()[rolling], after["start_s"].to_numpy()[rolling]
        )


def test_no_two_vehicles_enter_a_node_within_a_leg_of_each_other(tmp_path: Path) -> None:
    """Between arriving at a node and arriving at the next, nobody else arrives at the first."""
    run = square(tmp_path / "r", homes=4)
    rows = legs(run)
    lanes = rows[rows["target"].isin(["n1", "n2", "n3", "n4"])]
    following = rows.groupby("mover", observed=True)["end_s"].shift(-1)
    stay = lanes.assign(left_s=following.loc[lanes.index]).dropna(subset=["left_s"])
    for _, own in stay.groupby("target", observed=True):
        ordered = own.sort_values("end_s")
        assert (ordered["end_s"].to_numpy()[1:] >= ordered["left_s"].to_numpy()[:-1] - 1e-9).all()


def test_more_vehicles_carry_more(tmp_path: Path) -> None:
    one = square(tmp_path / "one").manifest.totals["shipped"]
    two = square(tmp_path / "two", homes=2).manifest.totals["shipped"]
    assert two > 1.2 * one


def test_a_vehicle_charges_before_it_is_empty(tmp_path: Path) -> None:
    run = square(
        tmp_path / "r",
        horizon_s=20_000.0,
        battery={"runtime_h": 1.0, "charge_h": 0.2, "charge_below": 0.3, "charge_to": 0.9},
    )
    # Without a charger anywhere the alarm stays open and the vehicle goes on.
    assert run.manifest.rows["alarms"] >= 1
