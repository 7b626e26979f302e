"""The check as a whole: one call on a loaded plant."""

from collections.abc import Callable

import pytest

from twin.check import CheckReport, check_plant
from twin.check.where import position, problem
from twin.plant.load import LoadedPlant

Edited = Callable[..., LoadedPlant]

TWO_LINES = [
    (
        "  - id: line_1\n    label: Line 1\n",
        "  - id: line\n    repeat: {count: 2, offset_m: [0, 7]}\n",
    ),
    ("  - id: supply\n", "  - id: supply\n    repeat: {count: 2, offset_m: [0, 7]}\n"),
    ("    put: infeed\n", '    put: "infeed_{n}"\n'),
    ("  size_m: [24, 14, 6]", "  size_m: [24, 24, 6]"),
]
"""Changes that make the starter plant one with two identical lines into one exit."""


@pytest.fixture(scope="module")
def report(pilot: LoadedPlant) -> CheckReport:
    return check_plant(pilot)


def test_report_has_every_station_source_fleet_and_crane(
    report: CheckReport, pilot: LoadedPlant
) -> None:
    plant = pilot.plant
    others = [*(s.id for s in plant.sources), "amr", "stacker_crane"]
    assert [step.id for step in report.steps] == [*plant.stations, *others]
    assert report.problems == ()


def test_check_is_a_pure_function_of_the_file(report: CheckReport, pilot: LoadedPlant) -> None:
    assert check_plant(pilot) == report


def test_two_lines_do_twice_as_much(edited: Edited, starter: LoadedPlant) -> None:
    one, two = check_plant(starter), check_plant(edited("starter", *TWO_LINES))
    assert two.capacity_per_h == pytest.approx(2 * (one.capacity_per_h or 0))
    shares = [(s.id, two.utilisation(s)) for s in two.steps if s.id.startswith("weld_")]
    (single,) = [one.utilisation(s) for s in one.steps if s.id == "weld"]
    assert dict(shares) == pytest.approx({"weld_1": (single or 0) / 2, "weld_2": (single or 0) / 2})


def test_two_lines_too_close_overlap_and_name_their_copies(edited: Edited) -> None:
    near = [(old, new.replace("[0, 7]", "[0, 3.5]")) for old, new in TWO_LINES]
    said = "\n".join(map(str, check_plant(edited("starter", *near)).problems))
    assert "machine 'weld_1' overlaps machine 'weld_2'" in said
    assert "by 0.50 m" in said


def test_all_problems_are_told_at_once(edited: Edited) -> None:
    loaded = edited(
        "starter",
        ("position_m: [13.7, 7, 0]", "position_m: [11.45, 7, 0]"),
        ("above_pick: {xyz_m: [0.74, -0.74, 0.60]}", "above_pick: {xyz_m: [0.74, -1.74, 0.60]}"),
        ("home_m: [12, 2]", "home_m: [12, 20]"),
    )
    said = "\n".join(map(str, check_plant(loaded).problems))
    for part in ("overlaps machine 'weld'", "pose 'above_pick'", "home of pool 'repair'"):
        assert part in said


def test_every_problem_names_file_line_and_remedy(edited: Edited) -> None:
    loaded = edited(
        "pilot",
        ("reach_m: 4.0", "reach_m: 2.9"),
        ("pitch_m: [0, 5.6]", "pitch_m: [0, 3.9]"),
        ("rack: {columns: 2, levels: 15, deep: 2}", "rack: {columns: 3, levels: 15, deep: 2}"),
        ("    load_s: 30", "    load_s: 300"),
    )
    problems = check_plant(loaded).problems
    assert len(problems) > 5
    for one in problems:
        file, _, line = one.where.rpartition(":")
        assert file.endswith("pilot.yaml")
        assert int(line) > 1
        assert one.what.endswith(".")
        assert one.remedy.endswith(".")


def test_position_falls_back_to_the_nearest_object_above(starter: LoadedPlant) -> None:
    lines = starter.lines
    assert position(starter, "stations.weld").endswith(f":{lines['stations.weld']}")
    assert position(starter, "stations.weld.no.such").endswith(f":{lines['stations.weld']}")
    assert position(starter, "nowhere.at_all").endswith("starter.yaml")


def test_problem_says_where_what_and_what_to_do(starter: LoadedPlant) -> None:
    told = str(problem(starter, "stations.weld", "station 'weld' is odd.", "Even it."))
    assert told.endswith(f":{starter.lines['stations.weld']}: station 'weld' is odd. Even it.")
