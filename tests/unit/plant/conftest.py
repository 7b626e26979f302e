"""A small plant as YAML text, and ways to load changed copies of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.errors import PlantError
from twin.plant.load import LoadedPlant, load_plant

PLANT = """\
format: 1
id: small
label: A small plant
citations:
  RWTH: "Heimes et al. (2018), Lithium-ion battery cell production process"
templates:
  stations:
    stacker:
      kind: assembly
      size_m: [5, 4, 2.5]
      cycle: {mean_s: {value: 42.4, source: RWTH, note: "91 sheets"}, cv: 0.03}
      breakdown: {mtbf_h: 6, mttr_h: 0.12, crew: repair, source: assumption}
building: {size_m: [60, 20, 8]}
items:
  - {id: sheet, unit: sheet, units_per_lot: 600, carrier: magazine}
  - {id: electrode_stack, product: true}
  - {id: cell_tray, units_per_lot: 24, carrier: tray, product: true}
products:
  - {id: pouch_cell, energy_wh: 250, item: cell_tray}
sources:
  - {id: supply, item: sheet, put: incoming, position_m: [1, 10, 0]}
sinks:
  - {id: dispatch, position_m: [58, 10, 0]}
shifts:
  - {id: day, start: "06:00", hours: 24}
pools:
  - {id: repair, kind: repair, home_m: [2, 2], staff: {day: 2}, walk_mps: 1.2}
  - {id: operators, kind: operator, home_m: [3, 2], staff: {day: 1}, walk_mps: 1.2}
cranes:
  - {id: crane, rail_m: [[30, 14], [50, 14]], reach_m: 2, height_m: 7, speed_mps: 2,
     lift_mps: 0.5, acceleration_mps2: 0.5, lift_acceleration_mps2: 0.5, fork_s: 10}
networks:
  - id: aisle
    nodes: {a: [3, 4], b: [10, 4], c: [10, 6], d: [3, 6]}
    lanes: [[a, b, c, d, a]]
    stops:
      pick: {node: a, position_m: [3, 2], place: incoming}
      drop: {node: b, position_m: [10, 2], place: sheets}
      leave: {node: c, position_m: [10, 8], place: soaked}
      ship: {node: d, position_m: [1, 6], place: dispatch}
      park: {node: d, position_m: [3, 8]}
fleets:
  - {id: amr, network: aisle, homes: [park], size_m: [1, 0.8, 0.4], speed_loaded_mps: 1.2,
     speed_empty_mps: 1.5, acceleration_mps2: 0.5, load_s: 30, unload_s: 30}
transports:
  - {id: bring_sheets, from: incoming, to: sheets, fleet: amr}
  - {id: ship_trays, from: soaked, to: dispatch, fleet: amr}
lines:
  - id: line
    workcells:
      - id: stacking
        buffers:
          - {id: incoming, item: sheet, capacity: 8, position_m: [3, 1, 0], size_m: [1, 1, 1]}
          - {id: sheets, item: sheet, capacity: 4, position_m: [10, 1, 0], size_m: [1, 1, 1]}
        stations:
          - id: stack
            like: stacker
            machines: 2
            position_m: [15, 7, 0]
            pitch_m: [0, 6]
            take: [{from: sheets, units: 91}]
            product: electrode_stack
            put: stacks
      - id: loading
        buffers:
          - {id: stacks, item: electrode_stack, capacity: 20, position_m: [20, 7, 0],
             size_m: [1, 1, 1]}
          - {id: soaked, item: cell_tray, capacity: 8, position_m: [45, 16, 0], size_m: [1, 1, 1]}
        conveyors:
          - {id: trays, item: cell_tray, capacity: 6, path_m: [[24, 7], [29, 7]], speed_mps: 0.3}
        robots:
          - id: arm
            model: kuka_kr10_r1420
            position_m: [22, 7, 0.5]
            program:
              start: ready
              poses:
                ready: {xyz_m: [0.9, 0, 0.8]}
                pick: {xyz_m: [0.8, 0.5, 0.3]}
                place: {xyz_m: [0.8, -0.5, 0.3]}
              steps:
                - {name: reach, to: pick}
                - {name: grip, action: grip, wait: {mean_s: 0.5}}
                - {name: carry, to: place}
                - {name: release, action: release, wait: {mean_s: 0.3}}
                - {name: back, to: ready}
        stations:
          - {id: tray_load, kind: robot, robot: arm, position_m: [23, 7, 0], size_m: [1, 1, 1],
             take: [{from: stacks}], product: cell_tray, units_per_lot_out: 24, put: trays}
          - {id: soak, kind: store, crane: crane, rack: {columns: 2, levels: 5},
             position_m: [35, 12, 0], size_m: [2, 3, 6], cycle: {mean_s: 86400},
             take: [{from: trays}], put: soaked}
"""


class Bench:
    """Loads plant texts from files in a temporary folder."""

    text = PLANT

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, text: str, name: str = "small.yaml") -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def load(self, text: str = PLANT) -> LoadedPlant:
        return load_plant(self.write(text))

    def changed(self, old: str, new: str) -> str:
        assert PLANT.count(old) == 1, f"{old!r} occurs {PLANT.count(old)} times"
        return PLANT.replace(old, new)

    def problems(self, text: str) -> list[str]:
        """Return the problems of a plant text as ``line: message``."""
        path = self.write(text)
        with pytest.raises(PlantError) as caught:
            load_plant(path)
        said = [str(problem) for problem in caught.value.problems]
        assert all(line.startswith(f"{path}:") for line in said), said
        return [line.removeprefix(f"{path}:") for line in said]

    def after(self, old: str, new: str) -> list[str]:
        """Return the problems after replacing a part of the plant."""
        return self.problems(self.changed(old, new))

    @staticmethod
    def line(text: str, snippet: str) -> int:
        """Return the line a snippet stands on."""
        return text[: text.index(snippet)].count("\n") + 1


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)
