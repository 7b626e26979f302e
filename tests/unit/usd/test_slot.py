from __future__ import annotations

import numpy as np

from twin.motion.lot_track import Spell
from twin.usd.slot import Pool, stays_of
from twin.usd.span import Span


def spell(lot: int, t0_s: float, t1_s: float, x_m: float = 0.0, to_m: float | None = None) -> Spell:
    end = x_m if to_m is None else to_m
    return Spell(lot, "part", "belt", "c", t0_s, t1_s, (x_m, 0.0, 0.0), (end, 0.0, 0.0))


def pool_of(spells: list[Spell], gap_s: float = 0.0) -> Pool:
    pool = Pool()
    for stay in stays_of(spells):
        pool.add("part", stay, gap_s)
    return pool


def test_spells_of_one_lot_without_a_break_are_one_stay() -> None:
    stays = stays_of([spell(1, 0, 5), spell(1, 5, 9), spell(1, 20, 25), spell(2, 3, 4)])
    assert [(s.spells[0].lot, s.t0_s, s.t1_s) for s in stays] == [(1, 0, 9), (2, 3, 4), (1, 20, 25)]


def test_slot_is_used_again_when_it_is_free() -> None:
    pool = pool_of([spell(1, 0, 5), spell(2, 3, 8), spell(3, 5, 9)])
    assert [[stay.spells[0].lot for stay in stays] for stays in pool.stays] == [[1, 3], [2]]


def test_moving_slot_waits_before_it_is_used_again() -> None:
    assert len(pool_of([spell(1, 0, 5), spell(2, 5, 9)], gap_s=0.001).keys) == 2
    assert len(pool_of([spell(1, 0, 5), spell(2, 5.01, 9)], gap_s=0.001).keys) == 1


def test_events_say_which_lot_is_in_which_slot() -> None:
    times, lots = pool_of([spell(1, 0, 5), spell(2, 3, 8), spell(3, 5, 9)]).events(Span(0, 10))
    assert times.tolist() == [0, 3, 5, 8, 9]
    assert [own.tolist() for own in lots] == [[1, -1], [1, 2], [3, 2], [3, -1], [-1, -1]]


def test_events_of_a_window_begin_with_what_is_there() -> None:
    times, lots = pool_of([spell(1, 0, 5), spell(2, 3, 8)]).events(Span(4, 6))
    assert times.tolist() == [4, 5]
    assert [own.tolist() for own in lots] == [[1, 2], [-1, 2]]


def test_path_of_a_slot_joins_its_spells() -> None:
    times, points = pool_of([spell(1, 0, 5, 0, 2), spell(1, 5, 6, 2), spell(2, 7, 9, 0, 3)]).path(0)
    assert times.tolist() == [0, 5, 5, 6, 7, 9]
    assert np.array(points)[:, 0].tolist() == [0, 2, 2, 2, 0, 3]
