"""Plants that are another plant with some changes (``extends: line_3gwh``)."""

from __future__ import annotations

from pathlib import Path

from twin.errors import PlantError, nearest
from twin.plant.library import find_plant
from twin.plant.own_asset import with_full_paths
from twin.plant.tree import Node, Problems
from twin.plant.yaml_source import read_yaml

_OWN = frozenset({"id", "label", "description", "extends"})
"""Keys that a plant does not take over from the one it extends."""


def extended(root: Node, path: Path, problems: Problems) -> Node:
    """Return the file as if everything of the plants it extends were written in it.

    Objects are laid over each other key by key, and ``null`` takes a key out; lists of objects
    with an id object by object: a new id is added, ``remove: true`` takes one out. Everything else
    is replaced.

    Parameters
    ----------
    root : Node
        The file as read.
    path : Path
        Where it is; relative paths start from its folder.
    problems : Problems
        Receives what is removed but not there.

    Raises
    ------
    PlantError
        A plant it extends cannot be read, or a plant extends itself.
    """
    return _extended(root, path, problems, (path.resolve(),))


def _extended(root: Node, path: Path, problems: Problems, chain: tuple[Path, ...]) -> Node:
    root = with_full_paths(root, path.parent)
    named = root.fields.get("extends")
    if named is None:
        return laid_over(Node({}, root.where), root, problems)
    if not isinstance(named.value, str):
        problems.add(named, "'extends' must be the name or the path of a plant.")
        raise PlantError(problems)
    try:
        base_path = find_plant(named.value, beside=path.parent)
        base = read_yaml(base_path, problems)
    except PlantError as error:
        for problem in error.problems:
            problems.add(named, f"extends '{problem.where}': {problem.what}", problem.remedy)
        raise PlantError(problems) from None
    if base_path.resolve() in chain:
        loop = " -> ".join(f"'{one.stem}'" for one in (*chain, base_path))
        problems.add(named, f"the plant extends itself ({loop}).", "Break the circle.")
        raise PlantError(problems)
    below = _extended(base, base_path, problems, (*chain, base_path.resolve()))
    kept = below.with_value({k: v for k, v in below.fields.items() if k not in _OWN})
    own = root.with_value({k: v for k, v in root.fields.items() if k != "extends"})
    return laid_over(kept, own, problems)


def laid_over(base: Node, over: Node, problems: Problems) -> Node:
    """Return `over` laid over `base`: objects key by key, lists of objects by id.

    Parameters
    ----------
    base, over : Node
    problems : Problems
        Receives what is removed but not there.
    """
    if isinstance(base.value, list) and _has_ids(base) and isinstance(over.value, list):
        return _lists(base, over, problems)
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)) or "value" in over.value:
        return over
    result = dict(base.value)
    for key, node in over.value.items():
        if node.value is None:
            result.pop(key, None)
            continue
        known = key in result and "value" not in result[key].fields
        result[key] = laid_over(result[key], node, problems) if known else node
    return base.with_value(result)


def _has_ids(node: Node) -> bool:
    return bool(node.items) and all(item.id is not None for item in node.items)


def _lists(base: Node, over: Node, problems: Problems) -> Node:
    result = {item.id: item for item in base.items}
    for number, item in enumerate(over.items):
        known = item.id in result
        if "remove" in item.fields:
            if not known:
                close = nearest(item.id or "", [name for name in result if name])
                what = f"'{item.id}' cannot be removed: it does not exist{close}."
                problems.add(item, what, "Name an object of the plant that is extended.")
            result.pop(item.id, None)
        elif known:
            result[item.id] = laid_over(result[item.id], item, problems)
        else:
            result[item.id if item.id is not None else f"{number}"] = item
    return base.with_value([*result.values()])
