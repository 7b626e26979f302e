from __future__ import annotations

import numpy as np
import pytest
from pxr import Usd

from twin.kpi import kpis
from twin.motion.motion import Motion
from twin.palette import LAMP_OFF, NORMAL, STATE_PAINT, linear_rgb
from twin.run.run import Run
from twin.usd.path import Paths
from twin.usd.span import CODES_PER_S
from twin.usd.value import has_lamp

TIMES_S = np.random.default_rng(8).uniform(1, 899, 25).tolist()


def value(stage: Usd.Stage, path: str, name: str, t_s: float) -> object:
    return stage.GetPrimAtPath(path).GetAttribute(name).Get(t_s * CODES_PER_S)


def test_states_are_those_of_the_run(stage: Usd.Stage, run: Run, paths: Paths) -> None:
    for t_s in TIMES_S:
        for resource, (state, reason, _) in run.state_at(t_s).states.items():
            path = paths.things[resource]
            assert value(stage, path, "twin:kpi:state", t_s) == state, (resource, t_s)
            assert value(stage, path, "twin:kpi:reason", t_s) == reason, (resource, t_s)


def test_state_changes_at_its_very_moment(stage: Usd.Stage, run: Run, paths: Paths) -> None:
    rows = run.table("states", where="resource = 'stack_1' AND start_s > 0").head(20)
    for row in rows.itertuples():
        before = run.state_at(row.start_s - 1e-6).states["stack_1"][0]
        path = paths.things["stack_1"]
        assert value(stage, path, "twin:kpi:state", row.start_s) == row.state
        assert value(stage, path, "twin:kpi:state", row.start_s - 1e-6) == before


def test_levels_are_those_of_the_run(stage: Usd.Stage, run: Run, paths: Paths) -> None:
    for t_s in TIMES_S:
        for place, level in run.state_at(t_s).levels.items():
            assert value(stage, paths.things[place], "twin:kpi:level", t_s) == level, (place, t_s)


def test_lamp_is_coloured_only_while_abnormal(stage: Usd.Stage, run: Run, paths: Paths) -> None:
    seen = set()
    rows = run.table("states", where="kind IN ('machine', 'robot')")
    for row in rows.itertuples():
        if row.resource not in has_lamp(run.plant) or row.end_s - row.start_s < 1e-3:
            continue
        colour = NORMAL if row.state in LAMP_OFF else STATE_PAINT[row.state]
        for share in (0.0, 0.5, 0.999):
            t_s = row.start_s + share * (row.end_s - row.start_s)
            lamp = f"{paths.things[row.resource]}/Lamp"
            (found,) = value(stage, lamp, "primvars:displayColor", t_s)  # type: ignore[misc]
            assert tuple(found) == pytest.approx(linear_rgb(colour), abs=1e-6), (row.resource, t_s)
        seen.add(colour)
    assert NORMAL in seen
    assert len(seen) > 1


def test_parts_out_counts_good_units_by_the_minute(
    stage: Usd.Stage, run: Run, paths: Paths
) -> None:
    for station in ("tab_weld", "stack", "notch_anode"):
        for minute in (1, 5, 14):
            query = "SELECT coalesce(sum(n), 0) AS n FROM cycles WHERE station = ? AND end_s <= ?"
            query += " AND result = 'ok'"
            exact = int(run.sql(query, [station, minute * 60.0])["n"][0])
            path = paths.things[station]
            assert value(stage, path, "twin:kpi:partsOut", minute * 60.0 + 1) == exact


def test_figures_are_the_kpis_of_the_run(stage: Usd.Stage, run: Run, paths: Paths) -> None:
    found = kpis(run).stations
    checked = 0
    for station, figures in found.items():
        attribute = stage.GetPrimAtPath(paths.things[station]).GetAttribute("twin:kpi:oee")
        if isinstance(figures.oee.oee, float):
            assert attribute.Get() == pytest.approx(figures.oee.oee, rel=1e-6)
            checked += 1
        else:
            assert not attribute.HasAuthoredValue()
    assert checked > 5


def test_a_line_has_the_oee_of_the_station_that_limits_it(stage: Usd.Stage, run: Run) -> None:
    found = kpis(run)
    line = found.lines["line_1"]
    prim = stage.GetPrimAtPath("/Plant/Lines/line_1")
    assert line.oee == found.stations[line.oee_station].oee.oee is not None
    assert prim.GetAttribute("twin:kpi:oee").Get() == pytest.approx(line.oee, rel=1e-6)
    rate = prim.GetAttribute("twin:kpi:throughputPerH").Get()
    assert rate == pytest.approx(line.throughput_per_h or 0.0, rel=1e-6)
    whole = stage.GetPrimAtPath("/Plant").GetAttribute("twin:kpi:throughputPerH").Get()
    assert whole == pytest.approx(found.throughput_per_h, rel=1e-6)


