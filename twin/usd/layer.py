"""Writing one layer: prims, attributes, references and time samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf, UsdGeom, Vt

from twin.plant.base import Vec3
from twin.usd.path import ROOT
from twin.usd.span import CODES_PER_S, Span

Floats = NDArray[np.float64]

FLOAT3 = Sdf.ValueTypeNames.Float3
DOUBLE3 = Sdf.ValueTypeNames.Double3
TOKEN = Sdf.ValueTypeNames.Token
_UNIFORM = Sdf.VariabilityUniform


class Layer:
    """A new layer of a stage, written through its specs.

    Parameters
    ----------
    path : Path
        File; ``.usda`` is text, ``.usdc`` binary.
    span : Span
        The time of the stage.
    root : str
        Path of the default prim.
    """

    def __init__(self, path: Path, span: Span, root: str = ROOT) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.sdf = Sdf.Layer.CreateNew(str(path))
        self._n_prims = 0
        self.sdf.defaultPrim = root[1:]
        self.sdf.timeCodesPerSecond = self.sdf.framesPerSecond = CODES_PER_S
        self.sdf.startTimeCode, self.sdf.endTimeCode = span.start, span.end
        info = self.sdf.pseudoRoot
        info.SetInfo("upAxis", UsdGeom.Tokens.z)
        info.SetInfo("metersPerUnit", 1.0)
        info.SetInfo("kilogramsPerUnit", 1.0)

    def save(self) -> int:
        """Write the file; return how many prims the layer defines."""
        if not self.sdf.Save():
            raise OSError(None, "OpenUSD did not save a layer", self.sdf.identifier)
        return self._n_prims

    def define(
        self, path: str, type_name: str = "Xform", *, kind: str = "", label: str = ""
    ) -> Sdf.PrimSpec:
        """Define a prim; its parents get ``over`` where they are not defined here."""
        prim = Sdf.CreatePrimInLayer(self.sdf, path)
        prim.specifier, prim.typeName = Sdf.SpecifierDef, type_name
        self._n_prims += 1
        if kind:
            prim.kind = kind
        if label:
            prim.SetInfo("displayName", label)
        return prim

    def define_class(self, path: str) -> Sdf.PrimSpec:
        """Define a class: geometry that is used by reference only."""
        prim = Sdf.CreatePrimInLayer(self.sdf, path)
        prim.specifier, prim.typeName = Sdf.SpecifierClass, "Xform"
        return prim

    def over(self, path: str) -> Sdf.PrimSpec:
        """Return the prim, as an ``over`` where it is not defined in this layer."""
        return self.sdf.GetPrimAtPath(path) or Sdf.CreatePrimInLayer(self.sdf, path)

    def attribute(
        self,
        prim: Sdf.PrimSpec,
        name: str,
        type_name: Sdf.ValueTypeName,
        value: object = None,
        *,
        uniform: bool = False,
    ) -> Sdf.AttributeSpec:
        """Add an attribute with a default value."""
        variability = _UNIFORM if uniform else Sdf.VariabilityVarying
        found = prim.attributes.get(name)
        made = found or Sdf.AttributeSpec(prim, name, type_name, variability)
        if value is not None:
            made.default = value
        return made

    def reference(self, prim: Sdf.PrimSpec, asset: str, target: str = "") -> None:
        """Add a reference to another layer, or with an empty `asset` to a prim of this one."""
        prim.referenceList.Prepend(Sdf.Reference(asset, Sdf.Path(target) if target else Sdf.Path()))

    def apply(self, prim: Sdf.PrimSpec, *schemas: str) -> None:
        """Apply API schemas."""
        known = prim.GetInfo("apiSchemas") if prim.HasInfo("apiSchemas") else Sdf.TokenListOp()
        listed = [*known.prependedItems, *(s for s in schemas if s not in known.prependedItems)]
        op = Sdf.TokenListOp()
        op.prependedItems = listed
        prim.SetInfo("apiSchemas", op)

    def place(
        self, prim: Sdf.PrimSpec, position_m: Sequence[float], heading_deg: float = 0.0
    ) -> None:
        """Add translation and rotation about the vertical."""
        self.attribute(prim, "xformOp:translate", DOUBLE3, Gf.Vec3d(*position_m))
        self.attribute(prim, "xformOp:rotateXYZ", FLOAT3, Gf.Vec3f(0, 0, heading_deg))
        self.order(prim, "xformOp:translate", "xformOp:rotateXYZ")

    def order(self, prim: Sdf.PrimSpec, *ops: str) -> None:
        """Set the order of transform operations."""
        self.attribute(
            prim, "xformOpOrder", Sdf.ValueTypeNames.TokenArray, Vt.TokenArray(ops), uniform=True
        )

    def linear(self, path: str, codes: Floats, values: Sequence[object]) -> None:
        """Add time samples; numbers are interpolated between them, the rest is held."""
        put, target = self.sdf.SetTimeSample, Sdf.Path(path)
        with Sdf.ChangeBlock():
            for code, value in zip(codes.tolist(), values, strict=True):
                put(target, code, value)

    def held(self, path: str, codes: Floats, values: Sequence[object]) -> None:
        """Add time samples of numbers that jump: each value holds until just before the next."""
        before = np.nextafter(codes[1:], -np.inf)
        self.linear(path, before, values[:-1])
        self.linear(path, codes, values)

    def asset_info(self, prim: Sdf.PrimSpec, values: Mapping[str, object]) -> None:
        """Set the asset info of a component."""
        for key, value in values.items():
            prim.assetInfo[key] = value


def vec3d(values: Floats) -> list[Gf.Vec3d]:
    """Return rows (n, 3) as double vectors."""
    return list(Vt.Vec3dArray.FromNumpy(np.ascontiguousarray(values, dtype=np.float64)))


def vec3f(values: Floats) -> list[Gf.Vec3f]:
    """Return rows (n, 3) as float vectors."""
    return list(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(values, dtype=np.float32)))


def extent(low: Vec3, high: Vec3) -> Vt.Vec3fArray:
    """Return a bounding box as an extent."""
    return Vt.Vec3fArray([Gf.Vec3f(*low), Gf.Vec3f(*high)])
