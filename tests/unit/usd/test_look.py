"""Vehicles, people, fences and chargers of the library, as plants use them."""

from __future__ import annotations

import numpy as np
import pytest

from scenes.assets.stock import stock
from twin.plant.load import load_plant
from twin.usd.catalogue import CHARGER_AWAY_M, Catalogue, catalogue
from twin.usd.library import drawn
from twin.usd.path import paths_of
from twin.usd.shape import AssetSpec, Shape

NAMES = [
    "amr_lift", "amr_roller", "charger", "control_desk", "dock_leveller", "fence_gate",
    "fence_gate_frame", "fence_panel", "fence_post", "light_curtain", "pallet", "person",
    "person_coverall",
]  # fmt: skip
CELL = AssetSpec("zone", (4.2, 3.6, 0.0), {"kind": "robot_cell"})


def pilot() -> Catalogue:
    plant = load_plant("pilot").plant
    return catalogue(plant, paths_of(plant))


def middle_x(shape: Shape, look: str) -> float:
    return float(shape.meshes()[look].points[:, 0].mean())


@pytest.mark.parametrize("name", NAMES)
def test_asset_is_light_and_lighter_from_afar(name: str) -> None:
    found = stock(name)
    near = sum(len(surface.mesh.counts) for surface in found.near.values())
    far = sum(len(surface.mesh.counts) for surface in found.far.values())
    assert 0 < far < near < 3000


@pytest.mark.parametrize("size", [(1.35, 0.9, 0.35), (1.8, 1.2, 0.4)])
def test_vehicle_fills_its_size_and_looks_forwards(size: tuple[float, float, float]) -> None:
    shape = drawn(AssetSpec("agv", size))
    low, high = shape.bounds_m()
    np.testing.assert_allclose(np.subtract(high, low), size, atol=0.035)
    assert low[2] == pytest.approx(0.0, abs=1e-4)
    assert middle_x(shape, "light") > 0.4 * size[0]
    assert middle_x(shape, "copper") < -0.4 * size[0]


def test_large_vehicle_carries_rollers() -> None:
    small = drawn(AssetSpec("agv", (1.35, 0.9, 0.35))).meshes()
    large = drawn(AssetSpec("agv", (1.8, 1.2, 0.4))).meshes()
    assert "steel" in large
    assert "steel" not in small


def test_person_stands_and_looks_forwards() -> None:
    shape = drawn(AssetSpec("worker", (0.5, 0.6, 1.8)))
    low, high = shape.bounds_m()
    assert (low[2], high[2]) == pytest.approx((0.0, 1.8), abs=0.01)
    assert middle_x(shape, "screen") > 0.05


def test_people_of_the_dry_room_wear_coveralls() -> None:
    made = pilot()
    by_id = {p.id: made.specs[p.asset] for p in made.placements if p.category == "worker"}
    assert by_id["operators_1"].options == {"coverall": True}
    assert by_id["repair_1"].options == {}
    assert "safety" not in drawn(by_id["operators_1"]).meshes()
    assert "safety" in drawn(by_id["repair_1"]).meshes()


def test_gate_slides_behind_its_fence() -> None:
    shape = drawn(CELL)
    (gate,) = shape.parts
    assert (gate.name, gate.motion, gate.amount) == ("gate", "sliding", 1.0)
    np.testing.assert_allclose(gate.origin_m, (2.1, 0.05, 0.0))
    np.testing.assert_allclose(gate.axis, (1.0, 0.0, 0.0))
    low, high = gate.shape.bounds_m()
    assert (low[0], high[0]) == pytest.approx((-0.5, 0.5), abs=0.02)


def test_fence_follows_the_edge_of_its_cell_from_nearby_and_afar() -> None:
    shape = drawn(CELL)
    for seen in (shape, shape.from_afar()):
        sheets = seen.meshes()["fence"].points
        np.testing.assert_allclose(sheets[:, :2].min(axis=0), (0.0, 0.0), atol=0.01)
        np.testing.assert_allclose(sheets[:, :2].max(axis=0), (4.2, 3.6), atol=0.01)
        assert "mark" in seen.meshes()


def test_every_charging_stop_has_a_charger_that_faces_it() -> None:
    made, plant = pilot(), load_plant("pilot").plant
    stops = [s for n in plant.networks for s in n.stops.values() if s.charger]
    chargers = [p for p in made.placements if p.category == "charger"]
    assert len(chargers) == len(stops) > 0
    for charger, stop in zip(chargers, stops, strict=True):
        x, y = stop.position_m
        np.testing.assert_allclose(charger.position_m, (x, y + CHARGER_AWAY_M, 0.0))
        assert charger.heading_deg == 180.0
