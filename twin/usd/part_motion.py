"""Motion of the parts of machines and zones: reels turn, doors and gates open."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.motion.line import Line
from twin.motion.motion import Motion
from twin.usd.catalogue import Catalogue
from twin.usd.joint import ROTATION, turn_about
from twin.usd.layer import DOUBLE3, Layer, vec3d
from twin.usd.moving_part import TRANSLATE, part_path
from twin.usd.shape import MovingPart
from twin.usd.span import CODES_PER_S, Span

Floats = NDArray[np.float64]


def add_part_motion(layer: Layer, span: Span, motion: Motion, made: Catalogue) -> None:
    """Write how parts of machines and zones move over a span."""
    for placement in made.placements:
        if placement.category not in {"machine", "zone"}:
            continue
        for part in made.parts(placement.asset):
            line = _line(part, placement.id, motion)
            if line is not None:
                path = part_path(placement.path, part)
                _add(layer, path, part, line.within(span.start_s, span.end_s))


def _line(part: MovingPart, id_: str, motion: Motion) -> Line | None:
    """Return what drives a part: metres of web, or how far doors are open."""
    if part.motion == "turning":
        return motion.webs.get(id_)
    return motion.doors.get(id_) or motion.gates.get(id_)


def values_of(part: MovingPart, values: Floats) -> Floats:
    """Return translations, or rotations in degrees, (n, 3) of a part.

    `values` (n,) are metres of web for a turning part, else how far it is open, from 0 to 1.
    """
    if part.motion == "sliding":
        way = part.amount * np.array(part.axis)
        return np.asarray(np.array(part.origin_m) + values[:, None] * way)
    turned = np.degrees(values / part.amount) if part.motion == "turning" else values * part.amount
    return turn_about(part.origin_m, part.axis, DOUBLE3).rotations_deg(turned)


def _add(layer: Layer, path: str, part: MovingPart, line: Line) -> None:
    name = TRANSLATE if part.motion == "sliding" else ROTATION
    values = values_of(part, line.value)
    kept = needed(line.time_s, values)
    layer.attribute(layer.over(path), name, DOUBLE3)
    layer.linear(f"{path}.{name}", line.time_s[kept] * CODES_PER_S, vec3d(values[kept]))


def needed(time_s: Floats, values: Floats) -> NDArray[np.bool_]:
    """Return which keys are needed: not those that lie on the line between their neighbours."""
    kept = np.ones(len(time_s), dtype=bool)
    if len(time_s) > 2:
        slope = np.diff(values, axis=0) / np.maximum(np.diff(time_s), 1e-9)[:, None]
        kept[1:-1] = (np.abs(np.diff(slope, axis=0)) > 1e-7).any(axis=1)
    return kept
