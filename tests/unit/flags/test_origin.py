"""Waiting is traced to where it began, and every second of it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.plants import buffer, everything, line, scenario, source, station, tiny_plant
from twin.flags.losses import station_losses
from twin.flags.origin import Origin, origins, origins_of, waits_caused
from twin.flags.time_grid import Grid, ramps
from twin.run.run import Run

Make = Callable[..., Run]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def run(made: Any) -> Run:
        return simulate(made, tmp_path / f"run_{len([*tmp_path.iterdir()])}")

    return run


def stop(machine: str, at: float, length_s: float) -> dict[str, Any]:
    return {"kind": "breakdown", "at": at, "machine": machine, "repair": length_s}


def waited(run: Run) -> dict[tuple[str, str], float]:
    stations = {m: s.id for s in run.plant.stations.values() for m in s.machine_ids}
    rows = run.sql(
        "SELECT resource, state, sum(end_s - start_s) AS s FROM states WHERE kind = 'machine'"
        " AND state IN ('starved', 'blocked') GROUP BY ALL"
    )
    found: dict[tuple[str, str], float] = {}
    for machine, state, s in rows.itertuples(index=False):
        key = (stations[str(machine)], str(state))
        found[key] = found.get(key, 0.0) + float(s)
    return found


def test_seconds_by_bin_are_those_of_the_intervals() -> None:
    rng = np.random.default_rng(1)
    begin = rng.uniform(0, 100, 50)
    end = begin + rng.uniform(0, 30, 50)
    bins = Grid(0.0, 120.0, 7)
    one, group = np.ones(50), np.zeros(50, dtype=np.intp)
    found = ramps(begin, one, group, n_groups=1, bins=bins)
    found -= ramps(end, one, group, n_groups=1, bins=bins)
    low, high = bins.edges_s[:-1], bins.edges_s[1:]
    inside = np.minimum(end[:, None], high) - np.maximum(begin[:, None], low)
    assert found[0] == pytest.approx(np.maximum(inside, 0).sum(axis=0))


def test_a_stopped_station_starves_those_behind_and_blocks_those_before(make: Make) -> None:
    run = make(line([10.0] * 4, horizon_s=7200, capacity=2, faults=[stop("s3", 1800, 1800)]))
    cause = Origin("s3", "breakdowns")
    for name, state in (("s4", "starved"), ("s2", "blocked"), ("s1", "blocked")):
        shares = origins_of(run, name, state, 1800, 3600)
        assert next(iter(shares)) == cause
        assert shares[cause] == pytest.approx(1800, abs=60)
    assert set(waits_caused(run, 1800, 3600)[cause]) == {"s1", "s2", "s4"}


def test_the_walk_goes_on_through_stations_that_starve_themselves(make: Make) -> None:
    run = make(line([5.0] * 5, horizon_s=3600, capacity=1, faults=[stop("s1", 600, 1200)]))
    shares = origins_of(run, "s5", "starved", 600, 1800)
    assert shares[Origin("s1", "breakdowns")] == pytest.approx(1200, abs=60)


def test_a_slow_station_is_the_limit_by_its_rate(make: Make) -> None:
    run = make(line([5.0, 20.0, 5.0], horizon_s=3600, capacity=3))
    assert next(iter(origins_of(run, "s3", "starved", 0, 3600))) == Origin("s2", "rate")
    assert next(iter(origins_of(run, "s1", "blocked", 0, 3600))) == Origin("s2", "rate")


def test_a_source_that_brings_too_little_is_named(make: Make) -> None:
    run = make(line([5.0, 5.0], horizon_s=3600, arrivals=30.0))
    assert next(iter(origins_of(run, "s2", "starved", 0, 3600))).resource in {"s1", "src"}
    shares = origins_of(run, "s1", "starved", 0, 3600)
    assert [*shares] == [Origin("src", "no_supply")]
    total = sum(
        s for o, s in origins_of(run, "s2", "starved", 0, 3600).items() if o.resource == "src"
    )
    assert total > 0.75 * sum(origins_of(run, "s2", "starved", 0, 3600).values())


def test_an_assembly_waits_for_the_component_that_is_missing(make: Make) -> None:
    plant = tiny_plant(
        [
            station("left", take="a", put="left_out", cycle=5.0),
            station("right", take="b", put="right_out", cycle=5.0),
            station("join", take=[{"from": "left_out"}, {"from": "right_out"}], put="out",
                    cycle=5.0, kind="assembly", product="part"),
        ],
        buffers=[buffer(name, capacity=3) for name in ("a", "b", "left_out", "right_out")],
        sources=[source("s_a", "a"), source("s_b", "b")],
    )  # fmt: skip
    run = make(scenario(plant, 3600, faults=[stop("right", 1200, 1200)]))
    cause = Origin("right", "breakdowns")
    starved = origins_of(run, "join", "starved", 1200, 2400)
    assert starved[cause] > 0.9 * sum(starved.values())
    blocked = origins_of(run, "left", "blocked", 1200, 2400)
    assert blocked[cause] > 0.9 * sum(blocked.values())


def test_all_waiting_is_traced_in_a_plant_with_everything(make: Make) -> None:
    plant = everything(breakdown={"mtbf_h": 0.3, "mttr_h": 0.05}, attend=True, performance=0.9)
    run = make(scenario(plant, 3 * 3600.0))
    traced = {key: sum(shares.values()) for key, shares in origins(run).items()}
    known = {k: s for k, s in waited(run).items() if s > 0}
    assert traced.keys() == known.keys()
    for key, seconds in known.items():
        assert traced[key] == pytest.approx(seconds, rel=1e-6, abs=1e-3)
        assert all(s >= -1e-9 for s in origins(run)[key].values())


def test_losses_of_a_station_add_up_to_its_planned_time(make: Make) -> None:
    plant = everything(breakdown={"mtbf_h": 0.3, "mttr_h": 0.05}, attend=True, performance=0.9)
    run = make(scenario(plant, 3 * 3600.0))
    for one in run.plant.stations.values():
        losses = station_losses(run, one, 1800.0, 9000.0)
        if losses.productive_s is None:
            continue
        total = losses.productive_s + sum(s or 0.0 for s in losses.observed_s.values())
        assert total == pytest.approx(losses.planned_s, rel=1e-9), one.id
