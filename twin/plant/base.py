"""Building blocks of the plant model: ids, quantities, durations."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from twin.plant.moments import own_moments, weibull_cv

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


def _mean_may_be_left_out(schema: dict[str, Any]) -> None:
    schema.pop("required", None)


class Duration(Model):
    """A random duration: a family, its mean and its coefficient of variation.

    Families with values or limits of their own take those instead; `mean_s` beside them scales
    them to that mean. What a family allows is described in the section on durations.
    """

    model_config = ConfigDict(json_schema_extra=_mean_may_be_left_out)

    mean_s: NonNegative = Field(
        description="Mean in seconds; may be left out where the family's own parameters give it"
    )
    cv: NonNegative = Field(0.0, description="Coefficient of variation (standard deviation / mean)")
    kind: Literal[
        "constant",
        "exponential",
        "lognormal",
        "gamma",
        "erlang",
        "normal",
        "uniform",
        "triangular",
        "weibull",
        "beta",
        "discrete",
        "empirical",
        "trace",
    ] = Field("lognormal", description="Family; exponential has cv 1, constant has cv 0")
    k: int | None = Field(None, ge=1, description="erlang: number of exponential stages")
    shape: Positive | None = Field(None, description="weibull: shape, instead of `cv`")
    low_s: NonNegative | None = Field(None, description="uniform, triangular, beta: smallest value")
    mode_s: NonNegative | None = Field(None, description="triangular: most frequent value")
    high_s: NonNegative | None = Field(None, description="uniform, triangular, beta: largest value")
    alpha: Positive | None = Field(None, description="beta: first shape, instead of mean and cv")
    beta: Positive | None = Field(None, description="beta: second shape, instead of mean and cv")
    values_s: tuple[NonNegative, ...] = Field(
        (), description="discrete, empirical, trace: the values"
    )
    weights: tuple[NonNegative, ...] = Field(
        (), description="discrete: weight of each value; default: all the same"
    )
    file: str = Field(
        "",
        description="empirical, trace: CSV or Parquet file with the values, instead of them; "
        "relative to the file that says so",
    )
    column: str = Field("", description="Column of `file`; in seconds")
    draw: Literal["resampled", "interpolated"] = Field(
        "resampled",
        description="empirical: one of the values, or in between by linear interpolation of their "
        "distribution function",
    )
    at_end: Literal["repeat", "stop"] = Field(
        "repeat", description="trace: begin again after the last value, or stop with an error"
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_in_mean(cls, data: Any) -> Any:
        """Take the mean from the family's own parameters where it is not given."""
        if not isinstance(data, dict) or "mean_s" in data:
            return data
        if not OWN_PARAMETERS & data.keys() and data.get("kind") not in VALUE_KINDS:
            return data
        own = own_moments(data)
        return {**data, "mean_s": own[0] if own else 0.0}

    @property
    def scale(self) -> float:
        """What the family's own values are multiplied with so that their mean is `mean_s`."""
        own = own_moments(self.__dict__)
        return self.mean_s / own[0] if own and own[0] else 1.0

    @property
    def variation(self) -> float:
        """The coefficient of variation, whatever it is given by."""
        if self.kind == "exponential":
            return 1.0
        if self.kind == "constant":
            return 0.0
        if self.k is not None:
            return 1 / math.sqrt(self.k)
        if self.shape is not None:
            return weibull_cv(self.shape)
        own = own_moments(self.__dict__)
        return own[1] if own else self.cv

    def scaled(self, factor: float) -> Duration:
        """Return the same duration, `factor` times as long."""
        more = {
            key: value * factor
            for key in ("mean_s", "low_s", "mode_s", "high_s")
            if (value := getattr(self, key)) is not None
        }
        values_s = tuple(value * factor for value in self.values_s)
        return self.model_copy(update={**more, "values_s": values_s})


OWN_PARAMETERS = frozenset({"low_s", "mode_s", "high_s", "alpha", "beta", "values_s", "file"})
"""Parameters of a duration that may give its mean."""

VALUE_KINDS = ("discrete", "empirical", "trace")
"""Families that consist of values."""
