"""Findings, scores of single cycles, and the bottleneck in the dashboard."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboard.card import Shown, at_rest
from dashboard.figures import bottleneck as strips
from dashboard.figures.signature import signature_data, signature_figure
from dashboard.pages import bottleneck, flag_detail, flags, workcell_cards
from dashboard.pages.finding import finding_card, finding_of
from dashboard.pages.flag_line import cause_line, cause_with_joint
from dashboard.runs import OpenRun, Runs
from twin.diagnose import diagnose
from twin.diagnose.text import page
from twin.errors import RunError
from twin.flags.flag import Flag
from twin.kpi.shifting import OverTime, Shift
from twin.run.run import Run

Texts = Callable[[Any], str]


def test_workcell_shows_the_text_of_diagnose(now: Shown, text_of: Texts) -> None:
    shown = text_of(finding_card(now))
    made = page(diagnose(now.run, "inserting"))
    assert made.title in shown
    for section in made.sections:
        for sentence in section.sentences:
            assert sentence in shown
        for row in section.rows:
            assert all(cell in shown for cell in row)
    assert finding_of(now, "inserting") is finding_of(now, "inserting")


def test_picked_flag_shows_cause_cost_and_remedy(now: Shown, text_of: Texts) -> None:
    found = now.open.flags[0]
    shown = text_of(flag_detail.detail(now, found))
    for part in ("Cause", "What it costs", "What to do", "Confidence", found.action):
        assert part in shown
    assert flags.row(now, found, 0)["action"] == found.action != ""


def test_cause_line_names_joint_confidence_and_remedy(text_of: Texts) -> None:
    said = {"diagnosis": {"joint": 3, "confidence": 0.8, "action": "Grease it."}}
    one = Flag("c", "arm", 0.0, 9.0, "joint_friction", None, 0.0, "warning", said)
    assert cause_with_joint(one) == "Joint friction, joint 3"
    assert text_of(cause_line(one)).split() == (
        ["Joint", "friction,", "joint", "3", "(80", "%", "sure)", ":", "Grease", "it."]
    )
    assert cause_line(replace(one, evidence={})) is None


def test_scores_are_drawn_by_verdict(now: Shown, run: Run, text_of: Texts) -> None:
    data = signature_data(run, "arm")
    assert data.rows == ("Duration",)
    assert sum(data.counts.values()) == data.n == 180
    fig = signature_figure(data)
    assert sum(len(t.x) for t in fig.data) == 180
    assert max(abs(np.concatenate([t.y for t in fig.data]))) <= 12
    assert "180 cycles" in text_of(workcell_cards.scores(now))


def test_scores_without_sensors_say_so(runs: Runs, text_of: Texts) -> None:
    other = at_rest(runs, "/workcell/mixing?run=hour", None)
    assert "no signals" in text_of(workcell_cards.scores(other))


def test_strips_show_who_is_the_bottleneck_when() -> None:
    shifts = (Shift("a", 0.0, 600.0, 0.0), Shift("b", 600.0, 900.0, 0.0), Shift("a", 900, 1200, 0))
    found = OverTime({"a": 0.75, "b": 0.25}, {"a": 0.75, "b": 0.25}, shifts, ((0, 1200, None),))
    data = strips.bottleneck_data(found, "2026-01-05T00:00:00", {"a": "Press"})
    first, second = data.strips
    assert (first.label, second.label) == ("Press", "b")
    np.testing.assert_allclose(first.from_s, [0, 900], atol=4)
    np.testing.assert_allclose(first.length_s, [600, 300], atol=4)
    np.testing.assert_allclose(second.from_s, [600], atol=4)
    assert data.others == 0
    assert len(strips.bottleneck_figure(data).data) == 2


def test_bottleneck_cards(runs: Runs, text_of: Texts) -> None:
    now = at_rest(runs, "/bottleneck?run=hour", None)
    assert "Mixer" in text_of(bottleneck.shares(now))
    assert "00:00 to 00:07" in text_of(bottleneck.turning(now))
    assert bottleneck.strips(now).className == "chart timed"


def gained(tmp_path: Path, run: Run, text: str) -> Shown:
    folder = tmp_path / "hour"
    shutil.copytree(run.folder, folder)
    (folder / "bottleneck.json").write_text(text, "utf-8")
    made = OpenRun(Run.open(folder))
    return Shown(made, at_rest(Runs(tmp_path), "/bottleneck?run=hour", None).view, 0.0)


def test_gains_say_how_to_make_them(runs: Runs, text_of: Texts) -> None:
    now = at_rest(runs, "/bottleneck?run=hour", None)
    assert f"celltwin bottleneck {now.run.folder}" in text_of(bottleneck.gains(now))


def test_gains_are_shown_with_intervals(tmp_path: Path, run: Run, text_of: Texts) -> None:
    gain = {
        "id": "mix", "kind": "station", "label": "Mixer", "what": "5 % faster", "section": "line_1",
        "gain_per_h": 4.2, "low_per_h": 3.1, "high_per_h": 5.3, "gain_pct": 2.1, "sure": True,
    }  # fmt: skip
    text = json.dumps({"what_if": {"seeds": [1, 2], "gains": [gain]}})
    shown = text_of(bottleneck.gains(gained(tmp_path, run, text)))
    for part in ("Mixer", "5 % faster", "+4.20", "+3.10 to +5.30", "+2.10 %", "2 pairs", "yes"):
        assert part in shown


@pytest.mark.parametrize("text", ["{", '{"what_if": []}', '{"what_if": {"gains": 3}}'])
def test_unreadable_gains_are_told(tmp_path: Path, run: Run, text: str) -> None:
    with pytest.raises(RunError, match="Make it again"):
        bottleneck.gains(gained(tmp_path, run, text))
