"""Condition of the assets of a run: every position's state, and what happened before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from twin.condition.acknowledgement import Acknowledgement, load_acknowledgements
from twin.condition.assets import assets
from twin.condition.design import design_values
from twin.condition.monitor import STATES, Event, Monitor, Persistence, State
from twin.condition.watch import Position, Watch
from twin.run.run import Run
from twin.signature.score import is_imported


@dataclass(frozen=True)
class PositionState:
    """State of one position at the end of what is known.

    Attributes
    ----------
    asset, kind, workcell, position, judge : str
        ``position`` is the signal; ``judge`` is ``zones`` or ``learned``.
    state : str
    since_s : float or None
        When it entered the state; None: it has been healthy all the time.
    value, time_s, limit : float or None
        Last value, when it came, and the limit next to it; `why` where there is no limit.
    zone, standard, group : str or None
        Of vibration judged by zones.
    basis, assumption, why : str
        Where the limit comes from; how the vibration class was assumed; why there is no limit.
    n_values : int
    """

    asset: str
    kind: str
    workcell: str
    position: str
    judge: str
    state: State
    since_s: float | None
    value: float | None
    time_s: float | None
    limit: float | None
    zone: str | None
    standard: str | None
    group: str | None
    basis: str
    assumption: str
    why: str
    n_values: int


@dataclass(frozen=True)
class Happening:
    """One event of one position; ``alarm`` is the id of the alarm it belongs to, if any."""

    asset: str
    position: str
    judge: str
    alarm: str
    code: str
    kind: str
    time_s: float
    state: State
    value: float | None
    limit: float | None


@dataclass(frozen=True)
class Condition:
    """Condition of all positions of a run, and everything that happened, by time."""

    run: str
    until_s: float
    persistence: Persistence
    positions: tuple[PositionState, ...]
    history: tuple[Happening, ...]

    def assets(self) -> dict[str, State]:
        """Return the state of each asset: the worst of its positions."""
        found: dict[str, State] = {}
        for p in self.positions:
            found[p.asset] = max(found.get(p.asset, "healthy"), p.state, key=STATES.index)
        return found

    def to_json(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "run": self.run,
            "until_s": self.until_s,
            "persistence": asdict(self.persistence),
            "assets": self.assets(),
            "positions": [asdict(p) for p in self.positions],
            "history": [asdict(h) for h in self.history],
        }


def alarm_id(resource: str, code: str, raised_s: float) -> str:
    """Return the id of an alarm; it does not change when other alarms do."""
    return f"{resource}:{code}:{round(raised_s, 3):.10g}"


def condition(run: Run, persistence: Persistence | None = None) -> Condition:
    """Judge the signals of a run, with what people did about its alarms.

    Raises
    ------
    RunError
        ``alarms.json`` is damaged.
    """
    chosen = persistence or Persistence()
    design = {} if is_imported(run) else design_values(run.plant)
    watch = Watch(assets(run.plant), chosen, design=design)
    done = load_acknowledgements(run.folder)
    history: list[Happening] = []
    for asset, signal, times, values in _series(run):
        for position, monitor in watch.monitors(asset, signal):
            history += _replay(position, monitor, times, values, done=done)
    history.sort(key=lambda h: (h.time_s, h.asset, h.position, h.judge))
    return Condition(
        run=run.name,
        until_s=run.horizon_s,
        persistence=chosen,
        positions=tuple(position_state(p, m) for p, m in watch.all()),
        history=tuple(history),
    )


def position_state(position: Position, monitor: Monitor) -> PositionState:
    """Return the state of a position as plain data: of a stream at any time."""
    zones = position.asset.zones if position.judge == "zones" else None
    value, limit = monitor.value, monitor.limit
    known = limit is not None and value is not None
    return PositionState(
        asset=position.asset.id,
        kind=position.asset.kind,
        workcell=position.asset.workcell,
        position=position.signal,
        judge=position.judge,
        state=monitor.state,
        since_s=monitor.since_s,
        value=value,
        time_s=monitor.value_s,
        limit=limit.concerned(value) if known and limit and value is not None else None,
        zone=zones.zone(value) if zones and value is not None else None,
        standard=zones.standard if zones else None,
        group=zones.group if zones else None,
        basis=limit.basis if limit else "",
        assumption=position.asset.assumption if zones else "",
        why=monitor.why,
        n_values=monitor.n_values,
    )


def _series(run: Run) -> Iterator[tuple[str, str, list[float], list[float]]]:
    """Yield every signal of every resource with its times and values, in order of time.

    One resource is read at a time: a week of a large plant has ten million values.
    """
    names = run.sql("SELECT DISTINCT resource::VARCHAR AS resource FROM signals ORDER BY 1")
    for asset in names["resource"].tolist():
        rows = run.sql(
            "SELECT signal::VARCHAR AS signal, time_s, value FROM signals"
            " WHERE resource = ? ORDER BY 1, 2, 3",
            [asset],
        )
        for signal, found in rows.groupby("signal", sort=True):
            yield str(asset), str(signal), found["time_s"].tolist(), found["value"].tolist()


def _replay(
    position: Position,
    monitor: Monitor,
    times: list[float],
    values: list[float],
    *,
    done: Mapping[str, Acknowledgement],
) -> Iterator[Happening]:
    """Yield what happened at a position, what people did at its time among it."""
    current = ""
    for time_s, value in zip(times, values, strict=True):
        if current:
            yield from _by_hand(position, monitor, current, done.get(current), time_s)
            current = "" if monitor.state == "healthy" else current
        event = monitor.update(time_s, value)
        if event is None:
            continue
        if event.kind == "alarm":
            current = alarm_id(position.asset.id, position.code(monitor.side), event.time_s)
        yield _happening(position, monitor, current, event)
    if current:
        yield from _by_hand(position, monitor, current, done.get(current), float("inf"))


def _by_hand(
    position: Position,
    monitor: Monitor,
    alarm: str,
    done: Acknowledgement | None,
    before_s: float,
) -> Iterator[Happening]:
    """Yield what people did about an alarm before a time, unless it was told already."""
    if done is None:
        return
    if monitor.state == "alarm" and done.acknowledged_s < before_s:
        event = monitor.acknowledge(done.acknowledged_s)
        yield _happening(position, monitor, alarm, event)
    resolved = done.resolved_s
    if monitor.state == "maintenance" and resolved is not None and resolved < before_s:
        yield _happening(position, monitor, alarm, monitor.resolve(resolved))


def _happening(position: Position, monitor: Monitor, alarm: str, event: Event) -> Happening:
    return Happening(
        asset=position.asset.id,
        position=position.signal,
        judge=position.judge,
        alarm=alarm,
        code=position.code(monitor.side),
        kind=event.kind,
        time_s=event.time_s,
        state=event.state,
        value=event.value,
        limit=event.limit,
    )
