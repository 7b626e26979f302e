"""A flag as a part of a finding: with its numbers, doubts, effect on others, and what to do."""

from __future__ import annotations

from twin.diagnose.against import against
from twin.diagnose.finding import Disorder, Loss
from twin.diagnose.judged import label_of
from twin.diagnose.measures import measures
from twin.flags.explained import waits_of
from twin.flags.flag import Flag, name_of
from twin.plant.station import Station
from twin.run.run import Run


def disorder(run: Run, station: Station | None, flag: Flag, others: list[Flag]) -> Disorder:
    """Return a flag with everything that is known of it.

    Parameters
    ----------
    run : Run
    station : Station or None
        Where it is; None for a finding about more than one.
    flag : Flag
    others : list of Flag
        Flags that may have to do with it.
    """
    found = flag.evidence
    cause, sure = flag.why, flag.cause_confidence
    return Disorder(
        resource=flag.resource,
        label=label_of(run, station, flag.resource) if station else name_of("", flag.resource),
        since_s=flag.since_s,
        until_s=flag.until_s,
        open=bool(found.get("open")),
        severity=flag.severity,
        title=flag.title,
        text=flag.text,
        expected=_float(found.get("expected")),
        observed=_float(found.get("observed")),
        unit=str(found.get("unit", "")),
        n=found.get("n"),
        sure=_float(found.get("confidence")),
        false_alarm=_float(found.get("p_value")),
        baseline_n=found.get("baseline_n"),
        method=str(found.get("method", "")),
        cause=cause,
        cause_sure=sure,
        joint=flag.joint,
        substep=flag.substep,
        why=str(flag.diagnosis.get("detail") or found.get("why_detail") or ""),
        measures=measures(found),
        against=tuple(against(run, flag, cause, sure, others)),
        waits=_waits(run, station, flag),
        action=flag.action,
        loss=_loss(flag),
    )


def _loss(flag: Flag) -> Loss:
    found = flag.evidence
    return Loss(
        units=flag.lost_units,
        plant_units=_float(found.get("plant_loss_units")),
        kwh=_float(found.get("lost_kwh")),
        money=_float(found.get("lost_money")),
        currency=found.get("currency"),
        spare_share=_float(found.get("spare_share_during")),
    )


def _waits(run: Run, station: Station | None, flag: Flag) -> tuple[tuple[str, float], ...]:
    if station is None:
        return ()
    known = flag.evidence.get("waits_caused_s")
    waits = known if isinstance(known, dict) else waits_of(run, station, flag)
    return tuple((name_of(run.plant.stations[k].label, k), s) for k, s in waits.items())


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
