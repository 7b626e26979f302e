"""From the values in a running plant to plain JSON.

Plain values stand for themselves; everything else is an object with one key that says what it is:
``{"@": address}`` a thing of the built plant, ``{"new": [class, row]}`` something that came into
being during the run, ``{"method": [thing, name]}`` a call-back, and so on. Things of one class that
came into being are one table with a column for each attribute, because there may be many.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import partial
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any

import numpy as np
from pydantic import BaseModel

from sim.snapshot.kinds import (
    CONTAINERS,
    NEW_CLASSES,
    PLAIN,
    attributes,
    fail,
    is_constant,
    slot_names,
)
from sim.snapshot.numbers import pack_array, pack_arrays, pack_ints

Address = Callable[[object], str | None]


class Encoder:
    """Turns values into JSON.

    Parameters
    ----------
    address : callable
        Thing -> its address, or None.
    models : callable
        Part of the plant's description -> its path, or None.
    """

    def __init__(self, address: Address, models: Address) -> None:
        self._address = address
        self._models = models
        self._rows: dict[type, list[object]] = {}
        self._row: dict[int, int] = {}
        self._done: dict[type, int] = {}
        self._chunks: dict[type, list[dict[str, Any]]] = {}
        self._seen: dict[int, object] = {}
        self._forms: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
            (tuple | frozenset, self.contents),
            (np.ndarray, self._array),
            (np.generic, self._scalar),
            (MethodType | BuiltinMethodType, self._method),
            (partial, self._partial),
            (BaseModel, self._model),
            (FunctionType, self._function),
        )
        self.uses_rows = False
        self.where = ""

    def state(self, thing: object) -> Any:
        """Return the state of a thing that has an address."""
        if type(thing) in CONTAINERS:
            return self.contents(thing)
        if isinstance(thing, np.random.Generator):
            return rng_state(thing)
        return {name: self.value(value) for name, value in attributes(thing)}

    def value(self, value: Any) -> Any:
        """Return a value as JSON."""
        cls = type(value)
        if cls in PLAIN:
            return value if cls is not float or math.isfinite(value) else {"float": repr(value)}
        address = self._address(value)
        if address is not None:
            return {"@": address}
        if cls in NEW_CLASSES:
            return {"new": [cls.__name__, self._numbers(cls, [value])[0]]}
        if cls in CONTAINERS:
            if id(value) in self._seen:
                raise fail(self.where, f"a {cls.__name__} is used in two places.", "Copy it.")
            self._seen[id(value)] = value
            return self.contents(value)
        return self._other(value)

    def contents(self, value: Any) -> Any:
        """Return what is in a container or tuple."""
        name = "dict" if isinstance(value, dict) else type(value).__name__
        if name == "dict":
            return {name: [self.sequence([*value]), self.sequence([*value.values()])]}
        if name in {"set", "frozenset"}:
            return {name: self.sequence(sorted(value, key=self._place_in_set))}
        return {name: self.sequence([*value])}

    def sequence(self, values: list[Any]) -> Any:
        """Return a list of values, in columns where they are alike."""
        classes = set(map(type, values))
        if classes <= PLAIN:
            if classes == {int}:
                return pack_ints(values)
            if float not in classes or all_finite(values):
                return values
        if len(classes) == 1:
            (cls,) = classes
            if cls in NEW_CLASSES:
                return {"new": [cls.__name__, pack_ints(self._numbers(cls, values))]}
            if cls is tuple and len(values[0]) and len({*map(len, values)}) == 1:
                return {"tuples": [self.sequence([*c]) for c in zip(*values, strict=True)]}
        if np.ndarray in classes and classes <= {np.ndarray, type(None)}:
            packed = pack_arrays(values)
            if packed is not None:
                return {"arrays": packed}
        return {"each": [self.value(value) for value in values]}

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Return what came into being, class by class; complete, whatever refers to what."""
        while any(len(rows) > self._done.get(cls, 0) for cls, rows in self._rows.items()):
            for cls in [*self._rows]:
                fresh = self._rows[cls][self._done.get(cls, 0) :]
                if fresh:
                    self._done[cls] = len(self._rows[cls])
                    self.where = cls.__name__
                    names = slot_names(cls) or tuple(vars(fresh[0]))
                    columns = {n: self.sequence([getattr(o, n) for o in fresh]) for n in names}
                    self._chunks.setdefault(cls, []).append({"n": len(fresh), "columns": columns})
        return {cls.__name__: chunks for cls, chunks in self._chunks.items()}

    def _place_in_set(self, value: Any) -> tuple[str, Any]:
        """Return a key that puts the elements of a set in the same order every time."""
        if type(value) in PLAIN:
            return type(value).__name__, value
        return "", self._address(value) or json.dumps(self.value(value))

    def _numbers(self, cls: type, values: list[object]) -> list[int]:
        self.uses_rows = True
        rows, row = self._rows.setdefault(cls, []), self._row
        numbers = []
        for value in values:
            number = row.get(id(value))
            if number is None:
                number = row[id(value)] = len(rows)
                rows.append(value)
            numbers.append(number)
        return numbers

    def _other(self, value: Any) -> Any:
        for classes, form in self._forms:
            if isinstance(value, classes):
                return form(value)
        if is_constant(value):
            return {"constant": type(value).__name__}
        cls = type(value)
        raise fail(
            self.where,
            f"holds an object of class {cls.__module__}.{cls.__qualname__}, which a snapshot does "
            "not know.",
            "Build it with the plant, or add its class to NEW in sim/snapshot/kinds.py.",
        )

    def _array(self, value: np.ndarray) -> Any:
        return {"array": pack_array(value, self.where)}

    def _scalar(self, value: np.generic) -> Any:
        return self.value(value.item())

    def _method(self, value: MethodType | BuiltinMethodType) -> Any:
        return {"method": [self.value(value.__self__), value.__name__]}

    def _partial(self, value: partial[Any]) -> Any:
        named = {name: self.value(v) for name, v in value.keywords.items()}
        return {"partial": [self.value(value.func), self.sequence([*value.args]), named]}

    def _model(self, value: BaseModel) -> Any:
        path = self._models(value)
        return {"model": path} if path is not None else {"value": repr(value)}

    def _function(self, function: FunctionType) -> dict[str, str]:
        name = f"{function.__module__}:{function.__qualname__}"
        if "<" in name:
            raise fail(
                self.where,
                f"holds the local function {name}.",
                "Use a bound method or functools.partial.",
            )
        return {"function": name}


def all_finite(values: list[Any]) -> bool:
    """Whether no number of a list of plain values is infinite or not a number."""
    numbers = [value for value in values if type(value) is float]
    return math.isfinite(sum(numbers)) or all(map(math.isfinite, numbers))


def rng_state(generator: np.random.Generator) -> dict[str, Any]:
    """Return the state of a generator; 128-bit numbers as hexadecimal texts."""
    return {"rng": hexed(generator.bit_generator.state)}


def hexed(state: Any) -> Any:
    """Return the state of a bit generator with its numbers as texts."""
    if isinstance(state, dict):
        return {key: hexed(value) for key, value in state.items()}
    return hex(state) if isinstance(state, int) else state


def unhexed(state: Any) -> Any:
    """Return the state of a bit generator from `hexed`."""
    if isinstance(state, dict):
        return {key: unhexed(value) for key, value in state.items()}
    return int(state, 16) if isinstance(state, str) and state.startswith("0x") else state
