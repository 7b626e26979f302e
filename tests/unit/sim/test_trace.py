"""Traces: values replayed in order, by single and multiple draws alike, to a clear end."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import simulate
from sim.core.streams import Draws
from sim.errors import TraceUsedUp
from tests.support.plants import line
from twin.plant.base import Duration


def trace(**more: object) -> Duration:
    return Duration.model_validate({"kind": "trace", "values_s": [3, 1, 2], **more})


def test_values_come_in_order_and_again() -> None:
    draws = Draws(trace(), 1, "m", "cycle")
    assert [draws.one(), *draws.many(3), draws.one()] == [3, 1, 2, 3, 1]


def test_a_mean_scales_the_trace() -> None:
    assert list(Draws(trace(mean_s=20), 1, "m", "cycle").many(3)) == [30, 10, 20]


def test_a_trace_that_stops_says_who_and_what_to_do(tmp_path: Path) -> None:
    scenario = line([trace(at_end="stop").model_dump()], horizon_s=100.0)
    with pytest.raises(
        TraceUsedUp, match=r"s1/cycle: its trace of 3 values is used up\. Give more"
    ):
        simulate(scenario, tmp_path / "r")


def test_a_station_replays_its_trace(tmp_path: Path) -> None:
    run = simulate(line([trace().model_dump()], horizon_s=12.5), tmp_path / "r")
    assert list(run.table("cycles")["duration_s"]) == [3, 1, 2, 3, 1, 2]
    assert list(run.table("cycles")["end_s"]) == [3, 4, 6, 9, 10, 12]
