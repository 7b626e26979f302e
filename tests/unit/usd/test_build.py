"""The library is what the CAD models make, to the byte."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenes.assets import LOOKS
from scenes.assets.stock import LIBRARY, stock, stock_names
from scenes.assets.stretch import stretched, stretches
from twin.usd import validate
from twin.usd.library import drawn
from twin.usd.shape import AssetSpec

NAMES = sorted(stock_names())
MACHINES = ["calender", "coater_feed", "mixer", "notcher", "slitter", "stacker", "vacuum_oven"]


@pytest.mark.parametrize("name", ["stacker", "coater_dryer"])
def test_model_makes_the_committed_bytes_twice(name: str, tmp_path: Path) -> None:
    pytest.importorskip("build123d", reason="build123d is not installed (extra 'cad')")
    from scenes.assets import build

    known = build.models()
    for folder in (tmp_path / "first", tmp_path / "second"):
        assert build.build(name, build.model_of(name, known[name]), folder) == []
        for file in (f"{name}.usda", "payload.usdc"):
            made, kept = (base / name / file for base in (folder, LIBRARY))
            assert made.read_bytes() == kept.read_bytes(), file


def test_every_asset_has_a_model() -> None:
    pytest.importorskip("build123d", reason="build123d is not installed (extra 'cad')")
    from scenes.assets import build

    assert set(build.models()) == set(NAMES)


def test_what_is_wrong_with_a_model_is_told() -> None:
    pytest.importorskip("build123d", reason="build123d is not installed (extra 'cad')")
    from scenes.assets import build
    from scenes.assets.cad.model import Model
    from scenes.assets.cad.parts import block
    from scenes.assets.cad.tessellate import surface_of

    made = Model((1.0, 1.0, 1.0), {"chrome": [block((1.0, 2.0, 1.0))]})
    near = {look: surface_of(solids) for look, solids in made.solids.items()}
    said = " ".join(build.faults(made, near))
    assert "chrome" in said
    assert "out of its size" in said


@pytest.mark.parametrize("name", NAMES)
def test_asset_is_light_known_and_without_degenerate_faces(name: str) -> None:
    found = stock(name)
    assert sum(len(s.mesh.counts) for s in found.near.values()) < 3000
    assert {*found.near, *found.far} <= {*LOOKS}
    for surface in (*found.near.values(), *found.far.values()):
        mesh = surface.mesh
        a, b, c = (mesh.points[mesh.indices.reshape(-1, 3)[:, k]] for k in range(3))
        assert (np.linalg.norm(np.cross(b - a, c - a), axis=1) > 1e-10).all()
        assert len(mesh.points) == surface.pieces.sum()
        np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-3)


@pytest.mark.parametrize("name", MACHINES)
def test_solids_are_closed(name: str) -> None:
    """Every edge of a solid is walked once each way."""
    for surface in stock(name).near.values():
        corners = surface.mesh.indices.reshape(-1, 3)
        edges = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
        there = {tuple(edge) for edge in edges.tolist()}
        assert len(there) == len(edges)
        assert all((b, a) in there for a, b in there)


@pytest.mark.parametrize("name", ["stacker", "mixer", "coater_dryer"])
def test_openusd_finds_nothing_in_an_asset(name: str) -> None:
    assert validate(LIBRARY / name / f"{name}.usda") == []


def test_stretching_keeps_ends_belts_and_circles() -> None:
    along = stretches((4.0, 2.0, 2.0), (6.0, 2.0, 3.0))
    length, width, height = along
    np.testing.assert_allclose(length(np.array([-2.0, -1.5, 0.0, 1.5, 2.0])), [-3, -2.5, 0, 2.5, 3])
    np.testing.assert_allclose(width(np.array([-1.0, 0.3, 1.0])), [-1.0, 0.3, 1.0])
    np.testing.assert_allclose(height(np.array([0.0, 0.95, 2.0, 2.2])), [0.0, 0.95, 3.0, 3.2])
    coil = next(s for s in stock("notcher").near.values() if (s.round == 2).any())
    moved = stretched(coil, stretches((10.0, 4.0, 2.4), (16.0, 4.0, 3.6)))
    first = int(np.argmax(coil.round == 2))
    start = int(coil.pieces[:first].sum())
    points = slice(start, start + int(coil.pieces[first]))
    before, after = np.ptp(coil.mesh.points[points], axis=0), np.ptp(moved.points[points], axis=0)
    np.testing.assert_allclose(after[[0, 2]], before[[0, 2]], atol=1e-9)


@pytest.mark.parametrize("length", [20.0, 40.0, 90.0])
def test_coater_is_as_long_as_asked_for(length: float) -> None:
    shape = drawn(AssetSpec("coater", (length, 5.0, 3.5)))
    low, high = shape.bounds_m()
    assert high[0] - low[0] == pytest.approx(length, abs=0.9)
    assert low[0] >= -length / 2 - 0.011
    assert high[0] <= length / 2 + 0.011
