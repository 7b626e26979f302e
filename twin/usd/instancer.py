"""Point instancers of lots: prototypes, slots, and which slots are taken when."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf, Vt

from twin.plant.plant import Plant
from twin.usd.catalogue import Catalogue
from twin.usd.component import interface_file
from twin.usd.layer import Layer, extent
from twin.usd.slot import Pool
from twin.usd.span import CODES_PER_S, Span

Floats = NDArray[np.float64]

INT64S = Sdf.ValueTypeNames.Int64Array


@dataclass(frozen=True)
class Slots:
    """What stands in the slots of an instancer.

    Attributes
    ----------
    items : list of str
        Item id by slot.
    positions_m : array (n, 3)
    turns : list of Gf.Quath
    """

    items: list[str]
    positions_m: Floats
    turns: list[Gf.Quath]


class FlowLayer:
    """Writes instancers of lots."""

    def __init__(self, layer: Layer, span: Span, plant: Plant, made: Catalogue) -> None:
        self.layer, self.span, self.plant = layer, span, plant
        self.sizes = {item.id: item.size_m for item in plant.items}
        self.stores = frozenset(plant.stores)
        self._carriers, self._up = made.carriers, made.up

    def instancer(self, path: str, slots: Slots, *, kind: str) -> Sdf.PrimSpec:
        """Define an instancer with its prototypes."""
        prim = self.layer.define(path, "PointInstancer", kind=kind)
        items = sorted(set(slots.items))
        targets = []
        self.layer.define(f"{path}/Prototypes", "Scope")
        for item in items:
            prototype = self.layer.define(f"{path}/Prototypes/{item}", kind="subcomponent")
            self.layer.reference(prototype, f"{self._up}{interface_file(self._carriers[item])}")
            targets.append(prototype.path)
        relation = Sdf.RelationshipSpec(prim, "prototypes", custom=False)
        for target in targets:
            relation.targetPathList.Append(target)
        self._arrays(prim, slots, items)
        return prim

    def _arrays(self, prim: Sdf.PrimSpec, slots: Slots, items: list[str]) -> None:
        add, n = self.layer.attribute, len(slots.items)
        which = Vt.IntArray([items.index(item) for item in slots.items])
        add(prim, "protoIndices", Sdf.ValueTypeNames.IntArray, which)
        add(prim, "ids", INT64S, Vt.Int64Array(range(n)))
        points = np.ascontiguousarray(slots.positions_m, dtype=np.float32)
        positions = Vt.Vec3fArray.FromNumpy(points)
        add(prim, "positions", Sdf.ValueTypeNames.Point3fArray, positions)
        add(prim, "orientations", Sdf.ValueTypeNames.QuathArray, Vt.QuathArray(slots.turns))
        add(prim, "extent", Sdf.ValueTypeNames.Float3Array, self._extent(slots.items, points))

    def _extent(self, items: list[str], points: NDArray[np.float32]) -> Vt.Vec3fArray:
        reach = max(max(self.sizes[item]) for item in items)
        low, high = (points.min(axis=0) - reach).tolist(), (points.max(axis=0) + reach).tolist()
        return extent((low[0], low[1], low[2]), (high[0], high[1], high[2]))

    def occupancy(self, prim: Sdf.PrimSpec, pool: Pool) -> None:
        """Write when which lot is in which slot; empty slots are invisible."""
        times, lots = pool.events(self.span)
        codes = times * CODES_PER_S
        hidden = [Vt.Int64Array.FromNumpy(np.flatnonzero(own < 0)) for own in lots]
        for name, values in (
            ("invisibleIds", hidden),
            ("twin:lots", [Vt.Int64Array.FromNumpy(own) for own in lots]),
        ):
            self.layer.attribute(prim, name, INT64S)
            self.layer.linear(f"{prim.path}.{name}", codes, values)
        self._stand(prim)

    def _stand(self, prim: Sdf.PrimSpec) -> None:
        """Say twice where the slots are: Blender 5.0 takes an instancer without samples as still.

        It would show the occupancy of the first frame for ever.
        """
        still = prim.attributes["positions"].default
        ends = np.array([self.span.start_s, self.span.end_s]) * CODES_PER_S
        self.layer.linear(f"{prim.path}.positions", ends, [still, still])

    def positions(self, prim: Sdf.PrimSpec, pool: Pool) -> None:
        """Write where the slots are over time."""
        ways = [pool.path(slot) for slot in range(len(pool.keys))]
        ends = [np.array([self.span.start_s, self.span.end_s])]
        times = np.unique(np.concatenate([*ends, *(way[0] for way in ways)]))
        times = times[(times >= self.span.start_s) & (times <= self.span.end_s)]
        table = np.empty((len(times), len(ways), 3), dtype=np.float32)
        for slot, (corners, points) in enumerate(ways):
            for axis in range(3):
                table[:, slot, axis] = np.interp(times, corners, points[:, axis])
        values = [Vt.Vec3fArray.FromNumpy(row) for row in table]
        prim.attributes["positions"].ClearDefaultValue()
        self.layer.linear(f"{prim.path}.positions", times * CODES_PER_S, values)


def turn_of(heading_deg: float) -> Gf.Quath:
    """Return a rotation about the vertical."""
    half = math.radians(heading_deg) / 2
    return Gf.Quath(math.cos(half), 0.0, 0.0, math.sin(half))
