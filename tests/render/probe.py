"""Reads and draws a stage with Blender; run by a Python that has `bpy`, prints JSON.

``probe.py STAGE FRAME,FRAME,... [OUT NAME=CAMERA@SECONDS ...]``
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parents[2] / "docs"))
import render_stage

SIZE = (320, 180)


def poses(frames: list[float]) -> dict[str, list[list[float]]]:
    """Return the world matrices (row by row, as USD has them) by prim path, one for each frame."""
    found: dict[str, list[list[float]]] = {}
    for frame in frames:
        render_stage.go_to(frame / render_stage.CODES_PER_S)
        graph = bpy.context.evaluated_depsgraph_get()
        for thing in bpy.data.objects:
            path = render_stage.path_of(thing)
            if path.startswith("/Plant/"):
                matrix = thing.evaluated_get(graph).matrix_world.transposed()
                found.setdefault(path, []).append([value for row in matrix for value in row])
    return found


def instances() -> int:
    """Return how many things Blender would draw, with all copies of instances."""
    return sum(1 for _ in bpy.context.evaluated_depsgraph_get().object_instances)


def main() -> None:
    """Read, print what is there, and draw."""
    stage, frames, *rest = sys.argv[1:]
    render_stage.open_stage(Path(stage))
    scene = bpy.context.scene
    render_stage.go_to(float(frames.split(",")[0]) / render_stage.CODES_PER_S)
    report = {
        "types": Counter(thing.type for thing in bpy.data.objects),
        "cameras": sorted(render_stage.cameras()),
        "frames": [scene.frame_start, scene.frame_end, scene.render.fps],
        "colours": {m.name: list(m.diffuse_color) for m in bpy.data.materials},
        "instances": instances(),
        "poses": poses([float(frame) for frame in frames.split(",")]),
    }
    sys.stdout.write("\nREPORT " + json.dumps(report) + "\n")
    sys.stdout.flush()
    if rest:
        render_stage.use_workbench(shadows=False)
        for text in rest[1:]:
            picture = render_stage.shot(text)
            render_stage.take(picture, Path(rest[0]) / f"{picture.name}.png", SIZE)


if __name__ == "__main__":
    main()
