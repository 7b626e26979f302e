"""Rules that a plant names must be there; the lists of names are those of the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sim.dispatch import FIFO, RULES
from sim.transport import dispatch
from twin.check.check import check_plant
from twin.check.rule_names import STATION_RULES, TRIP_RULES, VEHICLE_RULES, rule_problems
from twin.plant.load import LoadedPlant
from twin.plant.plant import Plant

Edited = Callable[..., LoadedPlant]


def test_the_names_are_those_of_the_engine() -> None:
    assert sorted({*RULES, FIFO}) == [*STATION_RULES]
    assert sorted(dispatch.TRIP_RULES) == [*TRIP_RULES]
    assert sorted(dispatch.VEHICLE_RULES) == [*VEHICLE_RULES]


def test_known_rules_are_no_problem(pilot: LoadedPlant, starter: LoadedPlant) -> None:
    assert [*rule_problems(pilot), *rule_problems(starter)] == []


def test_an_unknown_rule_of_a_station_is_named_with_its_line(
    edited: Edited, line_of: Callable[[str], int]
) -> None:
    starter = edited("starter")
    data = starter.plant.model_dump(by_alias=True, exclude_unset=True)
    stations = [s for line in data["lines"] for w in line["workcells"] for s in w["stations"]]
    next(s for s in stations if s["id"] == "weld")["dispatch"] = "prioritty"
    changed = replace(starter, plant=Plant.model_validate(data))
    (problem,) = rule_problems(changed)
    assert problem.where.endswith(f"starter.yaml:{line_of('- id: weld')}")
    assert "station 'weld': 'dispatch' names the rule 'prioritty'" in problem.what
    assert "(nearest: 'priority')" in problem.what
    assert "set: {stations.weld.dispatch: prioritty}" in problem.remedy
    assert problem in check_plant(changed).problems


def test_unknown_rules_of_a_fleet(edited: Edited) -> None:
    change = ("    load_s: 30", "    choose_trip: oldst\n    choose_vehicle: x\n    load_s: 30")
    said = [str(p) for p in check_plant(edited("pilot", change)).problems]
    assert len(said) == 2
    assert "fleet 'amr': 'choose_trip' names the rule 'oldst'" in said[0]
    assert "Rules: least_used, longest_idle, nearest, round_robin." in said[1]
