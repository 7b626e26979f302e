"""The table of `docs/background-failures.md`: what each choice does to a small line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim import simulate
from tests.support.plants import buffer, scenario, source, station, tiny_plant

PAGE = Path(__file__).parents[2] / "docs" / "background-failures.md"
HOURS = 60
MODE: dict[str, Any] = {"mtbf_h": 0.1, "mttr_h": 0.01}
CREW = {"pools": [{"id": "crew", "kind": "repair", "home_m": [30, 0], "staff": {"day": 1},
                   "walk_mps": 1.2}],
        "shifts": [{"id": "day", "start": "00:00", "hours": 24}]}  # fmt: skip


def throughput(middle: dict[str, Any], plant: dict[str, Any], folder: Path, seed: int = 1) -> float:
    """Good units per hour of three stations in a row, the one in the middle with `middle`."""
    spread = {"mean_s": 6.0, "cv": 0.5, "kind": "gamma"}
    line = tiny_plant(
        [
            station("first", take="b0", put="b1", cycle=spread),
            station("middle", take="b1", put="b2", cycle=5.5, **middle),
            station("last", take="b2", put="out", cycle=spread),
        ],
        buffers=[buffer(f"b{k}", capacity=3) for k in range(3)],
        sources=[source("src", "b0")],
        **plant,
    )
    run = simulate(scenario(line, HOURS * 3600.0, seed=seed), folder)
    return float(run.manifest.totals["shipped"]) / HOURS


CHOICES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("as above", {"breakdown": MODE}, {}),
    ("no failures", {}, {}),
    ("`clock: calendar`", {"breakdown": {**MODE, "clock": "calendar"}}, {}),
    ("`clock: calendar`, `when_idle: wait`",
     {"breakdown": {**MODE, "clock": "calendar", "when_idle": "wait"}}, {}),
    ("`clock: cycles`, `mcbf: 65.45`",
     {"breakdown": {"clock": "cycles", "mcbf": 360 / 5.5, "mttr_h": 0.01}}, {}),
    ("`unit: restart`", {"breakdown": {**MODE, "unit": "restart"}}, {}),
    ("`unit: scrap`", {"breakdown": {**MODE, "unit": "scrap"}}, {}),
    ("`failure_cv: 0`", {"breakdown": {**MODE, "failure_cv": 0}}, {}),
    ("`repair_cv: 0`", {"breakdown": {**MODE, "repair_cv": 0}}, {}),
    ("ten times as often, a tenth as long", {"breakdown": {"mtbf_h": 0.01, "mttr_h": 0.001}}, {}),
    ("a tenth as often, ten times as long", {"breakdown": {"mtbf_h": 1, "mttr_h": 0.1}}, {}),
    ("a crew that walks 30 m", {"breakdown": {**MODE, "crew": "crew"}}, CREW),
    ("and 36 s of maintenance every 60 cycles",
     {"breakdown": MODE, "maintenance": {"oil": {"every_cycles": 60, "work":
                                                  {"mean_s": 36, "kind": "constant"}}}}, {}),
    ("the same every 6 min, `window_s: 1min`",
     {"breakdown": MODE, "maintenance": {"oil": {"every_h": 0.1, "window_s": 60, "work":
                                                  {"mean_s": 36, "kind": "constant"}}}}, {}),
]  # fmt: skip


def test_the_table_says_what_comes_out(tmp_path: Path) -> None:
    rows = []
    base = 0.0
    for k, (name, middle, plant) in enumerate(CHOICES):
        found = throughput(middle, plant, tmp_path / str(k))
        base = base or found
        change = "" if not k else f"{100 * (found / base - 1):+.1f} %"
        rows.append(f"| {name} | {found:.2f} | {change} |")
    other = throughput(CHOICES[0][1], {}, tmp_path / "other", seed=2)
    rows.append(
        f"| as above, other random numbers | {other:.2f} | {100 * (other / base - 1):+.1f} % |"
    )
    text = PAGE.read_text("utf-8") if PAGE.is_file() else ""
    missing = [row for row in rows if row not in text]
    assert not missing, "write into the page:\n" + "\n".join(rows)


@pytest.mark.parametrize("word", ["operating", "calendar", "cycles", "resume", "restart", "scrap"])
def test_every_choice_is_explained(word: str) -> None:
    assert f"`{word}`" in PAGE.read_text("utf-8")
