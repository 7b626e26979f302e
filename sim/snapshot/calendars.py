"""Calendars of a changed plant: who works and who rests at the time it goes on."""

from __future__ import annotations

from sim.build import Factory
from sim.stations.halt import Halts


def catch_up(factory: Factory, added: set[int], now: float) -> None:
    """Let workers and machines keep to the calendars as they are now.

    Parameters
    ----------
    factory : Factory
    added : set of int
        Identities of the things that were not in the plant of the snapshot.
    now : float
    """
    people = factory.people
    if people is None:
        return
    if people.staffing is not None:
        people.staffing.staff(now)
    for upkeep in people.upkeeps:
        if id(upkeep) in added:
            upkeep.catch_up(now)
    for work_time in people.work_times.values():
        work_time.catch_up(now)
        for listener in work_time.listeners:
            if isinstance(listener, Halts):
                runs = id(factory.machines[listener.id]) not in added
                is_new = id(listener) in added
                listener.catch_up(now, is_open=work_time.open, is_new=is_new, runs=runs)
