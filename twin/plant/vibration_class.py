"""Names of the vibration classes a station or robot can be put into."""

from __future__ import annotations

from typing import Literal

VibrationClass = Literal["I", "II", "III", "IV", "1_rigid", "1_flexible", "2_rigid", "2_flexible"]
"""I to IV: classes of ISO 10816-1; the others: groups and supports of ISO 10816-3 / 20816-3."""
