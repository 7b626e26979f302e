"""Who starves and who blocks whom: waiting traced to where it began.

Bottleneck walk (Roser, Lorentzen and Deuse 2014), for every station and every short bin of time:
a station that starves is traced to what feeds it then. If the feeder is stopped, that is the
origin; if it starves itself, the walk goes on upstream; if it works, its rate is the limit. Blocked
stations are traced downstream the same way, and a station that is blocked by an assembly which
waits for another component is traced up that component's branch. What is traced adds up to the
waiting time exactly. On conveyors the feeder is looked at as long ago as the ride takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import dist
from typing import Literal

import numpy as np

from twin.flags.time_grid import Floats, Grid, grid, loss_seconds, mean_levels
from twin.plant.flow import Hop, hops
from twin.plant.plant import Plant
from twin.run.run import Run

Waiting = Literal["starved", "blocked"]
RATE = "rate"
"""It works: its cycle is longer than that of who waits for it."""
STOPS = (
    "breakdowns", "waiting_repair", "protective_stops", "setup", "maintenance",
    "maintenance_in_plan", "minor_stops", "waiting_transport", "waiting_worker", "waiting_robot",
    "off_shift",
)  # fmt: skip
"""States that are an origin of waiting elsewhere."""


@dataclass(frozen=True, order=True)
class Origin:
    """Where waiting began: a station, source, sink or fleet, and why."""

    resource: str
    why: str

    def __str__(self) -> str:
        """Return both."""
        return f"{self.resource}/{self.why}"


Shares = dict[Origin, Floats]


def origins(
    run: Run, start_s: float | None = None, end_s: float | None = None
) -> dict[tuple[str, Waiting], dict[Origin, float]]:
    """Return the origins of all waiting, in machine-seconds, by (station, starved or blocked)."""
    begin = 0.0 if start_s is None else start_s
    walk = _walk(run, begin, run.horizon_s if end_s is None else end_s)
    found: dict[tuple[str, Waiting], dict[Origin, float]] = {}
    for name in run.plant.stations:
        for state in ("starved", "blocked"):
            seconds = walk.seconds(name, state)
            if seconds.sum() > 0:
                traced = walk.traced(name, state)
                sums = {o: float((share * seconds).sum()) for o, share in traced.items()}
                ranked = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
                found[name, state] = {o: s for o, s in ranked if s > 0}
    return found


def origins_of(
    run: Run, station: str, state: str, start_s: float, end_s: float
) -> dict[Origin, float]:
    """Return the origins of one station's waiting, the longest first."""
    chosen: Waiting = "starved" if state == "starved" else "blocked"
    return origins(run, start_s, end_s).get((station, chosen), {})


def waits_caused(run: Run, start_s: float, end_s: float) -> dict[Origin, dict[str, float]]:
    """Return the machine-seconds that others wait, by origin and waiting station."""
    found: dict[Origin, dict[str, float]] = {}
    for (station, _), shares in origins(run, start_s, end_s).items():
        for origin, seconds in shares.items():
            by_station = found.setdefault(origin, {})
            by_station[station] = by_station.get(station, 0.0) + seconds
    return found


@lru_cache(maxsize=4)
def _walk(run: Run, start_s: float, end_s: float) -> _Walk:
    bins = grid(start_s, end_s)
    return _Walk(run.plant, bins, loss_seconds(run, bins), mean_levels(run, bins))


