"""Parts of a plant's description by path, for behaviours that remember one."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from sim.snapshot.kinds import fail
from twin.plant.plant import Plant


class Models:
    """The parts of one plant's description; the index is made when it is first needed."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self._parts: dict[str, BaseModel] = {}
        self._paths: dict[int, str] = {}

    def path(self, part: object) -> str | None:
        """Return the path of a part, or None."""
        self._index()
        return self._paths.get(id(part))

    def part(self, path: str) -> BaseModel:
        """Return the part at a path.

        Raises
        ------
        SnapshotError
            There is none.
        """
        self._index()
        if path not in self._parts:
            raise fail(path, "is not in the plant any more, but something there is in use.")
        return self._parts[path]

    def _index(self) -> None:
        if not self._parts:
            for path, part in self._all():
                self._parts.setdefault(path, part)
                self._paths.setdefault(id(part), path)

    def _all(self) -> Iterator[tuple[str, BaseModel]]:
        for group in ("stations", "robots", "buffers", "conveyors"):
            yield from _below(group, getattr(self._plant, group))
        yield from _below("plant", self._plant)


def _below(path: str, value: object) -> Iterator[tuple[str, BaseModel]]:
    if isinstance(value, BaseModel):
        yield path, value
        for name in type(value).model_fields:
            yield from _below(f"{path}.{name}", getattr(value, name))
    elif isinstance(value, dict):
        for key, inside in value.items():
            yield from _below(f"{path}.{key}", inside)
    elif isinstance(value, list | tuple):
        for k, inside in enumerate(value):
            yield from _below(f"{path}.{getattr(inside, 'id', k)}", inside)
