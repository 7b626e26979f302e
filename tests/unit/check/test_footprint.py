"""The floor each thing takes."""

import pytest

from twin.check.footprint import BASE_RADII, Footprint, docked, footprints, robot_base, shrunk
from twin.check.rectangle import Rectangle
from twin.plant.load import LoadedPlant, robot_model
from twin.plant.transport import AgvFleet, RouteNetwork, Stop


def named(pilot: LoadedPlant, name: str) -> list[Footprint]:
    return [one for one in footprints(pilot.plant) if one.id == name]


def test_machine_stands_at_its_pitch_and_heading(pilot: LoadedPlant) -> None:
    (third,) = named(pilot, "formation_3")
    station = pilot.plant.stations["formation"]
    assert third.rectangle.centre_m == pytest.approx((86.85, 22.8 + 2 * 4.1))
    x_min, y_min, x_max, y_max = third.rectangle.bounds
    assert (x_max - x_min, y_max - y_min) == pytest.approx((station.size_m[1], station.size_m[0]))
    assert third.top_m == station.size_m[2]
    assert third.address == "stations.formation"


def test_robot_base_grows_with_the_arm(pilot: LoadedPlant) -> None:
    plant = pilot.plant
    small, big = (robot_base(plant, plant.robots[name]) for name in ("robot_tray", "robot_pack"))
    radius_m = robot_model(plant, "kuka_kr10_r1420").link_radius_m
    assert small.size_m == pytest.approx((BASE_RADII * radius_m,) * 2)
    assert big.size_m[0] > small.size_m[0]


def test_conveyor_has_a_footprint_for_each_segment(pilot: LoadedPlant) -> None:
    conveyor = pilot.plant.conveyors["conv_bake_in"]
    parts = named(pilot, "conv_bake_in")
    assert len(parts) == len(conveyor.path_m) - 1
    assert {part.rectangle.size_m[1] for part in parts} == {conveyor.width_m}


def test_crane_takes_the_strip_its_mast_sweeps(pilot: LoadedPlant) -> None:
    (crane,) = pilot.plant.cranes
    (strip,) = named(pilot, "stacker_crane")
    assert strip.rectangle.size_m == pytest.approx((52.6, crane.mast_m[1]))
    assert strip.top_m == crane.height_m


def test_docked_vehicle_points_from_lane_to_stop() -> None:
    fleet = AgvFleet(
        id="f",
        network="n",
        homes=["s"],
        size_m=(1.4, 0.8, 0.3),
        speed_loaded_mps=1,
        speed_empty_mps=1,
        acceleration_mps2=1,
        load_s=1,
        unload_s=1,
    )
    stop = Stop(node="a", position_m=(2, 5))
    network = RouteNetwork(id="n", nodes={"a": (2, 3)}, lanes=[], stops={"s": stop})
    there = docked(fleet, network, "s", stop)
    assert there.rectangle.heading_deg == pytest.approx(90)
    assert there.rectangle.bounds == pytest.approx((1.6, 4.3, 2.4, 5.7))
    assert there.address == "networks.n.stops.s"


def test_shrunk_takes_off_every_side_and_never_turns_inside_out() -> None:
    thing = Footprint("i", "thing", "a", Rectangle((1, 2), (4, 1), 30))
    assert shrunk(thing, 0.3).rectangle == Rectangle((1, 2), (3.4, 0.4), 30)
    assert min(shrunk(thing, 2).rectangle.size_m) > 0
