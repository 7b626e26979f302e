"""What the walker may meet in the graph of a plant, and which classes a file may create.

Everything of a built plant is reached from its `Factory` and has an address. A file never creates
such a thing, it only gives it its state. What comes into being during a run (lots, trips, calls)
is created from the classes in `NEW`, and from no others.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from types import FunctionType, NoneType

import numpy as np
import simpy
from pydantic import BaseModel

from sim.core.lot import Lot
from sim.core.tag import Group, Tag
from sim.faults.robot import Effect
from sim.people.calendar import Moments, ShiftTimes
from sim.people.pool import Call, Waiting
from sim.record.recorder import Names
from sim.record.visits import Visit
from sim.stations.breakdown import (
    CalendarFailures,
    CountedFailures,
    FailureMode,
    PlannedAge,
    PlannedCount,
    Stop,
    WorkClock,
)
from sim.stations.store import Stay
from sim.transport.crane import Hold
from sim.transport.law import Step
from sim.transport.trip import Trip
from twin.errors import CelltwinError, Problem

PLAIN = frozenset({NoneType, bool, int, float, str})
CONTAINERS = frozenset({list, dict, deque, set, Counter, Names})
NEW: dict[str, type] = {
    c.__name__: c
    for c in (Call, Effect, Group, Hold, Lot, Stay, Step, Stop, Tag, Trip, Visit, Waiting)
}
NEW_CLASSES = frozenset(NEW.values())
CONSTANT: tuple[type, ...] = (Moments, ShiftTimes, simpy.Environment)
"""Classes of things that no run changes, beside everything of `twin`."""
CAUSES: tuple[type, ...] = (
    CalendarFailures,
    CountedFailures,
    FailureMode,
    PlannedAge,
    PlannedCount,
    WorkClock,
)
"""Classes whose things may vanish in a what-if: the cause is gone, no lot or machine is."""


class SnapshotError(CelltwinError):
    """A plant that cannot be saved, or a snapshot that cannot be used."""


def fail(where: str, what: str, remedy: str = "") -> SnapshotError:
    """Return the error for one problem."""
    return SnapshotError(Problem(where, what, remedy))


def is_constant(value: object) -> bool:
    """Whether a thing is the same in every plant built from the scenario."""
    return (
        isinstance(value, CONSTANT)
        or type(value).__module__.startswith("twin.")
        or isinstance(value, BaseModel | FunctionType | type)
    )


def is_object(value: object) -> bool:
    """Whether a thing is a behaviour, or a part of one."""
    return type(value).__module__.startswith("sim.") and type(value) not in NEW_CLASSES


def has_address(value: object) -> bool:
    """Whether a thing of a built plant is known by its address."""
    return not is_constant(value) and (
        type(value) in CONTAINERS or isinstance(value, np.random.Generator) or is_object(value)
    )


def slot_names(cls: type) -> tuple[str, ...]:
    """Return the slots of a class and of those it is derived from."""
    if cls not in _SLOTS:
        names: list[str] = []
        for base in reversed(cls.__mro__):
            slots = base.__dict__.get("__slots__", ())
            names += (slots,) if isinstance(slots, str) else slots
        _SLOTS[cls] = tuple(name for name in names if name not in {"__dict__", "__weakref__"})
    return _SLOTS[cls]


_SLOTS: dict[type, tuple[str, ...]] = {}


def attributes(thing: object) -> Iterator[tuple[str, object]]:
    """Return names and values of the attributes of an object, or of what it says is its state."""
    state = getattr(thing, "state", None)
    if state is not None:
        yield from state().items()
        return
    for name in slot_names(type(thing)):
        if hasattr(thing, name):
            yield name, getattr(thing, name)
    yield from getattr(thing, "__dict__", {}).items()


def children(thing: object) -> Iterator[tuple[str, object]]:
    """Return keys and values of what is directly inside a thing; the same keys in every build.

    Things in a list are named by their id where they have one, so that a plant with one machine
    more has the same addresses for all others. What an object calls `fleeting` refers to different
    things at different times, so it names nothing: these things must be reached another way.
    """
    if isinstance(thing, dict):
        for key, value in thing.items():
            yield key if isinstance(key, str) else repr(key), value
    elif isinstance(thing, list | deque | tuple):
        if not PLAIN.issuperset(map(type, thing)):
            used: set[str] = set()
            for k, value in enumerate(thing):
                key = str(getattr(value, "id", k))
                yield f"{key}#{k}" if key in used else key, value
                used.add(key)
    elif is_object(thing):
        fleeting = getattr(thing, "fleeting", ())
        yield from ((name, value) for name, value in attributes(thing) if name not in fleeting)
