"""The ladder of examples: each runs, is clean, and keeps the figure its text promises."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sim import simulate
from twin.check import check_plant
from twin.flags import flags
from twin.kpi import Kpis, kpis
from twin.plant.library import describe_examples, shipped
from twin.plant.load import load_plant, load_scenario
from twin.run.run import Run

PAGE = Path(__file__).parents[2] / "docs" / "examples.md"
HOUR = 3600.0


def text_of(name: str) -> str:
    """The opening comment of an example, in one line."""
    lines = shipped("examples")[name].read_text("utf-8").splitlines()
    comment = lines[: next(k for k, line in enumerate(lines) if not line.startswith("#"))]
    return " ".join(line.lstrip("# ") for line in comment)


def promised(name: str, pattern: str) -> float:
    """The number an example's text promises."""
    found = re.search(pattern, text_of(name))
    assert found, f"{name}: the text promises nothing like '{pattern}'"
    return float(found[1])


def throughput(found: Kpis) -> float:
    return found.throughput_per_h or 0.0


def robot_cycle_s(found: Kpis) -> float:
    return found.robots["arm"].mean_cycle_s or 0.0


PROMISES: list[tuple[str, float | None, str, Callable[[Kpis], float], float]] = [
    ("01_one_station", None, r"waiting: (\d+) good", throughput, 0.002),
    ("02_buffers", 200.0, r"b is 5: (\d+) good", throughput, 0.015),
    ("03_failures", 800.0, r"= ([\d.]+) good", throughput, 0.021),
    ("04_assembly_and_batch", 48.0, r"line to (\d+) good", throughput, 0.03),
    ("05_scrap", 200.0, r"0.98 = ([\d.]+)", lambda k: k.product_yield or 0.0, 0.004),
    ("06_vehicles", None, r"manages ([\d.]+) per hour", throughput, 0.01),
    ("07_robot", None, r"make ([\d.]+) s a part", robot_cycle_s, 0.002),
    ("08_people", 24.0, r"60 = (\d+) parts", lambda k: float(k.shipped_units), 0.01),
    ("10_script", None, r"all (\d+) red parts", lambda k: k.script["red_per_h"].value or 0.0, 0.02),
]  # fmt: skip
"""Example, horizon in hours, promise in its text, figure, relative tolerance."""


@pytest.mark.parametrize(
    ("name", "horizon_h", "pattern", "figure", "tolerance"), PROMISES, ids=[p[0] for p in PROMISES]
)
def test_example_keeps_what_its_text_promises(
    tmp_path: Path,
    name: str,
    horizon_h: float | None,
    pattern: str,
    figure: Callable[[Kpis], float],
    tolerance: float,
) -> None:
    made = load_scenario(name, horizon_s=horizon_h and horizon_h * HOUR)
    found = kpis(simulate(made, tmp_path / "run"))
    assert figure(found) == pytest.approx(promised(name, pattern), rel=tolerance)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return simulate(load_scenario("09_fault"), tmp_path_factory.mktemp("ladder") / "run")


def test_fault_is_flagged_with_sub_step_and_cause(faulty: Run) -> None:
    text = text_of("09_fault")
    (found,) = [flag for flag in flags(faulty) if flag.resource == "arm"]
    assert f"sub-step `{found.substep}`" in text
    assert f"cause `{found.cause}`" in text
    assert found.since_s == pytest.approx(HOUR, abs=60)


def test_without_its_rule_fewer_red_parts_arrive(tmp_path: Path) -> None:
    made = load_scenario("10_script", changes={"fleets.amr.choose_trip": "oldest"})
    found = kpis(simulate(made, tmp_path / "run")).script["red_per_h"].value
    assert found is not None
    assert found < 0.85 * promised("10_script", r"all (\d+) red parts")


def test_every_example_is_clean_short_and_on_the_page() -> None:
    examples = shipped("examples")
    assert [name[:2] for name in examples] == [f"{k:02d}" for k in range(1, 11)]
    page = PAGE.read_text("utf-8")
    for name, path in examples.items():
        assert len(path.read_text("utf-8").splitlines()) <= 80, name
        assert f"## {int(name[:2])}. " in page
        assert f"celltwin run {name}" in page
        assert f"celltwin run {name}" in text_of(name)
        assert load_scenario(name).horizon_s > 0
    for name in [n for n in examples if n not in {"09_fault", "10_script"}]:
        loaded = load_plant(name)
        assert loaded.unsourced == (), name
        assert check_plant(loaded).problems == (), name


def test_examples_are_listed_by_name() -> None:
    listed = dict(describe_examples())
    assert listed["03_failures"] == "Example 3: failures and a crew"
    assert len(listed) == 10
