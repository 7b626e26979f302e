"""The state machine of a position, step by step."""

from __future__ import annotations

import math

import pytest

from twin.condition.limits import Learner, Limit
from twin.condition.monitor import Event, Monitor, Persistence
from twin.errors import CelltwinError

BAND = Limit(None, 10.0, None, 8.0, "by hand")
SMALL = Persistence(k=2, n=4, m=4, calm=3)


def fed(monitor: Monitor, *values: float) -> list[tuple[str, float]]:
    """Feed one value a second; return (event, time) of what happened."""
    start = 0.0 if monitor.time_s == -math.inf else monitor.time_s + 1
    events = [monitor.update(start + k, v) for k, v in enumerate(values)]
    return [(e.kind, e.time_s) for e in events if e is not None]


def alarmed() -> Monitor:
    monitor = Monitor(BAND, SMALL)
    assert fed(monitor, 11, 11, 11, 11) == [("warning", 1.0), ("alarm", 3.0)]
    return monitor


def test_fewer_than_k_of_n_is_healthy() -> None:
    monitor = Monitor(BAND, SMALL)
    assert fed(monitor, 11, 5, 5, 5, 11, 5, 5, 5, 11) == []
    assert (monitor.state, monitor.since_s) == ("healthy", None)


def test_k_of_n_is_a_warning_though_not_consecutive() -> None:
    monitor = Monitor(BAND, SMALL)
    assert fed(monitor, 5, 11, 5, 5, 11) == [("warning", 4.0)]
    assert (monitor.state, monitor.since_s, monitor.side) == ("warning", 4.0, "high")


def test_a_warning_that_comes_and_goes_is_no_alarm() -> None:
    monitor = Monitor(BAND, SMALL)
    assert fed(monitor, *[11, 11, 11, 5] * 10) == [("warning", 1.0)]


def test_m_consecutive_are_an_alarm() -> None:
    monitor = alarmed()
    assert (monitor.state, monitor.since_s) == ("alarm", 3.0)


def test_a_warning_ends_with_calm_values_only() -> None:
    monitor = Monitor(BAND, SMALL)
    fed(monitor, 11, 11)
    # 9 is inside the limit, but not calm: hysteresis
    assert fed(monitor, 9, 9, 9, 9, 9, 9) == []
    assert monitor.state == "warning"
    assert fed(monitor, 7, 7, 9, 7, 7, 7) == [("cleared", 13.0)]
    assert (monitor.state, monitor.since_s) == ("healthy", 13.0)


def test_an_alarm_stays_whatever_the_values_say() -> None:
    monitor = alarmed()
    assert fed(monitor, *[1.0] * 50) == []
    assert monitor.state == "alarm"


def test_acknowledged_resolved_and_raised_again() -> None:
    monitor = alarmed()
    assert monitor.acknowledge(5.0) == Event("acknowledged", 5.0, "maintenance", 11, 10.0)
    assert monitor.resolve(6.0).state == "healthy"
    assert fed(monitor, 11, 11, 11, 11) == [("warning", 8.0), ("alarm", 10.0)]


def test_an_alarm_during_maintenance_is_logged_once_a_time() -> None:
    monitor = alarmed()
    monitor.acknowledge(4.0)
    assert fed(monitor, *[11] * 9) == [("alarm_in_maintenance", 8.0)]
    assert fed(monitor, 5, *[11] * 4) == [("alarm_in_maintenance", 18.0)]
    assert (monitor.state, monitor.since_s) == ("maintenance", 4.0)


@pytest.mark.parametrize("what", ["acknowledge", "resolve"])
def test_only_an_alarm_can_be_acknowledged_and_then_resolved(what: str) -> None:
    with pytest.raises(CelltwinError, match="in state healthy cannot be"):
        getattr(Monitor(BAND), what)(1.0)


def test_missing_values_are_left_out() -> None:
    monitor = Monitor(BAND, SMALL)
    assert fed(monitor, 11, math.nan, 11, math.nan, 11, 11)[-1][0] == "alarm"
    assert monitor.n_values == 4


def test_values_must_come_in_order() -> None:
    monitor = Monitor(BAND)
    monitor.update(5.0, 1.0)
    monitor.update(5.0, 1.0)
    with pytest.raises(CelltwinError, match="4 s comes after one of 5 s"):
        monitor.update(4.0, 1.0)


def test_while_it_learns_it_judges_nothing() -> None:
    monitor = Monitor(Learner("temp_c", 10, 0.0), SMALL)
    assert fed(monitor, *[100.0] * 5) == []
    assert monitor.why == "learning: 5 of 10 values, 4 of 0 s"
    assert fed(monitor, *[100.0] * 5, *[120.0] * 4) == [("warning", 11.0), ("alarm", 13.0)]
    assert monitor.why == ""


@pytest.mark.parametrize("numbers", [(0, 5, 8, 8), (6, 5, 8, 8), (3, 5, 2, 8), (3, 5, 8, 0)])
def test_contradicting_numbers_are_refused(numbers: tuple[int, int, int, int]) -> None:
    with pytest.raises(CelltwinError, match="contradict each other"):
        Persistence(*numbers)
