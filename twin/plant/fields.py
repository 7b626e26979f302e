"""What the plant models allow: keys as written in a file, and the objects below them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from twin.plant.base import Model, parse_time_s
from twin.plant.plant import Plant

SET_BY_LOADER = frozenset({"workcell", "line"})
"""Fields of stations and robots that a file does not write."""


@dataclass(frozen=True)
class Shape:
    """What stands under a key.

    Attributes
    ----------
    field : FieldInfo
    container : {"", "list", "dict"}
        Whether it is one value, a list, or a mapping with free keys.
    models : tuple of type
        Objects it may hold; empty for plain values.
    scalars : frozenset of type
        Plain types it may hold.
    is_time : bool
        Whether a time may be written as text (``8h``).
    """

    field: FieldInfo
    container: Literal["", "list", "dict"]
    models: tuple[type[Model], ...]
    scalars: frozenset[type]
    is_time: bool


@cache
def shapes(model: type[Model]) -> dict[str, Shape]:
    """Return what a model may hold, by key as written in a file."""
    return {
        field.alias or name: _shape(field)
        for name, field in model.model_fields.items()
        if name not in SET_BY_LOADER
    }


@cache
def models_below(model: type[Model]) -> tuple[type[Model], ...]:
    """Return a model and every model reachable from it, in order of first appearance."""
    found: dict[type[Model], None] = {model: None}
    for shape in shapes(model).values():
        for inner in shape.models:
            found.update(dict.fromkeys(models_below(inner)))
    return tuple(found)


@cache
def object_keys() -> tuple[str, ...]:
    """Return the keys of a plant file under which objects stand."""
    keys = {
        key: None
        for model in models_below(Plant)
        for key, shape in shapes(model).items()
        if shape.models
    }
    return tuple(keys)


def _shape(field: FieldInfo) -> Shape:
    leaves: list[type] = []
    container = _collect(field.annotation, leaves)
    models = tuple(leaf for leaf in leaves if issubclass(leaf, Model))
    scalars = frozenset(leaf for leaf in leaves if not issubclass(leaf, Model))
    is_time = any(getattr(part, "func", None) is parse_time_s for part in _metadata(field))
    return Shape(field, container, models, scalars, is_time)


def _metadata(field: FieldInfo) -> Iterator[object]:
    """Yield what is annotated to a field, also inside an optional one."""
    yield from field.metadata
    for option in get_args(field.annotation):
        for part in get_args(option)[1:] if get_origin(option) is Annotated else ():
            yield part
            if isinstance(part, FieldInfo):
                yield from part.metadata


def _collect(annotation: object, leaves: list[type]) -> Literal["", "list", "dict"]:
    """Collect the types at the bottom of an annotation; return its outermost container."""
    if isinstance(annotation, type) and not get_args(annotation):
        leaves.append(annotation)
        return ""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        leaves.extend(type(value) for value in arguments)
        return ""
    if origin is Annotated:
        return _collect(arguments[0], leaves)
    inner = arguments[-1:] if origin is dict else arguments
    kinds = [_collect(part, leaves) for part in inner if part is not Ellipsis]
    if origin is dict:
        return "dict"
    if origin in {list, tuple}:
        return "list"
    return next((kind for kind in kinds if kind), "")
