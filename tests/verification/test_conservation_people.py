"""Invariants and reproducibility with calendars, kinds of failure, maintenance and operators.

Units are conserved, levels and states stay in range at every flush (`sim.invariants`), intervals
tile the run, and the order in which a plant lists its things changes nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim import simulate
from tests.support.plants import everything, scenario
from twin.plant.plant import Plant

HORIZON_S = 12_000.0
PEOPLE: dict[str, Any] = {
    "shifts": [
        {"id": "one", "start": "00:10", "hours": 1, "breaks": [{"start": "00:30", "length": 240}]},
        {"id": "two", "start": "01:20", "hours": 1.5},
    ],
    "calendars": [{"id": "work", "shifts": ["one", "two"]}],
    "calendar": "work",
    "pools": [
        {"id": "operators", "kind": "operator", "home_m": [5, 5], "staff": {"one": 2, "two": 3},
         "walk_mps": 1.2, "skills": {"able": [1, 2]}},
        {"id": "crew", "kind": "repair", "home_m": [6, 6], "staff": {"one": 2, "two": 2},
         "walk_mps": 1.2},
    ],
}  # fmt: skip
WORK = {"mean_s": 40.0, "cv": 0.5}
CLOSED = [(0.0, 600.0), (1800.0, 2040.0), (4200.0, 4800.0), (10_200.0, HORIZON_S)]
"""When none of the shifts is worked."""


def kinds(unit: str) -> dict[str, Any]:
    return {
        "jam": {"mtbf_h": 0.05, "mttr_h": 0.005, "unit": unit},
        "tool": {"clock": "cycles", "mcbf": 30, "mttr_h": 0.004, "crew": "crew", "unit": unit},
        "power": {"clock": "calendar", "mtbf_h": 0.3, "mttr_h": 0.01, "when_idle": "wait",
                  "crew": "crew", "workers": 2},
    }  # fmt: skip


MAINTENANCE = {
    "lubricate": {"every_cycles": 40, "work": WORK},
    "clean": {"every_operating_h": 0.2, "work": WORK, "crew": "crew", "planned": False},
    "inspect": {"every_h": 0.4, "work": WORK, "window_s": 120},
}


def plant(choice: dict[str, Any], *, reverse: bool = False) -> Plant:
    """The plant with everything, and the people of this test."""
    base = everything(yield_=0.95).model_dump(by_alias=True, exclude_defaults=True)
    base.update(PEOPLE)
    for cell in base["lines"][0]["workcells"]:
        for station in cell["stations"]:
            station["breakdowns"] = kinds(choice["unit"])
            if station["kind"] == "store":
                del station["breakdowns"]["tool"]
                continue
            station["maintenance"] = dict(MAINTENANCE)
            station["off_shift"] = choice["off_shift"]
            attend = {"pool": "operators", "work": {"mean_s": 4.0, "cv": 0.2},
                      "during": choice["during"], "workers": choice["workers"]}  # fmt: skip
            if choice["during"] == "share":
                attend["share"] = 0.5
            if station["id"] in choice["attended"]:
                station["attend"] = attend
            if reverse:
                station["breakdowns"] = dict(reversed(station["breakdowns"].items()))
                station["maintenance"] = dict(reversed(station["maintenance"].items()))
    if reverse:
        base["shifts"] = base["shifts"][::-1]
        base["pools"] = base["pools"][::-1]
    return Plant.model_validate(base)


CHOICES = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["resume", "restart", "scrap"]),
        "off_shift": st.sampled_from(["finish", "pause", "run_through"]),
        "during": st.sampled_from(["before", "after", "share", "whole_cycle"]),
        "workers": st.sampled_from([1, 2]),
        "attended": st.sets(st.sampled_from(["cut", "join", "test", "bake", "check"]), max_size=3),
    }
)


@settings(
    max_examples=20, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(choice=CHOICES, seed=st.integers(0, 1000))
def test_whatever_is_combined(choice: dict[str, Any], seed: int, tmp_path: Path) -> None:
    run = simulate(scenario(plant(choice), HORIZON_S, seed=seed), tmp_path / "r", force=True)
    states = run.table("states").sort_values(["resource", "start_s"])
    for _, rows in states.groupby("resource", observed=True):
        np.testing.assert_array_equal(rows["start_s"].to_numpy()[1:], rows["end_s"][:-1])
        assert (rows["start_s"].iloc[0], rows["end_s"].iloc[-1]) == (0.0, HORIZON_S)
    off = states[(states["state"] == "off_shift") & (states["kind"] == "machine")]
    assert off.empty == (choice["off_shift"] == "run_through")
    for begin_s, end_s in zip(off["start_s"], off["end_s"], strict=True):
        assert any(a - 1e-5 <= begin_s and end_s <= b + 1e-5 for a, b in CLOSED), (begin_s, end_s)
    cycles = run.table("cycles")
    assert (cycles["end_s"] - cycles["start_s"] >= cycles["duration_s"] - 1e-6).all()


@pytest.mark.parametrize("off_shift", ["finish", "pause", "run_through"])
def test_a_plant_that_is_full_when_its_calendar_is_closed(off_shift: str, tmp_path: Path) -> None:
    """Steady start at night: batches that are under way are finished, or wait for the shift."""
    choice = {"unit": "restart", "off_shift": off_shift, "during": "before", "workers": 1,
              "attended": {"bake"}}  # fmt: skip
    run = simulate(scenario(plant(choice), HORIZON_S, initial="steady"), tmp_path / "r")
    before = run.table("states", where="state = 'working' AND start_s < 600 AND kind = 'machine'")
    stations = set(before["resource"].str.rstrip("_12"))
    assert stations - {"rest"} == {
        "finish": {"bake"}, "pause": set(), "run_through": stations - {"rest"}
    }[off_shift]  # fmt: skip
    assert len(run.table("cycles")) > 200


@pytest.mark.parametrize("during", ["before", "after", "share", "whole_cycle"])
def test_the_order_of_the_lists_changes_nothing(during: str, tmp_path: Path) -> None:
    choice = {"unit": "resume", "off_shift": "finish", "during": during, "workers": 2,
              "attended": {"cut", "bake"}}  # fmt: skip
    one = simulate(scenario(plant(choice), HORIZON_S), tmp_path / "1")
    two = simulate(scenario(plant(choice, reverse=True), HORIZON_S), tmp_path / "2")
    columns = ["machine", "unit", "start_s", "end_s"]
    first, second = (r.table("cycles").sort_values(["end_s", "unit"])[columns] for r in (one, two))
    np.testing.assert_array_equal(first.to_numpy(), second.to_numpy())
    assert len(first) > 200
