"""Lots on conveyors and in racks."""

from collections.abc import Callable

import pytest

from twin.check.fit import conveyor_length_m, fit_problems
from twin.plant.load import LoadedPlant
from twin.plant.place import Conveyor


def test_shipped_plants_fit(pilot: LoadedPlant, starter: LoadedPlant) -> None:
    assert fit_problems(pilot) == []
    assert fit_problems(starter) == []


def test_conveyor_with_more_lots_than_fit_is_named(edited: Callable[..., LoadedPlant]) -> None:
    change = (
        "capacity: 12, path_m: [[9.2, 7], [11.2, 7]]",
        "capacity: 21, path_m: [[9.2, 7], [11.2, 7]]",
    )
    (problem,) = fit_problems(edited("starter", change))
    assert "conveyor 'belt_1': 21 lots of 0.1 m do not fit on 2.00 m" in problem.what
    assert "At most 20 fit" in problem.remedy


def test_slot_smaller_than_its_lot_is_named(edited: Callable[..., LoadedPlant]) -> None:
    change = ("rack: {columns: 2, levels: 15, deep: 2}", "rack: {columns: 3, levels: 15, deep: 2}")
    (problem,) = fit_problems(edited("pilot", change))
    assert "station 'soak': a lot of 'cell_tray' (0.6 x 0.8 x 0.25 m)" in problem.what
    assert "(0.533 x 1.5 x 0.733 m)" in problem.what


def test_conveyor_length_adds_its_segments() -> None:
    bent = Conveyor(id="c", item="i", capacity=1, path_m=[(0, 0), (3, 4), (3, 6)], speed_mps=1)
    assert conveyor_length_m(bent) == pytest.approx(7)
