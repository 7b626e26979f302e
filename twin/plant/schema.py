"""JSON Schema of plant and scenario files as people write them, for editors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from twin.errors import CelltwinError, nearest
from twin.plant.base import ID_PATTERN, Model, parse_time_s
from twin.plant.bay import bay_keys
from twin.plant.fields import SET_BY_LOADER, models_below, object_keys, shapes
from twin.plant.plant import Plant
from twin.plant.scenario import ScenarioFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"
KINDS: dict[str, type[Model]] = {"plant": Plant, "scenario": ScenarioFile}

_TEXT: JsonSchemaValue = {"type": "string"}
_TIME_PATTERN = r"^\s*((\d+(\.\d+)?\s*(d|h|min|m|s)\s*)+|\d+:\d\d(:\d\d)?)$"
_ID_OR_COPY = r"^[A-Za-z_]([A-Za-z0-9_]|\{n\})*$"
_CITED: dict[str, JsonSchemaValue] = {
    "source": {**_TEXT, "description": "Where the numbers in here come from, or 'assumption'"},
    "note": {**_TEXT, "description": "Remark on the source"},
}
_REPEAT: JsonSchemaValue = {
    "type": "object",
    "description": "Make several copies of this object",
    "properties": {
        "count": {"type": "integer", "minimum": 1},
        "offset_m": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3},
        "suffix": {"type": "string", "pattern": r"\{n\}", "default": "_{n}"},
    },
    "required": ["count"],
    "additionalProperties": False,
}


_PART = "Part"
"""Ends the names of definitions of objects that may leave out what they need."""

_PART_OF_REPEAT = {k: v for k, v in _REPEAT.items() if k != "required"}


def json_schema(kind: str = "plant") -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a kind of file.

    Parameters
    ----------
    kind : {"plant", "scenario"}

    Returns
    -------
    dict
        Accepts the file as written: values with sources, templates, repetitions. References and
        flow are checked when the file is loaded, not here.
    """
    if kind not in KINDS:
        raise CelltwinError(f"'{kind}' is no kind of file{nearest(kind, list(KINDS))}.", "schema")
    return _AsWritten(KINDS[kind]).schema()


class WithTimes(GenerateJsonSchema):
    """Pydantic's generator, which does not know that times may be written as text."""

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """Return the schema of a value that is read before it is validated."""
        made = super().function_before_schema(schema)
        if schema["function"]["function"] is not parse_time_s:
            return made
        return {"anyOf": [made, {"type": "string", "pattern": _TIME_PATTERN}]}


