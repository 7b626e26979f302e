"""The plant on the overview: all workcells of a small plant, the exceptions of a large one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from dash import html

from dashboard.card import Shown, at_rest
from dashboard.moment import Condition
from dashboard.pages import strip
from dashboard.runs import Runs

Texts = Callable[[Any], str]


@pytest.fixture
def now(runs: Runs) -> Shown:
    return at_rest(runs, "/?run=hour&t=60", None)


def all_normal(now: Shown) -> strip.Conditions:
    lines = now.run.plant.lines
    return {w.id: Condition("normal", "working") for line in lines for w in line.workcells}


def test_a_small_plant_shows_every_workcell(now: Shown, text_of: Texts) -> None:
    found = all_normal(now)
    assert len(found) <= strip.MOST_TILES
    text = text_of(strip.plant_strip(now))
    for line in now.run.plant.lines:
        assert all((w.label or w.id) in text for w in line.workcells)


def test_a_large_plant_shows_its_lines_and_what_is_not_normal(
    now: Shown, text_of: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strip, "MOST_EXCEPTIONS", 1)
    found = all_normal(now)
    n = len(found)
    assert f"{n} of {n} normal" in text_of(html.Div(strip.by_exception(now, found)))
    first, second = [*found][:2]
    found[second] = Condition("warning", "1 of 2 stopped")
    found[first] = Condition("critical", "stopped")
    text = text_of(html.Div(strip.by_exception(now, found)))
    assert f"{n - 2} of {n} normal" in text
    assert "What needs attention" in text
    assert "and 1 more workcells" in text
    assert "1 of 2 stopped" not in text, "the critical one comes first"
