"""OEE by hand: exact ratios, and losses that add up to the calendar time."""

from __future__ import annotations

from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import CelltwinError
from twin.kpi.oee import Oee, StationTime, oee
from twin.kpi.policy import POLICIES, policy_named
from twin.kpi.state_map import PLANNED_LOSSES, UNPLANNED_LOSSES

SECONDS = st.floats(0, 1e6)


def closes(result: Oee) -> bool:
    inside = sum(result.losses[k] or 0.0 for k in PLANNED_LOSSES)
    outside = sum(result.losses[k] or 0.0 for k in UNPLANNED_LOSSES)
    productive = result.fully_productive_s or 0.0
    return inside + productive == pytest.approx(
        result.planned_s, abs=1e-9 * max(1.0, result.calendar_s)
    ) and inside + productive + outside == pytest.approx(result.calendar_s, rel=1e-9, abs=1e-9)


def worked(**changes: object) -> StationTime:
    """100 s: 60 working, 10 repair, 5 minor stops, 15 starved, 10 off shift; 5 of 5.5 cycles."""
    base: dict[str, object] = {
        "calendar_s": 100.0,
        "working_s": 60.0,
        "losses_s": {
            "breakdowns": 10.0,
            "minor_stops": 5.0,
            "starved": 15.0,
            "off_shift": 10.0,
        },
        "ideal_s": 52.0,
        "good_share": 0.75,
    }
    return StationTime(**(base | changes))  # type: ignore[arg-type]


def test_parts_by_hand() -> None:
    result = oee(worked())
    assert result.planned_s == 90.0
    assert result.availability == pytest.approx(65 / 90, abs=1e-12)
    assert result.performance == pytest.approx(52 / 65, abs=1e-12)
    assert result.quality == 0.75
    assert result.oee == pytest.approx(39 / 90, abs=1e-12)
    assert result.technical_oee == pytest.approx(39 / 75, abs=1e-12)
    assert result.fully_productive_s == 39.0
    assert result.losses["speed"] == 8.0
    assert result.losses["scrap"] == 13.0
    assert result.losses["unrecorded"] == 0.0
    assert result.why == {}
    assert closes(result)


def test_oee_is_the_product_of_its_parts_in_both_policies() -> None:
    result = oee(worked())
    parts = (result.availability, result.performance, result.quality)
    assert None not in parts
    product = 1.0
    for part in parts:
        product *= part or 0.0
    assert product == pytest.approx(result.oee, rel=1e-12)
    iso = 1.0
    for part in result.iso22400.values():
        iso *= part or 0.0
    assert iso == pytest.approx(result.oee, rel=1e-12)
    assert result.iso22400["availability"] == pytest.approx(60 / 90)


def by_policy(name: str) -> Oee:
    """The 100 s above, with 4 s of the time off shift spent on planned maintenance."""
    losses = {
        "breakdowns": 10.0, "minor_stops": 5.0, "starved": 15.0, "off_shift": 6.0,
        "maintenance": 4.0,
    }  # fmt: skip
    return oee(worked(losses_s=losses), POLICIES[name])


@pytest.mark.parametrize(
    ("name", "planned_s", "availability", "performance"),
    [
        ("tpm", 90.0, 65 / 90, 52 / 65),  # minor stops are running time
        ("iso22400", 90.0, 60 / 90, 52 / 60),  # APT / PBT and PRI PQ / APT
        ("smrp", 94.0, 65 / 94, 52 / 65),  # planned maintenance is scheduled downtime
    ],
)
def test_policies_by_hand(
    name: str, planned_s: float, availability: float, performance: float
) -> None:
    result = by_policy(name)
    assert result.policy == name
    assert result.planned_s == pytest.approx(planned_s, abs=1e-12)
    assert result.availability == pytest.approx(availability, abs=1e-12)
    assert result.performance == pytest.approx(performance, abs=1e-12)
    assert result.quality == 0.75
    assert result.oee == pytest.approx(39 / planned_s, abs=1e-12)
    assert result.oee == pytest.approx(availability * performance * 0.75, abs=1e-12)
    assert result.iso22400["availability"] == pytest.approx(60 / 90)


@pytest.mark.parametrize("name", [*POLICIES])
@pytest.mark.parametrize("ideal_s", [52.0, 70.0])
def test_losses_close_to_planned_time_in_every_policy(name: str, ideal_s: float) -> None:
    result = oee(worked(ideal_s=ideal_s), POLICIES[name])
    inside = sum(
        result.losses[k] or 0.0 for k, where in result.counts.items() if "outside" not in where
    )
    assert inside + (result.fully_productive_s or 0.0) == pytest.approx(result.planned_s, abs=1e-9)
    assert set(result.counts) == {*PLANNED_LOSSES, *UNPLANNED_LOSSES}
    assert (result.losses["speed"] or 0.0) == 60.0 - ideal_s  # negative, never cut to zero


def test_every_policy_counts_every_loss_once() -> None:
    for policy in POLICIES.values():
        counted = [*policy.outside, *policy.availability, *policy.performance, "scrap"]
        assert sorted(counted) == sorted((*PLANNED_LOSSES, *UNPLANNED_LOSSES)), policy.name


def test_an_unknown_policy_names_the_nearest() -> None:
    with pytest.raises(CelltwinError, match=r"'iso2240' is no OEE policy \(nearest: 'iso22400'\)"):
        policy_named("iso2240")


def test_performance_above_one_is_not_hidden() -> None:
    result = oee(worked(ideal_s=70.0))
    assert result.performance is not None
    assert result.performance > 1.0
    assert result.losses["speed"] == -10.0
    assert closes(result)


