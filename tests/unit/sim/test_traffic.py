"""Who may be on which node: rings, head-on traffic, shared stops, and what is asserted."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from sim.errors import Gridlock, InvariantBroken
from sim.invariants import check_levels
from sim.transport.guarded import GuardedTraffic
from tests.support.traffic import fleet_plant, running, stays
from twin.errors import PlantError

Network = dict[str, Any]


def ring(n: int, *, side_m: float = 10.0, lengths: list[float] | None = None) -> Network:
    """Return a ring of `n` nodes along a line and back, with a loading stop and a sink stop."""
    nodes = {f"n{k}": [side_m * k, 0.0] for k in range(n - 1)}
    nodes[f"n{n - 1}"] = [side_m * (n - 2) / 2, 10.0]
    names = [*nodes]
    stops: dict[str, Any] = {
        "at_a": {"node": "n0", "position_m": [-2, 0], "place": "a"},
        "at_out": {"node": names[n // 2], "position_m": [side_m * (n // 2), -3], "place": "out"},
    }
    return {"nodes": nodes, "lanes": [[*names, names[0]]], "stops": stops}


def with_homes(network: Network, n: int, node: str = "n1") -> list[str]:
    """Add `n` homes at a node."""
    x, y = network["nodes"][node]
    homes = [f"home_{k}" for k in range(n)]
    for k, home in enumerate(homes):
        network["stops"][home] = {"node": node, "position_m": [x + 0.5 * k, y + 3.0]}
    return homes


def head_on() -> Network:
    """Return two nodes with a lane each way and no block: an illegal network."""
    return {
        "nodes": {"w": [0, 0], "e": [20, 0]},
        "lanes": [["w", "e", "w"]],
        "stops": {
            "at_a": {"node": "w", "position_m": [0, 3], "place": "a"},
            "at_b": {"node": "e", "position_m": [20, 3], "place": "b"},
            "out_e": {"node": "e", "position_m": [22, 3], "place": "out"},
            "home_w": {"node": "w", "position_m": [0, -3]},
            "home_e": {"node": "e", "position_m": [20, -3]},
        },
    }


def both_ways(network: Network) -> Any:
    return fleet_plant(
        network, ["home_w", "home_e"], {"a": 30}, [{"from": "a", "to": "out"}], load_s=0.0,
        unload_s=0.0, speed_empty_mps=1.0,
    )  # fmt: skip


def test_head_on_traffic_is_named_and_not_a_silent_hang() -> None:
    with running(both_ways(head_on())) as run, pytest.raises(Gridlock) as caught:
        run.run(5_000.0)
    message = str(caught.value)
    assert "vehicles wait for each other: agv0_" in message
    assert "at 'w' waits for 'e'" in message
    assert "at 'e' waits for 'w'" in message
    assert caught.value.exit_code == 2


def test_a_block_makes_the_same_two_lanes_work() -> None:
    with running(both_ways({**head_on(), "blocks": {"east": {"nodes": ["e"]}}})) as run:
        run.run_until_shipped(30, limit_s=5_000.0)


def full_ring() -> Any:
    """Return a ring of uneven sides on which more vehicles drive than it has nodes."""
    network = ring(5, side_m=9.0)
    network["nodes"]["n2"] = [11.0, 0.0]
    for k in range(6):
        network["stops"][f"a{k}"] = {"node": "n0", "position_m": [-2, 2.0 + k], "place": "a"}
        network["stops"][f"o{k}"] = {"node": "n4", "position_m": [13, 12.0 + k], "place": "out"}
    return fleet_plant(
        network, with_homes(network, 12, "n3"), {"a": 60}, [{"from": "a", "to": "out"}],
        load_s=0.0, unload_s=0.0, turn_dps=20.0,
    )  # fmt: skip


def test_a_full_ring_turns_and_nobody_enters_an_occupied_node() -> None:
    """In a ring that turns, the next one arrives when the one before has arrived ahead."""
    with running(full_ring()) as run:
        run.run_until_shipped(60, limit_s=100_000.0, step_s=1.0)
        assert run.factory.traffic["roads"].n_rings > 0
        spans = stays(run.moves(), {f"n{k}" for k in range(5)})
    for own in spans.values():
        own.sort()
        assert all(came >= left - 1e-9 for (_, left), (came, _) in pairwise(own))


def test_two_fleets_never_share_a_stop() -> None:
    network = ring(6)
    homes = with_homes(network, 6, "n2")
    network["stops"]["at_b"] = {"node": "n3", "position_m": [33, 3], "place": "b"}
    plant = fleet_plant(
        network, homes[:3], {"a": 20, "b": 20},
        [{"from": "a", "to": "out"}, {"from": "b", "to": "out"}], others=[homes[3:]],
    )  # fmt: skip
    with running(plant) as run:
        run.run_until_shipped(40, limit_s=50_000.0, step_s=1.0)


def test_a_vehicle_on_a_node_without_a_claim_is_found() -> None:
    with running(full_ring()) as run:
        standing = None
        while standing is None:
            assert run.world.env.now < 1000.0
            run.run(run.world.env.now + 1.0, step_s=1.0)
            vehicles = run.factory.fleets["agv0"].vehicles
            standing = next((c.driver.stands_on for c in vehicles if c.driver.stands_on), None)
        standing.holder = None
        with pytest.raises(InvariantBroken, match=r"one_vehicle_per_node|waiting_is_barred"):
            check_levels(run.factory)


def test_a_zone_that_holds_too_many_is_found() -> None:
    network = ring(6)
    network["zones"] = {"z": {"nodes": ["n0", "n1"], "max_vehicles": 1}}
    plant = fleet_plant(network, with_homes(network, 2), {"a": 4}, [{"from": "a", "to": "out"}])
    with running(plant) as run:
        traffic = run.factory.traffic["roads"]
        assert isinstance(traffic, GuardedTraffic)
        for carrier in run.factory.fleets["agv0"].vehicles:
            traffic.groups[0].members[carrier.driver] = 1
        with pytest.raises(InvariantBroken, match="'z' holds agv0_1, agv0_2"):
            check_levels(run.factory)


def test_a_place_whose_only_stop_is_a_home_is_refused() -> None:
    network = ring(5)
    network["stops"]["home"] = {"node": "n1", "position_m": [10, 3], "place": "b"}
    plant = fleet_plant(network, ["home"], {"b": 2}, [{"from": "b", "to": "out"}])
    with pytest.raises(PlantError, match="no stop serves place 'b'"), running(plant):
        pass
