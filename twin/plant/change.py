"""Changes to a plant by path: ``stations.stack.cycle.mean_s: 40``."""

from __future__ import annotations

from collections.abc import Mapping

from twin.errors import nearest
from twin.plant.base import Model
from twin.plant.fields import Shape, models_below, shapes
from twin.plant.plant import Plant
from twin.plant.reference import SINGULAR, named
from twin.plant.tree import Node, Problems, walk

_Path = tuple[str, ...]


def apply_changes(root: Node, changes: Mapping[str, Node], problems: Problems) -> Node:
    """Return the tree with values replaced.

    Parameters
    ----------
    root : Node
        A plant with templates and repetitions expanded.
    changes : mapping
        Path -> new value. A path starts with a list and an id (``buffers.stacks.capacity``,
        wherever the object stands) or with a top-level key (``nameplate.gwh_per_year``), and may
        contain list positions.
    problems : Problems
        Receives paths that lead nowhere, each with the nearest known name.
    """
    for path, value in changes.items():
        keys = _Finder(root, path, value, problems).keys()
        if keys is not None:
            root = _replaced(root, keys, value)
    return root


def _replaced(node: Node, keys: _Path, value: Node) -> Node:
    """Return `node` with `value` at `keys`; missing objects on the way are made."""
    if not keys:
        return value
    key, rest = keys[0], keys[1:]
    if isinstance(node.value, list):
        return node.map_children(lambda k, c: _replaced(c, rest, value) if k == key else c)
    below = node.fields.get(key, Node({}, value.where, value.line))
    return Node({**node.fields, key: _replaced(below, rest, value)}, node.where, node.line)


class _Finder:
    """Follows one path through the tree and the models."""

    def __init__(self, root: Node, path: str, value: Node, problems: Problems) -> None:
        self.root = root
        self.path = path
        self.value = value
        self.problems = problems

    def keys(self) -> _Path | None:
        """Return the keys from the root, or None after noting why there are none."""
        parts = tuple(self.path.split("."))
        first = parts[0]
        nested = _nested_lists()
        if first in nested:
            return self._in_nested_list(parts, nested[first])
        if first not in shapes(Plant):
            known = [*shapes(Plant), *nested]
            self._fail(f"'{first}' does not exist", first, known)
            return None
        return self._below_key(self.root, Plant, parts)

    def _in_nested_list(self, parts: _Path, model: type[Model]) -> _Path | None:
        """Follow ``stations.<id>...``: the object may stand anywhere below the lines."""
        kind = parts[0]
        if len(parts) == 1:
            self._fail(f"names no {SINGULAR[kind]}", "", [])
            return None
        known: dict[str, tuple[_Path, Node]] = {}
        for spot in walk(self.root):
            if spot.node.id is not None and spot.names[0] == kind and spot.keys[-1].isdigit():
                known.setdefault(spot.node.id, (spot.keys, spot.node))
        if parts[1] not in known:
            self._fail(f"{named((kind,))} '{parts[1]}' does not exist", parts[1], list(known))
            return None
        keys, node = known[parts[1]]
        below = self._below_object(node, model, parts[2:])
        return None if below is None else (*keys, *below)

    def _below_object(self, node: Node, model: type[Model], parts: _Path) -> _Path | None:
        return () if not parts else self._below_key(node, model, parts)

    def _below_key(self, node: Node, model: type[Model], parts: _Path) -> _Path | None:
        key = parts[0]
        shape = shapes(model).get(key)
        if shape is None:
            self._fail(f"key '{key}' does not exist", key, list(shapes(model)))
            return None
        child = node.fields.get(key, Node(None, self.value.where, self.value.line))
        below = self._inside(child, shape, parts[1:])
        return None if below is None else (key, *below)

    def _inside(self, node: Node, shape: Shape, parts: _Path) -> _Path | None:
        """Follow a path into what stands under a key."""
        if not parts:
            return ()
        if shape.container == "list" or isinstance(node.value, list):
            return self._in_list(node, shape, parts)
        if shape.container == "dict":
            below = node.fields.get(parts[0], Node(None, self.value.where))
            if not shape.models or len(parts) == 1:
                inner = () if len(parts) == 1 else self._plain(below, parts[1:])
            else:
                inner = self._below_key(below, shape.models[0], parts[1:])
            return None if inner is None else (parts[0], *inner)
        if shape.models:
            return self._below_key(node, shape.models[0], parts)
        self._fail(f"'{parts[0]}' lies below a plain value", "", [])
        return None

    def _in_list(self, node: Node, shape: Shape, parts: _Path) -> _Path | None:
        by_id = {item.id: k for k, item in enumerate(node.items) if item.id is not None}
        position = by_id.get(parts[0], int(parts[0]) if parts[0].isdigit() else -1)
        if not 0 <= position < len(node.items):
            what = f"'{parts[0]}' is not in the list of {len(node.items)}"
            self._fail(what, parts[0], [name for name in by_id if name])
            return None
        item = node.items[position]
        if shape.models:
            below = self._below_object(item, shape.models[0], parts[1:])
        else:
            below = self._plain(item, parts[1:])
        return None if below is None else (str(position), *below)

    def _plain(self, node: Node, parts: _Path) -> _Path | None:
        """Follow list positions of plain values."""
        if not parts:
            return ()
        children = dict(node.children)
        if parts[0] not in children:
            self._fail(f"'{parts[0]}' does not exist", parts[0], list(children))
            return None
        below = self._plain(children[parts[0]], parts[1:])
        return None if below is None else (parts[0], *below)

    def _fail(self, what: str, name: str, known: list[str]) -> None:
        close = nearest(name, known) if name else ""
        remedy = "" if close or not known else f"Known: {', '.join(known[:12])}."
        self.problems.add(self.value, f"change '{self.path}': {what}{close}.", remedy)


def _nested_lists() -> dict[str, type[Model]]:
    """Return the lists below the lines of a plant with the model of their objects."""
    line = shapes(Plant)["lines"].models[0]
    return {
        key: shape.models[0]
        for model in models_below(line)
        for key, shape in shapes(model).items()
        if shape.container == "list" and shape.models and "id" in shapes(shape.models[0])
    }
