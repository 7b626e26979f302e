"""Where the time of one station went between two moments, against what the plant file lets expect.

The parts are those of OEE (`twin.kpi.oee`), so they add up to the machine time exactly:
planned time = fully productive time + every loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from twin.flags.stops import planned_failures
from twin.kpi import records
from twin.kpi.ideal import nominal_robot_cycles
from twin.kpi.sources import Sources
from twin.kpi.state_map import EXTERNAL_LOSSES, PLANNED_LOSSES
from twin.kpi.station import station_kpis
from twin.kpi.window import Window
from twin.kpi.work_done import product_work
from twin.plant.station import Station
from twin.run.run import Run


@dataclass(frozen=True)
class StationLosses:
    """Machine-seconds of one station by loss.

    Attributes
    ----------
    planned_s, productive_s : float
        Planned time, and what good units take ideally.
    observed_s : dict
        Every loss of `PLANNED_LOSSES`; None where the ideal cycle time is unknown.
    expected_s : dict
        What the plant file lets expect, of those losses it says something about.
    """

    planned_s: float
    productive_s: float | None
    observed_s: dict[str, float | None]
    expected_s: dict[str, float]

    def excess_s(self) -> dict[str, float]:
        """Return observed less expected time of the station's own losses, the largest first."""
        over = {
            name: (self.observed_s[name] or 0.0) - expected
            for name, expected in self.expected_s.items()
        }
        return dict(sorted(over.items(), key=lambda item: -item[1]))

    def external_s(self) -> dict[str, float]:
        """Return the time it waited for others, the longest first."""
        waits = {name: self.observed_s[name] or 0.0 for name in EXTERNAL_LOSSES}
        waits["waiting_repair"] = self.observed_s["waiting_repair"] or 0.0
        return dict(sorted(waits.items(), key=lambda item: -item[1]))

    def evidence(self) -> dict[str, object]:
        """Return the numbers for a flag's evidence."""
        observed = {k: round(s, 3) for k, s in self.observed_s.items() if s}
        expected = {k: round(s, 3) for k, s in self.expected_s.items() if s}
        return {
            "planned_s": self.planned_s,
            "productive_s": self.productive_s,
            "losses_s": observed,
            "expected_losses_s": expected,
        }


def station_losses(run: Run, station: Station, start_s: float, end_s: float) -> StationLosses:
    """Split the machine time of a station between two moments into its losses."""
    sources = _sources(run, Window(start_s, end_s))
    result = station_kpis(sources, station).oee
    work_s = sources.times_of(station.machine_ids).get(("working", ""), 0.0)
    calendar_s = (end_s - start_s) * station.machines
    ideal_s = work_s - (result.losses["speed"] or 0.0)
    return StationLosses(
        planned_s=result.planned_s,
        productive_s=result.fully_productive_s,
        observed_s={name: result.losses[name] for name in PLANNED_LOSSES},
        expected_s=_expected(station, work_s=work_s, ideal_s=ideal_s, calendar_s=calendar_s),
    )


def _expected(
    station: Station, *, work_s: float, ideal_s: float, calendar_s: float
) -> dict[str, float]:
    share = station.performance
    stops = station.minor_stop_s > 0
    plan = planned_failures(station, work_s=work_s, all_s=calendar_s)
    return {
        "speed": 0.0 if stops else ideal_s * (1 / share - 1),
        "minor_stops": work_s * (1 - share) / share if stops else 0.0,
        "breakdowns": plan.n * plan.repair_s,
        "scrap": ideal_s * (1 - station.yield_),
    }


@lru_cache(maxsize=4)
def _sources(run: Run, window: Window) -> Sources:
    """Return what the key figures of stations need, and nothing else."""
    states, kinds = records.state_times(run, window)
    return Sources(
        run=run,
        window=window,
        states=states,
        kinds=kinds,
        cycles=records.cycle_sums(run, window),
        open_work_s=records.open_work_s(run, window),
        treated_s=records.treated_s(run, window, [*run.plant.stores]),
        scrapped=records.scrapped_at(run, window),
        supplied={},
        levels={},
        failures=records.failures(run, window),
        moves={},
        robot_cycles_s=nominal_robot_cycles(run),
        product_work=product_work(run, window),
    )
