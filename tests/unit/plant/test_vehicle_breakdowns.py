"""Breakdowns of vehicles: what a fleet may say of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.plants import everything
from twin.plant.failure import Breakdown
from twin.plant.failure_rules import check_failures


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


def test_a_right_breakdown_of_a_fleet_is_left_alone() -> None:
    plant = everything()
    right = Breakdown.model_validate({"mtbf_h": 5, "mttr_h": 0.2, "clock": "calendar"})
    fleet = plant.fleets[0].model_copy(update={"breakdown": right})
    report = Said()
    check_failures(plant.model_copy(update={"fleets": [fleet]}), report)  # type: ignore[arg-type]
    assert report.found == []
