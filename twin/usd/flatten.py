"""One branch of a stage as plain prims: no references, no instancing, only what AR viewers take."""

from __future__ import annotations

import numpy as np
from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade

from twin.usd.layer import DOUBLE3, TOKEN, Layer
from twin.usd.span import Span

_KEPT = frozenset({"visibility", "purpose", "xformOpOrder", "twin:id"})
_MESH = ("points", "face", "extent", "subdivisionScheme", "primvars:normals", "orientation")
_TRANSLATE, _ORIENT = "xformOp:translate", "xformOp:orient"


class Flattener:
    """Copies prims of a stage into a layer of its own, over a span, with times from 0 on.

    Parameters
    ----------
    layer : Layer
        Where to.
    materials : str
        Path of the scope that gets the surfaces used.
    span : Span
        The part of the stage that counts.
    """

    def __init__(self, layer: Layer, materials: str, span: Span) -> None:
        self.layer, self.span = layer, span
        self.n_triangles = 0
        self._materials = materials
        self._known: dict[str, str] = {}
        layer.define(materials, "Scope")

    def copy(self, prim: Usd.Prim, path: str) -> None:
        """Copy a prim and what is below it; guides, cameras and surfaces in place are left out."""
        if prim.IsA(UsdGeom.PointInstancer):
            self._expand(UsdGeom.PointInstancer(prim), path)
            return
        if not _wanted(prim):
            return
        made = self.layer.define(path, "Mesh" if prim.IsA(UsdGeom.Mesh) else "Xform")
        self._attributes(prim, made)
        if prim.IsA(UsdGeom.Mesh):
            self._surface(prim, made)
            counts = np.asarray(prim.GetAttribute("faceVertexCounts").Get())
            self.n_triangles += int((counts - 2).sum())
        for child in prim.GetFilteredChildren(Usd.TraverseInstanceProxies()):
            self.copy(child, f"{path}/{child.GetName()}")

    def _attributes(self, prim: Usd.Prim, made: Sdf.PrimSpec) -> None:
        mesh = prim.IsA(UsdGeom.Mesh)
        for attribute in prim.GetAuthoredAttributes():
            name = attribute.GetName()
            kept = name in _KEPT or name.startswith("xformOp:")
            if kept or (mesh and name.startswith(_MESH)):
                self._attribute(attribute, made)

    def _attribute(self, attribute: Usd.Attribute, made: Sdf.PrimSpec) -> None:
        name, fixed = attribute.GetName(), attribute.GetVariability() == Sdf.VariabilityUniform
        start = attribute.Get(self.span.start)
        spec = self.layer.attribute(made, name, attribute.GetTypeName(), start, uniform=fixed)
        if attribute.HasAuthoredMetadata("interpolation"):
            spec.SetInfo("interpolation", attribute.GetMetadata("interpolation"))
        codes = _codes(attribute, self.span)
        values = [attribute.Get(code) for code in codes]
        if any(value != start for value in values):
            at = np.array(codes) - self.span.start
            self.layer.linear(f"{made.path}.{name}", at, values)

    def _surface(self, prim: Usd.Prim, made: Sdf.PrimSpec) -> None:
        """Bind a copy of the surface of a mesh; a mesh with a mere colour gets one of its own."""
        bound, _ = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()
        if bound:
            shader = bound.ComputeSurfaceSource()[0]
            names = ("diffuseColor", "roughness", "metallic", "opacity")
            inputs = {name: shader.GetInput(name) for name in names}
            values = {name: found.Get() for name, found in inputs.items() if found}
        else:
            colour = prim.GetAttribute("primvars:displayColor").Get(self.span.start)
            values = {"diffuseColor": Gf.Vec3f(*colour[0]) if colour else Gf.Vec3f(0.5)}
        self.layer.apply(made, "MaterialBindingAPI")
        binding = Sdf.RelationshipSpec(made, "material:binding", custom=False)
        binding.targetPathList.explicitItems.append(self._material(values))

    def _material(self, values: dict[str, object]) -> str:
        key = repr(sorted(values.items()))
        if key not in self._known:
            path = self._known[key] = f"{self._materials}/surface_{len(self._known) + 1}"
            material = self.layer.define(path, "Material")
            shader = self.layer.define(f"{path}/Surface", "Shader")
            self.layer.attribute(shader, "info:id", TOKEN, "UsdPreviewSurface", uniform=True)
            for name, value in values.items():
                vector = name == "diffuseColor"
                kind = Sdf.ValueTypeNames.Color3f if vector else Sdf.ValueTypeNames.Float
                self.layer.attribute(shader, f"inputs:{name}", kind, value)
            self.layer.attribute(shader, "outputs:surface", TOKEN)
            surface = self.layer.attribute(material, "outputs:surface", TOKEN)
            surface.connectionPathList.explicitItems.append(f"{path}/Surface.outputs:surface")
        return self._known[key]

    def _expand(self, instancer: UsdGeom.PointInstancer, path: str) -> None:
        """Write each slot that is ever taken as a prim of its own, visible while it is taken."""
        hidden = instancer.GetInvisibleIdsAttr()
        codes = _codes(hidden, self.span)
        off = [set(hidden.Get(code) or ()) for code in codes]
        which = instancer.GetProtoIndicesAttr().Get()
        targets = instancer.GetPrototypesRel().GetTargets()
        self.layer.define(path)
        for slot, kind in enumerate(which):
            shown = [slot not in ids for ids in off]
            if any(shown):
                name = f"{path}/slot_{slot}"
                self._slot(instancer, slot, name, codes, shown)
                prototype = instancer.GetPrim().GetStage().GetPrimAtPath(targets[kind])
                self.copy(prototype, f"{name}/{prototype.GetName()}")

    def _slot(
        self,
        instancer: UsdGeom.PointInstancer,
        slot: int,
        path: str,
        codes: list[float],
        shown: list[bool],
    ) -> None:
        prim, start = self.layer.define(path), self.span.start
        positions = instancer.GetPositionsAttr()
        spots = {code: Gf.Vec3d(positions.Get(code)[slot]) for code in _codes(positions, self.span)}
        self.layer.attribute(prim, _TRANSLATE, DOUBLE3, spots[start])
        turn = Gf.Quatf(instancer.GetOrientationsAttr().Get(start)[slot])
        self.layer.attribute(prim, _ORIENT, Sdf.ValueTypeNames.Quatf, turn)
        self.layer.order(prim, _TRANSLATE, _ORIENT)
        if len(set(map(tuple, spots.values()))) > 1:
            times = np.array([*spots]) - start
            self.layer.linear(f"{path}.{_TRANSLATE}", times, [*spots.values()])
        tokens = ["inherited" if on else "invisible" for on in shown]
        self.layer.attribute(prim, "visibility", TOKEN, tokens[0])
        if len(set(shown)) > 1:
            self.layer.linear(f"{path}.visibility", np.array(codes) - start, tokens)


def _wanted(prim: Usd.Prim) -> bool:
    """Return whether a prim is drawn: no surface in place, camera or guide."""
    if prim.GetName() == "Prototypes" or not prim.IsA(UsdGeom.Xformable):
        return False
    return not prim.IsA(UsdGeom.Camera) and (
        UsdGeom.Imageable(prim).ComputePurpose() != UsdGeom.Tokens.guide
    )


def _codes(attribute: Usd.Attribute, span: Span) -> list[float]:
    """Return the times in a span at which an attribute has samples, and the span's ends."""
    inner = attribute.GetTimeSamplesInInterval(Gf.Interval(span.start, span.end))
    return sorted({span.start, *inner, span.end})
