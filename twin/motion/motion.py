"""The pose of everything at any time of a run, by the exact laws."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Problem, RunError, nearest
from twin.motion.fork import Forks, crane_forks
from twin.motion.grip import grip_of
from twin.motion.inside import door_shares, gate_shares, web_travel_m
from twin.motion.leg import Legs, crane_legs, vehicle_legs, worker_legs
from twin.motion.line import Line
from twin.motion.plan import MotionPlan
from twin.motion.track import OCCURRENCE_COLUMNS, Occurrences, occurrences
from twin.motion.variant import Variants, plan_variants
from twin.plant.load import robot_model
from twin.run.run import Run

Floats = NDArray[np.float64]


class Motion:
    """Where robots, vehicles, cranes and workers are.

    Times are seconds since the start of the run; arrays of times give arrays of poses. Angles are
    degrees; headings are unwrapped.
    """

    def __init__(self, run: Run) -> None:
        self._run = run

    def robot_pose(self, robot: str, t_s: ArrayLike) -> Floats:
        """Return the joint angles (..., 6) of a robot at `t_s` (...).

        Between sub-steps, and when stopped, it holds the pose it has reached.
        """
        plan = self.plans[_known(robot, self.plans, "robot")]
        done = self.occurrences.get(robot)
        t = np.asarray(t_s, dtype=float)
        if done is None or not len(done.start_s):
            return np.broadcast_to(plan.from_deg[0], (*t.shape, 6)).copy()
        index = np.searchsorted(done.start_s, t, side="right") - 1
        row = np.maximum(index, 0)
        tau = np.where(index < 0, 0.0, (t - done.start_s[row]) * done.rate[row])
        angles = np.empty((*t.shape, 6))
        for step in range(len(plan.names)):
            chosen = done.step[row] == step
            angles[chosen] = plan.pose(step, tau[chosen])
        return angles

    def vehicle_pose(self, vehicle: str, t_s: ArrayLike) -> tuple[Floats, Floats]:
        """Return positions (..., 3) and headings (...) of a vehicle."""
        return self.vehicles[_known(vehicle, self.vehicles, "vehicle")].at(t_s)

    def crane_pose(self, crane: str, t_s: ArrayLike) -> Floats:
        """Return positions (..., 3) of a crane: on its rail, z is the height of the forks."""
        return self.cranes[_known(crane, self.cranes, "crane")].at(t_s)[0]

    def worker_pose(self, worker: str, t_s: ArrayLike) -> tuple[Floats, Floats]:
        """Return positions (..., 3) and headings (...) of a worker."""
        return self.workers[_known(worker, self.workers, "worker")].at(t_s)

    def web_travel_m(self, machine: str, t_s: ArrayLike) -> Floats:
        """Return the metres of web (...) that have run through a web machine."""
        return self.webs[_known(machine, self.webs, "web machine")].at(t_s)

    def door_share(self, machine: str, t_s: ArrayLike) -> Floats:
        """Return how far (...) the doors of a batch machine are open, from 0 to 1."""
        return self.doors[_known(machine, self.doors, "batch machine")].at(t_s)

    def gate_share(self, zone: str, t_s: ArrayLike) -> Floats:
        """Return how far (...) the gates of a robot cell or airlock are open, from 0 to 1."""
        return self.gates[_known(zone, self.gates, "zone with gates")].at(t_s)

    def fork_m(self, crane: str, t_s: ArrayLike) -> Floats:
        """Return how far (...) the forks of a crane are out, to the left of its rail."""
        return self.forks[_known(crane, self.forks, "crane")].forks_m.at(t_s)

    def grip_share(self, robot: str, t_s: ArrayLike) -> Floats:
        """Return how far (...) the fingers of a robot are open, from 0 to 1."""
        plan = self.plans[_known(robot, self.plans, "robot")]
        grip = grip_of(self._run.plant.robots[robot], self.variants[robot].n)
        done = self.occurrences.get(robot)
        if done is None:
            return np.full(np.shape(t_s), float(grip.from_share[0]))
        return grip.at(plan, done, t_s)

    @cached_property
    def webs(self) -> dict[str, Line]:
        """Travel of the web in every web machine."""
        return web_travel_m(self._run)

    @cached_property
    def doors(self) -> dict[str, Line]:
        """How far the doors of every batch machine are open."""
        return door_shares(self._run)

    @cached_property
    def gates(self) -> dict[str, Line]:
        """How far the gates of every robot cell and airlock are open."""
        return gate_shares(self._run)

    @cached_property
    def forks(self) -> dict[str, Forks]:
        """How the forks of every crane, and what is on them, move."""
        return crane_forks(self._run)

    @cached_property
    def variants(self) -> dict[str, Variants]:
        """How every robot carries out its program, with the faults of the run."""
        plant, faults = self._run.plant, self._run.scenario.faults
        return {
            robot.id: plan_variants(robot, robot_model(plant, robot.model), faults)
            for robot in plant.robots.values()
        }

    @cached_property
    def plans(self) -> dict[str, MotionPlan]:
        """Motion plan of every robot: its variants, one after the other."""
        return {robot: variants.plan for robot, variants in self.variants.items()}

    @cached_property
    def occurrences(self) -> dict[str, Occurrences]:
        """What every robot did."""
        rows = self._run.table("substeps", OCCURRENCE_COLUMNS)
        return {
            str(robot): occurrences(own, self.variants.get(str(robot)))
            for robot, own in rows.groupby("robot", observed=True)
        }

    @cached_property
    def vehicles(self) -> dict[str, Legs]:
        """Legs of every vehicle."""
        return vehicle_legs(self._run)

    @cached_property
    def cranes(self) -> dict[str, Legs]:
        """Legs of every crane."""
        return crane_legs(self._run)

    @cached_property
    def workers(self) -> dict[str, Legs]:
        """Legs of every worker."""
        return worker_legs(self._run)


def _known(name: str, known: Mapping[str, object], what: str) -> str:
    if name not in known:
        raise RunError(Problem("motion", f"there is no {what} '{name}'{nearest(name, [*known])}."))
    return name
