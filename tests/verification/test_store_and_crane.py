"""A store served by a crane, by hand.

Rail along x; slots of a tower of 4 columns x 2 levels, 4 m long and 4 m high, stand 1 m beside it
with their centres at x = 10.5, 11.5, 12.5, 13.5 and heights 1 and 3 m. Speeds 2 m/s along and
1 m/s up, both with 1 m/s2. From rest to rest, L m take 2 sqrt(L / a) up to v^2 / a, and
L / v + v / a beyond it; travel and lift happen at once. The forks take 3 s.
"""

from __future__ import annotations

from math import hypot, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.plants import buffer, scenario, source, station, tiny_plant
from twin.run.run import Run

FORK_S = 3.0
DWELL_S = 100.0
PLACE_HEIGHT_M = 0.5


def travel_s(length_m: float, v: float, a: float = 1.0) -> float:
    """Closed form, written out once more for the test."""
    if length_m <= v * v / a:
        return 2 * sqrt(length_m / a)
    return length_m / v + v / a


def crane_s(from_m: tuple[float, float], to_m: tuple[float, float]) -> float:
    along, up = abs(to_m[0] - from_m[0]), abs(to_m[1] - from_m[1])
    return max(travel_s(along, 2.0), travel_s(up, 1.0))


def aisle(folder: Path, *, interval_s: float, horizon_s: float, dwell: Any = DWELL_S,
          fault: dict[str, Any] | None = None, crew: bool = False,
          **crane: Any) -> Run:  # fmt: skip
    plant = tiny_plant(
        [station("rest", take="into", put="after", kind="store", crane="crane", cycle=dwell,
                 rack={"columns": 4, "levels": 2}) | {"position_m": [12, 1, 0],
                                                     "size_m": [4, 1, 4]},
         station("pack", take="after", put="out", cycle=1.0)],
        buffers=[
            buffer("into", capacity=20) | {"position_m": [8, 1, 0]},
            buffer("after", capacity=20) | {"position_m": [18, 1, 0]},
        ],
        sources=[source("src", "into", interval={"mean_s": interval_s, "kind": "constant"})],
        cranes=[{"id": "crane", "rail_m": [[5, 0], [25, 0]], "reach_m": 3.0, "height_m": 5.0,
                 "speed_mps": 2.0, "lift_mps": 1.0, "acceleration_mps2": 1.0,
                 "lift_acceleration_mps2": 1.0, "fork_s": FORK_S, **crane}],
        shifts=[{"id": "day", "start": "00:00", "hours": 24}] if crew else [],
        pools=[{"id": "crew", "kind": "repair", "home_m": [0, 0], "staff": {"day": 1},
                "walk_mps": 1.0}] if crew else [],
    )  # fmt: skip
    return simulate(scenario(plant, horizon_s, faults=[fault] if fault else []), folder)


HOME, INTO, AFTER = (5.0, 0.0), (8.0, PLACE_HEIGHT_M), (18.0, PLACE_HEIGHT_M)
FIRST_SLOT = (10.5, 1.0)


def test_first_lot_by_hand(tmp_path: Path) -> None:
    """It arrives at 60 s. The crane comes (3 m), forks, carries it 2.5 m to slot 0, forks.

    After its 100 s the crane, which stayed at the slot, forks, carries it 7.5 m, and forks.
    """
    run = aisle(tmp_path / "r", interval_s=60.0, horizon_s=300.0)
    stay = run.table("cycles", where="station = 'rest'").iloc[0]
    in_slot = 60.0 + crane_s(HOME, INTO) + FORK_S + crane_s(INTO, FIRST_SLOT) + FORK_S
    assert crane_s(HOME, INTO) == pytest.approx(2 * sqrt(3.0))
    assert stay["start_s"] == pytest.approx(in_slot, abs=1e-9)
    assert stay["end_s"] == pytest.approx(in_slot + DWELL_S, abs=1e-9)
    levels = run.table("levels", where="place = 'rest'").sort_values("time_s")
    assert levels["slot"].tolist()[:2] == [0, 1]


def test_a_lot_alone_from_end_to_end(tmp_path: Path) -> None:
    """With a lot every 400 s each goes through alone, and the crane waits where it put it down."""
    run = aisle(tmp_path / "r", interval_s=400.0, horizon_s=2_200.0)
    after = run.table("levels", where="place = 'after' AND change = 1").sort_values("time_s")
    through = crane_s(INTO, FIRST_SLOT) + FORK_S + DWELL_S + FORK_S
    through += crane_s(FIRST_SLOT, AFTER) + FORK_S
    came = 400.0 * np.arange(1, 6)
    fetch = np.array([crane_s(HOME, INTO)] + [crane_s(AFTER, INTO)] * 4) + FORK_S
    np.testing.assert_allclose(after["time_s"], came + fetch + through, rtol=0, atol=1e-9)


