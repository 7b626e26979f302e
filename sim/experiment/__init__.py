"""Experiments: replications, and changed plants compared in pairs with common random numbers."""

from __future__ import annotations

from sim.experiment.confirm import Confirmation, Gain, confirm
from sim.experiment.improvement import Improvement, improvements
from sim.experiment.likeliest import likeliest
from sim.experiment.replications import Replication, Replications, replicate

__all__ = [
    "Confirmation",
    "Gain",
    "Improvement",
    "Replication",
    "Replications",
    "confirm",
    "improvements",
    "likeliest",
    "replicate",
]
