"""Which improvements are worth a simulation, by what the log of a run says."""

from __future__ import annotations

from sim.experiment.improvement import Improvement, improvements
from sim.experiment.section import Section, sections
from twin.kpi import kpis
from twin.kpi.bottleneck import loss_share
from twin.kpi.kpis import Kpis
from twin.kpi.state_map import EXTERNAL_LOSSES
from twin.plant.plant import Plant
from twin.run.run import Run


def likeliest(run: Run, faster: float, most: int | None) -> list[Improvement]:
    """Return improvements to try, the likeliest first.

    A station is the likelier the less it waits for others; so is a fleet, a crane or a crew the
    less it is idle. A buffer is as likely as the stations before and after it; a source as the
    station that waits least in its section is free.

    Parameters
    ----------
    run : Run
    faster : float
        As of `sim.experiment.improvement.improvements`.
    most : int or None
        How many; None: all.
    """
    plant, figures = run.plant, kpis(run)
    wanted = improvements(plant, faster)
    if most is None or len(wanted) <= most:
        return wanted
    cut = sections(plant, run.horizon_s - run.warmup_s)
    waiting = {
        name: loss_share(one.oee, *EXTERNAL_LOSSES)
        for name, one in figures.stations.items()
        if one.oee.planned_s > 0
    }
    idle = _idle(figures)
    rank = {_key(one): _doubt(one, plant, waiting, idle=idle, cut=cut) for one in wanted}
    chosen = {_key(one) for one in sorted(wanted, key=lambda w: rank[_key(w)])[:most]}
    return [one for one in wanted if _key(one) in chosen]


def _doubt(
    one: Improvement,
    plant: Plant,
    waiting: dict[str, float],
    *,
    idle: dict[str, float],
    cut: list[Section],
) -> float:
    """Return how unlikely an improvement is to bring something, 0 to 1."""
    if one.kind == "station":
        return waiting.get(one.id, 1.0)
    if one.kind == "buffer":
        beside = [
            s.id
            for s in plant.stations.values()
            if one.id in s.puts or any(take.place == one.id for take in s.take)
        ]
        return min((waiting.get(s, 1.0) for s in beside), default=1.0) + 0.1
    if one.kind == "source":
        mine = next((c.members for c in cut if one.id in c.members), frozenset[str]())
        return 1.0 - min((waiting.get(s, 1.0) for s in mine if s in waiting), default=0.5)
    return idle.get(one.id, 1.0)


def _idle(figures: Kpis) -> dict[str, float]:
    groups = (figures.fleets, figures.cranes, figures.pools)
    return {
        name: 1.0 if one.utilisation is None else 1.0 - one.utilisation
        for group in groups
        for name, one in group.items()
    }


def _key(one: Improvement) -> tuple[str, str]:
    return one.kind, one.id
