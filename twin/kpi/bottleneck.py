"""Which station limits the output: the turning point between blocked and starved stations.

Upstream of the bottleneck stations are blocked more than starved, downstream the other way round
(Li, Chang and Ni 2009). Where no clear turning point exists, the station that waits for others
least is named. Either is a finding from the log, no proof: a simulation with that station a little
faster is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from twin.kpi.oee import Oee
from twin.kpi.state_map import EXTERNAL_LOSSES
from twin.kpi.station import StationKpis


@dataclass(frozen=True)
class Bottleneck:
    """The station that limits the output, with the shares of planned time it is judged by."""

    station: str
    method: str
    blocked_share: float
    starved_share: float
    external_share: float


def loss_share(result: Oee, *names: str) -> float:
    """Return the share of planned time that the losses `names` take."""
    if result.planned_s <= 0:
        return 0.0
    return sum(result.losses[name] or 0.0 for name in names) / result.planned_s


def bottleneck(stations: Mapping[str, StationKpis]) -> Bottleneck | None:
    """Return the bottleneck of stations given in the order of the process."""
    working = {k: s.oee for k, s in stations.items() if s.oee.planned_s > 0}
    if not working:
        return None
    waiting = {k: loss_share(o, *EXTERNAL_LOSSES) for k, o in working.items()}
    turning = _turning_points(working)
    chosen = min(turning or waiting, key=lambda k: waiting[k])
    least = min(waiting, key=lambda k: waiting[k])
    method = "turning point" if turning else "least waiting"
    if waiting[chosen] > 2 * waiting[least] + 0.05:
        chosen, method = least, "least waiting"
    return Bottleneck(
        station=chosen,
        method=method,
        blocked_share=loss_share(working[chosen], "blocked"),
        starved_share=loss_share(working[chosen], "starved"),
        external_share=waiting[chosen],
    )


def _turning_points(stations: Mapping[str, Oee]) -> list[str]:
    names = [*stations]
    lean = [loss_share(o, "blocked") - loss_share(o, "starved") for o in stations.values()]
    found = []
    for k, name in enumerate(names):
        before = k == 0 or lean[k - 1] > 0
        after = k == len(names) - 1 or lean[k + 1] < 0
        if before and after:
            found.append(name)
    return found
