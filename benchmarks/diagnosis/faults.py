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
        Causes that are right; a general one beside the special one.
    strict
        The special ones alone.
    follows
        Causes of flags that this fault brings about elsewhere: neither right nor false.
    plant
        Which plant of the board it is injected into.
    early_s
        How long before the fault a flag may be dated: the onset is an estimate, and of failures,
        of which there is one in 18 min there, a rougher one.
    """

    kind: str
    values: dict[str, object]
    resources: str
    causes: frozenset[str]
    strict: frozenset[str]
    follows: frozenset[str] = frozenset()
    at_h: float | None = 2.0
    plant: str = "board"
    early_s: float = 600.0

    def finds(self, flag: Flag) -> bool:
        """Whether a flag is about what it was injected into."""
        return re.fullmatch(self.resources, flag.resource) is not None

    def right(self, flag: Flag) -> bool:
        """Whether a flag names a right cause."""
        return flag.cause in self.causes

    def right_strictly(self, flag: Flag) -> bool:
        """Whether a diagnosis of a flag names the special cause."""
        return flag.why in self.strict


SAME = {
    "slow_repair": "long_repairs",
    "protective_stop": "protective_stops",
    "lane_closed": "lane_blocked",
    "variance_growth": "variance_growth spread",
    "micro_stops": "micro_stops minor_stops",
}
"""Kinds whose special cause has another name among flags; others have the same."""

AWAY = "waiting_transport waiting_worker"
"""What a shortage of vehicles or people brings about at stations."""


def _one(
    kind: str, resources: str, causes: str, *, at_h: float | None = 2.0, follows: str = "",
    plant: str = "board", early_s: float = 600.0, **values: object,
) -> Injection:  # fmt: skip
    strict = frozenset(SAME.get(kind, kind).split())
    known = frozenset(causes.split()) | strict
    return Injection(
        kind, values, resources, known, strict, frozenset(follows.split()), at_h, plant, early_s
    )


_ARM = "arm|hand_over"
_LOTS = "board_lots"

INJECTIONS = (
    _one("vacuum_leak", _ARM, "vacuum_leak", robot="arm", extra_grip_s=0.25),
    _one("vacuum_leak", _ARM, "vacuum_leak", robot="arm", extra_grip_s=0.8),
    _one("speed_override", _ARM, "reduced_speed speed_override", robot="arm", factor=0.85),
    _one("speed_override", _ARM, "reduced_speed speed_override", robot="arm", factor=0.6),
    _one("slow_cycle", "weld.*", "slow_cycle", station="weld", factor=1.06),
    _one("slow_cycle", "press", "slow_cycle", station="press", factor=1.05),
    _one("slow_cycle", "test", "slow_cycle", station="test", factor=1.15),
    _one("breakdown", "test", "", machine="test", repair="90min"),
    _one("breakdown", "weld.*", "", machine="weld_2", repair="2h"),
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
    _one("slow_repair", "cut.*", "", plant=_LOTS, early_s=1800.0, station="cut", factor=4.0),
    _one("slow_repair", "cut.*", "", plant=_LOTS, early_s=1800.0, station="cut", factor=10.0),
    _one("lot_effect", "stack", "", plant=_LOTS, station="stack", origin="cut_2", factor=1.06),
    _one("lot_effect", "stack", "", plant=_LOTS, station="stack", origin="cut_2", factor=1.25),
    _one("worker_shortage", "packers", "", plant=_LOTS, follows=AWAY, pool="packers", missing=1,
         until="3h"),
    _one("worker_shortage", "packers", "", plant=_LOTS, follows=AWAY, pool="packers", missing=2,
         until="3h"),
    _one("agv_battery_ageing", "amr(_2)?", "", plant=_LOTS, follows=AWAY, fleet="amr",
         vehicle="amr_2", capacity_factor=0.75),
    _one("agv_battery_ageing", "amr.*", "", plant=_LOTS, follows=AWAY, fleet="amr",
         capacity_factor=0.4),
    _one("agv_battery_ageing", "amr(_2)?", "", plant=_LOTS, follows=AWAY, fleet="amr",
         vehicle="amr_2", charge_rate_factor=0.6),
    _one("lane_closed", "amr", "", plant=_LOTS, follows=AWAY, network="roads", node="n3",
         until=7200 + 600),
    _one("lane_closed", "amr", "", plant=_LOTS, follows=AWAY, network="roads", node="n3",
         until="3h"),
)  # fmt: skip
"""Small ones and large ones."""


def _of(kind: str, k: int = 0) -> Injection:
    return [one for one in INJECTIONS if one.kind == kind][k]


PAIRS = (
    (_of("vacuum_leak", 1), _of("slow_cycle", 0)),
    (_of("slow_cycle", 1), _of("slow_cycle", 2)),
    (_of("tool_wear"), _of("machine_wear")),
    (_of("breakdown", 1), _of("scrap_burst")),
    (_of("joint_friction"), _of("variance_growth")),
    (_of("product_effect"), _of("micro_stops")),
    (_of("protective_stop"), _of("breakdown", 0)),
    (_of("slow_repair", 1), _of("lot_effect", 1)),
    (_of("agv_battery_ageing", 1), _of("lot_effect", 0)),
    (_of("worker_shortage", 1), _of("slow_repair", 0)),
)
"""Two faults at the same time on different resources of one line."""


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
    """Return the kinds without an injection: `script` is what a script makes of it."""
    return sorted(set(known_kinds()) - {one.kind for one in INJECTIONS})
