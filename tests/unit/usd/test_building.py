"""The building: what each choice of its shell shows."""

from __future__ import annotations

import pytest
from pxr import Sdf, Usd, UsdGeom

from twin.usd.building import BACK, FRONT, ROOF, write_shell
from twin.usd.path import BUILDING


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
