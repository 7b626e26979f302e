"""Overall equipment effectiveness with losses that add up to the calendar time.

OEE = availability x performance x quality = ideal time of good units / planned time. What planned
time is, and which ratio a loss lowers, is said by a policy (`twin.kpi.policy`): where two policies
have the same planned time the ratios differ, their product does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.kpi.policy import TPM, Policy
from twin.kpi.reasons import Reasons
from twin.kpi.state_map import EXTERNAL_LOSSES, PLANNED_LOSSES, UNPLANNED_LOSSES


@dataclass(frozen=True)
class StationTime:
    """What a station's machines did over a window, in machine-seconds (stores: slot-seconds).

    Attributes
    ----------
    calendar_s : float
        Calendar time of all machines.
    working_s : float
        Time in the state ``working``.
    losses_s : mapping
        Time by loss, as far as states give it: without ``speed``, ``scrap``, ``unrecorded``.
    ideal_s : float or None
        What the work done would have taken at the ideal cycle time; None where unknown. It may
        exceed `working_s`: then the ideal cycle time is wrong, and performance above 1 shows it.
    good_share : float or None
        Good over processed units; None where no unit was finished.
    """

    calendar_s: float
    working_s: float
    losses_s: Mapping[str, float]
    ideal_s: float | None
    good_share: float | None


@dataclass(frozen=True)
class Oee:
    """OEE of one station over a window; times are machine-seconds (stores: slot-seconds).

    ``planned_s`` = losses inside planned time + ``fully_productive_s``, and
    ``calendar_s`` = ``planned_s`` + losses outside planned time. ``counts`` says of every loss
    whether it lowers availability, performance or quality, or lies outside planned time.
    """

    availability: float | None
    performance: float | None
    quality: float | None
    oee: float | None
    technical_oee: float | None
    calendar_s: float
    planned_s: float
    fully_productive_s: float | None
    losses: dict[str, float | None]
    iso22400: dict[str, float | None]
    policy: str = TPM.name
    counts: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)


def oee(time: StationTime, policy: Policy = TPM) -> Oee:
    """Compute OEE and its losses from times, by a policy."""
    why = Reasons()
    losses = _losses(time)
    planned_s = time.calendar_s - sum(losses[k] or 0.0 for k in policy.outside)
    external_s = sum(losses[k] or 0.0 for k in EXTERNAL_LOSSES)
    running_s = planned_s - sum(losses[k] or 0.0 for k in policy.availability)
    no_time = "" if planned_s > 0 else "there is no planned time in the window"
    no_ideal = no_time or "its ideal cycle time is unknown"
    no_run = no_time or ("it did not run in the window" if time.ideal_s is not None else no_ideal)
    quality = why.value("quality", time.good_share, "no unit was finished in the window")
    good_s = None if time.ideal_s is None or quality is None else time.ideal_s * quality
    no_oee = no_ideal if time.ideal_s is None else no_time or "no unit was finished in the window"
    return Oee(
        availability=why.ratio("availability", running_s, planned_s, no_time),
        performance=why.ratio("performance", time.ideal_s, running_s, no_run),
        quality=quality,
        oee=why.ratio("oee", good_s, planned_s, no_oee),
        technical_oee=why.ratio("technical_oee", good_s, planned_s - external_s, no_oee),
        calendar_s=time.calendar_s,
        planned_s=planned_s,
        fully_productive_s=why.value("fully_productive_s", _productive_s(time), no_ideal),
        losses=losses,
        iso22400=_iso22400(time, time.calendar_s - sum(losses[k] or 0.0 for k in UNPLANNED_LOSSES)),
        policy=policy.name,
        counts=policy.counts(),
        why=why.why,
    )


def _productive_s(time: StationTime) -> float | None:
    if time.ideal_s is None:
        return None
    return time.ideal_s * (1.0 if time.good_share is None else time.good_share)


def _losses(time: StationTime) -> dict[str, float | None]:
    losses: dict[str, float | None] = {
        k: float(time.losses_s.get(k, 0.0)) for k in (*PLANNED_LOSSES, *UNPLANNED_LOSSES)
    }
    recorded = sum(losses[k] or 0.0 for k in losses if k not in {"speed", "scrap", "unrecorded"})
    losses["unrecorded"] = time.calendar_s - time.working_s - recorded
    productive_s = _productive_s(time)
    if time.ideal_s is None or productive_s is None:
        losses["speed"] = losses["scrap"] = None
    else:
        losses["speed"] = time.working_s - time.ideal_s
        losses["scrap"] = time.ideal_s - productive_s
    return losses


def _iso22400(time: StationTime, planned_s: float) -> dict[str, float | None]:
    known = time.ideal_s is not None and time.working_s > 0
    return {
        "availability": time.working_s / planned_s if planned_s > 0 else None,
        "effectiveness": (time.ideal_s or 0.0) / time.working_s if known else None,
        "quality_ratio": time.good_share,
    }
