"""Poses of robots; slots and places of cranes."""

from collections.abc import Callable

import pytest

from twin.check.check import check_plant
from twin.check.rail import along_m, aside_m
from twin.check.reach import reach_problems
from twin.plant.load import LoadedPlant
from twin.plant.transport import Crane

Edited = Callable[..., LoadedPlant]


def texts(loaded: LoadedPlant) -> list[str]:
    return [str(problem) for problem in reach_problems(loaded)]


def test_shipped_plants_reach_everything(pilot: LoadedPlant, starter: LoadedPlant) -> None:
    assert texts(pilot) == []
    assert texts(starter) == []


def test_pose_out_of_reach_is_named_with_its_line(
    edited: Edited, line_of: Callable[[str], int]
) -> None:
    loaded = edited(
        "starter", ("place: {xyz_m: [0.74, 0.74, 0.45]}", "place: {xyz_m: [1.4, 1.4, 0.45]}")
    )
    (problem,) = [p for p in reach_problems(loaded) if "pose 'place'" in p.what]
    line = line_of("place: {xyz_m: [1.4, 1.4, 0.45]}")
    assert problem.where.endswith(f"starter.yaml:{line}")
    assert "robot 'robot'" in problem.what
    assert "out of reach" in problem.what


def test_capacity_is_not_computed_for_a_robot_that_cannot_move(edited: Edited) -> None:
    change = ("place: {xyz_m: [0.74, 0.74, 0.45]}", "place: {xyz_m: [1.4, 1.4, 0.45]}")
    report = check_plant(edited("starter", change))
    assert report.steps == ()
    assert report.bottleneck is None
    assert [p for p in report.problems if "out of reach" in p.what]


def test_part_heavier_than_the_robot_carries_is_named(edited: Edited) -> None:
    said = texts(edited("pilot", ("payload_kg: 8.8", "payload_kg: 150")))
    assert any(
        "robot 'robot_pack': carries 150 kg" in text and "120 kg at most" in text for text in said
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("reach_m: 4.0", "reach_m: 2.9"),
            "cannot reach into tower 'rt_aging_1': its forks are 0.25 m",
        ),
        (("height_m: 11.5", "height_m: 10.5"), "is 0.50 m lower than tower 'soak_1'"),
        (
            ("rail_m: [[89, 6.1], [89, 58.7]]", "rail_m: [[89, 6.1], [89, 53.0]]"),
            "cannot reach the last column of tower 'rt_aging_3': 0.82 m past the end",
        ),
        (
            ("[72.2, 49.85], [88.0, 49.85]]", "[72.2, 49.85], [84.0, 49.85]]"),
            "cannot reach 'conv_soak_in' at [84.0, 49.85] m",
        ),
        (
            ("rail_m: [[89, 6.1], [89, 58.7]]", "rail_m: [[87, 6.1], [91, 58.7]]"),
            "cannot serve tower 'soak_1': it stands at 4 degrees to the rail",
        ),
    ],
)
def test_what_a_crane_cannot_reach_is_named(
    edited: Edited, change: tuple[str, str], said: str
) -> None:
    assert any(said in text for text in texts(edited("pilot", change)))


def test_rail_coordinates_are_along_and_aside() -> None:
    crane = Crane(
        id="c",
        rail_m=((1, 1), (4, 5)),
        reach_m=1,
        height_m=5,
        speed_mps=1,
        lift_mps=1,
        acceleration_mps2=1,
        lift_acceleration_mps2=1,
        fork_s=1,
    )
    assert along_m(crane, (4, 5)) == pytest.approx(5)
    assert aside_m(crane, (4, 5)) == pytest.approx(0)
    left = (1 + 0.6 * 2 - 0.8 * 3, 1 + 0.8 * 2 + 0.6 * 3)
    assert (along_m(crane, left), aside_m(crane, left)) == pytest.approx((2, 3))
