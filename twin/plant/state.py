"""Plant states: what is where at one moment, as plain JSON that people and programs can write."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, model_validator

from twin.errors import PlantError, Problem
from twin.plant.base import Id, Model, NonNegative, Share

FORMAT = [1, 0]

Seconds = NonNegative | list[NonNegative]
Whole = int | list[int]


class LotState(Model):
    """One lot."""

    item: Id
    n: int = Field(ge=1, description="Units in it")
    product: str = Field("", description="Its product; empty: none")
    result: str = Field("", description="Result of its inspection; empty: none")
    travel_s: NonNegative = Field(
        0.0, description="On a conveyor: time until it has travelled to the end"
    )


class StoreState(Model):
    """The lots in a store, in columns: one value where all lots have the same, else a list."""

    slot: list[int] = Field(description="Slot of each lot, from 0, over all towers")
    item: Id | list[Id]
    n: Whole = Field(description="Units in each lot")
    product: str | list[str] = Field("", description="Product of each lot; empty: none")
    result: str | list[str] = Field("", description="Result of its inspection; empty: none")
    left_s: Seconds = Field(description="Time each lot must still stay; 0: ready to leave")
    done_s: Seconds = Field(0.0, description="Time each lot has been there")

    @model_validator(mode="after")
    def _as_long(self) -> Self:
        for name in ("item", "n", "product", "result", "left_s", "done_s"):
            value = getattr(self, name)
            if isinstance(value, list) and len(value) != len(self.slot):
                raise ValueError(
                    f"'{name}' has {len(value)} values, 'slot' has {len(self.slot)}: "
                    "give one value for each slot, or a single one"
                )
        return self

    def column(self, name: str) -> list[Any]:
        """Return one value for each slot."""
        value = getattr(self, name)
        return value if isinstance(value, list) else [value] * len(self.slot)


class MachineState(Model):
    """What is in a machine; of a tower of a store only `down_s` is said here."""

    lots: list[LotState] = Field(
        default_factory=list, description="Lots in work, or collected for a batch"
    )
    left_s: NonNegative | None = Field(
        None, description="Work that is left; None: it begins anew, or a batch is collected"
    )
    done: list[LotState] = Field(
        default_factory=list, description="Finished lots that wait for room"
    )
    open: dict[Id, list[LotState]] = Field(
        default_factory=dict, description="Assembly: place -> open lots taken from there"
    )
    collected: list[LotState] = Field(
        default_factory=list, description="Units collected for the next outgoing lot"
    )
    down_s: NonNegative | None = Field(None, description="Repair time left, if it is down")


class VehicleState(Model):
    """Where a vehicle stands; it has nothing loaded."""

    stop: Id | None = Field(None, description="None: its parking stop")
    charge: Share | None = Field(None, description="Share of full charge; None: drawn at random")


class PlantState(Model):
    """What is where in a plant at one moment. What is not named is empty and waits."""

    time_s: NonNegative = Field(0.0, description="When it was so; a warm start begins at 0 again")
    places: dict[Id, list[LotState]] = Field(
        default_factory=dict, description="Buffer or conveyor -> its lots, first to leave first"
    )
    machines: dict[Id, MachineState] = Field(default_factory=dict)
    stores: dict[Id, StoreState] = Field(default_factory=dict)
    vehicles: dict[Id, VehicleState] = Field(default_factory=dict)


def read_json(path: Path) -> dict[str, Any]:
    """Read a snapshot file.

    Raises
    ------
    PlantError
        It is missing, no JSON object, or of another major format version.
    """
    try:
        content = path.read_bytes()
        data = json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)
    except OSError as error:
        raise PlantError(
            Problem(str(path), f"cannot be read ({error.strerror or error}).", "Correct the name.")
        ) from error
    except (ValueError, EOFError) as error:
        raise PlantError(Problem(str(path), f"is no JSON ({error}).")) from error
    said = data.get("format") if isinstance(data, dict) else None
    if not isinstance(said, list) or not said or not isinstance(said[0], int):
        raise PlantError(
            Problem(str(path), "is no snapshot: it has no 'format'.", f'Write "format": {FORMAT}.')
        )
    if said[0] != FORMAT[0]:
        raise PlantError(
            Problem(
                str(path),
                f"snapshot format {said[0]} cannot be read by this celltwin, which reads format "
                f"{FORMAT[0]}.",
                "Install the celltwin that wrote it.",
            )
        )
    return {str(key): value for key, value in data.items()}


def state_from(data: dict[str, Any], path: Path) -> PlantState:
    """Return the readable section of a snapshot file.

    Raises
    ------
    PlantError
        It has wrong content; holds every problem found.
    """
    unknown = [key for key in data if key not in {"format", "plant", "engine"}]
    problems = [
        Problem(f"{path}: {key}", "is no section of a snapshot.", "Sections: plant, engine.")
        for key in unknown
    ]
    try:
        state = PlantState.model_validate(data.get("plant", {}))
    except ValidationError as error:
        problems += [
            Problem(f"{path}: {'.'.join(['plant', *map(str, e['loc'])])}", f"{e['msg']}.")
            for e in error.errors()
        ]
        raise PlantError(problems) from error
    if problems:
        raise PlantError(problems)
    return state


def read_plant_state(path: Path) -> PlantState:
    """Read the readable section of a snapshot file.

    Raises
    ------
    PlantError
        The file cannot be used; holds every problem found.
    """
    return state_from(read_json(path), path)
