"""``celltwin trace``."""

from __future__ import annotations

import json
import shutil

import pytest
from typer.testing import CliRunner

from twin.cli import app
from twin.run.run import Run


def test_trace_prints_where_a_battery_cell_was_and_what_it_is_made_of(short_run: Run) -> None:
    unit = short_run.sql("SELECT max(unit) FROM units WHERE event = 'packed'").iloc[0, 0]
    done = CliRunner().invoke(app, ["trace", str(short_run.folder), f"battery_cell-{unit}"])
    assert done.exit_code == 0
    for text in (f"battery_cell-{unit} (unit {unit})", "History", "tray_load", "conv_bake_in"):
        assert text in done.stdout


def test_trace_as_json_lists_all_products_of_a_tray(short_run: Run) -> None:
    lot = short_run.sql("SELECT lot FROM units WHERE event = 'packed' AND item = 'cell_tray'").iloc[
        0, 0
    ]
    done = CliRunner().invoke(app, ["trace", str(short_run.folder), f"lot:{lot}", "--json"])
    found = json.loads(done.stdout)
    assert found["serial"] == f"cell_tray-{lot}"
    assert found["units"] == len(found["products"]) == 24


def test_trace_counts_many_products_and_lists_all_on_request(
    short_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin.cli.trace.MOST_PRODUCTS", 5)
    lot = short_run.sql("SELECT lot FROM units WHERE event = 'packed' AND item = 'cell_tray'")
    command = ["trace", str(short_run.folder), f"lot:{lot.iloc[0, 0]}"]
    whole = json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout)
    assert len(whole["products"]) == whole["n_products"] == 24
    few, every = CliRunner().invoke(app, command), CliRunner().invoke(app, [*command, "--all"])
    assert "19 more: --all lists and counts them" in few.stderr
    serials = [product["serial"] for product in whole["products"]]
    assert [serial in few.stdout for serial in serials] == [True] * 5 + [False] * 19
    assert all(serial in every.stdout for serial in serials)
    assert f"24 {whole['products'][0]['fate']}." in every.stderr


def test_trace_says_that_it_makes_an_index_once(
    short_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin.trace.zones.FEW_ROWS", 0)
    lot = short_run.sql("SELECT max(lot) FROM units").iloc[0, 0]
    command = ["trace", str(short_run.folder), f"lot:{lot}"]
    said = [CliRunner().invoke(app, command).stderr for _ in range(2)]
    shutil.rmtree(short_run.folder / "index")
    assert ["Making the index" in text for text in said] == [True, False]


def test_trace_of_an_unknown_unit_exits_with_2(short_run: Run) -> None:
    done = CliRunner().invoke(app, ["trace", str(short_run.folder), "987654321"])
    assert done.exit_code == 2
    assert "no unit 987654321" in done.stderr
