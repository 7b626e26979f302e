"""Manual handling of whole runs: who lifted what, how it is judged, and what would ease it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import simulate
from tests.support.plants import buffer, scenario, source, station, tiny_plant
from twin.kpi import Window, kpis
from twin.kpi.ergonomics import HIGHEST_BAND, Ergonomics, band, ergonomics
from twin.kpi.lift_events import visits_of
from twin.kpi.lift_remedy import remedy
from twin.kpi.niosh import task
from twin.kpi.registry import definition
from twin.kpi.sources import read_sources
from twin.plant.lifting import Lift
from twin.run.run import Run

HOUR = 3600.0
BOX = {
    "load_kg": 10.0, "per": "visit", "coupling": "good", "origin": {"h_m": 0.25, "v_m": 0.75},
    "destination": {"h_m": 0.25, "v_m": 1.0},
}  # fmt: skip
AIR = {"temperature_c": 21, "humidity_pct": 45}


def box(**changed: Any) -> dict[str, Any]:
    return BOX | changed


def shop(
    folder: Path, horizon_s: float = 4 * HOUR, *, lifts: dict[str, Any] | None = None,
    workers: int = 1, home_m: tuple[float, float] = (0, -0.9), zone: dict[str, Any] | None = None,
    shift: dict[str, Any] | None = None, machines: int = 1, lot: int = 1, **attend: Any,
) -> Run:  # fmt: skip
    """One machine: 20 s of an operator's work, then 60 s a unit."""
    work = {"kind": "constant", "mean_s": 20.0}
    attended = {"pool": "ops", "work": work, **attend}
    around = {"id": "hall", "kind": "office", "corner_m": [-9, -9], "size_m": [18, 18]}
    plant = tiny_plant(
        [
            station(
                "m", take="b", put="out", cycle=60.0, machines=machines, attend=attended,
                lifts={"box": box()} if lifts is None else lifts,
            )
        ],
        buffers=[buffer("b", capacity=50)],
        sources=[source("src", "b", **({"units_per_lot": lot} if lot > 1 else {}))],
        shifts=[shift or {"id": "day", "start": "00:00", "hours": 24}],
        pools=[{"id": "ops", "kind": "operator", "home_m": home_m, "staff": {"day": workers},
                "walk_mps": 1.0}],
        zones=[around | (zone or {"climate": AIR})],
    )  # fmt: skip
    return simulate(scenario(plant, horizon_s), folder)


def judged(run: Run, window: Window | None = None) -> Ergonomics:
    found = ergonomics(read_sources(run, window))
    assert found is not None
    return found


@pytest.mark.parametrize("home_m", [(0, -0.9), (0, -5.9)])
@pytest.mark.parametrize("during", ["before", "after", "share", "whole_cycle"])
def test_every_lot_is_one_visit_of_the_one_who_came(
    during: str, home_m: tuple[float, float], tmp_path: Path
) -> None:
    more = {"share": 0.25} if during == "share" else {}
    run = shop(tmp_path / "r", 2000.0, home_m=home_m, during=during, **more)
    visits = visits_of(run, [run.plant.stations["m"]])["m"]
    lots = len(run.table("cycles"))
    assert lots > 15
    assert abs(len(visits) - lots) <= 1, "one may have begun, or be still unloaded"
    assert {visit.workers for visit in visits} == {("ops_1",)}
    assert np.all(np.diff([visit.time_s for visit in visits]) > 0)


def test_two_machines_are_told_apart_by_who_walked_where(tmp_path: Path) -> None:
    run = shop(tmp_path / "r", 2000.0, machines=2, workers=2, home_m=(0, -5.9))
    named = [v.workers for v in visits_of(run, [run.plant.stations["m"]])["m"]]
    assert {name for (name,) in named} == {"ops_1", "ops_2"}


def test_rates_and_index_of_a_station_by_hand(tmp_path: Path) -> None:
    """A visit every 80 s: 12 in the worst 15 minutes, two lifts each, four hours on end."""
    run = shop(tmp_path / "r", lifts={"box": box(times=2)})
    found = judged(run).stations["m"]
    one = found.tasks["box"]
    assert one.worst_lifts_per_min == pytest.approx(2 * 12 / 15)
    assert one.lifts_per_min == pytest.approx(2 * 60 / 80, rel=0.01)
    assert found.duration == "long"
    fm = 0.75 + 0.6 * (0.65 - 0.75)
    assert one.rwl_kg == pytest.approx(23 * fm)
    assert one.lifting_index == found.lifting_index == pytest.approx(10 / (23 * fm))
    assert one.fili == pytest.approx(10 / 23)
    assert (one.validity, one.band) == ("within", "1.0 or less: design goal")
    assert one.multipliers == pytest.approx(
        {"hm": 1.0, "vm": 1.0, "dm": 1.0, "am": 1.0, "fm": fm, "cm": 1.0}
    )
    assert found.pools == ("ops",)


