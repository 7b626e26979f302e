"""How a plant behaves: the discrete-event engine."""

from sim.checkpoints import Checkpoints
from sim.errors import Cancelled, InvariantBroken
from sim.restore import WhatIf, fork, restore, resume
from sim.run import simulate
from sim.snapshot.file import Snapshot

__all__ = [
    "Cancelled",
    "Checkpoints",
    "InvariantBroken",
    "Snapshot",
    "WhatIf",
    "fork",
    "restore",
    "resume",
    "simulate",
]
