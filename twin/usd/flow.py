"""The product flow: one point instancer per place, with a pool of slots for the lots there."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.motion.lot_track import Spell, lot_tracks
from twin.motion.motion import Motion
from twin.plant.base import Vec3
from twin.plant.load import robot_model
from twin.plant.plant import Plant
from twin.run.run import Run
from twin.usd.catalogue import Catalogue
from twin.usd.gripped import add_gripped
from twin.usd.instancer import FlowLayer, Slots, turn_of
from twin.usd.layer import DOUBLE3, Layer, vec3d
from twin.usd.movement import CARRIAGE, translations
from twin.usd.moving_part import TRANSLATE
from twin.usd.part_motion import needed
from twin.usd.path import FLOW, Paths
from twin.usd.slot import REUSE_GAP_S, Pool, Stay, stays_of
from twin.usd.span import CODES_PER_S, Span

Floats = NDArray[np.float64]

FILE = "flow/products.usdc"


def write_flow(
    folder: Path, span: Span, motion: Motion, run: Run, *, made: Catalogue, paths: Paths
) -> None:
    """Write where every lot is, and what the robots hold."""
    layer = Layer(folder / FILE, span)
    layer.define(FLOW, kind="group", label="Product flow")
    flow = FlowLayer(layer, span, run.plant, made)
    for (kind, where), spells in _by_place(run, span, made).items():
        if kind == "belt":
            _add_belt(flow, run.plant, where, spells)
        elif kind == "mover":
            _add_load(flow, motion, run.plant, paths, where=where, spells=spells)
        else:
            _add_fixed(flow, where, spells)
    for robot, done in motion.occurrences.items():
        own = run.plant.robots[robot]
        model = robot_model(run.plant, own.model)
        add_gripped(flow, own, model, done, path=paths.things[robot])
    layer.save()


def _by_place(run: Run, span: Span, made: Catalogue) -> dict[tuple[str, str], list[Spell]]:
    found: dict[tuple[str, str], list[Spell]] = defaultdict(list)
    for spell in lot_tracks(run).cut(span.start_s, max(span.end_s, span.start_s + 1e-9)):
        if spell.item in made.carriers and spell.t1_s > spell.t0_s:
            found[spell.kind, spell.where].append(spell)
    return dict(sorted(found.items()))


def _add_fixed(flow: FlowLayer, where: str, spells: Sequence[Spell]) -> None:
    """Add lots that stand still: in buffers, stores and machines."""
    pool = Pool()
    for stay in stays_of(spells):
        first = stay.spells[0]
        pool.add((first.item, first.p0_m, first.heading_deg), stay, 0.0)
    own = [stays[0].spells[0] for stays in pool.stays]
    points = np.array([spell.p0_m for spell in own])
    if where in flow.stores:  # the tracks give the middle of a slot
        points[:, 2] -= [flow.sizes[spell.item][2] / 2 for spell in own]
    slots = Slots(
        [spell.item for spell in own],
        points,
        [turn_of(spell.heading_deg) for spell in own],
    )
    flow.occupancy(flow.instancer(f"{FLOW}/{where}", slots, kind="component"), pool)


def _add_belt(flow: FlowLayer, plant: Plant, where: str, spells: Sequence[Spell]) -> None:
    """Add lots on a conveyor."""
    pool = _moving_pool(stays_of(spells), REUSE_GAP_S)
    (ax, ay), (bx, by) = plant.conveyors[where].path_m[:2]
    turn = turn_of(math.degrees(math.atan2(by - ay, bx - ax)))
    items = [stays[0].spells[0].item for stays in pool.stays]
    points = np.array([p for s in spells for p in (s.p0_m, s.p1_m)])
    box = np.stack([points.min(axis=0), points.max(axis=0)])
    first = box[np.arange(len(items)) % 2] if len(items) > 1 else box[:1]
    prim = flow.instancer(
        f"{FLOW}/{where}", Slots(items, first, [turn] * len(items)), kind="component"
    )
    flow.occupancy(prim, pool)
    flow.positions(prim, pool)


def _add_load(
    flow: FlowLayer,
    motion: Motion,
    plant: Plant,
    paths: Paths,
    *,
    where: str,
    spells: Sequence[Spell],
) -> None:
    """Add lots on a vehicle or crane, in its own frame; forks take them along."""
    pool = _moving_pool(stays_of(spells), 0.0)
    decks = {v: fleet.size_m[2] for fleet in plant.fleets for v in fleet.vehicle_ids}
    path = paths.things[where] + ("/Load" if where in decks else f"/{CARRIAGE}/Load")
    items = [stays[0].spells[0].item for stays in pool.stays]
    points = _side_by_side(items, flow.sizes, decks.get(where, 0.0))
    slots = Slots(items, points, [turn_of(0.0)] * len(items))
    prim = flow.instancer(path, slots, kind="subcomponent")
    flow.occupancy(prim, pool)
    if where in motion.forks:
        line = motion.forks[where].load_m.within(flow.span.start_s, flow.span.end_s)
        times, xyz = translations(line)
        kept = needed(times, xyz)
        flow.layer.attribute(prim, TRANSLATE, DOUBLE3)
        flow.layer.order(prim, TRANSLATE)
        flow.layer.linear(f"{path}.{TRANSLATE}", times[kept] * CODES_PER_S, vec3d(xyz[kept]))


def _side_by_side(items: list[str], sizes: dict[str, Vec3], deck_m: float) -> Floats:
    """Return where lots lie on a deck: those of one item in a row along x."""
    points = np.zeros((len(items), 3))
    points[:, 2] = deck_m
    for item in set(items):
        own = [k for k, other in enumerate(items) if other == item]
        for n, k in enumerate(own):
            points[k, 0] = (n - (len(own) - 1) / 2) * sizes[item][0] * 1.05
    return points


def _moving_pool(stays: Sequence[Stay], gap_s: float) -> Pool:
    pool = Pool()
    for stay in stays:
        pool.add(stay.spells[0].item, stay, gap_s)
    return pool
