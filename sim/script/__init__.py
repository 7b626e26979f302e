"""Scenario scripts: Python that watches and changes a plant while it runs."""

from sim.script.control import PlantControl
from sim.script.rules import Rules
from sim.script.script import Script

__all__ = ["PlantControl", "Rules", "Script"]
