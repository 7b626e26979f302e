"""Condition monitoring of many positions, value by value: of a finished run or of a stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from twin.condition.assets import VIBRATION, Asset, asset_of
from twin.condition.limits import Learner, Limit, zone_limit
from twin.condition.monitor import Event, Monitor, Persistence

Judge = Literal["zones", "learned"]


@dataclass(frozen=True)
class Position:
    """What is judged: a signal of an asset, by vibration zones or by its learned limit.

    ``design`` is what the signal should be, where that is known.
    """

    asset: Asset
    signal: str
    judge: Judge
    design: float | None = None

    @property
    def key(self) -> tuple[str, str, Judge]:
        """Asset, signal and judge."""
        return self.asset.id, self.signal, self.judge

    def code(self, side: str) -> str:
        """Return the code of its alarm, as in ``vibration_mms_zone`` or ``motor_temp_c_high``."""
        return f"{self.signal}_zone" if self.judge == "zones" else f"{self.signal}_{side}"

    def first_limit(self) -> Limit | Learner:
        """Return its limit, or what learns it."""
        if self.judge == "zones":
            return zone_limit(self.asset.zones)
        return Learner(self.signal, design=self.design)


class Watch:
    """The monitors of all positions; a position begins with its first value.

    Parameters
    ----------
    assets : mapping
        Assets by id; others get a vibration class by assumption.
    persistence : Persistence
    design : mapping
        What signals should be by design, by asset and signal, where it is known.
    """

    def __init__(
        self,
        assets: Mapping[str, Asset],
        persistence: Persistence | None = None,
        *,
        design: Mapping[str, Mapping[str, float]] | None = None,
    ) -> None:
        self._assets = assets
        self._design = design or {}
        self._persistence = persistence or Persistence()
        self._of: dict[tuple[str, str], tuple[tuple[Position, Monitor], ...]] = {}

    def monitors(self, asset: str, signal: str) -> tuple[tuple[Position, Monitor], ...]:
        """Return the positions of a signal with their monitors; the first call makes them."""
        found = self._of.get((asset, signal))
        if found is None:
            found = self._made(asset, signal)
            self._of[asset, signal] = found
        return found

    def update(
        self, asset: str, signal: str, time_s: float, value: float
    ) -> list[tuple[Position, Event]]:
        """Take one value; return what changed.

        Raises
        ------
        CelltwinError
            The value is older than the one before of the same signal.
        """
        happened: list[tuple[Position, Event]] = []
        for position, monitor in self.monitors(asset, signal):
            event = monitor.update(time_s, value)
            if event is not None:
                happened.append((position, event))
        return happened

    def all(self) -> list[tuple[Position, Monitor]]:
        """Return all positions with their monitors, by asset, signal and judge."""
        both = [pair for pairs in self._of.values() for pair in pairs]
        return sorted(both, key=lambda pair: pair[0].key)

    def _made(self, asset: str, signal: str) -> tuple[tuple[Position, Monitor], ...]:
        known = asset_of(self._assets, asset)
        judges: tuple[Judge, ...] = ("zones", "learned") if signal in VIBRATION else ("learned",)
        positions = [
            Position(known, signal, judge, self._design.get(asset, {}).get(signal))
            for judge in judges
        ]
        return tuple((p, Monitor(p.first_limit(), self._persistence)) for p in positions)
