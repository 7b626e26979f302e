"""Machines whose look is a USD file of the user's own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, UsdUtils

from twin.palette import NORMAL, linear_rgb
from twin.plant.base import Vec3
from twin.plant.own_asset import is_file
from twin.plant.plant import Plant
from twin.usd.component import FAR, FOLDER, write_interface
from twin.usd.geometry import add_lamp
from twin.usd.layer import FLOAT3, Layer
from twin.usd.span import STILL

SOURCE = "source"
"""The folder of a component that holds the file and what it needs."""

SHOWN = "Shown"
LEAST_M = 1e-4
_Y_UP_DEG = 90.0


@dataclass(frozen=True)
class OwnAsset:
    """A file that can be shown.

    Attributes
    ----------
    path : Path
    prim : str
        Prim to reference; the default prim, or the first one.
    scale : float
        Metres of one unit.
    y_up : bool
    bounds_m : (Vec3, Vec3)
        Box in metres, z up.
    """

    path: Path
    prim: str
    scale: float
    y_up: bool
    bounds_m: tuple[Vec3, Vec3]


def own_asset(path: str | Path) -> OwnAsset | str:
    """Return what a file shows, or why it cannot be used."""
    file = Path(path)
    if not file.is_file():
        return f"{file}: there is no such file"
    diagnostics = UsdUtils.CoalescingDiagnosticDelegate()
    try:
        stage = Usd.Stage.Open(str(file))
        said = [one.commentary for one in diagnostics.TakeUncoalescedDiagnostics()]
        if said:
            return f"{file}: {' '.join(said[0].split())}"
        return _seen(file, stage)
    except Exception as error:  # noqa: BLE001 - readers of files raise what they like
        return f"{file}: is no USD file that can be read ({str(error).strip().splitlines()[-1]})"
    finally:
        diagnostics.TakeUncoalescedDiagnostics()


def own_asset_problems(plant: Plant) -> list[str]:
    """Return a sentence for every station whose file cannot be used."""
    return [f"station '{id_}': {text}; a box stands in its place." for id_, text in _wrong(plant)]


def write_own_asset(folder: Path, name: str, found: OwnAsset) -> None:
    """Copy a file with all it needs, and write the component that shows it."""
    home = folder / FOLDER / name
    source = _copied(found.path, home / SOURCE)
    layer = Layer(home / "payload.usdc", STILL, f"/{name}")
    low, high = found.bounds_m
    lamp = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, high[2])
    for root in (f"/{name}", f"/{name}{FAR}"):
        layer.define(root)
        _upright(layer, layer.define(f"{root}/Look"), found)
        shown = layer.define(f"{root}/Look/{SHOWN}")
        shown.instanceable = True
        layer.reference(shown, f"./{SOURCE}/{source}", found.prim)
        add_lamp(layer, root, lamp, Gf.Vec3f(*linear_rgb(NORMAL)))
    layer.save()
    bounds = found.bounds_m
    write_interface(folder / FOLDER, name, bounds, solid_m=bounds, labels=("machine", name))


def _wrong(plant: Plant) -> Iterator[tuple[str, str]]:
    for station in plant.stations.values():
        if is_file(station.asset) and isinstance(found := own_asset(station.asset), str):
            yield station.id, found


def _seen(file: Path, stage: Usd.Stage) -> OwnAsset | str:
    """Return what an opened stage shows, or that it shows nothing."""
    roots = stage.GetPseudoRoot().GetChildren()
    prim = stage.GetDefaultPrim() or (roots[0] if roots else None)
    if not prim:
        return f"{file}: is empty"
    purposes = [UsdGeom.Tokens.default_, UsdGeom.Tokens.render]
    box = UsdGeom.BBoxCache(Usd.TimeCode.EarliestTime(), purposes).ComputeWorldBound(prim)
    span = box.ComputeAlignedRange()
    size = max(span.GetSize()) if not span.IsEmpty() else 0.0
    scale = UsdGeom.GetStageMetersPerUnit(stage)
    if not 0.0 < size * scale < float("inf") or size * scale < LEAST_M:
        return f"{file}: shows nothing"
    y_up = UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.y
    corners = np.array([list(span.GetCorner(k)) for k in range(8)]) * scale
    if y_up:
        corners = corners[:, [0, 2, 1]] * (1.0, -1.0, 1.0)
    low, high = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    bounds = ((low[0], low[1], low[2]), (high[0], high[1], high[2]))
    return OwnAsset(file, str(prim.GetPath()), scale, y_up, bounds)


def _copied(path: Path, folder: Path) -> str:
    """Copy a file and everything it refers to; return the file to reference, in that folder."""
    folder.mkdir(parents=True)
    if path.suffix.lower() == ".usdz":
        shutil.copyfile(path, folder / path.name)
        return path.name
    UsdUtils.LocalizeAsset(Sdf.AssetPath(str(path)), str(folder))
    return path.name


def _upright(layer: Layer, prim: Sdf.PrimSpec, found: OwnAsset) -> None:
    """Turn and scale a file to metres and z up."""
    layer.attribute(prim, "xformOp:rotateXYZ", FLOAT3, Gf.Vec3f(_Y_UP_DEG * found.y_up, 0, 0))
    layer.attribute(prim, "xformOp:scale", FLOAT3, Gf.Vec3f(found.scale))
    layer.order(prim, "xformOp:rotateXYZ", "xformOp:scale")
