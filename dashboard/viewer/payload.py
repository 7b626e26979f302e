"""What the viewer draws: one scene for a run, and chunks of ten minutes of its motion."""

from __future__ import annotations

import hashlib
import json
import math
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np

from dashboard.viewer import layout
from dashboard.viewer.chunk import (
    Lots,
    RobotRows,
    StateRows,
    Window,
    lot_blocks,
    mover_blocks,
    pack,
    robot_blocks,
    sort_lots,
    state_blocks,
)
from twin import palette
from twin.motion.leg import mover_homes
from twin.motion.lot_track import lot_tracks
from twin.motion.track import (
    OCCURRENCE_COLUMNS,
    Track,
    crane_tracks,
    program_keys,
    vehicle_tracks,
    worker_tracks,
)
from twin.motion.variant import Variants, plan_variants
from twin.plant.load import robot_model
from twin.plant.place import Buffer, Conveyor
from twin.plant.robot import Robot, Step
from twin.plant.station import Station
from twin.run.run import Run

CHUNK_S = 600.0
PAYLOAD_VERSION = 1

_STATES = {name: code for code, name in enumerate(palette.STATE_COLOURS)}


def version(run: Run) -> str:
    """Return a name for the run as it is now: another one as soon as its data change."""
    head = run.manifest
    known = [PAYLOAD_VERSION, head.celltwin, head.digest, head.end_s, sorted(head.rows.items())]
    known += [head.scenario_hash, run.name]
    return hashlib.blake2s(json.dumps(known).encode(), digest_size=8).hexdigest()


