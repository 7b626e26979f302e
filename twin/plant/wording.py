"""Say in words of the file what a validation error means."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twin.errors import nearest
from twin.plant.base import ID_PATTERN
from twin.plant.fields import Shape
from twin.plant.tree import Node

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Said = tuple[str, str]
"""What is wrong, and its remedy (may be empty)."""

_BOUNDS = {
    "greater_than": ("gt", "greater than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
_TYPES = {
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "string": "a text",
    "list": "a list",
    "tuple": "a list",
    "dict": "a mapping (key: value)",
    "model": "an object (key: value)",
}


@dataclass(frozen=True)
class Wrong:
    """One validation error with its place in the file.

    Attributes
    ----------
    key : str
        Key inside the object it lies in (``cycle.mean_s``).
    node : Node
        Where it lies.
    known : dict
        What the surrounding object may hold.
    detail : ErrorDetails
        The error as validation reports it.
    """

    key: str
    node: Node
    known: Mapping[str, Shape]
    detail: ErrorDetails

    @property
    def last(self) -> str:
        """The key that is wrong, without those above it."""
        return str(self.detail["loc"][-1]) if self.detail["loc"] else ""

    @property
    def context(self) -> Mapping[str, Any]:
        """Limits and options of the violated rule."""
        return self.detail.get("ctx", {})

    @property
    def shown(self) -> str:
        """The wrong value."""
        return _shown(self.detail["input"])


def said(wrong: Wrong) -> Said:
    """Return what is wrong and its remedy."""
    kind = wrong.detail["type"]
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"'{wrong.key}' is {wrong.shown}, must be {words} {_shown(wrong.context[name])}.", ""
    if kind in _SPECIAL:
        return _SPECIAL[kind](wrong)
    expected = _TYPES.get(kind.split("_")[0])
    if expected and wrong.last in wrong.known and wrong.known[wrong.last].is_time:
        expected = "a time, such as 8h, 2h 30m or 02:00"
    if expected:
        return f"'{wrong.key}' is {wrong.shown}, must be {expected}.", ""
    return f"'{wrong.key}' is {wrong.shown}: {wrong.detail['msg']}.", ""


def _unknown_key(wrong: Wrong) -> Said:
    close = nearest(wrong.last, list(wrong.known))
    return f"unknown key '{wrong.last}'{close}.", f"Allowed: {', '.join(wrong.known)}."


def _missing(wrong: Wrong) -> Said:
    if wrong.last.isdigit():
        return _length(wrong)
    shape = wrong.known.get(wrong.last)
    meaning = shape.field.description if shape else None
    return f"'{wrong.key}' is missing.", f"({meaning}.)" if meaning else ""


def _length(wrong: Wrong) -> Said:
    count = len(wrong.node.items)
    name = re.sub(r"\.\d+$", "", wrong.key)
    for bound, words in (("min_length", "at least "), ("max_length", "")):
        if bound in wrong.context:
            return f"'{name}' has {count} values, must have {words}{wrong.context[bound]}.", ""
    return f"'{name}' has only {count} values.", ""


def _pattern(wrong: Wrong) -> Said:
    pattern = str(wrong.context["pattern"])
    if pattern != ID_PATTERN:
        return _option(wrong, re.findall(r"\w+", pattern))
    remedy = "Use letters, digits and underscores, not a digit first."
    return f"'{wrong.key}' is {wrong.shown}, which is no identifier.", remedy


def _literal(wrong: Wrong) -> Said:
    return _option(wrong, re.findall(r"'(\w+)'", str(wrong.context["expected"])))


def _option(wrong: Wrong, options: list[str]) -> Said:
    close = nearest(str(wrong.detail["input"]), options)
    return f"'{wrong.key}' is {wrong.shown}{close}.", f"Allowed: {', '.join(options)}."


def _tag(wrong: Wrong) -> Said:
    tag = str(wrong.context["tag"])
    options = re.findall(r"'(\w+)'", str(wrong.context["expected_tags"]))
    return f"'kind' is '{tag}'{nearest(tag, options)}.", f"Allowed: {', '.join(options)}."


def _no_tag(wrong: Wrong) -> Said:
    del wrong
    return "'kind' is missing.", "It says which kind of fault this is."


def _not_whole(wrong: Wrong) -> Said:
    return f"'{wrong.key}' is {wrong.shown}, must be a whole number.", ""


_SPECIAL: dict[str, Callable[[Wrong], Said]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing,
    "too_short": _length,
    "too_long": _length,
    "string_pattern_mismatch": _pattern,
    "literal_error": _literal,
    "union_tag_invalid": _tag,
    "union_tag_not_found": _no_tag,
    "int_from_float": _not_whole,
}


def _shown(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    text = text if len(text) <= 40 else text[:37] + "..."
    return f"'{text}'" if isinstance(value, str) else text
