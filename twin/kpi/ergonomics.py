"""Manual handling of a run: what stations ask of one person, and what each worker did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from twin.kpi.exposure import seconds_inside, tracks
from twin.kpi.lift_events import Lifting, lifting_stations, liftings
from twin.kpi.lift_pattern import Rate, Span, duration_class, present, rate, shift_spans, within
from twin.kpi.lift_remedy import remedy
from twin.kpi.lift_scope import Scope, Validity, joined, scope_of
from twin.kpi.niosh import Duration, Task, composite, task
from twin.kpi.sources import Sources
from twin.plant.people import WorkerPool

METHOD = (
    "Revised NIOSH lifting equation (DHHS (NIOSH) 94-110, revised 9/2021), metric constants; "
    "a planning estimate, no conformance claimed"
)
NOT_PERMITTED = "not permitted"
BANDS = ((1.0, "1.0 or less: design goal"), (3.0, "over 1.0: increased risk for some"))
HIGHEST_BAND = "over 3.0: highly stressful"

_TOO_SHORT = "the window is shorter than 15 minutes"
_NO_LIFTS = "nobody lifted it in the window"
_TOO_LONG = "lifting for more than 8 hours in one shift: the method gives no limit"
_TOO_OFTEN = f"{NOT_PERMITTED}: the tasks together are more frequent than any the method permits"
_ZERO = f"{NOT_PERMITTED}: its weight limit is 0"


@dataclass(frozen=True)
class TaskErgonomics:
    """One lifting task of a station; see `twin.kpi.registry` for units and definitions."""

    load_kg: float
    lifts_per_min: float | None
    worst_lifts_per_min: float | None
    rwl_kg: float | None
    lifting_index: float | None
    mean_lifting_index: float | None
    fili: float | None
    counts_at: str | None
    multipliers: dict[str, float]
    band: str | None
    validity: Validity
    reasons: tuple[str, ...]
    remedy: str | None
    why: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StationErgonomics:
    """All lifting tasks of a station together, as if one person did them."""

    pools: tuple[str, ...]
    duration: Duration | None
    lifting_index: float | None
    band: str | None
    validity: Validity
    reasons: tuple[str, ...]
    tasks: dict[str, TaskErgonomics]
    why: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WorkerErgonomics:
    """One worker of a pool that lifts: all they lifted anywhere, and where they were."""

    pool: str
    duration: Duration | None
    lifts: float
    lifting_index: float | None
    band: str | None
    validity: Validity | None
    reasons: tuple[str, ...]
    walked_m: float
    at_work_s: float
    dry_room_s: float
    why: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ergonomics:
    """Manual handling over a window."""

    method: str
    stations: dict[str, StationErgonomics]
    workers: dict[str, WorkerErgonomics]


def ergonomics(sources: Sources) -> Ergonomics | None:
    """Compute the ergonomics of manual handling; None where the plant declares no lifts."""
    stations = lifting_stations(sources.run)
    if not stations:
        return None
    scenario, until_s = sources.run.scenario, sources.window.to_s
    done = liftings(sources.run, stations)
    lifters = {one.pool for one in done}
    pools = [pool for pool in sources.run.plant.pools if pool.id in lifters]
    spans = {pool.id: shift_spans(scenario, pool, until_s) for pool in pools}
    return Ergonomics(
        METHOD,
        {s.id: _station(sources, [d for d in done if d.station is s], spans) for s in stations},
        _workers(sources, done, pools, spans),
    )


def band(index: float | None, validity: Validity) -> str | None:
    """Return the band of a lifting index; None where the method may not judge."""
    if index is None or validity in {"outside", "refused"}:
        return None
    return next((text for limit, text in BANDS if index <= limit), HIGHEST_BAND)


@dataclass(frozen=True)
class _Job:
    """What one person does: tasks with their rates, the class of duration, and what is wrong."""

    rates: list[Rate | None]
    tasks: list[Task | None]
    duration: Duration | None
    why: str

    def index(self) -> float | None:
        return composite([one for one in self.tasks if one is not None], self.duration or "long")


def _job(sources: Sources, done: Sequence[Lifting], spans: Sequence[Span]) -> _Job:
    window = sources.window
    times = np.sort(np.concatenate([one.time_s for one in done]))
    times = times[times <= window.to_s]
    duration = duration_class(times, spans, window.to_s)
    rates = [rate(one.time_s, one.lifts, window) for one in done]
    tasks: list[Task | None] = [
        task(one.lift, found.worst, duration) if duration and found and found.worst > 0 else None
        for one, found in zip(done, rates, strict=True)
    ]
    why = _TOO_LONG if duration is None else _TOO_SHORT if None in rates else _NO_LIFTS
    return _Job(rates, tasks, duration, why)


def _station(
    sources: Sources, done: Sequence[Lifting], spans: dict[str, list[Span]]
) -> StationErgonomics:
    shared = [
        replace(one, lifts=one.lifts / one.station.attend.workers)
        if one.lift.per == "visit" and one.station.attend
        else one
        for one in done
    ]
    pools = tuple(dict.fromkeys(one.pool for one in done))
    job = _job(sources, shared, sorted((s for p in pools for s in spans[p]), key=_begin))
    scopes = [_scope(sources, one) for one in done]
    tasks = {
        one.name: _task(one, scope, found, rate_, job)
        for one, scope, found, rate_ in zip(done, scopes, job.tasks, job.rates, strict=True)
    }
    scope = joined(scopes)
    index, why = _judged(job, scope)
    return StationErgonomics(
        pools, job.duration, index, band(index, scope.validity), scope.validity, scope.reasons,
        tasks, why,
    )  # fmt: skip


def _begin(span: Span) -> float:
    return span.from_s


def _scope(sources: Sources, done: Lifting) -> Scope:
    return scope_of(sources.run.plant, done.station, done.lift.not_covered)


def _judged(job: _Job, scope: Scope) -> tuple[float | None, dict[str, str]]:
    """Return the index of a job, or why there is none."""
    if scope.validity == "refused":
        return None, {"lifting_index": _refusal(scope)}
    if not any(job.tasks):
        return None, {"lifting_index": job.why}
    index = job.index()
    if index is not None:
        return index, {}
    alone = all(one is None or one.stli is not None for one in job.tasks)
    return None, {"lifting_index": _TOO_OFTEN if alone else _ZERO}


def _refusal(scope: Scope) -> str:
    return f"the method does not apply: {'; '.join(scope.reasons)}"


def _task(
    done: Lifting, scope: Scope, found: Task | None, lifted: Rate | None, job: _Job
) -> TaskErgonomics:
    lift, refused = done.lift, scope.validity == "refused"
    empty = TaskErgonomics(
        load_kg=lift.load_kg,
        lifts_per_min=lifted.mean if lifted else None,
        worst_lifts_per_min=lifted.worst if lifted else None,
        rwl_kg=None, lifting_index=None, mean_lifting_index=None, fili=None, counts_at=None,
        multipliers={}, band=None, validity=scope.validity, reasons=scope.reasons, remedy=None,
        why={"lifting_index": _refusal(scope) if refused else job.why},
    )  # fmt: skip
    if refused or found is None or lifted is None or job.duration is None:
        return empty
    limit = found.limit
    return replace(
        empty,
        rwl_kg=limit.rwl_kg,
        lifting_index=found.stli,
        mean_lifting_index=task(lift, lifted.mean, job.duration).stli,
        fili=found.fili,
        counts_at=limit.end,
        multipliers={name: getattr(limit, name) for name in ("hm", "vm", "dm", "am", "fm", "cm")},
        band=band(found.stli, scope.validity),
        remedy=remedy(lift, lifted.worst, job.duration),
        why={} if found.stli is not None else {"lifting_index": _ZERO},
    )


def _workers(
    sources: Sources,
    done: Sequence[Lifting],
    pools: Sequence[WorkerPool],
    spans: dict[str, list[Span]],
) -> dict[str, WorkerErgonomics]:
    workers = [(pool, worker) for pool in pools for worker in pool.worker_ids]
    inside = _dry_seconds(sources, [worker for _, worker in workers])
    found = {}
    for pool, worker in workers:
        own = _own([one for one in done if one.pool == pool.id], pool, worker, spans[pool.id])
        found[worker] = replace(
            _worker(sources, own, pool.id, spans[pool.id]),
            walked_m=sources.moves[worker].distance_m if worker in sources.moves else 0.0,
            at_work_s=sources.states.get(worker, {}).get(("working", ""), 0.0),
            dry_room_s=inside[worker],
        )
    return found


def _own(
    done: Sequence[Lifting], pool: WorkerPool, worker: str, spans: Sequence[Span]
) -> list[Lifting]:
    """Return what one worker lifted; what nobody is named for, those of the shift share."""
    place = pool.worker_ids.index(worker)
    own = []
    for one in done:
        staff = present(spans, one.time_s)
        shared = (one.worker == "") & (staff > place)
        mine = (one.worker == worker) | shared
        lifts = np.where(shared, one.lifts / staff, one.lifts)[mine]
        own.append(replace(one, time_s=one.time_s[mine], lifts=lifts, worker=one.worker[mine]))
    return own


def _worker(
    sources: Sources, own: Sequence[Lifting], pool: str, spans: Sequence[Span]
) -> WorkerErgonomics:
    window = sources.window
    job = _job(sources, own, spans)
    mine = [one for one, found in zip(own, job.tasks, strict=True) if found is not None]
    scope = joined(_scope(sources, one) for one in mine)
    index, why = _judged(job, scope)
    lifts = sum(float(one.lifts[within(one.time_s, window)].sum()) for one in own)
    return WorkerErgonomics(
        pool, job.duration, lifts, index, band(index, scope.validity),
        scope.validity if mine else None, scope.reasons, 0.0, 0.0, 0.0, why,
    )  # fmt: skip


def _dry_seconds(sources: Sources, workers: Sequence[str]) -> dict[str, float]:
    """Return the seconds each worker was on duty in a dry room."""
    dry = [zone for zone in sources.run.plant.zones if zone.kind == "dry_room"]
    if not dry:
        return dict.fromkeys(workers, 0.0)
    away: dict[str, list[tuple[float, float]]] = {worker: [] for worker in workers}
    rows = sources.run.table(
        "states",
        ["resource", "start_s", "end_s"],
        where="kind = 'worker' AND state = 'off_shift'",
    )
    for resource, start_s, end_s in rows.itertuples(index=False):
        away.get(str(resource), []).append((float(start_s), float(end_s)))
    return {
        worker: seconds_inside(track, dry, sources.window, away[worker])
        for worker, track in tracks(sources, workers).items()
    }
