"""The material library: one UsdPreviewSurface per look."""

from __future__ import annotations

from pathlib import Path

from pxr import Gf, Sdf

from twin.palette import linear_rgb
from twin.usd.layer import TOKEN, Layer
from twin.usd.library import Look, asset_library
from twin.usd.span import STILL

SCOPE = "/Materials"
FILE = "materials/materials.usda"


def write_materials(folder: Path) -> None:
    """Write the library of all looks; values stand on the shader, where every reader finds them."""
    layer = Layer(folder / FILE, STILL, SCOPE)
    layer.define(SCOPE, "Scope")
    for name, look in asset_library().LOOKS.items():
        _material(layer, f"{SCOPE}/{name}", look)
    layer.save()


def material_path(prim: str, look: str) -> str:
    """Return where a prim's own reference to a look is."""
    return f"{prim}/Materials/{look}"


def add_materials(layer: Layer, prim: str, looks: list[str], library: str) -> None:
    """Reference the looks a prim's meshes use."""
    layer.define(f"{prim}/Materials", "Scope")
    for look in looks:
        made = layer.define(material_path(prim, look), "Material")
        layer.reference(made, library, f"{SCOPE}/{look}")


def _material(layer: Layer, path: str, look: Look) -> None:
    material = layer.define(path, "Material")
    shader = layer.define(f"{path}/Surface", "Shader")
    layer.attribute(shader, "info:id", TOKEN, "UsdPreviewSurface", uniform=True)
    colour = Gf.Vec3f(*linear_rgb(look.colour))
    layer.attribute(shader, "inputs:diffuseColor", Sdf.ValueTypeNames.Color3f, colour)
    for name in ("roughness", "metallic", "opacity"):
        layer.attribute(shader, f"inputs:{name}", Sdf.ValueTypeNames.Float, getattr(look, name))
    if look.emission:
        layer.attribute(
            shader, "inputs:emissiveColor", Sdf.ValueTypeNames.Color3f, colour * look.emission
        )
    layer.attribute(shader, "outputs:surface", TOKEN)
    surface = layer.attribute(material, "outputs:surface", TOKEN)
    surface.connectionPathList.explicitItems.append(f"{path}/Surface.outputs:surface")
