"""The detector of one stream of cycle times: learns, watches, opens and closes findings."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from twin.flags.detector.change import Change, Event, What
from twin.flags.detector.channels import SHORTEST, candidate_lengths, statistics
from twin.flags.detector.design import Design, Options
from twin.flags.detector.frame import Floats
from twin.flags.detector.growing import Growing
from twin.flags.detector.judge import Reference, Verdict, family, judge
from twin.flags.detector.segment import Segment
from twin.flags.detector.sums import Indices
from twin.flags.detector.thresholds import confidence

_CHUNK = 8192
_GROUPS = candidate_lengths()


@dataclass(frozen=True)
class Hit:
    """A significant stretch: its first cycle, the first after it, how far above threshold."""

    start: int
    now: int
    statistic: float


class Detector:
    """One stream: one machine with one product, or one sub-step of one robot.

    Feed it every cycle in order with `update`, in blocks of any size: the findings are the same.

    Parameters
    ----------
    design : Design, optional
        What the plant file says; without it, the first cycles are only learned.
    options : Options
        Smallest effects, and how long it learns.
    """

    def __init__(self, design: Design | None = None, options: Options | None = None) -> None:
        self.design = design
        self.options = options or Options()
        self._limits = np.array(self.options.thresholds)
        self.changes: list[Change] = []
        self.open: Change | None = None
        self._logs = Growing()
        self._times = Growing()
        self._healthy: list[tuple[int, int]] = []
        self._segment = Segment(0, healthy=True)
        self._refit(0)

    @property
    def n(self) -> int:
        """Cycles seen."""
        return self._logs.n

    @property
    def baseline(self) -> Reference:
        """What is taken for normal, and on how many cycles."""
        segment = self._segment
        own = self._logs.values[segment.start : segment.start + segment.cap]
        logs = np.concatenate([self._earlier(), own]) if segment.healthy else self._earlier()
        return Reference.of(logs[: self.options.learn], self.design)

    def update(self, values: Floats, times: Floats | None = None) -> list[Event]:
        """Add cycles and return what opened, grew or closed.

        Parameters
        ----------
        values : array
            Cycle times, above 0.
        times : array, optional
            When the cycles began; their numbers by default.
        """
        values = np.asarray(values, dtype=np.float64)
        begin = self._logs.n
        self._logs.extend(np.log(np.maximum(values, 1e-12)))
        if times is None:
            times = np.arange(begin, begin + len(values), dtype=np.float64)
        self._times.extend(np.asarray(times, dtype=np.float64))
        events: list[Event] = []
        position = begin
        while position < self._logs.n:
            position = self._advance(position, events)
        return events

    def _advance(self, position: int, events: list[Event]) -> int:
        """Look at the next cycles up to the first finding, or the next time to learn or judge."""
        segment = self._segment
        stop = min(self._logs.n, position + _CHUNK, segment.next_look)
        segment.sums.extend(self._logs.values[segment.end : stop], segment.frame)
        hit = self._first_hit(position, stop)
        if hit is not None:
            self._turn(hit, events)
            return hit.now
        if stop == segment.next_look:
            self._look(stop, events)
        return stop

    def _first_hit(self, position: int, stop: int) -> Hit | None:
        """Return the first significant stretch that ends after `position`.

        Of several that end with the same cycle the most significant counts.
        """
        start = self._segment.start
        found: tuple[int, float, int] | None = None
        for stride, lengths in _GROUPS:
            first = position + 1 - start
            ends = np.arange(first + -(first + start) % stride, stop - start + 1, stride)
            if not len(ends) or lengths[0] > ends[-1]:
                continue
            excess = self._excess(ends[:, None], lengths[lengths <= ends[-1]][None, :])
            rows = np.flatnonzero((excess > 0).any(axis=1))
            if len(rows):
                k = int(np.argmax(excess[rows[0]]))
                hit = (-int(ends[rows[0]]), float(excess[rows[0], k]), int(lengths[k]))
                found = hit if found is None else max(found, hit)
        if found is None:
            return None
        return self._refined(-found[0], found[2])

    def _refined(self, end: int, length: int) -> Hit:
        """Return a stretch with its start to the cycle: the best near the one found."""
        reach = max(2, math.ceil(0.35 * length))
        low, high = max(0, end - length - reach), min(end - length + reach, end - SHORTEST)
        starts = np.arange(low, high + 1)
        excess = self._excess(np.array(end), end - starts)
        k = int(np.argmax(excess))
        begin = self._segment.start
        return Hit(begin + int(starts[k]), begin + end, float(excess[k]))

    def _excess(self, ends: Indices, lengths: Indices) -> Floats:
        """Return how far the most significant channel is above its threshold."""
        segment = self._segment
        found = statistics(
            segment.sums.table, ends, lengths,
            frame=segment.frame, extra=segment.extra, cap=segment.cap,
        )  # fmt: skip
        excess: Floats = (found - self._limits.reshape((3,) + (1,) * (found.ndim - 1))).max(axis=0)
        return excess

    def _turn(self, hit: Hit, events: list[Event]) -> None:
        """Begin a new segment where the change began, and say what it is."""
        old = self._segment
        if old.healthy:
            self._healthy.append((old.start, min(hit.start, old.start + old.cap)))
        verdict = self._verdict(hit.start, hit.now)
        self._segment = Segment(hit.start, healthy=verdict.cause is None)
        self._refit(hit.now)
        self._segment.next_look = self._segment.look_after(hit.now)
        open_ = self.open
        if open_ is not None and verdict.family != family(open_.cause, open_.effect):
            until = float(self._times.values[hit.start])
            self.open = None
            closed = replace(open_, stop=hit.start, until=until, open=False)
            self._tell("closes", closed, hit.now, events)
        if verdict.cause is not None:
            self._go_on(verdict, hit.start, hit.now, hit.statistic, events)

    def _go_on(
        self, verdict: Verdict, start: int, now: int, statistic: float, events: list[Event]
    ) -> None:
        """Open a finding, or let the open one grow."""
        if verdict.cause is None:
            return
        open_, reference = self.open, self._reference()
        if open_ is not None:
            start, statistic = open_.start, max(statistic, open_.statistic)
        self.open = Change(
            start=start,
            stop=now,
            since=float(self._times.values[start]),
            until=float(self._times.values[now - 1]),
            open=True,
            cause=verdict.cause,
            effect=verdict.effect,
            expected=math.exp(reference.frame.centre),
            observed=math.exp(verdict.observed),
            statistic=statistic,
            confidence=confidence(statistic),
            baseline_n=reference.n,
        )
        self._tell("opens" if open_ is None else "grows", self.open, now, events)

    def _tell(self, what: What, change: Change, now: int, events: list[Event]) -> None:
        if what == "opens":
            self.changes.append(change)
        else:
            self.changes[-1] = change
        events.append(Event(what, now - 1, float(self._times.values[now - 1]), change))

    def _verdict(self, start: int, now: int) -> Verdict:
        before = self._logs.values[max(self._before_open(start), start - (now - start)) : start]
        return judge(
            self._logs.values[start:now], self._reference(), self.options,
            before=before, was_open=self.open,
        )  # fmt: skip

    def _before_open(self, start: int) -> int:
        """Return where the healthy cycles just before `start` begin."""
        return self._healthy[-1][0] if self._healthy else start

    def _look(self, now: int, events: list[Event]) -> None:
        """Learn from the segment so far, and look at the open finding anew."""
        segment = self._segment
        if now - segment.start <= 2 * self.options.learn:
            self._refit(now)
        segment.next_look = segment.look_after(now)
        if self.open is not None:
            verdict = self._verdict(self.open.start, now)
            self._go_on(verdict, self.open.start, now, 0.0, events)

    def _reference(self) -> Reference:
        return Reference.of(self._earlier()[: self.options.learn], self.design)

    def _earlier(self) -> Floats:
        """Return the healthy cycles of earlier segments."""
        parts = [self._logs.values[a:b] for a, b in self._healthy if b > a]
        return np.concatenate(parts) if parts else np.empty(0)

    def _refit(self, now: int) -> None:
        """Set the scores of the present segment by its baseline, and add up anew."""
        segment, learn = self._segment, self.options.learn
        own = self._logs.values[segment.start : now]
        segment.refit(own[:learn], self._earlier(), self.design, learn)
        segment.sums.extend(own, segment.frame)
