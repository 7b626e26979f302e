"""The bottleneck of lines whose limiting station is known."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from twin.kpi import kpis
from twin.kpi.bottleneck import Bottleneck
from twin.kpi.workcell import output_item


def limit_of(
    build: ModuleType, folder: Path, shares: dict[str, tuple[float, float]]
) -> Bottleneck | None:
    """Bottleneck of stations given by their blocked and starved seconds of 100."""
    made = build.scenario([build.station(k) for k in shares])
    states = [
        row
        for name, (blocked, starved) in shares.items()
        for row in build.states(
            name, ("working", 100 - blocked - starved), ("blocked", blocked), ("starved", starved)
        )
        if row["end_s"] > row["start_s"]
    ]
    return kpis(build.write_run(folder / "r", made, states=states)).bottleneck


def test_turning_point_in_the_middle(build: ModuleType, tmp_path: Path) -> None:
    found = limit_of(build, tmp_path, {"a": (40, 0), "b": (30, 5), "c": (3, 4), "d": (0, 35)})
    assert found is not None
    assert (found.station, found.method) == ("c", "turning point")
    assert found.blocked_share == pytest.approx(0.03)
    assert found.starved_share == pytest.approx(0.04)
    assert found.external_share == pytest.approx(0.07)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ({"a": (0, 0), "b": (0, 30), "c": (0, 40)}, "a"),
        ({"a": (40, 0), "b": (30, 0), "c": (0, 2)}, "c"),
        ({"a": (10, 0)}, "a"),
    ],
)
def test_first_last_and_only_station_can_limit(
    build: ModuleType, tmp_path: Path, shares: dict[str, tuple[float, float]], expected: str
) -> None:
    found = limit_of(build, tmp_path, shares)
    assert found is not None
    assert found.station == expected


def test_a_turning_point_that_waits_much_gives_way_to_the_busiest(
    build: ModuleType, tmp_path: Path
) -> None:
    found = limit_of(build, tmp_path, {"a": (30, 0), "b": (30, 30), "c": (0, 40), "d": (0, 1)})
    assert found is not None
    assert found.station == "d"


def test_a_run_without_states_has_no_bottleneck(build: ModuleType, tmp_path: Path) -> None:
    run = build.write_run(tmp_path / "r", build.scenario([build.station("a")]))
    assert kpis(run).bottleneck is None


def test_output_item_is_the_product_or_what_is_taken_or_what_is_upstream(
    build: ModuleType,
) -> None:
    buffer = {
        "id": "b", "item": "part", "capacity": 1, "position_m": [0, 0, 0], "size_m": [1, 1, 1],
    }  # fmt: skip
    store = {"kind": "store", "rack": {"columns": 1, "levels": 1}}
    plant = build.scenario(
        [
            build.station("maker", product="battery_cell"),
            build.station("through", take=[{"from": "b"}]),
            build.station("first", take=[{"from": "b"}], **store),
            build.station("second", take=[{"from": "first"}], **store),
            build.station("lost"),
        ],
        buffers=[buffer],
    ).plant
    found = {k: output_item(plant, s) for k, s in plant.stations.items()}
    assert found == {
        "maker": "battery_cell",
        "through": "part",
        "first": "part",
        "second": "part",
        "lost": "",
    }
