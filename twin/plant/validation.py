"""Validate a tree against a model; say what is wrong in terms of the file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar, get_args

from pydantic import ValidationError

from twin.plant.base import Model
from twin.plant.fields import shapes
from twin.plant.reference import subject
from twin.plant.tree import Node, Problems, Spot, plain
from twin.plant.wording import Wrong, said

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

M = TypeVar("M", bound=Model)
_Loc = tuple[int | str, ...]


def validated(tree: Node, model: type[M], problems: Problems) -> M | None:
    """Return the model made from a tree, or None where it is wrong.

    Parameters
    ----------
    tree : Node
    model : type of Model
    problems : Problems
        Receives every error with file and line of its key.
    """
    _refuse_truth_for_numbers(Spot(tree, (), ""), model, problems)
    try:
        made = model.model_validate(plain(tree))
    except ValidationError as error:
        for detail in _without_branches(error.errors(include_url=False)):
            _report(tree, model, detail, problems)
        return None
    _refuse_infinite(tree, made, problems)
    return made


def _without_branches(details: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Return errors of a word or an object as those of the one that was meant.

    Pydantic reports such a value twice, each time with the name of the branch in the path.
    """
    for detail in details:
        loc = detail["loc"]
        branch = str(loc[1]) if loc[:1] == ("initial",) and len(loc) > 1 else ""
        if branch.startswith("literal[") and isinstance(detail["input"], dict):
            continue
        if branch and not branch.startswith("literal[") and detail["type"] == "model_type":
            continue
        yield {**detail, "loc": (loc[0], *loc[2:])} if branch else detail


def _refuse_truth_for_numbers(spot: Spot, model: type[Model], problems: Problems) -> None:
    """Report ``true`` where a number stands: it would silently become 1."""
    known = shapes(model)
    for key, child in spot.node.fields.items():
        if key not in known:
            continue
        numeric = bool(known[key].scalars & {int, float}) and bool not in known[key].scalars
        below = spot.child(key, child)
        for inner in [below, *(below.child(k, node) for k, node in child.children)]:
            if numeric and isinstance(inner.node.value, bool):
                what = f"'{key}' is {str(inner.node.value).lower()}, must be a number."
                problems.add(inner.node, what, subject=subject(spot) if spot.keys else "")
            for one in known[key].models:
                _refuse_truth_for_numbers(inner, one, problems)


def _refuse_infinite(tree: Node, made: Model, problems: Problems) -> None:
    """Report numbers written as text that are not finite, e.g. ``"nan"``."""

    def visit(value: object, loc: _Loc) -> None:
        if isinstance(value, float) and not math.isfinite(value):
            spot, node, key = _locate(tree, loc)
            what = f"'{key}' is not a finite number."
            problems.add(node, what, subject=subject(spot) if spot.keys else "")
        elif isinstance(value, dict):
            for key, child in value.items():
                visit(child, (*loc, key))
        elif isinstance(value, list | tuple):
            for k, child in enumerate(value):
                visit(child, (*loc, k))

    visit(made.model_dump(by_alias=True), ())


def _locate(tree: Node, loc: _Loc) -> tuple[Spot, Node, str]:
    """Return the object an error lies in, the node to point at and the key inside the object."""
    spot = owner = Spot(tree, (), "")
    inside: list[str] = []
    for part in loc:
        key = str(part)
        child = spot.node.fields.get(key) or dict(spot.node.children).get(key)
        if child is None:
            if key not in {"[key]", str(spot.node.text("kind"))}:
                inside.append(key)
            continue
        spot = spot.child(key, child)
        inside.append(key)
        if isinstance(child.value, dict) and (child.id is not None or key.isdigit()):
            owner, inside = spot, []
    return owner, spot.node, ".".join(inside)


def _model_at(model: type[Model], loc: _Loc) -> type[Model] | None:
    """Return the model whose key is the last part of `loc`."""
    current: tuple[type[Model], ...] = (model,)
    for part in loc[:-1]:
        if isinstance(part, str):
            named = [m for m in current if _tag(m) == part]
            found = [s for m in current if (s := shapes(m).get(part))]
            current = tuple(named) or (tuple(found[0].models) if found else current)
    return current[0] if current else None


def _tag(model: type[Model]) -> object:
    """Return the one ``kind`` a model stands for, or None."""
    kind = model.model_fields.get("kind")
    options = get_args(kind.annotation) if kind else ()
    return options[0] if len(options) == 1 else None


def _report(tree: Node, model: type[Model], detail: ErrorDetails, problems: Problems) -> None:
    owner, node, key = _locate(tree, detail["loc"])
    within = _model_at(model, detail["loc"])
    known = shapes(within) if within else {}
    what, remedy = said(Wrong(key, node, known, detail))
    problems.add(node, what, remedy, subject=subject(owner) if owner.keys else "")
