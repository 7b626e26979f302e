"""The revised NIOSH lifting equation against its manual.

T. R. Waters, V. Putz-Anderson, A. Garg: Applications Manual for the Revised NIOSH Lifting Equation,
DHHS (NIOSH) 94-110, revised 9/2021, doi 10.26616/NIOSHPUB94110revised092021.

RWL = 23 kg * HM * VM * DM * AM * FM * CM;  LI = load / RWL;
CLI = STLI_1 + sum FILI_k (1 / FM(F_1 + ... + F_k) - 1 / FM(F_1 + ... + F_k-1)).

Examples of the manual are in inches and pounds. With 1 inch = 2.5 cm and 51 lb = 23 kg, the pairs
of its two sets of constants, both sets give the same multipliers exactly. The worksheets multiply
multipliers rounded to two decimals, so limits differ by up to 0.2 lb and indices by up to 0.05.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from twin.kpi.niosh import (
    Duration,
    Limit,
    Task,
    asymmetric,
    composite,
    coupled,
    frequent,
    horizontal,
    task,
    travel,
    vertical,
    weight_limit,
)
from twin.plant.lifting import Hands, Lift

INCH_M = 0.025
POUND_KG = 23 / 51
DURATIONS: tuple[Duration, ...] = ("short", "moderate", "long")


def lift(load_kg: float = 10.0, **changed: object) -> Lift:
    base = {
        "load_kg": load_kg,
        "per": "unit",
        "origin": Hands(h_m=0.25, v_m=0.75),
        "destination": Hands(h_m=0.25, v_m=1.0),
        "coupling": "good",
    }
    return Lift.model_validate(base | changed)


def inches(h: float, v: float, a: float = 0.0) -> Hands:
    return Hands(h_m=h * INCH_M, v_m=v * INCH_M, asymmetry_deg=a)


def test_package_inspection_of_the_manual() -> None:
    """Example 4 (p. 44-46, figure 14): RWL 34.9 lb at the origin, 15.2 lb at the destination."""
    made = lift(
        26 * POUND_KG, origin=inches(10, 22), destination=inches(20, 59), coupling="fair",
        significant_control=True,
    )  # fmt: skip
    found = weight_limit(made, 3.0, "short")
    assert found.end == "destination"
    assert found.rwl_kg / POUND_KG == pytest.approx(15.2, abs=0.2)
    assert [round(x, 2) for x in (found.hm, found.vm, found.dm, found.am, found.fm, found.cm)] == [
        0.5, 0.78, 0.87, 1.0, 0.88, 1.0,
    ]  # fmt: skip
    free = made.model_copy(update={"significant_control": False})
    origin = weight_limit(free, 3.0, "short")
    assert origin.end == "origin"
    assert origin.rwl_kg / POUND_KG == pytest.approx(34.9, abs=0.2)
    assert task(made, 3.0, "short").stli == pytest.approx(1.7, abs=0.05)
    assert task(free, 3.0, "short").stli == pytest.approx(0.7, abs=0.05)


def test_the_same_example_in_metric_units() -> None:
    """12 kg from 55 to 150 cm: 23 x 1 x .94 x .87 x 1 x .88 x .95 = 15.7 kg, LI 0.76."""
    made = lift(
        12.0, origin=Hands(h_m=0.25, v_m=0.55), destination=Hands(h_m=0.5, v_m=1.5), coupling="fair"
    )
    assert weight_limit(made, 3.0, "short").rwl_kg == pytest.approx(15.7, abs=0.1)
    assert task(made, 3.0, "short").stli == pytest.approx(0.76, abs=0.01)


def test_three_tasks_together() -> None:
    """FILI 1.5, 1.0, 0.67 at 1, 2 and 4 lifts a minute, one hour, hands above 75 cm.

    By the formula of p. 28 with table 5: STLI_1 = 1.5 / .94, then FM of 3 and of 7 lifts a minute:
    CLI = 1.596 + 1.0 (1/.88 - 1/.94) + 0.667 (1/.70 - 1/.88) = 1.863.
    """
    tasks = [
        Task(load, _limit(firwl, fm), f, 1.0)
        for load, firwl, f, fm in ((30, 20, 1, 0.94), (20, 20, 2, 0.91), (10, 15, 4, 0.84))
    ]
    by_hand = 1.5 / 0.94 + (1 / 0.88 - 1 / 0.94) + (10 / 15) * (1 / 0.70 - 1 / 0.88)
    assert composite(tasks, "short") == pytest.approx(by_hand, rel=1e-12)
    assert by_hand == pytest.approx(1.863, abs=0.001)
    assert composite(tasks[::-1], "short") == composite(tasks, "short")


def _limit(firwl_kg: float, fm: float) -> Limit:
    ideal = weight_limit(lift(), 0.2, "short")
    return replace(ideal, firwl_kg=firwl_kg, fm=fm, rwl_kg=firwl_kg * fm)


def test_tasks_of_equal_index_take_the_more_frequent_first() -> None:
    """P. 57. By hand: 2 / .75 at 6 a minute first, then 2 / .97 x (1/FM(6.5) - 1/FM(6))."""
    often = Task(1.5, _limit(1.0, 0.75), 6.0, 1.0)
    seldom = Task(1.94, _limit(1.0, 0.97), 0.5, 1.0)
    assert often.stli == pytest.approx(seldom.stli)
    by_hand = 1.5 / 0.75 + 1.94 * (1 / 0.725 - 1 / 0.75)
    assert composite([seldom, often], "short") == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("h_cm", "hm"),
    [(20, 1.0), (25, 1.0), (28, 0.89), (30, 0.83), (40, 0.63), (50, 0.5), (60, 0.42), (63, 0.40)],
)
def test_horizontal_table(h_cm: float, hm: float) -> None:
    assert horizontal(h_cm / 100) == pytest.approx(hm, abs=0.0051)


@pytest.mark.parametrize(
    ("v_cm", "vm"),
    [(0, 0.775), (10, 0.805), (50, 0.925), (75, 1.0), (100, 0.925), (150, 0.775), (175, 0.70)],
)
def test_vertical_table(v_cm: float, vm: float) -> None:
    assert vertical(v_cm / 100) == pytest.approx(vm, abs=1e-12)


@pytest.mark.parametrize(
    ("d_cm", "dm"), [(0, 1.0), (25, 1.0), (40, 0.9325), (100, 0.865), (130, 0.8546), (175, 0.8457)]
)
def test_travel_table(d_cm: float, dm: float) -> None:
    """The formula governs: the printed table has .86 at 130 cm, the formula .8546."""
    assert travel(d_cm / 100) == pytest.approx(dm, abs=1e-4)


@pytest.mark.parametrize(("a_deg", "am"), [(0, 1.0), (45, 0.856), (90, 0.712), (135, 0.568)])
def test_asymmetry_table(a_deg: float, am: float) -> None:
    assert asymmetric(a_deg) == pytest.approx(am, abs=1e-12)


def test_beyond_the_limits_nothing_is_permitted() -> None:
    assert horizontal(0.6301) == vertical(1.7501) == travel(1.7501) == asymmetric(135.1) == 0.0
    far = lift(origin=Hands(h_m=0.7, v_m=0.75))
    found = task(far, 0.2, "short")
    assert found.limit.rwl_kg == 0.0
    assert found.stli is None
    assert found.fili is None
    assert composite([found], "short") is None


def test_coupling_table() -> None:
    made = {(c, v): coupled(c, v) for c, v in product(("good", "fair", "poor"), (0.749, 0.75))}
    assert [*made.values()] == [1.0, 1.0, 0.95, 1.0, 0.90, 0.90]


TABLE_5 = """
0.2 1.00 1.00 .95 .95 .85 .85
0.5 .97 .97 .92 .92 .81 .81
1 .94 .94 .88 .88 .75 .75
2 .91 .91 .84 .84 .65 .65
3 .88 .88 .79 .79 .55 .55
4 .84 .84 .72 .72 .45 .45
5 .80 .80 .60 .60 .35 .35
6 .75 .75 .50 .50 .27 .27
7 .70 .70 .42 .42 .22 .22
8 .60 .60 .35 .35 .18 .18
9 .52 .52 .30 .30 0 .15
10 .45 .45 .26 .26 0 .13
11 .41 .41 0 .23 0 0
12 .37 .37 0 .21 0 0
13 0 .34 0 0 0 0
14 0 .31 0 0 0 0
15 0 .28 0 0 0 0
"""
COLUMNS = [(d, v) for d in DURATIONS for v in (0.5, 0.75)]


@pytest.mark.parametrize("row", TABLE_5.split("\n")[1:-1])
def test_frequency_table(row: str) -> None:
    f, *wanted = (float(text) for text in row.split())
    assert [frequent(f, d, v) for d, v in COLUMNS] == wanted


@pytest.mark.parametrize(("duration", "v_m"), COLUMNS)
def test_frequency_beyond_the_table(duration: Duration, v_m: float) -> None:
    assert frequent(0.0, duration, v_m) == frequent(0.2, duration, v_m)
    assert frequent(15.01, duration, v_m) == 0.0
    assert frequent(100.0, duration, v_m) == 0.0


def test_frequency_between_rows_is_linear() -> None:
    """Example 7 (p. 56, 57) interpolates between 2 and 3 lifts a minute for 2.4."""
    assert frequent(2.4, "short", 0.5) == pytest.approx(0.91 + 0.4 * (0.88 - 0.91))
    assert frequent(0.35, "long", 1.0) == pytest.approx(0.83)
    assert frequent(8.0, "long", 0.5) == 0.18
    assert frequent(8.0 + 1e-12, "long", 0.5) == 0.18, "8 but for rounding"
    assert frequent(8.01, "long", 0.5) == 0.0, "above the most frequent lifting permitted"


F = st.floats(0.0, 14.0)
LOADS = st.floats(0.1, 60.0)
HANDS = st.builds(
    Hands,
    h_m=st.floats(0.05, 0.7),
    v_m=st.floats(0.0, 1.9),
    asymmetry_deg=st.floats(0.0, 150.0),
)
LIFTS = st.builds(
    lift,
    LOADS,
    origin=HANDS,
    destination=HANDS,
    coupling=st.sampled_from(("good", "fair", "poor")),
    significant_control=st.booleans(),
)
WHEN = st.sampled_from(DURATIONS)


@settings(derandomize=True, deadline=None)
@given(LIFTS, F, WHEN)
def test_no_limit_is_above_23_kg_or_below_0(made: Lift, f: float, duration: Duration) -> None:
    found = weight_limit(made, f, duration)
    assert 0.0 <= found.rwl_kg <= found.firwl_kg <= 23.0
    worse = weight_limit(made.model_copy(update={"significant_control": True}), f, duration)
    assert worse.rwl_kg <= found.rwl_kg


@settings(derandomize=True, deadline=None)
@given(LIFTS, F, WHEN, st.floats(1.01, 3.0))
def test_index_grows_with_the_load(made: Lift, f: float, duration: Duration, more: float) -> None:
    found = task(made, f, duration).stli
    heavier = made.model_copy(update={"load_kg": made.load_kg * more})
    then = task(heavier, f, duration).stli
    assert (found is None) == (then is None)
    assert found is None or then == pytest.approx(found * more)


@settings(derandomize=True, deadline=None)
@given(st.floats(0.0, 1.9), st.lists(F, min_size=2, max_size=6), WHEN)
def test_more_often_or_longer_is_never_easier(
    v_m: float, rates: list[float], duration: Duration
) -> None:
    for less, more in pairwise(sorted(rates)):
        assert frequent(more, duration, v_m) <= frequent(less, duration, v_m)
    for shorter, longer in pairwise(DURATIONS):
        assert frequent(rates[0], longer, v_m) <= frequent(rates[0], shorter, v_m)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.lists(st.tuples(LIFTS, st.floats(0.0, 3.0)), min_size=1, max_size=4), WHEN, st.randoms())
def test_composite_is_at_least_the_worst_task(jobs, duration, chance) -> None:  # type: ignore[no-untyped-def]
    tasks = [task(made, f, duration) for made, f in jobs]
    found = composite(tasks, duration)
    if any(one.stli is None for one in tasks):
        assert found is None
    assume(found is not None)
    assert found >= max(one.stli for one in tasks) - 1e-12
    if len({(one.stli, one.f_per_min) for one in tasks}) == len(tasks):
        chance.shuffle(tasks)
        assert composite(tasks, duration) == pytest.approx(found, rel=1e-12)
    one_more = composite([*tasks, task(lift(0.1), 0.5, duration)], duration)
    assert one_more is None or one_more >= found - 1e-12
