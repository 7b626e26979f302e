"""A serial line as a textbook SimPy model: a Store for each buffer, a process for each machine.

It knows nothing of the engine but the random streams, so it is an independent account of what a
line with blocking after service, failures, minor stops and scrap has to do.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Generator
from typing import Any

import simpy

from sim.core.streams import Chances, Draws
from twin.plant.base import Duration
from twin.plant.scenario import Scenario
from twin.plant.station import Station

Steps = Generator[simpy.Event, Any, Any]
Visit = tuple[float, float, bool]
"""Start, end, and whether the unit is good."""


class NaiveLine:
    """Simulates the stations, buffers and sources of a scenario whose lots hold one unit.

    Attributes
    ----------
    visits : dict of str to list
        What every machine did, in order.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.env = simpy.Environment()
        self.seed = scenario.seed
        self.visits: dict[str, list[Visit]] = defaultdict(list)
        plant = scenario.plant
        self.buffers = {b.id: simpy.Store(self.env, b.capacity) for b in plant.buffers.values()}
        for sink in plant.sinks:
            self.buffers[sink.id] = simpy.Store(self.env)
        # Who waits first is served first: machines wait from the last to the first.
        for station in reversed(plant.stations.values()):
            for name in reversed(station.machine_ids):
                NaiveMachine(self, station, name)
        for source in plant.sources:
            self.env.process(self._supply(source.id, source.put, source.interval))
        self.env.run(scenario.horizon_s)

    def _supply(self, name: str, put: str, interval: Duration | None) -> Steps:
        draws = Draws(interval, self.seed, name, "interval") if interval else None
        while True:
            if draws is not None:
                yield self.env.timeout(draws.one())
            yield self.buffers[put].put(object())


class Clock:
    """Stops of one kind that come after so much work."""

    def __init__(self, gaps: Draws, lengths: Draws, *, minor: bool) -> None:
        self.gaps, self.lengths, self.minor = gaps, lengths, minor
        self.due_s = gaps.one()


class NaiveMachine:
    """One machine; a failure by the calendar interrupts its process."""

    def __init__(self, line: NaiveLine, station: Station, name: str) -> None:
        self.line, self.env = line, line.env
        self.name = name
        self.input = line.buffers[station.take[0].place]
        self.output = line.buffers[str(station.put)]
        assert station.cycle is not None
        self.cycle = Draws(station.cycle, line.seed, name, "cycle")
        self.quality = Chances(station.yield_, line.seed, name, "quality")
        self.policy = station.breakdown.unit if station.breakdown else "resume"
        self.age_s = 0.0
        self.clocks = list(self._clocks(station))
        self.process = self.env.process(self._run())
        self.repaired = self.env.event()
        if station.breakdown and station.breakdown.clock == "calendar":
            self.env.process(self._fail_by_the_calendar(station))

    def _draws(self, mean_s: float, purpose: str, cv: float = 1.0) -> Draws:
        kind = "gamma" if purpose == "breakdown/length" else "exponential"
        duration = Duration(mean_s=mean_s, cv=cv, kind=kind)  # type: ignore[arg-type]
        return Draws(duration, self.line.seed, self.name, purpose)

    def _clocks(self, station: Station) -> Generator[Clock, None, None]:
        if station.performance < 1 and station.minor_stop_s:
            mean_s = station.minor_stop_s
            odds = station.performance / (1 - station.performance)
            yield Clock(
                self._draws(mean_s * odds, "minor_stop/gap"),
                self._draws(mean_s, "minor_stop/length"),
                minor=True,
            )
        failing = station.breakdown
        if failing and failing.clock == "operating":
            yield Clock(
                self._draws(failing.mtbf_h * 3600, "breakdown/gap"),
                self._draws(failing.mttr_h * 3600, "breakdown/length", failing.repair_cv),
                minor=False,
            )

    def _fail_by_the_calendar(self, station: Station) -> Steps:
        failing = station.breakdown
        assert failing is not None
        gaps = self._draws(failing.mtbf_h * 3600, "breakdown/gap")
        lengths = self._draws(failing.mttr_h * 3600, "breakdown/length", failing.repair_cv)
        while True:
            yield self.env.timeout(gaps.one())
            self.process.interrupt(lengths.one())
            self.repaired = self.env.event()
            yield self.repaired

    def _run(self) -> Steps:
        while True:
            unit = yield from self._wait_for(self.input.get)
            start_s = self.env.now
            whole = yield from self._work()
            good = whole and self.quality.one()
            self.line.visits[self.name].append((start_s, self.env.now, good))
            if good:
                yield from self._wait_for(lambda unit=unit: self.output.put(unit))

    def _wait_for(self, ask: Any) -> Steps:
        """Get or put; a machine that fails meanwhile steps back and asks again when repaired."""
        while True:
            request = ask()
            try:
                return (yield request)
            except simpy.Interrupt as failure:
                assert not request.triggered
                request.cancel()
                yield from self._repair(failure.cause)

    def _work(self) -> Steps:
        """Work one cycle; return whether the unit has survived."""
        total_s = left_s = self.cycle.one()
        while True:
            clock = min(self.clocks, key=lambda c: c.due_s, default=None)
            stop_s = math.inf if clock is None else clock.due_s - self.age_s
            until_s = min(left_s, stop_s)
            begun_s = self.env.now
            try:
                yield self.env.timeout(until_s)
            except simpy.Interrupt as failure:
                done_s = self.env.now - begun_s
                self.age_s += done_s
                left_s -= done_s
                yield from self._repair(failure.cause)
                minor = False
            else:
                self.age_s += until_s
                if clock is None or left_s < stop_s:
                    return True
                left_s -= until_s
                minor = yield from self._stop(clock)
            if not minor and self.policy == "scrap":
                return False
            if not minor and self.policy == "restart":
                left_s = total_s

    def _stop(self, clock: Clock) -> Steps:
        """Stand still for a stop; return whether the unit in work is spared."""
        self.age_s = clock.due_s
        clock.due_s += clock.gaps.one()
        back_s = self.env.now + clock.lengths.one()
        failed: list[float] = []
        while self.env.now < back_s:
            try:
                yield self.env.timeout(back_s - self.env.now)
            except simpy.Interrupt as failure:
                failed.append(failure.cause)
        for length_s in failed:  # it failed while it stood still: it stops when it goes on
            yield from self._repair(length_s)
        return clock.minor and not failed

    def _repair(self, length_s: float) -> Steps:
        yield self.env.timeout(length_s)
        self.repaired.succeed()