class Payload:
    """The scene and chunks of one run; what was computed once is kept.

    Parameters
    ----------
    run : Run
        The run; motion comes from `twin.motion`, which the USD stage is written from as well.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._plant = run.plant
        self._robots = list(run.plant.robots.values())
        self._movers = layout.movers_json(run.plant)
        self._machines = layout.machines_json(run.plant)
        self._lock = Lock()

    @property
    def n_chunks(self) -> int:
        """Number of chunks, at least one."""
        return max(1, math.ceil(self._run.horizon_s / CHUNK_S))

    def scene(self) -> dict[str, Any]:
        """Return everything that stands still, and what the numbers in the chunks mean."""
        run, plant = self._run, self._plant
        models = {robot.model for robot in self._robots}
        homes = mover_homes(plant)
        return {
            "version": version(run),
            "run": run.name,
            "horizon_s": run.horizon_s,
            "chunk_s": CHUNK_S,
            "n_chunks": self.n_chunks,
            "palette": layout.palette_json(),
            "states": layout.states_json(),
            "reasons": self._reasons,
            "causes": self._causes,
            "resources": self._resources,
            **layout.building_json(plant),
            "items": layout.items_json(plant),
            "machines": self._machines,
            "places": self._places,
            "robots": [self._robot(robot) for robot in self._robots],
            "robot_models": {m: layout.model_json(robot_model(plant, m)) for m in sorted(models)},
            "movers": [{**mover, "position": homes[mover["id"]]} for mover in self._movers],
            "workcells": layout.workcells_json(plant),
            "tour": layout.tour_json(plant),
        }

    def scene_bytes(self) -> bytes:
        """Return the scene as JSON."""
        return json.dumps(self.scene(), separators=(",", ":")).encode()

    def chunk(self, index: int) -> bytes:
        """Return one chunk.

        Raises
        ------
        IndexError
            There is no chunk of this index.
        """
        if not 0 <= index < self.n_chunks:
            raise IndexError(index)
        self.prepare()
        start_s = index * CHUNK_S
        window = Window(start_s, min(start_s + CHUNK_S, max(self._run.horizon_s, 0.0)))
        return pack(
            window.start_s,
            window.end_s,
            {
                **robot_blocks(self._robot_rows, window),
                **mover_blocks(self._tracks, window),
                **state_blocks(self._state_rows, window),
                **lot_blocks(self._lots, window),
            },
        )

    def prepare(self) -> None:
        """Read the run for all chunks; the first chunk does it where nobody asked before."""
        with self._lock:
            _ = self._robot_rows, self._tracks, self._state_rows, self._lots

    def _robot(self, robot: Robot) -> dict[str, Any]:
        variants = self._variants(robot)
        plan, own_steps = variants.plan, robot.program.steps * variants.n
        held = holding(robot.program.steps) * variants.n
        steps = [
            {
                "name": step.name,
                "nominal_s": float(nominal),
                "times": np.round(keys.tau_s, 6).tolist(),
                "angles": np.round(keys.angles_deg, 4).tolist(),
                "holding": holds,
            }
            for step, nominal, keys, holds in zip(
                own_steps, plan.nominal_s, program_keys(plan), held, strict=True
            )
        ]
        return {**layout.robot_json(robot, layout.part_of(self._plant, robot)), "steps": steps}

    def _variants(self, robot: Robot) -> Variants:
        model = robot_model(self._plant, robot.model)
        return plan_variants(robot, model, self._run.scenario.faults)

    @cached_property
    def _places(self) -> list[dict[str, Any]]:
        plant, cells = self._plant, self._plant.workcell_of
        places: list[Buffer | Conveyor | Station] = [*plant.buffers.values()]
        places += [*plant.conveyors.values(), *plant.stores.values()]
        return [layout.place_json(place, plant, cells.get(place.id, "")) for place in places]

    @cached_property
    def _resources(self) -> list[str]:
        fixed = [m["id"] for m in (*self._machines, *self._movers)]
        return [*fixed, *(robot.id for robot in self._robots)]

    @cached_property
    def _causes(self) -> list[str]:
        found = self._run.sql("SELECT DISTINCT cause::TEXT AS c FROM substeps ORDER BY c")
        return [str(c) for c in found["c"]]

    @cached_property
    def _reasons(self) -> list[str]:
        found = self._run.sql("SELECT DISTINCT reason::TEXT AS r FROM states ORDER BY r")
        return [str(r) for r in found["r"]]

    @cached_property
    def _robot_rows(self) -> list[RobotRows]:
        rows = self._run.table("substeps", [*OCCURRENCE_COLUMNS, "cause"])
        return [
            RobotRows.read(rows[rows["robot"] == r.id], self._causes, self._variants(r))
            for r in self._robots
        ]

    @cached_property
    def _tracks(self) -> list[Track]:
        run = self._run
        found = {**vehicle_tracks(run), **crane_tracks(run), **worker_tracks(run)}
        return [found[mover["id"]] for mover in self._movers]

    @cached_property
    def _state_rows(self) -> list[StateRows]:
        rows = self._run.table("states", ["resource", "state", "reason", "start_s"])
        rows["code"] = rows["state"].astype(str).map(_STATES).fillna(-1)
        rows["why"] = rows["reason"].astype(str).map({r: k for k, r in enumerate(self._reasons)})
        own = dict(list(rows.groupby(rows["resource"].astype(str))))
        return [_state_rows(own.get(resource, rows.iloc[:0])) for resource in self._resources]

    @cached_property
    def _lots(self) -> Lots:
        plant = self._plant
        stocks: list[Buffer | Conveyor] = [*plant.buffers.values(), *plant.conveyors.values()]
        return sort_lots(
            lot_tracks(self._run).spells,
            items={item.id: k for k, item in enumerate(plant.items)},
            places={place["id"]: k for k, place in enumerate(self._places)},
            movers={mover["id"]: k for k, mover in enumerate(self._movers)},
            item_of_place={stock.id: stock.item for stock in stocks},
        )


def _state_rows(rows: Any) -> StateRows:
    rows = rows.sort_values("start_s", kind="stable")
    return StateRows(
        rows["start_s"].to_numpy(float),
        rows["code"].to_numpy(np.int64),
        rows["why"].to_numpy(np.int64),
    )


def holding(steps: list[Step]) -> list[bool]:
    """Return for each step whether the robot carries a part in it.

    The part is in the gripper from the end of a grip to the end of the release.
    """
    held, found = False, []
    for step in steps:
        found.append(held)
        held = step.action == "grip" or (held and step.action != "release")
    return found
