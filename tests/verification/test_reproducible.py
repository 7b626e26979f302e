"""Same seed, same run; and what a change must leave alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import Cancelled, simulate
from tests.support.plants import (
    buffer,
    exponential,
    line,
    scenario,
    sink,
    source,
    station,
    tiny_plant,
)
from twin.plant.load import load_scenario
from twin.plant.scenario import Scenario
from twin.run.run import Run


def three(seed: int) -> Scenario:
    return line([exponential(1.0)] * 3, horizon_s=2_000.0, seed=seed,
                station_options={"breakdown": {"mtbf_h": 0.1, "mttr_h": 0.01}})  # fmt: skip


def test_same_seed_same_digest_and_other_seed_other_digest(tmp_path: Path) -> None:
    one, two = simulate(three(5), tmp_path / "1"), simulate(three(5), tmp_path / "2")
    other = simulate(three(6), tmp_path / "3")
    assert one.manifest.digest == two.manifest.digest
    assert one.manifest.digest != other.manifest.digest


def test_flushes_do_not_change_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = simulate(three(5), tmp_path / "1", progress=lambda now, horizon: None)
    assert one.manifest.digest == simulate(three(5), tmp_path / "2").manifest.digest


def two_lines(extra: bool) -> Scenario:
    """Line a, and beside it a line b with one machine or two."""
    names = ["b1", "b2"] if extra else ["b1"]
    stations = [station("a1", take="in_a", put="out", cycle=exponential(1.0))]
    stations += [station(n, take="in_b", put="out", cycle=exponential(1.0)) for n in names]
    if extra:
        stations.reverse()
    plant = tiny_plant(
        stations,
        buffers=[buffer("in_a"), buffer("in_b")],
        sources=[source("src_b", "in_b"), source("src_a", "in_a")],
        sinks=[sink()],
    )
    return scenario(plant, 500.0)


def durations(run: Run, name: str) -> np.ndarray:
    rows = run.table("cycles", where=f"station = '{name}'").sort_values("start_s")
    return np.asarray(rows["duration_s"])


def test_a_new_machine_changes_no_other_draw(tmp_path: Path) -> None:
    few = simulate(two_lines(extra=False), tmp_path / "few")
    many = simulate(two_lines(extra=True), tmp_path / "many")
    np.testing.assert_array_equal(durations(few, "a1"), durations(many, "a1"))
    np.testing.assert_array_equal(durations(few, "b1"), durations(many, "b1"))


def test_a_cancelled_run_is_readable_and_equals_the_start_of_the_whole(tmp_path: Path) -> None:
    def stop(now: float, horizon: float) -> None:
        if now > 0.4 * horizon:
            raise KeyboardInterrupt

    with pytest.raises(Cancelled) as caught:
        simulate(three(5), tmp_path / "part", progress=stop)
    assert caught.value.exit_code == 130
    part, whole = Run.open(tmp_path / "part"), simulate(three(5), tmp_path / "whole")
    assert part.manifest.status == "cancelled"
    assert 0.4 * 2_000 < part.horizon_s < 0.5 * 2_000
    states = part.table("states")
    assert states["end_s"].max() == part.horizon_s
    expected = whole.table("cycles", where=f"end_s <= {part.horizon_s}")
    columns = ["unit", "lot", "start_s", "duration_s", "end_s"]
    pd.testing.assert_frame_equal(
        part.table("cycles")[columns].sort_values(["end_s", "unit"], ignore_index=True),
        expected[columns].sort_values(["end_s", "unit"], ignore_index=True),
    )


def test_an_error_while_running_leaves_a_failed_run(tmp_path: Path) -> None:
    def fail(now: float, horizon: float) -> None:
        raise ValueError("no more disk")

    with pytest.raises(ValueError, match="no more disk"):
        simulate(three(5), tmp_path / "r", progress=fail)
    run = Run.open(tmp_path / "r")
    assert run.manifest.status == "failed"
    assert run.manifest.error == "ValueError: no more disk"


@pytest.fixture(scope="module")
def leak(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    """One hour of the pilot plant with and without a leak from 1200 s on."""
    folder = tmp_path_factory.mktemp("leak")
    healthy = load_scenario("pilot_shift", horizon_s=3600.0)
    fault: dict[str, Any] = {
        "kind": "vacuum_leak", "at": 1200.0, "robot": "robot_pouch", "extra_grip_s": 0.8,
    }  # fmt: skip
    faulty = Scenario.model_validate({**healthy.model_dump(by_alias=True), "faults": [fault]})
    return simulate(healthy, folder / "healthy"), simulate(faulty, folder / "faulty")


def test_a_leak_changes_only_the_grips_of_its_robot(leak: tuple[Run, Run]) -> None:
    """Cycle by cycle and step by step, by common random numbers."""
    healthy, faulty = (
        run.table("substeps")
        .sort_values(["robot", "cycle", "step"])
        .set_index(["robot", "cycle", "step"])
        for run in leak
    )
    common = healthy.index.intersection(faulty.index)
    assert len(common) > 0.9 * len(healthy)
    extra = faulty.loc[common, "actual_s"] - healthy.loc[common, "actual_s"]
    hit = (
        (faulty.loc[common, "name"] == "grip")
        & (common.get_level_values("robot") == "robot_pouch")
        & (faulty.loc[common, "cause"] == "vacuum_leak")
    )
    assert hit.sum() > 50
    np.testing.assert_allclose(extra[hit], 0.8, atol=1e-9)
    np.testing.assert_allclose(extra[~hit], 0.0, atol=1e-9)
    starts = faulty.loc[faulty["cause"] == "vacuum_leak", "start_s"]
    assert starts.min() > 1200.0


def test_sub_steps_add_up_to_the_cycle(leak: tuple[Run, Run]) -> None:
    run = leak[1]
    steps = run.sql("SELECT unit, sum(actual_s) AS s FROM substeps WHERE robot = 'robot_pouch'"
                    " GROUP BY unit").set_index("unit")["s"]  # fmt: skip
    cycles = run.table("cycles", where="station = 'pouch_form_insert'").set_index("unit")
    np.testing.assert_allclose(steps.loc[cycles.index], cycles["duration_s"], atol=1e-9)
