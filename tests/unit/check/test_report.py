"""The report: bottleneck, table, JSON."""

import json

import pytest

import twin.check
from twin.check.capacity import Capacity
from twin.check.report import CheckReport, report_table
from twin.errors import Problem


def step(name: str, per_h: float, per_product: float, kind: str = "discrete") -> Capacity:
    return Capacity(name, name.title(), kind, f"stations.{name}", "piece", 1, per_h, per_product)


@pytest.fixture
def report() -> CheckReport:
    return CheckReport(
        problems=(Problem("p.yaml:3", "is wrong.", "Mend it."),),
        steps=(
            step("wide", 400, 1),
            step("narrow", 220, 1.1),
            step("unused", 1, 0),
            step("supply", 150, 1, "source"),
        ),
        nameplate_per_h=100,
        wh_per_product=250,
        operating_h_per_year=8000,
    )


def test_bottleneck_allows_the_fewest_products(report: CheckReport) -> None:
    assert report.bottleneck is not None
    assert report.bottleneck.id == "narrow"
    assert report.capacity_per_h == pytest.approx(200)
    assert report.gwh_per_year(report.capacity_per_h) == pytest.approx(200 * 250 * 8000 / 1e9)


def test_utilisation_is_need_over_capacity(report: CheckReport) -> None:
    assert [report.utilisation(s) for s in report.steps] == pytest.approx([0.25, 0.5, 0, 2 / 3])


def test_json_is_plain_and_complete(report: CheckReport) -> None:
    told = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert told["bottleneck"] == "narrow"
    assert told["capacity_gwh_per_year"] == pytest.approx(0.4)
    assert told["problems"] == [{"where": "p.yaml:3", "what": "is wrong.", "remedy": "Mend it."}]
    assert [s["id"] for s in told["steps"]] == ["wide", "narrow", "unused", "supply"]
    assert told["steps"][2]["product_per_h"] is None


def test_table_has_a_value_for_every_column(report: CheckReport) -> None:
    columns, rows = report_table(report)
    assert all(len(row) == len(columns) for row in rows)
    shown = dict(zip(columns, rows[1], strict=True))
    assert shown["step"] == "narrow"
    assert shown["capacity per h"] == 220
    assert shown["needed per h"] == pytest.approx(110)
    assert shown["good products per h"] == pytest.approx(200)


def test_report_without_steps_has_no_bottleneck() -> None:
    empty = CheckReport(problems=(), steps=())
    assert empty.bottleneck is None
    assert empty.to_json()["capacity_per_h"] is None
    assert report_table(empty)[1] == []


def test_front_door_offers_check_and_table() -> None:
    assert set(twin.check.__all__) == {"CheckReport", "check_plant", "report_table"}
