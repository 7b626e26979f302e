"""Zone bounds by hand, and the class an asset gets."""

from __future__ import annotations

from typing import get_args

import pytest

from twin.condition.assets import assets
from twin.condition.zones import ZONES, class_of_power
from twin.plant.load import load_scenario
from twin.plant.vibration_class import VibrationClass

BOUNDS = {
    "I": (0.71, 1.8, 4.5),
    "II": (1.12, 2.8, 7.1),
    "III": (1.8, 4.5, 11.2),
    "IV": (2.8, 7.1, 18.0),
    "1_rigid": (2.3, 4.5, 7.1),
    "1_flexible": (3.5, 7.1, 11.0),
    "2_rigid": (1.4, 2.8, 4.5),
    "2_flexible": (2.3, 4.5, 7.1),
}


@pytest.mark.parametrize("name", [*BOUNDS])
def test_bounds_and_zones(name: VibrationClass) -> None:
    zones = ZONES[name]
    assert (zones.ab_mm_s, zones.bc_mm_s, zones.cd_mm_s) == BOUNDS[name]
    for bound, better, worse in zip(BOUNDS[name], "ABC", "BCD", strict=True):
        assert zones.zone(bound) == better
        assert zones.zone(bound + 1e-9) == worse
    assert zones.zone(0.0) == "A"


def test_every_class_has_zones_with_standard_and_group() -> None:
    assert set(ZONES) == set(get_args(VibrationClass))
    for name, zones in ZONES.items():
        assert zones.standard == ("ISO 10816-3 / 20816-3" if "_" in name else "ISO 10816-1")
        assert zones.group


def test_class_of_power() -> None:
    assert [class_of_power(kw) for kw in (0, 15, 15.1, 75, 75.1)] == ["I", "I", "II", "II", "III"]


def test_a_given_class_counts_and_an_assumed_one_is_named() -> None:
    changes = {
        "stations.stack.vibration_class": "2_flexible",
        "robots.robot_pouch.vibration_class": "IV",
    }
    found = assets(load_scenario("pilot_shift", changes=changes).plant)
    assert found["stack_1"].zones == ZONES["2_flexible"]
    assert found["stack_1"].assumption == ""
    assert found["robot_pouch"].vibration_class == "IV"
    assert found["robot_tray"].vibration_class == "I"
    assert "assumed" in found["robot_tray"].assumption
    assert "kW while working" in found["stack_transfer"].assumption
    assert {a.kind for a in found.values()} == {"robot", "machine", "vehicle"}
