"""Experiments: many runs of changed plants, compared pair by pair with the same random numbers."""

from __future__ import annotations

from sim.experiment.confirm import Confirmation, Gain, confirm
from sim.experiment.improvement import Improvement, improvements
from sim.experiment.likeliest import likeliest

__all__ = ["Confirmation", "Gain", "Improvement", "confirm", "improvements", "likeliest"]