def test_unknown_ideal_gives_null_with_a_reason() -> None:
    result = oee(worked(ideal_s=None))
    assert result.performance is None
    assert result.oee is None
    assert result.losses["speed"] is None
    assert "ideal cycle time is unknown" in result.why["performance"]
    assert "ideal cycle time is unknown" in result.why["oee"]
    assert result.availability == pytest.approx(65 / 90)


def test_no_finished_unit_gives_null_quality_and_still_closes() -> None:
    result = oee(worked(good_share=None))
    assert result.quality is None
    assert result.oee is None
    assert "no unit was finished" in result.why["quality"]
    assert result.losses["scrap"] == 0.0
    assert closes(result)


def test_an_empty_window_has_no_ratios() -> None:
    result = oee(StationTime(0.0, 0.0, {}, 0.0, None))
    assert (result.availability, result.performance, result.oee) == (None, None, None)
    assert "no planned time" in result.why["availability"]


def test_a_station_that_never_ran_has_no_performance() -> None:
    result = oee(StationTime(50.0, 0.0, {"starved": 50.0}, 0.0, None))
    assert result.availability == 0.0
    assert result.performance is None
    assert result.why["performance"] == "it did not run in the window"


def test_missing_states_are_unrecorded_not_productive() -> None:
    result = oee(worked(calendar_s=120.0))
    assert result.losses["unrecorded"] == pytest.approx(20.0)
    assert result.planned_s == pytest.approx(90.0)
    assert closes(result)


@settings(max_examples=60, deadline=None)
@given(
    losses=st.dictionaries(
        st.sampled_from([k for k in PLANNED_LOSSES if k not in {"speed", "scrap"}]), SECONDS
    ),
    off=SECONDS,
    working=SECONDS,
    ideal=SECONDS,
    good=st.none() | st.floats(0, 1),
)
def test_losses_always_close(
    losses: dict[str, float], off: float, working: float, ideal: float, good: float | None
) -> None:
    total = sum(losses.values()) + off + working
    time = StationTime(total, working, losses | {"off_shift": off}, ideal, good)
    assert closes(oee(time))


def test_hundred_second_station(build: ModuleType, tmp_path: object) -> None:
    """A run written by hand: 100 s, ideal cycle 10 s, 6 finished (1 scrap), 1 open."""
    from twin.kpi import kpis

    made = build.scenario(
        [build.station("s", power={"working_kw": 36.0, "idle_kw": 3.6, "down_kw": 1.8})]
    )
    run = build.write_run(
        tmp_path / "r",  # type: ignore[operator]
        made,
        states=build.states(
            "s",
            ("working", 44.0),
            ("down/minor_stop", 4.0),
            ("working", 22.0),
            ("waiting_repair/breakdown", 2.0),
            ("down/breakdown", 8.0),
            ("starved", 7.0),
            ("blocked", 3.0),
            ("setup", 5.0),
            ("working", 5.0),
        ),
        cycles=[
            build.cycle("s", 0, 11),
            build.cycle("s", 11, 11),
            build.cycle("s", 22, 11),
            build.cycle("s", 33, 11, result="scrap"),
            build.cycle("s", 48, 11),
            build.cycle("s", 59, 11),
        ],
    )
    station = kpis(run).stations["s"]
    result = station.oee
    assert result.calendar_s == result.planned_s == 100.0
    assert result.losses == pytest.approx(
        {
            "breakdowns": 8.0,
            "waiting_repair": 2.0,
            "protective_stops": 0.0,
            "setup": 5.0,
            "starved": 7.0,
            "blocked": 3.0,
            "waiting_transport": 0.0,
            "waiting_worker": 0.0,
            "waiting_robot": 0.0,
            "minor_stops": 4.0,
            "speed": 71.0 / 11,  # every second of work, the open cycle included, at 10 of 11
            "scrap": 710.0 / 11 / 6,
            "maintenance_in_plan": 0.0,
            "maintenance": 0.0,
            "off_shift": 0.0,
            "unrecorded": 0.0,
        },
        abs=1e-9,
    )
    assert result.availability == pytest.approx(0.75, abs=1e-12)
    assert result.performance == pytest.approx(710 / 11 / 75, abs=1e-12)
    assert result.quality == pytest.approx(5 / 6, abs=1e-12)
    assert result.oee == pytest.approx(710 / 11 / 100 * 5 / 6, abs=1e-12)
    assert closes(result)
    assert station.throughput_per_h == pytest.approx(5 * 36)
    assert (station.processed, station.good, station.scrapped) == (6, 5, 1)
    assert station.mean_cycle_s == pytest.approx(11.0)
    assert station.ideal_cycle_s == 10.0
    assert station.utilisation == pytest.approx(0.71)
    assert station.failures == 1
    assert station.mttr_h == pytest.approx(8 / 3600)
    assert station.mtbf_h == pytest.approx(71 / 3600)
    # 36 kW x 71 s + 3.6 kW x (4 + 7 + 3 + 5) s + 1.8 kW x 10 s
    assert station.energy_kwh == pytest.approx((36 * 71 + 3.6 * 19 + 1.8 * 10) / 3600)
    assert station.energy_kwh_per_good_unit == pytest.approx(station.energy_kwh / 5)
    assert station.state_shares["working"] == pytest.approx(0.71)
    assert station.state_shares["down"] == pytest.approx(0.12)
    assert sum(station.state_shares.values()) == pytest.approx(1.0)
