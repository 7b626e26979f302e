"""Lots: ranges behave like arrays of numbers."""

from __future__ import annotations

import numpy as np
import pytest

from sim.core.lot import Lot, Numbers


def test_fresh_lot_is_a_range_and_costs_no_array() -> None:
    lot = Numbers().new_lot("m", 2000)
    assert (lot.n, lot.unit, lot.single) == (2000, 1, False)
    np.testing.assert_array_equal(lot.numbers, np.arange(1, 2001))


def test_single_piece_has_no_list_of_units() -> None:
    lot = Numbers().new_lot("cell", 1)
    assert lot.single
    assert lot.units is None
    np.testing.assert_array_equal(lot.numbers, [1])


@pytest.mark.parametrize("as_array", [False, True])
def test_drop_and_shorten_take_from_the_ends(as_array: bool) -> None:
    units = np.arange(10, 20) if as_array else None
    lot = Lot(1, "m", 10, units, n=10)
    lot.drop(3)
    lot.shorten(4)
    assert (lot.n, lot.unit) == (4, 13)
    np.testing.assert_array_equal(lot.numbers, [13, 14, 15, 16])


def test_kept_units_may_have_gaps() -> None:
    lot = Lot(1, "cell", 1, n=5)
    lot.keep(np.array([2, 5]))
    assert (lot.n, lot.unit, lot.single) == (2, 2, False)
    np.testing.assert_array_equal(lot.units, [2, 5])
