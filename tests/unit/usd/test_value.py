from __future__ import annotations

import numpy as np
import pytest
from pxr import Usd

from twin.kpi import kpis
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
