"""Positions of slots, lots in buffers and machines, and hand-over points."""

from __future__ import annotations

import numpy as np
import pytest

from twin.motion.place import (
    buffer_slots_m,
    hand_over_m,
    inside_machine_m,
    machine_positions_m,
    placed_m,
    rail_foot_m,
    slot_m,
    slots_m,
)
from twin.plant.load import load_plant
from twin.plant.station import Station

PLANT = load_plant("pilot").plant
STORES = sorted(PLANT.stores)
BUFFERS = sorted(PLANT.buffers)
MACHINES = sorted(s.id for s in PLANT.stations.values() if s.kind != "store")


def local_m(points: np.ndarray, centre: tuple[float, float, float], heading: float) -> np.ndarray:
    """Points of the hall in the frame of an object."""
    return placed_m((0.0, 0.0, 0.0), -heading, points - np.array(centre))


def assert_inside(points: np.ndarray, size: tuple[float, float, float]) -> None:
    half = np.array(size[:2]) / 2
    assert (np.abs(points[:, :2]) <= half + 1e-9).all()
    assert (points[:, 2] >= 0).all()
    assert (points[:, 2] <= size[2] + 1e-9).all()


def rack(**more: object) -> Station:
    return Station.model_validate(
        {
            "id": "rack", "kind": "store", "machines": 2, "position_m": [10, 5, 0],
            "pitch_m": [0, 6], "heading_deg": 90, "size_m": [4, 2, 6],
            "rack": {"columns": 4, "levels": 3, "deep": 2}, **more,
        }
    )  # fmt: skip


@pytest.mark.parametrize("name", STORES)
def test_slots_are_distinct_and_as_many_as_the_rack_has(name: str) -> None:
    store = PLANT.stores[name]
    slots = slots_m(store)
    assert store.rack is not None
    assert len(slots) == store.rack.slots * store.machines
    assert len(np.unique(slots.round(6), axis=0)) == len(slots)


@pytest.mark.parametrize("name", STORES)
def test_slots_lie_within_their_tower(name: str) -> None:
    store = PLANT.stores[name]
    assert store.rack is not None
    for tower, slots in enumerate(slots_m(store).reshape(store.machines, store.rack.slots, 3)):
        centre = store.machine_position_m(tower)
        assert_inside(local_m(slots, centre, store.heading_deg), store.size_m)


def test_slots_count_along_then_up_then_deep_then_towers() -> None:
    """Four columns of 1 m, three levels of 2 m, two deep of 1 m, turned by 90 degrees."""
    slots = slots_m(rack())
    np.testing.assert_allclose(slots[0], [10.5, 3.5, 1.0])
    np.testing.assert_allclose(slots[1] - slots[0], [0, 1, 0], atol=1e-12)
    np.testing.assert_allclose(slots[4] - slots[0], [0, 0, 2], atol=1e-12)
    np.testing.assert_allclose(slots[12] - slots[0], [-1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(slots[24] - slots[0], [0, 6, 0], atol=1e-12)


def test_one_slot_is_that_of_all() -> None:
    np.testing.assert_array_equal(slot_m(rack(), 17), slots_m(rack())[17])


def test_station_without_rack_has_no_slots() -> None:
    with pytest.raises(ValueError, match="station 'stack' has no rack"):
        slots_m(PLANT.stations["stack"])


@pytest.mark.parametrize("name", BUFFERS)
def test_lots_of_a_full_buffer_lie_apart_on_its_footprint(name: str) -> None:
    buffer = PLANT.buffers[name]
    slots = buffer_slots_m(buffer, PLANT.item_by_id[buffer.item])
    assert slots.shape == (buffer.capacity, 3)
    assert len(np.unique(slots.round(6), axis=0)) == buffer.capacity
    assert_inside(local_m(slots, buffer.position_m, buffer.heading_deg), buffer.size_m)


@pytest.mark.parametrize("name", MACHINES)
def test_lots_lie_apart_inside_their_machine(name: str) -> None:
    station = PLANT.stations[name]
    for k in range(station.machines):
        points = inside_machine_m(station, k, station.batch_lots)
        assert len(np.unique(points.round(6), axis=0)) == station.batch_lots
        assert_inside(
            local_m(points, station.machine_position_m(k), station.heading_deg), station.size_m
        )


def test_placed_points_turn_and_shift() -> None:
    np.testing.assert_allclose(placed_m((1, 2, 3), 90, [[1, 0, 0.5]]), [[1, 3, 3.5]], atol=1e-12)


def test_conveyor_is_put_to_at_its_start_and_taken_from_at_its_end() -> None:
    conveyor = PLANT.conveyors["conv_soak_in"]
    assert hand_over_m(conveyor, put=True) == (72.2, 43.4, conveyor.height_m)
    assert hand_over_m(conveyor, put=False) == (88.0, 49.85, conveyor.height_m)


def test_buffer_is_handed_over_at_half_its_height() -> None:
    buffer = PLANT.buffers["boxes"]
    assert hand_over_m(buffer, put=True) == (111.1, 9.4, 0.6)


def test_machines_stand_a_pitch_apart() -> None:
    found = machine_positions_m(PLANT)
    assert found["stack_3"] == pytest.approx((53.8, 27.3 + 2 * 5.6, 0.0))
    assert len(found) == sum(s.machines for s in PLANT.stations.values())


def test_rail_foot_is_the_nearest_point_of_the_rail() -> None:
    crane = PLANT.cranes[0]
    (x0, y0), (x1, y1) = crane.rail_m
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    away = (middle[0] + (y1 - y0) * 0.1, middle[1] - (x1 - x0) * 0.1)
    beyond = (x1 + (x1 - x0), y1 + (y1 - y0))
    assert rail_foot_m(crane, away) == pytest.approx(middle)
    assert rail_foot_m(crane, beyond) == pytest.approx((x1, y1))
