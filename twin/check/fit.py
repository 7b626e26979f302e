"""Fit: lots fit on their conveyors and into the slots of their racks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from twin.check.rail import rack
from twin.check.where import problem
from twin.errors import Problem
from twin.plant.flow import Items, hops
from twin.plant.load import LoadedPlant
from twin.plant.place import Conveyor


def fit_problems(loaded: LoadedPlant) -> list[Problem]:
    """Return conveyors that hold more than fits on them, and slots too small for their lots."""
    return [*_conveyors(loaded), *_racks(loaded)]


def conveyor_length_m(conveyor: Conveyor) -> float:
    """Return the length of a conveyor's centre line."""
    return sum(math.dist(a, b) for a, b in pairwise(conveyor.path_m))


def _conveyors(loaded: LoadedPlant) -> Iterator[Problem]:
    for conveyor in loaded.plant.conveyors.values():
        lot_m = min(loaded.plant.item_by_id[conveyor.item].size_m[:2])
        length_m = conveyor_length_m(conveyor)
        if conveyor.capacity * lot_m > length_m:
            what = (
                f"conveyor '{conveyor.id}': {conveyor.capacity} lots of {lot_m:g} m do not fit on "
                f"{length_m:.2f} m."
            )
            remedy = f"At most {int(length_m / lot_m)} fit: lower 'capacity' or lengthen 'path_m'."
            yield problem(loaded, f"conveyors.{conveyor.id}.capacity", what, remedy)


def _racks(loaded: LoadedPlant) -> Iterator[Problem]:
    items = Items(loaded.plant, hops(loaded.plant))
    for store in loaded.plant.stores.values():
        slots = rack(store)
        slot = sorted((store.size_m[0] / slots.columns, store.size_m[1] / slots.deep))
        slot_m = (*slot, store.size_m[2] / slots.levels)
        for name in sorted(items.arriving(store.id)):
            x, y, height = loaded.plant.item_by_id[name].size_m
            lot_m = (min(x, y), max(x, y), height)
            if any(lot > room for lot, room in zip(lot_m, slot_m, strict=True)):
                what = (
                    f"station '{store.id}': a lot of '{name}' ({_metres(lot_m)}) is bigger than "
                    f"a slot ({_metres(slot_m)})."
                )
                remedy = "Lower 'columns', 'levels' or 'deep', or enlarge 'size_m'."
                yield problem(loaded, f"stations.{store.id}.rack", what, remedy)


def _metres(size_m: tuple[float, ...]) -> str:
    return " x ".join(f"{length:.3g}" for length in size_m) + " m"
