"""The reference of plant and scenario files, written out from the models."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from twin.plant.base import ID_PATTERN, Model
from twin.plant.fields import models_below, shapes
from twin.plant.load import robot_model
from twin.plant.naming import built_in_models
from twin.plant.plant import Plant
from twin.plant.reference import REFERENCES, named
from twin.plant.scenario import ScenarioFile
from twin.plant.schema import WithTimes, mapping_values
from twin.plant.state import PlantState

_BOUNDS = {
    "exclusiveMinimum": "> {}",
    "minimum": ">= {}",
    "exclusiveMaximum": "< {}",
    "maximum": "<= {}",
}
_ID_MEANING = "Identifier; a valid USD prim name"
_NAMES = {"number": "number", "integer": "whole number", "boolean": "true or false"}


def models_markdown() -> str:
    """Return every object of plant and scenario files as Markdown, key by key."""
    return _models(Plant, ScenarioFile)


def state_markdown() -> str:
    """Return every object of a plant state as Markdown, key by key."""
    return _models(PlantState)


def mapping_markdown() -> str:
    """Return every object of a mapping file of `celltwin import` as Markdown, key by key."""
    from twin.imports.mapping import LogMapping  # noqa: PLC0415 - it builds on this package

    return _models(LogMapping)


def _models(*roots: type[Model]) -> str:
    lines: list[str] = []
    told: set[type[Model]] = set()
    for root in roots:
        schema = root.model_json_schema(by_alias=True, schema_generator=WithTimes)
        definitions = {**schema.get("$defs", {}), root.__name__: schema}
        for model in models_below(root):
            if model not in told:
                told.add(model)
                lines += _model(model, definitions[model.__name__])
    return "\n".join(lines)


def robot_models_markdown() -> str:
    """Return the built-in robot models as a Markdown table."""
    lines = ["| name | robot | payload | joint speeds (deg/s) |", "|---|---|---|---|"]
    for name in built_in_models():
        model = robot_model(None, name)
        speeds = ", ".join(f"{joint.speed_dps:g}" for joint in model.joints)
        lines.append(f"| `{name}` | {model.label} | {model.payload_kg:g} kg | {speeds} |")
    return "\n".join([*lines, ""])


def _model(model: type[Model], schema: dict[str, Any]) -> list[str]:
    lines = [f"### {model.__name__}", "", _plain_text(model.__doc__ or ""), ""]
    lines += ["| key | value | default | meaning |", "|---|---|---|---|"]
    required = schema.get("required", [])
    references = _references(model)
    for key in shapes(model):
        about = schema["properties"][key]
        default = "(required)" if key in required else _default(about)
        kind = references.get(key) or _type(about)
        meaning = _plain_text(about.get("description", ""))
        meaning = "" if key != "id" and meaning == _ID_MEANING else meaning
        lines.append(f"| `{key}` | {kind} | {default} | {meaning} |")
    return [*lines, ""]


def _references(model: type[Model]) -> dict[str, str]:
    """Return what the keys of a model name: ``id (pool)``."""
    stands_under = {
        key
        for owner in models_below(Plant)
        for key, shape in shapes(owner).items()
        if model in shape.models
    }
    return {
        key: f"id ({named(kinds)})"
        for (own, key), kinds in REFERENCES.items()
        if own in stands_under
    }


def _plain_text(text: str) -> str:
    return " ".join(text.split()).replace("``", "`").replace("|", "\\|")


def _default(about: dict[str, Any]) -> str:
    value = about.get("default")
    if value in (None, "") or isinstance(value, dict) or value == []:
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _type(about: dict[str, Any]) -> str:
    """Return in words what a value may be."""
    for key, words in _BY_KEY.items():
        if key in about:
            return words(about)
    return _BY_TYPE.get(about.get("type", ""), _scalar)(about)


def _branches(about: dict[str, Any]) -> str:
    every: list[dict[str, Any]] = about.get("anyOf") or about["oneOf"]
    if any("h|min" in branch.get("pattern", "") for branch in every):
        return "time"
    branches = [_type(branch) for branch in every if branch.get("type") != "null"]
    return " or ".join(dict.fromkeys(branches))


def _link(about: dict[str, Any]) -> str:
    name = about["$ref"].rpartition("/")[2]
    return f"[{name}](#{name.lower()})"


def _mapping(about: dict[str, Any]) -> str:
    below = mapping_values(about)
    return f"mapping of name to {_type(below)}" if below else "mapping of path to value"


def _list(about: dict[str, Any]) -> str:
    if "prefixItems" in about:
        inner = about["prefixItems"]
        return f"[{', '.join(_type(item) for item in inner)}]"
    return f"list of {_type(about.get('items', {}))}"


def _scalar(about: dict[str, Any]) -> str:
    pattern = about.get("pattern")
    if pattern == ID_PATTERN:
        return "id"
    if pattern:
        return ", ".join(f"`{word}`" for word in re.findall(r"\w+", pattern))
    bounds = [words.format(f"{about[k]:g}") for k, words in _BOUNDS.items() if k in about]
    name = _NAMES.get(about.get("type", ""), "text")
    return " ".join([name, *[", ".join(bounds)] * bool(bounds)])


_BY_KEY: dict[str, Callable[[dict[str, Any]], str]] = {
    "anyOf": _branches,
    "oneOf": _branches,
    "$ref": _link,
    "enum": lambda about: ", ".join(f"`{value}`" for value in about["enum"]),
    "const": lambda about: f"`{about['const']}`",
}
_BY_TYPE: dict[str, Callable[[dict[str, Any]], str]] = {"array": _list, "object": _mapping}
