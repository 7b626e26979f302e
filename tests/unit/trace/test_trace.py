"""Traces of runs written by hand and of a simulated one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim import simulate
from tests.support.plants import everything
from tests.support.plants import scenario as scenario_of
from tests.unit.kpi.run_builder import cycle, scenario, station, write_run
from twin.errors import RunError
from twin.run.run import Run
from twin.trace import trace, zones

ITEMS = [
    {"id": "coil", "unit": "m", "units_per_lot": 10, "carrier": "coil"},
    {"id": "sheet", "units_per_lot": 6, "carrier": "magazine"},
    {"id": "battery_cell", "product": True},
    {"id": "tray", "units_per_lot": 2, "carrier": "tray", "product": True},
]


def event(time_s: float, what: str, lot: int, item: str, n: int, **more: Any) -> dict[str, Any]:
    return {"time_s": time_s, "event": what, "lot": lot, "item": item, "n": n, **more}


GENEALOGY = [
    event(0.0, "created", 1, "coil", 10, unit=1, station="supply"),
    event(0.0, "created", 2, "coil", 10, unit=11, station="supply"),
    event(10.0, "created", 1, "sheet", 8, station="notch"),
    event(18.0, "packed", 3, "sheet", 6, parent=1, station="notch"),
    event(20.0, "created", 2, "sheet", 8, station="notch"),
    event(24.0, "packed", 4, "sheet", 2, parent=1, station="notch"),
    event(24.0, "packed", 4, "sheet", 4, parent=2, station="notch"),
    event(30.0, "created", 5, "battery_cell", 1, unit=100, station="stack"),
    event(30.0, "joined", 5, "battery_cell", 3, unit=100, parent=3, station="stack"),
    event(40.0, "created", 6, "battery_cell", 1, unit=101, station="stack"),
    event(40.0, "joined", 6, "battery_cell", 3, unit=101, parent=3, station="stack"),
    event(50.0, "created", 7, "battery_cell", 1, unit=102, station="stack"),
    event(50.0, "joined", 7, "battery_cell", 2, unit=102, parent=4, station="stack"),
    event(60.0, "created", 8, "battery_cell", 1, unit=103, station="stack"),
    event(60.0, "joined", 8, "battery_cell", 3, unit=103, parent=4, station="stack"),
    event(70.0, "packed", 9, "tray", 1, unit=100, parent=5, station="load"),
    event(70.0, "packed", 9, "tray", 1, unit=102, parent=7, station="load"),
    event(75.0, "scrapped", 6, "battery_cell", 1, unit=101, station="load"),
    event(95.0, "shipped", 9, "tray", 2, station="out"),
]
CYCLES = [
    cycle("notch", 10.0, 1.0, unit=21, lot=1),
    cycle("notch", 23.0, 1.0, unit=27, lot=1),
    cycle("stack", 30.0, 5.0, unit=100, lot=5),
    cycle("formation", 75.0, 10.0, unit=-1, lot=9, n=2, machine="formation_2"),
]
LEVELS = [
    {"place": "formation", "time_s": 75.0, "change": 1, "level": 1, "lot": 9, "slot": 5},
    {"place": "formation", "time_s": 90.0, "change": -1, "level": 0, "lot": 9, "slot": 5},
]


def stations() -> list[dict[str, Any]]:
    store = {"kind": "store", "rack": {"columns": 2, "levels": 2}, "crane": "c", "machines": 2}
    return [station("notch"), station("stack"), station("load"), station("formation", **store)]


@pytest.fixture
def written(tmp_path: Path) -> Run:
    made = scenario(stations(), items=ITEMS)
    return write_run(tmp_path / "run", made, units=GENEALOGY, cycles=CYCLES, levels=LEVELS)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Run:
    made = scenario_of(everything(machines=1, yield_=0.9), 2000.0)
    return simulate(made, tmp_path_factory.mktemp("trace") / "run")


def test_battery_cell_leads_back_to_magazine_and_coil(written: Run) -> None:
    found = trace(written, 100)
    assert (found.serial, found.fate, found.fate_s) == ("battery_cell-100", "shipped", 95.0)
    assert [(c.lot, c.from_s, c.until_s) for c in found.carriers] == [
        (5, 30.0, 70.0),
        (9, 70.0, 95.0),
    ]
    assert [(c.serial, c.level, c.units) for c in found.components] == [
        ("sheet-3", 1, 3),
        ("coil-1", 2, 6),
    ]
    assert found.exact


def test_tray_visits_and_the_formation_slot_belong_to_the_battery_cell(written: Run) -> None:
    found = trace(written, "battery_cell-102")
    assert [(v.machine, v.start_s, v.end_s, v.n) for v in found.visits] == [
        ("formation_2", 75.0, 85.0, 2)
    ]
    (stay,) = found.stays
    assert (stay.place, stay.tower, stay.slot) == ("formation", "formation_2", 1)
    assert (stay.from_s, stay.until_s) == (75.0, 90.0)


def test_mixed_magazine_is_told_apart_by_order(written: Run) -> None:
    assert [c.serial for c in trace(written, 102).components] == ["sheet-4", "coil-1"]
    assert [c.serial for c in trace(written, 103).components] == ["sheet-4", "coil-2"]
    assert [p.unit for p in trace(written, "lot:1").products] == [100, 101, 102]
    assert [p.unit for p in trace(written, "coil-2").products] == [103]


def test_mixed_magazine_that_lost_sheets_names_all_that_may_be(tmp_path: Path) -> None:
    lost = event(25.0, "scrapped", 4, "sheet", 1, unit=28, station="x")
    rows = sorted([*GENEALOGY, lost], key=lambda row: row["time_s"])
    run = write_run(tmp_path / "run", scenario(stations(), items=ITEMS), units=rows)
    found = trace(run, 103)
    assert {c.serial for c in found.components} == {"sheet-4", "coil-1", "coil-2"}
    assert not found.exact


def test_products_say_where_they_are_now(written: Run) -> None:
    found = {p.unit: (p.fate, p.time_s, p.lot, p.item) for p in trace(written, "sheet-3").products}
    assert found == {
        100: ("shipped", 95.0, 9, "tray"),
        101: ("scrapped", 75.0, 6, "battery_cell"),
    }
    assert trace(written, "lot:3").fate == "used"
    assert [p.unit for p in trace(written, "tray-9").products] == [100, 102]


def test_scrapped_unit_ends_where_it_was_scrapped(written: Run) -> None:
    found = trace(written, 101)
    assert (found.fate, found.fate_s, found.carriers[-1].lot) == ("scrapped", 75.0, 6)


def test_sheet_packed_with_many_is_found_by_its_cycle(written: Run) -> None:
    first, late = trace(written, 21), trace(written, 27)
    assert [c.lot for c in first.carriers] == [1, 3]
    assert [c.lot for c in late.carriers] == [1, 4]
    assert [p.unit for p in first.products] == [100, 101]
    assert not first.exact, "which of the two it is in is not noted"


def test_lot_level_rows_and_ranges_of_units(tmp_path: Path) -> None:
    rows = [
        event(0.0, "created", 1, "sheet", 6, unit=1, station="notch"),
        event(5.0, "created", 2, "battery_cell", 4, unit=10, station="stack"),
        event(5.0, "joined", 2, "battery_cell", 6, parent=1, station="stack"),
        event(9.0, "packed", 3, "tray", 2, unit=12, parent=2, station="load"),
    ]
    cycles = [cycle("stack", 5.0, 8.0, unit=10, lot=2, n=4)]
    made = scenario(stations(), items=ITEMS)
    run = write_run(tmp_path / "run", made, units=rows, cycles=cycles)
    found = trace(run, 13)
    assert [c.lot for c in found.carriers] == [2, 3]
    assert [c.serial for c in found.components] == ["sheet-1"]
    assert [v.n for v in found.visits] == [4]
    assert [c.lot for c in trace(run, 11).carriers] == [2]
    assert [(p.unit, p.lot) for p in trace(run, "lot:1").products] == [
        (10, 2), (11, 2), (12, 3), (13, 3),
    ]  # fmt: skip


def test_every_battery_cell_has_all_its_components(simulated: Run) -> None:
    made = simulated.sql("SELECT unit FROM units WHERE event = 'created' AND item = 'cell'")
    assert len(made) > 60
    for unit in made["unit"].tolist()[::5]:
        found = trace(simulated, unit)
        direct = [c for c in found.components if c.level == 1]
        assert sum(c.units for c in direct if c.item == "sheet") == 3
        assert sum(c.units for c in direct if c.item == "foil") == 2
        assert any(c.item == "roll" for c in found.components)
        assert found.exact


def test_forward_is_the_reverse_of_backward(simulated: Run) -> None:
    made = simulated.sql("SELECT unit FROM units WHERE event = 'created' AND item = 'cell'")
    some = set(made["unit"].tolist()[:60])
    rolls: dict[int, set[int]] = {}
    for unit in sorted(some):
        for part in trace(simulated, unit).components:
            if part.item == "roll":
                rolls.setdefault(part.lot, set()).add(unit)
    assert len(rolls) > 2
    for lot, units in rolls.items():
        forward = {p.unit for p in trace(simulated, f"lot:{lot}").products}
        assert forward & some == units


def test_parts_chosen_by_zones_give_the_same_trace(
    simulated: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = simulated.sql("SELECT unit FROM units WHERE event = 'packed' AND item = 'tray'")
    unit = int(units["unit"].tolist()[len(units) // 2])
    whole = [trace(simulated, what).to_json() for what in (unit, "lot:40", "lot:1")]
    monkeypatch.setattr(zones, "FEW_ROWS", 0)
    assert [trace(simulated, what).to_json() for what in (unit, "lot:40", "lot:1")] == whole
    kept = sorted(path.name for path in (simulated.folder / zones.FOLDER).iterdir())
    columns = ["groups", "lot", "parent", "unit", "wide"]
    assert [name.split("-")[0] for name in kept if "units" in name] == [
        f"units_{column}" for column in columns
    ]
    assert [trace(simulated, what).to_json() for what in (unit, "lot:40", "lot:1")] == whole


def test_zones_leave_out_parts_and_follow_a_growing_run(
    written: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zones, "FEW_ROWS", 0)
    (part,) = written.parts("units")

    def groups(**numbers: int) -> list[tuple[int, int]]:
        wanted = {column: np.array([number]) for column, number in numbers.items()}
        return zones.Zones(written, "units").groups(wanted)

    assert groups(unit=100) == [(0, 0)]
    assert groups(unit=500, lot=77) == []
    assert groups(parent=10**9) == []
    later = part.with_name("part-00001.parquet")
    later.write_bytes(part.read_bytes())
    assert groups(lot=9) == [(0, 0), (1, 0)]


def test_only_the_row_groups_with_a_number_are_named(written: Run) -> None:
    (part,) = written.parts("units")
    pq.write_table(pq.read_table(part), part, row_group_size=5)
    every = zones.Zones(written, "units")
    for column in ("lot", "parent"):
        rows = pq.read_table(part)[column].to_pylist()
        for number in {row for row in rows if row >= 0}:
            holds = sorted({(0, at // 5) for at, row in enumerate(rows) if row == number})
            assert every.groups({column: np.array([number])}) == holds
    assert trace(written, 103).to_json() == trace(written, "battery_cell-103").to_json()
    assert [c.serial for c in trace(written, 103).components] == ["sheet-4", "coil-2"]


def test_index_made_beforehand_is_the_one_a_trace_uses(
    written: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zones, "FEW_ROWS", 0)
    zones.make_index(written)
    monkeypatch.setattr(zones.Zones, "make", lambda self: pytest.fail("made again"))
    zones.make_index(written)
    assert trace(written, 100).fate == "shipped"


def test_run_that_cannot_be_written_to_is_traced(
    written: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zones, "FEW_ROWS", 0)
    (written.folder / zones.FOLDER).write_text("in the way of the folder")
    assert trace(written, 100).fate == "shipped"


def test_products_are_counted_and_the_first_ones_looked_up(written: Run) -> None:
    few = trace(written, "lot:1", most_products=2)
    assert (few.n_products, [p.unit for p in few.products]) == (3, [100, 101])
    assert few.products == trace(written, "lot:1").products[:2]


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("999", "no unit 999. Units run from 1 to 103; nearest: 103."),
        ("60", "no unit 60. Units run from 1 to 103; nearest: 20 and 100."),
        ("lot:12", "no lot 12. Lots run from 1 to 9; nearest: 9."),
        ("cell", "'cell': is no unit and no lot. Write a unit number"),
        ("coils-1", "the plant has no item 'coils' (nearest: 'coil')."),
        ("coil-9", "lot 9 is a tray, not a coil. Trace tray-9."),
        ("battery_cell-3", "unit 3 is a coil, not a battery_cell."),
    ],
)
def test_unknown_subjects_are_explained(written: Run, what: str, says: str) -> None:
    with pytest.raises(RunError) as error:
        trace(written, what)
    assert says in str(error.value)


def test_run_without_genealogy_is_refused(tmp_path: Path) -> None:
    made = scenario(stations(), items=ITEMS)
    run = write_run(tmp_path / "run", made, cycles=CYCLES)
    with pytest.raises(RunError, match="has no table 'units' \\(status complete\\)"):
        trace(run, 100)
    going = write_run(tmp_path / "going", made, status="running")
    with pytest.raises(RunError, match="still running and has no closed part"):
        trace(going, 100)


def test_cancelled_run_is_traced_as_far_as_it_got(tmp_path: Path) -> None:
    made = scenario(stations(), items=ITEMS)
    run = write_run(tmp_path / "run", made, status="cancelled", units=GENEALOGY)
    assert trace(run, 100).status == "cancelled"
    with pytest.raises(RunError, match="It is cancelled and got to 100 s"):
        trace(run, 900)
