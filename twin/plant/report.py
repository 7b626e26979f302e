"""Where each number of a plant comes from: the list behind ``celltwin check --assumptions``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from twin.plant.base import Model
from twin.plant.citations import ASSUMPTION
from twin.plant.load import LoadedPlant
from twin.plant.plant import Plant

Basis = Literal["source", "assumption", "none"]


@dataclass(frozen=True)
class NumberOrigin:
    """One number of a plant and where it comes from.

    Attributes
    ----------
    address : str
        Path of the number, e.g. ``stations.stack.cycle.mean_s``.
    value : float, text or tuple
        As validated: times are seconds.
    basis : {"source", "assumption", "none"}
    source : str
        Full text of the source; empty without one.
    note : str
    line : int
        Line in the plant file; 0 if it is not from the file.
    """

    address: str
    value: object
    basis: Basis
    source: str
    note: str
    line: int


def assumptions(loaded: LoadedPlant) -> list[NumberOrigin]:
    """Return every number of a plant with its source, in order of the file.

    Layout coordinates appear only where the file gives them a source.
    """
    addresses = [*loaded.sources, *loaded.unsourced]
    found = [_origin(loaded, address) for address in addresses]
    return sorted(found, key=lambda origin: origin.line)


def counts(origins: list[NumberOrigin]) -> dict[Basis, int]:
    """Return how many numbers have a source, are assumed, or have none."""
    counted = Counter(origin.basis for origin in origins)
    return {
        "source": counted["source"],
        "assumption": counted["assumption"],
        "none": counted["none"],
    }


def value_at(plant: Plant, address: str) -> object:
    """Return the value at an address (``stations.stack.cycle.mean_s``).

    Raises
    ------
    KeyError
        Nothing stands there.
    """
    kind, *rest = address.split(".")
    nested = {
        "stations": plant.stations,
        "robots": plant.robots,
        "buffers": plant.buffers,
        "conveyors": plant.conveyors,
        "workcells": {workcell.id: workcell for workcell in plant.workcells()},
    }
    found: object = nested[kind] if kind in nested else _below(plant, kind)
    for key in rest:
        found = _below(found, key)
    return found


def _origin(loaded: LoadedPlant, address: str) -> NumberOrigin:
    source = loaded.sources.get(address, "")
    basis: Basis = "none" if not source else "assumption" if source == ASSUMPTION else "source"
    return NumberOrigin(
        address=address,
        value=value_at(loaded.plant, address),
        basis=basis,
        source=source,
        note=loaded.notes.get(address, ""),
        line=loaded.lines.get(address, 0),
    )


def _below(value: object, key: str) -> object:
    """Return what stands under a key as the file writes it."""
    if isinstance(value, Model):
        names = {field.alias or name: name for name, field in type(value).model_fields.items()}
        return getattr(value, names[key])
    if isinstance(value, dict):
        return value[key]
    if isinstance(value, list | tuple):
        by_id = {getattr(item, "id", None): item for item in value}
        return by_id[key] if key in by_id else value[int(key)]
    raise KeyError(key)
