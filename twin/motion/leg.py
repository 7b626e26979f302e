"""The legs of one mover as arrays, and its exact position at any time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from twin.motion.place import machine_positions_m
from twin.motion.vehicle import leg_position_m
from twin.plant.base import Vec2, Vec3
from twin.plant.plant import Plant
from twin.run.run import Run

Floats = NDArray[np.float64]

WORKER_TURN_S = 0.3
"""A worker turns into the way to walk, and on arrival to the machine, in this time."""

SHORTEST_SWING_S = 0.02
"""A vehicle that drives through a slight bend turns in this time."""

LEG_COLUMNS = [
    "mover", "kind", "job", "target", "load", "lot", "start_s", "turn_s", "end_s",
    "from_x_m", "from_y_m", "from_z_m", "to_x_m", "to_y_m", "to_z_m",
    "v_in_mps", "v_out_mps", "v_max_mps",
]  # fmt: skip


@dataclass(frozen=True)
class Axis:
    """How the legs run along one direction: lengths, speeds (n,), and the acceleration."""

    length_m: Floats
    v_in_mps: Floats
    v_out_mps: Floats
    v_max_mps: Floats
    acceleration_mps2: float

    def share(self, leg: NDArray[np.int64], elapsed_s: Floats) -> Floats:
        """Return how far along, 0 to 1, the given legs are after `elapsed_s` of driving."""
        done = leg_position_m(
            elapsed_s,
            self.length_m[leg],
            self.v_in_mps[leg],
            self.v_out_mps[leg],
            v_max=self.v_max_mps[leg],
            a=self.acceleration_mps2,
        )
        return np.asarray(done / np.where(self.length_m[leg] > 0, self.length_m[leg], 1.0))

    def ramps_s(self) -> tuple[Floats, Floats, Floats]:
        """Return the times of speeding up, of cruising, and of slowing down of every leg."""
        a = self.acceleration_mps2
        square = a * self.length_m + (self.v_in_mps**2 + self.v_out_mps**2) / 2
        peak = np.minimum(np.sqrt(square), self.v_max_mps)
        up_s, down_s = (peak - self.v_in_mps) / a, (peak - self.v_out_mps) / a
        ramps_m = (2 * peak**2 - self.v_in_mps**2 - self.v_out_mps**2) / (2 * a)
        cruise_s = np.maximum(self.length_m - ramps_m, 0.0) / np.where(peak > 0, peak, 1.0)
        return up_s, cruise_s, down_s


@dataclass(frozen=True)
class Legs:
    """Every leg of one mover in order.

    Attributes
    ----------
    home_m : tuple
        Where it stands before its first leg.
    heading_deg : array (n,)
        Unwrapped heading of each leg.
    home_heading_deg : float
        Heading before its first leg.
    start_s, turn_s, end_s : array (n,)
        Start, time of turning on the spot before driving off, end.
    swing_s : array (n,)
        Time in which the heading changes from the leg before.
    from_m, to_m : array (n, 3)
    floor, lift : Axis or None
        Motion over the floor, and up and down; None for constant speed and no lift.
    rest_deg, settle_s : array (n,) or None
        Unwrapped heading taken up after each leg, and the time that takes; None: it stays.
    """

    home_m: Vec3
    home_heading_deg: float
    heading_deg: Floats
    start_s: Floats
    turn_s: Floats
    end_s: Floats
    swing_s: Floats
    from_m: Floats
    to_m: Floats
    floor: Axis | None
    lift: Axis | None
    rest_deg: Floats | None = None
    settle_s: Floats | None = None

    @property
    def acceleration_mps2(self) -> float:
        """The acceleration of all directions together; 1 where there is none."""
        axes = [axis for axis in (self.floor, self.lift) if axis is not None]
        return math.hypot(*(axis.acceleration_mps2 for axis in axes)) or 1.0

    @property
    def swung_s(self) -> Floats:
        """When the turns end: one time for each leg that does not go on straight."""
        turned = self.heading_deg != self._before_deg()
        ends = np.asarray((self.start_s + self.swing_s)[turned])
        if self.settle_s is None:
            return ends
        return np.concatenate([ends, (self.end_s + self.settle_s)[self.settle_s > 0]])

    def at(self, t_s: ArrayLike) -> tuple[Floats, Floats]:
        """Return positions (..., 3) and unwrapped headings (...) at times `t_s` (...)."""
        t = np.asarray(t_s, dtype=float)
        if not len(self.start_s):
            home = np.broadcast_to(np.array(self.home_m), (*t.shape, 3))
            return home.copy(), np.full(t.shape, self.home_heading_deg)
        index = np.searchsorted(self.start_s, t, side="right") - 1
        leg = np.maximum(index, 0)
        elapsed = np.where(index < 0, -1.0, t - self.start_s[leg])
        return self._position(leg, elapsed), self._heading(leg, elapsed)

    def ramps(self) -> Iterator[tuple[Floats, Floats]]:
        """Yield (begin, end) of all stretches of changing speed."""
        drive = self.start_s + self.turn_s
        for axis in (self.floor, self.lift):
            if axis is not None and len(drive):
                up_s, cruise_s, down_s = axis.ramps_s()
                yield drive, drive + up_s
                slow = drive + up_s + cruise_s
                yield slow, slow + down_s

    def _position(self, leg: NDArray[np.int64], elapsed_s: Floats) -> Floats:
        driving_s = elapsed_s - self.turn_s[leg]
        start, way = self.from_m[leg], (self.to_m - self.from_m)[leg]
        if self.floor is None:
            duration = np.maximum((self.end_s - self.start_s)[leg], 1e-9)
            floor = np.clip(driving_s / duration, 0.0, 1.0)
        else:
            floor = self.floor.share(leg, driving_s)
        lift = floor if self.lift is None else self.lift.share(leg, driving_s)
        share = np.stack([floor, floor, lift], axis=-1)
        return np.asarray(start + share * way)

    def _heading(self, leg: NDArray[np.int64], elapsed_s: Floats) -> Floats:
        before = self._before_deg()
        share = np.clip(elapsed_s / self.swing_s[leg], 0.0, 1.0)
        heading = before[leg] + share * (self.heading_deg - before)[leg]
        if self.rest_deg is None or self.settle_s is None:
            return np.asarray(heading)
        since = elapsed_s - (self.end_s - self.start_s)[leg]
        share = np.clip(since / np.maximum(self.settle_s, 1e-9)[leg], 0.0, 1.0)
        return np.asarray(heading + share * (self.rest_deg - self.heading_deg)[leg])

    def _before_deg(self) -> Floats:
        """Return the heading from which each leg turns."""
        rest = self.heading_deg if self.rest_deg is None else self.rest_deg
        return np.concatenate([[self.home_heading_deg], rest])[:-1]


def vehicle_legs(run: Run) -> dict[str, Legs]:
    """Return the legs of every vehicle."""
    rows = _rows(run, "agv")
    found = {}
    for fleet in run.plant.fleets:
        network = next(n for n in run.plant.networks if n.id == fleet.network)
        for vehicle, home in zip(fleet.vehicle_ids, fleet.homes, strict=True):
            legs = rows[rows["mover"] == vehicle]
            stop = network.stops[home]
            x, y = stop.position_m
            start, end = _ends(legs)
            floor = _axis(legs, end - start, fleet.acceleration_mps2)
            facing = _direction_deg(network.nodes[stop.node], stop.position_m)
            turn = legs["turn_s"].to_numpy(float)
            found[vehicle] = _legs(legs, (x, y, 0.0), facing, swing_s=turn, floor=floor, lift=None)
    return found


def crane_legs(run: Run) -> dict[str, Legs]:
    """Return the legs of every crane; z is the height of its forks."""
    rows = _rows(run, "crane")
    found = {}
    for crane in run.plant.cranes:
        legs = rows[rows["mover"] == crane.id]
        start, end = _ends(legs)
        way = end - start
        n = len(legs)
        floor = Axis(
            np.hypot(way[:, 0], way[:, 1]), np.zeros(n), np.zeros(n),
            np.full(n, crane.speed_mps), crane.acceleration_mps2,
        )  # fmt: skip
        lift = Axis(
            np.abs(way[:, 2]), np.zeros(n), np.zeros(n),
            np.full(n, crane.lift_mps), crane.lift_acceleration_mps2,
        )  # fmt: skip
        facing = _direction_deg(*crane.rail_m)
        home = (*crane.rail_m[0], 0.0)
        made = _legs(legs, home, facing, swing_s=np.zeros(n), floor=floor, lift=lift)
        found[crane.id] = _unturned(made, facing)
    return found


def worker_legs(run: Run) -> dict[str, Legs]:
    """Return the legs of every worker."""
    rows = _rows(run, "worker")
    found, spots = {}, _task_spots(run.plant)
    for pool in run.plant.pools:
        for k, worker in enumerate(pool.worker_ids):
            legs = rows[rows["mover"] == worker]
            legs = legs[legs["end_s"] > legs["start_s"]]
            swing = np.minimum(WORKER_TURN_S, (legs["end_s"] - legs["start_s"]).to_numpy(float) / 2)
            home = waiting_m(pool.home_m, k)
            made = _legs(legs, (*home, 0.0), 90.0, swing_s=swing, floor=None, lift=None)
            found[worker] = _facing(made, legs["target"].astype(str).tolist(), spots)
    return found


def _facing(legs: Legs, targets: list[str], spots: dict[str, Vec3]) -> Legs:
    """Return legs at whose ends one turns to what is there, the short way round."""
    if not targets:
        return legs
    ways = legs.to_m[:, :2] - legs.from_m[:, :2]
    now, headings, rests = legs.home_heading_deg, [], []
    for k, target in enumerate(targets):
        now = _turned_deg(now, float(ways[k, 0]), float(ways[k, 1]))
        headings.append(now)
        spot = spots.get(target)
        if spot is not None:
            x, y = spot[0] - legs.to_m[k, 0], spot[1] - legs.to_m[k, 1]
            now = _turned_deg(now, float(x), float(y))
        rests.append(now)
    free = np.append(legs.start_s[1:], np.inf) - legs.end_s
    settle = np.where(np.array(rests) != headings, np.clip(free, 0.0, WORKER_TURN_S), 0.0)
    turned = {"heading_deg": np.array(headings), "rest_deg": np.array(rests), "settle_s": settle}
    return Legs(**{**vars(legs), **turned})


def waiting_m(home_m: Vec2, k: int) -> Vec2:
    """Return where the worker with index `k` of a pool waits: side by side, 0.7 m apart."""
    return (home_m[0] + 0.7 * (k % 4), home_m[1] + 0.7 * (k // 4))


def mover_homes(plant: Plant) -> dict[str, Vec3]:
    """Return where every vehicle, crane and worker stands before its first leg."""
    homes: dict[str, Vec3] = {}
    for fleet in plant.fleets:
        network = next(n for n in plant.networks if n.id == fleet.network)
        for vehicle, stop in zip(fleet.vehicle_ids, fleet.homes, strict=True):
            homes[vehicle] = (*network.stops[stop].position_m, 0.0)
    for crane in plant.cranes:
        homes[crane.id] = (*crane.rail_m[0], 0.0)
    for pool in plant.pools:
        for k, worker in enumerate(pool.worker_ids):
            homes[worker] = (*waiting_m(pool.home_m, k), 0.0)
    return homes


def _rows(run: Run, kind: str) -> pd.DataFrame:
    rows = run.table("moves", LEG_COLUMNS)
    return rows[rows["kind"] == kind].sort_values(["mover", "start_s"], kind="stable")


def _ends(rows: pd.DataFrame) -> tuple[Floats, Floats]:
    start = rows[["from_x_m", "from_y_m", "from_z_m"]].to_numpy(float)
    return start, rows[["to_x_m", "to_y_m", "to_z_m"]].to_numpy(float)


def _axis(rows: pd.DataFrame, way_m: Floats, acceleration_mps2: float) -> Axis:
    return Axis(
        np.hypot(way_m[:, 0], way_m[:, 1]),
        rows["v_in_mps"].to_numpy(float),
        rows["v_out_mps"].to_numpy(float),
        rows["v_max_mps"].to_numpy(float),
        acceleration_mps2,
    )


def _direction_deg(origin: Vec2, target: Vec2) -> float:
    return math.degrees(math.atan2(target[1] - origin[1], target[0] - origin[0]))


def _legs(
    rows: pd.DataFrame, home_m: Vec3, facing_deg: float, *,
    swing_s: Floats, floor: Axis | None, lift: Axis | None,
) -> Legs:  # fmt: skip
    start, end = _ends(rows)
    return Legs(
        home_m=home_m,
        home_heading_deg=facing_deg,
        heading_deg=_unwrapped_deg(end - start, facing_deg),
        start_s=rows["start_s"].to_numpy(float),
        turn_s=rows["turn_s"].to_numpy(float),
        end_s=rows["end_s"].to_numpy(float),
        swing_s=np.maximum(swing_s, SHORTEST_SWING_S),
        from_m=start,
        to_m=end,
        floor=floor,
        lift=lift,
    )


def _unturned(legs: Legs, facing_deg: float) -> Legs:
    """Return the legs of something that never turns."""
    fixed = {**vars(legs), "heading_deg": np.full(len(legs.start_s), facing_deg)}
    return Legs(**fixed)


def _unwrapped_deg(way_m: Floats, facing_deg: float) -> Floats:
    """Return the direction of every leg, turned to the short way round from the one before."""
    heading, found = facing_deg, []
    for x, y, _ in way_m.tolist():
        heading = _turned_deg(heading, x, y)
        found.append(heading)
    return np.array(found, dtype=float)


def _turned_deg(heading_deg: float, x: float, y: float) -> float:
    """Return the heading turned to a direction, the short way round."""
    if math.hypot(x, y) <= 1e-6:
        return heading_deg
    turn = math.degrees(math.atan2(y, x)) - heading_deg
    return heading_deg + (turn + 180.0) % 360.0 - 180.0


def _task_spots(plant: Plant) -> dict[str, Vec3]:
    """Return where things stand that workers go to: machines and robots."""
    robots = {robot.id: robot.position_m for robot in plant.robots.values()}
    return {**machine_positions_m(plant), **robots}
