"""What machines share: the height products travel at, and the pole of the signal lamp."""

from __future__ import annotations

from twin.usd.shape import Shape

BELT_M = 0.95
"""Height at which single pieces travel through machines."""


def signal_tower(shape: Shape, pole_m: float) -> None:
    """Draw the pole of the signal lamp and move the lamp to its top."""
    if shape.lamp_m is None:
        return
    x, y, z = shape.lamp_m
    shape.rod("steel", (x, y, z), (x, y, z + pole_m), 0.025, sides=6)
    shape.lamp_m = (x, y, z + pole_m)
