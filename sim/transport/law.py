"""How the vehicles of a fleet drive: times of legs and turns, worked out once for each edge."""

from __future__ import annotations

import math

from sim.transport.network import Edge, Point, Roads, Way
from twin.motion.vehicle import leg_time_s, turn_time_s
from twin.plant.transport import AgvFleet

STRAIGHT_DEG = 0.5
"""Two edges whose headings differ by less are driven through without stopping."""


class Step:
    """One edge of a way, driven with or without a load, and what comes after it.

    Attributes
    ----------
    edge : Edge
    target : Point
    has_length : bool
    leg_s : tuple of 4 floats
        Time of the leg by ``2 * rolls in + rolls out``, at full speed or from and to rest.
    rolls : tuple of 2 bools
        Whether its end may be driven through, by whether it was begun rolling: straight on, with
        room to brake behind it.
    """

    __slots__ = ("edge", "has_length", "leg_s", "rolls", "target")

    def __init__(self, edge: Edge, leg_s: tuple[float, ...], rolls: tuple[bool, bool]) -> None:
        self.edge = edge
        self.target: Point = edge.target
        self.has_length = edge.length_m > 0
        self.leg_s = leg_s
        self.rolls = rolls


Steps = tuple[Step, ...]


class Law:
    """The motion law of one fleet on its roads."""

    __slots__ = ("_legs_s", "_model", "_roads", "_steps", "_turn_dps", "_ways", "speeds_mps")

    def __init__(self, model: AgvFleet, roads: Roads) -> None:
        self._model = model
        self._roads = roads
        self._turn_dps = model.turn_dps
        self.speeds_mps = (model.speed_empty_mps, model.speed_loaded_mps)
        self._legs_s: dict[tuple[int, bool], tuple[float, ...]] = {}
        self._steps: dict[tuple[int, int, bool], Step] = {}
        self._ways: dict[tuple[str, str, bool], Steps] = {}

    def state(self) -> dict[str, object]:
        """Return what a snapshot keeps: nothing, all is worked out again."""
        return {}

    def way(self, start: str, stop: str, *, loaded: bool) -> Steps:
        """Return the steps of the shortest way from a node or stop to a stop."""
        key = (start, stop, loaded)
        found = self._ways.get(key)
        if found is None:
            found = self._ways[key] = self._made(self._roads.way(start, stop), loaded)
        return found

    def joined(self, ahead: Steps, way: Steps, *, loaded: bool) -> Steps:
        """Return steps that go on with another way."""
        if not ahead:
            return way
        last = self._step(ahead[-1].edge, way[0].edge if way else None, loaded)
        return (*ahead[:-1], last, *way)

    def turn_s(self, faced: Edge, edge: Edge) -> float:
        """Return the time of turning on the spot from the direction of one edge to another's."""
        turn_deg = edge.heading_deg - faced.heading_deg
        return turn_time_s(turn_deg, self._turn_dps) if turn_deg else 0.0

    def _made(self, way: Way, loaded: bool) -> Steps:
        after = [*way[1:], None]
        return tuple(self._step(e, f, loaded) for e, f in zip(way, after, strict=False))

    def _step(self, edge: Edge, following: Edge | None, loaded: bool) -> Step:
        key = (edge.index, -1 if following is None else following.index, loaded)
        found = self._steps.get(key)
        if found is None:
            v_max = self.speeds_mps[loaded]
            room_m = v_max * v_max / (2 * self._model.acceleration_mps2)
            through = following is not None and (
                _turn_deg(edge, following) <= STRAIGHT_DEG and following.length_m >= room_m
            )
            found = self._steps[key] = Step(
                edge, self._times_s(edge, loaded), (through and edge.length_m >= room_m, through)
            )
        return found

    def _times_s(self, edge: Edge, loaded: bool) -> tuple[float, ...]:
        """Return the times of a leg; infinite where it is too short for its speeds."""
        found = self._legs_s.get((edge.index, loaded))
        if found is None:
            v, a = self.speeds_mps[loaded], self._model.acceleration_mps2
            short = v * v > 2 * a * edge.length_m
            found = tuple(
                math.inf
                if short and v_in != v_out
                else leg_time_s(edge.length_m, v_in, v_out, v, a)
                for v_in in (0.0, v)
                for v_out in (0.0, v)
            )
            self._legs_s[edge.index, loaded] = found
        return found


def _turn_deg(edge: Edge, following: Edge) -> float:
    return abs((following.heading_deg - edge.heading_deg + 180.0) % 360.0 - 180.0)
