"""The cases: each one measures something and returns a `Result`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.cases import compare, giga, giga_stage, records, shift, stage, vehicles
from benchmarks.result import Result


@dataclass(frozen=True)
class Options:
    """How much is measured.

    Attributes
    ----------
    size : float
        Factor on the length of what is simulated.
    repeat : int
        Rounds, of which the best counts.
    peers : bool
        Whether other simulators are measured too.
    """

    size: float = 1.0
    repeat: int = 3
    peers: bool = True


@dataclass(frozen=True)
class Case:
    """A case: its name on the command line, what it is, and its function."""

    name: str
    about: str
    run: Callable[[Options], Result]
    on_request: bool = False


CASES = {
    case.name: case
    for case in (
        Case("line", compare.LINE, lambda o: compare.line(o.size, o.repeat, peers=o.peers)),
        Case(
            "breakdowns",
            compare.BREAKDOWNS,
            lambda o: compare.breakdowns(o.size, o.repeat, peers=o.peers),
        ),
        Case("queue", compare.QUEUE, lambda o: compare.queue(o.size, o.repeat, peers=o.peers)),
        Case("records", records.TITLE, lambda o: records.measure(o.size, o.repeat)),
        Case("shift", shift.TITLE, lambda o: shift.measure(o.size, o.repeat)),
        Case("stage", stage.TITLE, lambda o: stage.measure(o.size, o.repeat)),
        Case("giga_stage", giga_stage.TITLE, lambda o: giga_stage.measure(o.size)),
        Case("vehicles", vehicles.TITLE, lambda _: vehicles.measure()),
        Case("giga", giga.TITLE, lambda o: giga.measure(o.size), on_request=True),
    )
}
