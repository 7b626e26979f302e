"""Simulating a scenario into a run folder."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.build import Factory, build
from sim.checkpoints import Checkpoints
from sim.core.timer import advance
from sim.core.world import World
from sim.errors import Cancelled
from sim.initial import fill
from sim.invariants import check
from sim.record.recorder import Recorder
from sim.snapshot.file import checkpoint_path
from sim.snapshot.take import Camera, fresh_plant
from sim.snapshot.what_if import restore_state
from sim.warm_start import stop_what_is_down
from twin.plant.scenario import Scenario
from twin.run.manifest import Status
from twin.run.run import Run
from twin.run.writer import RunWriter

Progress = Callable[[float, float], None]

FLUSH_S = 3600.0
TICKS = 200
COLLECT_AFTER = 100_000


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
    Cancelled
        The user interrupted; the folder holds a readable run up to that time.
    """
    running = Running(scenario, checkpoints)
    running.write_to(RunWriter(Path(out), scenario, force=force))
    return finish(running, progress)


def finish(running: Running, progress: Progress | None) -> Run:
    """Begin a run if it has not begun, bring it to its horizon, and close its folder."""
    folder = running.folder
    try:
        running.begin()
        with _interrupt_flag() as interrupted, _calm_collector():
            running.advance(progress, interrupted)
    except KeyboardInterrupt:
        running.close("cancelled")
        raise Cancelled(folder, running.world.env.now) from None
    except BaseException as error:
        running.close("failed", f"{type(error).__name__}: {error}")
        raise
    running.close("complete")
    return Run.open(folder)


class Running:
    """One run under way."""

    _writer: RunWriter

    def __init__(self, scenario: Scenario, checkpoints: Checkpoints | None = None) -> None:
        self._scenario = scenario
        self._checkpoints = checkpoints or Checkpoints()
        self._factory: Factory | None = None
        self.world = World(scenario.plant, scenario.seed, Recorder())

    @property
    def folder(self) -> Path:
        """The run folder."""
        return self._writer.folder

    def write_to(self, writer: RunWriter) -> None:
        """Write to this run folder."""
        self._writer = writer
        self.world.recorder.write_to(writer)

    def begin(self) -> None:
        """Create the behaviours, put in what is there at time 0, and set everything going."""
        if self._factory is not None:
            return
        self._factory = factory = build(self._scenario, self.world)
        state = fill(factory, self._scenario)
        check(factory)
        factory.start()
        if state is not None:
            stop_what_is_down(factory, state)

    def go_on(self, engine: dict[str, Any], before: Scenario | None) -> None:
        """Create the behaviours with the state of a snapshot; `before` if the plant differs."""
        factory = build(self._scenario, self.world)
        restore_state(engine, factory, None if before is None else fresh_plant(before))
        check(factory)
        self._factory = factory

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
            advance(env, min(tick if tick > now else now + tick_s, flush_s, save_s, horizon_s))
            if env.now >= flush_s:
                self._check()
                self.world.recorder.flush(env.now)
            if camera is not None and env.now >= save_s:
                self._check()
                snapshot = camera.take(**self._checkpoints.noted())
                snapshot.write(checkpoint_path(self.folder, env.now))
            if progress is not None:
                progress(env.now, horizon_s)
            if interrupted.is_set():
                raise KeyboardInterrupt
        self._check()

    def close(self, status: Status, error: str | None = None) -> None:
        """Note what is under way, write everything and close the run folder."""
        now, recorder = self.world.env.now, self.world.recorder
        if self._factory is not None:
            self._factory.end(now)
        recorder.close_states(now)
        try:
            recorder.flush(now, final=True)
        finally:
            self._writer.close(status, now, totals=self.world.ledger.totals(), error=error)

    def _check(self) -> None:
        if self._factory is not None:
            check(self._factory)


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
def _calm_collector() -> Iterator[None]:
    """Let Python look for cyclic garbage less often: the engine makes many objects, few cycles."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
