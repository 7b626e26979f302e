"""Option values that users write as text: times and changes."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from twin.errors import CelltwinError, Problem
from twin.plant.base import parse_time_s


def seconds(option: str, text: str | None) -> float | None:
    """Turn ``8h``, ``02:00`` or a number of seconds into seconds; None stays None.

    Raises
    ------
    CelltwinError
        The text is no time, or negative.
    """
    if text is None:
        return None
    try:
        value = parse_time_s(float(text))
    except ValueError:
        value = parse_time_s(text)
    if not isinstance(value, float) or not math.isfinite(value) or value < 0:
        raise CelltwinError(
            Problem(option, f"'{text}' is no time.", "Write 8h, 90min, 1h 30m, 02:00 or seconds.")
        )
    return value


def times(option: str, texts: Iterable[str]) -> list[float]:
    """Turn times written as text into seconds.

    Raises
    ------
    CelltwinError
        A text is no time.
    """
    found = (seconds(option, text) for text in texts)
    return [value for value in found if value is not None]


def changes(texts: Iterable[str]) -> dict[str, Any]:
    """Turn ``path=value`` texts into changes; values are read as YAML.

    Raises
    ------
    CelltwinError
        A text has no path or no value; names every such text.
    """
    problems: list[Problem] = []
    found: dict[str, Any] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        if not (equals and path.strip() and value.strip()):
            problems.append(Problem("--set", f"'{text}' is no change.", "Write --set path=value."))
            continue
        try:
            found[path.strip()] = YAML(typ="safe").load(io.StringIO(value))
        except YAMLError:
            problems.append(
                Problem("--set", f"'{value}' cannot be read as a value.", "Quote texts.")
            )
    if problems:
        raise CelltwinError(problems)
    return found