def test_every_lot_stays_as_long_as_it_must(tmp_path: Path) -> None:
    """Dwell times are the drawn ones; leaving waits for the crane, never the other way round."""
    dwell = {"mean_s": 50.0, "kind": "lognormal", "cv": 0.4}
    run = aisle(tmp_path / "r", interval_s=25.0, horizon_s=5_000.0, dwell=dwell)
    stays = run.table("cycles", where="station = 'rest'").set_index("lot")
    np.testing.assert_allclose(
        stays["end_s"] - stays["start_s"], stays["duration_s"], rtol=0, atol=1e-9
    )
    moved = run.table("levels", where="place = 'rest'").set_index("lot")
    came, left = (moved.loc[moved["change"] == sign, "time_s"] for sign in (1, -1))
    np.testing.assert_allclose(stays["start_s"], came.loc[stays.index], rtol=0, atol=1e-9)
    done = stays.index.intersection(left.index)
    assert len(done) > 100
    assert (left.loc[done] >= stays.loc[done, "end_s"] + FORK_S - 1e-9).all()
    assert stays["duration_s"].std() > 10


def test_a_full_rack_holds_up_the_crane(tmp_path: Path) -> None:
    """Eight slots of 100 s and a lot every 5 s: the store is full and gives what it can.

    A slot is free when its lot has been lifted out; so no more than eight are ever inside.
    """
    run = aisle(tmp_path / "r", interval_s=5.0, horizon_s=3_000.0)
    levels = run.table("levels", where="place = 'rest'").sort_values("time_s", kind="stable")
    assert levels["level"].max() == 8
    late = levels[levels["time_s"] > 500.0]
    assert late["level"].min() >= 5
    slots = late[late["change"] == 1].groupby("slot")["time_s"].apply(np.diff)
    rounds = np.concatenate(slots.to_numpy())
    assert rounds.min() > DWELL_S + 2 * FORK_S


def test_crane_moves_take_the_closed_form(tmp_path: Path) -> None:
    run = aisle(tmp_path / "r", interval_s=20.0, horizon_s=3_000.0)
    moves = run.table("moves", where="kind = 'crane'")
    along = (moves["to_x_m"] - moves["from_x_m"]).abs()
    up = (moves["to_z_m"] - moves["from_z_m"]).abs()
    expected = [max(travel_s(x, 2.0), travel_s(z, 1.0)) for x, z in zip(along, up, strict=True)]
    assert len(moves) > 200
    np.testing.assert_allclose(moves["end_s"] - moves["start_s"], expected, rtol=0, atol=1e-9)


def broken(run: Run, state: str = "down") -> list[tuple[float, float]]:
    rows = run.table("states", where=f"resource = 'crane' AND state = '{state}'")
    return [(float(a), float(b)) for a, b in zip(rows["start_s"], rows["end_s"], strict=True)]


CONSTANT = {"clock": "operating", "time_to_repair": {"kind": "constant", "mean_s": 50.0}}


def test_a_crane_ages_by_its_work_and_its_lot_waits_for_the_repair(tmp_path: Path) -> None:
    """7 s of work to a failure, which shows when the travel ends that it falls into.

    Fetching 3 m takes 2 sqrt(3) = 3.46 s, the forks 3 s, carrying 2.5 m along and 0.5 m up 3.16 s:
    it stands after 9.63 s of work, is down for 50 s, and moves its forks then. The next failure
    is due after 14 s of work, beyond the end of the run.
    """
    failing = {**CONSTANT, "time_to_failure": {"kind": "constant", "mean_s": 7.0}}
    run = aisle(tmp_path / "r", interval_s=60.0, horizon_s=123.5, breakdown=failing)
    healthy = aisle(tmp_path / "h", interval_s=60.0, horizon_s=123.5)
    carried = 60.0 + crane_s(HOME, INTO) + FORK_S + crane_s(INTO, FIRST_SLOT)
    assert broken(run) == [(pytest.approx(carried), pytest.approx(carried + 50.0))]
    came = [r.table("levels", where="place = 'rest'")["time_s"].tolist() for r in (run, healthy)]
    assert came[0] == pytest.approx([came[1][0] + 50.0])
    (alarm,) = run.table("alarms").to_dict("records")
    assert (alarm["resource"], alarm["code"]) == ("crane", "breakdown")


def test_an_idle_crane_fails_by_the_calendar_at_once(tmp_path: Path) -> None:
    """At 40 s for 50 s: the lot of 60 s waits until 90 s."""
    failing = {**CONSTANT, "clock": "calendar",
               "time_to_failure": {"kind": "constant", "mean_s": 40.0}}  # fmt: skip
    run = aisle(tmp_path / "r", interval_s=60.0, horizon_s=105.0, breakdown=failing)
    assert broken(run) == [(40.0, 90.0)]
    moves = run.table("moves", where="mover = 'crane'")
    assert moves["start_s"].tolist()[0] == pytest.approx(90.0)


def test_a_crew_walks_to_a_crane_that_a_scenario_breaks(tmp_path: Path) -> None:
    """It fails at 20 s at the rail's end at 5 m; the crew comes from 0 m with 1 m/s."""
    fault = {"kind": "breakdown", "at": 20.0, "machine": "crane", "repair": 30.0}
    failing = {**CONSTANT, "mtbf_h": 1000.0, "crew": "crew"}
    run = aisle(tmp_path / "r", interval_s=60.0, horizon_s=110.0, fault=fault, crew=True,
                breakdown=failing)  # fmt: skip
    ((asked_s, begun_s),) = broken(run, "waiting_repair")
    assert asked_s == 20.0
    assert begun_s - asked_s == pytest.approx(hypot(5.0, 0.8)), "to beside the mast, 0.8 m wide"
    assert broken(run) == [(begun_s, pytest.approx(begun_s + 30.0))]
