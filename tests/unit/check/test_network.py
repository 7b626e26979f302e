"""Routes over the lanes, and chargers."""

from collections.abc import Callable

import pytest

from twin.check.network import network_problems, route, stop_at
from twin.plant.load import LoadedPlant
from twin.plant.transport import RouteNetwork, Stop


@pytest.fixture
def ring() -> RouteNetwork:
    """Drive a rectangle of 10 m x 4 m counter-clockwise, with a node in the middle of a side."""
    return RouteNetwork(
        id="ring",
        nodes={"a": (0, 0), "m": (5, 0), "b": (10, 0), "c": (10, 4), "d": (0, 4)},
        lanes=[["a", "m", "b", "c", "d", "a"]],
        stops={
            "in": Stop(node="a", position_m=(0, -2), place="infeed"),
            "out": Stop(node="b", position_m=(10, -2), place="exit"),
            "also": Stop(node="c", position_m=(12, 4), place="exit"),
        },
    )


def test_route_adds_straights_and_turns(ring: RouteNetwork) -> None:
    way = route(ring, ring.stops["in"], ring.stops["out"])
    assert way.straights_m == pytest.approx((2, 10, 2)), "driven straight through the middle node"
    assert way.turned_deg == pytest.approx(180)


def test_route_follows_one_way_lanes(ring: RouteNetwork) -> None:
    way = route(ring, ring.stops["out"], ring.stops["in"])
    assert way.straights_m == pytest.approx((2 + 4, 10, 4 + 2))
    assert way.turned_deg == pytest.approx(180)


def test_route_takes_the_shorter_of_two_ways(ring: RouteNetwork) -> None:
    cut = ring.model_copy(update={"lanes": [*ring.lanes, ["m", "d"]]})
    long_way = route(ring, ring.stops["in"], Stop(node="d", position_m=(0, 6)))
    short_way = route(cut, cut.stops["in"], Stop(node="d", position_m=(0, 6)))
    assert sum(long_way.straights_m) == pytest.approx(2 + 10 + 4 + 10 + 2)
    assert sum(short_way.straights_m) == pytest.approx(2 + 5 + 41**0.5 + 2)


def test_route_without_lanes_raises(ring: RouteNetwork) -> None:
    broken = ring.model_copy(update={"lanes": [["a", "m"]]})
    with pytest.raises(ValueError, match="no lanes lead from node 'a' to node 'b'"):
        route(broken, broken.stops["in"], broken.stops["out"])


def test_stop_at_returns_the_first_stop_of_a_place(ring: RouteNetwork) -> None:
    assert stop_at(ring, "exit") is ring.stops["out"]


def test_fleet_with_batteries_needs_a_charger(
    edited: Callable[..., LoadedPlant], pilot: LoadedPlant
) -> None:
    assert network_problems(pilot) == []
    dark = edited(
        "pilot",
        (
            "park_1: {node: m1, position_m: [39.5, 34.8], charger: true}",
            "park_1: {node: m1, position_m: [39.5, 34.8]}",
        ),
        (
            "park_2: {node: m2, position_m: [33.5, 34.8], charger: true}",
            "park_2: {node: m2, position_m: [33.5, 34.8]}",
        ),
    )
    (problem,) = network_problems(dark)
    assert "fleet 'amr' has batteries, but network 'lanes' has no charger" in problem.what
