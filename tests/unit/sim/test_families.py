"""Families of random durations."""

from __future__ import annotations

import pytest

from sim.core.families import fixed_s
from twin.plant.base import Duration


@pytest.mark.parametrize("kind", ["gamma", "lognormal", "normal", "uniform", "triangular"])
def test_a_variation_too_small_to_count_is_none(kind: str) -> None:
    assert fixed_s(Duration(mean_s=2.5, cv=2.2e-308, kind=kind)) == 2.5