def test_cycle_time_is_the_mean_of_the_last_minute(
    stage: Usd.Stage, run: Run, paths: Paths
) -> None:
    query = (
        "SELECT sum(duration_s) / sum(n) AS mean_s FROM cycles"
        " WHERE station = ? AND end_s > ? AND end_s <= ?"
    )
    for station in ("stack", "notch_anode"):
        path = paths.things[station]
        for minute in (8, 14):
            exact = float(run.sql(query, [station, minute * 60 - 60, minute * 60])["mean_s"][0])
            for t_s in (minute * 60.0, minute * 60 + 30, minute * 60 + 59.999):
                found = value(stage, path, "twin:kpi:cycleTime", t_s)
                assert found == pytest.approx(exact, rel=1e-9), (station, t_s)


def test_robot_counts_its_cycles_and_takes_its_time(
    stage: Usd.Stage, run: Run, paths: Paths
) -> None:
    rows = run.table("substeps", where="robot = 'robot_pouch'")
    ends = rows.assign(end_s=rows["start_s"] + rows["actual_s"]).groupby("cycle")
    whole = ends.filter(lambda own: len(own) == rows["step"].nunique())
    took = whole.groupby("cycle").agg(end_s=("end_s", "max"), took_s=("actual_s", "sum"))
    path = paths.things["robot_pouch"]
    for minute in (12, 14):
        last = took[(took["end_s"] > minute * 60 - 60) & (took["end_s"] <= minute * 60)]
        found = value(stage, path, "twin:kpi:cycleTime", minute * 60 + 1)
        assert found == pytest.approx(last["took_s"].mean(), rel=1e-9)
        count = int((took["end_s"] <= minute * 60).sum())
        assert value(stage, path, "twin:kpi:partsOut", minute * 60 + 1) == count
    target = stage.GetPrimAtPath(path).GetAttribute("twin:kpi:targetCycleTime").Get()
    assert target == pytest.approx(Motion(run).plans["robot_pouch"].cycle_s, rel=1e-6)


def test_vehicle_counts_its_transports(stage: Usd.Stage, run: Run, paths: Paths) -> None:
    rows = run.table("moves", where="mover = 'amr_1' AND job >= 0")
    states = run.table("states", where="resource = 'amr_1' AND state = 'unloading'")
    states = states[states["end_s"] < run.horizon_s].sort_values("end_s")
    assert len(states) > 2
    path = paths.things["amr_1"]
    for k, put_down in enumerate(states.itertuples(), start=1):
        before = rows[rows["end_s"] <= put_down.start_s + 1e-6].sort_values("end_s")
        began = rows[rows["job"] == before["job"].iloc[-1]]["start_s"].min()
        assert value(stage, path, "twin:kpi:partsOut", put_down.end_s) == k
        assert value(stage, path, "twin:kpi:partsOut", put_down.end_s - 1e-3) == k - 1
        took = value(stage, path, "twin:kpi:cycleTime", put_down.end_s)
        assert took == pytest.approx(put_down.end_s - began, rel=1e-9)


def test_line_counts_finished_products_and_lots(stage: Usd.Stage, run: Run) -> None:
    query = (
        "SELECT coalesce(sum(n), 0) AS n FROM cycles"
        " WHERE station = 'grade_pack' AND result = 'ok' AND end_s <= ?"
    )
    for path in ("/Plant", "/Plant/Lines/line_1"):
        for minute in (5, 14):
            exact = int(run.sql(query, [minute * 60.0])["n"][0])
            assert value(stage, path, "twin:kpi:partsOut", minute * 60.0) == exact
            levels = run.state_at(minute * 60.0).levels
            assert value(stage, path, "twin:kpi:level", minute * 60.0) == sum(levels.values())


def test_alarm_is_shown_while_it_is_open(stage: Usd.Stage, run: Run, paths: Paths) -> None:
    rows = run.table("alarms")
    assert len(rows) > 0
    for alarm in rows.itertuples():
        path = paths.things[alarm.resource]
        assert value(stage, path, "twin:kpi:alarm", alarm.raised_s) != ""
        if alarm.raised_s > 0:
            others = rows[
                (rows["resource"] == alarm.resource) & (rows["raised_s"] < alarm.raised_s)
            ]
            if not len(others):
                assert value(stage, path, "twin:kpi:alarm", alarm.raised_s - 1e-3) == ""


def test_stations_with_lifts_have_score_and_validity(
    run: Run, stage: Usd.Stage, paths: Paths
) -> None:
    found = kpis(run).ergonomics
    assert found is not None
    seen = set()
    for station in run.plant.stations:
        prim = stage.GetPrimAtPath(paths.things[station])
        score = prim.GetAttribute("twin:kpi:ergonomicScore").Get()
        validity = prim.GetAttribute("twin:kpi:ergonomicValidity").Get()
        if station not in found.stations:
            assert score is validity is None
            continue
        index = found.stations[station].lifting_index
        assert score == (None if index is None else pytest.approx(index, rel=1e-6))
        assert validity == found.stations[station].validity
        seen.add((validity, score is None))
    assert {("outside", False), ("not_stated", False)} <= seen
