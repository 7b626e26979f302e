"""One workcell as a file for augmented reality."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from pxr import Usd, UsdGeom, UsdShade

from twin.errors import CelltwinError
from twin.motion.motion import Motion
from twin.run.run import Run
from twin.usd import validate
from twin.usd.camera import above
from twin.usd.joint import chain
from twin.usd.path import Paths
from twin.usd.workcell import MAX_TRIANGLES, write_workcell

WINDOW = (830.0, 838.0)
KNOWN_TYPES = {"Xform", "Mesh", "Scope", "Material", "Shader"}


@pytest.fixture(scope="module")
def packed(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_workcell(run, "pouch", tmp_path_factory.mktemp("ar") / "p.usdz", window=WINDOW)


@pytest.fixture(scope="module")
def opened(packed: Path) -> Usd.Stage:
    return Usd.Stage.Open(str(packed))


def test_package_holds_one_binary_layer_aligned_and_uncompressed(packed: Path) -> None:
    with zipfile.ZipFile(packed) as content:
        (entry,) = content.infolist()
        assert entry.filename == "pouch.usdc"
        assert entry.compress_type == zipfile.ZIP_STORED
        header = entry.header_offset
    data = packed.read_bytes()
    names = int.from_bytes(data[header + 26 : header + 28], "little")
    extra = int.from_bytes(data[header + 28 : header + 30], "little")
    assert (header + 30 + names + extra) % 64 == 0


def test_it_holds_what_ar_viewers_take_and_nothing_else(opened: Usd.Stage) -> None:
    prims = list(opened.Traverse())
    assert {prim.GetTypeName() for prim in prims} <= KNOWN_TYPES
    assert not any(prim.IsInstance() or prim.HasAuthoredReferences() for prim in prims)
    assert all(prim.GetName() != "Scene" for prim in prims)
    assert UsdGeom.GetStageUpAxis(opened) == UsdGeom.Tokens.y
    assert str(opened.GetDefaultPrim().GetPath()) == "/pouch"
    seconds = (opened.GetEndTimeCode() - opened.GetStartTimeCode()) / 24
    assert (opened.GetStartTimeCode(), seconds) == (0, pytest.approx(8.0))
    meshes = [prim for prim in prims if prim.IsA(UsdGeom.Mesh)]
    counts = [np.array(UsdGeom.Mesh(m).GetFaceVertexCountsAttr().Get()) for m in meshes]
    assert 1000 < sum(int((own - 2).sum()) for own in counts) < MAX_TRIANGLES
    for mesh in meshes:
        material, _ = UsdShade.MaterialBindingAPI(mesh).ComputeBoundMaterial()
        assert material.ComputeSurfaceSource()[0].GetShaderId() == "UsdPreviewSurface"


def test_openusd_finds_nothing(packed: Path) -> None:
    assert validate(packed) == []


def test_robot_moves_as_in_the_plant(
    opened: Usd.Stage, run: Run, motion: Motion, paths: Paths
) -> None:
    workcell = next(w for w in run.plant.workcells() if w.id == "pouch")
    x, y, _ = above(workcell)
    robot = run.plant.robots["robot_pouch"]
    link = opened.GetPrimAtPath(f"/pouch/Equipment/robot_pouch/{chain()[1]}")
    turn = link.GetAttribute("xformOp:rotateXYZ")
    for t in np.random.default_rng(4).uniform(*WINDOW, 30).tolist():
        angle = motion.robot_pose("robot_pouch", t)[0]
        assert abs(turn.Get((t - WINDOW[0]) * 24)[2]) == pytest.approx(abs(angle), abs=0.1)
    assert len({turn.Get(c) for c in range(0, 190, 10)}) > 5
    base = UsdGeom.Xformable(opened.GetPrimAtPath("/pouch/Equipment/robot_pouch"))
    at = base.ComputeLocalToWorldTransform(0).ExtractTranslation()
    wanted = (robot.position_m[0] - x, robot.position_m[2], -(robot.position_m[1] - y))
    assert tuple(at) == pytest.approx(wanted, abs=1e-5)


def test_visible_lots_are_those_of_the_run(opened: Usd.Stage, run: Run) -> None:
    workcell = next(w for w in run.plant.workcells() if w.id == "pouch")
    places = [place.id for place in (*workcell.buffers, *workcell.conveyors)]
    levels = run.state_at(WINDOW[0] + 4.0).levels
    assert sum(levels[place] for place in places) > 0
    for place in places:
        prim = opened.GetPrimAtPath(f"/pouch/{place}")
        slots = prim.GetChildren() if prim else []
        seen = [s for s in slots if UsdGeom.Imageable(s).ComputeVisibility(96.0) != "invisible"]
        assert len(seen) == levels[place], place


def test_default_window_is_short(run: Run, tmp_path: Path) -> None:
    stage = Usd.Stage.Open(str(write_workcell(run, "pouch", tmp_path / "p.usdz")))
    assert stage.GetEndTimeCode() <= 10 * 24


def test_unknown_workcell_is_refused_with_the_nearest(run: Run, tmp_path: Path) -> None:
    with pytest.raises(CelltwinError, match=r"no workcell 'puch'.*nearest.*pouch"):
        write_workcell(run, "puch", tmp_path / "p.usdz")
    assert list(tmp_path.iterdir()) == []


def test_file_is_replaced_only_by_force(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "p.usdz"
    target.write_text("mine")
    with pytest.raises(CelltwinError, match="there already"):
        write_workcell(run, "pouch", target)
    assert target.read_text() == "mine"
    write_workcell(run, "pouch", target, window=(0.0, 1.0), force=True)
    assert validate(target) == []
    assert [p.name for p in tmp_path.iterdir()] == ["p.usdz"]


def test_other_endings_are_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(CelltwinError, match="name of a package"):
        write_workcell(run, "pouch", tmp_path / "p.usda")


def test_workcell_with_too_many_triangles_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twin.usd.workcell.MAX_TRIANGLES", 100)
    with pytest.raises(CelltwinError, match="triangles, more than the 100"):
        write_workcell(run, "pouch", tmp_path / "p.usdz", window=(0.0, 1.0))
    assert list(tmp_path.iterdir()) == []
