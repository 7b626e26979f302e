"""Repetition: one object of a list written once and made many times (``repeat:``)."""

from __future__ import annotations

from dataclasses import dataclass

from twin.plant.reference import ids_by_list, subject, targets
from twin.plant.tree import Node, Problems, Spot, walk

POSITION_KEYS = frozenset({"position_m", "corner_m", "path_m", "nodes", "rail_m", "home_m"})
"""Coordinates in the hall, which move with a copy."""

MAX_VALUES = 200_000
"""Values that the copies of one object may have in all."""

_KEYS = frozenset({"count", "offset_m", "suffix"})


@dataclass(frozen=True)
class _Repeat:
    count: int
    offset_m: tuple[float, ...]
    suffix: str


@dataclass(frozen=True)
class _Copy:
    """One copy: its number, its new ids by (list, id) and its offset."""

    number: int
    ids: dict[tuple[str, str], str]
    offset_m: tuple[float, ...]

    def text(self, text: str) -> str:
        return text.replace("{n}", str(self.number))


def expand_repeats(root: Node, problems: Problems) -> Node:
    """Return the tree with every ``repeat`` replaced by its copies, the innermost first."""

    def visit(spot: Spot) -> Node:
        node = spot.node.map_children(lambda key, child: visit(spot.child(key, child)))
        if isinstance(node.value, list):
            return node.with_value([made for item in node.value for made in copies(spot, item)])
        if "repeat" in node.fields and not (spot.keys and spot.keys[-1].isdigit()):
            problems.add(node.fields["repeat"], "only an object of a list can be repeated.")
            return _without_repeat(node)
        return node

    def copies(parent: Spot, item: Node) -> list[Node]:
        if "repeat" not in item.fields:
            return [item]
        spot = parent.child("0", item)
        repeat = _read(item.fields["repeat"], subject(spot), problems)
        bare = _without_repeat(item)
        if repeat is None:
            return [bare]
        if repeat.count * sum(1 for _ in walk(bare)) > MAX_VALUES:
            what = f"repeat: {repeat.count} copies make more than {MAX_VALUES:,} values."
            problems.add(item.fields["repeat"], what, subject=subject(spot))
            return [bare]
        return _made(parent.child("0", bare), repeat)

    return visit(Spot(root, (), ""))


def _without_repeat(node: Node) -> Node:
    return node.with_value({k: v for k, v in node.fields.items() if k != "repeat"})


def _read(node: Node, owner: str, problems: Problems) -> _Repeat | None:
    """Read a ``repeat:``; None if it is wrong."""
    fields = node.fields
    for key in sorted(fields.keys() - _KEYS):
        what = f"repeat: unknown key '{key}'."
        problems.add(fields[key], what, "Allowed: count, offset_m, suffix.", subject=owner)
    count = fields["count"].value if "count" in fields else None
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 10_000:
        what = "repeat: 'count' must be a whole number from 1 to 10000."
        problems.add(fields.get("count", node), what, subject=owner)
        return None
    offset = [item.value for item in fields["offset_m"].items] if "offset_m" in fields else [0, 0]
    numbers = tuple(float(x) for x in offset if isinstance(x, int | float))
    if len(numbers) != len(offset) or len(offset) not in {2, 3}:
        what = "repeat: 'offset_m' must be two or three numbers, e.g. [0, 20]."
        problems.add(fields["offset_m"], what, subject=owner)
        return None
    suffix = fields["suffix"].value if "suffix" in fields else "_{n}"
    if not isinstance(suffix, str) or "{n}" not in suffix:
        what = "repeat: 'suffix' must contain {n}, e.g. \"_{n}\"."
        problems.add(fields["suffix"], what, subject=owner)
        return None
    return _Repeat(count, numbers, suffix)


def _made(spot: Spot, repeat: _Repeat) -> list[Node]:
    wrapped = Node({spot.names[0]: Node([spot.node], spot.node.where)}, spot.node.where)
    old = [(kind, name) for kind, ids in ids_by_list(wrapped).items() for name in ids]
    made = []
    for k in range(repeat.count):
        number = k + 1
        suffix = repeat.suffix.replace("{n}", str(number))
        ids = {
            (kind, name): name.replace("{n}", str(number)) if "{n}" in name else name + suffix
            for kind, name in old
        }
        offset = tuple(k * x for x in repeat.offset_m)
        made.append(_renamed(spot, _Copy(number, ids, offset)))
    return made


def _renamed(spot: Spot, copy: _Copy) -> Node:
    """Return one copy of the object at a spot."""
    if not isinstance(spot.node.value, dict):
        return spot.node.map_children(lambda key, child: _renamed_child(spot, key, child, copy))
    return spot.node.with_value(
        {
            copy.text(key): _renamed_child(spot, key, child, copy)
            for key, child in spot.node.fields.items()
        }
    )


def _renamed_child(spot: Spot, key: str, child: Node, copy: _Copy) -> Node:
    if key in POSITION_KEYS:
        return _moved(child, copy.offset_m)
    if not isinstance(child.value, str):
        return _renamed(spot.child(key, child), copy)
    kinds = (spot.names[0],) if key == "id" else targets(spot, key)
    for kind in kinds:
        if (kind, child.value) in copy.ids:
            return child.with_value(copy.ids[kind, child.value])
    return child.with_value(copy.text(child.value))


def _moved(node: Node, offset_m: tuple[float, ...]) -> Node:
    """Add the offset to a point, or to every point of a list or mapping of points."""
    values = [item.value for item in node.items]
    if not values or not all(isinstance(value, int | float) for value in values):
        return node.map_children(lambda _, child: _moved(child, offset_m))
    shift = (*offset_m, 0.0, 0.0, 0.0)
    return node.with_value(
        [
            item.with_value(item.value + shift[k]) if isinstance(item.value, int | float) else item
            for k, item in enumerate(node.items)
        ]
    )
