"""The format page says what the code writes."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from twin.run.tables import STATES, TABLES, VEHICLE_STATES

DOCS = Path(__file__).parents[3] / "docs"


def test_run_format_page_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    page = (DOCS / "run-format.md").read_text("utf-8")
    assert generate.run_format() == page, "run: python docs/generate.py"


def test_run_format_page_names_every_column_and_state() -> None:
    page = (DOCS / "run-format.md").read_text("utf-8")
    for table in TABLES.values():
        assert f"### `{table.name}`" in page
        assert all(f"| `{column.name}` |" in page for column in table.columns)
    assert all(f"`{state}`" in page for state in (*STATES, *VEHICLE_STATES))
