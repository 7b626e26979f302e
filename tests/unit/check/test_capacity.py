"""Capacity of each kind of station against the formula worked by hand."""

from collections.abc import Callable

import pytest

from twin.check.capacity import Capacity, availability, station_capacities, station_per_h
from twin.check.check import check_plant
from twin.check.report import report_table
from twin.motion.plan import plan_program
from twin.plant.item import Item
from twin.plant.load import LoadedPlant, robot_model
from twin.plant.station import Station

Edited = Callable[..., LoadedPlant]
BASE = {"id": "s", "position_m": (0, 0, 0), "size_m": (1, 1, 1)}


@pytest.fixture
def per_h(starter: LoadedPlant) -> Callable[..., float]:
    def capacity(lot: int = 1, **fields: object) -> float:
        station = Station.model_validate({**BASE, **fields})
        return station_per_h(starter.plant, station, Item(id="i", units_per_lot=lot))

    return capacity


def test_discrete_station_counts_machines_availability_and_performance(
    per_h: Callable[..., float],
) -> None:
    breakdown = {"mtbf_h": 9, "mttr_h": 1}
    got = per_h(
        kind="discrete", machines=2, cycle={"mean_s": 10}, performance=0.8, breakdown=breakdown
    )
    assert got == pytest.approx(2 * 3600 / 10 * 0.8 * 0.9)


def test_discrete_station_works_on_several_units_at_once(per_h: Callable[..., float]) -> None:
    assert per_h(24, kind="discrete", units_per_cycle=24, cycle={"mean_s": 72}) == pytest.approx(
        1200
    )


def test_attendance_is_spread_over_the_lot(per_h: Callable[..., float]) -> None:
    attend = {"pool": "p", "work": {"mean_s": 30}}
    assert per_h(6, kind="discrete", cycle={"mean_s": 5}, attend=attend) == pytest.approx(360)


def test_web_loses_the_roll_change(per_h: Callable[..., float]) -> None:
    attend = {"pool": "p", "work": {"mean_s": 40}, "each": "batch"}
    web = {"kind": "web", "cycle": {"mean_s": 0.2}, "units_per_m": 10, "setup_s": 60}
    assert per_h(100, **web, attend=attend) == pytest.approx(1000 / 300 * 3600)
    assert per_h(100, **web) == pytest.approx(1000 / 260 * 3600)


def test_batch_station_fills_every_chamber(per_h: Callable[..., float]) -> None:
    batch = {"kind": "batch", "machines": 3, "batch_lots": 10, "cycle": {"mean_s": 7200}}
    assert per_h(24, **batch) == pytest.approx(3 * 240 / 2)
    attend = {"pool": "p", "work": {"mean_s": 360}, "each": "lot"}
    assert per_h(24, **batch, attend=attend) == pytest.approx(3 * 240 / 3)


def test_store_counts_its_slots(per_h: Callable[..., float]) -> None:
    rack = {"columns": 4, "levels": 5, "deep": 2}
    got = per_h(24, kind="store", machines=2, rack=rack, cycle={"mean_s": 86400})
    assert got == pytest.approx(2 * 40 * 24 / 24)


def test_assembly_counts_products(per_h: Callable[..., float]) -> None:
    assert per_h(600, kind="assembly", machines=3, cycle={"mean_s": 42.4}) == pytest.approx(
        3 * 3600 / 42.4
    )


def test_robot_station_takes_the_time_of_its_program(starter: LoadedPlant) -> None:
    plant = starter.plant
    robot = plant.robots["robot"]
    cycle_s = plan_program(robot, robot_model(plant, robot.model)).cycle_s
    got = station_per_h(plant, plant.stations["hand_over"], plant.item_by_id["welded_stack"])
    assert got == pytest.approx(3600 / cycle_s)


def test_machine_without_breakdown_is_always_available() -> None:
    assert availability(Station.model_validate({**BASE, "kind": "discrete"})) == 1


def test_rolls_in_metres_are_counted_as_rolls(pilot: LoadedPlant) -> None:
    rows = {row.id: row for row in station_capacities(pilot.plant)[0]}
    assert rows["vac_dry_cathode"].unit == "coil"
    assert rows["notch_cathode"].unit == "sheet"
    assert rows["stack"].unit == "piece"


def test_capacity_below_nameplate_is_named(edited: Edited, line_of: Callable[[str], int]) -> None:
    loaded = edited(
        "starter", ("cycle: {mean_s: 9.0, cv: 0.05}", "cycle: {mean_s: 18.0, cv: 0.05}")
    )
    (problem,) = check_plant(loaded).problems
    assert problem.where.endswith(f"starter.yaml:{line_of('- id: weld')}")
    assert "station 'weld' can do 197.4 piece/h, the nameplate needs 291.5" in problem.what
    assert "(148% of its capacity)" in problem.what
    assert problem.remedy


