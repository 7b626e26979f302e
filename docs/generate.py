"""Write the generated parts of the documentation: ``python docs/generate.py``."""

from __future__ import annotations

import re
from pathlib import Path

from twin.condition.codes import codes_markdown
from twin.condition.zones import zones_markdown
from twin.kpi.describe import definitions_markdown, policies_markdown, state_map_markdown
from twin.plant.describe import (
    mapping_markdown,
    models_markdown,
    robot_models_markdown,
    state_markdown,
)
from twin.run.describe import tables_markdown

DOCS = Path(__file__).parent


def with_section(text: str, name: str, body: str) -> str:
    """Return `text` with the part between the markers of `name` replaced by `body`."""
    pattern = re.compile(rf"(<!-- {name}:.*?-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    return pattern.sub(lambda match: f"{match[1]}{body}{match[2]}", text)


def run_format() -> str:
    """Return the run-format page as it should be."""
    page = (DOCS / "run-format.md").read_text("utf-8")
    return with_section(page, "tables", tables_markdown())


def plant_format() -> str:
    """Return the plant-format page as it should be."""
    page = (DOCS / "plant-format.md").read_text("utf-8")
    page = with_section(page, "robot models", robot_models_markdown())
    return with_section(page, "objects", models_markdown())


def plant_state() -> str:
    """Return the page of plant states as it should be."""
    page = (DOCS / "plant-state.md").read_text("utf-8")
    return with_section(page, "state", state_markdown())


def import_format() -> str:
    """Return the page of mapping files as it should be."""
    page = (DOCS / "import-format.md").read_text("utf-8")
    return with_section(page, "mapping", mapping_markdown())


def kpi_reference() -> str:
    """Return the page of the key figures as it should be."""
    page = (DOCS / "kpi-reference.md").read_text("utf-8")
    page = with_section(page, "policies", policies_markdown())
    page = with_section(page, "state map", state_map_markdown())
    return with_section(page, "key figures", definitions_markdown())


def condition() -> str:
    """Return the page of condition monitoring as it should be."""
    page = (DOCS / "condition.md").read_text("utf-8")
    page = with_section(page, "zones", zones_markdown())
    return with_section(page, "codes", codes_markdown())


def main() -> None:
    """Rewrite every generated part."""
    (DOCS / "run-format.md").write_text(run_format(), "utf-8")
    (DOCS / "plant-format.md").write_text(plant_format(), "utf-8")
    (DOCS / "plant-state.md").write_text(plant_state(), "utf-8")
    (DOCS / "import-format.md").write_text(import_format(), "utf-8")
    (DOCS / "kpi-reference.md").write_text(kpi_reference(), "utf-8")
    (DOCS / "condition.md").write_text(condition(), "utf-8")


if __name__ == "__main__":
    main()
