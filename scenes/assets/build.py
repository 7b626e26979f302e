"""Build the asset library from the CAD models: ``python -m scenes.assets.build [NAME...]``.

``--check`` writes nothing and fails where a file in the library is not what its model makes. The
same model gives the same bytes. Needs build123d (extra ``cad``).
"""

from __future__ import annotations

import argparse
import importlib
import math
import pkgutil
import shutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType

import numpy as np
from pxr import Gf, Sdf, Vt

from scenes.assets import cad
from scenes.assets.cad.model import Model
from scenes.assets.cad.solid import Part, Solid, bar, block
from scenes.assets.cad.tessellate import COARSE, FINE, span_m, surface_of
from scenes.assets.look import LOOKS
from scenes.assets.stock import LAMP, LIBRARY, PIECES, ROUND, SIZE, WHOLE
from scenes.assets.stretch import Surface
from twin.plant.base import Vec3
from twin.usd.component import FAR_LOOK, LOOK, write_interface, write_shape
from twin.usd.material import write_materials
from twin.usd.shape import Shape
from twin.usd.validation import validate

MAX_TRIANGLES = 3000
MATERIALS = "materials"
"""The folder of the material library, beside that of the assets."""

POLE_M = 0.22
TOLERANCE_M = 0.011
FAR_SHARE = 0.12
"""Solids smaller than this share of an asset are left out of what is seen from afar."""

_INTS = Sdf.ValueTypeNames.IntArray
_FLOAT3 = Sdf.ValueTypeNames.Float3


def models() -> dict[str, ModuleType]:
    """Return the module behind every asset that CAD makes."""
    found: dict[str, ModuleType] = {}
    for info in pkgutil.iter_modules(cad.__path__):
        module = importlib.import_module(f"{cad.__name__}.{info.name}")
        names = [module.NAME] if hasattr(module, "NAME") else getattr(module, "NAMES", ())
        found |= dict.fromkeys(names, module)
    return dict(sorted(found.items()))


def model_of(name: str, module: ModuleType) -> Model:
    """Return the model of an asset; modules with `NAMES` make several and are asked by name."""
    made = module.model() if hasattr(module, "NAME") else module.model(name)
    if not isinstance(made, Model):
        raise SystemExit(f"{module.__name__}.model() returns no Model.")
    return made


def build(name: str, made: Model, folder: Path) -> list[str]:
    """Write one asset below a folder; return what is wrong with it."""
    near = _surfaces(_with_pole(made), (FINE[0], made.turn_rad))
    far = _surfaces(_from_afar(made), COARSE)
    shape, shape.coarse = _shape(near), _shape(far)
    if made.lamp_m is not None:
        shape.lamp_m = _lamp_m(made.lamp_m)
    write_shape(folder / name, name, shape)
    _describe(folder / name / "payload.usdc", name, made, near, far)
    write_interface(folder, name, shape.bounds_m(), solid_m=shape.bounds_m(), labels=(name,))
    return faults(made, near)


def faults(made: Model, near: dict[str, Surface]) -> list[str]:
    """Return what makes an asset unfit for the library."""
    found = [f"surface '{look}' is not in LOOKS" for look in near if look not in LOOKS]
    triangles = sum(len(surface.mesh.counts) for surface in near.values())
    if triangles >= MAX_TRIANGLES:
        found.append(f"{triangles} triangles; allowed are fewer than {MAX_TRIANGLES}")
    solids = [surface.mesh.points for look, surface in near.items()]
    points = np.concatenate(solids)
    over_m = max(POLE_M if made.lamp_m else 0.0, made.over_m)
    length, width, height = made.size_m
    low = np.array([-length / 2, -width / 2, 0.0]) - TOLERANCE_M
    high = np.array([length / 2, width / 2, height + over_m]) + TOLERANCE_M
    if made.standing and ((points < low).any() or (points > high).any()):
        reach = f"{points.min(axis=0).round(3)} to {points.max(axis=0).round(3)}"
        found.append(f"reaches from {reach}, out of its size {made.size_m}")
    return found


