"""The cause of a flag: what is wrong, how that shows, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """What a diagnosis found.

    Attributes
    ----------
    name : str
        Short name of the cause, e.g. ``vacuum_leak``.
    evidence : dict
        The numbers it rests on, each with its unit in the name.
    action : str
        What a technician should do.
    confidence : float
        How sure the diagnosis is, 0 to 1.
    joint : int or None
        Joint of a robot, 1 to 6, where the cause sits in one.
    detail : str
        One sentence for people.
    """

    name: str
    evidence: dict[str, object]
    action: str
    confidence: float
    joint: int | None = None
    detail: str = ""
