"""Where every lot is over a run: in places, on belts, inside machines, and on movers.

Built from the log alone: ``levels`` says when a lot was in a buffer, conveyor or store; in between
it was in a machine or on a mover, which ``cycles``, ``units`` and ``moves`` tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from twin.motion.belt import Belt, Stretch, travel
from twin.motion.lot_life import Gap, Life, Stay, gaps, lives, stays
from twin.motion.lot_open import Guess, Where
from twin.motion.lot_rest import Part, Positions
from twin.motion.lot_visit import MACHINE, MOVER, best, visits
from twin.plant.base import Vec3
from twin.plant.plant import Plant
from twin.run.run import Run

__all__ = ["BELT", "MACHINE", "MOVER", "PLACE", "LotTracks", "Spell", "lot_tracks"]

PLACE, BELT = "place", "belt"
_NOWHERE = (0.0, 0.0, 0.0)
_BIRTH = Life("", "", 0.0, 0.0)


@dataclass(frozen=True)
class Spell:
    """A time in which a lot rests, or travels in a straight line at constant speed.

    Attributes
    ----------
    lot : int
    item : str
        What it holds: the item of the buffer or conveyor it is in, or was in last.
    kind : str
        ``place``, ``belt``, ``machine`` or ``mover``.
    where : str
        Place, machine or mover id.
    t0_s, t1_s : float
    p0_m, p1_m : tuple
        Where it is at both ends; meaningless on a mover, whose own track tells.
    heading_deg : float
    """

    lot: int
    item: str
    kind: str
    where: str
    t0_s: float
    t1_s: float
    p0_m: Vec3 = _NOWHERE
    p1_m: Vec3 = _NOWHERE
    heading_deg: float = 0.0


@dataclass(frozen=True)
class LotTracks:
    """All spells of a run, ordered by lot and time."""

    spells: list[Spell] = field(default_factory=list)

    def at(self, t_s: float) -> list[Spell]:
        """Return the spells that hold at `t_s`."""
        return [spell for spell in self.spells if spell.t0_s <= t_s < spell.t1_s]

    def cut(self, from_s: float, to_s: float) -> list[Spell]:
        """Return the spells that touch [from_s, to_s)."""
        return [s for s in self.spells if s.t1_s > from_s and s.t0_s < to_s]


def lot_tracks(run: Run) -> LotTracks:
    """Return where every lot is over a run."""
    plant, life, own = run.plant, lives(run), stays(run)
    parts = [*_stay_parts(plant, own), *_gap_parts(run, life, own)]
    parts.sort(key=lambda part: (part.lot, part.t0_s, part.t1_s))
    at_rest = Positions(plant, parts)
    ways = _belt_ways(plant, parts, life)
    items = {buffer.id: buffer.item for buffer in plant.buffers.values()}
    items |= {conveyor.id: conveyor.item for conveyor in plant.conveyors.values()}
    without_room = {buffer.id for buffer in plant.buffers.values() if not buffer.capacity}
    spells: list[Spell] = []
    lot, item = -1, ""
    for part in parts:
        if part.lot != lot:
            lot, item = part.lot, life.get(part.lot, _BIRTH).item
        item = items.get(part.where, item)
        if part.where in without_room:
            continue
        if part.kind == BELT:
            spells += [_on_belt(part, item, stretch) for stretch in ways[part]]
        elif part.kind == MOVER:
            spells.append(Spell(lot, item, MOVER, part.where, part.t0_s, part.t1_s))
        else:
            point, heading_deg = at_rest.of(part)
            spells.append(
                Spell(
                    lot, item, part.kind, part.where, part.t0_s, part.t1_s, point, point,
                    heading_deg,
                )
            )  # fmt: skip
    return LotTracks(spells)


def _stay_parts(plant: Plant, own: dict[int, list[Stay]]) -> Iterable[Part]:
    for lot, found in own.items():
        for stay in found:
            kind = BELT if stay.place in plant.conveyors else PLACE
            yield Part(lot, kind, stay.place, stay.slot, stay.t0_s, stay.t1_s)


def _gap_parts(run: Run, life: dict[int, Life], own: dict[int, list[Stay]]) -> Iterable[Part]:
    """Yield where lots are between places: as seen, and for the rest as it must have been."""
    seen = visits(run, life)
    known: list[tuple[int, Gap, Where]] = []
    open_: list[tuple[Gap, int]] = []
    for lot, one in life.items():
        for gap in gaps(one, own.get(lot, [])):
            visit = best(seen.get(lot, ()), gap)
            if visit is None:
                open_.append((gap, lot))
            else:
                known.append((lot, gap, (visit.kind, visit.where)))
    guess = Guess(run, [(gap, where) for _, gap, where in known])
    for gap, lot in sorted(open_, key=lambda found: found[0].t0_s):
        guessed = guess.where(gap, life[lot].origin)
        if guessed is not None:
            known.append((lot, gap, guessed))
    for lot, gap, (kind, where) in known:
        yield Part(lot, kind, where, -1, gap.t0_s, gap.t1_s)


def _belt_ways(plant: Plant, parts: list[Part], life: dict[int, Life]) -> dict[Part, list[Stretch]]:
    by_belt: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        if part.kind == BELT:
            by_belt[part.where].append(part)
    ways: dict[Part, list[Stretch]] = {}
    for name, own in by_belt.items():
        own.sort(key=lambda part: (part.t0_s, part.t1_s, part.lot))
        n_waiting = sum(p.t0_s <= 0 and life.get(p.lot, _BIRTH).origin == name for p in own)
        routes = travel(
            Belt(plant.conveyors[name]),
            [part.t0_s for part in own],
            [part.t1_s for part in own],
            n_waiting=n_waiting,
        )
        ways |= zip(own, routes, strict=True)
    return ways


def _on_belt(part: Part, item: str, stretch: Stretch) -> Spell:
    (x0, y0, _), (x1, y1, _) = stretch.p0_m, stretch.p1_m
    moves = abs(x1 - x0) + abs(y1 - y0) > 1e-9
    heading_deg = float(np.degrees(np.arctan2(y1 - y0, x1 - x0))) if moves else 0.0
    return Spell(
        part.lot, item, BELT, part.where, stretch.t0_s, stretch.t1_s, stretch.p0_m, stretch.p1_m,
        heading_deg,
    )  # fmt: skip
