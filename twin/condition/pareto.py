"""Numbers behind lists and charts of alarms: assets, failures and actions, by time in alarm."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from twin.condition.alarms import Alarm
from twin.condition.assets import assets
from twin.plant.plant import Plant


@dataclass(frozen=True)
class ParetoRow:
    """One bar of a Pareto chart; ``cumulated_share`` is of the time of all rows so far."""

    name: str
    n: int
    time_s: float
    cumulated_share: float


@dataclass(frozen=True)
class AssetRow:
    """Alarms of one asset: how many, how many nobody acknowledged, time in alarm.

    Alarms of one asset at the same time count once in ``time_s``.
    """

    asset: str
    kind: str
    n: int
    unacknowledged: int
    time_s: float


def failures_data(alarms: Iterable[Alarm]) -> list[ParetoRow]:
    """Return failures by mode; of alarms without a mode, by code: longest time first."""
    return _pareto(alarms, lambda a: (a.done.mode if a.done else "") or a.code)


def actions_data(alarms: Iterable[Alarm]) -> list[ParetoRow]:
    """Return what was done about resolved alarms: longest time in alarm first."""
    resolved = [a for a in alarms if a.status == "resolved"]
    return _pareto(resolved, lambda a: a.done.action if a.done else "")


def assets_data(alarms: Sequence[Alarm], plant: Plant) -> list[AssetRow]:
    """Return all assets, the one longest in alarm first; those without an alarm come last."""
    known = {key: asset.kind for key, asset in assets(plant).items()}
    known |= {a.resource: "other" for a in alarms if a.resource not in known}
    mine: dict[str, list[Alarm]] = {key: [] for key in known}
    for alarm in alarms:
        mine[alarm.resource].append(alarm)
    rows = [_asset_row(key, kind, mine[key]) for key, kind in known.items()]
    return sorted(rows, key=lambda r: (-r.time_s, -r.n, r.asset))


def _asset_row(asset: str, kind: str, mine: Sequence[Alarm]) -> AssetRow:
    missed = sum(not a.acknowledged for a in mine)
    return AssetRow(asset, kind, len(mine), missed, covered_s(mine))


def covered_s(alarms: Iterable[Alarm]) -> float:
    """Return the time in which at least one of the alarms was on."""
    total, reached = 0.0, float("-inf")
    for alarm in sorted(alarms, key=lambda a: a.raised_s):
        total += max(0.0, alarm.ended_s - max(alarm.raised_s, reached))
        reached = max(reached, alarm.ended_s)
    return total


def _pareto(alarms: Iterable[Alarm], name: Callable[[Alarm], str]) -> list[ParetoRow]:
    times: dict[str, list[float]] = {}
    for alarm in alarms:
        times.setdefault(name(alarm), []).append(alarm.time_in_alarm_s)
    ordered = sorted(times.items(), key=lambda item: (-sum(item[1]), -len(item[1]), item[0]))
    whole = sum(sum(t) for t in times.values())
    rows: list[ParetoRow] = []
    so_far = 0.0
    for key, found in ordered:
        so_far += sum(found)
        share = so_far / whole if whole else 1.0
        rows.append(ParetoRow(key, len(found), sum(found), share))
    return rows
