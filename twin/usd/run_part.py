"""The part of a stage that shows one run: what moved, what things were doing, what was flagged."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from twin.flags import flags
from twin.motion.motion import Motion
from twin.run.run import Run
from twin.usd import camera, flag, flow, heat, heat_map, movement, state_colour, value
from twin.usd.catalogue import Catalogue
from twin.usd.path import ROOT, Paths
from twin.usd.root import Options, write_run_layer
from twin.usd.span import Span

Progress = Callable[[float, float], None]

LAYERS = (flag.FILE, camera.FILE, value.FILE, movement.FILE, flow.FILE)
"""Sublayers of a run, the strongest first."""


def write_run(
    folder: Path, span: Span, run: Run, made: Catalogue, paths: Paths, *, bake: bool, tick: Progress
) -> None:
    """Write the layers of a run into a folder.

    Parameters
    ----------
    folder : Path
    span : Span
    run : Run
    made : Catalogue
        What the plant consists of; ``made.up`` leads to it.
    paths : Paths
    bake : bool
        Robot motion as plain time samples instead of value clips.
    tick : callable
        Called with (steps done, steps in all).
    """
    motion = Motion(run)
    jobs: list[Callable[[], object]] = [
        partial(movement.write_animation, folder, span, run, motion, made=made, paths=paths),
        partial(movement.bake, folder) if bake else _nothing,
        partial(flow.write_flow, folder, span, motion, run, made=made, paths=paths),
        partial(value.write_values, folder, span, run, paths),
        partial(_flags, folder, span, run, made, paths),
        partial(camera.write_cameras, folder, span, run.plant, made.standing()),
        partial(state_colour.write_state_colours, folder, span, run, paths),
        partial(heat_map.write_heat_maps, folder, span, run, made, paths),
    ]
    for k, job in enumerate(jobs):
        tick(k, len(jobs))
        job()
    write_run_layer(folder, span, run, LAYERS, options())
    tick(len(jobs), len(jobs))


def options() -> Options:
    """Return the optional layers: variants of the plant, the first of each set is on."""
    maps = {name: (f"./{heat_map.FILE}", f"/{name}") for name in heat.NAMES}
    painted = (f"./{state_colour.FILE}", ROOT)
    return {
        heat_map.SET: {"none": ("", ""), **maps},
        state_colour.SET: {"off": ("", ""), "on": painted},
    }


def _flags(folder: Path, span: Span, run: Run, made: Catalogue, paths: Paths) -> None:
    flag.write_flags(folder, span, flags(run), made, paths)


def _nothing() -> None:
    pass
