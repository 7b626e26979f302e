"""From plain JSON to the values of a running plant; see `sim.snapshot.encode` for the forms."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from types import BuiltinMethodType, MethodType
from typing import Any

import numpy as np

from sim.snapshot.encode import unhexed
from sim.snapshot.kinds import CONTAINERS, NEW, PLAIN, fail, slot_names
from sim.snapshot.numbers import unpack_array, unpack_arrays

Find = Callable[[str], object]


class Decoder:
    """Turns JSON into values.

    Parameters
    ----------
    find : callable
        Address -> thing of the plant.
    model : callable
        Path -> part of the plant's description.
    """

    def __init__(self, find: Find, model: Find) -> None:
        self._find = find
        self._model = model
        self._rows: dict[str, list[Any]] = {}
        self._forms: dict[str, Callable[[Any], Any]] = {
            "@": find,
            "new": self._new,
            "float": float,
            "list": self.sequence,
            "tuple": lambda said: tuple(self.sequence(said)),
            "deque": lambda said: deque(self.sequence(said)),
            "set": lambda said: set(self.sequence(said)),
            "frozenset": lambda said: frozenset(self.sequence(said)),
            "dict": self._dict,
            "array": unpack_array,
            "method": self._method,
            "partial": self._partial,
            "model": model,
        }

    def tables(self, said: Mapping[str, list[dict[str, Any]]]) -> None:
        """Create everything that came into being during the run."""
        for name, chunks in said.items():
            if name not in NEW:
                raise fail(f"new.{name}", "is no class that a snapshot may create.")
            n = sum(int(chunk["n"]) for chunk in chunks)
            self._rows[name] = [object.__new__(NEW[name]) for _ in range(n)]
        for name, chunks in said.items():
            known = slot_names(NEW[name]) or tuple(NEW[name].__annotations__)
            first = 0
            for chunk in chunks:
                rows = self._rows[name][first : first + chunk["n"]]
                first += chunk["n"]
                if {*chunk["columns"]} != {*known}:
                    raise fail(f"new.{name}", f"must have the columns {', '.join(known)}.")
                for attribute, column in chunk["columns"].items():
                    for row, value in zip(rows, self.sequence(column), strict=True):
                        object.__setattr__(row, attribute, value)

    def value(self, said: Any) -> Any:
        """Return a value."""
        if not isinstance(said, dict):
            return said
        ((form, body),) = said.items()
        if form not in self._forms:
            raise fail(form, f"'{form}' cannot be restored.")
        return self._forms[form](body)

    def sequence(self, said: Any) -> list[Any]:
        """Return a list of values."""
        if isinstance(said, list):
            return said
        ((form, body),) = said.items()
        if form == "range":
            return [*range(body[0], body[0] + body[1])]
        if form == "new":
            rows = self._rows[body[0]]
            return [rows[k] for k in self.sequence(body[1])]
        if form == "tuples":
            return [*zip(*(self.sequence(column) for column in body), strict=True)]
        if form == "arrays":
            return [*unpack_arrays(body)]
        return [self.value(value) for value in body]

    def fill(self, thing: Any, said: Any) -> None:
        """Give a thing of the plant its state."""
        if type(thing) in CONTAINERS:
            content = self.value(said)
            thing.clear()
            thing.update(content) if isinstance(thing, dict | set) else thing.extend(content)
        elif isinstance(thing, np.random.Generator):
            thing.bit_generator.state = unhexed(said["rng"])
        elif hasattr(thing, "from_state"):
            thing.from_state({name: self.value(value) for name, value in said.items()})
        else:
            known = {*slot_names(type(thing)), *getattr(thing, "__dict__", {})}
            for name, value in said.items():
                if name not in known and type(getattr(type(thing), name, thing)) not in PLAIN:
                    raise fail(type(thing).__name__, f"has no attribute '{name}'.")
                object.__setattr__(thing, name, self.value(value))

    def _new(self, said: list[Any]) -> object:
        return self._rows[said[0]][said[1]]

    def _dict(self, said: list[Any]) -> dict[Any, Any]:
        return dict(zip(self.sequence(said[0]), self.sequence(said[1]), strict=True))

    def _method(self, said: list[Any]) -> Any:
        thing, name = self.value(said[0]), str(said[1])
        if thing is None:
            return None
        kind = BuiltinMethodType if type(thing) in CONTAINERS else MethodType
        if not isinstance(getattr(thing, name, None), kind):
            raise fail(type(thing).__name__, f"has no method '{name}'.")
        return getattr(thing, name)

    def _partial(self, said: list[Any]) -> Any:
        function, args, keywords = said
        if "method" not in function and "partial" not in function:
            raise fail("partial", "must be of a method.")
        named = {name: self.value(value) for name, value in keywords.items()}
        return partial(self.value(function), *self.sequence(args), **named)
