from __future__ import annotations

import importlib

import numpy as np
import pytest

from scenes.assets import LOOKS, generator, generator_name, generator_names
from twin import palette
from twin.errors import CelltwinError
from twin.plant.load import load_plant, robot_model
from twin.usd.catalogue import catalogue
from twin.usd.library import MODULE, asset_library, drawn
from twin.usd.path import paths_of
from twin.usd.shape import AssetSpec, Shape

LAMP_POLE_M = 0.5
PATH = ((0.0, 0.0), (4.0, 0.0), (4.0, 3.0))
OPTIONS = {
    "rack": {"columns": 6, "levels": 10},
    "chamber": {"columns": 2, "levels": 15},
    "formation_tower": {"columns": 4, "levels": 6},
    "conveyor": {"path_m": PATH},
    "buffer": {"shelves_m": (0.15, 0.9)},
    "zone": {"kind": "robot_cell"},
    "lanes": {"edges": (((0, 0), (5, 0)),), "stops": (((1, 2), (0, 0), True),)},
    "marker": {"look": "critical"},
    "placeholder": {"label": "Tab welder 2"},
}
MACHINES = [
    "vacuum_oven", "notcher", "stacker", "press", "welder", "pouch_former", "formation_tower",
    "chamber", "rack", "packing_table", "table", "filler", "degasser", "sealer", "tester",
    "placeholder",
]  # fmt: skip
BOUNDED = [*MACHINES, "agv", "buffer", "tray", "box", "magazine"]
SIZES = [(5.0, 4.0, 2.4), (8.0, 4.0, 2.4), (3.0, 3.0, 2.8), (2.4, 1.4, 2.3), (14.0, 3.0, 11.0)]


def spec(kind: str, size: tuple[float, float, float]) -> AssetSpec:
    return AssetSpec(kind, size, dict(OPTIONS.get(kind, {})))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", BOUNDED)
def test_footprint_stays_inside_the_size(kind: str, size: tuple[float, float, float]) -> None:
    low, high = drawn(spec(kind, size)).bounds_m()
    half = np.array(size[:2]) / 2 + 0.011
    assert (np.array(low[:2]) >= -half).all()
    assert (np.array(high[:2]) <= half).all()
    assert low[2] >= -1e-6


@pytest.mark.parametrize("kind", MACHINES)
def test_machine_keeps_its_height_and_carries_a_lamp(kind: str) -> None:
    size = (2.4, 1.4, 0.9) if kind in {"table", "packing_table", "pouch_former"} else (5, 4, 2.4)
    shape = drawn(spec(kind, size))
    assert shape.lamp_m is not None
    assert size[2] * 0.8 <= shape.bounds_m()[1][2] <= size[2] + LAMP_POLE_M + 0.1
    x, y, z = shape.lamp_m
    assert abs(x) <= size[0] / 2
    assert abs(y) <= size[1] / 2
    assert z <= size[2] + LAMP_POLE_M + 1e-9


@pytest.mark.parametrize("kind", generator_names())
def test_generator_uses_known_looks_and_draws_the_same_twice(kind: str) -> None:
    first, second = (drawn(spec(kind, (5.0, 4.0, 2.4))).meshes() for _ in range(2))
    assert first
    assert set(first) <= set(LOOKS)
    for look, mesh in first.items():
        assert np.isfinite(mesh.points).all()
        np.testing.assert_array_equal(mesh.points, second[look].points)


@pytest.mark.parametrize(
    ("hints", "expected"),
    [
        (("", "vac_dry_cathode", "batch"), "vacuum_oven"),
        (("bake_chamber", "vac_bake", "batch"), "vacuum_oven"),
        (("", "notch_anode", "web"), "notcher"),
        (("stacker", "stack", "assembly"), "stacker"),
        (("transfer_table", "stack_transfer", "robot"), "table"),
        (("hot_press", "hot_press_hipot", "discrete"), "press"),
        (("tab_welder", "tab_weld", "discrete"), "welder"),
        (("pouch_former", "pouch_form_insert", "robot"), "pouch_former"),
        (("sealer", "seal_3side", "discrete"), "sealer"),
        (("filler", "fill", "discrete"), "filler"),
        (("rack_tower", "soak", "store"), "chamber"),
        (("formation_tower", "formation", "store"), "formation_tower"),
        (("aging_rack", "ht_aging", "store"), "rack"),
        (("degasser", "degas_final_seal", "discrete"), "degasser"),
        (("eol_tester", "eol_test", "discrete"), "tester"),
        (("packing_table", "grade_pack", "robot"), "packing_table"),
        (("", "x1", "discrete"), "placeholder"),
        (("", "x1", "store"), "rack"),
    ],
)
def test_generator_name_fits_the_station(hints: tuple[str, ...], expected: str) -> None:
    assert generator_name(*hints) == expected


def test_unknown_asset_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(CelltwinError, match="nearest: 'stacker'"):
        generator("staker")


def test_library_is_found_by_name() -> None:
    assert asset_library() is importlib.import_module(MODULE)


def test_looks_with_a_meaning_have_the_colours_of_the_palette() -> None:
    assert LOOKS["critical"].colour == palette.CRITICAL
    assert LOOKS["warning"].colour == palette.WARNING
    for look in LOOKS.values():
        assert 0 <= min(palette.rgb(look.colour)) <= max(palette.rgb(look.colour)) <= 1


def test_conveyor_follows_its_path() -> None:
    shape = drawn(AssetSpec("conveyor", (0.0, 0.5, 0.9), {"path_m": PATH}))
    low, high = shape.bounds_m()
    assert low == pytest.approx((0.0, -0.29, 0.0), abs=0.02)
    assert high == pytest.approx((4.29, 3.0, 0.9), abs=0.02)


@pytest.mark.parametrize("name", ["kuka_kr10_r1420", "abb_irb2400"])
def test_links_reach_from_joint_to_joint(name: str) -> None:
    model = robot_model(load_plant("pilot").plant, name)
    for link in range(7):
        shape = Shape()
        asset_library().draw_link(shape, model, link)
        after = model.joints[link].origin_m if link < 6 else model.flange_m
        low, high = np.array(shape.bounds_m())
        assert (low - 1e-6 <= np.minimum(after, 0)).all()
        assert (high + 1e-6 >= np.maximum(after, 0)).all()


@pytest.mark.parametrize("kind", ["vacuum", "vacuum_8", "finger"])
def test_tool_ends_at_its_tip(kind: str) -> None:
    shape = Shape()
    asset_library().draw_tool(shape, kind, np.array([0.08, 0, 0]), 0.2)
    assert shape.bounds_m()[1][0] == pytest.approx(0.28, abs=1e-6)


def test_catalogue_places_every_machine_once_and_shares_equal_assets() -> None:
    plant = load_plant("pilot").plant
    made = catalogue(plant, paths_of(plant))
    ids = [p.id for p in made.placements if p.id]
    machines = [m for s in plant.stations.values() for m in s.machine_ids]
    assert len(ids) == len(set(ids))
    assert {*machines, *plant.robots, *plant.buffers, *plant.conveyors} <= set(ids)
    by_id = {p.id: p for p in made.placements}
    assert by_id["stack_1"].asset == by_id["stack_3"].asset
    assert by_id["robot_stack"].asset == by_id["robot_tray"].asset
    assert by_id["robot_pack"].asset != by_id["robot_tray"].asset
    assert len({repr(s) for s in made.specs.values()}) == len(made.specs)
