"""Errors of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from twin.errors import CelltwinError, Problem


class Named(Protocol):
    """A place in traffic."""

    name: str


class Stuck(Protocol):
    """A vehicle that waits in traffic."""

    id: str

    @property
    def here(self) -> Named:
        """Where it stands."""

    @property
    def needs(self) -> Sequence[Named]:
        """What it waits for."""


class Cancelled(CelltwinError):  # noqa: N818 - reads as what it is
    """The user stopped the run; what was simulated is in the run folder and readable."""

    exit_code = 130

    def __init__(self, folder: Path, now_s: float) -> None:
        super().__init__(
            Problem(
                str(folder),
                f"cancelled at {now_s:.0f} s; the run up to there is complete and readable.",
            )
        )
        self.folder = folder
        self.now_s = now_s


class TraceUsedUp(CelltwinError):  # noqa: N818 - reads as what it is
    """A trace that must not be repeated has no value left."""

    def __init__(self, where: str, n: int) -> None:
        super().__init__(
            Problem(
                where,
                f"its trace of {n} values is used up.",
                "Give more values, shorten the horizon, or write 'at_end: repeat'.",
            )
        )


class InvariantBroken(RuntimeError):  # noqa: N818 - reads as what it is
    """The engine contradicts itself: a defect of celltwin, never of the input.

    Parameters
    ----------
    name : str
        Which invariant, e.g. ``units_conserved``.
    what : str
        What was found.
    """

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"invariant '{name}' is broken: {what}")
        self.name = name


class Deadlocked(CelltwinError):  # noqa: N818 - reads as what it is
    """Machines wait for each other for ever; what was simulated is readable.

    Parameters
    ----------
    now_s : float
        When it was found.
    waits : sequence of str
        Who waits for whom, one after the other.
    n_stuck : int
        How many are stuck, those that wait for the ones named included.
    """

    def __init__(self, now_s: float, waits: Sequence[str], n_stuck: int) -> None:
        super().__init__(
            Problem(
                f"deadlock at {now_s:.0f} s",
                f"{n_stuck} wait for each other for ever: {'; '.join(waits)}.",
                "Give a place more room, let a batch start with fewer lots, or limit what enters "
                "(conwip).",
            )
        )
        self.now_s = now_s
        self.waits = tuple(waits)


class Gridlock(CelltwinError):  # noqa: N818 - reads as what it is
    """Vehicles wait for each other and none can go first: the network allows a deadlock.

    Networks that have passed the checks of a plant file cannot come to this.
    """

    def __init__(self, drivers: Iterable[Stuck]) -> None:
        waits = [
            f"{driver.id} at '{driver.here.name}' waits for "
            + " and ".join(f"'{point.name}'" for point in driver.needs)
            for driver in drivers
        ]
        super().__init__(
            Problem(
                "traffic",
                f"vehicles wait for each other: {'; '.join(waits)}.",
                "Load the plant with its checks; make lanes one-way or put them into a block.",
            )
        )
