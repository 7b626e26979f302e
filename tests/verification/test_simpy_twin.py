"""The engine against a textbook SimPy model of the same line, with the same random draws.

`tests.support.naive_line` is written with Stores, processes and interrupts, without looking at the
engine. Every visit of every machine must begin and end at the same time: random lines with parallel
machines, finite buffers, a waiting source, scrap, minor stops, and failures on both clocks with all
policies for the unit in work.
"""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim import simulate
from tests.support.naive_line import NaiveLine
from tests.support.plants import buffer, scenario, source, station, tiny_plant
from twin.plant.scenario import Scenario
from twin.run.run import Run

HORIZON_S = 400.0
TOLERANCE_S = 1e-6

CYCLES = st.builds(
    lambda mean, kind, cv: {"mean_s": mean, "kind": kind, "cv": cv},
    st.floats(0.3, 3.0),
    st.sampled_from(["exponential", "lognormal", "gamma", "uniform", "constant"]),
    st.floats(0.05, 0.5),
)
BREAKDOWNS = st.none() | st.fixed_dictionaries(
    {
        "mtbf_h": st.floats(0.003, 0.03),
        "mttr_h": st.floats(0.0005, 0.005),
        "clock": st.sampled_from(["operating", "calendar"]),
        "unit": st.sampled_from(["resume", "restart", "scrap"]),
        "repair_cv": st.sampled_from([1.0, 0.4]),
    }
)
STATIONS = st.fixed_dictionaries(
    {
        "cycle": CYCLES,
        "breakdown": BREAKDOWNS,
        "machines": st.sampled_from([1, 1, 1, 2, 3]),
        "yield": st.sampled_from([1.0, 0.9]),
        "performance": st.sampled_from([1.0, 0.85]),
        "minor_stop_s": st.just(1.5),
    }
)


def untied(own: dict[str, Any], k: int) -> dict[str, Any]:
    """Return a station that ends nothing at the same instant as another machine.

    What happens at one instant has no order that two models must share: machines side by side have
    cycles that vary, and stations do not have the same constant cycle.
    """
    cycle = own["cycle"]
    if cycle["kind"] == "constant" and own["machines"] > 1:
        cycle = {**cycle, "kind": "uniform"}
    elif cycle["kind"] == "constant":
        cycle = {**cycle, "mean_s": cycle["mean_s"] * math.sqrt(1.0 + 0.01 * (k + 1))}
    return {**own, "cycle": cycle}


def line_of(
    stations: list[dict[str, Any]], capacities: list[int], interval: Any, seed: int
) -> Scenario:
    places = [f"b{k}" for k in range(len(stations))]
    every = [untied(own, k) for k, own in enumerate(stations)]
    made = [
        station(f"s{k + 1}", take=places[k], put=[*places, "out"][k + 1], pitch_m=[1, 0], **own)
        for k, own in enumerate(every)
    ]
    plant = tiny_plant(
        made,
        buffers=[buffer(p, capacity=c) for p, c in zip(places, capacities, strict=False)],
        sources=[source("src", "b0", interval=interval)],
    )
    return scenario(plant, HORIZON_S, seed=seed)


def compare(run: Run, naive: NaiveLine) -> int:
    """Compare every visit that ended before the horizon; return how many there were."""
    rows = run.table("cycles").sort_values(["machine", "start_s"], kind="stable")
    seen = {str(name): own for name, own in rows.groupby("machine", observed=True)}
    assert seen.keys() == {name for name, own in naive.visits.items() if own}
    for name, own in seen.items():
        expected = np.array(naive.visits[name])
        assert len(own) == len(expected), name
        for k, column in enumerate(("start_s", "end_s")):
            np.testing.assert_allclose(
                own[column], expected[:, k], rtol=0, atol=TOLERANCE_S, err_msg=name
            )
        np.testing.assert_array_equal(own["result"] == "ok", expected[:, 2] == 1)
    return len(rows)


@settings(max_examples=80, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(
    stations=st.lists(STATIONS, min_size=1, max_size=5),
    capacities=st.lists(st.integers(1, 4), min_size=5, max_size=5),
    interval=st.none() | CYCLES,
    seed=st.integers(0, 2**31),
)
def test_engine_equals_a_textbook_model(
    stations: list[dict[str, Any]], capacities: list[int], interval: Any, seed: int
) -> None:
    made = line_of(stations, capacities, interval, seed)
    with tempfile.TemporaryDirectory() as folder:
        compare(simulate(made, Path(folder) / "r"), NaiveLine(made))


def test_a_long_line_with_every_trouble(tmp_path: Path) -> None:
    trouble = {"mtbf_h": 0.02, "mttr_h": 0.003}
    cycle = {"mean_s": 1.0, "kind": "lognormal", "cv": 0.4}
    stations = [
        {"cycle": cycle, "breakdown": {**trouble, "clock": clock, "unit": unit}, "yield": 0.95,
         "performance": 0.9, "minor_stop_s": 2.0, "machines": machines}
        for clock, unit, machines in [
            ("operating", "resume", 1), ("calendar", "restart", 2), ("operating", "scrap", 1),
            ("calendar", "resume", 3), ("calendar", "scrap", 1), ("operating", "restart", 2),
        ]
    ]  # fmt: skip
    made = line_of(stations, [3, 1, 2, 1, 4, 1], None, 11)
    made = made.model_copy(update={"horizon_s": 5_000.0})
    assert compare(simulate(made, tmp_path / "r"), NaiveLine(made)) > 10_000


def test_a_difference_would_be_seen(tmp_path: Path) -> None:
    """The textbook model of a line with one place more does other things."""
    stations = [{"cycle": {"mean_s": 1.0, "kind": "exponential"}}] * 3
    run = simulate(line_of(stations, [1, 1, 1], None, 1), tmp_path / "r")
    other = NaiveLine(line_of(stations, [1, 1, 2], None, 1))
    ends = run.table("cycles", where="station = 's3'")["end_s"].to_numpy()
    n = min(len(ends), len(other.visits["s3"]))
    assert not np.allclose(np.sort(ends)[:n], np.array(other.visits["s3"])[:n, 1])
