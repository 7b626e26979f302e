"""The detector of one stream of cycle times: learns, watches, opens and closes findings."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from twin.flags.detector.change import Change, Event, What
from twin.flags.detector.channels import SHORTEST, WARM, candidate_lengths, statistics
from twin.flags.detector.design import Known, Options
from twin.flags.detector.frame import Floats, Frame
from twin.flags.detector.growing import Growing
from twin.flags.detector.judge import Reference, Verdict, judge
from twin.flags.detector.onset import onset
from twin.flags.detector.segment import Segment
from twin.flags.detector.sums import Indices
from twin.flags.detector.thresholds import confidence

_CHUNK = 8192
_JUMP = 2.0
"""A level this many standard deviations off is a jump, to be dated by single cycles."""
_DRIFT_REACH = 500
"""Cycles before a change that are looked at, at least, for where a drift began."""
_GROUPS = candidate_lengths()


@dataclass(frozen=True)
class Hit:
    """A significant stretch: its first cycle, the first after it, how far above threshold."""

    start: int
    now: int
    excess: float


class Detector:
    """One stream: one machine with one product, or one sub-step of one robot.

    Feed it every cycle in order with `update`, in blocks of any size: the findings are the same.

    Parameters
    ----------
    design : Design or Peers, optional
        What the plant file or identical machines say; without it, the first cycles are only
        learned.
    options : Options
        Smallest effects, and how long it learns.
    """

    def __init__(self, design: Known | None = None, options: Options | None = None) -> None:
        self.design = design
        self.options = options or Options()
        self._limits = np.array(self.options.thresholds)
        self.changes: list[Change] = []
        self.open: Change | None = None
        self._logs = Growing()
        self._times = Growing()
        self._healthy: list[tuple[int, int]] = []
        self._calm_since = 0
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
        start = self._sharpened(begin + int(starts[k]), begin + end)
        return Hit(start, begin + end, float(excess[k]))

    def _sharpened(self, start: int, now: int) -> int:
        """Return where a jump began: scores are cut, so that large ones look longer than they are.

        Two cycles at least are left.
        """
        frame, logs = self._segment.frame, self._logs.values[start:now]
        centre = float(np.median(logs))
        if abs(centre - frame.centre) < _JUMP * frame.scale:
            return start
        found = onset(logs, frame, "slow", centre, 0.0) or 0
        return start + min(found, max(len(logs) - 2, 0))

    def _excess(self, ends: Indices, lengths: Indices) -> Floats:
        """Return how far the most significant channel is above the threshold of its length."""
        segment = self._segment
        found = statistics(
            segment.sums.table, ends, lengths,
            frame=segment.frame, extra=segment.extra, cap=segment.cap,
        )  # fmt: skip
        above = found - self._limits.reshape((3,) + (1,) * (found.ndim - 1))
        excess: Floats = above.max(axis=0)
        return excess

    def _turn(self, hit: Hit, events: list[Event]) -> None:
        """Begin a new segment where the change began, and say what it is."""
        old = self._segment
        if old.healthy:
            self._healthy.append((old.start, min(hit.start, old.start + old.cap)))
        verdict = self._verdict(hit.start, hit.now)
        open_ = self.open
        if open_ is not None and verdict.ends(open_):
            self._close(open_, hit, events)
        joins = self._joins(verdict, hit.now - hit.start)
        self._segment = Segment(hit.start, healthy=joins, before=old.frame)
        self._segment.excess = hit.excess
        self._refit(hit.now)
        self._segment.next_look = self._segment.look_after(hit.now)
        if verdict.cause is not None:
            start = hit.start if self.open is None else self.open.start
            if start != hit.start:
                whole = self._verdict(start, hit.now)
                verdict = verdict if whole.cause is None else whole
            self._go_on(verdict, start, hit.now, hit.excess, events)

    def _joins(self, verdict: Verdict, n: int) -> bool:
        """Whether a new segment joins the baseline: it looks like it, in enough cycles.

        A change too small to be told is watched in silence and compared with the baseline before
        it, so that many small ones do not pass; a baseline with few cycles learns it.
        """
        if self.open is not None or verdict.cause is not None:
            return False
        known = sum(b - a for a, b in self._healthy)
        return known < WARM or (n >= WARM and not verdict.differs)

    def _close(self, open_: Change, hit: Hit, events: list[Event]) -> None:
        """Close the finding where the new segment begins, judged by all its cycles."""
        stop = max(hit.start, open_.start + 1)
        judged = self._judged(open_, stop)
        until = float(self._times.values[stop])
        self.open = None
        self._calm_since = stop
        closed = replace(judged, stop=stop, until=until, open=False)
        self._tell("closes", closed, hit.now, events)

    def _judged(self, change: Change, now: int) -> Change:
        """Return a finding judged anew by its cycles up to `now`."""
        verdict = self._verdict(change.start, now)
        if verdict.cause is None:
            return replace(change, stop=now, until=float(self._times.values[now - 1]))
        return self._made(verdict, change.start, now, change.excess)

    def found(self) -> list[Change]:
        """Return all findings; one that is open is judged by all cycles so far."""
        if self.open is None:
            return list(self.changes)
        return [*self.changes[:-1], self._judged(self.open, self.n)]

    def _go_on(
        self, verdict: Verdict, start: int, now: int, excess: float, events: list[Event]
    ) -> None:
        """Open a finding, or let the open one grow."""
        what: What = "opens" if self.open is None else "grows"
        if self.open is not None:
            excess = max(excess, self.open.excess)
        self.open = self._made(verdict, start, now, excess)
        self._tell(what, self.open, now, events)

    def _made(self, verdict: Verdict, start: int, now: int, excess: float) -> Change:
        if verdict.cause is None:
            raise ValueError("what is normal is no change")
        reference = self._reference()
        start = self._onset(verdict, start, now, reference.frame)
        return Change(
            start=start,
            stop=now,
            since=float(self._times.values[start]),
            until=float(self._times.values[now - 1]),
            open=True,
            cause=verdict.cause,
            effect=verdict.effect,
            expected=math.exp(reference.frame.centre),
            observed=math.exp(verdict.observed),
            excess=max(excess, verdict.excess),
            confidence=confidence(max(excess, verdict.excess)),
            baseline_n=reference.n,
        )

    def _onset(self, verdict: Verdict, start: int, now: int, frame: Frame) -> int:
        """Return the first cycle of a change, near the one found."""
        low = max(self._calm_since, start - (now - start))
        if verdict.cause is None:
            return start
        found = onset(
            self._logs.values[low:now], frame, verdict.cause, verdict.observed, verdict.effect
        )
        return start if found is None or now - (low + found) < 1 else low + found

    def _tell(self, what: What, change: Change, now: int, events: list[Event]) -> None:
        if what == "opens":
            self.changes.append(change)
        else:
            self.changes[-1] = change
        events.append(Event(what, now - 1, float(self._times.values[now - 1]), change))

    def _verdict(self, start: int, now: int) -> Verdict:
        reach = max(self._calm_since, start - max(2 * (now - start), _DRIFT_REACH))
        before = self._logs.values[min(reach, start) : start]
        return judge(
            self._logs.values[start:now], self._reference(), self.options,
            before=before, was_open=self.open,
        )  # fmt: skip

    def _look(self, now: int, events: list[Event]) -> None:
        """Learn from the segment so far, and look at it anew where it is not normal."""
        segment = self._segment
        if not segment.healthy:
            self._look_at_changed(now, events)
        if now - segment.start <= 2 * self.options.learn:
            self._refit(now)
        segment.next_look = segment.look_after(now)

    def _look_at_changed(self, now: int, events: list[Event]) -> None:
        segment = self._segment
        start = segment.start if self.open is None else self.open.start
        verdict = self._verdict(start, now)
        if verdict.cause is not None:
            self._go_on(verdict, start, now, segment.excess, events)
        segment.healthy = self._joins(verdict, now - start)

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
