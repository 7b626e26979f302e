"""Ids that occur twice, and references to ids that do not exist."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from twin.errors import nearest
from twin.plant.reference import REFERENCES, SINGULAR, ids_by_list, named, subject, targets
from twin.plant.tree import Node, Problems, Spot, walk

ROBOT_MODELS = Path(__file__).parent / "robot_models"

ONE_NAMESPACE = frozenset(
    {
        "stations",
        "robots",
        "buffers",
        "conveyors",
        "sources",
        "sinks",
        "cranes",
        "fleets",
        "pools",
    }
)
"""Lists whose ids, with those of machines, vehicles and workers, must all differ."""

_Ids = dict[str, dict[str, Node]]


@cache
def built_in_models() -> tuple[str, ...]:
    """Return the names of the robot models that come with celltwin."""
    return tuple(sorted(path.stem for path in ROBOT_MODELS.glob("*.yaml")))


def check_names(root: Node, problems: Problems) -> bool:
    """Report duplicate ids and dangling references of an expanded plant tree.

    Returns
    -------
    bool
        True if there are none.
    """
    found = Problems()
    ids = ids_by_list(root)
    _check_duplicates(root, found)
    for spot in walk(root):
        if isinstance(spot.node.value, dict):
            _check_references(spot, ids, found)
            _check_local(spot, ids, found)
    problems.extend(found)
    return not found


def _check_duplicates(root: Node, problems: Problems) -> None:
    seen: dict[tuple[str, str], tuple[str, Node]] = {}
    for spot in walk(root):
        kind = spot.names[0]
        if kind not in SINGULAR or not spot.keys[-1].isdigit() or spot.node.id is None:
            continue
        space = "plant" if kind in ONE_NAMESPACE else kind
        for name in _names(kind, spot.node):
            if (space, name) not in seen:
                seen[space, name] = (subject(spot), spot.node)
                continue
            other, first = seen[space, name]
            same = name == spot.node.id and other == subject(spot)
            what = "id" if name == spot.node.id else f"its member '{name}'"
            where = f"on line {first.line}" if same else f"used by {other} on line {first.line}"
            at = spot.node.fields["id"]
            text = f"{what} is already {where}."
            problems.add(at, text, "Give every object its own id.", subject=subject(spot))


def _names(kind: str, node: Node) -> Iterable[str]:
    """Return the id of an object and the ids made from it (machines, vehicles, workers)."""
    yield node.id or ""
    count = 0
    if kind == "stations" and "machines" in node.fields:
        machines = node.fields["machines"].value
        count = machines if isinstance(machines, int) and machines > 1 else 0
    elif kind == "fleets" and "homes" in node.fields:
        count = len(node.fields["homes"].items)
    elif kind == "pools" and "staff" in node.fields:
        present = [child.value for child in node.fields["staff"].fields.values()]
        count = max((n for n in present if isinstance(n, int)), default=0)
    yield from (f"{node.id}_{k + 1}" for k in range(min(count, 10_000)))


def _check_references(spot: Spot, ids: _Ids, problems: Problems) -> None:
    keys = [key for kind, key in REFERENCES if kind in spot.names]
    for key in dict.fromkeys(keys):
        name = spot.node.text(key)
        kinds = targets(spot, key)
        if name is None or not kinds:
            continue
        known = [one for kind in kinds for one in ids.get(kind, {})]
        known += built_in_models() if kinds == ("robot_models",) else ()
        if name in known:
            continue
        node = spot.node.fields[key]
        elsewhere = [kind for kind in SINGULAR if name in ids.get(kind, {}) and kind not in kinds]
        what, remedy = _unknown(name, kinds, elsewhere)
        owner, inside = _owner(spot)
        if elsewhere:
            what = f"'{'.'.join([*inside, key])}' {what}"
        problems.add(node, f"{what}{nearest(name, known)}.", remedy, subject=owner)


def _unknown(name: str, kinds: tuple[str, ...], elsewhere: list[str]) -> tuple[str, str]:
    """Return what is wrong with a name, and the remedy."""
    if elsewhere:
        return f"names {SINGULAR[elsewhere[0]]} '{name}', must name a {named(kinds)}", ""
    lists = " or ".join(f"'{kind}'" for kind in kinds if kind != "stores")
    return f"{named(kinds)} '{name}' does not exist", f"Add it under {lists} or correct the name."


def _owner(spot: Spot) -> tuple[str, list[str]]:
    """Name the object with an id that a spot lies in, and the keys from there."""
    kind, *rest = spot.address.split(".")
    if kind in SINGULAR and rest:
        return f"{SINGULAR[kind]} '{rest[0]}'", rest[1:]
    return subject(spot), []


def _check_local(spot: Spot, ids: _Ids, problems: Problems) -> None:
    """Check names that are local to an object: poses, nodes, stops; and shifts of a pool."""
    own, outer = spot.names
    fields = spot.node.fields
    if own == "networks":
        _check_network(spot, problems)
    elif own == "fleets":
        network = ids.get("networks", {}).get(spot.node.text("network") or "")
        if network is not None:
            stops = set(_at(network, "stops").fields)
            _check_all(spot, _at(spot.node, "homes").items, stops, "stop", problems)
    elif own == "program":
        poses = set(_at(spot.node, "poses").fields)
        used = [*_present(spot.node, "start")]
        used += [node for step in _at(spot.node, "steps").items for node in _present(step, "to")]
        _check_all(spot, used, poses, "pose", problems)
    elif own == "staff" and outer == "pools":
        shifts = list(ids.get("shifts", {}))
        for name, node in fields.items():
            if name not in shifts:
                what = f"shift '{name}' does not exist{nearest(name, shifts)}."
                problems.add(node, what, "Add it under 'shifts'.", subject=_owner(spot)[0])


def _check_network(spot: Spot, problems: Problems) -> None:
    nodes = set(_at(spot.node, "nodes").fields)
    for lane in _at(spot.node, "lanes").items:
        _check_all(spot, lane.items, nodes, "node", problems)
    for stop in _at(spot.node, "stops").fields.values():
        _check_all(spot, _present(stop, "node"), nodes, "node", problems)
    for key in ("blocks", "zones"):
        for group in _at(spot.node, key).fields.values():
            _check_all(spot, _at(group, "nodes").items, nodes, "node", problems)


def _at(node: Node, key: str) -> Node:
    return node.fields.get(key, Node(None, node.where, node.line))


def _present(node: Node, key: str) -> list[Node]:
    return [node.fields[key]] if key in node.fields else []


def _check_all(
    spot: Spot, used: Iterable[Node], known: set[str], what: str, problems: Problems
) -> None:
    for node in used:
        if isinstance(node.value, str) and node.value not in known:
            close = nearest(node.value, sorted(known))
            text = f"{what} '{node.value}' does not exist{close}."
            problems.add(node, text, f"Add it under '{what}s'.", subject=_owner(spot)[0])
