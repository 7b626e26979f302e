"""Small fleets on small networks for tests, run in memory and checked at short intervals."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from sim.build import Factory, build
from sim.core.timer import advance
from sim.core.world import World
from sim.initial import fill
from sim.invariants import Watch
from sim.record.recorder import Recorder
from tests.support.plants import buffer, scenario, tiny_plant
from twin.plant.plant import Plant
from twin.run.tables import TABLES
from twin.run.writer import RunWriter


def fleet_plant(
    network: dict[str, Any],
    homes: list[str],
    lots: dict[str, int],
    transports: list[dict[str, Any]],
    *,
    others: list[list[str]] = [],  # noqa: B006
    pools: list[dict[str, Any]] = [],  # noqa: B006
    **fleet: Any,
) -> Plant:
    """A plant of vehicles only: `lots` by buffer at the beginning, transports to the sink ``out``.

    `others` are the homes of further fleets on the same network, which take the transports in
    turn.
    """
    law = {
        "network": "roads", "size_m": [1, 1, 1], "speed_loaded_mps": 1.0, "speed_empty_mps": 1.5,
        "acceleration_mps2": 0.5, "load_s": 5.0, "unload_s": 5.0, **fleet,
    }  # fmt: skip
    fleets = [{"id": f"agv{k}", "homes": own, **law} for k, own in enumerate([homes, *others])]
    given = [
        {"id": f"t{k}", "fleet": fleets[k % len(fleets)]["id"], **transport}
        for k, transport in enumerate(transports)
    ]
    return tiny_plant(
        [],
        buffers=[buffer(name, capacity=max(n, 1), initial=n) for name, n in lots.items()],
        networks=[{"id": "roads", **network}],
        fleets=fleets,
        transports=given,
        pools=pools,
        shifts=[{"id": "day", "start": "00:00", "hours": 24}],
    )


@dataclass
class Case:
    """A running plant of vehicles."""

    factory: Factory
    world: World

    def run(self, until_s: float, *, step_s: float = 10.0) -> None:
        """Run to a time and check every invariant at each step."""
        while self.world.env.now < until_s:
            advance(self.world.env, min(self.world.env.now + step_s, until_s))
            Watch(self.factory).check(0.0, final=True)

    def run_until_shipped(self, n: int, *, limit_s: float, step_s: float = 10.0) -> None:
        """Run until `n` units have been shipped; fail after `limit_s`."""
        while self.world.ledger.shipped.total() < n:
            now = self.world.env.now
            assert now < limit_s, f"{self.world.ledger.shipped.total()} of {n} after {now} s"
            advance(self.world.env, now + step_s)
            Watch(self.factory).check(0.0, final=True)

    def moves(self) -> dict[str, np.ndarray]:
        """Return the columns of the table ``moves`` so far, and forget them."""
        rows = self.world.recorder.legs.take()
        names = np.array([*self.world.recorder.names], dtype=object)
        return {
            column.name: names[rows[:, k].astype(int)] if column.type == "text" else rows[:, k]
            for k, column in enumerate(TABLES["moves"].columns)
        }


@contextmanager
def running(plant: Plant, *, seed: int = 1, faults: list[Any] = []) -> Iterator[Case]:  # noqa: B006
    """Start a plant in memory."""
    with tempfile.TemporaryDirectory() as folder:
        made = scenario(plant, 1e9, seed=seed, faults=faults)
        world = World(plant, seed, Recorder(RunWriter(Path(folder) / "run", made)))
        factory = build(made, world)
        fill(factory, made)
        factory.start()
        yield Case(factory, world)


def stays(moves: dict[str, np.ndarray], nodes: set[str]) -> dict[str, list[tuple[float, float]]]:
    """Return from arriving at a node to arriving at the next point, by node."""
    found: dict[str, list[tuple[float, float]]] = {}
    for mover in dict.fromkeys(moves["mover"]):
        own = np.flatnonzero(moves["mover"] == mover)
        own = own[np.argsort(moves["start_s"][own], kind="stable")]
        for leg, following in pairwise(own):
            if moves["target"][leg] in nodes:
                node = str(moves["target"][leg])
                found.setdefault(node, []).append((moves["end_s"][leg], moves["end_s"][following]))
    return found
