"""Values that cannot be computed: null, with a sentence that says why."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass
class Reasons:
    """Collect why values are missing while a group of KPIs is computed."""

    why: dict[str, str] = field(default_factory=dict)

    def missing(self, key: str, why: str) -> None:
        """Note why `key` has no value."""
        self.why[key] = why

    def value(self, key: str, value: float | None, why: str) -> float | None:
        """Return `value`, or None with a reason where it is unknown or not finite."""
        if value is None or not math.isfinite(value):
            self.missing(key, why)
            return None
        return float(value)

    def ratio(self, key: str, part: float | None, whole: float | None, why: str) -> float | None:
        """Return part / whole, or None with a reason where it is undefined."""
        if part is None or not whole:
            return self.value(key, None, why)
        return self.value(key, part / whole, why)
