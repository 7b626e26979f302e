"""A large fleet: vehicles on a grid of one-way aisles, with node reservation and all tables.

`measure()` returns how many transports, and how many legs of driving, one CPU second simulates,
tables written.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from sim import simulate
from tests.support.plants import buffer, exponential, scenario, sink, source, tiny_plant
from twin.plant.plant import Plant

PITCH_M = 6.0


def grid(n_x: int, n_y: int) -> dict[str, Any]:
    """Return nodes and lanes of a grid whose aisles are one-way, in turn to and fro."""
    name = "n{}_{}".format
    nodes = {name(x, y): [x * PITCH_M, y * PITCH_M] for x in range(n_x) for y in range(n_y)}
    rows = [[name(x, y) for x in range(n_x)][:: 1 if y % 2 == 0 else -1] for y in range(n_y)]
    columns = [[name(x, y) for y in range(n_y)][:: -1 if x % 2 == 0 else 1] for x in range(n_x)]
    return {"nodes": nodes, "lanes": [*rows, *columns]}


def plant(n_vehicles: int, n_x: int, n_y: int, *, interval_s: float, n_places: int = 40) -> Plant:
    """Return a plant of sources, sinks and vehicles: one transport each `interval_s`."""
    network = grid(n_x, n_y)
    names = [*network["nodes"]]
    stops: dict[str, Any] = {}

    def stop(label: str, k: int, **more: Any) -> str:
        node = names[k * 7919 % len(names)]
        x, y = network["nodes"][node]
        stops[label] = {"node": node, "position_m": [x + 2.0, y + 2.0], **more}
        return label

    places = range(n_places)
    for k in places:
        stop(f"from_{k}", 2 * k, place=f"pick_{k}")
        stop(f"to_{k}", 2 * k + 1, place=f"drop_{k}")
    homes = [stop(f"home_{k}", 2 * n_places + k) for k in range(n_vehicles)]
    return tiny_plant(
        [],
        buffers=[buffer(f"pick_{k}", capacity=20) for k in places],
        sources=[
            source(f"src_{k}", f"pick_{k}", interval=exponential(interval_s * n_places))
            for k in places
        ],
        sinks=[sink(f"drop_{k}") for k in places],
        networks=[{"id": "roads", **network, "stops": stops}],
        fleets=[{"id": "agv", "network": "roads", "homes": homes, "size_m": [1.2, 0.8, 0.4],
                 "speed_loaded_mps": 1.2, "speed_empty_mps": 1.5, "acceleration_mps2": 0.5,
                 "load_s": 20.0, "unload_s": 20.0}],
        transports=[
            {"id": f"t_{k}", "from": f"pick_{k}", "to": f"drop_{(k * 7 + 3) % n_places}",
             "fleet": "agv"}
            for k in places
        ],
    )  # fmt: skip


def run(
    *,
    n_vehicles: int = 100,
    n_x: int = 20,
    n_y: int = 26,
    interval_s: float = 5.0,
    horizon_s: float = 4 * 3600.0,
) -> dict[str, float]:
    """Simulate once; return transports, legs and CPU seconds."""
    made = scenario(plant(n_vehicles, n_x, n_y, interval_s=interval_s), horizon_s)
    with tempfile.TemporaryDirectory() as folder:
        begin = time.process_time()
        done = simulate(made, Path(folder) / "run")
        cpu_s = time.process_time() - begin
        return {
            "transports": done.manifest.totals["shipped"],
            "segments": float(done.manifest.rows["moves"]),
            "cpu_s": cpu_s,
        }


def measure(repeats: int = 3) -> dict[str, float]:
    """Return the best rates of some repeats: of four simulated hours, without start and finish."""
    rates = []
    for _ in range(repeats):
        short, long = run(horizon_s=3600.0), run(horizon_s=5 * 3600.0)
        more = {key: long[key] - short[key] for key in long}
        rates.append((more["transports"] / more["cpu_s"], more["segments"] / more["cpu_s"]))
    best = max(rates)
    return {"transports_per_cpu_s": best[0], "segments_per_cpu_s": best[1]}
