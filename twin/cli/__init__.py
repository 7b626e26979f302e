"""The command line: the front door to everything. ``celltwin --help`` lists the commands."""

from __future__ import annotations

from twin.cli import (
    bottleneck,
    condition,
    diagnose,
    ergonomics,
    plant,
    real,
    replicate,
    result,
    simulation,
)
from twin.cli.app import app, main

__all__ = [
    "app",
    "bottleneck",
    "condition",
    "diagnose",
    "ergonomics",
    "main",
    "plant",
    "real",
    "replicate",
    "result",
    "simulation",
]