class _Walk:
    """The walk over one plant and time; what is traced once is kept."""

    def __init__(
        self, plant: Plant, bins: Grid, losses: dict[tuple[str, str], Floats],
        levels: dict[str, Floats],
    ) -> None:  # fmt: skip
        self._plant = plant
        self._bins = bins
        self._losses = losses
        self._levels = levels
        self._none = np.zeros(bins.n)
        self._into: dict[str, list[Hop]] = {}
        self._out: dict[str, list[Hop]] = {}
        for hop in hops(plant):
            if not hop.rework:
                self._into.setdefault(hop.end, []).append(hop)
                self._out.setdefault(hop.start, []).append(hop)
        self._fleets = {t.id: t.fleet for t in plant.transports}
        self._traced: dict[tuple[str, str], Shares] = {}
        self._under_way: set[tuple[str, str]] = set()

    def seconds(self, station: str, loss: str) -> Floats:
        """Return the machine-seconds of a loss by bin."""
        return self._losses.get((station, loss), self._none)

    def traced(self, station: str, state: str) -> Shares:
        """Return the origins of a station's waiting as shares by bin; they add up to 1."""
        key = (station, state)
        if key not in self._traced:
            if key in self._under_way:
                return {Origin(station, "loop"): np.ones(self._bins.n)}
            self._under_way.add(key)
            ways = (self._into if state == "starved" else self._out).get(station, [])
            places = [hop.start if state == "starved" else hop.end for hop in ways]
            weights = [self._need(place, state) for place in places]
            parts = [self._at_place(place, station, state, frozenset({place})) for place in places]
            self._traced[key] = self._joined(parts, weights, Origin(station, "unknown"))
            self._under_way.discard(key)
        return self._traced[key]

    def _at_place(self, place: str, waiter: str, state: str, seen: frozenset[str]) -> Shares:
        """Return the origins of waiting at a place: of those who feed it, or who take from it."""
        up = state == "starved"
        ways = (self._into if up else self._out).get(place, [])
        if place in self._plant.stations:
            return self._at_station(place, waiter, state, 0)
        parts, weights = [], []
        for hop in ways:
            other = hop.start if up else hop.end
            if other in self._plant.stations:
                parts.append(self._at_station(other, waiter, state, self._lag(place) if up else 0))
                weights.append(self._lost(other))
            elif hop.kind == "transports":
                parts.append(self._at_transport(hop, other, waiter, state, seen))
                weights.append(np.ones(self._bins.n))
            else:
                parts.append({Origin(other, "no_supply" if up else "no_demand"): 1.0 + self._none})
                weights.append(np.ones(self._bins.n))
        if not ways:
            sink = any(place == sink.id for sink in self._plant.sinks)
            return {Origin(place, "no_demand" if sink else "unknown"): 1.0 + self._none}
        return self._joined(parts, weights, Origin(place, "unknown"))

    def _at_transport(
        self, hop: Hop, other: str, waiter: str, state: str, seen: frozenset[str]
    ) -> Shares:
        """Waiting goes on beyond a transport where nothing waits for it, or no room is left."""
        fleet = Origin(self._fleets[hop.owner], "transport")
        level = self._levels.get(other, self._none)
        if state == "starved":
            beyond = np.clip(1.0 - level, 0.0, 1.0)
        else:
            beyond = np.clip(level - self._capacity(other) + 1.0, 0.0, 1.0)
        if other in seen or not beyond.any():
            return {fleet: np.ones(self._bins.n)}
        further = self._at_place(other, waiter, state, seen | {other})
        return self._joined([{fleet: 1.0 + self._none}, further], [1.0 - beyond, beyond], fleet)

    def _at_station(self, name: str, waiter: str, state: str, lag: int) -> Shares:
        """Split waiting for a station by what the station did: stopped, waited, or worked."""
        machines = self._plant.stations[name].machines
        need = self.seconds(waiter, state) / self._plant.stations[waiter].machines
        stops = {why: _late(self.seconds(name, why), lag) / machines for why in STOPS}
        stops = {why: s for why, s in stops.items() if s.any()}
        waits = {"starved": _late(self.seconds(name, "starved"), lag) / machines}
        if state == "blocked":
            waits["blocked"] = self.seconds(name, "blocked") / machines
        waits = {why: s for why, s in waits.items() if s.any()}
        total = sum([*stops.values(), *waits.values()], self._none)
        scale = 1.0 / np.maximum(np.maximum(total, need), 1e-12)
        shares: Shares = {Origin(name, why): s * scale for why, s in stops.items()}
        rate = np.clip(1.0 - total * scale, 0.0, 1.0)
        for why, s in waits.items():
            for origin, part in self.traced(name, why).items():
                shares[origin] = shares.get(origin, self._none) + s * scale * _late(part, lag)
        shares[Origin(name, RATE)] = shares.get(Origin(name, RATE), self._none) + rate
        return self._joined([shares], [1.0 + self._none], Origin(name, RATE))

    def _joined(self, parts: list[Shares], weights: list[Floats], rest: Origin) -> Shares:
        """Return the weighted mean of shares; they add up to 1, `rest` takes what is missing."""
        total = sum(weights, self._none)
        even = total <= 0
        made: Shares = {}
        for part, weight in zip(parts, weights, strict=True):
            own = np.where(even, 1.0 / max(len(parts), 1), weight / np.where(even, 1.0, total))
            for origin, share in part.items():
                made[origin] = made.get(origin, self._none) + own * share
        missing = 1.0 - sum(made.values(), self._none)
        if np.abs(missing).max(initial=0.0) > 1e-12:
            made[rest] = made.get(rest, self._none) + missing
        return made

    def _need(self, place: str, state: str) -> Floats:
        """Return how much a station waits for one of its places: the emptiest, or the fullest."""
        if place in self._plant.stations:
            return np.ones(self._bins.n)
        level = self._levels.get(place, self._none)
        if state == "starved":
            return np.exp(-4.0 * np.minimum(level, 100.0))
        return np.exp(-4.0 * np.clip(self._capacity(place) - level, 0.0, 100.0))

    def _lost(self, station: str) -> Floats:
        """Return the share of a station's time in which it did not work, and a little more."""
        cap = self._plant.stations[station].machines * self._bins.width_s
        return 1.01 - np.clip(self.seconds(station, "speed") / cap, 0.0, 1.0)

    def _capacity(self, place: str) -> float:
        plant = self._plant
        known = plant.buffers.get(place) or plant.conveyors.get(place)
        return float(known.capacity) if known is not None else float("inf")

    def _lag(self, place: str) -> int:
        """Return the bins that a lot rides on a conveyor."""
        belt = self._plant.conveyors.get(place)
        if belt is None:
            return 0
        length_m = sum(dist(a, b) for a, b in zip(belt.path_m, belt.path_m[1:], strict=False))
        return round(length_m / belt.speed_mps / self._bins.width_s)


def _late(values: Floats, lag: int) -> Floats:
    """Return values of `lag` bins ago."""
    if lag <= 0:
        return values
    lag = min(lag, len(values))
    return np.concatenate([np.repeat(values[:1], lag), values[: len(values) - lag]])
