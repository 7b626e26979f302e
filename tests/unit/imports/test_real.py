"""Real logs: a collaborative robot with labelled faults, and a smart factory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import mannwhitneyu

from twin.imports import import_logs, load_mapping
from twin.run.run import Run
from twin.signature import signature

DATA = Path(__file__).parents[4] / "shared" / "data"
COBOT = DATA / "ur3_cobotops" / "ur3_cobotops.csv"
FACTORY = DATA / "trier_smart_factory" / "iot_enriched_event_log.csv"

COBOT_MAP = """
format: 1
id: ur3_cell
source: "UR3 CobotOps, UCI Machine Learning Repository 2024, doi:10.24432/C5J891"
logs:
  - kind: samples
    time: {column: Timestamp}
    resource: ur3
    cycle: cycle
    signals:
"""
FACTORY_MAP = """
format: 1
id: smart_factory
source: "doi:10.6084/m9.figshare.20130794"
logs:
  - kind: events
    machine: {column: "org:resource"}
    time: {column: timestamp}
    event: "lifecycle:transition"
    pair: [case_id, event_id, activity]
    unit: case_id
    product: {column: activity}
    result: {column: unsatisfied_condition_description}
"""


@pytest.mark.skipif(not COBOT.is_file(), reason="the recording of the cobot is not there")
def test_stops_and_lost_grips_are_told_from_clean_cycles(tmp_path: Path) -> None:
    signals = "".join(
        f"      current_j{k + 1}_a: Current_J{k}\n      speed_j{k + 1}_rad_s: Speed_J{k}\n"
        for k in range(6)
    )
    (tmp_path / "map.yaml").write_text(COBOT_MAP + signals + "      tool_current_a: Tool_current\n")
    import_logs([COBOT], load_mapping(tmp_path / "map.yaml"), tmp_path / "run")
    run = Run.open(tmp_path / "run")
    cycles = signature(run, "ur3").cycles
    stopped, lost = (label(cycles, column) for column in ("Robot_ProtectiveStop", "grip_lost"))
    clean = ~stopped & ~lost
    assert (len(cycles), stopped.sum(), lost.sum(), clean.sum()) == (101, 11, 22, 71)
    assert area(cycles["standstill_score"], stopped, clean) >= 0.95
    assert area(-cycles["load_score"], lost, clean) >= 0.95
    assert (cycles["verdict"][stopped] == "stopped").all()
    assert (cycles["verdict"][lost] != "normal").sum() == 15
    assert set(cycles["verdict"][clean & (cycles["verdict"] == "load_lost")]) == set()


@pytest.mark.skipif(not FACTORY.is_file(), reason="the log of the smart factory is not there")
def test_log_of_a_smart_factory_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(FACTORY_MAP)
    result = import_logs([FACTORY], load_mapping(tmp_path / "map.yaml"), tmp_path / "run")
    run = Run.open(tmp_path / "run")
    assert result.report.read == 9471
    assert len(result.machines) == 15
    assert result.report.cycles == 3139  # of 3,157; 18 have no time of their own
    assert (run.table("cycles")["result"] == "scrap").sum() == 92  # of 95
    assert any("18 cycles had no time" in s and "3 of them" in s for s in result.report.sentences())
    sums = run.sql("SELECT sum(end_s - start_s) AS s FROM states GROUP BY resource")
    assert np.allclose(sums["s"], run.horizon_s)


def label(cycles: pd.DataFrame, column: str) -> np.ndarray:
    """Whether the column of labels is true in any sample of each cycle."""
    log = pd.read_csv(COBOT, sep=";").rename(columns=str.strip)
    stamps = pd.to_datetime(log["Timestamp"])
    t = (stamps - stamps.min()).dt.total_seconds().to_numpy()
    at = np.searchsorted(cycles["start_s"], t, side="right") - 1
    inside = (at >= 0) & (t < cycles["end_s"].to_numpy()[np.maximum(at, 0)])
    true = log[column].astype(str).str.lower().eq("true").to_numpy()
    found = np.zeros(len(cycles), dtype=bool)
    found[at[inside & true]] = True
    return found


def area(score: pd.Series, bad: np.ndarray, clean: np.ndarray) -> float:
    """Area under the ROC curve: the Mann-Whitney statistic over its largest value."""
    test = mannwhitneyu(score[bad], score[clean])
    return float(test.statistic / bad.sum() / clean.sum())
