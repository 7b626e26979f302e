"""Building blocks of the plant model: ids, quantities, durations."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

ID_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*$"

Id = Annotated[str, Field(pattern=ID_PATTERN, description="Identifier; a valid USD prim name")]
Vec2 = tuple[float, float]
Vec3 = tuple[float, float, float]
Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Fraction = Annotated[float, Field(gt=0, le=1)]

_PARTS = re.compile(r"(\d+(?:\.\d+)?)\s*(d|h|min|m|s)")
_SECONDS = {"d": 86400.0, "h": 3600.0, "min": 60.0, "m": 60.0, "s": 1.0}


def parse_time_s(value: object) -> object:
    """Turn ``"8h"``, ``"2h 30m"``, ``"02:00"`` or a number of seconds into seconds.

    Anything else is returned unchanged, so that validation reports it.
    """
    if not isinstance(value, str):
        return value
    text = value.strip()
    clock = re.fullmatch(r"(\d+):(\d\d)(?::(\d\d))?", text)
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600.0 + minutes * 60.0 + seconds
    if text and not _PARTS.sub("", text).strip():
        return sum(float(number) * _SECONDS[unit] for number, unit in _PARTS.findall(text))
    return value


TimeS = Annotated[float, BeforeValidator(parse_time_s), Field(ge=0)]


class Model(BaseModel):
    """Immutable, and strict about unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Duration(Model):
    """A random duration given by its mean and its coefficient of variation."""

    mean_s: NonNegative = Field(description="Mean in seconds")
    cv: NonNegative = Field(0.0, description="Coefficient of variation (standard deviation / mean)")
    kind: Literal[
        "constant", "exponential", "lognormal", "gamma", "normal", "uniform", "triangular"
    ] = Field("lognormal", description="Family; exponential has cv 1, constant has cv 0")
