"""Evaluation zones of vibration severity: ISO 10816-1 classes, ISO 10816-3 / 20816-3 groups.

The bounds were not read in the standards themselves: they are those in which several independent
public code bases agree (six for ISO 10816-1, two for ISO 10816-3). They hold for the RMS velocity
from 10 to 1000 Hz. No conformance is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from twin.plant.vibration_class import VibrationClass

Zone = Literal["A", "B", "C", "D"]

SMALL_KW = 15.0
MEDIUM_KW = 75.0


@dataclass(frozen=True)
class Zones:
    """Bounds of the zones of one class, in mm/s RMS; a value on a bound is in the better zone.

    Attributes
    ----------
    standard, group : str
        What the bounds are taken from; both belong in every output.
    ab_mm_s, bc_mm_s, cd_mm_s : float
        Upper bounds of zones A, B and C.
    """

    standard: str
    group: str
    ab_mm_s: float
    bc_mm_s: float
    cd_mm_s: float

    def zone(self, value_mm_s: float) -> Zone:
        """Return the zone of a value."""
        if value_mm_s <= self.ab_mm_s:
            return "A"
        if value_mm_s <= self.bc_mm_s:
            return "B"
        return "C" if value_mm_s <= self.cd_mm_s else "D"


_PART_1 = "ISO 10816-1"
_PART_3 = "ISO 10816-3 / 20816-3"

ZONES: dict[VibrationClass, Zones] = {
    "I": Zones(_PART_1, "class I (up to 15 kW)", 0.71, 1.8, 4.5),
    "II": Zones(_PART_1, "class II (15 to 75 kW)", 1.12, 2.8, 7.1),
    "III": Zones(_PART_1, "class III (large, rigid support)", 1.8, 4.5, 11.2),
    "IV": Zones(_PART_1, "class IV (large, soft support)", 2.8, 7.1, 18.0),
    "1_rigid": Zones(_PART_3, "group 1 (above 300 kW), rigid support", 2.3, 4.5, 7.1),
    "1_flexible": Zones(_PART_3, "group 1 (above 300 kW), flexible support", 3.5, 7.1, 11.0),
    "2_rigid": Zones(_PART_3, "group 2 (15 to 300 kW), rigid support", 1.4, 2.8, 4.5),
    "2_flexible": Zones(_PART_3, "group 2 (15 to 300 kW), flexible support", 2.3, 4.5, 7.1),
}


def class_of_power(power_kw: float) -> VibrationClass:
    """Return the class of ISO 10816-1 of a machine of this power, taken as rigidly mounted."""
    if power_kw <= SMALL_KW:
        return "I"
    return "II" if power_kw <= MEDIUM_KW else "III"


def zones_markdown() -> str:
    """Return the table of the classes as Markdown."""
    lines = ["| `vibration_class` | standard | group | A/B | B/C | C/D mm/s |", "|---" * 6 + "|"]
    for name, z in ZONES.items():
        bounds = f"{z.ab_mm_s:g} | {z.bc_mm_s:g} | {z.cd_mm_s:g}"
        lines.append(f"| `{name}` | {z.standard} | {z.group} | {bounds} |")
    return "\n".join(lines) + "\n"
