"""How the vehicles of a fleet drive: times of legs and turns, worked out once for each edge."""

from __future__ import annotations

from sim.transport.network import Edge, Roads
from twin.motion.vehicle import leg_time_s, turn_time_s
from twin.plant.transport import AgvFleet

STRAIGHT_DEG = 0.5
"""Two edges whose headings differ by less are driven through without stopping."""


class Law:
    """The motion law of one fleet on its roads."""

    __slots__ = ("_legs_s", "_model", "_n", "_rolls", "_turns_s", "speeds_mps")

    def __init__(self, model: AgvFleet, roads: Roads) -> None:
        self._model = model
        self._n = len(roads.edges)
        self.speeds_mps = (model.speed_empty_mps, model.speed_loaded_mps)
        self._legs_s: dict[int, float] = {}
        self._turns_s: dict[int, float] = {}
        self._rolls: dict[int, bool] = {}

    def leg_s(self, edge: Edge, *, loaded: bool, rolls_in: bool, rolls_out: bool) -> float:
        """Return the time of a leg, begun and ended at full speed or at rest."""
        key = edge.index * 8 + loaded * 4 + rolls_in * 2 + rolls_out
        found = self._legs_s.get(key)
        if found is None:
            v_max = self.speeds_mps[loaded]
            v_in, v_out = v_max * rolls_in, v_max * rolls_out
            found = self._legs_s[key] = leg_time_s(
                edge.length_m, v_in, v_out, v_max, self._model.acceleration_mps2
            )
        return found

    def turn_s(self, faced: Edge, edge: Edge) -> float:
        """Return the time of turning on the spot from the direction of one edge to another's."""
        key = faced.index * self._n + edge.index
        found = self._turns_s.get(key)
        if found is None:
            turn_deg = edge.heading_deg - faced.heading_deg
            found = self._turns_s[key] = turn_time_s(turn_deg, self._model.turn_dps)
        return found

    def rolls(self, edge: Edge, following: Edge, *, loaded: bool, rolls_in: bool) -> bool:
        """Whether the end of an edge may be driven through: straight on, with room to brake."""
        key = (edge.index * self._n + following.index) * 4 + loaded * 2 + rolls_in
        found = self._rolls.get(key)
        if found is None:
            v_max = self.speeds_mps[loaded]
            turn = abs((following.heading_deg - edge.heading_deg + 180.0) % 360.0 - 180.0)
            braking_m = v_max * v_max / (2 * self._model.acceleration_mps2)
            found = (
                turn <= STRAIGHT_DEG
                and following.length_m >= braking_m
                and (rolls_in or edge.length_m >= braking_m)
            )
            self._rolls[key] = found
        return found
