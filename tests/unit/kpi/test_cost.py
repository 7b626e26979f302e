"""Energy and cost of runs written by hand, computed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.kpi.run_builder import SIZE, cycle, scenario, states, station, write_run
from twin.errors import PlantError
from twin.kpi import kpis
from twin.kpi.cost import CostKpis
from twin.plant.load import load_plant, load_scenario
from twin.plant.scenario import Scenario
from twin.run.run import Run
from twin.run.scenario_file import scenario_hash

HOUR = 3600.0
ITEMS = [
    {"id": "foil", "unit": "m", "units_per_lot": 10},
    {"id": "battery_cell", "product": True},
]
COSTS = {
    "currency": "EUR",
    "energy_per_kwh": 0.2,
    "materials": {"foil": 3.0},
    "step_materials": {"fill": 0.5},
    "labour_per_h": {"crew": 30.0},
    "machines": {
        "cut": {"per_h": 8.0},
        "fill": {"investment": 87600.0, "life_years": 10, "per_h": 1.0},
    },
    "floor_per_m2_year": 87.6,
}


def buffer(name: str, item: str) -> dict[str, Any]:
    return {"id": name, "item": item, "capacity": 9, "position_m": [0, 0, 0], "size_m": SIZE}


def event(time_s: float, what: str, lot: int, **more: Any) -> dict[str, Any]:
    row = {"time_s": time_s, "event": what, "lot": lot, "item": "battery_cell", "n": 1}
    return {**row, **more}


def plant_parts(**more: Any) -> Scenario:
    cut = station(
        "cut",
        kind="web",
        units_per_m=2.0,
        product="battery_cell",
        take=[{"from": "foils"}],
        put="cells",
        power={"working_kw": 10.0, "idle_kw": 2.0},
    )
    fill = station(
        "fill",
        machines=2,
        take=[{"from": "cells"}],
        put="out",
        power={"working_kw": 6.0, "down_kw": 1.0},
    )
    parts: dict[str, Any] = {
        "items": ITEMS,
        "building": {"size_m": [10, 10, 5], "base_load_kw": 5.0, "dry_room_load_kw": 20.0},
        "buffers": [buffer("foils", "foil"), buffer("cells", "battery_cell")],
        "sources": [{"id": "supply", "item": "foil", "put": "foils", "position_m": [0, 0, 0]}],
        "sinks": [{"id": "out", "position_m": [0, 0, 0]}],
        "products": [{"id": "p", "energy_wh": 250.0, "item": "battery_cell"}],
        "pools": [{"id": "crew", "kind": "repair", "home_m": [0, 0], "staff": {"day": 2},
                   "walk_mps": 1.0}],
        "zones": [{"id": "dry", "kind": "dry_room", "corner_m": [0, 0], "size_m": [2, 2]}],
        "costs": COSTS,
    }  # fmt: skip
    return scenario([cut, fill], horizon_s=HOUR, **{**parts, **more})


def written(folder: Path, **more: Any) -> Run:
    """An hour: 10 m of foil came in, 20 cells cut (2 scrapped), 18 filled (3 scrapped)."""
    made = plant_parts(**more)
    rows = states("cut", ("working", 1800.0), ("starved", 1800.0))
    rows += states("fill_1", ("working", HOUR))
    rows += states("fill_2", ("down/breakdown", 720.0), ("working", 2880.0))
    rows += states("crew_1", ("idle", 1800.0), ("off_shift", 1800.0), kind="worker")
    rows += states("crew_2", ("working", HOUR), kind="worker")
    cycles = [
        cycle("cut", 10.0 + k, 1.0, unit=k, lot=1, result="scrap" if k < 2 else "ok")
        for k in range(20)
    ]
    cycles += [
        cycle("fill", 100.0 + 10 * k, 10.0, unit=k, lot=1, machine="fill_1",
              result="scrap" if k < 3 else "ok")
        for k in range(18)
    ]  # fmt: skip
    units = [
        event(1.0, "created", 1, item="foil", n=10, unit=1, station="supply"),
        event(9.0, "created", 1, n=20, station="cut"),
        event(3000.0, "shipped", 1, n=15, station="out"),
    ]
    return write_run(folder / "run", made, states=rows, cycles=cycles, units=units)


@pytest.fixture
def found(tmp_path: Path) -> CostKpis:
    result = kpis(written(tmp_path)).cost
    assert result is not None
    return result


def test_energy_by_state_and_area(tmp_path: Path) -> None:
    result = kpis(written(tmp_path))
    energy = result.energy
    # cut: 0.5 h at 10 kW, 0.5 h at 2 kW; fill: 1.8 h at 6 kW, 0.2 h at 1 kW
    assert energy.by_state_kwh == pytest.approx({"working": 15.8, "idle": 1.0, "down": 0.2})
    assert energy.stations_kwh == pytest.approx(17.0)
    assert energy.by_area_kwh == pytest.approx({"elsewhere": 17.0, "dry": 20.0, "building": 5.0})
    assert result.energy_kwh == pytest.approx(42.0)
    assert energy.kwh_per_kwh == pytest.approx(42.0 / (15 * 0.25))
    assert result.energy_kwh_per_good_unit == pytest.approx(42.0 / 15)


def test_energy_by_state_adds_up_to_that_of_the_station(tmp_path: Path) -> None:
    for found in kpis(written(tmp_path)).stations.values():
        assert sum(found.energy_by_state_kwh.values()) == pytest.approx(found.energy_kwh)


def test_area_of_a_workcell_gets_its_stations(tmp_path: Path) -> None:
    made = plant_parts()
    data = made.model_dump(by_alias=True)
    data["plant"]["lines"][0]["workcells"][0]["area"] = "dry"
    run = written(tmp_path)
    energy = kpis(Run(run.folder, run.manifest, Scenario.model_validate(data))).energy
    assert energy.by_area_kwh == pytest.approx({"dry": 37.0, "building": 5.0})


def test_cost_by_kind(found: CostKpis) -> None:
    assert found.by_kind == pytest.approx(
        {
            "material": 10 * 3.0 + 18 * 0.5,
            "energy": 42.0 * 0.2,
            "labour": 1.5 * 30.0,
            "machines": 8.0 + 2 * (1.0 + 87600 / (10 * 8760)),
            "floor": 100 * 87.6 / 8760,
        }
    )
    assert found.total == pytest.approx(39.0 + 8.4 + 45.0 + 12.0 + 1.0)
    assert found.per_good_unit == pytest.approx(105.4 / 15)
    assert found.per_kwh == pytest.approx(105.4 / 3.75)
    assert found.left_out == []
    assert found.why == {}


def test_cost_by_step(found: CostKpis) -> None:
    cut, fill = found.by_step["cut"], found.by_step["fill"]
    assert (cut.material, cut.energy, cut.machines) == pytest.approx((0.0, 6.0 * 0.2, 8.0))
    assert (fill.material, fill.energy, fill.machines) == pytest.approx((9.0, 11.0 * 0.2, 4.0))
    assert fill.total == pytest.approx(15.2)


def test_cost_of_scrap_is_what_was_spent_up_to_there(found: CostKpis) -> None:
    after_cut = 9.2 / 20 + 3.0 / 2  # half a metre of foil in each
    after_fill = 15.2 / 18 + after_cut
    assert found.scrap == pytest.approx(2 * after_cut + 3 * after_fill)


def test_what_has_no_cost_is_null_and_named(tmp_path: Path) -> None:
    costs = {"machines": {"cut": {"per_h": 8.0}}, "materials": {}}
    found = kpis(written(tmp_path, costs=costs)).cost
    assert found is not None
    assert found.total == pytest.approx(8.0)
    assert [kind for kind, value in found.by_kind.items() if value is None] == [
        "material", "energy", "labour", "floor",
    ]  # fmt: skip
    assert found.why["by_kind.energy"] == "the plant file gives no such cost"
    assert found.left_out == ["material", "energy", "labour", "floor", "machines: fill"]


def test_plant_without_costs_has_none(tmp_path: Path) -> None:
    data = kpis(written(tmp_path, costs=None)).to_json()
    assert data["cost"] is None
    assert data["why"]["cost"] == "the plant file has no costs"


def test_nothing_shipped_and_nothing_processed_say_why(tmp_path: Path) -> None:
    cycles = [cycle("fill", 100.0, 10.0, machine="fill_1", result="scrap")]
    run = write_run(tmp_path / "run", plant_parts(), cycles=cycles)
    found = kpis(run).cost
    assert found is not None
    assert found.per_good_unit is None
    assert found.why["per_good_unit"] == "nothing was shipped in the window"
    assert found.scrap is None
    assert found.why["scrap"] == "nothing was processed in the window at cut"


def test_costs_do_not_change_what_a_run_is() -> None:
    assert scenario_hash(plant_parts()) == scenario_hash(plant_parts(costs=None))


PLANT = """format: 1
id: p
building: {size_m: [10, 10, 5]}
items: [{id: part}]
sources: [{id: src, item: part, put: b, position_m: [0, 0, 0]}]
sinks: [{id: out, position_m: [9, 9, 0]}]
lines:
  - id: l
    workcells:
      - id: w
        buffers: [{id: b, item: part, capacity: 2, position_m: [3, 3, 0], size_m: [1, 1, 1]}]
        stations:
          - {id: s, kind: discrete, take: [{from: b}], put: out, cycle: {mean_s: 1},
             position_m: [6, 6, 0], size_m: [1, 1, 1]}
