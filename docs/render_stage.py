"""Take pictures of a stage with Blender: run by the Python that has `bpy`, not by the project's.

``.venv-bpy/bin/python docs/render_stage.py STAGE OUT NAME=CAMERA@SECONDS ...`` writes
``OUT/NAME.jpg``.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import bpy

CODES_PER_S = 24.0
OF_BUILDING = frozenset({"shell"})
"""Variant sets of the building; the others are those of the plant."""

_SESSION = """#usda 1.0
(
    defaultPrim = "Plant"
    framesPerSecond = 24
    metersPerUnit = 1
    subLayers = [@{root}@]
    timeCodesPerSecond = 24
    upAxis = "Z"
)

over "Plant" (
    variants = {{
{plant}
    }}
)
{{
    over "Building" (
        variants = {{
{building}
        }}
    )
    {{
    }}
}}
"""


@dataclass(frozen=True)
class Shot:
    """One picture: the path of a camera below ``/Plant/Cameras``, and seconds of the run."""

    name: str
    camera: str
    time_s: float


def shot(text: str) -> Shot:
    """Read ``NAME=CAMERA@SECONDS``."""
    name, _, rest = text.partition("=")
    camera, _, seconds = rest.partition("@")
    return Shot(name, camera, float(seconds))


@contextmanager
def with_variants(root: Path, variants: Mapping[str, str]) -> Iterator[Path]:
    """Yield a layer over the stage that chooses variants of the plant, and of its building."""
    if not variants:
        yield root
        return
    chosen: dict[str, list[str]] = {"plant": [], "building": []}
    for name, value in variants.items():
        owner = "building" if name in OF_BUILDING else "plant"
        chosen[owner].append(f'        string {name} = "{value}"')
    lines = {owner: "\n".join(texts) for owner, texts in chosen.items()}
    with tempfile.TemporaryDirectory() as folder:
        layer = Path(folder) / "chosen.usda"
        layer.write_text(_SESSION.format(root=root.resolve(), **lines), encoding="utf-8")
        yield layer


def open_stage(root: Path, variants: Mapping[str, str] | None = None) -> None:
    """Import a stage into an empty scene."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.context.scene.world = bpy.data.worlds.new("Sky")  # Blender puts a dome light only here
    with with_variants(root, variants or {}) as layer:
        bpy.ops.wm.usd_import(
            filepath=str(layer),
            import_guide=False,
            import_proxy=False,
            merge_parent_xform=False,  # so that every prim is an object of its own name
        )
    for material in bpy.data.materials:
        _show_in_workbench(material)


def path_of(thing: bpy.types.Object) -> str:
    """Return the prim path of an object: Blender numbers names that occur more than once."""
    names = []
    while thing is not None:
        names.append(thing.name.split(".")[0])
        thing = thing.parent
    return "/" + "/".join(reversed(names))


def cameras() -> dict[str, bpy.types.Object]:
    """Return the cameras by their paths below ``/Plant/Cameras``."""
    found = (thing for thing in bpy.data.objects if thing.type == "CAMERA")
    return {path_of(thing).removeprefix("/Plant/Cameras/"): thing for thing in found}


def go_to(time_s: float) -> None:
    """Show the moment of the run."""
    whole = math.floor(time_s * CODES_PER_S)
    bpy.context.scene.frame_set(whole, subframe=time_s * CODES_PER_S - whole)


def take(picture: Shot, file: Path, size: tuple[int, int]) -> None:
    """Render one picture; the suffix of the file decides on its format."""
    scene = bpy.context.scene
    scene.camera = cameras()[picture.camera]
    go_to(picture.time_s)
    scene.render.resolution_x, scene.render.resolution_y = size
    scene.render.resolution_percentage = 100
    jpeg = file.suffix == ".jpg"
    scene.render.image_settings.file_format = "JPEG" if jpeg else "PNG"
    scene.render.image_settings.quality = 88
    scene.render.filepath = str(file)
    bpy.ops.render.render(write_still=True)


def use_workbench(*, shadows: bool = True) -> None:
    """Draw quickly: plain colours, with shadows and cavities if asked."""
    scene = bpy.context.scene
    scene.render.engine = "BLENDER_WORKBENCH"
    shading = scene.display.shading
    shading.light, shading.color_type = "STUDIO", "MATERIAL"
    shading.show_shadows = shading.show_cavity = shadows
    scene.display.render_aa = "8" if shadows else "FXAA"
    scene.view_settings.view_transform = "Standard"
    scene.world = bpy.data.worlds.new("World")
    scene.world.color = (0.5, 0.6, 0.7)


def use_cycles(samples: int, exposure: float) -> None:
    """Trace light: with the lights of the stage."""
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device, cycles.samples, cycles.use_denoising = "CPU", samples, True
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 6, 3, 3
    cycles.transparent_max_bounces = 16
    cycles.use_adaptive_sampling, cycles.adaptive_threshold = True, 0.05
    cycles.sample_clamp_indirect = 8.0
    cycles.caustics_reflective = cycles.caustics_refractive = False
    scene.render.threads_mode, scene.render.threads = "FIXED", 2
    view = scene.view_settings
    view.view_transform, view.look, view.exposure = "AgX", "AgX - Medium High Contrast", exposure


def hide(prims: list[str]) -> None:
    """Leave out what stands below these paths."""
    for thing in bpy.data.objects:
        if any(path_of(thing).startswith(prim) for prim in prims):
            thing.hide_render = True


def _show_in_workbench(material: bpy.types.Material) -> None:
    """Workbench draws the colour of the material, not of its nodes."""
    for node in material.node_tree.nodes if material.node_tree else ():
        if node.type == "BSDF_PRINCIPLED":
            red, green, blue, _ = node.inputs["Base Color"].default_value
            alpha = node.inputs["Alpha"].default_value
            material.diffuse_color = (red, green, blue, alpha)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("shots", nargs="+", type=shot, metavar="NAME=CAMERA@SECONDS")
    parser.add_argument("--engine", choices=("cycles", "workbench"), default="cycles")
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--size", type=int, nargs=2, default=(960, 540))
    parser.add_argument("--exposure", type=float, default=-0.2)
    parser.add_argument("--variant", action="append", default=[], metavar="SET=NAME")
    parser.add_argument("--hide", action="append", default=[], metavar="PRIM")
    parser.add_argument("--format", choices=("jpg", "png"), default="jpg")
    return parser.parse_args()


def main() -> None:
    """Take the pictures asked for on the command line."""
    options = _options()
    open_stage(options.stage, dict(text.split("=") for text in options.variant))
    hide(options.hide)
    if options.engine == "workbench":
        use_workbench()
    else:
        use_cycles(options.samples, options.exposure)
    options.out.mkdir(parents=True, exist_ok=True)
    for picture in options.shots:
        take(picture, options.out / f"{picture.name}.{options.format}", tuple(options.size))


if __name__ == "__main__":
    main()
