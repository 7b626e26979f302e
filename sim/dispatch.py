"""Dispatch rules: which of the lots that wait a station takes next.

A rule is a plain function ``rule(job, now_s) -> number``: the lot with the smallest number is
taken; of equal ones that which came first. Add your own with `add_rule` and name it in the plant
file (``dispatch: my_rule``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.core.lot import Lot
from twin.errors import PlantError, Problem, nearest
from twin.plant.plant import Plant


@dataclass(frozen=True, slots=True)
class Job:
    """A lot that waits at a station, as a dispatch rule sees it.

    Attributes
    ----------
    lot : Lot
        The lot itself; a rule only reads it.
    arrived_s, waited_s : float
        When it came to the place, and how long it has waited there.
    product, family : str
        Its product and setup family at this station; empty without.
    units : int
        Units in it.
    priority : int
        Of its order, else of its product: larger is more urgent.
    due_s : float
        Due time of its order; infinite without.
    processing_s : float
        Mean time of the visit at this station.
    """

    lot: Lot
    arrived_s: float
    waited_s: float
    product: str
    family: str
    units: int
    priority: int
    due_s: float
    processing_s: float


Rule = Callable[[Job, float], float]


def priority(job: Job, _now_s: float) -> float:
    """Take the most urgent first: the largest priority."""
    return -job.priority


def earliest_due_date(job: Job, _now_s: float) -> float:
    """Take the one that is due first."""
    return job.due_s


def shortest_processing_time(job: Job, _now_s: float) -> float:
    """Take the one that is done soonest, by its mean time."""
    return job.processing_s


FIFO = "fifo"

RULES: dict[str, Rule] = {
    "priority": priority,
    "earliest_due_date": earliest_due_date,
    "shortest_processing_time": shortest_processing_time,
}
"""Every rule but ``fifo``, by the name a plant file uses."""


def add_rule(name: str, rule: Rule) -> None:
    """Make a rule of your own known under a name; it replaces one of the same name."""
    RULES[name] = rule


def check_dispatch(plant: Plant) -> None:
    """Make sure that every rule a plant names is there, before anything is written.

    Raises
    ------
    PlantError
        Holds a problem for every station whose rule is unknown.
    """
    problems: list[Problem] = []
    for station in plant.stations.values():
        try:
            find_rule(station.dispatch, station.id)
        except PlantError as error:
            problems += error.problems
    if problems:
        raise PlantError(problems)


def find_rule(name: str, station: str) -> Rule | None:
    """Return a rule by name; None for ``fifo``.

    Raises
    ------
    PlantError
        There is no such rule; names the nearest one.
    """
    if name == FIFO:
        return None
    if name not in RULES:
        known = [FIFO, *sorted(RULES)]
        raise PlantError(
            Problem(
                f"station '{station}'",
                f"dispatch rule '{name}' does not exist{nearest(name, known)}.",
                f"Known: {', '.join(known)}. Add your own with sim.dispatch.add_rule.",
            )
        )
    return RULES[name]
