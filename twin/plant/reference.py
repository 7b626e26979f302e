"""Which keys of a plant file name other objects, and what they may name."""

from __future__ import annotations

from twin.plant.tree import Node, Spot, walk

REFERENCES: dict[tuple[str, str], tuple[str, ...]] = {
    ("products", "item"): ("items",),
    ("workcells", "area"): ("zones",),
    ("stations", "put"): ("buffers", "conveyors", "stores", "sinks"),
    ("stations", "product"): ("items",),
    ("ways", "to"): ("buffers", "conveyors", "sinks"),
    ("parts", "item"): ("items",),
    ("recipes", "product"): ("products",),
    ("stations", "crane"): ("cranes",),
    ("stations", "robot"): ("robots",),
    ("take", "from"): ("buffers", "conveyors", "stores"),
    ("stations", "calendar"): ("calendars",),
    ("lines", "calendar"): ("calendars",),
    ("", "calendar"): ("calendars",),
    ("breakdown", "crew"): ("pools",),
    ("breakdowns", "crew"): ("pools",),
    ("maintenance", "crew"): ("pools",),
    ("attend", "pool"): ("pools",),
    ("lifts", "pool"): ("pools",),
    ("robots", "model"): ("robot_models",),
    ("buffers", "item"): ("items",),
    ("conveyors", "item"): ("items",),
    ("sources", "item"): ("items",),
    ("sources", "put"): ("buffers", "conveyors"),
    ("sources", "product"): ("products",),
    ("release", "until"): ("stations", "sinks"),
    ("orders", "product"): ("products",),
    ("orders", "from"): ("sources",),
    ("stops", "place"): ("buffers", "conveyors", "sources", "sinks"),
    ("fleets", "network"): ("networks",),
    ("transports", "from"): ("buffers", "conveyors"),
    ("transports", "to"): ("buffers", "conveyors", "sinks"),
    ("transports", "fleet"): ("fleets",),
}
"""(kind of object, key) -> lists the id may be found in; ``stores`` are stations of kind store."""

SINGULAR = {
    "items": "item",
    "products": "product",
    "zones": "zone",
    "bays": "bay",
    "lines": "line",
    "workcells": "workcell",
    "stations": "station",
    "stores": "store",
    "robots": "robot",
    "buffers": "buffer",
    "conveyors": "conveyor",
    "sources": "source",
    "sinks": "sink",
    "networks": "network",
    "fleets": "fleet",
    "transports": "transport",
    "cranes": "crane",
    "orders": "order",
    "shifts": "shift",
    "calendars": "calendar",
    "pools": "pool",
    "robot_models": "robot model",
    "faults": "fault",
}
"""Name of one object by the key of its list."""


def named(kinds: tuple[str, ...]) -> str:
    """Return the kinds as people say them: ``buffer, conveyor or store``."""
    names = [SINGULAR[kind] for kind in kinds]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def targets(spot: Spot, key: str) -> tuple[str, ...]:
    """Return the lists a key of this object may name; empty if it names nothing."""
    own, outer = spot.names
    return REFERENCES.get((own, key)) or REFERENCES.get((outer, key), ())


def subject(spot: Spot) -> str:
    """Name the object at a spot: ``station 'stack'``."""
    own, _ = spot.names
    label = SINGULAR.get(own, own)
    if spot.node.id is not None:
        return f"{label} '{spot.node.id}'"
    last = spot.keys[-1] if spot.keys else ""
    return f"{label} {int(last) + 1}" if last.isdigit() else label


def ids_by_list(root: Node) -> dict[str, dict[str, Node]]:
    """Return the ids of a tree by the key of their list; stations of kind store also as stores."""
    found: dict[str, dict[str, Node]] = {}
    for spot in walk(root):
        own, _ = spot.names
        if spot.node.id is None or not spot.keys[-1:] or not spot.keys[-1].isdigit():
            continue
        found.setdefault(own, {}).setdefault(spot.node.id, spot.node)
        if own == "stations" and spot.node.text("kind") == "store":
            found.setdefault("stores", {}).setdefault(spot.node.id, spot.node)
    return found
