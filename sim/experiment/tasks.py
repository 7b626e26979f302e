"""Running many simulations on several processors; a worker that dies costs only its own run."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from sim.experiment.outcome import Needed, Outcome, outcome
from sim.restore import changed_plant
from sim.run import simulate
from twin.errors import CelltwinError, Problem
from twin.plant.scenario import Scenario

ATTEMPTS = 3
"""How often a run is tried whose worker died."""


@dataclass(frozen=True)
class Task:
    """One run.

    Attributes
    ----------
    name : str
        Of the change; empty for the plant as it is.
    seed : int
    scenario : str
        The scenario as JSON.
    needed : mapping
        Section -> its last stations -> units for one good product.
    changes : dict
        Path in the plant -> value.
    """

    name: str
    seed: int
    scenario: str
    needed: Needed
    changes: Mapping[str, object] = field(default_factory=dict)


def run_task(task: Task) -> Outcome:
    """Simulate into a folder that is removed afterwards, and return what it brought."""
    scenario = Scenario.model_validate_json(task.scenario)
    plant = changed_plant(scenario.plant, task.changes)
    changed = scenario.model_copy(update={"plant": plant, "seed": task.seed})
    with tempfile.TemporaryDirectory(prefix="celltwin-") as folder:
        return outcome(simulate(changed, Path(folder) / "run"), task.needed)


class Named(Protocol):
    """One run of an experiment."""

    @property
    def name(self) -> str:
        """Of the change; empty for the plant as it is."""


Job = TypeVar("Job", bound=Named)
Found = TypeVar("Found")


def run_tasks(
    tasks: Sequence[Task], *, jobs: int | None = None, tick: Callable[[float, float], None]
) -> Iterator[tuple[Task, Outcome]]:
    """Yield every task with its outcome, as they are done: see `run_all`."""
    return run_all(tasks, run_task, jobs=jobs, tick=tick)


def run_all(
    tasks: Sequence[Job],
    work: Callable[[Job], Found],
    *,
    jobs: int | None = None,
    tick: Callable[[float, float], None],
) -> Iterator[tuple[Job, Found]]:
    """Yield every task with what it brought, as they are done.

    Parameters
    ----------
    tasks : sequence
        Plain data, as it goes to other processes.
    work : callable
        A function of a module, called with one task.
    jobs : int, optional
        Processes; default: one for each processor. With 1, everything runs in this process.
    tick : callable
        Called with (runs done, runs in all).

    Raises
    ------
    CelltwinError
        The worker of one task died three times, or a simulation failed.
    """
    n = min(jobs or len(os.sched_getaffinity(0)), len(tasks))
    tick(0, len(tasks))
    if n <= 1:
        for k, task in enumerate(tasks):
            yield task, work(task)
            tick(k + 1, len(tasks))
        return
    done, left, tries = 0, list(tasks), dict.fromkeys(range(len(tasks)), 0)
    order = {id(task): k for k, task in enumerate(tasks)}
    while left:
        for task, found in _until_broken(left, work, n):
            left.remove(task)
            done += 1
            yield task, found
            tick(done, len(tasks))
        for task in left[:n]:
            tries[order[id(task)]] += 1
            if tries[order[id(task)]] >= ATTEMPTS:
                what = task.name or "the plant as it is"
                raise CelltwinError(
                    Problem(
                        "experiment",
                        f"the process of '{what}' died {ATTEMPTS} times.",
                        "Use --jobs 1 to see why; the machine may lack memory.",
                    )
                )


def _until_broken(
    tasks: Sequence[Job], work: Callable[[Job], Found], n: int
) -> Iterator[tuple[Job, Found]]:
    """Yield what is done until everything is, or until a worker dies."""
    context = multiprocessing.get_context("spawn")
    others = multiprocessing.active_children()
    pool = ProcessPoolExecutor(n, mp_context=context, initializer=_obey_the_parent)
    try:
        waiting: dict[Future[Found], Job] = {pool.submit(_in_worker, work, t): t for t in tasks}
        while waiting:
            ready, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ready:
                task = waiting.pop(future)
                yield task, future.result()
    except BrokenProcessPool:
        return
    except BaseException:  # Ctrl-C: the runs under way are given up, too
        for child in multiprocessing.active_children():
            if child not in others:
                child.terminate()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _in_worker(work: Callable[[Job], Found], task: Job) -> Found:
    try:
        return work(task)
    except SystemExit:
        os._exit(1)  # the folder of the run is gone; a pool would begin the next task


def _obey_the_parent() -> None:
    """Leave Ctrl-C to the parent; when it ends the process, remove the folder of the run first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)


def _end(_signal: int, _frame: object) -> None:
    sys.exit(1)
