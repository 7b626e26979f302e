"""Running: what is left behind when something goes wrong, and plants of unusual shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import run as running
from sim import simulate
from sim.record.recorder import Recorder
from tests.support.plants import buffer, line, scenario, sink, source, station, tiny_plant
from twin.run.run import Run

DAY = [{"id": "day", "start": "00:00", "hours": 24}]
OPERATOR = {
    "id": "op", "kind": "operator", "home_m": [5, 5], "staff": {"day": 1}, "walk_mps": 1.2,
}  # fmt: skip
CRANE = {
    "id": "crane", "rail_m": [[0, 1], [5, 1]], "reach_m": 3.0, "height_m": 5.0, "speed_mps": 2.0,
    "lift_mps": 0.5, "acceleration_mps2": 0.5, "lift_acceleration_mps2": 0.5, "fork_s": 3.0,
}  # fmt: skip


def test_a_disk_that_is_full_at_the_end_leaves_a_failed_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Recorder) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Recorder, "_write_cycles", full)
    with pytest.raises(OSError, match="No space left"):
        simulate(line([1.0, 1.0], horizon_s=100.0), tmp_path / "r")
    manifest = Run.open(tmp_path / "r").manifest
    assert manifest.status == "failed"
    assert "No space left" in (manifest.error or "")


def test_parts_are_written_at_whole_hours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "FLUSH_S", 100.0)
    flushed: list[float] = []
    write = Recorder.flush

    def noted(self: Recorder, now_s: float, *, final: bool = False) -> None:
        flushed.append(now_s)
        write(self, now_s, final=final)

    monkeypatch.setattr(Recorder, "flush", noted)
    simulate(line([1.0], horizon_s=330.0), tmp_path / "r")
    assert flushed == [100.0, 200.0, 300.0, 330.0]


def test_room_at_the_end_travels_up_a_very_long_line(tmp_path: Path) -> None:
    """All of 700 stations are blocked by the last; each unit it finishes moves all others."""
    run = simulate(line([1.0] * 699 + [9.0], horizon_s=1_600.0, capacity=1), tmp_path / "r")
    assert run.manifest.status == "complete"
    assert run.manifest.totals["shipped"] == (1_600 - 699) // 9


def test_an_assembly_is_attended_once_for_each_magazine(tmp_path: Path) -> None:
    attend = {"pool": "op", "work": {"mean_s": 2.0}}
    plant = tiny_plant(
        [station("join", take=[{"from": "m", "units": 1}], put="out", kind="assembly",
                 product="part", cycle=1.0, attend=attend)],
        items=[{"id": "sheet", "units_per_lot": 10}, {"id": "part", "product": True}],
        buffers=[buffer("m", item="sheet", capacity=3)],
        sources=[source("src", "m", item="sheet")], sinks=[sink()], shifts=DAY, pools=[OPERATOR],
    )  # fmt: skip
    run = simulate(scenario(plant, 500.0), tmp_path / "r")
    attended = len(run.table("states", where="reason = 'attended'"))
    assert attended == -(-len(run.table("cycles")) // 10)


def test_a_store_that_restarts_its_lots_starts_them_at_the_last_repair(tmp_path: Path) -> None:
    plant = tiny_plant(
        [station("rest", take="in", put="shelf", kind="store", crane="crane", cycle=600.0,
                 rack={"columns": 1, "levels": 1},
                 breakdown={"mtbf_h": 1e6, "mttr_h": 1, "unit": "restart"}),
         station("use", take="shelf", put="out", cycle=1.0)],
        buffers=[buffer("in", capacity=1), buffer("shelf", capacity=1)],
        sources=[source("src", "in")], sinks=[sink()], cranes=[CRANE],
    )  # fmt: skip
    faults = [
        {"kind": "breakdown", "at": at, "machine": "rest", "repair": 10.0} for at in (200.0, 400.0)
    ]
    run = simulate(scenario(plant, 3000.0, faults=faults), tmp_path / "r")
    first = run.table("cycles", where="station = 'rest'").sort_values("end_s").iloc[0]
    assert first["end_s"] == pytest.approx(400.0 + 10.0 + 600.0)
