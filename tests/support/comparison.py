"""A simulated figure beside the one theory expects.

A verification file lists its statistical comparisons in ``CASES``, by a text that says what is
compared, in which unit. Its tests check them, and ``docs/verification.py`` writes them down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LARGEST_HALF_WIDTH = 0.005
"""A confidence interval must be narrower than this share of the expected value to each side."""


@dataclass(frozen=True)
class Comparison:
    """An expected value and the 99 % confidence interval of the simulated one."""

    expected: float
    simulated: float
    half_width: float

    @property
    def relative(self) -> float:
        """Half-width as a share of the expected value."""
        return self.half_width / abs(self.expected)

    def check(self) -> None:
        """Fail unless the interval is narrow and holds the expected value."""
        assert 0 < self.relative < LARGEST_HALF_WIDTH, f"half-width is {self.relative:.2%}"
        assert abs(self.simulated - self.expected) <= self.half_width, (
            f"expected {self.expected:.6g}, simulated {self.simulated:.6g} +- {self.half_width:.2g}"
        )


Case = Callable[[Path], Comparison]
"""Simulates into a folder that does not exist yet, and compares."""