def test_source_fleet_and_crane_below_nameplate_are_named(edited: Edited) -> None:
    def said(*change: tuple[str, str]) -> str:
        return "\n".join(map(str, check_plant(edited("pilot", *change)).problems))

    assert "source 'cathode_supply' can do 1.2 coil/h" in said(("mean_s: 2195", "mean_s: 3000"))
    assert "fleet 'amr' can do" in said(("    load_s: 30", "    load_s: 300"))
    assert "crane 'stacker_crane' can do" in said(("fork_s: 6.0", "fork_s: 60"))


def test_plant_without_nameplate_has_capacity_but_no_utilisation(edited: Edited) -> None:
    old = "nameplate:\n  gwh_per_year: 0.6\n  operating_h_per_year: 8400      # 350 days of 24 h\n"
    old += "  expected_yield: 0.98            # good over started\n  source: assumption\n"
    report = check_plant(edited("starter", (old, "")))
    assert report.problems == ()
    assert report.nameplate_per_h is None
    assert report.bottleneck is not None
    assert report.bottleneck.id == "weld"
    assert report.utilisation(report.bottleneck) is None
    assert report.gwh_per_year(report.capacity_per_h) is None


SHIFTS = """calendars:
  - {id: five_days, shifts: [work_early, work_night]}
shifts:
  - {id: work_early, start: "06:00", hours: 8, days: [mon, tue, wed, thu, fri],
     breaks: [{start: "10:00", length: 30min}]}
  - {id: work_night, start: "22:00", hours: 8, days: [sun]}
"""


def worked(edited: Edited, calendar: str, maintenance: str = "") -> Capacity:
    """The welding of the starter plant with a calendar and maintenance."""
    weld = "            cycle: {mean_s: 9.0, cv: 0.05}\n"
    new = f"{weld}            calendar: {calendar}\n" if calendar else weld
    if maintenance:
        new += f"            maintenance: {{clean: {{{maintenance}}}}}\n"
    report = check_plant(edited("starter", (weld, new), ("shifts:\n", SHIFTS)))
    return next(step for step in report.steps if step.id == "weld")


def test_calendars_lower_the_capacity(edited: Edited, starter: LoadedPlant) -> None:
    """5 x 7.5 h and 8 h of 168 h, against 8400 operating hours a year."""
    usual = next(s for s in check_plant(starter).steps if s.id == "weld")
    assert (usual.worked_share, usual.maintenance_share) == (1.0, 0.0)
    step = worked(edited, "five_days")
    share = 45.5 / 168 * 8760 / 8400
    assert step.worked_share == pytest.approx(share)
    assert step.per_h == pytest.approx(usual.per_h * share)


@pytest.mark.parametrize(
    ("calendar", "maintenance", "lost"),
    [
        ("", "every_h: 10, work: {mean_s: 360}", 0.01),
        ("", 'at: "07:00", work: {mean_s: 3600}', 1 / 24),
        ("", 'at: "07:00", days: [mon], work: {mean_s: 3600}', 1 / 168),
        ("", "every_operating_h: 9, work: {mean_s: 3600}", 0.1),
        ("", "every_cycles: 100, work: {mean_s: 90}", 90 / 990),
        # from 06:00 on Mondays it is worked; on Saturdays it is not
        ("five_days", 'at: "09:30", days: [mon, sat], work: {mean_s: 3600}', 0.5 / 45.5),
        ("five_days", 'at: "05:30", days: [mon], work: {mean_s: 3600}', 1 / 45.5),
    ],
)
def test_planned_maintenance_lowers_the_capacity(
    calendar: str, maintenance: str, lost: float, edited: Edited
) -> None:
    assert worked(edited, calendar, maintenance).maintenance_share == pytest.approx(lost)


def test_the_table_says_how_much_is_worked_only_where_it_matters(
    edited: Edited, starter: LoadedPlant
) -> None:
    columns, rows = report_table(check_plant(starter))
    assert "worked" not in columns
    assert {len(row) for row in rows} == {len(columns)}
    weld = "cycle: {mean_s: 9.0, cv: 0.05}"
    upkeep = "maintenance: {clean: {every_h: 10, work: {mean_s: 360}}}"
    loaded = edited("starter", (weld, f"{weld}\n            {upkeep}"))
    columns, rows = report_table(check_plant(loaded))
    assert columns[4:6] == ["worked", "maintained"]
    assert {len(row) for row in rows} == {len(columns)}
