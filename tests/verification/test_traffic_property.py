"""Random networks with blocks and zones, many vehicles, breakdowns and tiny batteries.

What must hold in every one of them: all transports are carried out, no two vehicles are on one
node, the invariants of the engine hold at every step, and in the end nobody waits.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.traffic import fleet_plant, running, stays

LOTS = 6


class Maker:
    """Builds a strongly connected network: a ring, one-way chords, corridors and dead ends."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.nodes: dict[str, list[float]] = {}
        self.lanes: list[list[str]] = []
        self.blocks: dict[str, Any] = {}
        self.stops: dict[str, Any] = {}
        self.ring: list[str] = []

    def network(self) -> dict[str, Any]:
        """Return the network, without stops at places."""
        rng = self.rng
        for _ in range(int(rng.integers(4, 12))):
            self.ring.append(self.node())
        self.lanes.append([*self.ring, self.ring[0]])
        edges = set(zip(self.ring, [*self.ring[1:], self.ring[0]], strict=True))
        for _ in range(int(rng.integers(0, 5))):
            a, b = (str(x) for x in rng.choice(self.ring, 2, replace=False))
            if (b, a) not in edges:
                edges.add((a, b))
                self.lanes.append([a, b])
        for _ in range(int(rng.integers(0, 4))):
            self.block(two_ends=bool(rng.random() < 0.6))
        zones = {}
        if rng.random() < 0.5:
            n = int(rng.integers(2, len(self.ring)))
            zones["zone"] = {"nodes": self.ring[:n], "max_vehicles": int(rng.integers(1, n + 1))}
        return {
            "nodes": self.nodes, "lanes": self.lanes, "stops": self.stops,
            "blocks": self.blocks, "zones": zones,
        }  # fmt: skip

    def node(self) -> str:
        """Add a node at a place of its own."""
        name = f"n{len(self.nodes)}"
        x, y = self.rng.uniform(0, 60, 2).round(3).tolist()
        self.nodes[name] = [x, y]
        return name

    def block(self, *, two_ends: bool) -> None:
        """Add a corridor between two nodes of the ring, or a dead end."""
        chain = [self.node() for _ in range(int(self.rng.integers(1, 4)))]
        a, b = (str(x) for x in self.rng.choice(self.ring, 2, replace=False))
        way = [a, *chain, b] if two_ends else [a, *chain]
        self.lanes += [way, way[::-1]]
        allow = str(self.rng.choice(["one_vehicle", "one_direction"]))
        self.blocks[f"block{len(self.blocks)}"] = {"nodes": chain, "allow": allow}

    def stop(self, name: str, **more: Any) -> str:
        """Add a stop beside any node."""
        node = str(self.rng.choice([*self.nodes]))
        x, y = self.nodes[node]
        away = 1.0 + 0.5 * len(self.stops)
        self.stops[name] = {"node": node, "position_m": [x + away, y + 1.0], **more}
        return name


def case(seed: int, choices: dict[str, Any]) -> tuple[Any, dict[str, int]]:
    """Return a random plant of vehicles."""
    maker = Maker(np.random.default_rng(seed))
    network = maker.network()
    lots = {f"b{k}": LOTS for k in range(choices["places"])}
    for name in lots:
        for k in range(choices["stops"]):
            maker.stop(f"at_{name}_{k}", place=name)
    for k in range(choices["stops"]):
        maker.stop(f"at_out_{k}", place="out")
    if choices["charger"]:
        maker.stop("charger", charger=True)
    maker.stop("parking")
    vehicles = choices["vehicles"]
    homes = [maker.stop(f"home_{k}", charger=bool(k % 3 == 0 and not choices["charger"]))
             for k in range(vehicles)]  # fmt: skip
    half = vehicles // 2 if choices["fleets"] == 2 else vehicles
    battery = None
    if choices["battery"]:
        battery = {"runtime_h": 0.1, "charge_h": 0.1, "idle_h": choices["idle_h"],
                   "charge_when": choices["battery"], "charge_after_trips": 2,
                   "charge_after": 300.0}  # fmt: skip
    breakdown = None
    if choices["breakdown"]:
        breakdown = {"mtbf_h": 0.2, "mttr_h": 0.02, "clock": choices["breakdown"],
                     "crew": choices["crew"]}  # fmt: skip
    plant = fleet_plant(
        network, homes[:half], lots,
        [{"from": name, "to": "out", "lots": choices["lots"]} for name in lots],
        others=[homes[half:]] if half < vehicles else [],
        pools=[{"id": "crew", "kind": "repair", "home_m": [0, 0], "staff": {"day": 1},
                "walk_mps": 1.2}],
        park=choices["park"], choose_trip=choices["choose_trip"],
        choose_vehicle=choices["choose_vehicle"], battery=battery, breakdown=breakdown,
    )  # fmt: skip
    return plant, lots


CHOICES = st.fixed_dictionaries(
    {
        "places": st.integers(1, 4),
        "stops": st.integers(1, 2),
        "vehicles": st.integers(2, 14),
        "fleets": st.integers(1, 2),
        "lots": st.sampled_from([1, 2, 3]),
        "charger": st.booleans(),
        "battery": st.sampled_from([None, "below", "opportunity", "after_trips", "after_time"]),
        "idle_h": st.sampled_from([None, 0.3]),
        "breakdown": st.sampled_from([None, "operating", "calendar"]),
        "crew": st.sampled_from([None, "crew"]),
        "park": st.sampled_from(["home", "nearest", "stay"]),
        "choose_trip": st.sampled_from(["oldest", "nearest", "priority", "due"]),
        "choose_vehicle": st.sampled_from(["nearest", "longest_idle", "least_used", "round_robin"]),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**31), choices=CHOICES)
def test_every_transport_completes_and_nobody_waits_for_ever(
    seed: int, choices: dict[str, Any]
) -> None:
    plant, lots = case(seed, choices)
    with running(plant) as run:
        run.run_until_shipped(sum(lots.values()), limit_s=200_000.0)
        moves = run.moves()
        network = plant.networks[0]
        for spans in stays(moves, set(network.nodes)).values():
            spans.sort()
            for (_, left_s), (came_s, _) in pairwise(spans):
                assert came_s >= left_s - 1e-6
        run.run(run.world.env.now + 20_000.0, step_s=500.0)
        drivers = [c.driver for fleet in run.factory.fleets.values() for c in fleet.vehicles]
        if not choices["breakdown"] and not choices["idle_h"]:
            assert all(d.stands_at is not None for d in drivers)
