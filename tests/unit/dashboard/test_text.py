"""Numbers, times and names for people."""

from __future__ import annotations

import pytest

from dashboard.text import cause_text, clock, number, percent, span, words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"), (0.0, "0"), (4.0, "4.00"), (0.05, "0.0500"), (176.4, "176"),
        (47_186.3, "47,186"), (-1.25, "-1.25"), (1e-9, "0.000000"),
    ],
)  # fmt: skip
def test_number(value: float | None, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"), (4.0, "4.00 s"), (119.0, "119 s"), (600.0, "10 min"), (28_800.0, "8.00 h"),
        (967_680.0, "11.2 d"),
    ],
)  # fmt: skip
def test_span(seconds: float | None, text: str) -> None:
    assert span(seconds) == text


def test_clock_names_the_day_only_after_the_first() -> None:
    start = "2026-01-05T00:00:00"
    assert clock(start, 7200.0) == "02:00"
    assert clock(start, 7203.4, seconds=True) == "02:00:03"
    assert clock(start, 86_400 + 60.0) == "Tue 00:01"
    assert clock("2026-01-05T22:00:00", 7200.0) == "Tue 00:00"


def test_names() -> None:
    assert words("waiting_worker") == "Waiting worker"
    assert words("") == ""
    assert cause_text("vacuum_leak") == "Vacuum leak"
    assert cause_text("something_new") == "Something new"
    assert percent(0.2345) == "23.4 %"
    assert percent(None) == "–"
