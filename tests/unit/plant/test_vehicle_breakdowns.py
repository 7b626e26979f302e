"""Breakdowns of vehicles: what a fleet may say of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.plants import everything
from twin.plant.failure import Breakdown
from twin.plant.failure_rules import check_failures
from twin.plant.people import WorkerPool
from twin.plant.people_rules import check_people


class Said:
    """Keeps what is reported."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def at(self, _group: str, _name: str, key: str, what: str, remedy: str = "") -> None:
        self.found.append((key, f"{what} {remedy}"))


@pytest.mark.parametrize(
    ("breakdown", "key", "said"),
    [
        ({"clock": "cycles", "mcbf": 10, "mttr_h": 1}, "clock", "a vehicle has none"),
        ({"mttr_h": 1}, "mtbf_h", "needs 'mtbf_h'"),
        ({"mtbf_h": 1}, "mttr_h", "needs 'mttr_h'"),
        ({"mtbf_h": 1, "mttr_h": 1, "clock": "calendar", "when_idle": "wait"}, "when_idle",
         "is for machines"),
        ({"mtbf_h": 1, "mttr_h": 1, "workers": 2}, "workers", "needs a crew"),
    ],
)  # fmt: skip
def test_wrong_breakdowns_of_a_fleet_are_told(
    breakdown: dict[str, Any], key: str, said: str
) -> None:
    plant = everything()
    fleet = plant.fleets[0].model_copy(update={"breakdown": Breakdown.model_validate(breakdown)})
    report = Said()
    check_failures(plant.model_copy(update={"fleets": [fleet]}), report)  # type: ignore[arg-type]
    assert [(k, said in text) for k, text in report.found] == [(f"breakdown.{key}", True)]


@pytest.mark.parametrize(
    ("breakdown", "key", "said"),
    [
        ({"clock": "cycles", "mcbf": 10, "mttr_h": 1}, "clock", "a crane has none"),
        ({"mtbf_h": 1, "mttr_h": 1, "unit": "scrap"}, "unit", "a crane has no unit in work"),
    ],
)
def test_wrong_breakdowns_of_a_crane_are_told(
    breakdown: dict[str, Any], key: str, said: str
) -> None:
    plant = everything()
    crane = plant.cranes[0].model_copy(update={"breakdown": Breakdown.model_validate(breakdown)})
    report = Said()
    check_failures(plant.model_copy(update={"cranes": [crane]}), report)  # type: ignore[arg-type]
    assert [(k, said in text) for k, text in report.found] == [(f"breakdown.{key}", True)]


def test_crew_of_a_crane_must_be_able_to_repair_it() -> None:
    plant = everything()
    pool = WorkerPool.model_validate(
        {"id": "few", "kind": "operator", "home_m": [0, 0], "staff": {"day": 1}, "walk_mps": 1.0}
    )
    asks = {"mtbf_h": 1, "mttr_h": 1, "crew": "few", "workers": 2}
    crane = plant.cranes[0].model_copy(update={"breakdown": Breakdown.model_validate(asks)})
    changed = plant.model_copy(update={"cranes": [crane], "pools": [pool]})
    report = Said()
    check_people(changed, report)  # type: ignore[arg-type]
    said = dict(report.found)
    assert "whose kind is 'operator', not 'repair'" in said["breakdown.crew"]
    assert "takes 2 workers, but pool 'few' never has more than 1" in said["breakdown.workers"]


def test_a_right_breakdown_of_a_fleet_is_left_alone() -> None:
    plant = everything()
    right = Breakdown.model_validate({"mtbf_h": 5, "mttr_h": 0.2, "clock": "calendar"})
    fleet = plant.fleets[0].model_copy(update={"breakdown": right})
    report = Said()
    check_failures(plant.model_copy(update={"fleets": [fleet]}), report)  # type: ignore[arg-type]
    assert report.found == []
