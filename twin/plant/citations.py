"""Sources of numbers: strip ``{value, source, note}`` and ``source:``, keep what they say."""

from __future__ import annotations

from dataclasses import dataclass, replace

from twin.plant.tree import Node, Problems

ASSUMPTION = "assumption"
VALUE_KEYS = frozenset({"value", "source", "note"})
LAYOUT_KEYS = frozenset(
    {
        "position_m",
        "size_m",
        "pitch_m",
        "heading_deg",
        "corner_m",
        "path_m",
        "nodes",
        "rail_m",
        "home_m",
        "poses",
    }
)
"""Coordinates: design choices, which need no source."""

NOT_QUANTITIES = frozenset({"format", "seed", "repeat", "orders", "priority"})


@dataclass(frozen=True)
class _Origin:
    source: str | None = None
    note: str | None = None


def read_citations(node: Node | None, problems: Problems) -> dict[str, str]:
    """Return the ``citations:`` of a file as key -> full text."""
    if node is None:
        return {}
    if not isinstance(node.value, dict):
        problems.add(node, "'citations' must be a mapping of short key to full text.")
        return {}
    for key, child in node.fields.items():
        if not isinstance(child.value, str):
            problems.add(child, f"citation '{key}' must be a text.")
    return {key: child.value for key, child in node.fields.items() if isinstance(child.value, str)}


def resolve_sources(
    node: Node, citations: dict[str, str], problems: Problems, *, keep_assumptions: bool = False
) -> Node:
    """Return the tree without ``value``/``source``/``note``; each value knows its source.

    Parameters
    ----------
    node : Node
    citations : dict
        Full texts by short key; an unknown key is free text.
    problems : Problems
        Receives malformed ``{value: ...}`` mappings.
    keep_assumptions : bool
        Keep the key ``source: assumption`` of objects. A template does, so that it also covers
        the numbers an object adds; a citation covers the template's own numbers alone.
    """

    def visit(node: Node, origin: _Origin) -> Node:
        if isinstance(node.value, dict):
            here = _own_origin(node.value, citations) or origin
            if "value" in node.value:
                for key in sorted(node.value.keys() - VALUE_KEYS):
                    what = f"unknown key '{key}' beside 'value'."
                    problems.add(node.value[key], what, "Allowed: value, source, note.")
                return visit(replace(node.value["value"], where=node.where, line=node.line), here)
            kept = {
                k: v
                for k, v in node.value.items()
                if not _is_citation(k, v) or (keep_assumptions and v.value == ASSUMPTION)
            }
            return node.with_value({k: visit(v, here) for k, v in kept.items()})
        if isinstance(node.value, list):
            return node.with_value([visit(item, origin) for item in node.value])
        if node.source is not None or origin.source is None:
            return node
        return replace(node, source=origin.source, note=origin.note)

    return visit(node, _Origin())


def _own_origin(fields: dict[str, Node], citations: dict[str, str]) -> _Origin | None:
    found = {k: str(fields[k].value) for k in ("source", "note") if _cited(fields, k)}
    if "source" not in found:
        return None
    return _Origin(citations.get(found["source"], found["source"]), found.get("note"))


def _cited(fields: dict[str, Node], key: str) -> bool:
    return key in fields and _is_citation(key, fields[key])


def _is_citation(key: str, node: Node) -> bool:
    return key in {"source", "note"} and isinstance(node.value, str)
