"""A second parser reads the stage: tinyusdz shares no code with OpenUSD."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pxr import Usd, UsdGeom

from twin.run.run import Run
from twin.usd.workcell import write_workcell

if TYPE_CHECKING:
    import tinyusdz

MODEL = "Model"
"""What tinyusdz calls a prim without a type."""

LISTED = ("Xform", "Mesh", "Scope", "Material", "Shader")
"""Types whose properties tinyusdz 0.9.4 can list."""


def read(path: Path) -> tinyusdz.Stage:
    """Return the stage as the second parser reads it; it does not compose layers."""
    parser = pytest.importorskip("tinyusdz", reason="tinyusdz is not installed (extra 'test')")
    return parser.load(str(path))


def below(prims: list[tinyusdz.Prim], parent: str = "") -> Iterator[tuple[str, tinyusdz.Prim]]:
    """Yield paths and prims, depth first."""
    for prim in prims:
        path = f"{parent}/{prim.element_name}"
        yield path, prim
        yield from below(prim.children(), path)


def array(prim: tinyusdz.Prim, name: str) -> np.ndarray:
    return np.asarray(prim.get_attribute(name).value)


@pytest.fixture(scope="module")
def flat(stage: Usd.Stage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole stage in one layer."""
    path = tmp_path_factory.mktemp("flat") / "flat.usdc"
    assert stage.Flatten().Export(str(path))
    return path


@pytest.fixture(scope="module")
def package(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One workcell for AR."""
    return write_workcell(run, "pouch", tmp_path_factory.mktemp("ar") / "pouch.usdz")


@pytest.fixture(params=["flat", "package"])
def file(request: pytest.FixtureRequest) -> Path:
    return request.getfixturevalue(request.param)


def test_prims_and_types_agree(file: Path) -> None:
    theirs = Counter(prim.type_name for _, prim in below(read(file).root_prims()))
    opened = Usd.Stage.Open(str(file))
    ours = Counter(str(prim.GetTypeName()) or MODEL for prim in opened.TraverseAll())
    assert ours["Mesh"] > 10
    assert theirs == ours


def test_paths_types_and_properties_agree(file: Path) -> None:
    theirs = {path: prim.type_name for path, prim in below(read(file).root_prims())}
    opened = Usd.Stage.Open(str(file))
    ours = {str(p.GetPath()): str(p.GetTypeName()) or MODEL for p in opened.TraverseAll()}
    assert theirs == ours
    for path, prim in below(read(file).root_prims()):
        if prim.type_name in LISTED:
            names = set(opened.GetPrimAtPath(path).GetAuthoredPropertyNames())
            assert set(prim.property_names()) == names, path


def test_meshes_agree(file: Path) -> None:
    opened = Usd.Stage.Open(str(file))
    n_points = 0
    for path, prim in below(read(file).root_prims()):
        if prim.type_name == "Mesh":
            mesh = UsdGeom.Mesh(opened.GetPrimAtPath(path))
            points = np.asarray(mesh.GetPointsAttr().Get())
            corners = np.asarray(mesh.GetFaceVertexIndicesAttr().Get())
            assert np.array_equal(array(prim, "points").reshape(-1, 3), points), path
            assert np.array_equal(array(prim, "faceVertexIndices"), corners), path
            n_points += len(points)
    assert n_points > 1000


def test_times_of_samples_agree(flat: Path) -> None:
    opened = Usd.Stage.Open(str(flat))
    n_samples = 0
    for path, prim in below(read(flat).root_prims()):
        if prim.type_name == "Xform" and "xformOp:rotateXYZ" in prim.property_names():
            theirs = [time for time, _ in prim.get_attribute_timesamples("xformOp:rotateXYZ")]
            ours = opened.GetPrimAtPath(path).GetAttribute("xformOp:rotateXYZ").GetTimeSamples()
            assert theirs == ours, path
            n_samples += len(ours)
    assert n_samples > 1000
