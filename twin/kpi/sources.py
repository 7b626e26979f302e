"""Everything KPIs read from a run, fetched once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from twin.kpi import records
from twin.kpi.ideal import nominal_robot_cycles
from twin.kpi.records import CycleSums, LevelSums, MoveSums
from twin.kpi.window import Window, kpi_window
from twin.kpi.work_done import ProductWork, product_work
from twin.run.run import Run


@dataclass(frozen=True)
class Sources:
    """Sums over the tables of one run within one window.

    Times are seconds by resource, counts are by machine or station, levels by place.
    """

    run: Run
    window: Window
    states: records.StateTimes
    kinds: dict[str, str]
    cycles: dict[str, dict[str, CycleSums]]
    open_work_s: dict[str, float]
    treated_s: dict[str, float]
    scrapped: dict[str, int]
    supplied: dict[str, int]
    levels: dict[str, LevelSums]
    failures: dict[str, int]
    moves: dict[str, MoveSums]
    robot_cycles_s: dict[str, float]
    product_work: dict[str, list[ProductWork]]

    def times_of(self, resources: Iterable[str]) -> dict[tuple[str, str], float]:
        """Return seconds by (state, special reason or ''), summed over some resources."""
        total: dict[tuple[str, str], float] = {}
        for resource in resources:
            for state, seconds in self.states.get(resource, {}).items():
                total[state] = total.get(state, 0.0) + seconds
        return total


def read_sources(run: Run, window: Window | None = None) -> Sources:
    """Read what KPIs need; the window is [warm-up, end] unless given."""
    chosen = kpi_window(run) if window is None else window
    states, kinds = records.state_times(run, chosen)
    return Sources(
        run=run,
        window=chosen,
        states=states,
        kinds=kinds,
        cycles=records.cycle_sums(run, chosen),
        open_work_s=records.open_work_s(run, chosen),
        treated_s=records.treated_s(run, chosen, [*run.plant.stores]),
        scrapped=records.scrapped_at(run, chosen),
        supplied=records.supplied(run, chosen),
        levels=records.level_sums(run, chosen),
        failures=records.failures(run, chosen),
        moves=records.move_sums(run, chosen),
        robot_cycles_s=nominal_robot_cycles(run),
        product_work=product_work(run, chosen),
    )
