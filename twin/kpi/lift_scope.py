"""Whether the lifting equation may judge a place: its conditions, and what the plant says of them.

Section 1.2 of the manual (p. 5, 6; see `twin.kpi.niosh`): it does not apply outside 19 to 26 C, nor
outside 35 to 50 % relative humidity. A dry room is far below that: its dew point is tens of degrees
under zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from twin.plant.base import Vec2
from twin.plant.lifting import NotCovered
from twin.plant.place import Zone
from twin.plant.plant import Plant
from twin.plant.stand import stand_m
from twin.plant.station import Station

Validity = Literal["within", "not_stated", "outside", "refused"]

COLDEST_C, WARMEST_C = 19.0, 26.0
DRIEST_PCT, DAMPEST_PCT = 35.0, 50.0

WORDS: dict[NotCovered, str] = {
    "one_handed": "with one hand",
    "seated_or_kneeling": "seated or kneeling",
    "restricted_space": "in a restricted space",
    "unstable_load": "of an unstable load",
    "while_carrying_or_pushing": "while carrying, pushing or pulling",
    "wheelbarrow_or_shovel": "with a wheelbarrow or shovel",
    "high_speed": "faster than about 0.76 m/s",
    "slippery_floor": "with a friction below 0.4 under the feet",
}

_RANK: tuple[Validity, ...] = ("within", "not_stated", "outside", "refused")


@dataclass(frozen=True)
class Scope:
    """What the method says about a place or task.

    Attributes
    ----------
    validity : str
        within: the plant states conditions the method covers; not_stated: it does not say how warm
        and humid it is; outside: a figure is computed, but the method does not cover it; refused:
        no figure.
    reasons : tuple of str
    """

    validity: Validity
    reasons: tuple[str, ...] = ()


def scope_of(plant: Plant, station: Station, not_covered: Iterable[NotCovered] = ()) -> Scope:
    """Return whether the method covers a lift at a station."""
    told = [Scope("refused", (f"lifting {WORDS[one]}",)) for one in not_covered]
    return joined([*told, _air(_zone(plant, station))])


def joined(scopes: Iterable[Scope]) -> Scope:
    """Return the worst of some scopes, with the reasons of all that are as bad."""
    every = list(scopes)
    worst: Validity = "within"
    for scope in every:
        worst = max(worst, scope.validity, key=_RANK.index)
    reasons = [r for scope in every if scope.validity == worst for r in scope.reasons]
    return Scope(worst, tuple(dict.fromkeys(reasons)))


def contains(zone: Zone, point_m: Vec2) -> bool:
    """Whether a point lies inside a zone, not on its edge."""
    return all(
        corner < value < corner + size
        for corner, size, value in zip(zone.corner_m, zone.size_m, point_m, strict=True)
    )


def _zone(plant: Plant, station: Station) -> Zone | None:
    """Return the zone whose air people breathe at a station.

    A dry room, if its workcell lies in one or people stand in one at any of its machines; else the
    workcell's area or, if that says nothing of its air, the smallest zone around them that does.
    """
    area = next((w.area for w in plant.workcells() if w.id == station.workcell), None)
    stands = [
        stand_m(station.machine_position_m(k), station.size_m, station.heading_deg)
        for k in range(station.machines)
    ]
    near = [z for z in plant.zones if z.id == area or any(contains(z, at_m) for at_m in stands)]
    known = [zone for zone in near if _is_dry(zone) or zone.climate is not None]
    return min(known, key=lambda z: (not _is_dry(z), z.id != area, _area_m2(z)), default=None)


def _area_m2(zone: Zone) -> float:
    return zone.size_m[0] * zone.size_m[1]


def _is_dry(zone: Zone) -> bool:
    return zone.kind == "dry_room"


def _air(zone: Zone | None) -> Scope:
    if zone is not None and _is_dry(zone):
        return Scope("outside", (f"'{zone.id}' is a dry room",))
    if zone is None or zone.climate is None:
        return Scope("not_stated", ("temperature and humidity are not stated",))
    reasons = []
    warm, humid = zone.climate.temperature_c, zone.climate.relative_humidity_pct
    if not COLDEST_C <= warm <= WARMEST_C:
        reasons.append(f"{warm:g} C, not {COLDEST_C:g} to {WARMEST_C:g}")
    if humid is not None and not DRIEST_PCT <= humid <= DAMPEST_PCT:
        reasons.append(f"relative humidity {humid:.3g} %, not {DRIEST_PCT:g} to {DAMPEST_PCT:g} %")
    if reasons:
        return Scope("outside", tuple(f"'{zone.id}': {reason}" for reason in reasons))
    if humid is None:
        return Scope("not_stated", ("humidity is not stated",))
    return Scope("within")
