"""Logs of cycles and events."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.imports.conftest import CYCLES, text_of
from twin.errors import RunError
from twin.imports import ImportResult
from twin.kpi import kpis
from twin.run.run import Run

Imported = Callable[..., ImportResult]

EVENTS = """
format: 1
id: events
logs:
  - kind: events
    machine: {column: machine}
    time: {column: t, format: seconds}
    event: what
    pair: [case, step]
    unit: case
    product: {column: step}
    result: {column: fault}
"""


def rows_of(n: int, machine: str = "press", length_s: float = 8.0) -> list[list[str]]:
    return [[machine, str(10.0 * k), str(10.0 * k + length_s)] for k in range(n)]


def test_cycles_and_learned_design(imported: Imported) -> None:
    result = imported(CYCLES, text_of(rows_of(40), "machine,start,end"))
    run = Run.open(result.folder)
    assert result.machines == {"press": 40}
    assert run.plant.stations["press"].cycle.mean_s == pytest.approx(8.0)
    assert "learned from the first 20 cycles" in run.scenario.sources["stations.press.cycle.mean_s"]
    found = kpis(run).stations["press"]
    assert found.state_shares["working"] == pytest.approx(320 / 398)


def test_design_cycle_of_the_mapping_is_what_oee_compares_with(imported: Imported) -> None:
    mapping = CYCLES + "stations: {press: {cycle: {mean_s: 6}, workcell: forming}}\n"
    run = Run.open(imported(mapping, text_of(rows_of(40), "machine,start,end")).folder)
    assert kpis(run).stations["press"].oee.performance == pytest.approx(6 / 8)
    assert run.plant.workcell_of["press"] == "forming"


def test_overlapping_and_backward_cycles_are_told(imported: Imported) -> None:
    rows = rows_of(40)
    rows[5][2] = "63"
    rows[9][2] = "80"
    result = imported(CYCLES, text_of(rows, "machine,start,end"))
    said = " ".join(result.report.sentences())
    assert "1 cycles began before the one before was done" in said
    assert "1 cycles end before they begin" in said
    assert result.machines == {"press": 39}


def test_machine_without_work_is_starved_then_off_shift(imported: Imported) -> None:
    rows = rows_of(20) + [["press", str(10_000 + 10 * k), str(10_008 + 10 * k)] for k in range(20)]
    run = Run.open(imported(CYCLES, text_of(rows, "machine,start,end")).folder)
    off = run.sql("SELECT end_s - start_s AS s FROM states WHERE state = 'off_shift'")
    assert list(off["s"]) == [10_000.0 - 198.0]


def test_events_are_paired_and_products_learned(imported: Imported) -> None:
    rows = []
    for k in range(40):
        step, length = ("drill", 5) if k % 2 else ("mill", 12)
        rows.append(["m1", str(20 * k), "start", f"c{k}", step, ""])
        fault = "tool broken" if k == 7 else ""
        rows.append(["m1", str(20 * k + length), "complete", f"c{k}", step, fault])
    rows.append(["m1", "900", "start", "c99", "mill", ""])
    rows.append(["m1", "901", "note", "c99", "mill", ""])
    result = imported(EVENTS, text_of(rows, "machine,t,what,case,step,fault"))
    run, said = Run.open(result.folder), " ".join(result.report.sentences())
    assert "1 starts without an end" in said
    assert "1 rows are neither start nor end" in said
    recipes = {r.product: r.cycle.mean_s for r in run.plant.stations["m1"].recipes}
    assert recipes == {"drill": pytest.approx(5.0), "mill": pytest.approx(12.0)}
    assert list(run.table("cycles")["result"]).count("scrap") == 1
    products = run.table("lot_products")
    assert list(products["product"].value_counts()) == [20, 20]


def test_missing_columns_of_all_files_are_told_at_once(imported: Imported) -> None:
    good = text_of(rows_of(20), "machine,start,end")
    bad = text_of(rows_of(20), "machine,begin,ende")
    with pytest.raises(RunError) as caught:
        imported(CYCLES, good, bad, bad)
    assert len(caught.value.problems) == 4
    assert "has no column 'end' (nearest: 'ende')" in str(caught.value)


def test_unreadable_times_are_refused_with_an_example(imported: Imported) -> None:
    rows = [["press", "gestern", "heute"] for _ in range(20)]
    with pytest.raises(RunError, match=r"no times in the format 'seconds', e\.g\. 'gestern'"):
        imported(CYCLES, text_of(rows, "machine,start,end"))


def test_two_names_must_not_become_one_id(imported: Imported) -> None:
    rows = rows_of(20, "Press 1") + rows_of(20, "Press-1")
    with pytest.raises(RunError, match="would both become 'Press_1'"):
        imported(CYCLES, text_of(rows, "machine,start,end"))


def test_time_zones_and_patterns(imported: Imported) -> None:
    mapping = CYCLES.replace(
        "{column: start, format: seconds}",
        '{column: start, format: "%d.%m.%Y %H:%M:%S", timezone: Europe/Berlin}',
    ).replace("end: {column: end, format: seconds}", "duration_s: end")
    rows = [["press", f"05.01.2026 07:{k:02d}:00", "30"] for k in range(20)]
    result = imported(mapping, text_of(rows, "machine,start,end"))
    assert result.start == "2026-01-05T06:00:00"


def test_failed_import_leaves_the_run_that_was_there(imported: Imported) -> None:
    result = imported(CYCLES, text_of(rows_of(40), "machine,start,end"))
    digest = Run.open(result.folder).manifest.digest
    with pytest.raises(RunError):
        imported(CYCLES, text_of(rows_of(3), "machine,start,end"))
    assert Run.open(result.folder).manifest.digest == digest
    assert [p.name for p in result.folder.parent.glob(".run*")] == []