def test_tasks_of_a_station_make_one_job(tmp_path: Path) -> None:
    """Twelve of each in 15 minutes: FM(0.8) = .774, FM(1.6) = .69."""
    run = shop(tmp_path / "r", lifts={"light": box(load_kg=5.0), "heavy": box()})
    found = judged(run).stations["m"]
    stli, fili = 10 / 23 / 0.774, 5 / 23
    assert found.lifting_index == pytest.approx(stli + fili * (1 / 0.69 - 1 / 0.774))
    assert [*found.tasks] == ["light", "heavy"]


def test_workers_of_one_visit_share_its_lifts(tmp_path: Path) -> None:
    found = judged(_pair(tmp_path / "r"))
    one = found.stations["m"].tasks["box"]
    assert one.worst_lifts_per_min == pytest.approx(12 / 15), "one of the two lifts of a visit"
    lifts = {name: who.lifts for name, who in found.workers.items()}
    assert lifts["ops_1"] == lifts["ops_2"] == pytest.approx(HOUR / 80, abs=1)


def _pair(folder: Path) -> Run:
    work = {"kind": "constant", "mean_s": 20.0}
    plant = tiny_plant(
        [station("m", take="b", put="out", cycle=60.0, lifts={"box": box(times=2)},
                 attend={"pool": "ops", "work": work, "workers": 2})],
        buffers=[buffer("b", capacity=50)],
        sources=[source("src", "b")],
        shifts=[{"id": "day", "start": "00:00", "hours": 24}],
        pools=[{"id": "ops", "kind": "operator", "home_m": [0, -0.9], "staff": {"day": 2},
                "walk_mps": 1.0}],
    )  # fmt: skip
    return simulate(scenario(plant, HOUR), folder)


def test_lots_and_units_are_counted_where_they_are_finished(tmp_path: Path) -> None:
    lifts = {"lot": box(per="lot", times=2), "unit": box(per="unit", times=0.5)}
    run = shop(tmp_path / "r", workers=2, lifts=lifts, lot=3)
    found = judged(run)
    units = int(run.sql("SELECT sum(n) AS n FROM cycles")["n"][0])
    lots = int(run.sql("SELECT count(DISTINCT lot) AS n FROM cycles")["n"][0])
    assert units > lots > 40
    tasks, minutes = found.stations["m"].tasks, run.horizon_s / 60
    assert tasks["lot"].lifts_per_min == pytest.approx(2 * lots / minutes)
    assert tasks["unit"].lifts_per_min == pytest.approx(0.5 * units / minutes)
    each = (2 * lots + 0.5 * units) / 2
    assert [who.lifts for who in found.workers.values()] == pytest.approx([each, each])


def test_who_is_not_staffed_lifts_nothing(tmp_path: Path) -> None:
    run = shop(tmp_path / "r", HOUR, workers=2)
    found = judged(run).workers
    assert found["ops_1"].lifts > 40
    idle = found["ops_2"]
    assert (idle.lifts, idle.lifting_index, idle.validity) == (0.0, None, None)
    assert idle.why == {"lifting_index": "nobody lifted it in the window"}


def test_a_dry_room_is_computed_but_never_judged(tmp_path: Path) -> None:
    run = shop(tmp_path / "r", HOUR, zone={"kind": "dry_room"}, lifts={"box": box(load_kg=60.0)})
    found = judged(run)
    for one in (found.stations["m"], found.stations["m"].tasks["box"], found.workers["ops_1"]):
        assert one.lifting_index is not None
        assert one.lifting_index > 3
        assert (one.validity, one.band) == ("outside", None)
        assert one.reasons == ("'hall' is a dry room",)
    assert found.workers["ops_1"].dry_room_s == pytest.approx(HOUR)


def test_what_the_method_refuses_has_no_index(tmp_path: Path) -> None:
    lifts = {"box": box(not_covered=["one_handed"]), "other": box()}
    found = judged(shop(tmp_path / "r", HOUR, lifts=lifts)).stations["m"]
    told = "the method does not apply: lifting with one hand"
    for one in (found, found.tasks["box"]):
        assert one.lifting_index is None
        assert one.why == {"lifting_index": told}
    assert found.tasks["other"].lifting_index is not None


def test_what_is_not_permitted_says_so(tmp_path: Path) -> None:
    lifts = {"box": box(origin={"h_m": 0.7, "v_m": 0.75})}
    found = judged(shop(tmp_path / "r", HOUR, lifts=lifts)).stations["m"]
    assert found.tasks["box"].rwl_kg == 0.0
    assert found.lifting_index is None
    assert found.why == {"lifting_index": "not permitted: its weight limit is 0"}


def test_a_short_window_has_no_rate(tmp_path: Path) -> None:
    found = judged(shop(tmp_path / "r", 600.0)).stations["m"]
    assert found.tasks["box"].worst_lifts_per_min is None
    assert found.why == {"lifting_index": "the window is shorter than 15 minutes"}