class _AsWritten:
    """Turns the schema of a validated model into that of its file."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.has_templates = model is Plant
        self.in_lists = {
            inner.__name__
            for one in models_below(model)
            for shape in shapes(one).values()
            if shape.container == "list"
            for inner in shape.models
        }
        self.required: dict[str, list[str]] = {}

    def schema(self) -> dict[str, Any]:
        made = self.model.model_json_schema(by_alias=True, schema_generator=WithTimes)
        definitions = made.pop("$defs", {})
        for name, definition in definitions.items():
            self.required[name] = definition.pop("required", [])
        root = self._object(made, self.model.__name__)
        root["properties"]["citations"] = {
            "type": "object",
            "description": "Full texts behind the short keys used in 'source'",
            "additionalProperties": _TEXT,
        }
        root["$defs"] = {
            name: self._object(definition, name) for name, definition in definitions.items()
        }
        if self.has_templates:
            root["properties"]["templates"] = self._templates()
            root["properties"]["bays"] = self._bays(root["properties"])
            self._extend(root)
        return {"$schema": DIALECT, **root}

    def _bays(self, properties: dict[str, Any]) -> dict[str, Any]:
        """Return the schema of ``bays:``, whose objects hold lists of the plant."""
        lists = {key: properties[key] for key in bay_keys()}
        about = {"id": {"type": "string", "pattern": _ID_OR_COPY}, "label": _TEXT}
        return {
            "type": "array",
            "description": "What belongs to one part of the plant and repeats as one",
            "items": {
                "type": "object",
                "properties": {**about, "repeat": _PART_OF_REPEAT, **lists},
                "required": ["id"],
                "additionalProperties": False,
            },
        }

    def _extend(self, root: dict[str, Any]) -> None:
        """Allow ``extends``, with which a plant says only what is different."""
        properties = root["properties"]
        properties["extends"] = {**_TEXT, "description": "Name or path of the plant it starts from"}
        whole = {
            "properties": properties,
            "required": [key for key in root["required"] if key != "lines"],
            "anyOf": [{"required": ["lines"]}, {"required": ["bays"]}],
        }
        definitions = root["$defs"]
        parts = {name + _PART: _partial(made) for name, made in definitions.items()}
        root["$defs"] = {**definitions, **parts, "WholePlant": whole}
        root["properties"], root["required"] = _partial(properties), ["id"]
        root["if"] = {"not": {"required": ["extends"]}}
        root["then"] = {"$ref": "#/$defs/WholePlant"}

    def _object(self, schema: dict[str, Any], name: str) -> dict[str, Any]:
        properties = {
            key: self._value(below)
            for key, below in schema["properties"].items()
            if key not in SET_BY_LOADER
        }
        properties.update(_CITED)
        if self.has_templates and name != self.model.__name__:
            properties["like"] = {**_TEXT, "description": "Name of the template to start from"}
            if name in self.in_lists and "id" in properties:
                properties["repeat"] = _PART_OF_REPEAT
                properties["remove"] = {
                    "const": True,
                    "description": "Leave out this object of the plant that is extended",
                }
        if not self.has_templates and name in self.required:
            schema = {**schema, "required": self.required[name]}
        return {**schema, "properties": properties}

    def _value(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the schema of a value that may be written with its source."""
        if "$ref" in schema or "oneOf" in schema or schema.get("type") == "null":
            return schema
        if "anyOf" in schema:
            return {**schema, "anyOf": list(self._branches(schema["anyOf"]))}
        if schema.get("type") == "object":
            return self._mapping(schema)
        about: dict[str, Any] = {
            k: schema[k] for k in ("title", "description", "default") if k in schema
        }
        plain = {k: v for k, v in schema.items() if k not in about}
        if plain.get("type") == "array":
            plain = self._list(plain)
        if plain.get("pattern") == ID_PATTERN:
            plain["pattern"] = _ID_OR_COPY
        return {**about, "anyOf": [plain, _cited(plain)]}

    def _branches(self, branches: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        for branch in branches:
            made = self._value(branch)
            yield from made["anyOf"] if set(made) == {"anyOf"} else [made]

    def _mapping(self, schema: dict[str, Any]) -> dict[str, Any]:
        below = mapping_values(schema)
        if not below:
            return schema
        value = self._value(below)
        kept = {k: v for k, v in schema.items() if k != "patternProperties"}
        cited = {key: {"anyOf": [text, value]} for key, text in _CITED.items()}
        names = {"pattern": _ID_OR_COPY}
        return {**kept, "propertyNames": names, "properties": cited, "additionalProperties": value}

    def _list(self, schema: dict[str, Any]) -> dict[str, Any]:
        made = dict(schema)
        if "prefixItems" in schema:
            made["prefixItems"] = [self._value(item) for item in schema["prefixItems"]]
        if isinstance(schema.get("items"), dict):
            made["items"] = self._item(schema["items"])
        return made

    def _item(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the schema of a list item; what is required may come from a template."""
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        required = self.required.get(name)
        if not name or not required or not self.has_templates:
            return self._value(schema)
        whole = [key for key in required if key != "id"]
        if not whole:
            return schema
        partly = {"anyOf": [{"required": ["like"]}, {"required": ["remove"]}]}
        return {**schema, "if": partly, "else": {"required": required}}

    def _templates(self) -> dict[str, Any]:
        """Return the schema of ``templates:``: kind -> name -> partial object."""
        by_key = {
            key: shape.models
            for model in models_below(Plant)
            for key, shape in shapes(model).items()
            if key in object_keys() and shape.models
        }
        kinds = {
            key: {
                "type": "object",
                "additionalProperties": {"$ref": f"#/$defs/{models[0].__name__}"},
            }
            for key, models in by_key.items()
        }
        about = "Partial objects by kind and name, used with 'like'"
        properties: dict[str, Any] = {**kinds, **_CITED}
        return {
            "type": "object",
            "description": about,
            "properties": properties,
            "additionalProperties": False,
        }


def _partial(schema: Any) -> Any:
    """Return a schema for objects that may leave out what they need."""
    if isinstance(schema, list):
        return [_partial(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {k: _partial(v) for k, v in schema.items() if k not in {"if", "else"}}
    if str(kept.get("$ref", "")).startswith("#/$defs/"):
        kept["$ref"] += _PART
    below = kept.get("additionalProperties")
    if isinstance(below, dict) and "$ref" in below:
        kept["additionalProperties"] = {"anyOf": [below, {"type": "null"}]}
    return kept


def mapping_values(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of the values of a mapping with free names; empty if they are free too."""
    named = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
    return named[0] if isinstance(named[0], dict) else {}


def _cited(plain: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"value": plain, **_CITED},
        "required": ["value"],
        "additionalProperties": False,
    }
