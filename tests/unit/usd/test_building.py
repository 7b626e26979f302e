"""The building: what each choice of its shell shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from pxr import Sdf, Usd, UsdGeom, UsdLux

from twin.usd.building import BACK, FRONT, ROOF, add_lamps, write_shell
from twin.usd.layer import Layer
from twin.usd.path import BUILDING
from twin.usd.span import STILL


@pytest.mark.parametrize(
    ("choice", "hidden"),
    [("closed", set()), ("cutaway", {ROOF, FRONT}), ("open", {ROOF, FRONT, BACK})],
)
def test_shell_hides_what_is_in_the_way(choice: str, hidden: set[str]) -> None:
    stage = Usd.Stage.CreateInMemory()
    for path in (ROOF, FRONT, BACK):
        UsdGeom.Xform.Define(stage, path)
    write_shell(stage.GetRootLayer().GetPrimAtPath(Sdf.Path(BUILDING)))
    shell = stage.GetPrimAtPath(BUILDING).GetVariantSet("shell")
    assert shell.GetVariantSelection() == "cutaway"
    shell.SetVariantSelection(choice)
    unseen = {
        path
        for path in (ROOF, FRONT, BACK)
        if UsdGeom.Imageable(stage.GetPrimAtPath(path)).ComputeVisibility() == "invisible"
    }
    assert unseen == hidden


def test_lamps_hang_in_rows_below_the_roof_and_shine_down(tmp_path: Path) -> None:
    layer = Layer(tmp_path / "lamps.usda", STILL)
    add_lamps(layer, (100.0, 45.0, 12.0))
    layer.save()
    stage = Usd.Stage.Open(str(tmp_path / "lamps.usda"))
    lamps = stage.GetPrimAtPath(f"{ROOF}/Lamps").GetAllChildren()
    spots = [
        UsdGeom.Xformable(p).ComputeLocalToWorldTransform(0).ExtractTranslation() for p in lamps
    ]
    assert [round(spot[1], 3) for spot in spots] == [9.0, 18.0, 27.0, 36.0]
    assert {(spot[0], round(spot[2], 3)) for spot in spots} == {(50.0, 11.2)}
    assert all(UsdLux.RectLight(prim).GetWidthAttr().Get() == 96.0 for prim in lamps)
