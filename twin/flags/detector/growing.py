"""An array that grows at its end."""

from __future__ import annotations

import numpy as np

from twin.flags.detector.frame import Floats


class Growing:
    """Numbers in order; adding is cheap on average."""

    def __init__(self) -> None:
        self._room = np.zeros(1024)
        self.n = 0

    @property
    def values(self) -> Floats:
        """All numbers so far."""
        return self._room[: self.n]

    def extend(self, values: Floats) -> None:
        """Add numbers."""
        end = self.n + len(values)
        if end > len(self._room):
            larger = np.zeros(max(2 * len(self._room), end))
            larger[: self.n] = self.values
            self._room = larger
        self._room[self.n : end] = values
        self.n = end
