"""Flags on one of several identical machines, and on all of them."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from twin.flags.cycle import cycle_flags
from twin.flags.flag import Flag

HOURS = 3


def found(build: ModuleType, folder: Path, factors: list[float], **values: object) -> list[Flag]:
    """Flags of a station with a machine for each factor of the cycle of 10 s, 5 %."""
    made = build.scenario(
        [
            build.station(
                "weld", machines=len(factors), cycle={"mean_s": 10.0, "cv": 0.05}, **values
            )
        ],
        horizon_s=HOURS * 3600.0,
    )
    rows, states = [], []
    for k, (factor, machine) in enumerate(
        zip(factors, made.plant.stations["weld"].machine_ids, strict=True)
    ):
        rng = np.random.default_rng(k)
        times = 10.0 * factor * rng.lognormal(-0.00125, 0.05, int(HOURS * 360 / factor) - 20)
        begins = 1.0 + np.concatenate([[0.0], np.cumsum(times)[:-1]])
        rows += [
            build.cycle("weld", float(a), float(b), machine=machine)
            for a, b in zip(begins, times, strict=True)
        ]
        states += build.states(machine, ("working", HOURS * 3600.0))
    return list(cycle_flags(build.write_run(folder / "r", made, cycles=rows, states=states)))


def test_four_equal_machines_have_no_flag(build: ModuleType, tmp_path: Path) -> None:
    assert found(build, tmp_path, [1.0, 1.0, 1.0, 1.0]) == []


def test_one_machine_slow_from_the_start_is_flagged_alone(
    build: ModuleType, tmp_path: Path
) -> None:
    (flag,) = found(build, tmp_path, [1.0, 1.0, 1.03, 1.0])
    assert flag.resource == "weld_3"
    assert flag.cause == "slow_cycle"
    assert flag.since_s < 300
    assert flag.evidence["scope"] == "local"
    assert flag.evidence["expected_by"] == "design and peers"
    assert flag.evidence["peers"] == 3
    assert flag.evidence["expected"] == pytest.approx(10.0, rel=0.005)


def test_what_all_have_in_common_is_one_flag(build: ModuleType, tmp_path: Path) -> None:
    (flag,) = found(build, tmp_path, [1.06, 1.06, 1.06, 1.06])
    assert flag.resource == "weld"
    assert flag.evidence["scope"] == "common"
    assert flag.evidence["expected_by"] == "design"


def test_one_machine_worse_than_a_wrong_plant_file_is_told_beside(
    build: ModuleType, tmp_path: Path
) -> None:
    common, own = found(build, tmp_path, [1.06, 1.06, 1.12, 1.06])
    assert (common.resource, common.evidence["expected_by"]) == ("weld", "design")
    assert (own.resource, own.evidence["expected_by"]) == ("weld_3", "peers")
    assert own.evidence["expected"] == pytest.approx(10.6, rel=0.01)
    assert "identical machines" in own.text


def test_equal_stations_are_peers(build: ModuleType, tmp_path: Path) -> None:
    """Three stations that differ in name and place; a fourth has another design."""
    cycle = {"mean_s": 10.0, "cv": 0.05}
    names = ("a", "b", "c", "d")
    made = build.scenario(
        [
            build.station(
                name,
                cycle=cycle if name != "d" else {"mean_s": 10.1, "cv": 0.05},
                position_m=[float(k), 0.0, 0.0],
            )
            for k, name in enumerate(names)
        ],
        horizon_s=HOURS * 3600.0,
    )
    rows, states = [], []
    for k, name in enumerate(names):
        rng = np.random.default_rng(k)
        times = (10.3 if name == "b" else 10.0) * rng.lognormal(-0.00125, 0.05, 1000)
        begins = 1.0 + np.concatenate([[0.0], np.cumsum(times)[:-1]])
        rows += [build.cycle(name, float(a), float(b)) for a, b in zip(begins, times, strict=True)]
        states += build.states(name, ("working", HOURS * 3600.0))
    run = build.write_run(tmp_path / "r", made, cycles=rows, states=states)
    flags = {f.resource: f for f in cycle_flags(run)}
    assert list(flags) == ["b"]
    assert flags["b"].evidence["peers"] == 2
