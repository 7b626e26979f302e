"""Trips of fleets and moves of cranes, against cases worked by hand."""

import math

import numpy as np
import pytest

from twin.check.capacity import station_capacities
from twin.check.mover import crane_capacities, drive_time_s, fleet_capacities
from twin.check.network import Route
from twin.check.rail import SLOT_SAMPLES, slot_points
from twin.plant.load import LoadedPlant
from twin.plant.transport import AgvFleet, Battery

FLEET = AgvFleet(
    id="f",
    network="n",
    homes=["h"],
    size_m=(1, 1, 1),
    speed_loaded_mps=1,
    speed_empty_mps=2,
    acceleration_mps2=0.5,
    turn_dps=45,
    load_s=10,
    unload_s=20,
)


def test_drive_stands_still_at_every_turn() -> None:
    assert drive_time_s(FLEET, Route((10.0,), 0.0), 1.0) == pytest.approx(10 / 1 + 1 / 0.5)
    turning = drive_time_s(FLEET, Route((5.0, 5.0), 90.0), 1.0)
    assert turning == pytest.approx(2 * (5 / 1 + 1 / 0.5) + 2)
    assert drive_time_s(FLEET, Route((0.5,), 0.0), 1.0) == pytest.approx(2 * math.sqrt(0.5 / 0.5))


def test_fleet_capacity_scales_with_vehicles_and_charging(pilot: LoadedPlant) -> None:
    plant = pilot.plant
    _, needs = station_capacities(plant)
    (row,) = fleet_capacities(plant, needs)
    (fleet,) = plant.fleets

    def per_h(**changes: object) -> float:
        changed = plant.model_copy(update={"fleets": [fleet.model_copy(update=changes)]})
        return fleet_capacities(changed, needs)[0].per_h

    assert per_h(homes=["park_1"]) == pytest.approx(row.per_h / 2)
    assert per_h(battery=None) == pytest.approx(row.per_h * (8.4 + 2.7) / 8.4)
    half = Battery(runtime_h=3, charge_h=3)
    assert per_h(battery=half) == pytest.approx(per_h(battery=None) / 2)
    trip_s = 2 * 3600 / per_h(battery=None)
    assert 2 * 3600 / per_h(battery=None, load_s=fleet.load_s + 7) == pytest.approx(trip_s + 7)


def test_fleet_carries_what_the_plan_needs(pilot: LoadedPlant) -> None:
    _, needs = station_capacities(pilot.plant)
    (row,) = fleet_capacities(pilot.plant, needs)
    jobs = {t.id: needs.carried(t.id) / t.lots for t in pilot.plant.transports}
    assert row.per_product == pytest.approx(sum(jobs.values()))
    assert jobs["boxes_to_dispatch"] == pytest.approx(1 / 48)
    assert jobs["cathode_to_dryer"] == pytest.approx(jobs["cathode_to_notcher"])


def test_crane_moves_every_lot_in_and_out(pilot: LoadedPlant) -> None:
    _, needs = station_capacities(pilot.plant)
    (row,) = crane_capacities(pilot.plant, needs)
    plant = pilot.plant
    into = [needs.processed(store) / 24 for store in plant.stores.values()]
    formation, rt_aging = plant.stores["formation"], plant.stores["rt_aging"]
    out = (needs.processed(formation) * formation.yield_ + needs.processed(rt_aging)) / 24
    assert row.per_product == pytest.approx(sum(into) + out)
    assert row.unit == "move"


def test_slower_forks_cost_two_handlings_a_move(pilot: LoadedPlant) -> None:
    plant = pilot.plant
    _, needs = station_capacities(plant)
    (crane,) = plant.cranes
    slow = plant.model_copy(update={"cranes": [crane.model_copy(update={"fork_s": 16.0})]})
    before, after = (crane_capacities(p, needs)[0].per_h for p in (plant, slow))
    assert 3600 / after - 3600 / before == pytest.approx(20)


def test_slot_points_lie_in_their_towers(pilot: LoadedPlant) -> None:
    (crane,) = pilot.plant.cranes
    store = pilot.plant.stores["rt_aging"]
    points = slot_points(crane, store)
    assert len(points) == SLOT_SAMPLES
    middles = np.array([store.machine_position_m(k)[1] for k in range(3)]) - crane.rail_m[0][1]
    off = np.abs(points[:, :1] - middles).min(axis=1)
    assert off.max() < store.size_m[0] / 2
    assert points[:, 1].max() < store.size_m[2]
