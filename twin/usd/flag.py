"""The flags layer: a coloured marker at each flagged thing, and what the flag says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pxr import Sdf

from twin.flags.flag import Flag
from twin.usd.catalogue import Catalogue, Placement
from twin.usd.component import interface_file, write_component
from twin.usd.layer import TOKEN, Layer
from twin.usd.material import FILE as LIBRARY_FILE
from twin.usd.path import FLAGS, Paths
from twin.usd.shape import AssetSpec
from twin.usd.span import CODES_PER_S, Span

FILE = "layers/flags.usdc"
MARKERS = "markers"
_ROBOT_M = (1.0, 1.0, 1.6)
_NUMBERS = ("expected", "observed", "p_value", "plant_loss_units", "lost_kwh", "lost_money")
"""Numbers of the evidence that are written where they are known."""


def write_flags(
    folder: Path, span: Span, flags: Sequence[Flag], made: Catalogue, paths: Paths
) -> None:
    """Write the flags of a run that touch the span."""
    layer = Layer(folder / FILE, span)
    layer.define(FLAGS, kind="group", label="Flags")
    seen = [f for f in flags if f.until_s > span.start_s and f.since_s < span.end_s]
    for k, flag in enumerate(seen):
        prim = _add_flag(layer, span, flag, f"{FLAGS}/flag_{k + 1}", paths)
        placement = _placement(flag.resource, made, paths)
        if placement is not None:
            marker = _marker(folder, made, placement, flag.severity)
            layer.reference(prim, f"../{interface_file(marker, MARKERS)}")
            layer.place(prim, (*placement.position_m[:2], 0.0), placement.heading_deg)
    for workcell in sorted({flag.workcell for flag in seen} & set(paths.workcells)):
        own = [flag for flag in seen if flag.workcell == workcell]
        _add_counts(layer, span, own, paths.workcells[workcell])
    layer.save()


def _add_flag(layer: Layer, span: Span, flag: Flag, path: str, paths: Paths) -> Sdf.PrimSpec:
    """Define a flag that is visible while it holds."""
    prim = layer.define(path, kind="component", label=flag.title)
    _describe(layer, prim, flag, paths)
    steps = {span.start_s: flag.since_s <= span.start_s}
    if flag.since_s > span.start_s:
        steps[flag.since_s] = True
    if flag.until_s <= span.end_s and not flag.evidence.get("open"):
        steps[flag.until_s] = False
    layer.attribute(prim, "visibility", TOKEN)
    tokens = ["inherited" if on else "invisible" for on in steps.values()]
    layer.linear(f"{path}.visibility", np.array(list(steps)) * CODES_PER_S, tokens)
    return prim


def _marker(folder: Path, made: Catalogue, placement: Placement, look: str) -> str:
    """Return the asset that marks a thing; it is written if it is new."""
    size = _size(placement, made)
    name = f"marker_{look}_" + "_".join(f"{round(side * 1000)}" for side in size)
    if not (folder / interface_file(name, MARKERS)).exists():
        spec = AssetSpec("marker", size, {"look": look})
        library = f"../{made.up}{LIBRARY_FILE}"
        write_component(folder, name, spec, folder=MARKERS, library=library)
    return name


def _describe(layer: Layer, prim: Sdf.PrimSpec, flag: Flag, paths: Paths) -> None:
    texts = {
        "cause": flag.cause,
        "severity": flag.severity,
        "workcell": flag.workcell,
        "resource": flag.resource,
        "substep": flag.substep or "",
        "title": flag.title,
        "text": flag.text,
        "why": flag.why,
        "action": flag.action,
        "currency": str(flag.evidence.get("currency") or ""),
    }
    known = {
        "since_s": flag.since_s,
        "until_s": flag.until_s,
        "lost_units": flag.lost_units,
        "confidence": flag.cause_confidence,
        **{key: flag.evidence.get(key) for key in _NUMBERS},
    }
    numbers = {key: value for key, value in known.items() if isinstance(value, int | float)}
    if flag.joint:
        layer.attribute(prim, "twin:flag:joint", Sdf.ValueTypeNames.Int, flag.joint)
    for key, text in texts.items():
        layer.attribute(prim, f"twin:flag:{key}", Sdf.ValueTypeNames.String, text)
    for key, number in numbers.items():
        layer.attribute(prim, f"twin:flag:{key}", Sdf.ValueTypeNames.Double, float(number))
    target = paths.things.get(flag.resource) or paths.workcells.get(flag.workcell)
    if target:
        relation = Sdf.RelationshipSpec(prim, "twin:subject", custom=True)
        relation.targetPathList.explicitItems.append(target)


def _add_counts(layer: Layer, span: Span, flags: list[Flag], workcell: str) -> None:
    """Write how many flags a workcell has, and the worst severity, over time."""
    times = {span.start_s, *(t for flag in flags for t in (flag.since_s, flag.until_s))}
    inside = sorted(t for t in times if span.start_s <= t <= span.end_s)
    active = [
        [f for f in flags if f.since_s <= t and (t < f.until_s or f.evidence.get("open"))]
        for t in inside
    ]
    worst = ["critical" if any(f.severity == "critical" for f in own) else "warning" if own else ""
             for own in active]  # fmt: skip
    prim, codes = layer.over(workcell), np.array(inside) * CODES_PER_S
    layer.attribute(prim, "twin:flag:count", Sdf.ValueTypeNames.Int)
    layer.linear(f"{workcell}.twin:flag:count", codes, [len(own) for own in active])
    layer.attribute(prim, "twin:flag:worst", TOKEN)
    layer.linear(f"{workcell}.twin:flag:worst", codes, worst)


def _placement(resource: str, made: Catalogue, paths: Paths) -> Placement | None:
    """Return where a resource stands; of a station, its first machine."""
    path = paths.things.get(resource)
    below = (p for p in made.placements if path and f"{p.path}/".startswith(f"{path}/"))
    return next(below, None)


def _size(placement: Placement, made: Catalogue) -> tuple[float, float, float]:
    spec = made.specs.get(placement.asset)
    if spec is None:
        x, y, z = _ROBOT_M
        return (x, y, z + placement.position_m[2])
    return spec.size_m
