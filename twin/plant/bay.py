"""Bays: what belongs to one part of a plant, written together so that it repeats as one."""

from __future__ import annotations

from twin.errors import nearest
from twin.plant.fields import shapes
from twin.plant.plant import Plant
from twin.plant.tree import Node, Problems

_ABOUT = frozenset({"id", "label"})


def bay_keys() -> tuple[str, ...]:
    """Return the lists of a plant that a bay may hold: those of objects with an id."""
    return tuple(
        key
        for key, shape in shapes(Plant).items()
        if shape.container == "list" and shape.models and "id" in shapes(shape.models[0])
    )


def spread_bays(root: Node, problems: Problems) -> Node:
    """Return the tree with the lists of every bay added to those of the plant.

    Parameters
    ----------
    root : Node
        A plant with repetitions expanded: a bay that repeats is there many times.
    problems : Problems
        Receives keys that a bay cannot hold.
    """
    if "bays" not in root.fields:
        return root
    bays = root.fields["bays"]
    fields = {key: node for key, node in root.fields.items() if key != "bays"}
    if not isinstance(bays.value, list):
        problems.add(bays, "'bays' must be a list of objects.")
        return root.with_value(fields)
    for bay in bays.items:
        for key, node in bay.fields.items():
            if key in _ABOUT:
                continue
            if key not in bay_keys():
                what = f"bay '{bay.id}': unknown key '{key}'{nearest(key, bay_keys())}."
                problems.add(node, what, f"Allowed: {', '.join(bay_keys())}.")
            elif not isinstance(node.value, list):
                problems.add(node, f"bay '{bay.id}': '{key}' must be a list.")
            else:
                before = fields.get(key, Node([], node.where, node.line))
                fields[key] = before.with_value([*before.items, *node.items])
    return root.with_value(fields)
