"""Dispatch rules of a script: registered for one run, under a name the plant can use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sim.dispatch import RULES
from sim.script.error import refuse
from sim.transport.dispatch import TRIP_RULES, VEHICLE_RULES
from twin.errors import nearest

REGISTRIES: dict[str, dict[str, Any]] = {
    "station": RULES,
    "trip": TRIP_RULES,
    "vehicle": VEHICLE_RULES,
}
"""Named rules by what they choose; a kind of rule plugs in with its own dictionary here."""


class Rules:
    """What the hook ``rules(rules)`` of a script adds its own rules to."""

    def add(self, kind: str, name: str, rule: Callable[..., Any]) -> None:
        """Offer a function as a rule under a name.

        Parameters
        ----------
        kind : str
            ``station`` (which of the lots that wait is taken next; ``dispatch`` of a station),
            ``trip`` (which trip starts next; used by ``choose_trip`` of a fleet) or ``vehicle``
            (which vehicle carries it out; ``choose_vehicle``).
        name : str
            Name the plant or a ``set:`` of the scenario uses.
        rule : callable
            See `sim.dispatch` (stations) and `sim.transport.dispatch` for what it gets and returns.
        """
        if kind not in REGISTRIES:
            raise refuse(
                f"there are no rules of the kind '{kind}'{nearest(kind, [*REGISTRIES])}.",
                f"Kinds are {', '.join(REGISTRIES)}.",
            )
        REGISTRIES[kind][name] = rule


@contextmanager
def own_rules() -> Iterator[Rules]:
    """Let rules be added that are gone again at the end of the run."""
    before = {kind: dict(rules) for kind, rules in REGISTRIES.items()}
    try:
        yield Rules()
    finally:
        for kind, rules in REGISTRIES.items():
            rules.clear()
            rules.update(before[kind])
