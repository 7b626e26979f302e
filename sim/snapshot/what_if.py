"""Restoring: the state of a snapshot laid over a plant built from a scenario, changed or not."""

from __future__ import annotations

from typing import Any

import numpy as np

import twin
from sim.build import Factory
from sim.core.streams import Chances, Draws, Several, Singles
from sim.core.timer import Timer, disarm_all, set_clock
from sim.core.uniforms import Uniforms
from sim.faults import Forced, SlowDown
from sim.record.mode import MODES
from sim.snapshot.adapt import Change, adapt
from sim.snapshot.alias import Alias
from sim.snapshot.book import Book
from sim.snapshot.decode import Decoder
from sim.snapshot.file import LAYOUT
from sim.snapshot.kinds import CAUSES, SnapshotError, fail
from sim.snapshot.models import Models
from sim.stations.robot import StepVariation
from sim.transport.battery import Charge
from twin.errors import Problem

RANDOM: tuple[type, ...] = (np.random.Generator, Several, Singles, StepVariation, Uniforms)
"""Things whose state is nothing but draws: with another seed they begin anew."""
MAY_VANISH: tuple[type, ...] = (
    *CAUSES, Chances, Draws, Several, Singles, SlowDown, Forced, Charge, Uniforms,
)  # fmt: skip
MAY_VANISH_TOO: tuple[type, ...] = (np.random.Generator,)
MAY_BECOME = frozenset({("Coupling", "Place"), ("Coupling", "Shelf"), ("Place", "Coupling")})
"""Kinds of a buffer, before and now, with and without room: what waits there can go on waiting."""


def restore_state(engine: dict[str, Any], factory: Factory, before: Factory | None = None) -> None:
    """Give a plant that has just been built the state of a snapshot.

    Parameters
    ----------
    engine : dict
        Section ``engine`` of the snapshot.
    factory : Factory
        The plant, built from the same scenario or from a changed one.
    before : Factory, optional
        Where the scenario was changed: a plant built from the scenario of the snapshot.

    Raises
    ------
    SnapshotError
        The snapshot does not fit; holds every problem found.
    """
    check_version(engine)
    _Restored(engine, factory, before).restore()


def check_version(engine: dict[str, Any]) -> None:
    """Refuse the engine state of another version.

    Raises
    ------
    SnapshotError
        Says which.
    """
    modes = [tuple(mode) for mode in engine["modes"]]
    same = (engine["celltwin"], engine.get("layout"), modes) == (twin.__version__, LAYOUT, MODES)
    if not same:
        raise fail(
            "snapshot",
            f"was written by celltwin {engine['celltwin']} with another engine than this "
            f"{twin.__version__}, so it cannot be continued exactly.",
            "Use it as a warm start: initial: {snapshot: FILE}.",
        )


class _Restored:
    """One restoration."""

    def __init__(self, engine: dict[str, Any], factory: Factory, before: Factory | None) -> None:
        self._engine = engine
        self._factory = factory
        self._book = Book(factory)
        self._old = before
        self._before = None if before is None else Book(before)
        self._alias = Alias.between(before, factory)
        self._models = Models(factory.world.plant)
        self._decoder = Decoder(self._find, self._models.part)
        self._same_seed = engine["seed"] == factory.world.seed

    def restore(self) -> None:
        """Do it."""
        now = float(self._engine["now_s"])
        env = self._factory.world.env
        armed = [(timer, timer.due_s) for timer in disarm_all(env)]
        self._refuse_missing()
        self._decoder.tables(self._engine["new"])
        for address, (name, state) in self._engine["objects"].items():
            thing = self._book.things.get(self._alias.now(address))
            if thing is None or not _fits(name, thing):
                continue
            if self._same_seed or not isinstance(thing, RANDOM):
                self._decoder.fill(thing, state)
        set_clock(env, now)
        for due_s, timer in self._engine["events"]:
            self._arm(float(due_s), timer)
        if self._old is not None and self._before is not None:
            known = {self._alias.now(address) for address in self._before.things}
            added = {a: thing for a, thing in self._book.things.items() if a not in known}
            racks = {s.id: (s.per_tower, len(s.towers)) for s in self._old.stores.values()}
            adapt(Change(self._factory, now, added=added, armed=armed, racks=racks))

    def _arm(self, due_s: float, said: dict[str, str]) -> None:
        address = self._alias.now(said.get("@", ""))
        if address not in self._book.things and self._may_vanish(said.get("@", "")):
            return
        timer = self._find(said.get("@", ""))
        if not isinstance(timer, Timer):
            raise fail(f"events.{address}", "is no timer.")
        timer.arm(due_s)

    def _find(self, address: str) -> object:
        """Return a thing by address; None for the cause of a stop that is still under way."""
        found = self._book.things.get(self._alias.now(address))
        if found is None:
            before = None if self._before is None else self._before.things.get(address)
            if isinstance(before, CAUSES):
                return None
            raise fail(address, "is not in the plant, but the snapshot refers to it.")
        return found

    def _refuse_missing(self) -> None:
        """Report everything that has no place any more, one problem for each entity."""
        problems: dict[str, Problem] = {}
        for address, (name, _) in self._engine["objects"].items():
            thing = self._book.things.get(self._alias.now(address))
            if (thing is not None and _fits(name, thing)) or self._may_vanish(address):
                continue
            entity = "/".join(address.split("/")[:2])
            what = (
                "is in the snapshot, but not in the plant."
                if thing is None
                else f"is a {type(thing).__name__} now, was a {name} ({address})."
            )
            problems.setdefault(entity, Problem(entity, what, "Undo the change."))
        if problems:
            raise SnapshotError(problems.values())

    def _may_vanish(self, address: str) -> bool:
        """Whether a thing holds no lot, machine or vehicle: only draws, or the cause of stops."""
        if self._before is None:
            return False
        parts = address.split("/")
        above = ["/".join(parts[: k + 1]) for k in range(len(parts))]
        things = [self._before.things.get(a) for a in above]
        return any(isinstance(thing, MAY_VANISH) for thing in things) or isinstance(
            things[-1], MAY_VANISH_TOO
        )


def _fits(name: str, thing: object) -> bool:
    """Whether a thing can have the state of one whose class has this name."""
    now = type(thing).__name__
    return now == name or (name, now) in MAY_BECOME
