"""Links of a six-axis robot: housings about the joint axes and arms between joint origins."""

from __future__ import annotations

import numpy as np

from scenes.assets.stock import draw_part, stock_names
from twin.plant.robot import RobotModel
from twin.usd.shape import Shape

_RADII = (1.55, 1.25, 1.0, 0.85, 0.62, 0.5, 0.42)
"""Thickness of links 0 to 6 as multiples of the model's link radius."""


def draw_link(shape: Shape, model: RobotModel, link: int) -> None:
    """Draw a link in its own frame; link 0 is the foot, link 6 carries the flange."""
    if (name := f"robot_{model.id}_link{link}") in stock_names():
        draw_part(name, shape)
        return
    radius = model.link_radius_m * _RADII[link]
    after = np.array(model.joints[link].origin_m if link < 6 else model.flange_m)
    if link:
        axis = np.array(model.joints[link - 1].axis) * radius * (1.25 if link < 5 else 0.9)
        shape.rod("steel" if link % 2 else "base", -axis, axis, radius * 0.95, sides=20)
        shape.rod("dark", -axis * 1.06, axis * 1.06, radius * 0.5, sides=16)
    if np.linalg.norm(after) > 1e-6:
        end = radius * (0.62 if link < 6 else 0.8)
        shape.rod("body", (0, 0, 0), after, radius * 0.82, end, sides=18)
    if link == 0:
        shape.box("base", (0, 0, 0.03), (radius * 3.4, radius * 3.4, 0.06))
        shape.rod("dark", (0, 0, 0.06), (0, 0, 0.2), radius * 1.45, radius * 1.2, sides=24)
    if link in {2, 4}:
        stretch = (1.1, 1.5, 1.1) if link == 2 else (1.6, 1.2, 1.2)
        shape.box("accent", after * 0.5, radius * np.array(stretch))


def draw_pedestal(shape: Shape, model: RobotModel, height_m: float) -> None:
    """Draw the pedestal below the foot of a robot."""
    wide = model.link_radius_m * 5
    shape.box("base", (0, 0, 0.02 - height_m), (wide * 1.3, wide * 1.3, 0.04))
    shape.box("panel", (0, 0, (0.04 - height_m) / 2), (wide, wide, height_m - 0.04))
    shape.box("dark", (0, wide / 2, -height_m * 0.4), (wide * 0.5, 0.02, height_m * 0.3))
