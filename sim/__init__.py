"""How a plant behaves: the discrete-event engine."""

from sim.errors import Cancelled, InvariantBroken
from sim.run import simulate

__all__ = ["Cancelled", "InvariantBroken", "simulate"]
