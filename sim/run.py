"""Simulating a scenario into a run folder."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.build import Factory, build
from sim.checkpoints import Checkpoints
from sim.core.timer import advance
from sim.core.world import World
from sim.deadlock import Neighbours, check_deadlock
from sim.dispatch import check_dispatch
from sim.errors import Cancelled, Deadlocked
from sim.faults.reach import check_mistaught_points
from sim.flow import may_deadlock
from sim.initial import fill
from sim.invariants import Watch
from sim.record.recorder import Recorder
from sim.script.control import PlantControl
from sim.script.error import ScriptError, explained
from sim.script.kpi import OwnKpi, compute
from sim.script.rules import Rules, own_rules
from sim.script.script import Script
from sim.snapshot.file import checkpoint_path
from sim.snapshot.take import Camera, fresh_plant
from sim.snapshot.what_if import restore_state
from sim.warm_start import stop_what_is_down
from twin.plant.scenario import Scenario, ScriptFault
from twin.run.lock import refuse_busy, run_lock
from twin.run.manifest import Status
from twin.run.run import Run
from twin.run.writer import RunWriter
from twin.trace.zones import make_index

Progress = Callable[[float, float], None]

FLUSH_S = 3600.0
TICKS = 200
COLLECT_AFTER = 100_000
CALLS_A_STATION = 8


def simulate(
    scenario: Scenario,
    out: str | Path,
    *,
    force: bool = False,
    progress: Progress | None = None,
    checkpoints: Checkpoints | None = None,
) -> Run:
    """Simulate a scenario and write a run folder.

    Parameters
    ----------
    scenario : Scenario
        What to simulate.
    out : str or Path
        The run folder to write.
    force : bool
        Replace a run that is there already.
    progress : callable, optional
        Called regularly with the simulated time and the horizon, in seconds.
    checkpoints : Checkpoints, optional
        When to save the whole state into the run folder; never by default.

    Raises
    ------
    RunError
        The folder cannot be written.
    PlantError
        A station names a dispatch rule that does not exist, or a mistaught point is out of reach.
    ScriptError
        The script of the scenario failed; the folder holds a readable run up to that time.
    Cancelled
        The user interrupted; the folder holds a readable run up to that time.
    Deadlocked
        Machines wait for each other for ever; the folder holds a readable run up to that time.
    """
    if scenario.script is None:
        check_dispatch(scenario.plant)
    check_mistaught_points(scenario)
    running = Running(scenario, checkpoints)
    refuse_busy(Path(out))
    running.write_to(RunWriter(Path(out), scenario, force=force))
    return finish(running, progress)


def finish(running: Running, progress: Progress | None) -> Run:
    """Keep the folder of a run for this process, and `conclude` the run."""
    with run_lock(running.folder):
        return conclude(running, progress)


def conclude(running: Running, progress: Progress | None) -> Run:
    """Begin a run if it has not begun, bring it to its horizon, and close its folder."""
    folder = running.folder
    try:
        with own_rules() as rules, _deep_calls(running.scenario), _interrupt_flag() as interrupted:
            running.begin(rules)
            with _calm_collector():
                gc.freeze()
                running.advance(progress, interrupted)
    except KeyboardInterrupt:
        running.close("cancelled")
        raise Cancelled(folder, running.world.env.now) from None
    except Deadlocked as error:
        running.close("failed", str(error))
        raise
    except BaseException as error:
        told = running.explained(error)
        running.close("failed", str(told or f"{type(error).__name__}: {error}"))
        if told is None:
            raise
        raise told from error
    running.close("complete")
    run = Run.open(folder)
    make_index(run)
    return run


class Running:
    """One run under way."""

    _writer: RunWriter

    def __init__(self, scenario: Scenario, checkpoints: Checkpoints | None = None) -> None:
        self._scenario = scenario
        self._checkpoints = checkpoints or Checkpoints()
        self._factory: Factory | None = None
        self._watch: Watch | None = None
        self._script: Script | None = None
        self._kpis: list[OwnKpi] = []
        self._neighbours: Neighbours | None = None
        self.world = World(scenario.plant, scenario.seed, Recorder())

    @property
    def scenario(self) -> Scenario:
        """What is simulated."""
        return self._scenario

    @property
    def folder(self) -> Path:
        """The run folder."""
        return self._writer.folder

    def write_to(self, writer: RunWriter) -> None:
        """Write to this run folder."""
        self._writer = writer
        self.world.recorder.write_to(writer)

    def begin(self, rules: Rules) -> None:
        """Create the behaviours, put in what is there at time 0, and set everything going."""
        if self._factory is not None:
            return
        factory = self._build(rules)
        state = fill(factory, self._scenario)
        if self._script is not None:
            self._set_up(self._script, factory)
        self._watch = Watch(factory)
        self._watch.check(0.0)
        factory.start()
        if state is not None:
            stop_what_is_down(factory, state)

    def go_on(self, engine: dict[str, Any], before: Scenario | None, rules: Rules) -> None:
        """Create the behaviours with the state of a snapshot; `before` if the plant differs."""
        factory = self._build(rules)
        restore_state(engine, factory, None if before is None else fresh_plant(before))
        self._watch = Watch(factory)
        self._watch.check(self.world.env.now)

    def _build(self, rules: Rules) -> Factory:
        """Load the script, if there is one, and create the behaviours."""
        plant = self._scenario.plant
        if self._scenario.script is not None:
            self._script = Script(self._scenario.script)
            self._script.rules(rules)
            check_dispatch(plant)
        self._factory = factory = build(self._scenario, self.world)
        if may_deadlock(plant):
            self._neighbours = Neighbours(factory)
        return factory

    def explained(self, error: BaseException) -> ScriptError | None:
        """Return an error of the script as one for its user; None for any other."""
        if self._script is None or not isinstance(error, Exception):
            return None
        return explained(self._script.path, error, self.world.env.now)

    def _set_up(self, script: Script, factory: Factory) -> None:
        plant = PlantControl(factory, self._scenario.horizon_s)
        script.setup(plant)
        plant.begin_faults(f for f in self._scenario.faults if isinstance(f, ScriptFault))
        self._kpis = plant.kpis

    def advance(self, progress: Progress | None, interrupted: threading.Event) -> None:
        """Run to the horizon, writing and checking every simulated hour."""
        env, horizon_s = self.world.env, self._scenario.horizon_s
        tick_s = min(horizon_s / TICKS, FLUSH_S)
        camera = Camera(self._scenario, self._factory, self._writer) if self._factory else None
        while env.now < horizon_s:
            now = env.now
            flush_s = (now // FLUSH_S + 1) * FLUSH_S
            save_s = self._checkpoints.after(now)
            tick = (now // tick_s + 1) * tick_s
            stop_s = min(tick if tick > now else now + tick_s, flush_s, horizon_s)
            advance(env, min(stop_s, save_s))
            self.world.recorder.settle()
            if self._neighbours is not None and self._factory is not None and env.now >= stop_s:
                check_deadlock(self._factory, self._neighbours, env.now)
            if env.now >= flush_s:
                self._check(env.now)
                self.world.recorder.flush(env.now)
            if camera is not None and env.now >= save_s:
                self._check(env.now)
                snapshot = camera.take(**self._checkpoints.noted())
                snapshot.write(checkpoint_path(self.folder, env.now))
            if progress is not None:
                progress(env.now, horizon_s)
            if interrupted.is_set():
                raise KeyboardInterrupt
        self._check(env.now, final=True)

    def close(self, status: Status, error: str | None = None) -> None:
        """Note what is under way, write everything and close the run folder."""
        now, recorder = self.world.env.now, self.world.recorder
        if self._factory is not None:
            self._factory.end(now)
        recorder.close_states(now)
        try:
            recorder.flush(now, final=True)
        except BaseException as failure:
            status, error = "failed", error or f"{type(failure).__name__}: {failure}"
            raise
        finally:
            self._writer.close(status, now, totals=self.world.ledger.totals(), error=error)
        if self._script is not None:
            compute(self._kpis, Run.open(self._writer.folder), self._script.path)

    def _check(self, now: float, *, final: bool = False) -> None:
        if self._watch is not None:
            self._watch.check(now, final=final)


@contextmanager
def _interrupt_flag() -> Iterator[threading.Event]:
    """Turn the first Ctrl-C into a flag, so that the run stops between two events."""
    flag = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield flag
        return

    def interrupt(_signal: int, _frame: object) -> None:
        if flag.is_set():
            raise KeyboardInterrupt
        flag.set()

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield flag
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _deep_calls(scenario: Scenario) -> Iterator[None]:
    """Allow a wave of hand-overs through a plant whose stations are all blocked.

    Room made at the end wakes the station before it, within the same call, and so on up the line.
    """
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(before + CALLS_A_STATION * len(scenario.plant.stations))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@contextmanager
def _calm_collector() -> Iterator[None]:
    """Let Python look for cyclic garbage less often: the engine makes many objects, few cycles."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
