"""Shipped plants and scenarios are found, described, and load."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from twin.errors import PlantError
from twin.plant import library
from twin.plant.load import load_plant, load_scenario

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("name", library.plant_names())
def test_shipped_plant_loads_under_its_name(name: str):
    loaded = load_plant(name)
    assert loaded.plant.id == name
    assert loaded.path == library.find_plant(name)


@pytest.mark.parametrize("name", library.scenario_names())
def test_shipped_scenario_loads_under_its_name(name: str):
    assert load_scenario(name).id == name


def test_every_shipped_file_has_one_line_that_describes_it():
    rows = [*library.describe_plants(), *library.describe_scenarios()]
    assert {name for name, _ in rows} == {*library.plant_names(), *library.scenario_names()}
    assert all(text and "\n" not in text and len(text) < 120 for _, text in rows)


def test_description_falls_back_to_first_sentence_and_to_unreadable(tmp_path, monkeypatch):
    (tmp_path / "a.yaml").write_text("description: >-\n  One thing.\n  Another\n  thing.\n")
    (tmp_path / "b.yaml").write_text("a: [")
    files = {path.stem: path for path in sorted(tmp_path.glob("*.yaml"))}
    monkeypatch.setattr(library, "shipped", lambda kind: files if kind == "plants" else {})
    assert library.describe_plants() == [("a", "One thing"), ("b", "(cannot be read)")]


def test_a_file_beside_beats_nothing_but_a_name_wins_over_a_missing_file(bench, tmp_path: Path):
    bench.write(bench.text, "own.yaml")
    assert library.find_plant("own.yaml", beside=tmp_path) == tmp_path / "own.yaml"
    assert library.find_plant("pilot", beside=tmp_path) == library.find_plant("pilot")
    with pytest.raises(PlantError, match="no such plant"):
        library.find_plant("own")


def test_lines_cover_addresses_and_ids(bench):
    loaded = bench.load()
    text = bench.text
    assert loaded.lines["stack"] == bench.line(text, "- id: stack\n")
    assert loaded.lines["stations.stack.machines"] == bench.line(text, "machines: 2")
    assert loaded.lines["stations.stack.take.0.units"] == bench.line(text, "take: [{from: sheets")
    assert loaded.lines["networks.aisle.stops.park"] == bench.line(text, "park: {node")
    assert loaded.lines["stations.stack.breakdown.mtbf_h"] == bench.line(text, "mtbf_h: 6")


def test_plant_format_page_is_up_to_date_and_complete():
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    page = (DOCS / "plant-format.md").read_text("utf-8")
    assert generate.plant_format() == page, "run: python docs/generate.py"
    assert "| `units_per_lot_out` | whole number >= 1 |" in page
    assert "| `from` | id (buffer, conveyor or store) | (required) |" in page
    assert "| `kuka_kr10_r1420` | KUKA KR 10 R1420 | 10 kg |" in page


def test_example_on_the_plant_format_page_loads(bench):
    page = (DOCS / "plant-format.md").read_text("utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    plant = bench.load(example).plant
    assert plant.stations["stack"].machines == 2
