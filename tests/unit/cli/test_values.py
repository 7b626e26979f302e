"""Option values written as text."""

from __future__ import annotations

import pytest

from twin.cli.values import changes, seconds
from twin.errors import CelltwinError


@pytest.mark.parametrize(
    ("text", "expected"),
    [("8h", 28800.0), ("90min", 5400.0), ("1h 30m", 5400.0), ("02:00", 7200.0), ("45", 45.0)],
)
def test_seconds_reads_times(text: str, expected: float) -> None:
    assert seconds("--horizon", text) == expected


def test_seconds_of_nothing_is_none() -> None:
    assert seconds("--horizon", None) is None


@pytest.mark.parametrize("text", ["-1", "soon", "8 hours", "nan", "inf", ""])
def test_seconds_refuses_what_is_no_time(text: str) -> None:
    with pytest.raises(CelltwinError, match=r"--horizon: .* is no time\. Write 8h"):
        seconds("--horizon", text)


def test_changes_reads_values_as_yaml() -> None:
    assert changes(["a.b=3", "c=0.5", "d=[1, 2]", "e = text"]) == {
        "a.b": 3,
        "c": 0.5,
        "d": [1, 2],
        "e": "text",
    }


def test_changes_names_every_text_that_is_none() -> None:
    with pytest.raises(CelltwinError) as caught:
        changes(["novalue", "=3", "a=", "b=[1", "fine=1"])
    assert len(caught.value.problems) == 4
