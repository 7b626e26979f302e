"""States and losses by hand: mix_2 is down from 900 s to 1200 s, then has a minor stop of 60 s."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.card import Shown
from dashboard.figures import gantt, loss, share
from twin.kpi import Window
from twin.kpi.oee import StationTime, oee
from twin.run.run import Run


def test_states_of_a_machine(run: Run) -> None:
    data = gantt.gantt_data(run, ["mix_2"], ["Mixer 2"])
    assert [(s.state, s.from_s, s.to_s) for s in data.segments] == [
        ("working", 0.0, 900.0),
        ("down", 900.0, 1200.0),
        ("minor_stop", 1200.0, 1260.0),
        ("working", 1260.0, 3600.0),
    ]


def test_states_are_cut_to_the_window(run: Run) -> None:
    data = gantt.gantt_data(run, ["mix_2"], window=Window(1100.0, 1230.0))
    assert [(s.state, s.from_s, s.to_s) for s in data.segments] == [
        ("down", 1100.0, 1200.0),
        ("minor_stop", 1200.0, 1230.0),
    ]
    assert (data.from_s, data.to_s) == (1100.0, 1230.0)


def test_many_states_become_few_bars(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gantt, "MOST_BARS", 60)
    data = gantt.gantt_data(run, ["insert", "arm", "mix_1"])
    assert len(data.segments) <= 60
    assert {s.resource for s in data.segments} == {"insert", "arm", "mix_1"}


def test_gantt_figure_has_one_trace_per_state(run: Run) -> None:
    data = gantt.gantt_data(run, ["mix_2", "mix_1"], ["Mixer 2", "Mixer 1"])
    traces = {t.name: t for t in gantt.gantt_figure(data).data}
    assert [*traces] == ["working", "starved", "down", "minor stop"]
    assert list(traces["down"].y) == ["Mixer 2"]
    assert list(traces["down"].x) == [300_000.0]


def test_unknown_resources_have_no_states(run: Run) -> None:
    assert gantt.gantt_data(run, ["nobody"]).segments == ()


def test_shares_of_time(run: Run) -> None:
    data = share.share_data(run, ["mix_1", "mix_2"])
    assert data.states == ("working", "starved", "down", "minor_stop")
    assert data.shares.shape == (4, 48)
    assert data.shares.sum(axis=0) == pytest.approx(np.ones(48))
    inside = 13  # 975 s to 1050 s: mix_2 is down, mix_1 works every other 20 s
    assert data.shares[data.states.index("down"), inside] == pytest.approx(0.5)
    early = data.shares[:, 0]
    assert early[data.states.index("working")] == pytest.approx((75 + 40 - 5 + 0) / 150, abs=0.04)


def test_share_figure_is_stacked(run: Run) -> None:
    fig = share.share_figure(share.share_data(run, ["mix_1", "mix_2"]))
    assert fig.layout.barmode == "stack"
    assert sum(np.asarray(t.y) for t in fig.data) == pytest.approx(np.full(48, 100.0))


def test_losses_add_up_to_planned_time() -> None:
    time = StationTime(
        1000.0, 600.0, {"breakdowns": 100.0, "starved": 250.0, "minor_stops": 50.0}, 500.0, 0.9
    )
    data = loss.loss_data(oee(time))
    assert dict(zip(data.losses, data.shares, strict=True)) == pytest.approx(
        {"breakdowns": 0.1, "starved": 0.25, "minor_stops": 0.05, "speed": 0.1, "scrap": 0.05}
    )
    assert data.productive == pytest.approx(0.45)
    assert sum(data.shares) + data.productive == pytest.approx(1.0)


def test_tiny_losses_are_joined() -> None:
    time = StationTime(1e6, 999_000.0, {"setup": 500.0, "blocked": 500.0}, 999_000.0, 1.0)
    data = loss.loss_data(oee(time))
    assert data.losses == ("other",)
    assert data.shares[0] == pytest.approx(0.001)


def test_oee_that_cannot_be_computed_says_why() -> None:
    data = loss.loss_data(oee(StationTime(100.0, 50.0, {}, None, None)))
    assert data.losses == ()
    assert "ideal cycle time is unknown" in data.why


def test_loss_figure_goes_down_to_the_oee() -> None:
    fig = loss.loss_figure(loss.LossData(("starved",), (0.25,), 0.75))
    (bars,) = fig.data
    assert list(bars.y) == [100.0, -25.0, 75.0]
    assert list(bars.measure) == ["absolute", "relative", "total"]
    assert list(bars.text) == ["100.0 %", "25.0 %", "75.0 %"]


def test_largest_losses_of_the_plant(now: Shown) -> None:
    data = loss.plant_loss_data(now.run.plant, now.open.kpis)
    found = dict(zip(zip(data.stations, data.losses, strict=True), data.hours, strict=True))
    assert found["mix", "breakdowns"] == pytest.approx(300 / 3600)
    assert found["mix", "minor_stops"] == pytest.approx(60 / 3600)
    assert found["insert", "speed"] == pytest.approx(90 / 3600)
    assert not {"starved", "blocked"} & set(data.losses), "waiting is no loss of the machine"
    assert "soak" not in data.stations
    assert list(data.hours) == sorted(data.hours, reverse=True)
    assert len(loss.plant_loss_figure(data).data[0].x) == len(data.hours)
