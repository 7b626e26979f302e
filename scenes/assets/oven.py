"""A vacuum oven: a chamber with a round door at each end, pumps and pipes on top."""

from __future__ import annotations

from twin.usd.shape import AssetSpec, Shape


def draw(shape: Shape, spec: AssetSpec) -> None:
    """Draw the oven."""
    length, width, height = spec.size_m
    top = height * 0.86
    shape.box("base", (0, 0, 0.06), (length - 0.1, width - 0.1, 0.12))
    shape.box("body", (0, 0, (top + 0.12) / 2), (length * 0.88, width * 0.96, top - 0.12))
    for side in (-1, 1):
        _door(shape, spec, side)
    for x in (-0.3, 0.0, 0.3):
        shape.box("panel", (x * length, 0, top / 2), (0.08, width, top - 0.2))
    for y in (-width * 0.28, width * 0.28):
        shape.rod("metal", (-length * 0.3, y, top + 0.12), (length * 0.3, y, top + 0.12), 0.09)
        shape.rod("steel", (length * 0.2, y, top), (length * 0.2, y, height), 0.06, sides=8)
    shape.box("accent", (-length * 0.2, 0, top + 0.14), (length * 0.3, width * 0.3, 0.28))
    shape.lamp_m = (length * 0.4, width * 0.42, top)


def _door(shape: Shape, spec: AssetSpec, side: int) -> None:
    """Draw a round door with hand wheel and hinge at one end."""
    length, width, height = spec.size_m
    middle, radius = height * 0.43, min(width * 0.4, height * 0.36)
    x = side * length * 0.44
    name = "door_in" if side < 0 else "door_out"
    door = shape.swinging(name, (x, radius + 0.06, middle), (0, 0, 1), 105.0 * side)
    reach = -radius - 0.06
    door.rod("panel", (0, reach, 0), (side * length * 0.045, reach, 0), radius, sides=28)
    door.rod("steel", (0, reach, 0), (side * length * 0.055, reach, 0), radius * 0.3, sides=20)
    shape.box("dark", (x + side * length * 0.02, radius + 0.06, middle), (0.1, 0.1, radius))
    shape.box("screen", (x + side * 0.012, -width * 0.43, middle + 0.3), (0.02, 0.12, 0.3))
