from __future__ import annotations

import numpy as np
import pytest

from scenes.assets import LOOKS, carrier_name
from scenes.assets.module import grid, spread
from scenes.assets.stock import stock
from twin.motion.place import slots_m
from twin.plant.load import load_plant
from twin.usd.catalogue import catalogue
from twin.usd.library import drawn
from twin.usd.path import paths_of
from twin.usd.shape import AssetSpec, Shape

MACHINES = [
    "press", "welder", "pouch_former", "sealer", "filler", "degasser", "tester", "packing_table",
    "table",
]  # fmt: skip
MODULES = [
    "buffer_frame", "buffer_shelf", "conveyor_belt", "conveyor_corner", "conveyor_drive",
    "conveyor_rollers", "conveyor_stand", "crane_carriage", "crane_forks", "crane_mast",
    "crane_rail", "rack_beam", "rack_slot", "rack_upright", "soak_shell", "tower_cabinet",
    "tower_drawer", "tower_roof", "tower_side",
]  # fmt: skip
CARRIERS = [
    "box", "coil", "coil_anode", "magazine", "magazine_anode", "piece", "piece_stack", "tray",
]  # fmt: skip
TOWER = AssetSpec("formation_tower", (4.0, 2.5, 9.0), {"columns": 4, "levels": 6})
AGING = AssetSpec("rack", (14.0, 3.0, 11.0), {"columns": 12, "levels": 25})


def triangles(shape: Shape) -> int:
    return sum(int((mesh.counts - 2).sum()) for mesh in shape.meshes().values())


def tops_m(shape: Shape, look: str) -> set[float]:
    return {round(float(z), 3) for z in shape.meshes()[look].points[:, 2]}


@pytest.mark.parametrize("name", [*MACHINES, *MODULES, *CARRIERS])
def test_asset_is_light_and_of_known_surfaces(name: str) -> None:
    found = stock(name)
    near = sum(len(surface.mesh.counts) for surface in found.near.values())
    far = sum(len(surface.mesh.counts) for surface in found.far.values())
    assert far <= near < 3000
    assert {*found.near, *found.far} <= {*LOOKS}


@pytest.mark.parametrize("name", MACHINES)
def test_machine_stays_in_its_footprint_and_carries_a_lamp(name: str) -> None:
    found = stock(name)
    low, high = drawn(AssetSpec(name, found.size_m)).bounds_m()
    half = np.array(found.size_m[:2]) / 2 + 0.011
    assert (np.array(low[:2]) >= -half).all()
    assert (np.array(high[:2]) <= half).all()
    assert found.lamp_m is not None


@pytest.mark.parametrize("name", ["press", "welder", "sealer", "degasser", "tester"])
def test_belt_passes_where_lots_are(name: str) -> None:
    belt = stock(name).near["belt"].mesh.points
    assert np.isclose(belt[:, 2], 0.95, atol=1e-4).any()
    on_top = belt[np.isclose(belt[:, 2], 0.95, atol=1e-4)]
    assert on_top[:, 1].min() < 0 < on_top[:, 1].max()


@pytest.mark.parametrize("name", CARRIERS)
def test_carrier_is_scaled_as_a_whole(name: str) -> None:
    found = stock(name)
    size = tuple(2.0 * side for side in found.size_m)
    once, twice = drawn(AssetSpec(name, found.size_m)), drawn(AssetSpec(name, size))
    np.testing.assert_allclose(twice.bounds_m(), 2.0 * np.array(once.bounds_m()), atol=1e-3)


def test_scaled_normals_keep_their_length() -> None:
    for mesh in drawn(AssetSpec("coil", (1.0, 1.3, 1.0))).meshes().values():
        np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-3)


@pytest.mark.parametrize(
    ("carrier", "item", "expected"),
    [
        ("coil", "cathode_roll", "coil"),
        ("coil", "anode_roll", "coil_anode"),
        ("magazine", "anode_sheet", "magazine_anode"),
        ("none", "electrode_stack", "piece_stack"),
        ("none", "battery_cell", "piece"),
        ("tray", "stack_cassette", "tray"),
    ],
)
def test_carrier_fits_the_item(carrier: str, item: str, expected: str) -> None:
    assert carrier_name(carrier, item) == expected


def test_rails_of_racks_are_right_below_the_lots() -> None:
    plant = load_plant("pilot").plant
    for station in ("ht_aging", "rt_aging", "soak", "formation"):
        store = plant.stations[station]
        assert store.rack is not None
        kind = {"soak": "chamber", "formation": "formation_tower"}.get(station, "rack")
        options = {"columns": store.rack.columns, "levels": store.rack.levels}
        rails = tops_m(drawn(AssetSpec(kind, store.size_m, dict(options))), "steel")
        for z in np.unique(np.round(slots_m(store)[:, 2], 3)):
            assert min(abs(z - top) for top in rails) < 0.006


def test_formation_tower_has_a_contact_plate_for_every_slot() -> None:
    plates = drawn(TOWER).meshes()["copper"].counts
    assert len(plates) == 24 * 12


def test_racks_are_cheap_from_afar() -> None:
    for spec, allowed in ((TOWER, 800), (AGING, 1000)):
        shape = drawn(spec)
        assert triangles(shape.from_afar()) < allowed < triangles(shape)


def test_conveyor_for_trays_has_rollers_and_others_a_belt() -> None:
    path = {"path_m": ((0.0, 0.0), (3.0, 0.0))}
    trays = drawn(AssetSpec("conveyor", (0.0, 0.7, 0.9), dict(path))).meshes()
    parts = drawn(AssetSpec("conveyor", (0.0, 0.5, 0.9), dict(path))).meshes()
    assert "belt" not in trays
    assert "belt" in parts
    for meshes in (trays, parts):
        top = max(float(mesh.points[:, 2].max()) for mesh in meshes.values())
        assert top == pytest.approx(0.9, abs=0.005)


def test_conveyor_turns_are_seen_from_afar_at_the_same_place() -> None:
    path = {"path_m": ((0.0, 0.0), (6.0, 0.0), (6.0, 4.0))}
    shape = drawn(AssetSpec("conveyor", (0.0, 0.7, 0.9), dict(path)))
    np.testing.assert_allclose(shape.from_afar().bounds_m(), shape.bounds_m(), atol=0.1)


def test_spread_and_grid_cover_their_range() -> None:
    np.testing.assert_allclose(spread(4.0, 2, 0.1), [-1.9, 0.0, 1.9])
    assert grid([0, 1], 0.0, [2, 3, 4]).shape == (6, 3)


def test_anode_and_cathode_rolls_look_different_in_the_pilot_plant() -> None:
    plant = load_plant("pilot").plant
    carriers = catalogue(plant, paths_of(plant)).carriers
    assert carriers["anode_roll"] != carriers["cathode_roll"]
    assert carriers["electrode_stack"] != carriers["battery_cell"]
