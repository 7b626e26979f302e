"""What decides which units are good: chances, or a script."""

from __future__ import annotations

from typing import Protocol

import numpy as np


class Decisions(Protocol):
    """Yes/no decisions, one by one or many at once."""

    def one(self) -> bool:
        """Return one decision."""

    def many(self, n: int) -> np.ndarray:
        """Return `n` decisions."""
