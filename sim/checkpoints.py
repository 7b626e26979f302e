"""When a run saves its whole state."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Checkpoints:
    """Moments at which a run saves its state.

    Attributes
    ----------
    every_s : float or None
        At every multiple of it.
    at_s : tuple of float
        At these times as well.
    """

    every_s: float | None = None
    at_s: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.every_s is not None and not 0 < self.every_s < math.inf:
            raise ValueError(f"checkpoints every {self.every_s} s: must be longer than 0 s")

    def after(self, now: float) -> float:
        """Return the next moment after `now`; infinite if there is none."""
        later = [at_s for at_s in self.at_s if at_s > now]
        if self.every_s is not None:
            k = math.floor(now / self.every_s) + 1
            later.append(k * self.every_s if k * self.every_s > now else (k + 1) * self.every_s)
        return min(later, default=math.inf)

    def noted(self) -> dict[str, Any]:
        """Return what a snapshot notes of it, so that a resumed run saves as before."""
        return {"every_s": self.every_s, "at_s": list(self.at_s)}

    @classmethod
    def of(cls, noted: Mapping[str, Any]) -> Checkpoints:
        """Return what a snapshot has noted."""
        return cls(noted.get("every_s"), tuple(noted.get("at_s") or ()))
