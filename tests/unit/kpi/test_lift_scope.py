"""Where the lifting equation may judge."""

from __future__ import annotations

from typing import Any

import pytest

from twin.kpi.lift_scope import Scope, joined, scope_of
from twin.plant.lifting import Climate


def scope(build: Any, zones: list[dict[str, Any]], **values: Any) -> Scope:
    plant = build.scenario([build.station("a", position_m=[5, 5, 0])], zones=zones).plant
    return scope_of(plant, plant.stations["a"], **values)


def zone(kind: str = "office", climate: dict[str, float] | None = None) -> list[dict[str, Any]]:
    return [{"id": "z", "kind": kind, "corner_m": [0, 0], "size_m": [9, 9], "climate": climate}]


@pytest.mark.parametrize(
    ("climate", "validity", "reason"),
    [
        ({"temperature_c": 21, "humidity_pct": 45}, "within", ""),
        ({"temperature_c": 19, "humidity_pct": 35}, "within", ""),
        ({"temperature_c": 26, "humidity_pct": 50}, "within", ""),
        ({"temperature_c": 18.9, "humidity_pct": 45}, "outside", "'z': 18.9 C, not 19 to 26"),
        ({"temperature_c": 26.1, "humidity_pct": 45}, "outside", "'z': 26.1 C, not 19 to 26"),
        ({"temperature_c": 21, "humidity_pct": 34}, "outside", "relative humidity 34 %, not 35"),
        ({"temperature_c": 21, "humidity_pct": 51}, "outside", "relative humidity 51 %"),
        ({"temperature_c": 21, "dew_point_c": 8}, "within", ""),
        ({"temperature_c": 21, "dew_point_c": -40}, "outside", "relative humidity 0.76"),
        ({"temperature_c": 21}, "not_stated", "humidity is not stated"),
    ],
)
def test_air_of_the_place(
    build: Any, climate: dict[str, float], validity: str, reason: str
) -> None:
    found = scope(build, zone(climate=climate))
    assert found.validity == validity
    assert reason in "; ".join(found.reasons)


def test_a_dry_room_is_outside_whatever_it_says_of_its_air(build: Any) -> None:
    for climate in (None, {"temperature_c": 21, "humidity_pct": 45}):
        found = scope(build, zone("dry_room", climate))
        assert found == Scope("outside", ("'z' is a dry room",))


def test_a_place_without_air_is_not_stated(build: Any) -> None:
    assert scope(build, []).validity == "not_stated"
    assert scope(build, zone()).validity == "not_stated"


def test_some_ways_of_lifting_are_refused(build: Any) -> None:
    found = scope(build, zone("dry_room"), not_covered=("one_handed", "unstable_load"))
    assert found.validity == "refused"
    assert found.reasons == ("lifting with one hand", "lifting of an unstable load")


def test_the_worst_of_several_counts() -> None:
    one, two = Scope("outside", ("a",)), Scope("not_stated", ("b",))
    assert joined([two, one, one]) == one
    assert joined([]) == Scope("within")


def test_humidity_of_a_dew_point() -> None:
    """Tables of the psychrometric chart: 20 C and a dew point of 9.3 C are 50 %."""
    made = Climate(temperature_c=20, dew_point_c=9.3)
    assert made.relative_humidity_pct == pytest.approx(50.0, abs=0.3)
    assert Climate(temperature_c=20, dew_point_c=20).relative_humidity_pct == 100.0
    assert Climate(temperature_c=20, humidity_pct=41).relative_humidity_pct == 41


def test_a_dry_room_around_any_machine_counts_more_than_the_area(build: Any) -> None:
    """The second machine's people stand in it, at y = 14.1; the workcell's area has fine air."""
    made = build.station("a", position_m=[5, 5, 0], machines=2, pitch_m=[0, 10])
    fine = {"temperature_c": 21, "humidity_pct": 45}
    hall = {"id": "hall", "kind": "office", "corner_m": [50, 50], "size_m": [9, 9], "climate": fine}
    for corner, validity in (([0, 14.0], "outside"), ([0, 14.2], "within")):
        dry = {"id": "dry", "kind": "dry_room", "corner_m": corner, "size_m": [9, 9]}
        lines = [{"id": "l", "workcells": [{"id": "wc", "area": "hall", "stations": [made]}]}]
        plant = build.scenario([], zones=[hall, dry], lines=lines).plant
        station = plant.stations["a"].model_copy(update={"workcell": "wc"})
        assert scope_of(plant, station).validity == validity


def test_of_several_zones_the_area_and_then_the_smallest_tells_the_air(build: Any) -> None:
    around = [
        {"id": name, "kind": "office", "corner_m": [0, 0], "size_m": [size, size],
         "climate": {"temperature_c": warm, "humidity_pct": 45}}
        for name, size, warm in (("large", 90, 30), ("small", 9, 21))
    ]  # fmt: skip
    assert scope(build, around).validity == "within"
    assert scope(build, around[::-1]).validity == "within"
    assert scope(build, around[:1]).validity == "outside"