def test_a_shift_of_lifting_longer_than_eight_hours_is_refused(tmp_path: Path) -> None:
    shift = {"id": "day", "start": "00:00", "hours": 9}
    found = judged(shop(tmp_path / "r", 9 * HOUR, shift=shift)).stations["m"]
    assert found.duration is None
    assert "more than 8 hours" in found.why["lifting_index"]


def test_a_plant_without_lifts_has_no_ergonomics(tmp_path: Path) -> None:
    run = shop(tmp_path / "r", HOUR, lifts={})
    assert kpis(run).ergonomics is None
    data = kpis(run).to_json()
    assert "ergonomics" not in data
    assert not [path for path in data["definitions"] if path.startswith("ergonomics")]


def test_the_key_figures_tell_it_all_in_plain_data(tmp_path: Path) -> None:
    lifts = {"box": box(origin={"h_m": 0.55, "v_m": 0.75})}
    data = kpis(shop(tmp_path / "r", HOUR, lifts=lifts)).to_json()
    assert json.loads(json.dumps(data, allow_nan=False))["ergonomics"]["stations"]["m"]
    assert "no conformance claimed" in data["ergonomics"]["method"]
    told = {path for path in data["definitions"] if path.startswith("ergonomics")}
    used = {definition(path).path for path in leaves(data["ergonomics"], "ergonomics")}
    assert used == told, "every value has a definition and every definition a value"


def leaves(data: object, path: str) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key != "why":
                yield from leaves(value, f"{path}.{key}")
    else:
        yield path


def test_bands_are_those_of_the_manual() -> None:
    assert band(1.0, "within") == "1.0 or less: design goal"
    assert band(1.01, "not_stated") == band(3.0, "within") == "over 1.0: increased risk for some"
    assert band(3.01, "within") == HIGHEST_BAND
    assert band(0.5, "outside") is band(0.5, "refused") is band(None, "within") is None


REMEDIES = [
    ({"origin": {"h_m": 0.55, "v_m": 0.75}}, "bring it closer: H at the origin from 0.55 to"),
    ({"origin": {"h_m": 0.25, "v_m": 0.0}}, "higher: V at the origin from 0.00 to 0.75 m"),
    ({"origin": {"h_m": 0.25, "v_m": 1.7}}, "lower: V at the origin from 1.70 to 0.75 m"),
    (
        {"origin": {"h_m": 0.25, "v_m": 0.75, "asymmetry_deg": 90}},
        "turn to it: asymmetry at the origin from 90 to 0 degrees would give 1.09",
    ),
    ({"coupling": "poor"}, "handles: coupling from poor to good would give 1.09"),
    (
        {"destination": {"h_m": 0.25, "v_m": 2.4}},
        "a shorter way: V at the destination from 2.40 to 1.00 m would give 1.09",
    ),
]


@pytest.mark.parametrize(("changed", "told"), REMEDIES)
def test_remedy_is_the_worst_multiplier(changed: dict[str, Any], told: str) -> None:
    lift = Lift.model_validate(box(load_kg=25.0, **changed))
    found = remedy(lift, 0.2, "short")
    assert found is not None
    assert found.startswith(told)


def test_remedy_brings_it_just_as_close_as_it_must() -> None:
    lift = Lift.model_validate(box(load_kg=18.0, origin={"h_m": 0.5, "v_m": 0.75}))
    assert remedy(lift, 0.2, "short") == (
        "bring it closer: H at the origin from 0.50 to 0.31 m would give 0.97"
    )
    closer = Lift.model_validate(box(load_kg=18.0, origin={"h_m": 0.31, "v_m": 0.75}))
    assert task(closer, 0.2, "short").stli == pytest.approx(0.97, abs=0.005)


def test_remedy_of_frequent_lifting_is_less_of_it() -> None:
    found = remedy(Lift.model_validate(box()), 12.0, "long")
    assert found == "fewer lifts: from 12 to 0.2 a minute would give 0.51"
    assert remedy(Lift.model_validate(box()), 0.2, "long") is None, "it is within the goal"
    assert remedy(Lift.model_validate(box(load_kg=50)), 0.2, "short") is None, "but lighter"


def test_tasks_too_frequent_together_are_not_permitted(tmp_path: Path) -> None:
    """6 and 12 lifts a visit, 12 visits in 15 minutes: 4.8 and 9.6 a minute, 14.4 in all."""
    lifts = {"few": box(times=6, load_kg=1), "many": box(times=12, load_kg=1)}
    found = judged(shop(tmp_path / "r", lifts=lifts)).stations["m"]
    assert all(one.lifting_index is not None for one in found.tasks.values())
    assert found.lifting_index is None
    assert found.why["lifting_index"].startswith("not permitted: the tasks together are more")
