"""Every kind of fault a scenario knows: how it is injected, and which flags are right for it.

A kind that is in the union `twin.plant.scenario.Fault` but not here is told as not scored; a kind
that is here but not in the union is left out.
"""

from __future__ import annotations

import re
import typing
from dataclasses import dataclass

from twin.flags import Flag
from twin.plant.scenario import Fault


@dataclass(frozen=True)
class Injection:
    """One way to inject a kind of fault.

    Attributes
    ----------
    values
        Fields of the fault besides `kind` and `at`.
    at_h
        When it begins; None: from the start, in kinds without `at`.
    resources
        Which flags are about it: their resource, as a pattern.
    causes
        Causes that are right.
    """

    kind: str
    values: dict[str, object]
    resources: str
    causes: frozenset[str]
    at_h: float | None = 2.0

    def finds(self, flag: Flag) -> bool:
        """Whether a flag is about what it was injected into."""
        return re.fullmatch(self.resources, flag.resource) is not None

    def right(self, flag: Flag) -> bool:
        """Whether a flag names a right cause."""
        return flag.cause in self.causes


def _one(
    kind: str, resources: str, causes: str, *, at_h: float | None = 2.0, **values: object
) -> Injection:
    return Injection(kind, values, resources, frozenset(causes.split()), at_h)


_ARM = "arm|hand_over"

INJECTIONS = (
    _one("vacuum_leak", _ARM, "vacuum_leak", robot="arm", extra_grip_s=0.25),
    _one("vacuum_leak", _ARM, "vacuum_leak", robot="arm", extra_grip_s=0.8),
    _one("speed_override", _ARM, "reduced_speed speed_override", robot="arm", factor=0.85),
    _one("speed_override", _ARM, "reduced_speed speed_override", robot="arm", factor=0.6),
    _one("slow_cycle", "weld.*", "slow_cycle", station="weld", factor=1.06),
    _one("slow_cycle", "press", "slow_cycle", station="press", factor=1.05),
    _one("slow_cycle", "test", "slow_cycle", station="test", factor=1.15),
    _one("breakdown", "test", "long_repairs", machine="test", repair="90min"),
    _one("breakdown", "weld.*", "long_repairs", machine="weld_2", repair="2h"),
    _one("protective_stop", _ARM, "protective_stops", robot="arm", rate_per_h=12.0,
         duration={"mean_s": 25, "cv": 0.5}),
    _one("joint_friction", _ARM, "joint_friction", robot="arm", joint=1, factor=1.8),
    _one("acceleration_loss", _ARM, "acceleration_loss", robot="arm", joint=1, factor=0.6),
    _one("mistaught_point", _ARM, "mistaught_point", robot="arm", point="pick",
         offset_m=[0.02, 0.0, 0.0], retry_probability=0.2),
    _one("tool_wear", _ARM, "tool_wear drift", robot="arm", grip_s_per_h=0.15),
    _one("worn_bearing", _ARM, "worn_bearing", robot="arm", joint=1, growth_mm_s_per_h=1.0),
    _one("sensor_dropout", _ARM, "sensor_dropout", robot="arm", signal="vacuum_kpa",
         how="missing"),
    _one("machine_wear", "test", "drift machine_wear tool_wear", station="test",
         growth_per_h=0.04),
    _one("variance_growth", "test", "spread variance_growth", station="test", factor=2.0),
    _one("micro_stops", "test", "minor_stops micro_stops", station="test", per_h=30.0,
         length_s=15.0),
    _one("scrap_burst", "test", "scrap scrap_burst quality", station="test", extra_scrap=0.10),
    _one("product_effect", "press", "slow_cycle product_effect", station="press",
         product="large", factor=1.12),
    _one("wrong_master_data", "test", "slow_cycle wrong_master_data", station="test",
         cycle_factor=1.15, at_h=None),
    _one("slow_repair", "press|test|weld.*", "long_repairs slow_repair", station="test",
         factor=12.0, at_h=0.0),
)  # fmt: skip
"""Small ones and large ones; kinds from other parts of the plant need plants of their own."""


def known_kinds() -> list[str]:
    """Return the kinds of fault that scenarios know."""
    union = typing.get_args(Fault)[0]
    return sorted(
        typing.get_args(model.model_fields["kind"].annotation)[0]
        for model in typing.get_args(union)
    )


def injections() -> list[Injection]:
    """Return the injections of kinds that scenarios know."""
    known = set(known_kinds())
    return [one for one in INJECTIONS if one.kind in known]


def not_scored() -> list[str]:
    """Return the kinds without an injection."""
    return sorted(set(known_kinds()) - {one.kind for one in INJECTIONS})