def main(arguments: list[str] | None = None) -> int:
    """Build, or check, the assets that are named; all of them if none is."""
    parser = argparse.ArgumentParser(prog="python -m scenes.assets.build", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="assets; default: all")
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    options = parser.parse_args(arguments)
    known = models()
    if unknown := sorted({*options.names} - {*known}):
        parser.error(f"there is no model '{unknown[0]}'; models are {', '.join(known)}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / LIBRARY.name
        write_materials(folder.parent)
        wrong = [
            f"{name}: {fault}"
            for name in options.names or known
            for fault in _made(name, known[name], folder, check=options.check)
        ]
    for text in wrong:
        sys.stderr.write(f"{text}\n")
    return 1 if wrong else 0


def _made(name: str, module: ModuleType, folder: Path, *, check: bool) -> list[str]:
    """Build one asset in a temporary folder, and compare it or put it into the library."""
    found = build(name, model_of(name, module), folder)
    found += validate(folder / name / f"{name}.usda")
    for part in (name, f"../{MATERIALS}"):
        if check:
            found += _differences(folder / part, LIBRARY / part)
        elif not found:
            shutil.copytree(folder / part, LIBRARY / part, dirs_exist_ok=True)
    if not found:
        sys.stdout.write(f"{name}: {'as committed' if check else 'written'}\n")
    return found


def _differences(made: Path, kept: Path) -> list[str]:
    return [
        f"{kept / path.name} is not what its model makes; build it again"
        for path in sorted(made.iterdir())
        if not (kept / path.name).is_file() or (kept / path.name).read_bytes() != path.read_bytes()
    ]


def _with_pole(made: Model) -> Part:
    """Return the solids of a model, with the pole of its signal lamp."""
    if made.lamp_m is None:
        return made.solids
    pole = bar(made.lamp_m, _lamp_m(made.lamp_m), 0.025)
    return {**made.solids, "steel": [*made.solids.get("steel", ()), pole]}


def _lamp_m(foot_m: Vec3) -> Vec3:
    return (foot_m[0], foot_m[1], foot_m[2] + POLE_M)


def _from_afar(made: Model) -> Part:
    """Return what is seen of a model from afar: its large solids, without their details."""
    if made.coarse:
        return made.coarse
    least = FAR_SHARE * math.hypot(*made.size_m)
    large = {
        look: [_plain(solid) for solid in solids if span_m(solid) >= least]
        for look, solids in made.solids.items()
    }
    kept = {look: solids for look, solids in large.items() if solids}
    return kept or made.solids


def _plain(solid: Solid) -> Solid:
    """Return a solid's box where it fills nearly all of it, else the solid."""
    box = solid.bounding_box()
    if solid.volume < 0.9 * box.size.X * box.size.Y * box.size.Z:
        return solid
    centre = box.center()
    return block(tuple(box.size), (centre.X, centre.Y, box.min.Z))


def _surfaces(part: Part, fineness: tuple[float, float]) -> dict[str, Surface]:
    return {look: surface_of(solids, fineness) for look, solids in part.items()}


def _shape(surfaces: dict[str, Surface]) -> Shape:
    shape = Shape()
    for look, surface in surfaces.items():
        shape.mesh(look, surface.mesh)
    return shape


def _describe(
    path: Path, name: str, made: Model, near: dict[str, Surface], far: dict[str, Surface]
) -> None:
    """Add to a payload what is needed to stretch it: size, lamp, and the extent of each solid."""
    layer = Sdf.Layer.FindOrOpen(str(path))
    root = layer.GetPrimAtPath(f"/{name}")
    _custom(root, SIZE, _FLOAT3, Gf.Vec3f(*made.size_m))
    _custom(root, WHOLE, Sdf.ValueTypeNames.Bool, made.whole)
    if made.lamp_m is not None:
        _custom(root, LAMP, _FLOAT3, Gf.Vec3f(*_lamp_m(made.lamp_m)))
    for prototype, surfaces in ((LOOK, near), (FAR_LOOK, far)):
        for look, surface in surfaces.items():
            prim = layer.GetPrimAtPath(f"{prototype}/{look}")
            for key, values in ((PIECES, surface.pieces), (ROUND, surface.round)):
                _custom(prim, key, _INTS, Vt.IntArray(values.tolist()))
    layer.Save()


def _custom(prim: Sdf.PrimSpec, name: str, kind: Sdf.ValueTypeName, value: object) -> None:
    made = Sdf.AttributeSpec(prim, name, kind, Sdf.VariabilityUniform)
    made.custom, made.default = True, value


if __name__ == "__main__":
    raise SystemExit(main())
