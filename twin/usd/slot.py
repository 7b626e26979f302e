"""Slot pools: lots that come and go share the slots of a point instancer."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from twin.motion.lot_track import Spell
from twin.usd.span import Span

Floats = NDArray[np.float64]

REUSE_GAP_S = 0.001
"""A slot that moves is free again after this time, in which it jumps unseen to its new place."""


@dataclass(frozen=True)
class Stay:
    """The spells of one lot at one place, without a break."""

    spells: tuple[Spell, ...]

    @property
    def t0_s(self) -> float:
        """When it came."""
        return self.spells[0].t0_s

    @property
    def t1_s(self) -> float:
        """When it left."""
        return self.spells[-1].t1_s


@dataclass
class Pool:
    """Slots with the stays they hold, in order.

    Attributes
    ----------
    keys : list
        What all stays of a slot have in common: item, and position where they do not move.
    stays : list of list of Stay
        By slot.
    """

    keys: list[Hashable] = field(default_factory=list)
    stays: list[list[Stay]] = field(default_factory=list)
    _of_key: dict[Hashable, list[int]] = field(default_factory=dict)

    def add(self, key: Hashable, stay: Stay, gap_s: float) -> None:
        """Put a stay into the first slot of its key that is free."""
        slots = self._of_key.setdefault(key, [])
        for slot in slots:
            if self.stays[slot][-1].t1_s + gap_s <= stay.t0_s:
                self.stays[slot].append(stay)
                return
        slots.append(len(self.keys))
        self.keys.append(key)
        self.stays.append([stay])

    def events(self, span: Span) -> tuple[Floats, list[NDArray[np.int64]]]:
        """Return the times at which lots come or go, and the lot of each slot from then on.

        Empty slots have -1. The first time is the start of the span.
        """
        changes = [
            (max(t, span.start_s), order, slot, lot)
            for slot, stays in enumerate(self.stays)
            for stay in stays
            for order, t, lot in ((1, stay.t0_s, stay.spells[0].lot), (0, stay.t1_s, -1))
            if t < span.end_s or order
        ]
        changes.sort()
        lots = np.full(len(self.keys), -1, dtype=np.int64)
        times, found = [span.start_s], [lots.copy()]
        for t, _, slot, lot in changes:
            lots[slot] = lot
            if t > times[-1]:
                times.append(t)
                found.append(lots.copy())
            else:
                found[-1][slot] = lot
        return np.array(times), found

    def path(self, slot: int) -> tuple[Floats, Floats]:
        """Return the corners of a slot's way: times (n,) and positions (n, 3)."""
        spells = [spell for stay in self.stays[slot] for spell in stay.spells]
        times = np.array([t for s in spells for t in (s.t0_s, s.t1_s)])
        points = np.array([p for s in spells for p in (s.p0_m, s.p1_m)])
        return times, points


def stays_of(spells: Iterable[Spell]) -> list[Stay]:
    """Return the stays at one place, ordered by time of coming; spells are ordered by lot."""
    found: list[list[Spell]] = []
    for spell in spells:
        last = found[-1][-1] if found else None
        if last and last.lot == spell.lot and abs(last.t1_s - spell.t0_s) < 1e-6:
            found[-1].append(spell)
        else:
            found.append([spell])
    return sorted(
        (Stay(tuple(own)) for own in found), key=lambda stay: (stay.t0_s, stay.spells[0].lot)
    )
