"""What signals of robots should be by design, from the model of their sensors."""

from __future__ import annotations

from twin.motion.sensor_model import design_signals
from twin.plant.load import robot_model
from twin.plant.plant import Plant


def design_values(plant: Plant) -> dict[str, dict[str, float]]:
    """Return the design values of the signals of every robot, by robot and signal.

    They hold for the sensors celltwin simulates: an imported plant has others.
    """
    if plant.robot_sensors == "none":
        return {}
    return {r.id: design_signals(r, robot_model(plant, r.model)) for r in plant.robots.values()}
