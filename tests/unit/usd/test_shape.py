from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from twin.usd.shape import PARTED_M, Mesh, Shape


def faces(mesh: Mesh) -> list[np.ndarray]:
    """The corner indices of every face."""
    return np.split(mesh.indices, np.cumsum(mesh.counts)[:-1])


def volume_m3(mesh: Mesh) -> float:
    """Volume by the divergence theorem: positive where faces look outwards."""
    total = 0.0
    for face in faces(mesh):
        corners = mesh.points[face]
        for a, b in pairwise(corners[1:]):
            total += float(np.dot(corners[0], np.cross(a, b))) / 6
    return total


def edges_seen(mesh: Mesh) -> set[int]:
    """How often directed edges occur together with their opposite."""
    seen: dict[tuple[int, int], int] = {}
    for face in faces(mesh):
        for a, b in zip(face, np.roll(face, -1), strict=True):
            seen[int(a), int(b)] = seen.get((int(a), int(b)), 0) + 1
    return {seen.get((b, a), 0) for a, b in seen} | set(seen.values())


def one(shape: Shape) -> Mesh:
    (mesh,) = shape.meshes().values()
    return mesh


def shaped(kind: str) -> Shape:
    shape = Shape()
    if kind == "box":
        shape.box("body", (1, 2, 3), (2, 3, 4))
    elif kind == "rod":
        shape.rod("body", (0, 0, 0), (0, 1, 2), 0.5, sides=64)
    elif kind == "cone":
        shape.rod("body", (1, 0, 0), (1, 0, 3), 0.5, 0.0, sides=64)
    else:
        shape.beam("body", (0, 0, 0), (3, 0, 4), width_m=0.4, thick_m=0.1)
    return shape


VOLUMES = {
    "box": 24.0,
    "rod": np.pi * 0.25 * np.sqrt(5),
    "cone": np.pi * 0.25,
    "beam": 5 * 0.4 * 0.1,
}


@pytest.mark.parametrize("kind", VOLUMES)
def test_piece_is_closed_looks_outwards_and_has_its_volume(kind: str) -> None:
    mesh = one(shaped(kind))
    assert edges_seen(mesh) == {1}
    assert volume_m3(mesh) == pytest.approx(VOLUMES[kind], rel=0.005)


@pytest.mark.parametrize("kind", VOLUMES)
def test_normals_are_unit_vectors_that_look_outwards(kind: str) -> None:
    mesh = one(shaped(kind))
    assert np.linalg.norm(mesh.normals, axis=1) == pytest.approx(1.0, abs=1e-5)
    normals = np.split(mesh.normals[mesh.normal_indices], np.cumsum(mesh.counts)[:-1])
    for face, given in zip(faces(mesh), normals, strict=True):
        a, b, c = mesh.points[face[:3]]
        flat = np.cross(b - a, c - b)
        assert (given @ flat > 0.9 * np.linalg.norm(flat) * (kind != "cone")).all()


def test_at_turns_and_shifts_what_is_added() -> None:
    shape = Shape().at((10, 20, 1), 90)
    shape.box("body", (1, 0, 0), (2, 1, 1))
    low, high = shape.bounds_m()
    assert low == pytest.approx((9.5, 20, 0.5))
    assert high == pytest.approx((10.5, 22, 1.5))


def test_a_beam_that_stands_upright_has_a_width() -> None:
    shape = Shape()
    shape.beam("body", (0, 0, 0), (0, 0, 2), width_m=0.4, thick_m=0.1)
    low, high = shape.bounds_m()
    assert np.subtract(high, low) == pytest.approx((0.1, 0.4, 2.0))


def test_touching_pieces_share_no_points() -> None:
    shape = Shape()
    shape.box("body", (0, 0, 0), (1, 1, 1))
    shape.box("body", (1, 0, 0), (1, 1, 1))
    mesh = one(shape)
    assert len(np.unique(np.round(mesh.points, 5), axis=0)) == 16
    moved = np.abs(mesh.points - np.round(mesh.points * 2) / 2).max()
    assert moved == pytest.approx(PARTED_M)


def test_one_mesh_per_material_in_order_of_first_use() -> None:
    shape = Shape()
    for look in ("steel", "body", "steel"):
        shape.box(look, (0, 0, 0), (1, 1, 1))
    assert [(look, len(mesh.counts)) for look, mesh in shape.meshes().items()] == [
        ("steel", 12),
        ("body", 6),
    ]
