"""Taking a snapshot: what differs from a fresh plant, built from the same scenario.

Whatever is the same in both is a constant of the plant (geometry, capacities, motion plans) or has
not changed yet, and is left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import twin
from sim.build import Factory, build
from sim.core.timer import Timer
from sim.core.world import World
from sim.record.mode import MODES
from sim.record.recorder import Recorder
from sim.script.script import sets_up
from sim.snapshot.book import Book
from sim.snapshot.encode import Encoder
from sim.snapshot.file import LAYOUT, Snapshot
from sim.snapshot.kinds import CONTAINERS, PLAIN, attributes, fail
from sim.snapshot.models import Models
from sim.snapshot.plant_state import plant_state
from twin.plant.scenario import Scenario
from twin.run.scenario_file import scenario_hash
from twin.run.writer import RunWriter


class Camera:
    """Takes snapshots of one running plant.

    Parameters
    ----------
    scenario : Scenario
    factory : Factory
        The running plant, built from the scenario.
    writer : RunWriter
        The run folder it writes to.
    """

    def __init__(self, scenario: Scenario, factory: Factory, writer: RunWriter) -> None:
        self._scenario = scenario
        self._factory = factory
        self._writer = writer
        self._hash = scenario_hash(scenario)
        self._models = Models(scenario.plant)
        self._fresh: Factory | None = None

    def take(self, **run: Any) -> Snapshot:
        """Return the state now; `run` is noted beside the state of the run folder.

        Raises
        ------
        SnapshotError
            A user's process is alive, or the plant holds something that cannot be saved.
        """
        world = self._factory.world
        refuse_processes(world)
        refuse_script(self._scenario)
        if self._fresh is None:
            self._fresh = fresh_plant(self._scenario, self._writer)
        book = Book(self._fresh, self._factory)
        encoder = Encoder(book.address, self._models.path)
        events = _events(world, encoder)
        objects = _Differences(book, encoder, Encoder(book.fresh_address, self._models.path)).all()
        engine = {
            "now_s": world.env.now,
            "seed": world.seed,
            "celltwin": twin.__version__,
            "layout": LAYOUT,
            "scenario_hash": self._hash,
            "modes": [list(mode) for mode in MODES],
            "run": {**self._writer.position(), **run},
            "objects": objects,
            "new": encoder.tables(),
            "events": events,
        }
        return Snapshot(plant_state(self._factory), engine)


def fresh_plant(scenario: Scenario, writer: RunWriter | None = None) -> Factory:
    """Return a plant that has not begun to run; it writes nothing."""
    return build(scenario, World(scenario.plant, scenario.seed, Recorder(writer)))


def refuse_processes(world: World) -> None:
    """Refuse to save a run with live SimPy processes, which Python cannot save.

    Raises
    ------
    SnapshotError
        Names them.
    """
    queue = world.env._queue  # noqa: SLF001
    names = {process.name for process in world.env.processes if process.is_alive}
    if not names:
        names = {repr(event) for *_, event in queue if type(event) is not Timer}
    if names:
        raise fail(
            "snapshot",
            f"{', '.join(sorted(names))}: SimPy processes are alive and cannot be saved.",
            "Take the snapshot when they have ended, or write them as timers "
            "(sim.core.timer.Timer) with bound methods.",
        )


def refuse_script(scenario: Scenario) -> None:
    """Refuse to save a run whose script does something with the plant; rules alone are fine.

    Raises
    ------
    SnapshotError
        Names the script.
    """
    script = scenario.script
    if script is not None and sets_up(script.text):
        raise fail(
            script.path,
            "what its setup(plant) does with the plant, in functions and variables of its own, "
            "cannot be saved.",
            "Run without checkpoints; a script that has only rules(rules) can be continued.",
        )


def _events(world: World, encoder: Encoder) -> list[list[Any]]:
    """Return time and timer of everything that will happen, in its order."""
    queue = sorted(world.env._queue, key=lambda entry: entry[:3])  # noqa: SLF001
    return [[due_s, encoder.value(timer)] for due_s, _, _, timer in queue if timer.callbacks]


class _Differences:
    """Compares the things of a running plant with those of a fresh one."""

    def __init__(self, book: Book, running: Encoder, fresh: Encoder) -> None:
        self._book = book
        self._running = running
        self._fresh = fresh

    def all(self) -> dict[str, list[Any]]:
        """Return address -> [class, state] for all things that differ."""
        found: dict[str, list[Any]] = {}
        for address, thing in self._book.things.items():
            self._running.where = self._fresh.where = address
            fresh = self._book.fresh[address]
            whole = type(thing) in CONTAINERS or isinstance(thing, np.random.Generator)
            state = self._whole(fresh, thing) if whole else self._attributes(fresh, thing)
            if state is not None:
                found[address] = [type(thing).__name__, state]
        return found

    def _whole(self, fresh: object, running: object) -> Any:
        if _alike(fresh, running):
            return None
        self._running.uses_rows = False
        said = self._running.state(running)
        new = self._running.uses_rows or said != self._fresh.state(fresh)
        return said if new else None

    def _attributes(self, fresh: object, running: object) -> Any:
        before, changed = dict(attributes(fresh)), {}
        for name, value in attributes(running):
            if name in before and _alike(before[name], value):
                continue
            self._running.uses_rows = False
            said = self._running.value(value)
            new = self._running.uses_rows or name not in before
            if new or said != self._fresh.value(before[name]):
                changed[name] = said
        return changed or None


def _alike(fresh: object, running: object) -> bool:
    """Whether two values are the same without looking at what they refer to."""
    if fresh is running:
        return True
    if type(fresh) is not type(running):
        return False
    if type(fresh) in PLAIN:
        return fresh == running
    if isinstance(fresh, np.ndarray) and isinstance(running, np.ndarray):
        return np.array_equal(fresh, running) and fresh.dtype == running.dtype
    if isinstance(fresh, list) and isinstance(running, list):
        plain = PLAIN.issuperset(map(type, running)) and PLAIN.issuperset(map(type, fresh))
        return plain and fresh == running
    return False