costs:
"""


@pytest.mark.parametrize(
    ("costs", "says"),
    [
        ("  materials: {prt: 1}", "p.yaml:16: costs: 'materials' names 'prt', which is no item"),
        ("  step_materials: {b: 1}", "names 'b', which is no station. Allowed: s."),
        ("  labour_per_h: {crew: 1}", "which is no pool. There is none."),
        ("  machines: {x: {per_h: 1}}", "'machines' names 'x', which is no station"),
        ("  machines: {s: {investment: 5}}", "machines of 's' are incomplete. Give 'per_h', or"),
        ("  machines: {s: {}}", "costs of the machines of 's' are incomplete."),
        ("  energy_per_kwh: -1", "p.yaml:16: "),
    ],
)  # fmt: skip
def test_wrong_costs_are_refused_with_line_and_remedy(
    tmp_path: Path, costs: str, says: str
) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(PLANT + costs + "\n", "utf-8")
    with pytest.raises(PlantError) as error:
        load_plant(file)
    assert says in str(error.value)


def test_costs_carry_sources_and_can_be_changed(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    costs = "  energy_per_kwh: {value: 0.1, source: assumption}\n  materials: {part: 1}\n"
    file.write_text(PLANT + costs, "utf-8")
    loaded = load_plant(file)
    assert loaded.sources["costs.energy_per_kwh"] == "assumption"
    assert "costs.materials.part" in loaded.unsourced
    changed = load_scenario(file, changes={"costs.energy_per_kwh": 0.3}).plant.costs
    assert changed is not None
    assert changed.energy_per_kwh == 0.3
