"""From a plant file to a checked plant: read, expand, validate, check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from twin.errors import PlantError
from twin.plant.bay import spread_bays
from twin.plant.citations import read_citations, resolve_sources
from twin.plant.cost_rules import check_costs
from twin.plant.extend import extended
from twin.plant.flow import check_flow
from twin.plant.lanes import check_lanes
from twin.plant.measured import with_measured_values
from twin.plant.naming import check_names
from twin.plant.origin import Index
from twin.plant.plant import Plant
from twin.plant.product_rules import check_products
from twin.plant.repeat import expand_repeats
from twin.plant.reporter import Reporter
from twin.plant.rules import check_rules
from twin.plant.template import apply_templates
from twin.plant.tree import Node, Problems
from twin.plant.validation import validated
from twin.plant.yaml_source import read_yaml


@dataclass(frozen=True)
class PlantTree:
    """A plant file with templates and repetitions expanded, not yet validated.

    Attributes
    ----------
    path : Path
    root : Node
    citations : dict
        Short key -> full text.
    """

    path: Path
    root: Node
    citations: dict[str, str]


def read_plant(path: Path, problems: Problems, root: Node | None = None) -> PlantTree:
    """Read and expand a plant file.

    Parameters
    ----------
    path : Path
    problems : Problems
        Receives what is wrong with sources, templates and repetitions.
    root : Node, optional
        The file as read, where it was read already.

    Raises
    ------
    PlantError
        The file cannot be read as YAML.
    """
    root = root or read_yaml(path, problems)
    if "plant" in root.fields and "lines" not in root.fields:
        remedy = "Name its plant instead, or use it where a scenario is expected."
        problems.add(root.fields["plant"], "this is a scenario, not a plant.", remedy)
        raise PlantError(problems)
    root = extended(root, path, problems)
    citations = read_citations(root.fields.get("citations"), problems)
    templates = root.fields.get("templates")
    if templates is not None:
        templates = resolve_sources(templates, citations, problems, keep_assumptions=True)
    kept = {k: v for k, v in root.fields.items() if k not in {"citations", "templates"}}
    used = apply_templates(root.with_value(kept), templates, problems)
    repeated = spread_bays(expand_repeats(used, problems), problems)
    return PlantTree(path, resolve_sources(repeated, citations, problems), citations)


def checked_plant(root: Node, problems: Problems) -> Plant | None:
    """Return the plant of an expanded tree; None where it is wrong.

    Parameters
    ----------
    root : Node
    problems : Problems
        Receives everything that is wrong with it.
    """
    filled = with_measured_values(_with_places(root, problems), problems)
    plant = validated(filled, Plant, problems)
    names_are_right = check_names(filled, problems)
    if plant is None:
        return None
    index = Index(filled)
    check_rules(plant, index, problems)
    check_costs(plant, index, problems)
    if names_are_right:
        check_flow(plant, index, problems)
        check_products(plant, Reporter(index, problems))
        check_lanes(plant, index, problems)
    return None if problems else plant


def _with_places(root: Node, problems: Problems) -> Node:
    """Write line and workcell into every station and robot."""

    def line_of(line: Node) -> Node:
        return _mapped(line, "workcells", lambda cell: cell_of(line, cell))

    def cell_of(line: Node, cell: Node) -> Node:
        places = {"workcell": cell.id or "", "line": line.id or ""}
        for key in ("stations", "robots"):
            cell = _mapped(cell, key, lambda one: _placed(one, places, problems))
        return cell

    return _mapped(root, "lines", line_of)


def _mapped(node: Node, key: str, change: Callable[[Node], Node]) -> Node:
    """Return the node with every item of the list at `key` changed."""
    if key not in node.fields:
        return node
    below = node.fields[key].map_children(lambda _, item: change(item))
    return node.with_value({**node.fields, key: below})


def _placed(node: Node, places: dict[str, str], problems: Problems) -> Node:
    if not isinstance(node.value, dict):
        return node
    for key, name in places.items():
        if key in node.value and node.value[key].value != name:
            what = f"'{key}' is set by where the object stands."
            problems.add(node.value[key], what, "Remove it.")
    added = {key: Node(name, node.where, node.line) for key, name in places.items()}
    return node.with_value({**node.value, **added})
