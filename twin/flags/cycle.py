"""Stations whose cycle takes another time than before, or than the plant file says.

One stream for every machine and product: the order of products and changeovers is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from twin.flags.cycle_stream import PEERS, CycleShift, stream_shifts, streams_of
from twin.flags.flag import Flag, name_of, period, severity_of
from twin.flags.impact import Impact, impact
from twin.flags.shift import METHOD, p_value_of
from twin.kpi.ideal import ideal_row_s
from twin.plant.station import Station
from twin.run.run import Run

CAUSES = {"slow": "slow_cycle", "fast": "fast_cycle"}
"""Names of the detector's causes; the others keep theirs."""


def cycle_flags(run: Run) -> Iterator[Flag]:
    """Find stations whose cycles changed or are off their design."""
    judged = [s.id for s in run.plant.stations.values() if s.kind != "robot"]
    table = run.sql(
        "SELECT station, machine, start_s, duration_s, n, coalesce(product, '') AS product"
        " FROM cycles LEFT JOIN (SELECT lot, arg_max(product, time_s) AS product FROM lot_products"
        " GROUP BY lot) USING (lot)"
        " WHERE start_s > 0 AND station IN (SELECT unnest(?)) ORDER BY station, machine, start_s",
        [judged],
    )
    streams = {
        str(name): list(streams_of(run.plant.stations[str(name)], rows))
        for name, rows in table.groupby("station", observed=True)
    }
    for name in streams:
        station = run.plant.stations[name]
        found = [s for one in streams[station.id] for s in stream_shifts(run, one, streams)]
        for by_peers in (False, True):
            mine = [s for s in found if (s.expected_by == PEERS) == by_peers]
            for group in _same_time(mine):
                yield _flag(run, station, group)


def _same_time(found: list[CycleShift]) -> list[list[CycleShift]]:
    """Group shifts of a station's machines and products that overlap and are of one family."""
    groups: list[list[CycleShift]] = []
    for one in sorted(found, key=lambda s: (s.shift.since_s, s.machine, s.product)):
        for group in groups:
            first = group[0]
            other = all((s.machine, s.product) != (one.machine, one.product) for s in group)
            overlaps = one.shift.since_s < first.shift.until_s
            if other and overlaps and first.family == one.family:
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


@dataclass(frozen=True)
class _Sum:
    """A group of shifts in one: when, how long a cycle takes and should.

    It is dated by the clearest of them.
    """

    since_s: float
    until_s: float
    n: int
    expected_s: float
    observed_s: float

    @classmethod
    def of(cls, group: list[CycleShift], main: CycleShift) -> _Sum:
        parts = [s.shift for s in group]
        n = sum(s.n for s in parts)
        return cls(
            since_s=main.shift.since_s,
            until_s=max(s.until_s for s in parts),
            n=n,
            expected_s=sum(s.expected_s * s.n for s in parts) / n,
            observed_s=sum(s.observed_s * s.n for s in parts) / n,
        )

    @property
    def extra_s(self) -> float:
        return self.observed_s - self.expected_s


def _loss(run: Run, station: Station, group: list[CycleShift], total: _Sum) -> Impact:
    ideal_s = ideal_row_s(station, {}) or total.expected_s
    if station.kind in {"batch", "store"}:
        ideal_s *= total.n / max(sum(s.n_units for s in group), 1)
    return impact(
        run, station.machine_ids, total.since_s, total.until_s,
        lost_s=max(0.0, total.extra_s) * total.n, ideal_unit_s=ideal_s,
    )  # fmt: skip


def _flag(run: Run, station: Station, group: list[CycleShift]) -> Flag:
    main = min(group, key=lambda s: s.shift.log10_p)
    total = _Sum.of(group, main)
    shift, loss = main.shift, _loss(run, station, group, total)
    machines = sorted({s.machine for s in group})
    return Flag(
        workcell=run.plant.workcell_of.get(station.id, station.workcell),
        resource=station.id if len(machines) == station.machines else main.machine,
        since_s=total.since_s,
        until_s=total.until_s,
        cause=CAUSES.get(shift.cause, shift.cause),
        substep=None,
        lost_units=loss.lost_units,
        severity=severity_of(max(0.0, total.extra_s) / total.observed_s, loss.plant_loss_units),
        evidence={
            "expected": total.expected_s,
            "observed": total.observed_s,
            "unit": "s",
            "extra_s": total.extra_s,
            "effect": shift.effect,
            "n": total.n,
            "p_value": p_value_of(shift.log10_p),
            "log10_p": shift.log10_p,
            "confidence": shift.confidence,
            "baseline_n": shift.baseline_n,
            "method": METHOD,
            "machines": machines,
            "scope": _scope(station, machines),
            "expected_by": main.expected_by,
            "peers": main.n_peers,
            **_products(group),
            "open": shift.open,
            **loss.evidence(),
        },
        title=f"{name_of(station.label, station.id)}: {_what(main, total)}",
        text=_text(run, station, main, total, loss),
    )


def _products(group: list[CycleShift]) -> dict[str, Any]:
    products = sorted({s.product for s in group} - {""})
    return {"products": products} if products else {}


def _scope(station: Station, machines: list[str]) -> str:
    """Return whether what changed is common to identical machines or one machine's own."""
    if station.machines == 1:
        return "only machine"
    return "common" if len(machines) > station.machines / 2 else "local"


def _what(main: CycleShift, total: _Sum) -> str:
    """Return what changed, for a title."""
    effect = main.shift.effect
    if main.shift.cause == "spread":
        return f"cycle varies {effect:.1f} times as much"
    if main.shift.cause == "micro_stops":
        return f"micro-stops in {100 * effect:.1f} % more of the cycles"
    share = total.extra_s / total.expected_s
    word = "drifts" if main.shift.cause == "drift" else "cycle"
    return f"{word} {100 * abs(share):.0f} % {'slower' if effect > 0 else 'faster'}"


def _text(run: Run, station: Station, main: CycleShift, total: _Sum, loss: Impact) -> str:
    name, shift = name_of(station.label, station.id), main.shift
    when = period(run.scenario.start, total.since_s, total.until_s, is_open=shift.open)
    took = (
        f"takes {total.observed_s:.3g} s instead of {total.expected_s:.3g} s {when}"
        f" ({100 * total.extra_s / total.expected_s:+.1f} %)"
    )
    text = f"The cycle of {name} {took}."
    if shift.cause == "drift":
        text = f"The cycle of {name} creeps: it {took}."
    elif shift.cause == "spread":
        text = f"The cycle of {name} varies {shift.effect:.1f} times as much {when}."
    elif shift.cause == "micro_stops":
        text = f"{100 * shift.effect:.1f} % more of the cycles of {name} hold a micro-stop {when}."
    if main.expected_by == PEERS:
        text += f" Expected is what {main.n_peers} identical machines need."
    if total.extra_s > 0:
        text += f" In that time it could have made {loss.lost_units:.0f} more units."
        text += f" {loss.sentence()}"
    return text
